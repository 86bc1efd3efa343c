"""The pages on which the owner says who takes part, hands a COE over, and throws a draft away."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coe.accounts.models import User
from coe.documents.models import Document, Participant, State
from coe.documents.services import add_participant
from tests.documents.making import approve
from tests.editor.writer import HTMX, PLAIN, Answer, Writer, signed_in
from tests.library.pages import words
from tests.people import People, make_person
from tests.reviews.steps import submit

ADD, REMOVE = "people/add/", "people/remove/"


def contributors(document: Document) -> list[str]:
    parts = document.participants.filter(role=Participant.Role.CONTRIBUTOR)
    return sorted(parts.values_list("user__name", flat=True))


def offered(answer: Answer, address: str, name: str) -> list[str]:
    """The people that the select of a form offers, by name."""
    keys: list[Any] = []
    inside = ""
    for tag, attributes in answer.reader.tags:
        if tag in ("form", "select"):
            inside = attributes.get("action", inside) if tag == "form" else inside
        if tag == "option" and inside == address and attributes.get("value"):
            keys.append(attributes["value"])
    return sorted(User.objects.filter(pk__in=keys).values_list("name", flat=True))


def page(client: Client, route: str, document: Document) -> Any:
    return client.get(reverse(route, args=[document.reference]))


def post(client: Client, route: str, document: Document, **typed: Any) -> Any:
    return client.post(reverse(route, args=[document.reference]), typed)


def test_offered_are_active_people_who_have_no_part_yet(
    owner: Writer, document: Document, people: People
) -> None:
    make_person("absent", is_active=False)
    role = Participant.Role.REVIEWER
    add_participant(document, user=people.manager, role=role, by=people.owner)
    answer = owner.open("?section=facts")
    assert offered(answer, owner.address(ADD), "person") == [
        "Admin",
        "Colleague",
        "Director",
        "Leader",
        "Stranger",
    ]


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_the_owner_adds_a_contributor_and_removes_them_again(
    owner: Writer, document: Document, people: People, by_htmx: bool
) -> None:
    data = {"person": people.stranger.pk}
    expected = 200 if by_htmx else 303
    for _ in range(2):
        answer = owner.send(ADD, data, by_htmx=by_htmx)
        assert (answer.status, answer.is_panel("people")) == (expected, by_htmx)
        assert contributors(document) == ["Contributor", "Stranger"]
    for _ in range(2):
        answer = owner.send(REMOVE, data, by_htmx=by_htmx)
        assert (answer.status, answer.is_panel("people")) == (expected, by_htmx)
        assert contributors(document) == ["Contributor"]


def test_the_button_beside_a_contributor_names_them(owner: Writer, people: People) -> None:
    form = owner.form(REMOVE)
    assert form["person"] == [str(people.contributor.pk)]
    assert owner.send(REMOVE, form).status == 303


def test_who_was_added_opens_the_workspace_and_who_was_removed_does_not(
    owner: Writer, document: Document, people: People
) -> None:
    stranger = signed_in(people.stranger)
    owner.send(ADD, {"person": people.stranger.pk})
    assert page(stranger, "coe_edit", document).status_code == 200
    owner.send(REMOVE, {"person": people.stranger.pk})
    assert page(stranger, "coe_edit", document).status_code == 404


def test_what_a_removed_contributor_still_has_open_is_not_saved(
    owner: Writer, contributor: Writer, people: People
) -> None:
    path = "sections/summary/"
    form = contributor.form(path) | {"text": "Too late"}
    owner.send(REMOVE, {"person": people.contributor.pk})
    assert contributor.send(path, form).status == 404


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("", "Choose who shall write along."),
        ("owner", "Select a valid choice"),
        ("manager", "Manager was asked to review this COE"),
        ("0", "Select a valid choice"),
        ("x" * 3000, "Select a valid choice"),
    ],
    ids=["nobody", "owner", "reviewer", "no such person", "nonsense"],
)
def test_who_cannot_be_added_is_refused_with_a_sentence(
    owner: Writer, document: Document, people: People, person: str, said: str, by_htmx: bool
) -> None:
    role = Participant.Role.REVIEWER
    add_participant(document, user=people.manager, role=role, by=people.owner)
    known = {"owner": people.owner.pk, "manager": people.manager.pk}
    answer = owner.send(ADD, {"person": known.get(person, person)}, by_htmx=by_htmx)
    assert answer.status == 422
    assert said in words(answer.response)
    assert answer.is_panel("people") == by_htmx
    assert contributors(document) == ["Contributor"]


@pytest.mark.parametrize("person", ["", "0", "x", "９", "1" * 40, "1" * 5000])
def test_removing_nobody_is_not_found(owner: Writer, document: Document, person: str) -> None:
    assert owner.send(REMOVE, {"person": person}).status == 404
    assert contributors(document) == ["Contributor"]


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("path", [ADD, REMOVE])
def test_an_old_page_changes_nobody_in_what_was_approved_meanwhile(
    owner: Writer, document: Document, people: People, path: str, by_htmx: bool
) -> None:
    approve(document)
    person = people.stranger if path == ADD else people.contributor
    answer = owner.send(path, {"person": person.pk}, by_htmx=by_htmx)
    assert answer.status == 409
    assert "its text stands" in words(answer.response)
    assert contributors(document) == ["Contributor"]


def test_contributors_see_who_takes_part_without_controls(
    owner: Writer, contributor: Writer
) -> None:
    mine, theirs = owner.open(), contributor.open()
    for answer in (mine, theirs):
        assert "Contributor" in answer.text.partition('id="people"')[2]
    for control in ("people/add/", "people/remove/", "hand-over/", "discard/"):
        assert control in mine.text
        assert control not in theirs.text
    assert "Owner, who owns this COE, adds and removes contributors." in words(theirs.response)


@pytest.mark.parametrize("is_restricted", [True, False])
def test_the_owner_is_told_that_a_restricted_coe_is_opened_to_whom_they_add(
    owner: Writer, document: Document, is_restricted: bool
) -> None:
    Document.objects.filter(pk=document.pk).update(is_restricted=is_restricted)
    told = "Whoever you add can read it from then on." in owner.open().text
    handed = words(page(owner.client, "coe_hand_over", document))
    assert told == is_restricted
    assert ("from now on they can read it" in handed) == is_restricted


def test_handing_over_says_what_changes_and_then_does_it(
    owner: Writer, document: Document, people: People
) -> None:
    shown = words(page(owner.client, "coe_hand_over", document))
    assert "You stay a contributor." in shown
    answer = post(owner.client, "coe_hand_over", document, to=people.stranger.pk)
    assert (answer.status_code, answer["Location"]) == (
        303,
        reverse("coe_draft", args=[document.reference]),
    )
    assert "Stranger owns" in words(owner.client.get(answer["Location"]))
    assert Document.objects.get(pk=document.pk).owner == people.stranger
    assert contributors(document) == ["Contributor", "Owner"]
    assert page(owner.client, "coe_hand_over", document).status_code == 403


def test_handing_over_to_nobody_or_to_oneself_is_refused_at_the_field(
    owner: Writer, document: Document, people: People
) -> None:
    for to in ("", people.owner.pk, 0):
        answer = post(owner.client, "coe_hand_over", document, to=to)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
    assert Document.objects.get(pk=document.pk).owner == people.owner


def test_handing_it_to_its_only_approver_is_refused_at_the_field(
    owner: Writer, document: Document, people: People
) -> None:
    User.objects.filter(pk__in=[people.manager.pk, people.director.pk]).update(is_active=False)
    submit(document, by=people.owner)
    answer = post(owner.client, "coe_hand_over", document, to=people.leader.pk)
    assert answer.status_code == 422
    assert "nobody could approve it" in words(answer)


def test_while_it_is_approved_handing_over_says_what_to_do_first(
    owner: Writer, document: Document, people: People
) -> None:
    approve(document)
    shown = page(owner.client, "coe_hand_over", document)
    assert "Reopen it, then hand it over." in words(shown)
    assert 'name="to"' not in shown.content.decode()
    assert post(owner.client, "coe_hand_over", document, to=people.leader.pk).status_code == 409


def test_a_draft_is_discarded_after_a_question_and_undone_from_the_message(
    owner: Writer, document: Document
) -> None:
    assert f"Discard {document.reference}?" in words(page(owner.client, "coe_discard", document))
    assert Document.objects.get(pk=document.pk).discarded_at is None
    answer = post(owner.client, "coe_discard", document)
    assert answer.status_code == 303
    home = Answer(owner.client.get(answer["Location"]))  # type: ignore[arg-type]
    assert f"{document.reference} was discarded. Undo" in words(home.response)
    assert page(owner.client, "coe_edit", document).status_code == 404
    undo = reverse("coe_bring_back", args=[document.reference])
    assert f'method="post" action="{undo}"' in home.text
    assert owner.client.post(undo)["Location"] == owner.page_address
    assert "is back, as you left it." in words(owner.open().response)


def test_pressing_either_button_twice_is_pressing_it_once(
    owner: Writer, document: Document
) -> None:
    first, second = (post(owner.client, "coe_discard", document) for _ in range(2))
    assert first["Location"] == second["Location"]
    first, second = (post(owner.client, "coe_bring_back", document) for _ in range(2))
    assert first["Location"] == second["Location"] == owner.page_address


def test_what_was_submitted_says_why_it_is_kept(
    owner: Writer, document: Document, people: People
) -> None:
    assert "Discard this draft" in words(owner.open().response)
    submit(document, by=people.owner)
    Document.objects.filter(pk=document.pk).update(state=State.DRAFT)
    assert "Discard this draft" not in words(owner.open().response)
    shown = page(owner.client, "coe_discard", document)
    assert "so it is kept" in words(shown)
    assert "<button" not in shown.content.decode().partition("<h1>")[2]
    answer = post(owner.client, "coe_discard", document)
    assert answer.status_code == 409
    assert "so it is kept" in words(answer)


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_a_save_into_what_was_discarded_meanwhile_finds_nothing(
    owner: Writer, contributor: Writer, document: Document, by_htmx: bool
) -> None:
    path = "sections/summary/"
    form = contributor.form(path) | {"text": "Too late"}
    post(owner.client, "coe_discard", document)
    assert contributor.send(path, form, by_htmx=by_htmx).status == 404
    assert document.sections.get(slug="summary").text == ""


def test_opening_again_from_the_page_of_a_discarded_coe_says_what_became_of_it(
    owner: Writer, document: Document, people: People
) -> None:
    post(owner.client, "coe_discard", document)
    typed = {"uid": document.uid, "title": "Again", "zone": "UTC", "severity": "2"}
    assert people.owner.team
    answer = owner.client.post(reverse("coe_new"), typed | {"team": people.owner.team.pk})
    assert answer.status_code == 409
    assert f"You opened this as {document.reference} and discarded it." in words(answer)

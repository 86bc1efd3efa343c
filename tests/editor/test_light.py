"""The light form of a COE: what it asks, how much it takes, and how it grows into a full one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.contents import Lesson
from coe.documents.locks import ReadOnly
from coe.documents.models import Document, Form, State
from coe.documents.rows import LightIsFull, add_row, insert_row, remove_row
from coe.documents.services import grow_document
from coe.editor.panels import STOPS
from coe.reviews.workflow import make_transition
from coe.snapshots.services import take_snapshot
from coe.whys.models import Cause
from coe.whys.services import add_cause
from tests.documents.making import approve
from tests.documents.rivals import Rival, at_once, kinds_of_errors
from tests.editor.conftest import new_action, new_cause
from tests.editor.kinds import ACTION, CAUSE
from tests.editor.writer import HTMX, PLAIN, Answer, Writer
from tests.history.reading import Told, latest, told
from tests.library.pages import words
from tests.people import People
from tests.reviews.steps import make_submittable

Add = Callable[[Document, User, str], Any]
KINDS: dict[str, tuple[type[Cause] | type[ActionItem], Add, dict[str, str]]] = {
    "causes": (Cause, new_cause, CAUSE),
    "actions": (ActionItem, new_action, ACTION),
}


@pytest.fixture
def light(document: Document) -> Document:
    Document.objects.filter(pk=document.pk).update(form=Form.LIGHT)
    document.refresh_from_db()
    return document


def three(light: Document, people: People, panel: str) -> None:
    _, add, _ = KINDS[panel]
    for number in range(3):
        add(light, people.owner, f"Number {number}")


def test_the_workspace_of_a_light_coe_has_only_the_light_stops(
    light: Document, owner: Writer
) -> None:
    page = owner.open().text
    for stop in STOPS:
        for panel in stop.panels:
            assert (f'<section class="section"\n         id="{panel}"' in page) == stop.in_light
    assert [stop.slug for stop in STOPS if stop.in_light] == [
        "facts",
        "milestones",
        "impact",
        "causes",
        "actions",
        "summary",
        "submit",
    ]


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("panel", KINDS)
def test_the_fourth_is_refused_with_the_way_out_and_everything_typed_is_kept(
    light: Document, owner: Writer, people: People, panel: str, by_htmx: bool
) -> None:
    model, _, typed = KINDS[panel]
    form = owner.form(f"{panel}/add/", f"?add={panel}")
    three(light, people, panel)
    answer = owner.send(f"{panel}/add/", form | typed, by_htmx=by_htmx)
    assert answer.status == 422
    said = words(answer.response)
    assert f"A light COE has at most 3 {'causes' if panel == 'causes' else 'action items'}" in said
    assert "grow it into a full COE" in said
    kept = answer.form(owner.address(f"{panel}/add/")).fields
    for name, value in typed.items():
        assert kept[name] == [value]
    assert model.objects.filter(document=light).count() == 3


@pytest.mark.parametrize("panel", KINDS)
def test_what_was_refused_is_added_once_it_has_grown(
    light: Document, owner: Writer, people: People, panel: str
) -> None:
    model, _, typed = KINDS[panel]
    form = owner.form(f"{panel}/add/", f"?add={panel}") | typed
    three(light, people, panel)
    assert owner.send(f"{panel}/add/", form).status == 422
    grow_document(light, by=people.contributor)
    assert owner.send(f"{panel}/add/", form).status == 303
    assert model.objects.filter(document=light).count() == 4


@pytest.mark.parametrize("panel", KINDS)
def test_the_third_may_be_sent_again_and_a_removed_one_leaves_room(
    light: Document, people: People, panel: str
) -> None:
    model, _, _ = KINDS[panel]
    uid = UUID("11111111-2222-3333-4444-555555555555")
    values = {"text": "Again"} if model is Cause else {"title": "Again"}
    _, add, _ = KINDS[panel]
    first = add(light, people.owner, "One")
    add(light, people.owner, "Two")

    def send() -> bool:
        return insert_row(model, document=light, uid=uid, values=values)[1] is not None

    assert [send(), send()] == [True, False]
    with pytest.raises(LightIsFull):
        add(light, people.owner, "Four")
    remove_row(first, version=1, by=people.owner)
    add(light, people.owner, "Three once more")


@pytest.mark.parametrize("panel", KINDS)
def test_a_full_coe_takes_as_many_as_there_are(
    document: Document, people: People, panel: str
) -> None:
    three(document, people, panel)
    three(document, people, panel)
    assert KINDS[panel][0].objects.filter(document=document).count() == 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("panel", KINDS)
def test_two_at_once_do_not_both_take_the_last_place(
    light: Document, people: People, panel: str
) -> None:
    model, add, _ = KINDS[panel]
    for number in range(2):
        add(light, people.owner, f"Number {number}")
    rivals = at_once(
        lambda: add(light, people.owner, "Mine"),
        lambda: add(light, people.contributor, "Theirs"),
    )
    assert kinds_of_errors(rivals) == ["LightIsFull"]
    assert model.objects.filter(document=light).count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_row_that_waited_for_the_growth_is_added(light: Document, people: People) -> None:
    three(light, people, "causes")
    with transaction.atomic():
        grow_document(light, by=people.owner)
        rival = Rival(lambda: new_cause(light, people.contributor, "Four"))
        assert rival.is_held_up()
    rival.finish()
    assert Cause.objects.filter(document=light).count() == 4


def test_growing_changes_the_form_and_nothing_else_and_is_told(
    light: Document, people: People
) -> None:
    three(light, people, "causes")
    three(light, people, "actions")
    before = take_snapshot(light).snapshot
    since = latest(light)
    for _ in range(2):
        grow_document(light, by=people.contributor)
    grown = take_snapshot(Document.objects.get(pk=light.pk)).snapshot
    assert (before.form, grown.form) == ("light", "full")
    assert grown.causes == before.causes
    assert grown.actions == before.actions
    assert grown.sections == before.sections
    assert told(light, since=since) == [
        Told("changed", "document", light.reference, None, {"form": "light"}, {"form": "full"})
    ]


def test_what_is_approved_does_not_grow(light: Document, people: People) -> None:
    approve(light)
    with pytest.raises(ReadOnly):
        grow_document(light, by=people.owner)
    assert Document.objects.get(pk=light.pk).form == Form.LIGHT


@pytest.mark.parametrize("name", ["owner", "contributor"])
def test_the_button_grows_it_for_everybody_who_writes(
    light: Document, owner: Writer, contributor: Writer, name: str
) -> None:
    writer = {"owner": owner, "contributor": contributor}[name]
    assert writer.open().text.count("Grow into a full COE") == 1
    answer = writer.send("grow/", {})
    assert answer.status == 303
    page = writer.open().text
    assert "Everything that was written is where it was." in page
    assert "Grow into a full COE" not in page
    assert 'id="timeline"' in page


def test_a_row_that_the_light_form_does_not_show_is_neither_lost_nor_in_the_way(
    light: Document, owner: Writer, people: People
) -> None:
    add_row(
        Lesson,
        document=light,
        uid=uuid4(),
        values={"kind": "lucky", "text": "It was noon"},
        by=people.contributor,
    )
    assert "It was noon" not in owner.open().text
    assert [each.text for each in take_snapshot(light).snapshot.lessons] == ["It was noon"]
    make_submittable(light)
    make_transition(light, to=State.IN_REVIEW, by=people.owner)
    grow_document(light, by=people.owner)
    assert "It was noon" in owner.open().text


def test_more_than_three_that_are_there_already_are_kept_and_written_in(
    document: Document, owner: Writer, people: People
) -> None:
    three(document, people, "causes")
    fourth = new_cause(document, people.owner, "Four")
    Document.objects.filter(pk=document.pk).update(form=Form.LIGHT)
    path, query = f"causes/{fourth.uid}/", f"?row={fourth.uid}"
    assert owner.save(path, query, text="Four, better said").status == 303
    assert Cause.objects.get(pk=fourth.pk).text == "Four, better said"
    with pytest.raises(LightIsFull):
        add_cause(document, uid=uuid4(), values={"text": "Five"}, explains=[], by=people.owner)


@pytest.mark.parametrize(("chosen", "form"), [({"form": "light"}, "light"), ({}, "full")])
def test_a_coe_is_opened_in_the_form_that_was_chosen(
    owner: Writer, people: People, chosen: dict[str, str], form: str
) -> None:
    assert people.owner.team
    typed = {
        "uid": str(uuid4()),
        "title": "Nearly lost a disk",
        "zone": "UTC",
        "severity": "4",
        "team": str(people.owner.team.pk),
        **chosen,
    }
    assert owner.client.post(reverse("coe_new"), typed).status_code == 303
    assert Document.objects.get(incident__title="Nearly lost a disk").form == form


def test_fields_that_follow_from_the_severity_say_what_suits_it(owner: Writer) -> None:
    page = owner.client.get(reverse("coe_new"))
    said = words(page)
    assert "Where nobody outside noticed it is a near-miss: Sev 4." in said
    assert "Light fits Sev 3 and 4" in said
    assert "The one that failed, not the one that was hurt." in said
    assert "data-suits" in page.content.decode()


def test_what_when_how_bad_and_whose_come_first_when_a_coe_is_opened(owner: Writer) -> None:
    page = owner.client.get(reverse("coe_new")).content.decode()
    names = ["title", "impact_started", "zone", "severity", "team", "service", "category", "form"]
    places = [page.index(f'name="{name}"') for name in [*names, "is_restricted"]]
    assert places == sorted(places)


def forms_of(answer: Answer, owner: Writer, path: str) -> int:
    return answer.text.count(f'action="{owner.address(path)}"')


@pytest.mark.parametrize("panel", KINDS)
def test_at_three_it_offers_no_fourth(
    light: Document, owner: Writer, people: People, panel: str
) -> None:
    assert forms_of(owner.open(f"?add={panel}"), owner, f"{panel}/add/") == 1
    three(light, people, panel)
    page = owner.open(f"?add={panel}")
    assert forms_of(page, owner, f"{panel}/add/") == 0
    assert "These are all that a light COE takes." in words(page.response)


def test_the_third_cause_is_the_last_that_is_asked_for(
    light: Document, owner: Writer, people: People
) -> None:
    new_cause(light, people.owner, "One")
    page = words(owner.open("?add=causes&under=happened").response)
    assert "Save and ask why again" in page
    second = new_cause(light, people.owner, "Two")
    query = f"?add=causes&under={second.uid}"
    page = words(owner.open(query).response)
    assert "Save and ask why again" not in page
    sent = owner.form("causes/add/", query) | {"text": "Three"}
    answer = owner.send("causes/add/", sent, by_htmx=HTMX)
    assert forms_of(answer, owner, "causes/add/") == 0
    for offer in ("Ask why", "Answer this", "Add another answer", "Add a cause"):
        assert offer not in words(answer.response)


def test_where_three_items_are_there_causes_offer_no_fourth(
    light: Document, owner: Writer, people: People
) -> None:
    new_cause(light, people.owner, "One")
    assert "Add an action item for C1" in words(owner.open().response)
    three(light, people, "actions")
    page = words(owner.open().response)
    assert "Add an action item for C1" not in page
    assert "Accept the risk of C1" in page

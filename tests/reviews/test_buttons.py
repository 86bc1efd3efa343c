"""The buttons by HTTP: who may press them, and what a stale one does."""

import re
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from django.test import Client

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.history.models import HistoryEvent
from coe.publishing.models import Publication
from coe.publishing.services import publish
from coe.reviews.models import SignOff
from tests.people import People
from tests.reviews.steps import (
    approve,
    bring_to,
    digest_on_screen,
    make_submittable,
    reopen,
    submit,
    without_managers,
    write,
)
from tests.reviews.test_states import PERSONS

# In the order of PERSONS: owner contributor colleague manager director leader stranger admin
ANSWERS = """
draft             submit          303   303   403   403   403   404   404   404
draft             withdraw        409   409   409   409   409   404   404   404
draft             approve         409   409   409   409   409   404   404   404
draft             request-changes 409   409   409   409   409   404   404   404
draft             reopen          409   409   409   409   409   404   404   404
draft             publish         409   403   403   409   403   404   404   404
in_review         submit          409   409   409   409   409   404   404   404
in_review         withdraw        303   403   403   403   403   404   404   404
in_review         approve         403   403   403   303   403   404   404   404
in_review         request-changes 403   403   403   303   403   404   404   404
in_review         reopen          409   409   409   409   409   404   404   404
in_review         publish         409   403   403   409   403   404   404   404
changes_requested submit          303   303   403   403   403   404   404   404
changes_requested withdraw        409   409   409   409   409   404   404   404
changes_requested approve         409   409   409   409   409   404   404   404
changes_requested request-changes 409   409   409   409   409   404   404   404
changes_requested reopen          409   409   409   409   409   404   404   404
changes_requested publish         409   403   403   409   403   404   404   404
approved          submit          409   409   409   409   409   404   404   404
approved          withdraw        409   409   409   409   409   404   404   404
approved          approve         409   409   409   409   409   404   404   404
approved          request-changes 409   409   409   409   409   404   404   404
approved          reopen          303   403   403   403   403   404   404   404
approved          publish         303   403   403   303   403   404   404   404
"""

CASES = {
    (state, button): dict(zip(PERSONS, map(int, codes), strict=True))
    for state, button, *codes in (line.split() for line in ANSWERS.split("\n") if line)
}
BUTTONS = ("submit", "withdraw", "approve", "request-changes", "reopen", "publish")


def press(client: Client, document: Document, button: str, by: User, **typed: Any) -> Any:
    """Press a button of the page as it is now, or of the older one whose `digest` is given."""
    client.force_login(by)
    sent = {"digest": digest_on_screen(document), **typed}
    return client.post(f"/coes/{document.reference}/{button}/", sent)


def trace(document: Document) -> tuple[Any, ...]:
    """What a refused button must not have changed."""
    return (
        Document.objects.values_list("state", "current_version").get(pk=document.pk),
        list(SignOff.objects.values_list("pk", "verdict", "dropped_at")),
        Publication.objects.count(),
        HistoryEvent.objects.count(),
    )


def words(response: Any) -> str:
    """The page as it is read: without tags, in one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def test_the_answers_by_hand_are_for_every_state_and_every_button() -> None:
    assert set(CASES) == {(state, button) for state in State.values for button in BUTTONS}


@pytest.mark.parametrize("state", State.values)
def test_each_button_works_for_the_right_person_and_refuses_the_others_without_a_trace(
    state: str, document: Document, people: People, client: Client
) -> None:
    bring_to(document, State(state), people)
    typed = {"digest": digest_on_screen(document), "note": "Say how many."}
    address, before = f"/coes/{document.reference}", trace(document)
    answers = {}
    for person in PERSONS:
        client.force_login(getattr(people, person))
        for button in BUTTONS:
            with transaction.atomic():
                answer = client.post(f"{address}/{button}/", typed)
                answers[button, person] = answer.status_code
                is_done = answer.status_code == 303
                assert (trace(document) != before) == is_done, (button, person)
                transaction.set_rollback(is_done)  # and now the next
    assert answers == {
        (button, person): CASES[state, button][person] for button in BUTTONS for person in PERSONS
    }


@pytest.mark.parametrize("button", BUTTONS)
def test_nothing_happens_by_following_a_link_or_without_signing_in(
    button: str, document: Document, people: People, client: Client
) -> None:
    before = trace(document)
    address = f"/coes/{document.reference}/{button}/"
    unknown = client.post(address)
    assert (unknown.status_code, unknown["Location"]) == (302, f"/accounts/login/?next={address}")
    client.force_login(people.owner)
    assert client.get(address).status_code == 405
    assert trace(document) == before


def test_approving_a_text_that_changed_meanwhile_answers_409_and_signs_nothing(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    old = digest_on_screen(document)
    write(document, "One customer in nine.", by=people.contributor)
    before = trace(document)
    answer = press(client, document, "approve", people.manager, digest=old)
    assert answer.status_code == 409
    assert trace(document) == before


def test_the_409_page_says_what_changed(document: Document, people: People, client: Client) -> None:
    submit(document, by=people.owner)
    old = digest_on_screen(document)
    write(document, "One customer in nine.", by=people.contributor)
    answer = press(client, document, "approve", people.manager, digest=old)
    assert "The text changed while you were reading it." in words(answer)


def test_the_409_page_keeps_the_note_that_was_typed(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    typed = {"digest": digest_on_screen(document), "note": "Line three: how many customers?"}
    write(document, "One customer in nine.", by=people.contributor)
    answer = press(client, document, "request-changes", people.manager, **typed)
    assert answer.status_code == 409
    assert "Line three: how many customers?" in words(answer)


def test_a_draft_that_nobody_can_approve_says_so_and_stays(
    document: Document, people: People, client: Client
) -> None:
    make_submittable(document)
    without_managers()
    User.objects.update(is_leader=False)
    before = trace(document)
    answer = press(client, document, "submit", people.owner)
    assert answer.status_code == 409
    assert trace(document) == before
    assert "Nobody can approve this yet" in words(answer)


@pytest.mark.parametrize("button", ["submit", "approve", "request-changes", "publish"])
def test_a_button_that_is_pressed_twice_works_once(
    button: str, document: Document, people: People, client: Client
) -> None:
    starts = {"submit": State.DRAFT, "publish": State.APPROVED}
    bring_to(document, starts.get(button, State.IN_REVIEW), people)
    by = people.owner if button in starts else people.manager
    typed = {"digest": digest_on_screen(document), "note": "Say how many."}
    assert press(client, document, button, by, **typed).status_code == 303
    after = trace(document)
    assert press(client, document, button, by, **typed).status_code == 409
    assert trace(document) == after


def test_take_back_from_review_on_an_old_page_does_not_undo_the_approval(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    approve(document, by=people.manager)  # while the owner still sees “Take back from review”
    before = trace(document)
    answer = press(client, document, "withdraw", people.owner)
    assert answer.status_code == 409
    assert trace(document) == before


def test_publish_on_an_old_page_does_not_publish_a_later_text(
    document: Document, people: People, client: Client
) -> None:
    bring_to(document, State.APPROVED, people)
    seen = digest_on_screen(document)
    reopen(document, by=people.owner)
    write(document, "One customer in nine.", by=people.contributor)
    submit(document, by=people.contributor)
    approve(document, by=people.manager)
    answer = press(client, document, "publish", people.owner, digest=seen)
    assert answer.status_code == 409
    assert not Publication.objects.exists()


def test_a_request_for_changes_without_a_note_is_asked_for_it(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    before = trace(document)
    digest = digest_on_screen(document)
    answer = press(client, document, "request-changes", people.manager, digest=digest, note=" ")
    assert answer.status_code == 422
    assert "Say what should change, so that the owner can act on it." in words(answer)
    assert f'value="{digest}"' in answer.content.decode()
    assert trace(document) == before


@pytest.mark.parametrize("note", ["a\x00b", "\ud800", "x" * 10_001], ids=["NUL", "half", "long"])
def test_a_note_that_can_not_be_kept_gets_a_sentence(
    note: str, document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    before = trace(document)
    body = b"digest=" + digest_on_screen(document).encode() + b"&note=" + _encoded(note)
    client.force_login(people.manager)
    form = "application/x-www-form-urlencoded"
    answer = client.post(f"/coes/{document.reference}/approve/", body, content_type=form)
    assert answer.status_code == 422
    assert trace(document) == before


def _encoded(note: str) -> bytes:
    return quote_from_bytes(note.encode("utf-8", "surrogatepass")).encode()


def test_an_approval_without_a_digest_is_refused_before_anything_is_read_into_it(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    before = trace(document)
    assert press(client, document, "approve", people.manager, digest="").status_code == 422
    assert trace(document) == before


def test_who_may_not_judge_is_told_so_and_not_asked_to_correct_the_form(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    for person in (people.owner, people.contributor, people.colleague, people.director):
        assert press(client, document, "request-changes", person).status_code == 403, person


def test_published_by_the_owner_it_goes_to_the_page_that_readers_have(
    document: Document, people: People, client: Client
) -> None:
    bring_to(document, State.APPROVED, people)
    digest = digest_on_screen(document)
    answer = press(client, document, "publish", people.owner, digest=digest)
    assert answer["Location"] == f"/coes/{document.reference}/"
    assert "Published as version 1." in words(client.get(answer["Location"]))


def test_readers_of_the_publication_press_nothing(
    document: Document, people: People, client: Client
) -> None:
    bring_to(document, State.APPROVED, people)
    publish(document, by=people.owner)
    before = trace(document)
    for button in BUTTONS:
        assert press(client, document, button, people.stranger).status_code == 404
    assert trace(document) == before

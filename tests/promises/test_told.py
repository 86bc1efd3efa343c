"""What becomes of a promise is told: to those whom it concerns, on the COE, in the history."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from coe.accounts.models import User
from coe.actions.models import EvidenceFile, Promise, PromiseEvent, PromiseRequest, PromiseState
from coe.administration.redaction import find_secret, remove_secret
from coe.chronicle.replay import snapshot_at
from coe.chronicle.sittings import page_of_sittings
from coe.documents.models import Document
from coe.notices.models import Kind, Notice
from coe.promises.dates import assign_promise, move_due
from coe.promises.requests import ask_for, decide_request, withdraw_request
from coe.promises.services import Evidence, Upload, move_promise
from coe.publishing.printables import printable
from coe.snapshots.build import build_snapshot
from tests.chronicle.pages import Reader
from tests.history.reading import latest
from tests.people import People
from tests.promises.promising import SHOWN, fresh, in_state
from tests.reviews.steps import fresh as fresh_document
from tests.reviews.steps import propose, publish_draft

pytestmark = pytest.mark.django_db
SECRET = "hunter2-hunter2"


@pytest.fixture
def promise(document: Document, people: People) -> Promise:
    propose(document, "Alarm at 80 % full", by=people.owner, owner_id=people.contributor.pk)
    publish_draft(document, people)
    Notice.objects.all().delete()
    return fresh(Promise.objects.get())


def go(promise: Promise, to: str, by: User, note: str = "So it is.") -> Promise:
    return move_promise(fresh(promise), to=PromiseState(to), by=by, note=note, evidence=SHOWN)


def told(kind: Kind) -> set[str]:
    return {each.person.name for each in Notice.objects.filter(kind=kind).select_related("person")}


def test_that_it_did_not_hold_is_told_to_its_owner_its_coe_its_approver_and_the_leaders(
    promise: Promise, people: People
) -> None:
    in_state(promise, "verified", finisher=people.contributor)
    go(promise, "did_not_hold", people.stranger)
    assert told(Kind.DID_NOT_HOLD) == {"Contributor", "Owner", "Manager", "Leader"}
    notice = Notice.objects.filter(person=people.leader).get()
    address = reverse("promise", args=[promise.document.reference, promise.uid])
    assert notice.address == address
    client = Client()
    client.force_login(people.leader)
    client.get(reverse("coe_read", args=[promise.document.reference]))
    notice.refresh_from_db()
    assert notice.seen_at is None, "the page of the COE does not say what happened"
    client.get(address)
    notice.refresh_from_db()
    assert notice.seen_at is not None


def test_who_decides_is_asked_and_nobody_else_and_no_longer_once_it_is_over(
    promise: Promise, people: People
) -> None:
    kind = PromiseRequest.Kind.WONT_DO
    asked = ask_for(promise, kind=kind, reason="No part.", by=people.contributor)
    assert told(Kind.PROMISE_ASKED) == {"Manager"}
    decide_request(asked, is_granted=False, note="It would happen again.", by=people.manager)
    assert not Notice.objects.filter(kind=Kind.PROMISE_ASKED, seen_at=None).exists()
    assert told(Kind.PROMISE_DECIDED) == {"Contributor"}
    go(promise, "in_progress", people.contributor)
    assert Notice.objects.count() == 2, "that somebody started is nobody's news"
    go(promise, "done", people.contributor)
    assert told(Kind.PROMISE_DONE) == {"Owner", "Manager"}


def test_it_is_told_below_its_title_what_became_of_it(promise: Promise, people: People) -> None:
    owner, manager = people.contributor, people.manager
    first, later = date(2100, 1, 1), date(2101, 1, 1)
    move_due(promise, due_on=first, seen=promise.due_on, reason="So.", by=manager)
    move, wont_do = PromiseRequest.Kind.MOVE, PromiseRequest.Kind.WONT_DO
    for kind, wanted in ((move, later), (wont_do, None)):
        held = fresh(promise)
        asked = ask_for(held, kind=kind, wanted=wanted, reason="No part.", by=owner)
        decide_request(asked, is_granted=False, note="It would fail again.", by=manager)
    go(promise, "done", owner, note="It rang.")
    go(promise, "in_progress", owner, note="It did not ring twice.")
    assign_promise(promise, to=people.colleague, reason="I am away.", by=owner)
    asked = ask_for(fresh(promise), kind=wont_do, reason="Gone.", by=people.colleague)
    decide_request(asked, is_granted=True, by=manager)
    go(promise, "accepted", people.colleague, note="It is back.")
    said = [each.text.split("\n") for each in Notice.objects.distinct("text").order_by("text")]
    assert {title for title, _ in said} == {"Alarm at 80 % full"}
    assert {words for _, words in said} == {
        "It is due on 1 January 2100. So.",
        "Move its due date from 1 January 2100 to 1 January 2101? No part.",
        "It is not moved to 1 January 2101. It would fail again.",
        "Leave it undone? No part.",
        "It is still to be done. It would fail again.",
        "It is done. It rang.",
        "It is not done after all. It did not ring twice.",
        "Colleague owns it now. I am away.",
        "Leave it undone? Gone.",
        "It is not to be done any more. Gone.",
        "It is to be done after all. It is back.",
    }


@pytest.mark.parametrize("person", ["owner", "stranger"])
def test_the_list_and_the_page_of_the_coe_say_that_it_did_not_hold_until_it_is_shown_to(
    promise: Promise, people: People, person: str
) -> None:
    client = Client()
    client.force_login(getattr(people, person))
    reference = promise.document.reference
    listed = f"{reverse('coe_list')}?state=did_not_hold"

    def said() -> tuple[bool, bool, bool]:
        page = client.get(reverse("coe_read", args=[reference])).content.decode()
        plain = client.get(reverse("coe_list")).content.decode()
        marked = 'tag--attention">An action item did not hold' in plain
        return (
            "did not hold.</strong>" in page,
            marked,
            reference in client.get(listed).content.decode(),
        )

    assert said() == (False, False, False)
    in_state(promise, "done", finisher=people.contributor)
    go(promise, "did_not_hold", people.stranger)
    assert said() == (True, True, True)
    go(promise, "in_progress", people.contributor)
    go(promise, "done", people.contributor)
    assert said() == (True, True, True)
    in_state(promise, "done", finisher=people.contributor)
    go(promise, "verified", people.manager)
    assert said() == (False, False, False)


def test_a_printed_coe_says_how_far_each_promise_is_on_the_day(
    promise: Promise, people: People
) -> None:
    def value() -> Any:
        (promised,) = printable(fresh_document(promise.document)).promises
        return promised

    assert (value().state, value().moves, value().has_failed) == ("accepted", 0, False)
    in_state(promise, "verified", finisher=people.contributor)
    go(promise, "did_not_hold", people.stranger)
    assert (value().state, value().has_failed) == ("did_not_hold", True)


@pytest.fixture
def lived(promise: Promise, people: People) -> Promise:
    """Handed over, moved, asked for, done, not held: with a secret in each word."""
    owner, manager = people.contributor, people.manager
    reason = f"Log in with {SECRET}."
    due_on = fresh(promise).due_on
    when = Promise.objects.get().promised_at.date().replace(year=2100)
    move_due(promise, due_on=when, seen=due_on, reason=reason, by=manager)
    kind = PromiseRequest.Kind.WONT_DO
    withdraw_request(ask_for(promise, kind=kind, reason=reason, by=owner), by=owner)
    asked = ask_for(promise, kind=kind, reason=reason, by=owner)
    decide_request(asked, is_granted=False, note=reason, by=manager)
    assign_promise(promise, to=people.owner, reason=reason, by=owner)
    shown = Evidence(
        f"https://example.org/{SECRET}", Upload("a.txt", "text/plain", reason.encode())
    )
    done = PromiseState.DONE
    move_promise(fresh(promise), to=done, by=people.owner, note=reason, evidence=shown)
    return go(promise, "did_not_hold", people.stranger, note=reason)


def test_the_history_tells_it_in_words_and_a_replay_does_not_mind(
    lived: Promise, people: People
) -> None:
    document = lived.document
    reader = Reader(people.owner, document)
    told = reader.history()
    assert "updated 1 promise" in told
    assert "handed over 1 promise" in told
    assert snapshot_at(document, latest(document)) == build_snapshot(fresh_document(document))
    item = "“Alarm at 80 % full”"
    for said in (
        f"Moved {item} to ",
        f"Asked not to do {item}",
        f"Took back what was asked of {item}",
        f"Refused what was asked of {item}",
        f"Said that {item} is done",
        f"Said that {item} did not hold",
    ):
        assert any(said in reader.history(open=each) for each in sittings(document)), said


def sittings(document: Document) -> list[int]:
    return [each.first for each in page_of_sittings(document).sittings]


def test_a_secret_in_any_word_about_it_is_emptied(lived: Promise, people: People) -> None:
    document = fresh_document(lived.document)
    assert find_secret(document, SECRET).said == 10
    remove_secret(document, secret=SECRET, reason="A password.", by=people.admin)
    assert not find_secret(document, SECRET).is_anywhere
    assert [each.note for each in PromiseEvent.objects.all()] == [""] * 8
    assert bytes(EvidenceFile.objects.get().content) == b""
    client = Client()
    client.force_login(people.stranger)
    page = client.get(reverse("promise", args=[document.reference, lived.uid]))
    assert SECRET not in page.content.decode()
    file = reverse("promise_evidence", args=[document.reference, lived.uid, 1])
    assert client.get(file).status_code == 404


def test_a_request_to_move_that_names_no_day_is_asked_for_one(
    promise: Promise, people: People
) -> None:
    with pytest.raises(ValidationError):
        ask_for(promise, kind=PromiseRequest.Kind.MOVE, reason="So.", by=people.contributor)

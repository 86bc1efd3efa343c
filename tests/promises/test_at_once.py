"""Two people at one promise, on connections of their own."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from coe.actions.models import Promise, PromiseEvent, PromiseRequest, PromiseState
from coe.actions.services import hand_over_promises, keep_promises
from coe.administration.services import hand_over_and_deactivate
from coe.documents.locks import lock_whole
from coe.documents.models import Document
from coe.promises.dates import assign_promise, move_due
from coe.promises.requests import ask_for, decide_request
from coe.promises.services import move_promise
from coe.web.errors import StaleAnswer
from tests.people import People
from tests.promises.promising import SHOWN, fresh, in_state, make_promise
from tests.reviews.racing import overtaken

pytestmark = pytest.mark.django_db(transaction=True)

DUE = date(2100, 1, 1)


@pytest.fixture
def promise(document: Document, people: People) -> Promise:
    return make_promise(document, people.contributor, due_on=DUE)


def test_of_somebody_who_says_that_it_held_and_somebody_who_doubts_one_is_told(
    promise: Promise, people: People
) -> None:
    held = in_state(promise, "done", finisher=people.contributor)
    values = {"start": PromiseState.DONE, "note": "It came back."}
    rival = overtaken(
        lambda: move_promise(held, to=PromiseState.DID_NOT_HOLD, by=people.stranger, **values),  # type: ignore[arg-type]
        lambda: move_promise(held, to=PromiseState.VERIFIED, by=people.manager, **values),  # type: ignore[arg-type]
    )
    assert isinstance(rival.error, StaleAnswer)
    assert fresh(promise).state == "did_not_hold"


def test_what_a_version_leaves_out_meanwhile_is_not_done(
    promise: Promise, document: Document, people: People
) -> None:
    def publish_without() -> None:
        lock_whole(document)
        keep_promises(document, promised=[], by=people.owner)

    done = {"to": PromiseState.DONE, "note": "It rang.", "evidence": SHOWN}
    rival = overtaken(
        publish_without,
        lambda: move_promise(promise, by=people.contributor, **done),  # type: ignore[arg-type]
    )
    assert isinstance(rival.error, StaleAnswer)
    assert fresh(promise).state == "accepted"


def test_a_day_is_granted_or_moved_and_never_both(promise: Promise, people: People) -> None:
    asked = ask_for(
        promise,
        kind=PromiseRequest.Kind.MOVE,
        reason="No part.",
        wanted=DUE + timedelta(days=90),
        by=people.contributor,
    )
    moved = {"due_on": DUE + timedelta(days=60), "seen": DUE, "reason": "So."}
    rival = overtaken(
        lambda: move_due(promise, by=people.manager, **moved),  # type: ignore[arg-type]
        lambda: decide_request(asked, is_granted=True, by=people.manager),
    )
    assert isinstance(rival.error, StaleAnswer)
    assert (fresh(promise).due_on, fresh(promise).moves) == (DUE + timedelta(days=60), 1)


def test_nothing_is_handed_to_somebody_who_is_leaving(promise: Promise, people: People) -> None:
    rival = overtaken(
        lambda: hand_over_and_deactivate(person=people.colleague, to=None, by=people.admin),
        lambda: assign_promise(
            promise, to=people.colleague, reason="Yours.", by=people.contributor
        ),
    )
    assert isinstance(rival.error, ValidationError)
    assert fresh(promise).owner == people.contributor


def test_who_leaves_and_moves_it_at_the_same_time_waits_and_moves_nothing(
    promise: Promise, people: People
) -> None:
    moved = {"due_on": DUE + timedelta(days=3), "seen": DUE, "reason": "So."}
    rival = overtaken(
        lambda: hand_over_promises(of=people.contributor, to=people.colleague, by=people.admin),
        lambda: move_due(promise, by=people.contributor, **moved),  # type: ignore[arg-type]
    )
    assert rival.error is not None
    assert [each.kind for each in PromiseEvent.objects.all()] == ["handed_over"]

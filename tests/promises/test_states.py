"""The life of a promise: every state, every target, every kind of person, by hand.

done     the promise is in the other state afterwards
stale    StaleAnswer: there is no such step from here, whoever asks
denied   PermissionDenied: there is one, and somebody else takes it
"""

from itertools import product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from coe.actions.models import Promise, PromiseEvent, PromiseState
from coe.documents.models import Document
from coe.history.models import HistoryEvent
from coe.notices.models import Notice
from coe.promises.rules import part_of
from coe.promises.services import NOTHING_SHOWN, TooEarly, move_promise
from coe.promises.states import TRANSITIONS, possible_steps
from coe.web.errors import StaleAnswer
from tests.people import People
from tests.promises.promising import SHOWN, fresh, in_state, make_promise, story

pytestmark = pytest.mark.django_db

PERSONS = (
    "owner",
    "contributor",
    "colleague",
    "manager",
    "director",
    "leader",
    "stranger",
    "admin",
)
"""The contributor owns the promise, and the colleague did it before it was handed over. The owner
is that of the COE, the manager approves it, and the director reads its working copy."""

WHAT_IS_ALLOWED = """
accepted      accepted      stale  stale  stale  stale  stale  stale  stale  stale
accepted      in_progress   denied done   denied denied denied denied denied denied
accepted      done          denied done   denied denied denied denied denied denied
accepted      verified      stale  stale  stale  stale  stale  stale  stale  stale
accepted      did_not_hold  stale  stale  stale  stale  stale  stale  stale  stale
accepted      wont_do       denied denied denied denied denied denied denied denied
in_progress   accepted      denied done   denied denied denied denied denied denied
in_progress   in_progress   stale  stale  stale  stale  stale  stale  stale  stale
in_progress   done          denied done   denied denied denied denied denied denied
in_progress   verified      stale  stale  stale  stale  stale  stale  stale  stale
in_progress   did_not_hold  stale  stale  stale  stale  stale  stale  stale  stale
in_progress   wont_do       denied denied denied denied denied denied denied denied
done          accepted      stale  stale  stale  stale  stale  stale  stale  stale
done          in_progress   denied done   denied denied denied denied denied denied
done          done          stale  stale  stale  stale  stale  stale  stale  stale
done          verified      done   denied denied done   done   denied denied denied
done          did_not_hold  done   done   done   done   done   done   done   done
done          wont_do       stale  stale  stale  stale  stale  stale  stale  stale
verified      accepted      stale  stale  stale  stale  stale  stale  stale  stale
verified      in_progress   stale  stale  stale  stale  stale  stale  stale  stale
verified      done          stale  stale  stale  stale  stale  stale  stale  stale
verified      verified      stale  stale  stale  stale  stale  stale  stale  stale
verified      did_not_hold  done   done   done   done   done   done   done   done
verified      wont_do       stale  stale  stale  stale  stale  stale  stale  stale
did_not_hold  accepted      stale  stale  stale  stale  stale  stale  stale  stale
did_not_hold  in_progress   denied done   denied denied denied denied denied denied
did_not_hold  done          stale  stale  stale  stale  stale  stale  stale  stale
did_not_hold  verified      stale  stale  stale  stale  stale  stale  stale  stale
did_not_hold  did_not_hold  stale  stale  stale  stale  stale  stale  stale  stale
did_not_hold  wont_do       denied denied denied denied denied denied denied denied
wont_do       accepted      denied done   denied done   denied denied denied denied
wont_do       in_progress   stale  stale  stale  stale  stale  stale  stale  stale
wont_do       done          stale  stale  stale  stale  stale  stale  stale  stale
wont_do       verified      stale  stale  stale  stale  stale  stale  stale  stale
wont_do       did_not_hold  stale  stale  stale  stale  stale  stale  stale  stale
wont_do       wont_do       stale  stale  stale  stale  stale  stale  stale  stale
"""

ALLOWED = {
    (PromiseState(start), PromiseState(end)): dict(zip(PERSONS, outcomes, strict=True))
    for start, end, *outcomes in (line.split() for line in WHAT_IS_ALLOWED.split("\n") if line)
}

REFUSALS: dict[str, type[Exception]] = {"stale": StaleAnswer, "denied": PermissionDenied}

TOLD_IN_THE_STORY = {
    ("accepted", "in_progress"): "started",
    ("accepted", "done"): "done",
    ("in_progress", "accepted"): "put_back",
    ("in_progress", "done"): "done",
    ("done", "in_progress"): "not_done",
    ("done", "verified"): "verified",
    ("done", "did_not_hold"): "did_not_hold",
    ("verified", "did_not_hold"): "did_not_hold",
    ("did_not_hold", "in_progress"): "started",
    ("wont_do", "accepted"): "taken_up",
}


def everything() -> dict[str, Any]:
    """All that a step could leave behind."""
    return {
        "promises": list(Promise.objects.order_by("pk").values()),
        "story": list(PromiseEvent.objects.order_by("pk").values()),
        "history": HistoryEvent.objects.count(),
        "notices": Notice.objects.count(),
    }


def test_the_table_says_every_case() -> None:
    assert set(ALLOWED) == set(product(PromiseState, PromiseState))


@pytest.mark.parametrize(("start", "end"), list(ALLOWED), ids=lambda state: state.value)
def test_who_may_bring_it_from_one_state_to_the_next(
    document: Document, people: People, start: PromiseState, end: PromiseState
) -> None:
    promise = make_promise(document, people.contributor)
    promise = in_state(promise, start, finisher=people.colleague)
    outcomes = {}
    for person in PERSONS:
        before, by = everything(), getattr(people, person)
        point = transaction.savepoint()
        try:
            with transaction.atomic():
                moved = move_promise(
                    promise, to=end, start=start, by=by, note="So it is.", evidence=SHOWN
                )
        except (StaleAnswer, PermissionDenied) as error:
            outcomes[person] = "stale" if isinstance(error, StaleAnswer) else "denied"
            assert everything() == before
        else:
            outcomes[person] = "done"
            assert moved.state == fresh(promise).state == end
            assert story(promise)[-1] == TOLD_IN_THE_STORY[start, end]
            assert everything()["history"] == before["history"] + 1
        assert (end in possible_steps(start, part_of(by, promise))) == (outcomes[person] == "done")
        transaction.savepoint_rollback(point)
    assert outcomes == ALLOWED[start, end]


@pytest.mark.parametrize("person", PERSONS)
def test_a_button_of_another_state_does_nothing(
    document: Document, people: People, person: str
) -> None:
    promise = in_state(
        make_promise(document, people.contributor), "done", finisher=people.colleague
    )
    before = everything()
    with pytest.raises(StaleAnswer):
        move_promise(
            promise,
            to=PromiseState.DID_NOT_HOLD,
            start=PromiseState.VERIFIED,
            by=getattr(people, person),
            note="It broke.",
        )
    assert everything() == before


@pytest.mark.parametrize(("start", "end"), list(TRANSITIONS), ids=lambda state: state.value)
def test_a_step_that_asks_for_a_word_or_for_evidence_is_not_taken_without(
    document: Document, people: People, start: PromiseState, end: PromiseState
) -> None:
    needs = {
        ("accepted", "done"): {"note", "evidence"},
        ("in_progress", "done"): {"note", "evidence"},
        ("done", "in_progress"): {"note"},
        ("done", "verified"): {"note"},
        ("done", "did_not_hold"): {"note"},
        ("verified", "did_not_hold"): {"note"},
        ("wont_do", "accepted"): {"note"},
    }
    if end == PromiseState.WONT_DO:
        return
    promise = in_state(make_promise(document, people.contributor), start, finisher=people.colleague)
    by = people.manager if end == PromiseState.VERIFIED else people.contributor
    before = everything()
    missing: set[str] = set()
    try:
        move_promise(promise, to=end, by=by, note="  ", evidence=NOTHING_SHOWN)
    except ValidationError as error:
        missing = set(error.message_dict)
        assert everything() == before
    assert missing == needs.get((start, end), set())


@pytest.mark.parametrize(("held_for", "is_early"), [(0, True), (29, True), (30, False)])
def test_it_has_to_hold_before_somebody_says_that_it_held(
    document: Document, people: People, held_for: int, is_early: bool
) -> None:
    promise = make_promise(document, people.contributor)
    promise = in_state(promise, "done", finisher=people.contributor, held_for=held_for)
    if is_early:
        with pytest.raises(TooEarly):
            move_promise(promise, to=PromiseState.VERIFIED, by=people.manager, note="No alarm.")
    else:
        move_promise(promise, to=PromiseState.VERIFIED, by=people.manager, note="No alarm.")
    assert fresh(promise).state == ("done" if is_early else "verified")


def test_a_promise_that_a_version_dropped_goes_nowhere(document: Document, people: People) -> None:
    promise = make_promise(document, people.contributor)
    Promise.objects.update(dropped_at=promise.promised_at)
    with pytest.raises(StaleAnswer):
        move_promise(promise, to=PromiseState.IN_PROGRESS, by=people.contributor)


def test_what_did_not_hold_marks_it_until_it_is_shown_to_hold(
    document: Document, people: People
) -> None:
    promise = in_state(
        make_promise(document, people.contributor), "verified", finisher=people.contributor
    )

    def go(to: str, by: Any) -> Promise:
        return move_promise(
            fresh(promise), to=PromiseState(to), by=by, note="So it is.", evidence=SHOWN
        )

    failed = go("did_not_hold", people.stranger)
    assert failed.did_not_hold_at is not None
    assert (failed.done_on, failed.done_by, failed.verify_from) == (None, None, None)
    for to in ("in_progress", "done"):
        assert go(to, people.contributor).did_not_hold_at == failed.did_not_hold_at
        assert Promise.objects.failed().exists()
    in_state(promise, "done", finisher=people.contributor)
    assert go("verified", people.owner).did_not_hold_at is None
    assert not Promise.objects.failed().exists()

"""Moving the due date, handing it over, and asking for what one may not do alone.

Every kind of person tries each; the contributor owns the promise, the manager approves.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseEvent, PromiseRequest, PromiseState
from coe.actions.services import PromisedAction, keep_promises
from coe.documents.models import Document, Participant
from coe.policies.models import GuideLimit, TeamCalendar
from coe.promises.dates import assign_promise, move_due
from coe.promises.holding import today_of
from coe.promises.requests import ask_for, decide_request, withdraw_request
from coe.web.errors import StaleAnswer
from tests.people import People
from tests.promises.promising import fresh, in_state, make_promise, story
from tests.promises.test_states import PERSONS

pytestmark = pytest.mark.django_db

MOVE, WONT_DO = PromiseRequest.Kind.MOVE, PromiseRequest.Kind.WONT_DO
OPEN = ("accepted", "in_progress", "did_not_hold")
OVER = ("done", "verified", "wont_do")


@pytest.fixture
def promise(document: Document, people: People) -> Promise:
    """Due in ten days, as its version said."""
    today = today_of(make_promise(document, people.contributor, "Another"))
    return make_promise(document, people.contributor, due_on=today + timedelta(days=10))


def due_in(promise: Promise, days: int) -> date:
    return today_of(promise) + timedelta(days=days)


def outcome(step: Callable[[], object]) -> str:
    """How it ends, and nothing of it stays."""
    point = transaction.savepoint()
    try:
        with transaction.atomic():
            step()
    except StaleAnswer:
        return "stale"
    except PermissionDenied:
        return "denied"
    except ValidationError as error:
        return "asked " + ", ".join(error.message_dict)
    finally:
        transaction.savepoint_rollback(point)
    return "done"


def move(promise: Promise, days: int, by: User, **more: Any) -> Promise:
    values: dict[str, Any] = {"seen": promise.due_on, "reason": "The part is late.", "by": by}
    return move_due(promise, due_on=due_in(promise, days), **(values | more))


@pytest.mark.parametrize("state", PromiseState)
def test_who_moves_a_due_date_and_how_far(
    promise: Promise, people: People, state: PromiseState
) -> None:
    """Ten days and fourteen more are the owner's; beyond them the manager moves it."""
    promise = in_state(promise, state, finisher=people.colleague)
    for person in PERSONS:
        by = getattr(people, person)
        expected = {
            "contributor": ["done", "done", "asked due_on"],
            "manager": ["done", "done", "done"],
        }.get(person, ["denied"] * 3)
        if state in OVER:
            expected = ["stale"] * 3
        found = [
            outcome(lambda by=by, days=days: move(promise, days, by))  # type: ignore[misc]
            for days in (3, 24, 25)
        ]
        assert (person, found) == (person, expected)


def test_the_first_date_and_every_move_stay(promise: Promise, people: People) -> None:
    first = promise.due_on
    moved = move(promise, 20, people.contributor, reason="The part is late.")
    moved = move(moved, 24, people.contributor, reason="Later still.")
    moved = move(moved, 60, people.manager, reason="The supplier failed.")
    assert (moved.first_due_on, moved.due_on, moved.moves) == (first, due_in(promise, 60), 3)
    told = PromiseEvent.objects.filter(promise=promise).values_list(
        "due_before", "due_after", "note", "name"
    )
    assert list(told) == [
        (first, due_in(promise, 20), "The part is late.", "Contributor"),
        (due_in(promise, 20), due_in(promise, 24), "Later still.", "Contributor"),
        (due_in(promise, 24), due_in(promise, 60), "The supplier failed.", "Manager"),
    ]


@pytest.mark.parametrize(
    ("days", "more", "expected"),
    [
        (12, {"reason": " "}, "asked reason"),
        (10, {}, "asked due_on"),
        (-1, {}, "asked due_on"),
        (0, {}, "done"),
        (12, {"seen": date(2020, 1, 1)}, "stale"),
        (12, {"seen": None}, "stale"),
    ],
)
def test_a_move_needs_a_reason_a_day_to_come_and_the_date_that_was_seen(
    promise: Promise, people: People, days: int, more: dict[str, Any], expected: str
) -> None:
    assert outcome(lambda: move(promise, days, people.contributor, **more)) == expected


def test_how_far_its_owner_moves_it_is_what_the_guide_of_the_coe_says(
    promise: Promise, document: Document, people: People
) -> None:
    GuideLimit.objects.create(guide=document.guide, name="move_days", value=2)
    assert outcome(lambda: move(promise, 12, people.contributor)) == "done"
    assert outcome(lambda: move(promise, 13, people.contributor)) == "asked due_on"


def test_a_team_that_counts_working_days_counts_them_here(
    document: Document, people: People
) -> None:
    """Fourteen working days after Friday, 1 January 2100 end on Thursday, 21 January."""
    TeamCalendar.objects.create(team=document.incident.team, counts_working_days=True)
    promise = make_promise(document, people.contributor, due_on=date(2100, 1, 1))
    values: dict[str, Any] = {"seen": promise.due_on, "reason": "So.", "by": people.contributor}
    at = [date(2100, 1, 21), date(2100, 1, 22)]
    found = [outcome(lambda day=day: move_due(promise, due_on=day, **values)) for day in at]  # type: ignore[misc]
    assert found == ["done", "asked due_on"]


def test_a_promise_without_a_date_gets_its_first_and_that_is_no_move(
    document: Document, people: People
) -> None:
    promise = make_promise(document, people.contributor, due_on=None, priority=0)
    assert outcome(lambda: move(promise, 15, people.contributor)) == "asked due_on"
    moved = move(promise, 14, people.contributor)
    assert (moved.first_due_on, moved.due_on, moved.moves) == (moved.due_on, moved.due_on, 0)


@pytest.mark.parametrize("state", PromiseState)
def test_who_hands_it_over(promise: Promise, people: People, state: PromiseState) -> None:
    promise = in_state(promise, state, finisher=people.colleague)
    for person in PERSONS:
        by = getattr(people, person)
        expected = "done" if person in ("contributor", "manager") else "denied"
        found = outcome(lambda by=by: assign_promise(promise, to=people.admin, reason="So.", by=by))  # type: ignore[misc]
        assert (person, found) == (person, "stale" if state in OVER else expected)


def test_it_is_handed_to_nobody_who_has_left_or_may_not_read_the_coe(
    promise: Promise, people: People
) -> None:
    def hand(to: User, reason: str = "So.") -> str:
        by = people.contributor
        return outcome(lambda: assign_promise(fresh(promise), to=to, reason=reason, by=by))

    assert hand(people.stranger, reason="") == "asked reason"
    Document.objects.update(is_restricted=True)
    assert hand(people.stranger) == "asked to"
    role = Participant.Role.READER
    Participant.objects.create(document=promise.document, user=people.stranger, role=role)
    assert hand(people.stranger) == "done"
    User.objects.filter(pk=people.stranger.pk).update(is_active=False)
    people.stranger.refresh_from_db()
    assert hand(people.stranger) == "asked to"


@pytest.mark.parametrize("kind", PromiseRequest.Kind)
@pytest.mark.parametrize("state", PromiseState)
def test_only_the_owner_asks_and_only_while_it_is_to_be_done(
    promise: Promise, people: People, state: PromiseState, kind: PromiseRequest.Kind
) -> None:
    promise = in_state(promise, state, finisher=people.colleague)
    wanted = due_in(promise, 90) if kind == MOVE else None
    for person in PERSONS:
        by = getattr(people, person)
        expected = "done" if person == "contributor" else "denied"
        found = outcome(
            lambda by=by: ask_for(promise, kind=kind, reason="No part.", wanted=wanted, by=by)  # type: ignore[misc]
        )
        assert (person, found) == (person, "stale" if state in OVER else expected)


def ask(promise: Promise, people: People, kind: PromiseRequest.Kind) -> PromiseRequest:
    wanted = due_in(promise, 90) if kind == MOVE else None
    return ask_for(promise, kind=kind, reason="No part.", wanted=wanted, by=people.contributor)


@pytest.mark.parametrize("kind", PromiseRequest.Kind)
@pytest.mark.parametrize("state", OPEN)
def test_who_decides_what_was_asked(
    promise: Promise, people: People, state: str, kind: PromiseRequest.Kind
) -> None:
    asked = ask(in_state(promise, state, finisher=people.colleague), people, kind)
    for person in PERSONS:
        by = getattr(people, person)
        answers = [
            outcome(lambda by=by, yes=yes: decide_request(asked, is_granted=yes, note="So.", by=by))  # type: ignore[misc]
            for yes in (True, False)
        ]
        assert (person, answers) == (person, ["done" if person == "manager" else "denied"] * 2)


def test_what_is_granted_is_done_and_what_is_refused_is_not(
    promise: Promise, people: People
) -> None:
    refused = ask(promise, people, WONT_DO)
    assert outcome(lambda: decide_request(refused, is_granted=False, by=people.manager)) == (
        "asked note"
    )
    decide_request(refused, is_granted=False, note="It would happen again.", by=people.manager)
    assert fresh(promise).state == "accepted"
    assert outcome(lambda: decide_request(refused, is_granted=True, by=people.manager)) == "stale"

    decide_request(ask(promise, people, MOVE), is_granted=True, by=people.manager)
    moved = fresh(promise)
    assert (moved.due_on, moved.moves) == (due_in(promise, 90), 1)

    decide_request(ask(promise, people, WONT_DO), is_granted=True, by=people.manager)
    assert fresh(promise).state == "wont_do"
    assert story(promise) == [
        "asked_wont_do",
        "refused",
        "asked_to_move",
        "moved",
        "asked_wont_do",
        "wont_do",
    ]


def test_who_owns_it_never_decides_whatever_they_are(document: Document, people: People) -> None:
    """The manager approves the COE; of what the manager promised the director decides."""
    promise = make_promise(document, people.manager)
    asked = ask_for(promise, kind=WONT_DO, reason="No part.", by=people.manager)

    def decided_by(person: str) -> str:
        by = getattr(people, person)
        return outcome(lambda: decide_request(asked, is_granted=True, by=by))

    deciding = {person: decided_by(person) for person in PERSONS}
    assert deciding == dict.fromkeys(PERSONS, "denied") | {"director": "done"}


def test_who_asked_and_handed_it_over_does_not_decide_either(
    document: Document, people: People
) -> None:
    promise = make_promise(document, people.manager)
    asked = ask_for(promise, kind=WONT_DO, reason="No part.", by=people.manager)
    assign_promise(promise, to=people.contributor, reason="Yours now.", by=people.manager)
    assert outcome(lambda: decide_request(asked, is_granted=True, by=people.manager)) == "denied"
    assert outcome(lambda: withdraw_request(asked, by=people.contributor)) == "done"


def test_one_of_a_kind_is_asked_at_a_time_and_the_same_is_asked_once(
    promise: Promise, people: People
) -> None:
    first = ask(promise, people, WONT_DO)
    assert ask(promise, people, WONT_DO) == first
    by = people.contributor
    again = outcome(lambda: ask_for(promise, kind=WONT_DO, reason="Other.", by=by))
    assert again == "stale"
    assert outcome(lambda: ask(promise, people, MOVE)) == "done"
    withdraw_request(first, by=by)
    withdraw_request(first, by=by)
    assert outcome(lambda: withdraw_request(first, by=people.stranger)) == "done"
    ask_for(promise, kind=WONT_DO, reason="Other.", by=by)
    assert story(promise) == ["asked_wont_do", "taken_back", "asked_wont_do"]


def test_what_was_asked_of_what_is_done_or_promised_no_more_lapses(
    document: Document, people: People
) -> None:
    promise = make_promise(document, people.contributor)
    asked = ask(promise, people, WONT_DO)
    keep_promises(document, promised=[], by=people.owner)
    asked.refresh_from_db()
    assert asked.outcome == "lapsed"
    assert outcome(lambda: decide_request(asked, is_granted=True, by=people.manager)) == "stale"


def published(promise: Promise, **more: Any) -> PromisedAction:
    names = ("uid", "title", "due_on", "priority", "kind")
    said = {name: getattr(promise, name) for name in names}
    return PromisedAction(**(said | more))


def test_a_correction_moves_only_the_date_that_it_states_otherwise(
    document: Document, people: People
) -> None:
    promise = make_promise(document, people.contributor, due_on=date(2100, 1, 1))
    said = published(promise)
    values: dict[str, Any] = {"reason": "So.", "by": people.manager}
    move_due(promise, due_on=date(2100, 2, 1), seen=date(2100, 1, 1), **values)
    assign_promise(fresh(promise), to=people.stranger, **values)

    keep_promises(document, promised=[said], by=people.owner)
    kept = fresh(promise)
    assert (kept.due_on, kept.moves, kept.owner) == (date(2100, 2, 1), 1, people.stranger)

    again = published(promise, due_on=date(2100, 3, 1))
    keep_promises(document, promised=[again], by=people.owner)
    moved = fresh(promise)
    assert (moved.due_on, moved.first_due_on, moved.moves, moved.owner) == (
        date(2100, 3, 1),
        date(2100, 1, 1),
        2,
        people.stranger,
    )


def test_what_was_done_is_so_after_a_version_that_dropped_it_and_one_that_took_it_up(
    document: Document, people: People
) -> None:
    promise = in_state(make_promise(document, people.contributor), "done", finisher=people.owner)
    said = published(promise)
    for promised in ([], [said]):
        keep_promises(document, promised=promised, by=people.owner)
    assert fresh(promise).state == "done"
    assert story(promise) == ["dropped", "promised_again"]


def test_the_story_stands_but_for_emptying_a_secret(promise: Promise, people: People) -> None:
    move(promise, 12, people.contributor, reason="Password hunter2.")
    event = PromiseEvent.objects.filter(promise=promise)
    for edit in (
        lambda: event.update(note="Something else."),
        lambda: event.update(name="Somebody"),
        lambda: event.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            edit()
    event.update(note="")

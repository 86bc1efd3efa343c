"""Changing many items at once, by the services that people change one with.

A preview does everything, tells what came of it and undoes it all. So each line is judged by the
very rules that hold when it is done, also where two lines are about one item.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseState
from coe.promises.dates import move_due
from coe.promises.services import Evidence, move_promise
from coe.promises.tickets import set_ticket
from coe.web.errors import StaleAnswer
from coe.worklist.reading import Change

UNKNOWN = "There is no such item, or none that you may see."
CHANGED = (
    "Something in this table has changed since you looked at it, so nothing was done. Look at it "
    "again, then decide."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a line changes, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of one line: its steps, or why it cannot be done."""

    number: int
    reference: str
    title: str = ""
    steps: tuple[Step, ...] = ()
    errors: tuple[str, ...] = ()
    reason: str = ""


def preview(changes: Sequence[Change], *, by: User) -> list[Outcome]:
    """What would come of `changes` now, line by line. Nothing is left of it."""
    with transaction.atomic():
        outcomes = _carry_out(changes, by=by)
        transaction.set_rollback(True)
    return outcomes


@transaction.atomic
def apply_changes(changes: Sequence[Change], *, digest: str, by: User) -> list[Outcome]:
    """Do all of `changes` as they were previewed, and tell what was done.

    Raises `StaleAnswer` where something would come of them that is not what had `digest`, or where
    a line cannot be done; nothing is done then.
    """
    outcomes = _carry_out(changes, by=by)
    if digest_of(outcomes) != digest or any(each.errors for each in outcomes):
        raise StaleAnswer(CHANGED)
    return outcomes


def digest_of(outcomes: Sequence[Outcome]) -> str:
    """Of all that a preview said, what is there now included."""
    return hashlib.sha256(repr(outcomes).encode()).hexdigest()


def _carry_out(changes: Sequence[Change], *, by: User) -> list[Outcome]:
    """In the order of the items, so that two people who do this never wait for each other."""
    keys = {each.uid for each in changes if each.uid}
    mine = Promise.objects.visible_to(by).standing().filter(uid__in=keys)
    there = {(each.uid, each.document.reference): each for each in mine.with_readers_fields()}
    found = [(there.get(_key(each, there)), each) for each in changes]
    found.sort(key=lambda pair: (pair[0].pk if pair[0] else 0, pair[1].number))
    outcomes = [_outcome(promise, change, by=by) for promise, change in found]
    return sorted(outcomes, key=lambda each: each.number)


def _key(change: Change, there: dict[Any, Promise]) -> Any:
    """An id belongs to one COE, unless one was imported again: then the reference decides."""
    named = [key for key in there if key[0] == change.uid]
    return named[0] if len(named) == 1 and not change.reference else (change.uid, change.reference)


def _outcome(promise: Promise | None, change: Change, *, by: User) -> Outcome:
    if promise is None:
        errors = change.errors or (UNKNOWN,)
        return Outcome(change.number, change.reference, errors=errors)
    title, reference = promise.title, promise.document.reference
    if change.errors:
        return Outcome(change.number, reference, title, errors=change.errors)
    try:
        with transaction.atomic():
            steps = _do(Promise.objects.with_readers_fields().get(pk=promise.pk), change, by=by)
    except (PermissionDenied, StaleAnswer, ValidationError) as error:
        return Outcome(change.number, reference, title, errors=_sentences(error))
    return Outcome(change.number, reference, title, tuple(steps), reason=change.reason)


def _do(promise: Promise, change: Change, *, by: User) -> list[Step]:
    """Date and ticket first: what is done has none to move."""
    done = []
    if change.due_on and change.due_on != promise.due_on:
        done.append(Step("Due", _day(promise.due_on), _day(change.due_on)))
        promise = move_due(
            promise, due_on=change.due_on, seen=promise.due_on, reason=change.reason, by=by
        )
    if change.ticket and change.ticket != promise.tracker:
        done.append(Step("Ticket", promise.tracker or "none", change.ticket))
        promise = set_ticket(promise, tracker=change.ticket, by=by)
    if change.state and change.state != promise.state:
        state = PromiseState(promise.state)
        done.append(Step("State", state.label, change.state.label))
        move_promise(
            promise,
            to=change.state,
            by=by,
            start=state,
            note=change.reason,
            evidence=Evidence(address=change.evidence),
        )
    return done


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "not set"


def _sentences(error: Exception) -> tuple[str, ...]:
    if isinstance(error, ValidationError):
        return tuple(error.messages)
    return (error.reason if isinstance(error, StaleAnswer) else str(error),)

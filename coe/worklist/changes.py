"""Changing many items at once, by the services that people change one with.

A preview does everything, tells what came of it and undoes it all. So each line is judged by the
very rules that hold when it is done, also where two lines are about one item.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseState
from coe.promises.dates import move_due
from coe.promises.holding import hold_all
from coe.promises.services import Evidence, move_promise
from coe.promises.tickets import set_ticket
from coe.web.errors import StaleAnswer
from coe.worklist.reading import Change

UNKNOWN = "There is no such item, or none that you may see."
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a line changes, in words; `what` is the column that asked for it."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of one line: its steps, or why it cannot be done.

    `changed_at` is when the item was last changed before that, by whatever.
    """

    number: int
    reference: str
    title: str = ""
    steps: tuple[Step, ...] = ()
    errors: tuple[str, ...] = ()
    reason: str = ""
    key: int | None = None
    changed_at: datetime | None = None

    @property
    def digest(self) -> str:
        """Of all that the preview says of this line, and of the item as it then was."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def called(self) -> str:
        return f"“{self.title}” (line {self.number})" if self.title else f"line {self.number}"


def preview(changes: Sequence[Change], *, by: User) -> list[Outcome]:
    """What would come of `changes` now, line by line. Nothing is left of it."""
    with transaction.atomic():
        outcomes = _carry_out(changes, by=by)
        transaction.set_rollback(True)
    return outcomes


@transaction.atomic
def apply_changes(changes: Sequence[Change], *, digests: Sequence[str], by: User) -> list[Outcome]:
    """Do all of `changes` as they were previewed, and tell what was done.

    Raises `StaleAnswer`, which names the items, where one was changed since its line had that of
    `digests`, or something else would come of it; nothing is done then.
    """
    outcomes = _carry_out(changes, by=by)
    if len(digests) != len(outcomes):
        raise StaleAnswer("What was previewed did not come back whole, so nothing was done.")
    pairs = zip(outcomes, digests, strict=True)
    if other := [each.called for each, seen in pairs if each.digest != seen or each.errors]:
        raise StaleAnswer(_changed(other))
    return outcomes


def _changed(called: Sequence[str]) -> str:
    rest = len(called) - MOST_NAMED
    named = [*called[:MOST_NAMED], *([f"{rest} more"] if rest > 0 else [])]
    *most, last = named
    listed = f"{', '.join(most)} and {last}" if most else last
    has = "has" if len(called) == 1 else "have"
    return (
        f"{listed[0].upper()}{listed[1:]} {has} changed since you looked at this table, so nothing "
        "was done. Look at it again, then decide."
    )


def _carry_out(changes: Sequence[Change], *, by: User) -> list[Outcome]:
    """Line by line in the order of the items, which nobody else changes meanwhile."""
    keys = {each.uid for each in changes if each.uid}
    mine = Promise.objects.visible_to(by).standing().filter(uid__in=keys)
    hold_all(mine)
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
    found = Outcome(
        change.number,
        promise.document.reference,
        promise.title,
        errors=change.errors,
        reason=change.reason,
        key=promise.pk,
        changed_at=promise.changed_at,
    )
    if change.errors:
        return found
    try:
        with transaction.atomic():
            steps = _do(Promise.objects.with_readers_fields().get(pk=promise.pk), change, by=by)
    except (PermissionDenied, StaleAnswer, ValidationError) as error:
        return replace(found, errors=_sentences(error))
    return replace(found, steps=tuple(steps))


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

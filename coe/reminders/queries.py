"""Of what somebody is to be told by a moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from coe.actions.models import TO_BE_DONE, Promise, PromiseEvent, PromiseQuerySet, PromiseState
from coe.policies.team_calendars import Calendars
from coe.reminders.ladder import Clock, Kind, Step, reminding_day, steps_on
from coe.reminders.models import Reminder

AHEAD: Final = timedelta(days=45)
"""How far away a due date is looked at: seven working days end well within it."""

BEGINS_ANEW = (
    PromiseEvent.Kind.MOVED,
    PromiseEvent.Kind.DID_NOT_HOLD,
    PromiseEvent.Kind.TAKEN_UP,
    PromiseEvent.Kind.PROMISED_AGAIN,
)
"""After which its days count anew. What its owner no longer calls done was late all along."""


def watched_promises() -> PromiseQuerySet:
    """Those that somebody has still to do, or to say of that they held, each with the moment
    `since` which its days count."""
    told = PromiseEvent.objects.filter(promise=OuterRef("pk"), kind__in=BEGINS_ANEW)
    last = told.order_by().values("promise").annotate(last=Max("at")).values("last")
    promises = Promise.objects.unsettled().with_readers_fields()
    return promises.annotate(since=Greatest("promised_at", Subquery(last)))


def promises_to_remind_of(*, as_of: datetime) -> Iterator[int]:
    """The keys of the promises of which somebody is to be told something by `as_of`, in the order
    in which they were made. Five queries, however many there are."""
    standing = dict(_standing(as_of))
    rows = Reminder.objects.filter(promise__in=[*standing])
    told = {
        (key, Step(Kind(kind), days, due_on))
        for key, kind, days, due_on in rows.values_list("promise", "kind", "days", "due_on")
    }
    for key, steps in standing.items():
        if any((key, step) not in told for step in steps):
            yield key


def _standing(as_of: datetime) -> Iterator[tuple[int, tuple[Step, ...]]]:
    calendars, last = Calendars(), (as_of + AHEAD).date()
    is_near = Q(state=PromiseState.DONE, verify_from__lte=last) | Q(
        state__in=TO_BE_DONE, due_on__lte=last
    )
    for promise in watched_promises().filter(is_near).order_by("pk"):
        if steps := standing_steps(promise, as_of, calendars):
            yield promise.pk, steps


def standing_steps(promise: Promise, as_of: datetime, calendars: Calendars) -> tuple[Step, ...]:
    """The reminders that stand at `as_of` of a promise out of `watched_promises`, told or not."""
    zone = promise.zone
    today = reminding_day(as_of, zone)
    if today is None:
        return ()
    since: datetime = promise.since  # type: ignore[attr-defined]
    clock = Clock(since.astimezone(zone).date(), promise.due_on, promise.verify_from)
    return steps_on(today, clock, calendars.of(promise.team_id))

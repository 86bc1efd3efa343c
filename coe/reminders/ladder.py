"""Which reminder of a promise stands on a day. Pure: clock and calendar are passed in.

Each pass looks at the day alone. So one that comes late finds what stands by then, and nothing
that it missed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import models

from coe.policies.calendars import Calendar

MORNING: Final = 7
"""The hour, where the team works, before which nobody is reminded."""
BEFORE: Final = (1, 7)
"""Days before it is due, the nearest first."""
WEEK: Final = 7
WORKING_WEEK: Final = 5
"""Days from one reminder to the next while it is late."""
TO_MANAGER: Final = 7
"""Days after which who manages the team is told that it is late."""
TO_NEXT: Final = 21
"""Days after which the next above is told as well."""


class Kind(models.TextChoices):
    """Who is reminded of what. `days` of a step are those before or after the day that it counts
    from."""

    DUE = "due", "Due soon"
    LATE = "late", "Late"
    MANAGER = "manager", "Late, told to the manager"
    ABOVE = "above", "Late, told to the next above"
    VERIFY = "verify", "To be verified"


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder: `days` from the day `due_on`."""

    kind: Kind
    days: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Clock:
    """What the reminders of a promise follow from.

    `since` is the day on which it was promised, moved to its date, or came back to be done; what
    would have been due by then is not made up for. `verify_from` is given while it is done, and
    then it is waited for somebody who says that it held.
    """

    since: date
    due_on: date | None = None
    verify_from: date | None = None


def reminding_day(at: datetime, zone: ZoneInfo) -> date | None:
    """The day at `at` where the team works, once its morning has come; else None."""
    local = at.astimezone(zone)
    return local.date() if local.hour >= MORNING else None


def steps_on(today: date, clock: Clock, calendar: Calendar) -> tuple[Step, ...]:
    """The reminders that stand on that day, who is furthest from the work first.

    At most one for its owner, one for the manager and one for the next above. A team that counts
    working days is reminded on those alone.
    """
    if calendar.counts_working_days and not calendar.is_worked_on(today):
        return ()
    if clock.verify_from:
        is_due = clock.verify_from <= today
        return (Step(Kind.VERIFY, 0, clock.verify_from),) if is_due else ()
    if clock.due_on is None:
        return ()
    if today <= clock.due_on:
        return _before(today, clock.due_on, clock.since, calendar)
    return _after(today, max(clock.due_on, clock.since), calendar)


def _before(today: date, due_on: date, since: date, calendar: Calendar) -> tuple[Step, ...]:
    left, had = days_between(today, due_on, calendar), days_between(since, due_on, calendar)
    for days in BEFORE:
        if left <= days:
            return (Step(Kind.DUE, days, due_on),) if days < had else ()
    return ()


def _after(today: date, start: date, calendar: Calendar) -> tuple[Step, ...]:
    late = days_between(start, today, calendar)
    if late < 1:
        return ()
    week = WORKING_WEEK if calendar.counts_working_days else WEEK
    steps = [
        Step(Kind.ABOVE, TO_NEXT, start) if late >= TO_NEXT else None,
        Step(Kind.MANAGER, TO_MANAGER, start) if late >= TO_MANAGER else None,
        Step(Kind.LATE, late - (late - 1) % week, start),
    ]
    return tuple(step for step in steps if step)


def days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many days lie after `start`, up to and with `end`: of those the team counts."""
    if calendar.counts_working_days:
        return calendar.working_days(start, end)
    return max((end - start) // timedelta(days=1), 0)

"""Which reminder stands on which day: by hand, on a calendar of 2044.

In 2044 the first of March is a Tuesday.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.policies.calendars import Calendar
from coe.reminders.ladder import Clock, Step, reminding_day, steps_on

EVERY_DAY = Calendar()
WORKING = Calendar(counts_working_days=True)
DUE = date(2044, 3, 15)  # a Tuesday
EARLY = date(2044, 1, 1)


def day(month: int, day: int) -> date:
    return date(2044, month, day)


def names(steps: tuple[Step, ...]) -> list[str]:
    return [f"{step.kind} {step.days}" for step in steps]


def first_days(clock: Clock, calendar: Calendar, last: date) -> dict[str, date]:
    """On which day each reminder comes, if one looks every day."""
    found: dict[str, date] = {}
    today = clock.since
    while today <= last:
        for name in names(steps_on(today, clock, calendar)):
            found.setdefault(name, today)
        today += timedelta(days=1)
    return found


def test_a_team_that_counts_every_day() -> None:
    assert first_days(Clock(EARLY, DUE), EVERY_DAY, day(4, 7)) == {
        "due 7": day(3, 8),
        "due 1": day(3, 14),
        "late 1": day(3, 16),
        "manager 7": day(3, 22),
        "late 8": day(3, 23),
        "late 15": day(3, 30),
        "above 21": day(4, 5),
        "late 22": day(4, 6),
    }


def test_a_team_that_counts_working_days() -> None:
    """Friday, 11 March is a holiday. So is Monday, 21 March."""
    calendar = Calendar(frozenset({day(3, 11), day(3, 21)}), counts_working_days=True)
    assert first_days(Clock(EARLY, DUE), calendar, day(4, 15)) == {
        "due 7": day(3, 3),  # 4, 7, 8, 9, 10, 14 and 15 March are left
        "due 1": day(3, 14),
        "late 1": day(3, 16),
        "late 6": day(3, 24),  # 16, 17, 18, 22, 23 and 24 March have passed
        "manager 7": day(3, 25),
        "late 11": day(3, 31),
        "late 16": day(4, 7),
        "late 21": day(4, 14),
        "above 21": day(4, 14),
    }


def test_on_a_day_on_which_nobody_works_nobody_is_reminded() -> None:
    assert steps_on(day(3, 19), Clock(EARLY, DUE), WORKING) == ()
    assert names(steps_on(day(3, 19), Clock(EARLY, DUE), EVERY_DAY)) == ["late 1"]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (day(3, 7), []),
        (day(3, 11), ["due 7"]),
        (DUE, ["due 1"]),
        (day(3, 21), ["late 1"]),
        (day(6, 15), ["above 21", "manager 7", "late 92"]),
    ],
)
def test_who_looks_late_finds_the_latest_alone(today: date, expected: list[str]) -> None:
    assert names(steps_on(today, Clock(EARLY, DUE), EVERY_DAY)) == expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (day(3, 7), {"due 7": day(3, 8), "due 1": day(3, 14), "late 1": day(3, 16)}),
        (day(3, 8), {"due 1": day(3, 14), "late 1": day(3, 16)}),
        (day(3, 14), {"late 1": day(3, 16)}),
        (day(3, 15), {"late 1": day(3, 16)}),
    ],
)
def test_what_was_due_before_it_was_promised_is_not_made_up_for(
    since: date, expected: dict[str, date]
) -> None:
    assert first_days(Clock(since, DUE), EVERY_DAY, day(3, 17)) == expected


def test_what_came_back_after_it_was_due_is_late_from_then() -> None:
    """It did not hold on 1 June: who manages the team is told a week later, not at once."""
    clock = Clock(day(6, 1), DUE)
    found = first_days(clock, EVERY_DAY, day(6, 10))
    assert found == {"late 1": day(6, 2), "manager 7": day(6, 8), "late 8": day(6, 9)}
    assert {step.due_on for step in steps_on(day(6, 9), clock, EVERY_DAY)} == {day(6, 1)}


def test_what_is_done_waits_for_somebody_to_look_whether_it_held() -> None:
    saturday = day(3, 19)
    clock = Clock(EARLY, DUE, verify_from=saturday)
    assert first_days(clock, EVERY_DAY, day(4, 30)) == {"verify 0": saturday}
    assert first_days(clock, WORKING, day(4, 30)) == {"verify 0": day(3, 21)}


def test_what_is_due_on_no_day_is_never_late() -> None:
    assert first_days(Clock(EARLY), EVERY_DAY, day(12, 31)) == {}


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        ("2044-03-15T06:59+00:00", "UTC", None),
        ("2044-03-15T07:00+00:00", "UTC", DUE),
        ("2044-03-15T23:59+00:00", "UTC", DUE),
        ("2044-03-14T22:00+00:00", "Asia/Tokyo", DUE),
        # Clocks in Los Angeles are set forward on 13 March.
        ("2044-03-12T14:59+00:00", "America/Los_Angeles", None),
        ("2044-03-12T15:00+00:00", "America/Los_Angeles", day(3, 12)),
        ("2044-03-13T14:00+00:00", "America/Los_Angeles", day(3, 13)),
    ],
)
def test_a_day_begins_in_the_morning_where_the_team_works(
    at: str, zone: str, expected: date | None
) -> None:
    assert reminding_day(datetime.fromisoformat(at).astimezone(UTC), ZoneInfo(zone)) == expected


FIRST = date(2043, 1, 1)
DAYS = st.integers(0, 300).map(lambda number: FIRST + timedelta(days=number))


@given(
    due_on=DAYS,
    since=DAYS,
    seed=st.frozensets(DAYS, max_size=6),
    counts=st.booleans(),
    gap=st.integers(1, 9),
)
def test_whoever_looks_is_never_told_something_older_than_before(
    due_on: date, since: date, seed: frozenset[date], counts: bool, gap: int
) -> None:
    """However seldom one looks: nothing twice with something else between, and one at a time."""
    calendar = Calendar(seed, counts)
    told: list[Step] = []
    for number in range(0, 200, gap):
        steps = steps_on(since + timedelta(days=number), Clock(since, due_on), calendar)
        own = [step for step in steps if step.kind in ("due", "late")]
        assert len(own) <= 1
        told += [step for step in own if step not in told[-1:]]
    assert len(set(told)) == len(told)
    assert told == sorted(
        told, key=lambda step: (step.kind == "late", step.days * (1 if step.kind == "late" else -1))
    )

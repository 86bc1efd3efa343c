"""When a daily mail is due, also in the nights in which clocks are set."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.notices.daily import last_due, next_night, next_quarter
from coe.text.instants import zone_choices

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
A_QUARTER = timedelta(minutes=15)
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("zone", "hour", "at", "day", "due_at"),
    [
        ("UTC", 8, "2026-11-22T08:00:00Z", "2026-11-22", "2026-11-22T08:00:00Z"),
        ("UTC", 8, "2026-11-22T07:59:59Z", "2026-11-21", "2026-11-21T08:00:00Z"),
        ("Asia/Kathmandu", 8, "2026-11-22T02:15:00Z", "2026-11-22", "2026-11-22T02:15:00Z"),
        # A day ahead of UTC, and a day behind it.
        ("Pacific/Kiritimati", 0, "2026-11-22T10:00:00Z", "2026-11-23", "2026-11-22T10:00:00Z"),
        ("Pacific/Pago_Pago", 23, "2026-11-22T09:59:00Z", "2026-11-20", "2026-11-21T10:00:00Z"),
        # Los Angeles leaves out 02:00 to 03:00 on 8 March: then it is 03:00 there, and 10:00 UTC.
        ("America/Los_Angeles", 2, "2026-03-08T09:59:59Z", "2026-03-07", "2026-03-07T10:00:00Z"),
        ("America/Los_Angeles", 2, "2026-03-08T10:00:00Z", "2026-03-08", "2026-03-08T10:00:00Z"),
        ("America/Los_Angeles", 2, "2026-03-09T09:00:00Z", "2026-03-09", "2026-03-09T09:00:00Z"),
        # And has 01:00 to 02:00 twice on 1 November: the first is at 08:00 UTC.
        ("America/Los_Angeles", 1, "2026-11-01T08:00:00Z", "2026-11-01", "2026-11-01T08:00:00Z"),
        ("America/Los_Angeles", 1, "2026-11-01T09:30:00Z", "2026-11-01", "2026-11-01T08:00:00Z"),
        # The Azores set their clocks back at midnight, so their 25 October begins twice.
        ("Atlantic/Azores", 0, "2026-10-25T00:00:00Z", "2026-10-25", "2026-10-25T00:00:00Z"),
        ("Atlantic/Azores", 0, "2026-10-25T00:59:00Z", "2026-10-25", "2026-10-25T00:00:00Z"),
    ],
)
def test_it_is_due_at_the_hour_where_the_person_is(
    zone: str, hour: int, at: str, day: str, due_at: str
) -> None:
    found = last_due(datetime.fromisoformat(at), zone=ZoneInfo(zone), hour=hour)
    assert found == (date.fromisoformat(day), datetime.fromisoformat(due_at))


@given(
    zone=st.sampled_from(zone_choices()).map(ZoneInfo),
    hour=st.integers(0, 23),
    start=st.integers(0, 10 * 365 * 96).map(lambda quarter: FIRST + quarter * A_QUARTER),
)
def test_every_day_is_due_once_and_none_is_left_out(
    zone: ZoneInfo, hour: int, start: datetime
) -> None:
    """Asked every quarter of an hour for three days, it names each day in turn, and never a
    moment that is still to come."""
    asked = [start + step * A_QUARTER for step in range(3 * 96)]
    found = [last_due(at, zone=zone, hour=hour) for at in asked]
    assert all(due_at <= at for at, (_, due_at) in zip(asked, found, strict=True))
    days = [day for day, _ in found]
    steps = {(after - before).days for before, after in pairwise(days)}
    assert steps <= {0, 1}
    assert len({due_at for _, due_at in found}) == len(set(days))


def test_the_next_quarter_and_the_next_night_are_after_now() -> None:
    at = datetime(2026, 11, 22, 23, 52, 7, tzinfo=UTC)
    assert next_quarter(at) == next_night(at) == datetime(2026, 11, 23, tzinfo=UTC)
    on_it = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
    assert next_quarter(on_it) == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    assert next_night(datetime(2026, 11, 21, 17, 0, tzinfo=LOS_ANGELES)) == datetime(
        2026, 11, 23, tzinfo=UTC
    )

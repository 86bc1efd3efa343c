"""When the mail of a day is due. Pure: the clock is passed in."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)


def last_due(at: datetime, *, zone: ZoneInfo, hour: int) -> tuple[date, datetime]:
    """The day, and the instant (UTC), at which a daily mail was last due by `at`.

    In the night in which clocks are set forward an hour that is left out is due when it would
    have been; in that in which they are set back, the first of the two is meant.
    """
    day = at.astimezone(zone).date()
    if _due_on(day, zone, hour) > at:
        day -= A_DAY
    return day, _due_on(day, zone, hour)


def next_quarter(at: datetime) -> datetime:
    """The next quarter of an hour (UTC): in every zone an hour begins at one."""
    past = at.astimezone(UTC).replace(second=0, microsecond=0)
    return past - timedelta(minutes=past.minute % 15) + QUARTER


def next_night(at: datetime) -> datetime:
    """The next midnight (UTC)."""
    tomorrow = at.astimezone(UTC).date() + A_DAY
    return datetime.combine(tomorrow, time(), UTC)


def _due_on(day: date, zone: ZoneInfo, hour: int) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)

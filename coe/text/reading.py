"""Reading moments: "2017-02-28 09:37", "~09:37", "20.11. 15:10", "yesterday 15:10", "09:37-09:55".

Where a local time is missing or double, the person is asked and nothing is guessed.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from coe.text.days import read_day
from coe.text.instants import (
    EARLIEST,
    FIRST_YEAR,
    LAST_YEAR,
    LATEST,
    AmbiguousInstant,
    Instant,
    NonexistentInstant,
    Precision,
    UnreadableInstant,
    day_label,
    offset_text,
)

LONGEST_OVERNIGHT = timedelta(hours=12)
"""A span whose end has no date may pass midnight if it is no longer than this."""

_LONGEST_OFFSET = timedelta(hours=14)
_EXAMPLES = "Write it like 2017-02-28 09:37, 09:37:13, ~09:37 or 09:37-09:55."

_ABOUT = re.compile(r"~[ ]*|about[ ]+", re.IGNORECASE)
_DAY_TO_CLOCK = re.compile(r"T|,?[ ]+(?:at[ ]+)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?![\d:])", re.ASCII)
_DASH = re.compile(r"[ ]*[-–—][ ]*|[ ]+to[ ]+", re.IGNORECASE)
_UTC = re.compile(r"[ ]?(?:UTC|GMT|Z)(?![A-Z])", re.IGNORECASE)
_DIGITS = r"(\d\d)(?::?(00|15|30|45)|:(\d\d):(\d\d))?(?![\d:])"
# "-08:00" right after a time is an offset only in the form of ISO 8601, with its T. Everywhere
# else it is the end of a span, as in 07:30-08:00.
_OFFSET = re.compile(rf"(?:[ ]?(?:UTC|GMT)|[ ]|(?=\+))([+−-]){_DIGITS}", re.ASCII | re.IGNORECASE)
_ISO_OFFSET = re.compile(rf"[ ]?(?:UTC|GMT)?([+−-]){_DIGITS}", re.ASCII | re.IGNORECASE)
_MERIDIEM = re.compile(r"[ ]?[ap]\.?m\.?", re.IGNORECASE)
_ZONE_NAME = re.compile(r"[ ]?([A-Z]{2,5})")


class _Moment(NamedTuple):
    """One side of what was written; what was not written is None."""

    day: date | None
    clock: time
    has_seconds: bool
    offset: timezone | None


def parse_instant(
    text: str, *, zone: ZoneInfo, day: date | None, now: datetime | None = None
) -> Instant:
    """The moment or span that `text` names.

    Local times are those of `zone`, unless an offset is written; one offset holds for both sides
    of a span. `day` is the date of a time without one; where that is None, and `now` is given, a
    time without a date is the last such moment until `now`. With `now`, "today" and "yesterday"
    are days. A date without a year is near `day`, else the last one until `now`. Fractions of a
    second are dropped. Raises UnreadableInstant, with a sentence for the person.
    """
    reader = _Reader(text, near=day, today=now.astimezone(zone).date() if now else None)
    start = reader.moment()
    end = reader.moment() if reader.take(_DASH) else None
    reader.finish(start)
    offset = start.offset or (end and end.offset)
    if start.day is None and day is None and now is not None:
        day = _last_day(start.clock, now.astimezone(offset or zone))
    at = _resolve(start, _day_of(start, day), offset, zone)
    end_at = _resolve_end(start, end, day, zone) if end else None
    if end_at is not None and end_at <= at:
        raise UnreadableInstant(_backwards(at, end_at, zone))
    has_seconds = start.has_seconds or (end is not None and end.has_seconds)
    is_odd = any(each is not None and each.second for each in (at, end_at))
    exact = Precision.SECOND if has_seconds or is_odd else Precision.MINUTE
    return Instant(at, Precision.ABOUT if reader.is_about else exact, end_at)


class _Reader:
    """Takes the text apart from left to right."""

    def __init__(self, text: str, *, near: date | None, today: date | None) -> None:
        self.near, self.today = near, today
        self.text = " ".join(text.split())
        self.rest = self.text
        self.is_about = False

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.rest)
        if match:
            self.rest = self.rest[match.end() :]
        return match

    def moment(self) -> _Moment:
        self.is_about = bool(self.take(_ABOUT)) or self.is_about
        day, has_t = self._day()
        self.is_about = bool(self.take(_ABOUT)) or self.is_about
        clock = self.take(_CLOCK)
        if clock is None:
            raise UnreadableInstant(self._unreadable())
        return _Moment(
            day,
            _time(clock),
            clock[3] is not None,
            self._offset(_ISO_OFFSET if has_t else _OFFSET),
        )

    def _day(self) -> tuple[date | None, bool]:
        """The day, if one is written, and whether the T of ISO 8601 stands behind it."""
        found = read_day(self.rest, 0, near=self.near, today=self.today)
        if found is None:
            return None, False
        day, place = found
        joint = _DAY_TO_CLOCK.match(self.rest, place)
        if joint is None:
            raise UnreadableInstant(self._unreadable())
        self.rest = self.rest[joint.end() :]
        return day, joint.group() in ("T", "t")

    def _offset(self, pattern: re.Pattern[str]) -> timezone | None:
        match = self.take(pattern)
        if match is None:
            return UTC if self.take(_UTC) else None
        hours, quarters, minutes, seconds = (int(group or 0) for group in match.groups()[1:])
        size = timedelta(hours=hours, minutes=quarters + minutes, seconds=seconds)
        if size > _LONGEST_OFFSET:
            raise UnreadableInstant(
                f"No place is {match.group().strip()} away from UTC. Check the offset."
            )
        return timezone(size if match[1] == "+" else -size)

    def finish(self, start: _Moment) -> None:
        """Nothing may be left over."""
        if not self.rest:
            return
        if _MERIDIEM.fullmatch(self.rest):
            raise UnreadableInstant("Use the 24-hour clock: write 21:37 for 9:37 pm.")
        name = _ZONE_NAME.fullmatch(self.rest)
        if name is None:
            raise UnreadableInstant(self._unreadable())
        raise UnreadableInstant(
            f"{name[1]} is not understood: short names of zones mean different things in "
            f"different places. Write the offset, as in {start.clock:%H:%M} -08:00."
        )

    def _unreadable(self) -> str:
        shown = self.text if len(self.text) <= 40 else f"{self.text[:40]}…"
        return f"“{shown}” is not a time that can be read. {_EXAMPLES}"


def _last_day(clock: time, now: datetime) -> date:
    """The last day on which it was `clock` by `now`, where `now` tells the time."""
    return now.date() if clock <= now.time() else now.date() - timedelta(days=1)


def _time(clock: re.Match[str]) -> time:
    try:
        return time(int(clock[1]), int(clock[2]), int(clock[3] or 0))
    except ValueError:
        raise UnreadableInstant(
            f"{clock.group()} is not a time of day: hours go from 00 to 23, minutes and seconds "
            "from 00 to 59."
        ) from None


def _day_of(moment: _Moment, day: date | None) -> date:
    found = moment.day or day
    if found is None:
        clock = f"{moment.clock:%H:%M}"
        raise UnreadableInstant(f"{clock} needs a day: write it like 2017-02-28 {clock}.")
    return found


def _resolve_end(start: _Moment, end: _Moment, day: date | None, zone: ZoneInfo) -> datetime:
    """The end of a span, on the next day if that is the only way for it to be after the start."""
    end_day = end.day or _day_of(start, day)
    offset = end.offset or start.offset
    is_one_zone = start.offset is None or start.offset == offset
    if end.day is None and is_one_zone and end.clock < start.clock:
        return _resolve_overnight(start, end, end_day + timedelta(days=1), zone)
    return _resolve(end, end_day, offset, zone)


def _resolve_overnight(start: _Moment, end: _Moment, next_day: date, zone: ZoneInfo) -> datetime:
    night = datetime.combine(next_day, end.clock) - datetime.combine(
        next_day - timedelta(days=1), start.clock
    )
    if night > LONGEST_OVERNIGHT:
        raise UnreadableInstant(
            f"The end, {end.clock:%H:%M}, is before the start, {start.clock:%H:%M}. If it ended on "
            f"another day, write that day too. If it is an offset, put a space before it."
        )
    return _resolve(end, next_day, end.offset or start.offset, zone)


def _resolve(moment: _Moment, day: date, offset: timezone | None, zone: ZoneInfo) -> datetime:
    """The UTC of a local time. The bounds hold somewhere on earth, so that what is written in one
    zone can be printed and read in every other."""
    if not FIRST_YEAR - 1 <= day.year <= LAST_YEAR + 1:
        raise UnreadableInstant(_out_of_range(day))
    at = _resolve_local(datetime.combine(day, moment.clock), offset, zone)
    if not EARLIEST <= at <= LATEST:
        raise UnreadableInstant(_out_of_range(day))
    return at


def _out_of_range(day: date) -> str:
    return f"The year {day.year} is not between {FIRST_YEAR} and {LAST_YEAR}. Check the date."


def _resolve_local(local: datetime, offset: timezone | None, zone: ZoneInfo) -> datetime:
    if offset is not None:
        return local.replace(tzinfo=offset).astimezone(UTC)
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if _is_real(first):
        raise AmbiguousInstant(_which_of_two(first, second, zone))
    raise NonexistentInstant(_which_instead(first, second, zone))


def _is_real(local: datetime) -> bool:
    """Whether clocks ever showed this time: it survives the way to UTC and back."""
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(fold=0) == local.replace(fold=0)


def _which_of_two(first: datetime, second: datetime, zone: ZoneInfo) -> str:
    clock = f"{first:%H:%M}"
    return (
        f"{clock} happened twice on {day_label(first)} in {zone.key}: "
        f"write {clock} {offset_text(first)} or {clock} {offset_text(second)}."
    )


def _which_instead(first: datetime, second: datetime, zone: ZoneInfo) -> str:
    meant = sorted(local.astimezone(UTC).astimezone(zone) for local in (first, second))
    choice = " or ".join(f"{local:%Y-%m-%d %H:%M}" for local in meant)
    return (
        f"{first:%H:%M} did not happen on {day_label(first)} in {zone.key}: the clocks were "
        f"put forward past it. Write {choice}."
    )


def _backwards(at: datetime, end_at: datetime, zone: ZoneInfo) -> str:
    start, end = at.astimezone(zone), end_at.astimezone(zone)
    if start == end:
        return f"The span starts and ends at {start:%H:%M}: write that time once."
    return f"The end, {end:%Y-%m-%d %H:%M}, is before the start, {start:%Y-%m-%d %H:%M}."

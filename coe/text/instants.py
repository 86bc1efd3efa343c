"""Moments as people write them: "2017-02-28 09:37", "~09:37", "09:37-09:55", "09:37 +01:00".

An instant is kept in UTC and says how exact it is. It is read and printed in a time zone, the
document's, and what is printed can be read again. Where a local time is missing or double, the
person is asked and nothing is guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

FIRST_YEAR, LAST_YEAR = 1970, 2100
EARLIEST = datetime(FIRST_YEAR, 1, 1, tzinfo=timezone(timedelta(hours=14)))
LATEST = datetime(LAST_YEAR, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-12)))
LONGEST_OVERNIGHT = timedelta(hours=12)
"""A span whose end has no date may pass midnight if it is no longer than this."""

_LONGEST_OFFSET = timedelta(hours=14)
_EXAMPLES = "Write it like 2017-02-28 09:37, 09:37:13, ~09:37 or 09:37-09:55."
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_ABOUT = re.compile(r"~[ ]*|about[ ]+", re.IGNORECASE)
_DATE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})([ ]+|T)", re.IGNORECASE | re.ASCII)
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


class Precision(StrEnum):
    """How exactly a moment is known."""

    SECOND = "second"
    MINUTE = "minute"
    ABOUT = "about"


class UnreadableInstant(ValueError):
    """The text is no moment. The message is a sentence for the person who wrote it."""


class AmbiguousInstant(UnreadableInstant):
    """The local time happened twice, when the clocks were put back."""


class NonexistentInstant(UnreadableInstant):
    """The local time never happened, because the clocks were put forward past it."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment in UTC, or a span from `at` to `end`, and how exactly it is known.

    Takes any aware datetimes of whole seconds. Raises ValueError for a naive one, for seconds
    where the precision is the minute, and for a span that does not end after its start.
    """

    at: datetime
    precision: Precision = Precision.MINUTE
    end: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("at", "end"):
            moment = getattr(self, name)
            if moment is not None:
                object.__setattr__(self, name, _checked(moment, self.precision))
        if self.end is not None and self.end <= self.at:
            raise ValueError("A span has to end after its start.")

    @property
    def is_about(self) -> bool:
        return self.precision is Precision.ABOUT

    @property
    def has_seconds(self) -> bool:
        """Whether seconds are shown: they are known, or a part of an approximate moment."""
        moments = (self.at, self.end or self.at)
        return self.precision is Precision.SECOND or any(moment.second for moment in moments)


class _Moment(NamedTuple):
    """One side of what was written; what was not written is None."""

    day: date | None
    clock: time
    has_seconds: bool
    offset: timezone | None


def parse_instant(text: str, *, zone: ZoneInfo, day: date | None) -> Instant:
    """The moment or span that `text` names.

    Local times are those of `zone`, unless an offset is written; one offset holds for both sides
    of a span. `day` is the date of a time without one. Fractions of a second are dropped. Raises
    UnreadableInstant, with a sentence for the person.
    """
    reader = _Reader(text)
    start = reader.moment()
    end = reader.moment() if reader.take(_DASH) else None
    reader.finish(start)
    at = _resolve(start, _day_of(start, day), start.offset or (end and end.offset), zone)
    end_at = _resolve_end(start, end, day, zone) if end else None
    if end_at is not None and end_at <= at:
        raise UnreadableInstant(_backwards(at, end_at, zone))
    has_seconds = start.has_seconds or (end is not None and end.has_seconds)
    is_odd = any(each is not None and each.second for each in (at, end_at))
    exact = Precision.SECOND if has_seconds or is_odd else Precision.MINUTE
    return Instant(at, Precision.ABOUT if reader.is_about else exact, end_at)


def format_instant(instant: Instant, zone: ZoneInfo, *, with_offset: bool = False) -> str:
    """The instant as it is written in a form field; `parse_instant` reads it back as equal.

    Unless `with_offset` asks for it, the offset is added only where the local time happened twice,
    and where the zone was not whole minutes from UTC, as few were until 1972: there the time is
    written in UTC.
    """
    about = "~" if instant.is_about else ""
    moments = [instant.at] if instant.end is None else [instant.at, instant.end]
    local = [moment.astimezone(zone) for moment in moments]
    is_odd = any(_has_odd_offset(each) for each in local)
    needs_offset = with_offset or is_odd or any(_is_ambiguous(each) for each in local)
    shown = moments if is_odd else local
    written = [_write(each, instant, needs_offset) for each in shown]
    if len(moments) == 2 and not needs_offset and written[0][:10] == written[1][:10]:
        return f"{about}{written[0]}-{written[1][11:]}"
    return about + " - ".join(written)


def describe_instant(instant: Instant, zone: ZoneInfo) -> str:
    """The instant for readers: "28 Feb 2017, 09:37 PST (UTC−08:00)"."""
    clock = _plain_clock(instant, zone)
    return f"{local_day(instant, zone)}, {clock} {_zone_label(instant, zone)}"


def local_day(instant: Instant, zone: ZoneInfo) -> str:
    """The day on which it starts, in `zone`: "28 Feb 2017"."""
    return _describe_day(instant.at.astimezone(zone))


def local_clock(instant: Instant, zone: ZoneInfo) -> str:
    """The time of day in `zone`: "09:37", "about 09:37", "09:37:13", "09:37–09:55".

    A span that ends on another day names it: "23:50–00:20 (1 Mar 2017)". In the hour that clocks
    show twice the offset tells which one it was: "01:50 (UTC−07:00)".
    """
    moments = (instant.at, instant.end or instant.at)
    is_double = any(_is_ambiguous(moment.astimezone(zone)) for moment in moments)
    clock = _plain_clock(instant, zone)
    return f"{clock} ({_offsets(instant, zone)})" if is_double else clock


def _plain_clock(instant: Instant, zone: ZoneInfo) -> str:
    start = instant.at.astimezone(zone)
    words = f"{'about ' if instant.is_about else ''}{_clock(start, instant.has_seconds)}"
    if instant.end is None:
        return words
    end = instant.end.astimezone(zone)
    day = "" if end.date() == start.date() else f" ({_describe_day(end)})"
    return f"{words}–{_clock(end, instant.has_seconds)}{day}"


def _offsets(instant: Instant, zone: ZoneInfo) -> str:
    """ "UTC−08:00"; both where the clocks changed during the span: "UTC−07:00 to UTC−08:00"."""
    start, end = offset_label(instant.at, zone), offset_label(instant.end or instant.at, zone)
    return start if start == end else f"{start} to {end}"


def offset_label(at: datetime, zone: ZoneInfo) -> str:
    """How far `zone` was from UTC at that moment: "UTC−08:00", "UTC+05:30", "UTC"."""
    offset = _offset_text(at.astimezone(zone))
    return f"UTC{offset.replace('-', '−')}" if offset != "+00:00" else "UTC"


def machine_instant(at: datetime) -> str:
    """The moment as `<time datetime>` and JSON have it: "2017-02-28T17:37:00Z"."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


@cache
def zone_choices() -> tuple[str, ...]:
    """The names to choose a zone from: UTC, then one for each zone of the world in use, sorted.

    Names that exist for the sake of old programs (US/Pacific, Asia/Calcutta) are left out.
    """
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return ("UTC", *sorted({row[2] for row in rows} & _zone_names()))


def is_zone(name: str) -> bool:
    """Whether `ZoneInfo(name)` works: any name of the IANA list, the old ones included."""
    return name in _zone_names()


def find_zone(name: str) -> str | None:
    """The name of the zone that somebody means: "europe/berlin", "Berlin" and "new york" as well.

    None where there is none, or several.
    """
    wanted = "_".join(name.split()).lower()
    named = [each for each in _zone_names() if each.lower() == wanted]
    places = [each for each in zone_choices() if each.rpartition("/")[2].lower() == wanted]
    found = named or places
    return found[0] if len(found) == 1 else None


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime"})


class _Reader:
    """Takes the text apart from left to right."""

    def __init__(self, text: str) -> None:
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
        written_day = self.take(_DATE)
        self.is_about = bool(self.take(_ABOUT)) or self.is_about
        clock = self.take(_CLOCK)
        if clock is None:
            raise UnreadableInstant(self._unreadable())
        has_t = written_day is not None and written_day[2] in "Tt"
        return _Moment(
            _date(written_day[1]) if written_day else None,
            _time(clock),
            clock[3] is not None,
            self._offset(_ISO_OFFSET if has_t else _OFFSET),
        )

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


def _checked(moment: datetime, precision: Precision) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("An instant needs a datetime with a time zone.")
    moment = moment.astimezone(UTC)
    if moment.microsecond or (moment.second and precision is Precision.MINUTE):
        raise ValueError("An instant may not be finer than its precision says.")
    return moment


def _date(text: str) -> date:
    year, month, day = map(int, text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise UnreadableInstant(
            f"There is no day {text} in the calendar. Check the date."
        ) from None


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


def _is_ambiguous(local: datetime) -> bool:
    """Whether clocks showed this time, which they did show, twice."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _has_odd_offset(local: datetime) -> bool:
    """Whether its zone was then not whole minutes from UTC."""
    offset = local.utcoffset()
    assert offset is not None
    return bool(offset.seconds % 60)


def _which_of_two(first: datetime, second: datetime, zone: ZoneInfo) -> str:
    clock = f"{first:%H:%M}"
    return (
        f"{clock} happened twice on {_describe_day(first)} in {zone.key}: "
        f"write {clock} {_offset_text(first)} or {clock} {_offset_text(second)}."
    )


def _which_instead(first: datetime, second: datetime, zone: ZoneInfo) -> str:
    meant = sorted(local.astimezone(UTC).astimezone(zone) for local in (first, second))
    choice = " or ".join(f"{local:%Y-%m-%d %H:%M}" for local in meant)
    return (
        f"{first:%H:%M} did not happen on {_describe_day(first)} in {zone.key}: the clocks were "
        f"put forward past it. Write {choice}."
    )


def _backwards(at: datetime, end_at: datetime, zone: ZoneInfo) -> str:
    start, end = at.astimezone(zone), end_at.astimezone(zone)
    if start == end:
        return f"The span starts and ends at {start:%H:%M}: write that time once."
    return f"The end, {end:%Y-%m-%d %H:%M}, is before the start, {start:%Y-%m-%d %H:%M}."


def _write(local: datetime, instant: Instant, needs_offset: bool) -> str:
    offset = f" {_offset_text(local)}" if needs_offset else ""
    return f"{local:%Y-%m-%d} {_clock(local, instant.has_seconds)}{offset}"


def _clock(local: datetime, has_seconds: bool) -> str:
    return f"{local:%H:%M:%S}" if has_seconds else f"{local:%H:%M}"


def _describe_day(local: datetime) -> str:
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def _offset_text(local: datetime) -> str:
    """ "+05:30"; with seconds where they are not zero, as they were in few places until 1972."""
    offset = local.utcoffset() or timedelta()
    sign = "-" if offset < timedelta() else "+"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _zone_label(instant: Instant, zone: ZoneInfo) -> str:
    """ "PST (UTC−08:00)"; both offsets where the clocks changed during the span."""
    label = _offsets(instant, zone)
    name = instant.at.astimezone(zone).tzname() or ""
    if " to " in label:
        return f"({label})"
    if name == label:
        return label
    return f"{name} ({label})" if name.isalpha() else f"({label})"

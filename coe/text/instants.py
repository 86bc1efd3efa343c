"""Moments: what they are, and how they are printed: "2017-02-28 09:37", "~09:37", "09:37-09:55".

An instant is kept in UTC and says how exact it is. It is read (coe.text.reading) and printed in a
time zone, the document's, and what is printed can be read again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

FIRST_YEAR, LAST_YEAR = 1970, 2100
EARLIEST = datetime(FIRST_YEAR, 1, 1, tzinfo=timezone(timedelta(hours=14)))
LATEST = datetime(LAST_YEAR, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-12)))

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
    return day_label(instant.at.astimezone(zone))


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
    day = "" if end.date() == start.date() else f" ({day_label(end)})"
    return f"{words}–{_clock(end, instant.has_seconds)}{day}"


def _offsets(instant: Instant, zone: ZoneInfo) -> str:
    """ "UTC−08:00"; both where the clocks changed during the span: "UTC−07:00 to UTC−08:00"."""
    start, end = offset_label(instant.at, zone), offset_label(instant.end or instant.at, zone)
    return start if start == end else f"{start} to {end}"


def offset_label(at: datetime, zone: ZoneInfo) -> str:
    """How far `zone` was from UTC at that moment: "UTC−08:00", "UTC+05:30", "UTC"."""
    offset = offset_text(at.astimezone(zone))
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


def _checked(moment: datetime, precision: Precision) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("An instant needs a datetime with a time zone.")
    moment = moment.astimezone(UTC)
    if moment.microsecond or (moment.second and precision is Precision.MINUTE):
        raise ValueError("An instant may not be finer than its precision says.")
    return moment


def _is_ambiguous(local: datetime) -> bool:
    """Whether clocks showed this time, which they did show, twice."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _has_odd_offset(local: datetime) -> bool:
    """Whether its zone was then not whole minutes from UTC."""
    offset = local.utcoffset()
    assert offset is not None
    return bool(offset.seconds % 60)


def _write(local: datetime, instant: Instant, needs_offset: bool) -> str:
    offset = f" {offset_text(local)}" if needs_offset else ""
    return f"{local:%Y-%m-%d} {_clock(local, instant.has_seconds)}{offset}"


def _clock(local: datetime, has_seconds: bool) -> str:
    return f"{local:%H:%M:%S}" if has_seconds else f"{local:%H:%M}"


def day_label(local: datetime) -> str:
    """The day of a local time: "28 Feb 2017"."""
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def offset_text(local: datetime) -> str:
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

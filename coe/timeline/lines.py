"""Lines of a timeline as people have them in their notes: "10:42 alarm fired", "+5m paged".

A time without a date is on the day of the entry before it. If that is more than twelve hours
earlier than the entry before, midnight has passed and it is on the next day; if it is only a
little earlier, it is out of order on the same day, which a draft may be.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from coe.text.days import read_day
from coe.text.instants import LATEST, Instant, Precision, UnreadableInstant, is_zone
from coe.text.reading import LONGEST_OVERNIGHT, parse_instant

NOT_A_TIME = "The time in this line cannot be read. Write it like 10:42 or 2026-11-14 10:42."

# What notes have in front of a time: quotes, bullets, numbers, cells of a table, headings, "At".
_LEAD = re.compile(
    r"(?:[\s>|]|[•·▪◦–—]|#{1,6}(?=\s)|\+(?=\s)|-\s*(?!-)|\*(?!\*)|\d{1,3}[.)](?=\s))*"
    r"(?P<open>(?:\*\*|__|`|\[|\()*)\s*(?:at\s+)?",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:[~≈±]|(?:about|around|approx\.?|approximately|ca?\.)\s)\s*", re.IGNORECASE)
_AFTER = re.compile(
    r"\+(?=\d)(?:(\d{1,3})\s?d(?:ays?)?)?\s?(?:(\d{1,4})\s?h(?:ours?|rs?)?)?"
    r"\s?(?:(\d{1,5})\s?m(?:in(?:ute)?s?)?)?\s?(?:(\d{1,6})\s?s(?:ec(?:ond)?s?)?)?(?<=[a-z])",
    re.IGNORECASE | re.ASCII,
)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?!\d|:\d)"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE | re.ASCII,
)
_DAY_TO_CLOCK = re.compile(r"T|\s*[|,]\s*(?:at\s+)?|\s+(?:at\s+|-\s+)?", re.IGNORECASE)
_TO = re.compile(r"\s*[-–—]\s*|\s+(?:to|until)\s+", re.IGNORECASE)
_OFFSET = r"[+−-](?:0\d|1[0-4])"
_ZONE = re.compile(
    rf"\s?\(?(?:UTC|GMT)(?P<from_utc>[+−-]\d{{1,2}}(?::\d\d)?)?\)?(?!\w)|(?P<zulu>Z)(?!\w)"
    rf"|(?P<offset>(?:\s|(?=\+)){_OFFSET}:(?:00|15|30|45))(?!\w)"
    r"|\s\(?(?P<place>[A-Z][A-Za-z]+/[A-Za-z_/+-]+)\)?",
    re.ASCII,
)
_ISO_OFFSET = re.compile(rf"\s?(?P<offset>{_OFFSET}:?(?:00|15|30|45))(?!\w)", re.ASCII)
_SHORT_NAME = re.compile(
    r"\s\(?(?P<name>P[SD]T|M[SD]T|C[SD]T|E[SD]T|AK[SD]T|HST|BST|CES?T|EES?T|MSK|IST|JST|KST|SGT"
    r"|HKT|AE[SD]T|AC[SD]T|AWST|NZ[SD]T|SAST)\)?(?!\w)"
)
_EDGE = re.compile(r"(?![\w%/+]|[.,]\d)")
_DAY_BEHIND = re.compile(r",?\s+(?:on\s+)?\(?", re.IGNORECASE)
_LOOKS_LIKE_A_TIME = re.compile(r"(?:[\W\d_]{0,24}[\s({\[])?\d{1,2}:\d\d(?![\d:.%])")
_NUMBERS = re.compile(r"[\d./:+\sT-]*(?:UTC|GMT|Z)?(?<![\s:])")
_CLOSERS = {"**": "**", "__": "__", "`": "`", "[": "]", "(": ")"}
_SEPARATOR = re.compile(r"\s*(?:\|+|:+|,|\.(?=\s|$)|-+(?=\s|$)|[–—]+|[=-]>|→)?\s*")
_MARKS_AROUND_A_DAY = " \t*_`])|:#-–—."
_MEANT_AS_A_TIME = re.compile(r"[*_`\])]*\s*[:|–—-]")


class UnreadableLine(ValueError):
    """The line has no time that can be read; the message is a sentence for its author.

    `when` is what was taken for the time, `text` the rest of the line.
    """

    def __init__(self, sentence: str, *, when: str = "", text: str = "") -> None:
        super().__init__(sentence)
        self.when, self.text = when, text


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read."""

    instant: Instant
    text: str


@dataclass(frozen=True, slots=True)
class _Side:
    """A time as it was written: `zone` is what parses it, `tail` what parse_instant has to see."""

    day: date | None
    clock: time
    has_seconds: bool
    zone: ZoneInfo
    tail: str
    is_about: bool

    @property
    def clock_text(self) -> str:
        return f"{self.clock:%H:%M:%S}" if self.has_seconds else f"{self.clock:%H:%M}"


class LineReader:
    """Reads one line after the other, and remembers what a time without a date follows from.

    `before` is the entry before, if there is one; `day` the date that a heading gave.
    """

    def __init__(self, *, zone: ZoneInfo, before: Instant | None) -> None:
        self.zone = zone
        self.before = before
        self.day: date | None = None

    def read(self, line: str) -> Line | None:
        """The entry that `line` is; None for a date alone and for a line without any time.

        Raises `UnreadableLine` where there is a time that cannot be read.
        """
        lead = _LEAD.match(line)
        assert lead
        scanner = _Scanner(line, lead.end())
        is_about = bool(scanner.take(_ABOUT))
        try:
            instant = self._instant(scanner, is_about)
        except UnreadableInstant as error:
            raise self._unreadable(str(error), scanner, lead) from error
        if instant is None:
            if _LOOKS_LIKE_A_TIME.match(line, lead.end()):
                raise self._unreadable(NOT_A_TIME, scanner, lead)
            return None
        self.before, self.day = instant, None
        return Line(instant, _text(lead, scanner.place))

    def _unreadable(
        self, sentence: str, scanner: "_Scanner", lead: re.Match[str]
    ) -> UnreadableLine:
        if scanner.place == lead.end():
            scanner.take(_NUMBERS)
        when, text = scanner.line[lead.end() : scanner.place], _text(lead, scanner.place)
        return UnreadableLine(sentence, when=when.strip(), text=text)

    def _instant(self, scanner: "_Scanner", is_about: bool) -> Instant | None:
        if after := scanner.take(_AFTER):
            return self._after(after, is_about) if scanner.at_edge() else None
        day = self._take_day(scanner)
        is_about = bool(scanner.take(_ABOUT)) or is_about
        start = self._side(scanner, day)
        if start is None:
            self._keep_heading(scanner, day)
            return None
        end = self._end(scanner, start)
        day = start.day or self._take_day_behind(scanner) or self._day_of(start, end)
        is_about = is_about or start.is_about or (end is not None and end.is_about)
        return self._parse(start, end, day, is_about)

    def _take_day(self, scanner: "_Scanner") -> date | None:
        near = self.before.at.date() if self.before else None
        found = read_day(scanner.line, scanner.place, near=near)
        if found is None:
            return None
        day, scanner.place = found
        return day

    def _take_day_behind(self, scanner: "_Scanner") -> date | None:
        """The day of "10:42 UTC on 14 November 2026"."""
        place = scanner.place
        day = self._take_day(scanner) if scanner.take(_DAY_BEHIND) else None
        if day is None or not scanner.at_edge():
            scanner.place = place
            return None
        if "(" in scanner.line[place : scanner.place] and scanner.rest.startswith(")"):
            scanner.place += 1
        return day

    def _keep_heading(self, scanner: "_Scanner", day: date | None) -> None:
        """A day without a time: alone on its line it holds for the lines that follow.

        In front of a sentence ("May 5 was the last drill") it is a part of it.
        """
        if day is None:
            return
        rest = scanner.rest.strip(_MARKS_AROUND_A_DAY)
        if not rest:
            self.day = day
        elif _MEANT_AS_A_TIME.match(scanner.rest) or str(day) in scanner.line:
            self.day = day
            raise UnreadableInstant(
                f"This has a day and no time. Write it like {day} 12:00, or ~12:00 if you are not "
                "sure."
            )

    def _side(self, scanner: "_Scanner", day: date | None) -> _Side | None:
        start = scanner.place
        joint = scanner.take(_DAY_TO_CLOCK) if day else None
        is_about = bool(scanner.take(_ABOUT))
        found = scanner.take(_CLOCK)
        if found is None:
            scanner.place = start
            return None
        clock = _clock(found)
        zone, tail = self._take_zone(scanner, day or self._likely_day, clock, joint)
        if not scanner.at_edge():
            scanner.place = start
            return None
        return _Side(day, clock, found["second"] is not None, zone, tail, is_about)

    def _end(self, scanner: "_Scanner", start: _Side) -> _Side | None:
        place = scanner.place
        if scanner.take(_TO):
            end = self._side(scanner, self._take_day(scanner))
            if end:
                return end
        scanner.place = place
        return None

    @property
    def _likely_day(self) -> date | None:
        before = self.before.at.astimezone(self.zone).date() if self.before else None
        return self.day or before

    def _take_zone(
        self, scanner: "_Scanner", day: date | None, clock: time, joint: re.Match[str] | None
    ) -> tuple[ZoneInfo, str]:
        """The zone of the time, and the offset behind it as parse_instant reads it.

        A short name (PST) counts where it is what the zone of the COE is called at that time.
        """
        is_iso = joint is not None and joint.group() in ("T", "t")
        if found := scanner.take(_ISO_OFFSET) if is_iso else None:
            return self.zone, f" {found['offset']}"
        if found := scanner.take(_SHORT_NAME):
            return self.zone, self._offset_called(found["name"], day, clock)
        found = scanner.take(_ZONE)
        if found is None:
            return self.zone, ""
        if found["place"]:
            if not is_zone(found["place"]):
                raise UnreadableInstant(f"There is no zone called {found['place']}.")
            return ZoneInfo(found["place"]), ""
        if found["from_utc"]:
            hours, _, minutes = found["from_utc"][1:].partition(":")
            return self.zone, f" {found['from_utc'][0]}{int(hours):02}:{minutes or '00'}"
        return self.zone, f" {found['offset'].strip()}" if found["offset"] else " UTC"

    def _offset_called(self, name: str, day: date | None, clock: time) -> str:
        if day is None:
            return f" {name}"
        for fold in (0, 1):
            local = datetime.combine(day, clock, self.zone).replace(fold=fold)
            if local.tzname() == name:
                return f" {local:%z}"
        return f" {name}"

    def _parse(self, start: _Side, end: _Side | None, day: date | None, is_about: bool) -> Instant:
        shown = f"{day} " if day else ""
        text = f"{'~' if is_about else ''}{shown}{start.clock_text}{start.tail}"
        if end:
            end_day = f"{end.day} " if end.day else ""
            text += f" - {end_day}{end.clock_text}{end.tail}"
        return parse_instant(text, zone=start.zone, day=day)

    def _day_of(self, start: _Side, end: _Side | None) -> date | None:
        """The day of a time without a date: see the rule at the top."""
        side = end if end and not start.tail else start
        if self.day or self.before is None:
            return self.day
        local = self.before.at.astimezone(_tzinfo(side))
        earlier = local.replace(tzinfo=None) - datetime.combine(local.date(), start.clock)
        passed_midnight = earlier > LONGEST_OVERNIGHT
        return local.date() + timedelta(days=1) if passed_midnight else local.date()

    def _after(self, found: re.Match[str], is_about: bool) -> Instant:
        if self.before is None:
            raise UnreadableInstant(
                f"{found.group().strip()} counts from the entry before, and there is none. "
                "Write the time."
            )
        days, hours, minutes, seconds = (int(group or 0) for group in found.groups())
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        at = (self.before.end or self.before.at) + step
        if at > LATEST:
            raise UnreadableInstant(f"{found.group().strip()} is too far away. Check it.")
        is_exact = found[4] is not None or self.before.precision is Precision.SECOND
        if is_about or self.before.is_about:
            return Instant(at, Precision.ABOUT)
        return Instant(at, Precision.SECOND if is_exact else Precision.MINUTE)


class _Scanner:
    """A place in a line."""

    def __init__(self, line: str, place: int) -> None:
        self.line, self.place = line, place

    @property
    def rest(self) -> str:
        return self.line[self.place :]

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.line, self.place)
        if found:
            self.place = found.end()
        return found

    def at_edge(self) -> bool:
        """Whether the time ends here, and is no part of a word, a share or a version."""
        return _EDGE.match(self.line, self.place) is not None


def read_line(text: str, *, zone: ZoneInfo, before: Instant | None) -> Line:
    """The entry that one line is; `before` is the entry that it follows.

    Raises `UnreadableLine`, with a sentence, if it has no time that can be read or no words.
    """
    line = LineReader(zone=zone, before=before).read(text)
    if line is None:
        raise UnreadableLine("Start with the time, like 10:42 alarm fired.", text=text)
    if not line.text:
        raise UnreadableLine("Say what happened, behind the time.")
    return line


def read_when(text: str, *, zone: ZoneInfo, before: Instant | None) -> Instant:
    """The time that `text` is, and nothing else. Raises `UnreadableLine`."""
    line = LineReader(zone=zone, before=before).read(text)
    if line is None or line.text:
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        raise UnreadableLine(
            f"“{shown}” is not a time that can be read. Write it like 10:42, ~10:42, 10:42-10:55, "
            "+5m or 2026-11-14 10:42."
        )
    return line.instant


def _clock(found: re.Match[str]) -> time:
    """The time of day; 9:37 pm is 21:37."""
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    half = (found["half"] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half == "a" and hour > 12:
        raise UnreadableInstant(f"{found.group()} is after noon. Write it without the am.")
    try:
        return time(hour, minute, second)
    except ValueError:
        raise UnreadableInstant(
            f"{found.group()} is not a time of day: hours go from 00 to 23, minutes and seconds "
            "from 00 to 59."
        ) from None


def _tzinfo(side: _Side) -> tzinfo:
    """What the date of a time is counted in: the offset behind it, else its zone."""
    if side.tail == " UTC":
        return UTC
    written = re.fullmatch(r" ([+−-])(\d\d):?(\d\d)", side.tail)
    if written is None:
        return side.zone
    size = timedelta(hours=int(written[2]), minutes=int(written[3]))
    return timezone(size if written[1] == "+" else -size)


def _text(lead: re.Match[str], place: int) -> str:
    """What stands behind the time, without the marks that close or part it from the time."""
    rest = lead.string[place:]
    for mark in "|", "#":
        if mark in lead.group():
            rest = rest.rstrip().rstrip(mark)
    opened = re.findall(r"\*\*|__|`|\[|\(", lead["open"])
    closed = "".join(_CLOSERS[each] for each in reversed(opened))
    closing = re.match(rf"\s*+[:,.]?\s*+{re.escape(closed)}", rest) if closed else None
    if closing:
        rest, opened = rest[closing.end() :], []
    separator = _SEPARATOR.match(rest)
    assert separator
    kept = "".join(each for each in opened if each in ("**", "__", "`"))
    return (kept + rest[separator.end() :]).strip()

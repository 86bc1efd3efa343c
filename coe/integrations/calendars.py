"""A calendar as RFC 5545 writes it. Pure: the same days are the same bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

MOST_OCTETS = 75
"""Of a line without its end (RFC 5545, 3.1)."""


@dataclass(frozen=True, slots=True)
class Day:
    """Something due on a day, wherever one is: `uid` of the COE `document`."""

    document: UUID
    uid: UUID
    on: date
    title: str
    text: str
    link: str
    made_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    name: str
    days: tuple[Day, ...]

    def written(self) -> bytes:
        return "".join(_folded(line) for line in self._lines()).encode()

    def _lines(self) -> Iterator[str]:
        yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//COE//Action items//EN")
        yield from ("CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_text(self.name)}")
        yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
        for day in self.days:
            yield from _event(day)
        if not self.days:
            yield from UTC_ALONE
        yield "END:VCALENDAR"


UTC_ALONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""A calendar holds at least one component; this one says nothing."""


def _event(day: Day) -> Iterator[str]:
    """How often it was changed nobody counts: SEQUENCE is how many seconds after the promise it
    was changed last, which grows with each change as well."""
    changed = _moment(day.changed_at)
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid5(day.document, str(day.uid))}"
    yield f"DTSTAMP:{changed}"
    yield f"CREATED:{_moment(day.made_at)}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{max(int((day.changed_at - day.made_at).total_seconds()), 0)}"
    yield f"DTSTART;VALUE=DATE:{_date(day.on)}"
    if day.on < date.max:
        yield f"DTEND;VALUE=DATE:{_date(day.on + timedelta(days=1))}"
    yield f"SUMMARY:{_text(day.title)}"
    yield f"DESCRIPTION:{_text(day.text)}"
    yield f"URL:{day.link}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _date(on: date) -> str:
    return on.isoformat().replace("-", "")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A TEXT value: one line, in which what would end it is escaped (3.3.11)."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which cuts a character in two (3.1)."""
    pieces, piece, room = [], "", MOST_OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", MOST_OCTETS - 1
        piece += character
        room -= size
    return "\r\n ".join([*pieces, piece]) + "\r\n"

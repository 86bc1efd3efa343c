"""The timeline as it is read: its rows with what is odd about them, and the gaps between.

Pure: what stands in the tables comes in, and so does the clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from coe.text.durations import describe_duration
from coe.text.instants import Instant, Precision, format_instant, local_day
from coe.timeline.models import Entry

LONGEST_GAP = timedelta(minutes=15)
"""A pause that needs no explanation. The craft asks for one when nothing is written for longer."""
LONGEST_RUN_UP = timedelta(hours=24)
"""How far before the start of impact a first related event usually is, a deployment for example."""

IN_THE_FUTURE = "In the future"
OUT_OF_ORDER = "Earlier than the entry above"
AFTER_RESOLVED = "After it was resolved"
LONG_BEFORE = "More than 24 h before impact started"


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause between two entries that nothing is written about.

    `line` is the beginning of a line that explains it, from `start` to the end of the pause; a
    time without a date in it is read as following `start`.
    """

    seconds: int
    is_about: bool
    start: Instant
    line: str

    @property
    def words(self) -> str:
        length = describe_duration(self.seconds, about=self.is_about)
        return f"{length[0].upper()}{length[1:]} without an entry"


@dataclass(frozen=True, slots=True)
class Row:
    """An entry where it is shown: `gap` stands above it, `remarks` are sentences beside it."""

    entry: Entry
    instant: Instant
    day: str
    gap: Gap | None
    remarks: tuple[str, ...]

    @property
    def is_out_of_order(self) -> bool:
        return OUT_OF_ORDER in self.remarks


@dataclass(frozen=True, slots=True)
class Run:
    """Rows that are shown one right below the other.

    `gap` is the pause above the first of them; `day` is the day that begins with it, if one does.
    """

    gap: Gap | None
    day: str
    rows: tuple[Row, ...]

    @property
    def first(self) -> Entry:
        return self.rows[0].entry


def runs(found: Iterable[Row], *, alone: UUID | None) -> list[Run]:
    """The rows in their order, parted by days and gaps; the entry `alone` is a run of its own."""
    parted: list[tuple[str, list[Row]]] = []
    day, joins = "", False
    for row in found:
        is_alone = row.entry.uid == alone
        if joins and row.day == day and not row.gap and not is_alone:
            parted[-1][1].append(row)
        else:
            parted.append((row.day if row.day != day else "", [row]))
        day, joins = row.day, not is_alone
    return [Run(group[0].gap, begins, tuple(group)) for begins, group in parted]


def rows(
    entries: Iterable[Entry], *, zone: ZoneInfo, now: datetime, milestones: Mapping[str, Instant]
) -> list[Row]:
    """The entries in their order, as they are shown in `zone`.

    `milestones` are those that are recorded, by kind.
    """
    found: list[Row] = []
    reached: Instant | None = None
    for entry in entries:
        instant = entry.happened
        before = found[-1].instant if found else None
        remarks = _remarks(instant, before, now=now, milestones=milestones)
        gap = _gap(reached, instant, zone) if reached else None
        found.append(Row(entry, instant, local_day(instant, zone), gap, remarks))
        if reached is None or _end(instant) > _end(reached):
            reached = instant
    return found


def _remarks(
    instant: Instant, before: Instant | None, *, now: datetime, milestones: Mapping[str, Instant]
) -> tuple[str, ...]:
    started, resolved = milestones.get("impact_started"), milestones.get("resolved")
    if started and resolved and resolved.at < started.at:
        resolved = None  # the pair is reversed, which the milestones say once
    held = {
        OUT_OF_ORDER: before is not None and instant.at < before.at,
        IN_THE_FUTURE: instant.at > now,
        LONG_BEFORE: started is not None and instant.at < started.at - LONGEST_RUN_UP,
        AFTER_RESOLVED: resolved is not None and instant.at > _end(resolved),
    }
    return tuple(sentence for sentence, holds in held.items() if holds)


def _gap(reached: Instant, instant: Instant, zone: ZoneInfo) -> Gap | None:
    """The pause between what was told before and `instant`, if it needs an explanation."""
    start = _end(reached)
    pause = instant.at - start
    if pause <= LONGEST_GAP:
        return None
    is_exact = bool(start.second or instant.at.second)
    whole = Instant(start, Precision.SECOND if is_exact else Precision.MINUTE, instant.at)
    is_about = reached.is_about or instant.is_about
    begin = replace(whole, end=None)
    return Gap(int(pause.total_seconds()), is_about, begin, f"{_short(whole, zone)} ")


def _short(span: Instant, zone: ZoneInfo) -> str:
    """The span as it is typed, without its day where it begins and ends on the same."""
    written = format_instant(span, zone)
    is_one_day = " - " not in written
    return written.partition(" ")[2] if is_one_day else written


def _end(instant: Instant) -> datetime:
    return instant.end or instant.at

"""What happened when: the milestones, and one history of entries and milestones."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from coe.incidents.models import Milestone
from coe.snapshots.snapshot import EntryValue, Snapshot
from coe.text.instants import Instant, offset_label
from coe.timeline.models import Entry

LONG_TEXT = 900


@dataclass(frozen=True, slots=True)
class Moment:
    """A milestone; `day` is that of its instant in the zone of the COE."""

    kind: str
    label: str
    state: str
    instant: Instant | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the timeline: an entry, milestones, or an entry at the instant of milestones.

    `kind` is empty where the author gave none, and where it is not an entry.
    """

    instant: Instant
    since: int | None
    milestones: tuple[str, ...]
    entry: EntryValue | None
    kind: str

    @property
    def is_before_impact(self) -> bool:
        return self.since is not None and self.since < 0

    @property
    def distance(self) -> int | None:
        """Seconds between the start of impact and this row, whichever came first."""
        return None if self.since is None else abs(self.since)

    @property
    def is_long(self) -> bool:
        """Whether it is so long that it should rather be divided between pages than moved."""
        text = self.entry.text if self.entry else ""
        return len(text) > LONG_TEXT or text.count("\n") > LONG_TEXT // 60


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day in the zone of the COE."""

    day: date
    lines: tuple[Line, ...]


def moments_of(snapshot: Snapshot) -> tuple[Moment, ...]:
    """The milestones in the order they are recorded in, known or not."""
    return tuple(
        Moment(
            kind=each.kind,
            label=str(Milestone.Kind(each.kind).label),
            state=str(Milestone.State(each.state).label),
            instant=each.instant,
            day=day_of(each.instant.at, snapshot) if each.instant else None,
        )
        for each in snapshot.milestones
    )


def days_of(snapshot: Snapshot) -> tuple[Day, ...]:
    """Entries and milestones as one history, oldest first."""
    days: dict[date, list[Line]] = {}
    for line in _lines(snapshot):
        days.setdefault(day_of(line.instant.at, snapshot), []).append(line)
    return tuple(Day(day, tuple(lines)) for day, lines in days.items())


def day_of(at: datetime, snapshot: Snapshot) -> date:
    """The day of `at` in the zone of the COE."""
    return at.astimezone(ZoneInfo(snapshot.zone)).date()


def offset_of(snapshot: Snapshot) -> str:
    """How far the zone is from UTC at the times shown, where its name does not say it.

    "UTC-08:00"; two where the clocks changed between the times.
    """
    shown = [each.instant for each in snapshot.entries] + list(snapshot.instants().values())
    zone = ZoneInfo(snapshot.zone)
    labels = (offset_label(at, zone) for at in sorted(instant.at for instant in shown))
    return " and ".join(label for label in dict.fromkeys(labels) if label != snapshot.zone)


def _lines(snapshot: Snapshot) -> list[Line]:
    """Oldest first; what is simultaneous stands in the author's order."""
    recorded = snapshot.instants()
    start = recorded.get(Milestone.Kind.IMPACT_STARTED)
    hosts = _hosts(snapshot)
    lines = [
        Line(
            instant=entry.instant,
            since=_seconds(start, entry.instant),
            milestones=tuple(_label(kind) for kind in recorded if hosts.get(kind) == entry.uid),
            entry=entry,
            kind=str(Entry.Kind(entry.kind).label) if entry.kind else "",
        )
        for entry in snapshot.entries
    ]
    alone: dict[datetime, list[str]] = {}
    for kind in recorded.keys() - hosts.keys():
        alone.setdefault(recorded[kind].at, []).append(kind)
    for kinds in alone.values():
        ordered = [kind for kind in recorded if kind in kinds]
        instant = recorded[ordered[-1]]
        labels = tuple(map(_label, ordered))
        lines.append(Line(instant, _seconds(start, instant), labels, None, ""))
    return sorted(lines, key=lambda line: line.instant.at)


def _hosts(snapshot: Snapshot) -> dict[str, UUID]:
    """The milestones that share the row of an entry: of the one that marks it, else of the first
    at its instant."""
    marking = {each.milestone: each.uid for each in snapshot.entries if each.milestone}
    first_at: dict[datetime, UUID] = {}
    for entry in snapshot.entries:
        first_at.setdefault(entry.instant.at, entry.uid)
    found = {
        kind: marking.get(kind) or first_at.get(instant.at)
        for kind, instant in snapshot.instants().items()
    }
    return {kind: uid for kind, uid in found.items() if uid}


def _label(kind: str) -> str:
    return str(Milestone.Kind(kind).label)


def _seconds(start: Instant | None, instant: Instant) -> int | None:
    return None if start is None else int((instant.at - start.at).total_seconds())

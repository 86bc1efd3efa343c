"""Entries and milestones of a snapshot as one history: what shares a row, and in which order."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coe.incidents.models import Milestone
from coe.snapshots.snapshot import EntryValue, Snapshot
from coe.text.instants import Instant
from coe.timeline.models import Entry

LONG_TEXT = 900


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


def lines_of(snapshot: Snapshot) -> list[Line]:
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

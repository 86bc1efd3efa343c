"""What happened when: the milestones, and one history of entries and milestones."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from coe.incidents.models import Milestone
from coe.snapshots.lines import Line, lines_of
from coe.snapshots.snapshot import Snapshot
from coe.text.instants import Instant, offset_label


@dataclass(frozen=True, slots=True)
class Moment:
    """A milestone; `day` is that of its instant in the zone of the COE."""

    kind: str
    label: str
    state: str
    instant: Instant | None
    day: date | None


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
    for line in lines_of(snapshot):
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

"""A COE arranged for reading on paper: what is numbered, ordered and cross-referenced.

Pure: a Printable in, values for the template out. Causes are numbered C1, C2, ... as they stand
on the page and corrections A1, A2, ... in the author's order; the numbers hold within one
document only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from coe.actions.models import ActionItem, Priority
from coe.documents.models import SectionSlug, State
from coe.incidents.durations import Duration, durations
from coe.incidents.models import Milestone, Severity
from coe.snapshots.printable import Printable, PromiseValue
from coe.snapshots.snapshot import ActionValue, CauseValue, EntryValue, Snapshot
from coe.text.instants import Instant, offset_label
from coe.whys.models import Cause

DEEPEST_CAUSE = 6
"""Causes further down are drawn at this depth and say which cause they explain."""
FEWEST_IN_FRONT = 3
LONG_TEXT = 900


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to a numbered row of the same document."""

    number: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A milestone; `day` is that of its instant in the zone of the COE."""

    label: str
    state: str
    instant: Instant | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the timeline: an entry, milestones, or an entry at the instant of milestones."""

    instant: Instant
    since: int | None
    milestones: tuple[str, ...]
    entry: EntryValue | None

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


@dataclass(frozen=True, slots=True)
class CauseNode:
    """A cause where it is drawn, under its primary effect.

    `explains` are the effects that its place does not show; `answers` the corrections against it.
    One that `is_displaced` is drawn higher up than under its primary effect.
    """

    reference: Reference
    cause: CauseValue
    kind: str
    confidence: str
    is_hypothesis: bool
    is_displaced: bool
    explains: tuple[Reference, ...]
    answers: tuple[Reference, ...]
    children: tuple["CauseNode", ...]


@dataclass(frozen=True, slots=True)
class Correction:
    reference: Reference
    action: ActionValue
    priority: str
    kind: str
    cause: Reference | None


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise as of the day, and the correction of this text that made it, if it has one."""

    promise: PromiseValue
    correction: Reference | None


@dataclass(frozen=True, slots=True)
class Report:
    printable: Printable
    standing: str
    watermark: str
    severity: str
    offset: str
    as_of: date
    published_on: date | None
    moments: tuple[Moment, ...]
    durations: tuple[Duration, ...]
    days: tuple[Day, ...]
    causes: tuple[CauseNode, ...]
    corrections: tuple[Correction, ...]
    commitments: tuple[Commitment, ...]

    @property
    def is_front_one_page(self) -> bool:
        """Whether title and summary leave room on the first page for a few corrections."""
        return _rows_in_front(self.printable.snapshot) >= FEWEST_IN_FRONT

    @property
    def front_corrections(self) -> tuple[Correction, ...]:
        """As many as the first page has room for, at least a few."""
        fitting = max(FEWEST_IN_FRONT, _rows_in_front(self.printable.snapshot))
        return self.corrections[:fitting]

    @property
    def further_corrections(self) -> int:
        return len(self.corrections) - len(self.front_corrections)


def report(printable: Printable) -> Report:
    """Everything that the printed COE shows beside the author's own fields."""
    snapshot, published_at = printable.snapshot, printable.envelope.published_at
    numbers = _action_references(snapshot)
    causes = _CauseTree(snapshot, numbers)
    nodes = causes.nodes()
    return Report(
        printable=printable,
        standing=_standing(printable),
        watermark="" if printable.is_published else f"{_state(printable)}, not published",
        severity=str(Severity(snapshot.severity).label),
        offset=_offset(snapshot),
        as_of=_day(printable.as_of, snapshot),
        published_on=_day(published_at, snapshot) if published_at else None,
        moments=_moments(snapshot),
        durations=durations(snapshot.instants()),
        days=_days(snapshot),
        causes=nodes,
        corrections=_corrections(snapshot, numbers, causes.references),
        commitments=tuple(
            Commitment(promise, numbers.get(promise.uid)) for promise in printable.promises
        ),
    )


def _state(printable: Printable) -> str:
    return str(State(printable.envelope.state).label)


def _standing(printable: Printable) -> str:
    version = printable.envelope.version
    return _state(printable) if version is None else f"Version {version}"


def _rows_in_front(snapshot: Snapshot) -> int:
    """How many corrections fit below title and summary on the first page, by estimate.

    In lines of summary: the page has 26 below a title of one line, a line takes 95 characters,
    a further line of the title two, a correction one and a half to two.
    """
    summary = snapshot.section(SectionSlug.SUMMARY).splitlines()
    lines = sum(1 + len(line) // 95 if line else 0.5 for line in summary)
    lines += 2 * (len(snapshot.title) // 56)
    return int((26 - lines) // 1.8)


# Time


def _seconds_since(start: Instant | None, instant: Instant | None) -> int | None:
    if start is None or instant is None:
        return None
    return int((instant.at - start.at).total_seconds())


def _moments(snapshot: Snapshot) -> tuple[Moment, ...]:
    return tuple(
        Moment(
            label=str(Milestone.Kind(each.kind).label),
            state=str(Milestone.State(each.state).label),
            instant=each.instant,
            day=_day(each.instant.at, snapshot) if each.instant else None,
        )
        for each in snapshot.milestones
    )


def _lines(snapshot: Snapshot) -> list[Line]:
    """Entries and milestones as one history, oldest first; what is simultaneous shares a row."""
    recorded = snapshot.instants()
    start = recorded.get(Milestone.Kind.IMPACT_STARTED)
    marks: dict[datetime, list[str]] = {}
    instants: dict[datetime, Instant] = {}
    for kind, instant in recorded.items():
        marks.setdefault(instant.at, []).append(str(Milestone.Kind(kind).label))
        instants[instant.at] = instant
    lines = [
        Line(each.instant, _seconds_since(start, each.instant), _taken(marks, each), each)
        for each in sorted(snapshot.entries, key=lambda entry: entry.instant.at)
    ]
    lines += [
        Line(instants[at], _seconds_since(start, instants[at]), tuple(labels), None)
        for at, labels in marks.items()
    ]
    return sorted(lines, key=lambda line: line.instant.at)


def _taken(marks: dict[datetime, list[str]], entry: EntryValue) -> tuple[str, ...]:
    """The milestones at the instant of `entry`, which no other row shows from now on."""
    return tuple(marks.pop(entry.instant.at, ()))


def _days(snapshot: Snapshot) -> tuple[Day, ...]:
    days: dict[date, list[Line]] = {}
    for line in _lines(snapshot):
        days.setdefault(_day(line.instant.at, snapshot), []).append(line)
    return tuple(Day(day, tuple(lines)) for day, lines in days.items())


def _day(at: datetime, snapshot: Snapshot) -> date:
    return at.astimezone(ZoneInfo(snapshot.zone)).date()


def _offset(snapshot: Snapshot) -> str:
    """How far the zone is from UTC at the times shown, where its name does not say it.

    "UTC-08:00"; two where the clocks changed between the times.
    """
    shown = [each.instant for each in snapshot.entries] + list(snapshot.instants().values())
    zone = ZoneInfo(snapshot.zone)
    labels = (offset_label(at, zone) for at in sorted(instant.at for instant in shown))
    return " and ".join(label for label in dict.fromkeys(labels) if label != snapshot.zone)


# Causes


class _CauseTree:
    """Numbers the causes from the impact down and draws each once, under its primary effect."""

    def __init__(self, snapshot: Snapshot, actions: Mapping[UUID, Reference]) -> None:
        self.by_uid = {cause.uid: cause for cause in snapshot.causes}
        self.below: dict[UUID | None, list[CauseValue]] = {}
        for cause in snapshot.causes:
            self.below.setdefault(self._primary(cause), []).append(cause)
        self.answers: dict[UUID, list[Reference]] = {}
        for action in snapshot.actions:
            if action.cause:
                self.answers.setdefault(action.cause, []).append(actions[action.uid])
        self.references: dict[UUID, Reference] = {}
        self.places = self._places()

    def nodes(self) -> tuple[CauseNode, ...]:
        return self._level(None)

    def _primary(self, cause: CauseValue) -> UUID | None:
        return next((uid for uid in cause.explains if uid in self.by_uid), None)

    def _places(self) -> dict[UUID | None, list[CauseValue]]:
        """What is drawn under what, numbered in reading order; no deeper than DEEPEST_CAUSE."""
        places: dict[UUID | None, list[CauseValue]] = {}
        for cause, parent in self._walk():
            number = len(self.references) + 1
            self.references[cause.uid] = Reference(f"C{number}", f"cause-{cause.uid}")
            places.setdefault(parent, []).append(cause)
        return places

    def _walk(self) -> Iterator[tuple[CauseValue, UUID | None]]:
        """Each cause once with the cause it is drawn under; without recursion, for any depth."""
        waiting: list[tuple[CauseValue, tuple[UUID, ...]]] = [
            (cause, ()) for cause in reversed(self.below.get(None, []))
        ]
        while waiting:
            cause, path = waiting.pop()
            yield cause, path[-1] if path else None
            path = (*path, cause.uid)[: DEEPEST_CAUSE - 1]
            waiting += [(each, path) for each in reversed(self.below.get(cause.uid, []))]

    def _level(self, parent: UUID | None) -> tuple[CauseNode, ...]:
        return tuple(self._node(cause, parent) for cause in self.places.get(parent, ()))

    def _node(self, cause: CauseValue, parent: UUID | None) -> CauseNode:
        effects = [uid for uid in cause.explains if uid in self.references and uid != parent]
        return CauseNode(
            reference=self.references[cause.uid],
            cause=cause,
            kind=str(Cause.Kind(cause.kind).label) if cause.kind else "",
            confidence=str(Cause.Confidence(cause.confidence).label),
            is_hypothesis=cause.confidence == Cause.Confidence.HYPOTHESIS,
            is_displaced=self._primary(cause) != parent,
            explains=tuple(self.references[uid] for uid in effects),
            answers=tuple(self.answers.get(cause.uid, ())),
            children=self._level(cause.uid),
        )


# Corrections


def _action_references(snapshot: Snapshot) -> dict[UUID, Reference]:
    return {
        action.uid: Reference(f"A{number}", f"action-{action.uid}")
        for number, action in enumerate(snapshot.actions, 1)
    }


def _corrections(
    snapshot: Snapshot, numbers: Mapping[UUID, Reference], causes: Mapping[UUID, Reference]
) -> tuple[Correction, ...]:
    return tuple(
        Correction(
            reference=numbers[action.uid],
            action=action,
            priority=str(Priority(action.priority).label),
            kind=str(ActionItem.Kind(action.kind).label) if action.kind else "",
            cause=causes.get(action.cause) if action.cause else None,
        )
        for action in snapshot.actions
    )

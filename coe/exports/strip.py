"""The milestones as a strip: each where it belongs on a scale of time, and named below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from coe.exports.columns import Column, columns_for
from coe.exports.course import Moment
from coe.incidents.durations import Duration
from coe.incidents.models import Milestone
from coe.text.durations import describe_duration
from coe.text.instants import Instant, local_clock, local_day

EDGE = 1.0
"""Percent that the first and the last mark stand away from the ends, so that they are whole."""
PHASES = {
    "undetected": Milestone.Kind.DETECTED,
    "unmitigated": Milestone.Kind.MITIGATED,
    "unresolved": Milestone.Kind.RESOLVED,
}
"""What the incident was until which milestone; one that is missing hands its time to the next."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A recorded milestone. `place` is its point in time in percent of the width; its words
    stand in `column`.

    `day` is None where all are of the day of the first; `duration` is the one it ends, if any.
    """

    label: str
    instant: Instant
    day: date | None
    duration: Duration | None
    place: float
    column: Column

    @property
    def took(self) -> str:
        """How long what ends here took, in words; empty where nothing ends."""
        ended = self.duration
        if ended is None or ended.seconds is None:
            return ""
        if ended.is_reversed:
            return "The end is before the start"
        if ended.seconds == 0 and not self.instant.has_seconds:
            return "within the same minute"
        return f"{describe_duration(ended.seconds, about=ended.is_about)} {ended.span.label}"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the strip between two stops, in percent."""

    name: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Absent:
    """The milestones without an instant that share a state."""

    state: str
    labels: tuple[str, ...]

    @property
    def names(self) -> str:
        """ "detected, diagnosed", to stand after the state."""
        return ", ".join(self.labels).lower()


@dataclass(frozen=True, slots=True)
class Strip:
    stops: tuple[Stop, ...]
    phases: tuple[Phase, ...]
    absent: tuple[Absent, ...]


def strip_of(moments: Sequence[Moment], taken: Sequence[Duration]) -> Strip:
    """`moments` in the order of time, to scale between the first and the last."""
    known = sorted(
        ((each.instant, each) for each in moments if each.instant),
        key=lambda pair: pair[0].at,
    )
    ended = {each.span.end: each for each in taken if each.seconds is not None}
    places = _places([instant.at for instant, _ in known])
    columns = columns_for(tuple(places))
    is_of_days = len({moment.day for _, moment in known}) > 1
    stops = tuple(
        Stop(
            label=moment.label,
            instant=instant,
            day=moment.day if is_of_days or number == 0 else None,
            duration=ended.get(moment.kind),
            place=places[number],
            column=columns[number],
        )
        for number, (instant, moment) in enumerate(known)
    )
    at = {moment.kind: place for (_, moment), place in zip(known, places, strict=True)}
    return Strip(stops, _phases(at), _absent(moments))


def in_words(strip: Strip, zone: ZoneInfo) -> str:
    """What the drawing shows, for those who hear it."""
    words = (
        f"{stop.label} {local_clock(stop.instant, zone)}"
        + (f" on {local_day(stop.instant, zone)}" if stop.day else "")
        for stop in strip.stops
    )
    return f"The milestones to scale: {', '.join(words)}"


def _places(moments: Sequence[datetime]) -> list[float]:
    """Where each of `moments`, which ascend, stands between EDGE and 100 - EDGE."""
    if not moments:
        return []
    first, whole = moments[0], (moments[-1] - moments[0]).total_seconds()
    shares = ((each - first).total_seconds() / whole if whole else 0.0 for each in moments)
    return [round(EDGE + share * (100 - 2 * EDGE), 2) for share in shares]


def _phases(at: dict[str, float]) -> tuple[Phase, ...]:
    """The stretches from one known end to the next, none of them backwards."""
    phases = []
    reached = at.get(Milestone.Kind.IMPACT_STARTED)
    for name, kind in PHASES.items():
        end = at.get(kind)
        if reached is not None and end is not None and end >= reached:
            phases.append(Phase(name, reached, end))
            reached = end
    return tuple(phases)


def _absent(moments: Sequence[Moment]) -> tuple[Absent, ...]:
    """By state, in the order in which the states first occur."""
    states = dict.fromkeys(each.state for each in moments if each.instant is None)
    return tuple(
        Absent(state, tuple(each.label for each in moments if each.state == state))
        for state in states
    )

"""What the picture of a timeline shows: moments, the phases between milestones, the gaps.

Values in the order of time, without places. Nothing is left out or put right: a phase whose
milestones are reversed stays one, and what is missing is named.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from coe.incidents.models import Milestone
from coe.pictures.lettering import plain_words
from coe.snapshots.lines import Line, lines_of
from coe.snapshots.snapshot import Snapshot
from coe.text.durations import describe_duration
from coe.text.instants import Instant, local_clock, local_day
from coe.timeline.outline import LONGEST_GAP

STAGES = {
    "impact_started": "impact",
    "detected": "detection",
    "acknowledged": "engagement",
    "mitigated": "mitigation",
    "resolved": "recovery",
}
"""The milestones that phases lie between. A diagnosis falls into one of them and divides none."""
MAY_PRECEDE = ("mitigation", "recovery")
"""Recovered before mitigated is legitimate, so that pair is not asked to be checked."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One or several lines of the timeline that share a label.

    `day` and `clock` say when it was, `texts` are the Markdown of the first and the last of them;
    `count` is of entries, more than one where they were too many to be told apart.
    """

    instants: tuple[Instant, ...]
    milestones: tuple[str, ...]
    clock: str
    day: str
    texts: tuple[str, ...]
    count: int

    @property
    def at(self) -> datetime:
        return self.instants[0].at

    @property
    def last(self) -> datetime:
        return self.instants[-1].at

    @property
    def words(self) -> str:
        """What a label says: read from Markdown only where there is a label."""
        words = [plain_words(text) for text in self.texts]
        if self.count == 1:
            return " ".join(words)
        return f"{self.count} entries, from “{words[0]}” to “{words[-1]}”"


@dataclass(frozen=True, slots=True)
class Phase:
    """From one milestone to the next that is recorded; `seconds` is negative if reversed."""

    start: str
    end: str
    instants: tuple[Instant, Instant]

    @property
    def seconds(self) -> int:
        return int((self.instants[1].at - self.instants[0].at).total_seconds())

    @property
    def is_reversed(self) -> bool:
        return self.seconds < 0

    @property
    def title(self) -> str:
        return f"{self.start} to {self.end}".capitalize()

    @property
    def words(self) -> str:
        """How long it took: "about 4 min"; a reversed pair says that it is one, and one without a
        second between that it is known to the minute."""
        if not self.seconds and not any(each.has_seconds for each in self.instants):
            return "within the same minute"
        is_about = any(each.is_about for each in self.instants)
        length = describe_duration(abs(self.seconds), about=is_about)
        if not self.is_reversed:
            return length
        check = "" if (self.start, self.end) == MAY_PRECEDE else ": check both times"
        return f"{self.end} is {length} before {self.start}{check}"


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause that nothing is written about, longer than one may be without a word."""

    start: datetime
    end: datetime
    words: str


def moments_of(snapshot: Snapshot) -> list[Moment]:
    """Entries and milestones, oldest first, those of one row together."""
    zone = ZoneInfo(snapshot.zone)
    return [_moment(line, zone) for line in lines_of(snapshot)]


def phases_of(snapshot: Snapshot) -> list[Phase]:
    """Between each two milestones that are recorded and follow each other in the field."""
    recorded = snapshot.instants()
    known = [kind for kind in STAGES if kind in recorded]
    return [
        Phase(STAGES[start], STAGES[end], (recorded[start], recorded[end]))
        for start, end in pairwise(known)
    ]


def state_in_words(state: str, *, is_published: bool) -> str:
    """What is said of a milestone in `state`, the name of one: nobody still waits for what a
    publication does not know."""
    if is_published and state == Milestone.State.PENDING.label:
        return "Not known"
    return state


def missing_milestones(snapshot: Snapshot, *, is_published: bool = False) -> str:
    """ "Acknowledged: not applicable. Diagnosed: not known yet." Empty where all are recorded."""
    states = {
        state.value: state_in_words(str(state.label), is_published=is_published).lower()
        for state in Milestone.State
    }
    return " ".join(
        f"{Milestone.Kind(each.kind).label}: {states[each.state]}."
        for each in snapshot.milestones
        if each.instant is None
    )


def gaps_of(snapshot: Snapshot) -> list[Gap]:
    """The pauses between entries that the craft asks to be explained."""
    gaps: list[Gap] = []
    reached: Instant | None = None
    for instant in sorted((each.instant for each in snapshot.entries), key=lambda each: each.at):
        if reached and instant.at - _end(reached) > LONGEST_GAP:
            is_about = reached.is_about or instant.is_about
            pause = int((instant.at - _end(reached)).total_seconds())
            words = f"{describe_duration(pause, about=is_about)} without an entry"
            gaps.append(Gap(_end(reached), instant.at, words))
        if reached is None or _end(instant) > _end(reached):
            reached = instant
    return gaps


def gathered(moments: list[Moment], most: int, zone: ZoneInfo) -> list[Moment]:
    """At most `most` moments, or as few as milestones allow: neighbours in time become one.

    Those become one that lie within the same short span, the shortest that is enough. Milestones
    stay by themselves.
    """
    short, enough = -1, int((moments[-1].at - moments[0].at).total_seconds()) if moments else 0
    groups = [[each] for each in moments]
    while len(groups) > most and enough - short > 1:
        middle = (short + enough) // 2
        if len(_within(moments, middle)) > most:
            short = middle
        else:
            enough = middle
    if len(groups) > most:
        groups = _within(moments, enough)
    return [group[0] if len(group) == 1 else _together(group, zone) for group in groups]


def _within(moments: list[Moment], seconds: int) -> list[list[Moment]]:
    groups: list[list[Moment]] = []
    for moment in moments:
        joins = (
            groups
            and not moment.milestones
            and not groups[-1][0].milestones
            and moment.at - groups[-1][0].at <= timedelta(seconds=seconds)
        )
        if joins:
            groups[-1].append(moment)
        else:
            groups.append([moment])
    return groups


def _together(group: list[Moment], zone: ZoneInfo) -> Moment:
    instants = tuple(instant for moment in group for instant in moment.instants)
    first, last = group[0], group[-1]
    clock = local_clock(Instant(first.at, instants[0].precision), zone)
    if last.at > first.at:
        until = local_clock(Instant(last.at, instants[-1].precision), zone)
        clock += f"–{until.removeprefix('about ')}"
    return Moment(instants, (), clock, first.day, first.texts + last.texts, len(group))


def _moment(line: Line, zone: ZoneInfo) -> Moment:
    return Moment(
        instants=(line.instant,),
        milestones=line.milestones,
        clock=local_clock(line.instant, zone),
        day=local_day(line.instant, zone),
        texts=(line.entry.text,) if line.entry else (),
        count=1,
    )


def _end(instant: Instant) -> datetime:
    return instant.end or instant.at

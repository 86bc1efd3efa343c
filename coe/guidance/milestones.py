"""Checks of the milestones: known, in order, and not copied from each other."""

from collections.abc import Collection, Iterator

from coe.guidance.case import Case
from coe.guidance.findings import Found, Place, check
from coe.guidance.summary import NEAR_MISS
from coe.incidents.durations import SPANS, waited_for_in_light
from coe.incidents.models import Milestone
from coe.policies.models import Part
from coe.policies.rules import Level
from coe.text.durations import describe_duration

START, DETECTED = Milestone.Kind.IMPACT_STARTED, Milestone.Kind.DETECTED
TOLD_IN = {
    Milestone.Kind.DETECTED: Part.DETECTION,
    Milestone.Kind.ACKNOWLEDGED: Part.DETECTION,
    Milestone.Kind.DIAGNOSED: Part.DIAGNOSIS,
}
"""Where an author says why a moment is not known, if nobody will ever know it."""
FIELD = "the definitions of time to detect, engage, mitigate and resolve that the field shares"


def _place(kind: str, field: str = "") -> Place:
    return Place("milestones", kind, field)


def _label(kind: str) -> str:
    return str(Milestone.Kind(kind).label)


@check(
    "COE131",
    Level.BLOCKS,
    title="The start of the impact is known",
    why="Every duration counts from it. Where it is missing, nobody can say how long it lasted.",
    source=FIELD,
    before="Impact started: not known yet.",
    after="Impact started: about 14:00, by the first failed request in the log.",
)
def start_unknown(case: Case) -> Iterator[Found]:
    for milestone in case.snapshot.milestones:
        if milestone.kind == START and milestone.state == Milestone.State.PENDING:
            yield Found(
                _place(START), "Nothing says yet when impact started. “About” will do for now."
            )


@check(
    "COE132",
    Level.REASON,
    title="The other milestones are known, or it is told why not",
    why="In one company’s published figures 22 % of incidents lacked a moment that a service level "
    "was counted from.",
    source=FIELD,
    before="Diagnosed: not known yet, and no answer on diagnosis.",
    after="Diagnosed: 15:21. Or: not known, and the answers on diagnosis say why.",
    heaviest=Level.REASON,
    is_gap=True,
)
def milestones_unknown(case: Case) -> Iterator[Found]:
    pending = [
        Milestone.Kind(each.kind)
        for each in case.snapshot.milestones
        if each.state == Milestone.State.PENDING
    ]
    for kind in pending:
        if kind != START and _is_asked(case, kind, pending) and not _is_told(case, kind):
            said = f"“{kind.label}” is not known yet. If it does not apply, say so."
            yield Found(_place(kind), said)


def _is_asked(case: Case, kind: Milestone.Kind, pending: Collection[str]) -> bool:
    """Whether a COE of this form waits for it: a light one for fewer, and for one end alone."""
    known = {each.kind for each in case.snapshot.milestones} - {*pending}
    return not case.is_light or kind in waited_for_in_light(known)


def _is_told(case: Case, kind: Milestone.Kind) -> bool:
    """Whether the part that would tell it is written; a light COE has none."""
    part = TOLD_IN.get(kind)
    if part is None or case.is_light:
        return False
    return bool(case.snapshot.answers_of(part)) and not case.unanswered[part]


@check(
    "COE133",
    Level.REASON,
    title="Milestones are in order",
    why="A reversed pair makes a negative duration: one of the two times is wrong.",
    source=FIELD,
    before="Impact started 14:21, detected 14:02.",
    after="Impact started 14:02, detected 14:21.",
    heaviest=Level.REASON,
)
def reversed_milestones(case: Case) -> Iterator[Found]:
    for span in SPANS:
        seconds = case.seconds(span.start, span.end)
        if seconds is not None and seconds < 0:
            length = describe_duration(-seconds)
            first, second = _label(span.end), _label(span.start).lower()
            said = f"“{first}” is {length} before {second}. Check both times."
            yield Found(_place(span.end), said)


@check(
    "COE134",
    Level.REASON,
    title="The start of the impact is not copied from its detection",
    why="If both are the same, time to detect is 0, and the hole in detection cannot be seen.",
    source=FIELD,
    before="Impact started 11:31, detected 11:31.",
    after="Impact started 11:20, by the graph of errors; detected 11:31.",
    heaviest=Level.REASON,
)
def start_copied(case: Case) -> Iterator[Found]:
    is_near_miss = case.snapshot.severity == NEAR_MISS
    if not is_near_miss and case.seconds(START, DETECTED) == 0:
        clock = case.clock(case.instants[START].at)
        yield Found(
            _place(START),
            f"Impact start and detection are both at {clock}. Say where the start is known from.",
        )


@check(
    "COE135",
    Level.REASON,
    title="Nothing happens in the future",
    why="A time that has not come yet is a slip of the date.",
    source="the calendar",
    before="Resolved: 3 March 2052.",
    after="Resolved: 3 March 2025.",
)
def future(case: Case) -> Iterator[Found]:
    said = "is in the future. Check its date."
    for kind, instant in case.instants.items():
        if instant.at > case.as_of:
            yield Found(_place(kind), f"“{_label(kind)}” {said}")
    for entry in case.entries:
        if not entry.milestone and entry.instant.at > case.as_of:
            clock = case.clock(entry.instant.at)
            yield Found(Place("timeline", str(entry.uid)), f"The entry at {clock} {said}")

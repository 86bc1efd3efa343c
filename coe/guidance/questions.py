"""Checks of the questions of the guide, and of what took long without an explanation."""

from collections.abc import Iterator, Mapping

from coe.guidance.case import Case
from coe.guidance.findings import Found, Mend, Place, check
from coe.guidance.impact import UNAFFECTED
from coe.guidance.milestones import DETECTED, START
from coe.incidents.models import Milestone
from coe.policies.models import Part
from coe.policies.rules import Level
from coe.text.durations import describe_duration
from coe.whys.models import Cause

DIAGNOSED, MITIGATED = Milestone.Kind.DIAGNOSED, Milestone.Kind.MITIGATED
OURS = "ours: by severity, in the guide"


@check(
    "COE151",
    Level.HINT,
    title="The questions of the guide are answered",
    why="Each question has found a correction somewhere. “Not known, because …” is an answer.",
    source="the guide",
    before="(four of four questions on mitigation empty)",
    after="How was full recovery confirmed? By the alarm that cleared at 15:54, and ten orders.",
    in_light=False,
)
def unanswered(case: Case) -> Iterator[Found]:
    """One finding for each part; what was not affected has a check of its own."""
    for part, questions in case.unanswered.items():
        left = [each for each in questions if each.slug != UNAFFECTED]
        if left:
            all_of = len(case.snapshot.answers_of(part))
            are = "is" if len(left) == 1 else "are"
            said = f"{len(left)} of {all_of} questions on {part.label.lower()} {are} not answered"
            place = Place(f"questions-{part}", left[0].slug)
            first = left[0].question
            yield Found(place, f"{said}, the first: “{first}”", about=first)


def _slow(
    case: Case, seconds: int | None, limits: Mapping[int, int], part: Part, asks: str
) -> Iterator[Found]:
    """What took longer than its limit, while no answer of `part` and no cause says why."""
    limit = limits.get(case.snapshot.severity)
    if seconds is None or limit is None or seconds <= limit * 60:
        return
    questions = case.snapshot.answers_of(part)
    is_answered = len(case.unanswered[part]) < len(questions)
    is_asked = any(each.answers == asks for each in case.roots)
    if not is_answered and not is_asked:
        length, usual = describe_duration(seconds), describe_duration(limit * 60)
        yield Found(
            Place(f"questions-{part}"),
            f"{part.label} took {length}, longer than the {usual} of the guide, and nothing says "
            "why.",
            Mend("ask_why", "Ask why", (("answers", asks),)) if asks else None,
        )


@check(
    "COE152",
    Level.REASON,
    title="A slow detection is explained",
    why="Time before detection is time in which nobody helps.",
    source=OURS,
    before="Detected 1 h 35 min in, and no answer on detection.",
    after="Why did detection take 1 h 35 min? The alarm counts all orders, and these are few.",
    in_light=False,
)
def slow_detection(case: Case) -> Iterator[Found]:
    limits, asks = case.rules.slow_detection, Cause.Asks.DETECTION
    return _slow(case, case.seconds(START, DETECTED), limits, Part.DETECTION, asks)


@check(
    "COE153",
    Level.REASON,
    title="A slow diagnosis is explained",
    why="What slowed the diagnosis down will slow the next one down as well.",
    source=OURS,
    before="Diagnosed 2 h 53 min after detection, and no answer on diagnosis.",
    after="What slowed it down? For an hour and a half the wrong system was looked at.",
    in_light=False,
)
def slow_diagnosis(case: Case) -> Iterator[Found]:
    seconds = case.seconds(DETECTED, DIAGNOSED)
    return _slow(case, seconds, case.rules.slow_diagnosis, Part.DIAGNOSIS, "")


@check(
    "COE154",
    Level.REASON,
    title="A slow mitigation is explained",
    why="How long customers are hit depends more on the mitigation than on the cause.",
    source=OURS,
    before="Mitigated after 2 h 59 min, and no answer on mitigation.",
    after="Why did mitigation take 2 h 59 min? There was no switch for the feature.",
    in_light=False,
)
def slow_mitigation(case: Case) -> Iterator[Found]:
    """Counted from detection, so that a slow detection is found once."""
    limits, asks = case.rules.slow_mitigation, Cause.Asks.MITIGATION
    seconds = case.seconds(DETECTED if DETECTED in case.instants else START, MITIGATED)
    return _slow(case, seconds, limits, Part.MITIGATION, asks)

"""Checks that what the summary says in numbers is what the fields say.

A number is compared with every field that it could mean, and with what the other texts say. It is
found only where it contradicts the field that it names, or misses one narrowly.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from coe.guidance.case import Case
from coe.guidance.clocks import Clock, clocks_in
from coe.guidance.counts import FEWEST, Count, counts_in
from coe.guidance.days import Day, days_in
from coe.guidance.facts import amount_of
from coe.guidance.findings import Found, Mend, check
from coe.guidance.lengths import Length, lengths_in
from coe.guidance.prose import NUMBER, number, sentences
from coe.guidance.summary import AWS, SUMMARY, summary_of
from coe.incidents.models import Milestone
from coe.policies.rules import Level
from coe.snapshots.snapshot import FigureValue
from coe.text.amounts import format_amount
from coe.text.durations import describe_duration

WHY = "Whoever finds one number that is wrong believes none of the others."
NEAR_MINUTES = 15
"""A time that is this near to a moment of the timeline, and not it, is a slip of it."""
HALF_HOUR = 30
NEAR_HOURS = 3
"""So is one that is whole hours off, as if read in another zone."""
LONGEST = 5_000
"""Characters of a summary that are compared: twice what the guide allows in words. What is longer
is found to be too long, and would take time that grows with its square."""
NEARBY = 80
"""Characters around a duration in which stands what it is said of."""
Pair = tuple[str, str]
SPANS: tuple[Pair, ...] = (
    ("impact_started", "resolved"),
    ("impact_started", "mitigated"),
    ("impact_started", "detected"),
    ("detected", "mitigated"),
    ("detected", "resolved"),
)
"""The durations that a summary may mean, as milestones from and to; that of the impact first."""
MINUTE, NEAR_FROM = 60, 600
"""Seconds. What is shorter than the second misses too many things narrowly."""
NAMES = {
    "impact_started": r"(?:impact|outage|incident|disruption) (?:began|started)",
    "detected": r"detected|alarms? (?:fired|went off)|we noticed|was paged|were paged",
    "acknowledged": r"acknowledged",
    "diagnosed": r"diagnosed|root cause was (?:found|identified)",
    "mitigated": r"mitigated|rolled back",
    "resolved": r"resolved|fully recovered|back to normal|returned to normal|fully restored",
}
"""The words by which prose names a milestone."""
_NAMES = {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, words in NAMES.items()}
_LASTED = re.compile(
    r"\b(?:impact|outage|incident|disruption|interruption|downtime|degradation)\b[^.,;]{0,40}?"
    r"\b(?:lasted|took|went on|continued)(?: for)?(?: a total of)?\s*$",
    re.IGNORECASE,
)
_OUTAGE = re.compile(
    r"^[\s-]*(?:long )?(?:of )?(?:total )?(?:outage|downtime|disruption|interruption)\b",
    re.IGNORECASE,
)
_FOR = re.compile(r"\bfor(?: a total of)?\s*$", re.IGNORECASE)
_SUFFERED = re.compile(
    r"\b(?:could ?n[o’']t|were unable|was unable|unavailable|failed|(?:was|were) down|unreachable|"
    r"(?:saw|got|received) errors?|nobody could|no \w+ could)\b",
    re.IGNORECASE,
)
_ITEMS = re.compile(
    rf"\b(?P<before>\w+\s+)?(?P<number>{NUMBER})\s+(?:corrective actions?|action items?)\b",
    re.IGNORECASE,
)
_PART = {"first", "last", "other", "further", "next", "these", "those", "the", "of", "more"}
"""Words before a number of action items that say that it is a part of them."""


def _told(case: Case) -> str:
    """The words of the summary, as many as are compared."""
    return summary_of(case)[:LONGEST]


@check(
    "COE111",
    Level.REASON,
    title="Times in the summary agree with the timeline",
    why=WHY,
    source=AWS,
    before="“It was detected at 14:12”, where the milestone says 14:21.",
    after="“It was detected at 14:21.”",
)
def wrong_times(case: Case) -> Iterator[Found]:
    for sentence, clock in _unknown_clocks(case):
        if kind := _milestone_meant(case, sentence):
            right = case.clock(case.instants[kind].at)
            label = Milestone.Kind(kind).label
            yield Found(
                SUMMARY,
                f"“{clock.words}” in the summary, but “{label}” is recorded at {right}.",
                Mend("copy_time", f"Write {right}", (("old", clock.words), ("new", right))),
            )
        elif near := _nearest(case, clock):
            yield Found(
                SUMMARY,
                f"“{clock.words}” in the summary, but what is nearest to it on the timeline "
                f"happened at {case.clock(near)}.",
            )


def _unknown_clocks(case: Case) -> Iterator[tuple[str, Clock]]:
    """The times of the summary at which nothing happened, each with its sentence."""
    facts = case.facts
    if not facts.moments:
        return
    for sentence in sentences(_told(case)):
        for clock in clocks_in(sentence):
            if clock.is_clear and not facts.knows_clock(clock):
                yield sentence, clock


def _milestone_meant(case: Case, sentence: str) -> str | None:
    """The one recorded milestone that a sentence with one time names."""
    kinds = [kind for kind, words in _NAMES.items() if words.search(sentence)]
    is_one = len(kinds) == 1 and len(clocks_in(sentence)) == 1
    return kinds[0] if is_one and kinds[0] in case.instants else None


def _nearest(case: Case, clock: Clock) -> datetime | None:
    """The moment that a time misses narrowly, or by whole hours less than four. Half and full
    hours are said of schedules too, so that they miss nothing."""
    if clock.minute % HALF_HOUR == 0:
        return None
    missed = [(clock.minutes_from(at, case.zone), at) for at in case.facts.moments]
    near = [
        (apart, at)
        for apart, at in missed
        if apart <= NEAR_MINUTES or (apart % 60 == 0 and apart <= NEAR_HOURS * 60)
    ]
    return min(near)[1] if near else None


@check(
    "COE112",
    Level.REASON,
    title="The summary names a day of the incident",
    why=WHY,
    source=AWS,
    before="“On 18 October 2025”, where the timeline is of 18 November.",
    after="“On 18 November 2025”",
)
def wrong_day(case: Case) -> Iterator[Found]:
    """A day by which something will be done is none of the incident."""
    due = {each.due_on for each in case.snapshot.actions if each.due_on}
    facts = case.facts
    days = [day for day in days_in(_told(case)) if not any(map(day.is_on, due))]
    if not facts.days or not days:
        return
    first = min(facts.days)
    for day in days:
        if any(day.differs_in_year(each) for each in facts.days):
            said = f"“{day.words}” in the summary, but the timeline is of {first.year}."
            yield Found(SUMMARY, said)
            return
    if not any(facts.knows_day(day) for day in days):
        said = f"“{days[0].words}” in the summary, but the timeline begins on "
        yield Found(SUMMARY, f"{said}{first.day} {first:%B %Y}.")


@check(
    "COE113",
    Level.REASON,
    title="Durations in the summary agree with the milestones",
    why=WHY,
    source=AWS,
    before="“The outage lasted 40 minutes”, where impact started at 14:02 and ended at 15:54.",
    after="“The outage lasted 1 h 52 min.”",
)
def wrong_durations(case: Case) -> Iterator[Found]:
    for sentence in sentences(_told(case)):
        for length in lengths_in(sentence):
            if pair := _contradicted(case, sentence, length):
                yield from _duration_instead(case, length, pair)


def _contradicted(case: Case, sentence: str, length: Length) -> Pair | None:
    """The milestones whose duration is another than `length` says, None where it says none."""
    before = sentence[max(length.span.start - NEARBY, 0) : length.span.start]
    after = sentence[length.span.end : length.span.end + NEARBY]
    if _LASTED.search(before) or _OUTAGE.match(after):
        return None if _is_impact(case, length) else _impact(case)
    if case.facts.knows_length(length):
        return None
    if _FOR.search(before) and _SUFFERED.search(sentence):
        return _impact(case)
    return _near(case, length)


def _impact(case: Case) -> Pair:
    """The span that is the impact: until resolved, or until mitigated while that is not known."""
    return SPANS[0] if Milestone.Kind.RESOLVED in case.instants else SPANS[1]


def _is_impact(case: Case, length: Length) -> bool:
    """Whether it can be how long impact lasted, by the milestones or by a figure."""
    spans = (pair for pair in SPANS if pair[1] != Milestone.Kind.DETECTED)
    return any(
        length.can_be(seconds, is_about=_is_about(case, pair))
        for pair in spans
        if (seconds := case.seconds(*pair)) is not None
    ) or any(map(length.can_be, case.facts.measured_seconds))


def _is_about(case: Case, pair: Pair) -> bool:
    return any(case.instants[kind].is_about for kind in pair)


def _near(case: Case, length: Length) -> Pair | None:
    """The span that a duration misses narrowly, by a tenth.

    45 minutes are said of limits and habits too; 46 minutes were measured.
    """
    is_round = not length.is_compound and length.seconds % (5 * MINUTE) == 0
    if is_round or length.seconds < NEAR_FROM:
        return None
    for pair in SPANS:
        seconds = case.seconds(*pair)
        if seconds and abs(length.seconds - seconds) <= seconds / 10:
            return pair
    return None


def _duration_instead(case: Case, length: Length, pair: Pair) -> Iterator[Found]:
    """Nothing where the milestones do not say it, or are reversed, which has a check of its own."""
    seconds = case.seconds(*pair)
    if seconds is None or seconds <= 0:
        return
    right = describe_duration(seconds, about=_is_about(case, pair))
    begun, ended = (case.clock(case.instants[kind].at) for kind in pair)
    names = " to ".join(str(Milestone.Kind(kind).label).lower() for kind in pair)
    yield Found(
        SUMMARY,
        f"“{length.words}” in the summary, but from {names} it was {right} ({begun} to {ended}).",
        Mend("copy_duration", f"Write {right}", (("old", length.words), ("new", right))),
    )


@check(
    "COE114",
    Level.REASON,
    title="Numbers in the summary agree with the figures",
    why=WHY,
    source=AWS,
    before="“2,300 customers”, where the figure says 3,200 customers.",
    after="“3,200 customers”",
)
def wrong_numbers(case: Case) -> Iterator[Found]:
    for count in _counts(case):
        is_enough = count.has_digits or count.value >= FEWEST
        near = [each for each in case.facts.figures_of(count) if count.is_near(amount_of(each))]
        if is_enough and near and not case.facts.knows_count(count):
            yield _figure_instead(count, near[0])


def _counts(case: Case) -> list[Count]:
    """The numbers of the summary that are no part of a time, a day or a duration."""
    text = " ".join(_told(case).split())
    found: list[Clock | Day | Length] = [*clocks_in(text), *days_in(text), *lengths_in(text)]
    taken = [each.span for each in found]
    return [count for count in counts_in(text) if not any(map(count.span.overlaps, taken))]


def _figure_instead(count: Count, figure: FigureValue) -> Found:
    assert figure.amount is not None
    amount = format_amount(figure.amount)
    right, instead = f"{amount} {figure.unit}".strip(), count.saying(amount)
    return Found(
        SUMMARY,
        f"“{count.words}” in the summary, but the figure “{figure.what}” says {right}.",
        Mend("copy_figure", f"Write {instead}", (("old", count.words), ("new", instead))),
    )


@check(
    "COE115",
    Level.REASON,
    title="The summary counts the action items rightly",
    why=WHY,
    source=AWS,
    before="“Five action items follow”, where there are four.",
    after="“Four action items follow”",
)
def wrong_number_of_items(case: Case) -> Iterator[Found]:
    there = len(case.snapshot.actions)
    for match in _ITEMS.finditer(_told(case)):
        before = (match["before"] or "").strip().casefold()
        if before not in _PART and number(match["number"]) != there:
            said = " ".join(match.group().split())
            finding = f"“{said}” in the summary, but there are {there}."
            yield Found(SUMMARY, finding, about=said)


@check(
    "COE116",
    Level.HINT,
    title="What the summary says to the minute stands in the fields as well",
    why="What the summary alone says has no evidence, and cannot be checked.",
    source=AWS,
    before="“At 16:43 we called the vendor”, of which the timeline has nothing.",
    after="The same sentence, with an entry at 16:43.",
)
def unknown_times(case: Case) -> Iterator[Found]:
    for sentence, clock in _unknown_clocks(case):
        is_round = clock.minute % HALF_HOUR == 0
        is_found = _milestone_meant(case, sentence) or _nearest(case, clock)
        if not is_round and not is_found:
            yield Found(SUMMARY, f"“{clock.words}” in the summary is nowhere on the timeline.")
    for sentence in sentences(_told(case)) if case.facts.moments else ():
        for length in lengths_in(sentence):
            is_exact = length.is_compound and length.slack == "exact"
            is_known = case.facts.knows_length(length) or _contradicted(case, sentence, length)
            if is_exact and not is_known:
                said = (
                    f"“{length.words}” in the summary lies between no two moments of the timeline."
                )
                yield Found(SUMMARY, said)


CONTRADICTIONS = (
    wrong_times,
    wrong_day,
    wrong_durations,
    wrong_numbers,
    wrong_number_of_items,
    unknown_times,
)
"""The checks that compare a text with the fields."""

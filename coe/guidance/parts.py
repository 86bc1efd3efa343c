"""The parts of a first draft of a summary: what happened, when, why, and what is done about it.

Each is a piece of the text with its numbers marked, or several ways to say it, the best first.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from coe.documents.contents import ImpactFigure
from coe.documents.models import SectionSlug
from coe.guidance.borrowing import continued, ended, escaped, numbers_in, sentences_of
from coe.guidance.case import Case
from coe.guidance.counts import stems
from coe.guidance.milestones import DETECTED, START
from coe.guidance.prose import WORDS, plain
from coe.guidance.summary import count_words
from coe.incidents.models import Milestone, is_near_miss
from coe.snapshots.numbering import causes_in_order
from coe.snapshots.snapshot import ActionValue, CauseValue, FigureValue, Snapshot
from coe.text.amounts import format_amount
from coe.text.durations import describe_duration
from coe.text.instants import Instant, day_label, describe_instant, local_clock, local_day
from coe.whys.models import Cause

MOST_SENTENCES, MOST_ENDS = 5, 2
"""Sentences of the impact, and causes at the ends of branches."""
MOST_OF_CAUSE = 3
"""Sentences of a cause, which is told whole or by its first one: half of a reason is none."""
MOST_OF_IMPACT, MOST_OF_WHY = 90, 90
"""Words, unless a single sentence has more: else the one crowds out the other."""
SAID = 0.75
"""A title is said already where the impact has that part of its words."""
LATER = {
    DETECTED: "detected",
    Milestone.Kind.MITIGATED.value: "mitigated",
    Milestone.Kind.RESOLVED.value: "resolved",
}
"""The milestones after which a reader of a summary asks, as words of a sentence."""
UNSURE = {
    Cause.Confidence.LIKELY.value: ("likely", "likely"),
    Cause.Confidence.HYPOTHESIS.value: ("a hypothesis", "hypotheses"),
}
"""What is not sure, said of one sentence and of several."""
HEADS = {
    Cause.Asks.DETECTION.value: "It was not noticed sooner",
    Cause.Asks.MITIGATION.value: "It was not mitigated sooner",
}
"""What the causes of a delay explain, as the beginning of a sentence."""
ALL = {2: "both", 3: "all"}
NUMBERS = {number: word for word, number in WORDS.items() if number < 10}
Print = Callable[[Instant, ZoneInfo], str]
_INNER = str.maketrans("“”", "‘’")
_DENIAL = re.compile(r"^none[.;](?=\s|$)", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A number as it stands in the text, and the field that it comes from: in words, its panel."""

    words: str
    source: str
    panel: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of Markdown, with a mark for each number in them."""

    words: str
    marks: tuple[Mark, ...] = ()


def joined(glue: str, pieces: Iterable[Piece]) -> Piece:
    """Pieces behind each other, with something between them."""
    found = list(pieces)
    marks = tuple(mark for each in found for mark in each.marks)
    return Piece(glue.join(each.words for each in found), marks)


def borrowed(words: str, source: str, panel: str) -> Piece:
    """What somebody wrote, each number in it marked with where."""
    return Piece(words, tuple(Mark(each, source, panel) for each in numbers_in(words)))


# What happened, and to whom


def title_of(snapshot: Snapshot) -> Piece:
    """The title, which says what customers could not do, as a sentence."""
    return borrowed(ended(escaped(snapshot.title)), "the title", "facts")


def says(text: str, title: str) -> bool:
    """Whether `text` has most of the words of `title`, so that a reader of both reads it twice."""
    named = stems(_WORD.findall(title))
    return len(named & stems(_WORD.findall(text))) >= SAID * len(named)


def impact_of(snapshot: Snapshot) -> Iterator[Piece]:
    """The first sentences of the impact, from a few down to one; where “None” denies it, with the
    name of what is denied."""
    sentences = sentences_of(snapshot.section(SectionSlug.IMPACT))[:MOST_SENTENCES]
    if sentences:
        sentences[0] = _DENIAL.sub("There was no impact.", sentences[0])
    is_denied = bool(sentences) and sentences[0].casefold().startswith("none")
    for count in range(len(sentences), 0, -1):
        text = f"{'Impact: ' if is_denied else ''}{' '.join(sentences[:count])}"
        if count == 1 or count_words(plain(text)) <= MOST_OF_IMPACT:
            yield borrowed(text, "the impact", "impact")


def figure_of(figure: FigureValue) -> Piece:
    """What was counted, and how many; that it is an estimate, where it is one."""
    assert figure.amount is not None
    what = figure.what.rstrip(" .:;,")
    is_named = stems(figure.unit.split()) <= stems(figure.what.split())
    amount = format_amount(figure.amount)
    if not (is_named and stems(figure.unit.split())):
        amount = f"{amount} {figure.unit}".strip()
    is_estimated = figure.source == ImpactFigure.Source.ESTIMATED
    source = f"the figure “{figure.what}”"
    name = borrowed(escaped(what), source, "figures")
    told = escaped(amount).rstrip(" ;:,")
    sentence = f"{name.words}: {told}{', estimated' if is_estimated else ''}"
    return Piece(ended(sentence), (*name.marks, Mark(told, source, "figures")))


# When, and how long it took


def course_of(case: Case) -> Iterator[Piece]:
    """From when on, and after how long it was detected, mitigated and resolved.

    With the zone in words; without it where that can be misread, and at last without durations.
    """
    known = [kind for kind in (START, *LATER) if kind in case.instants]
    if known:
        yield _course(case, known, describe_instant)
        yield _course(case, known, _plain_moment)
        yield _course(case, known[:1], _plain_moment)


def _plain_moment(instant: Instant, zone: ZoneInfo) -> str:
    return f"{local_day(instant, zone)}, {local_clock(instant, zone)}"


def _course(case: Case, known: list[str], print_moment: Print) -> Piece:
    first, *others = known
    moment = print_moment(case.instants[first], case.zone)
    begun = Piece(moment, (Mark(moment, _label(first), "milestones"),))
    later = _together(_later_ones(case, first, others))
    if first == START:
        sentence = joined("", [_subject(case), begun, Piece(".")])
        parts = [Piece(" It was "), _listed(later), Piece(".")] if later else []
        return joined("", [sentence, *parts])
    told = _listed([joined("", [Piece(f"{LATER[first]} on "), begun]), *later])
    return joined("", [Piece("It was "), told, Piece(".")])


def _subject(case: Case) -> Piece:
    """What started; of a near-miss it is the risk, which has no impact on anybody."""
    snapshot = case.snapshot
    service = borrowed(escaped(snapshot.service), "the facts", "facts")
    if is_near_miss(snapshot.severity, snapshot.category):
        return Piece("The risk began on ")
    if not service.words:
        return Piece("Impact started on ")
    return joined("", [Piece("Impact on "), service, Piece(" started on ")])


def _later_ones(case: Case, first: str, kinds: list[str]) -> Iterator[tuple[str, Instant, Piece]]:
    """What a milestone is called, its moment, and how long after `first` it was; none where their
    times are reversed. A day is named where it is another than the one named before."""
    day = local_day(case.instants[first], case.zone)
    for kind in kinds:
        seconds = case.seconds(first, kind)
        if seconds is not None and seconds >= 0:
            yield LATER[kind], case.instants[kind], _after(case, (first, kind), seconds, day)
            day = local_day(case.instants[kind], case.zone) if seconds else day


def _after(case: Case, pair: tuple[str, str], seconds: int, day: str) -> Piece:
    start, end = (case.instants[kind] for kind in pair)
    is_about = start.is_about or end.is_about
    if seconds == 0:
        return Piece("at about the same time" if is_about else "at once")
    length = describe_duration(seconds, about=is_about)
    is_same_day = local_day(end, case.zone) == day
    clock = local_clock(end, case.zone) if is_same_day else _plain_moment(end, case.zone)
    span = " to ".join(_label(kind) for kind in pair).lower()
    marks = (Mark(length, span, "milestones"), Mark(clock, _label(pair[1]), "milestones"))
    return Piece(f"after {length} ({clock})", marks)


def _together(found: Iterable[tuple[str, Instant, Piece]]) -> list[Piece]:
    """What came at the same moment as one: “detected and mitigated at once”."""
    told: list[Piece] = []
    for _, group in groupby(found, key=lambda each: each[1]):
        names, _, afters = zip(*group, strict=True)
        marks = tuple(dict.fromkeys(mark for each in afters for mark in each.marks))
        told.append(Piece(f"{' and '.join(names)} {afters[0].words}", marks))
    return told


def _label(kind: str) -> str:
    return str(Milestone.Kind(kind).label)


def end_of(case: Case) -> Iterator[Piece]:
    """What mitigated it, in the words of the entry that marks that."""
    for entry in case.entries:
        if entry.milestone == Milestone.Kind.MITIGATED:
            for sentence in sentences_of(entry.text)[:1]:
                quoted = sentence.translate(_INNER)
                yield borrowed(f"What ended it: “{quoted}”", "the timeline", "timeline")


# Why


def causes_behind(case: Case, question: str) -> Iterator[Piece]:
    """What answers a question, and what stands at the ends of its branches; luck is no reason.

    Causes as they were written rather than more of them.
    """
    chain = case.chain(question)
    causes = [
        cause
        for cause, _ in causes_in_order(case.snapshot)
        if cause.uid in chain and cause.kind != Cause.Kind.LUCK and sentences_of(cause.text)
    ]
    ends = [each for each in causes[1:] if _is_end(case, each)][:MOST_ENDS]
    for most in (MOST_OF_CAUSE, 1):
        for count in range(len(ends), 0, -1):
            behind = _behind(case, ends[:count], most=most)
            yield from _short(_first(case, question, causes[0], most=most), behind)
        for cause in causes[:1]:
            yield from _short(_first(case, question, cause, most=most))
    for cause in (*causes[:1], *ends):
        yield _first(case, question, cause, most=1)


def _short(*pieces: Piece) -> Iterator[Piece]:
    """The pieces as one, unless it is too long."""
    whole = joined(" ", pieces)
    if count_words(plain(whole.words)) <= MOST_OF_WHY:
        yield whole


def _first(case: Case, question: str, cause: CauseValue, *, most: int) -> Piece:
    """A cause, behind what it explains where that is a delay."""
    told = _behind_head(HEADS.get(question, ""), _cause(cause, most=most))
    return borrowed(told, case.numbers[cause.uid], "causes")


def _behind(case: Case, causes: list[CauseValue], *, most: int) -> Piece:
    """The causes behind the first one."""
    first, *others = (_cause(each, most=most) for each in causes)
    pairs = zip(causes, [_behind_head("Behind it", first), *others], strict=True)
    return joined(" ", [borrowed(text, case.numbers[each.uid], "causes") for each, text in pairs])


def _behind_head(head: str, told: str) -> str:
    """With the head and a colon, or by itself where its capital may be that of a name."""
    goes_on = continued(told)
    return f"{head}: {goes_on}" if head and goes_on[0].islower() else told


def _is_end(case: Case, cause: CauseValue) -> bool:
    return all(each.kind == Cause.Kind.LUCK for each in case.below.get(cause.uid, ()))


def _cause(cause: CauseValue, *, most: int) -> str:
    """Its sentences where they are at most so many, else the first, and whether it is sure."""
    sentences = sentences_of(cause.text)
    told = sentences if len(sentences) <= most else sentences[:1]
    text = " ".join(told)
    if unsure := UNSURE.get(cause.confidence):
        what = unsure[0] if len(told) == 1 else f"{ALL[len(told)]} {unsure[1]}"
        return f"{text.removesuffix('.')} ({what})."
    return text


# What is done


def head_of_items(count: int, *, shown: int) -> Piece:
    """How many action items there are, of which so many are listed below."""
    words = NUMBERS.get(count, str(count)).capitalize()
    counted = f"{words} action item{'' if count == 1 else 's'}"
    end = "." if not shown else ":" if shown == count else ", among them:"
    mark = Mark(counted, "counted", "actions")
    return Piece(f"{counted} follow{'s' if count == 1 else ''}{end}", (mark,))


def item_of(case: Case, action: ActionValue) -> Piece:
    """A line of the list: what will be done, by whom and by when."""
    number = case.numbers[action.uid]
    title = borrowed(escaped(action.title), number, "actions")
    details = []
    if action.owner:
        details.append(borrowed(escaped(action.owner.name), f"the owner of {number}", "actions"))
    if action.due_on:
        day = day_label(datetime.combine(action.due_on, time()))
        details.append(Piece(f"by {day}", (Mark(day, f"{number}, due", "actions"),)))
    beside = [Piece(" ("), joined(", ", details), Piece(")")] if details else []
    return joined("", [Piece("- "), title, *beside])


def _listed(pieces: list[Piece]) -> Piece:
    """ "one", "one and two", "one, two and three", "one, and two and three"."""
    *first, last = pieces
    if not first:
        return last
    is_several = any(" and " in each.words for each in pieces)
    return joined("", [joined(", ", first), Piece(", and " if is_several else " and "), last])

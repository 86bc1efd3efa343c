"""The parts of a first draft of a summary: what happened, when, why, and what is done about it.

Each is a piece of the text with its numbers marked, or several ways to say it, the best first.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from coe.documents.contents import ImpactFigure
from coe.documents.models import SectionSlug
from coe.guidance.borrowing import ended, escaped, numbers_in, sentences_of
from coe.guidance.case import Case
from coe.guidance.counts import stems
from coe.guidance.milestones import DETECTED, START
from coe.guidance.prose import WORDS
from coe.guidance.summary import NEAR_MISS
from coe.incidents.models import Milestone
from coe.snapshots.numbering import causes_in_order
from coe.snapshots.snapshot import ActionValue, CauseValue, FigureValue, Snapshot
from coe.text.amounts import format_amount
from coe.text.durations import describe_duration
from coe.text.instants import Instant, day_label, describe_instant, local_clock, local_day
from coe.whys.models import Cause

MOST_SENTENCES, MOST_ENDS = 3, 2
LATER = {
    DETECTED: "detected",
    Milestone.Kind.MITIGATED.value: "mitigated",
    Milestone.Kind.RESOLVED.value: "resolved",
}
"""The milestones after which a reader of a summary asks, as words of a sentence."""
UNSURE = {
    Cause.Confidence.LIKELY.value: "likely",
    Cause.Confidence.HYPOTHESIS.value: "a hypothesis",
}
NUMBERS = {number: word for word, number in WORDS.items() if number < 10}
Print = Callable[[Instant, ZoneInfo], str]


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


def impact_of(snapshot: Snapshot) -> Iterator[Piece]:
    """The first sentences of the impact, from a few down to one; one that denies it with its name,
    without which “None” denies something else."""
    sentences = sentences_of(snapshot.section(SectionSlug.IMPACT))[:MOST_SENTENCES]
    is_denied = bool(sentences) and sentences[0].casefold().startswith("none")
    for count in range(len(sentences), 0, -1):
        text = f"{'Impact: ' if is_denied else ''}{' '.join(sentences[:count])}"
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
    sentence = f"{name.words}: {escaped(amount)}{', estimated' if is_estimated else ''}"
    return Piece(ended(sentence), (*name.marks, Mark(escaped(amount), source, "figures")))


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
    later = [each for kind in others if (each := _later(case, first, kind))]
    if first == START:
        sentence = joined("", [_subject(case), begun, Piece(".")])
        parts = [Piece(" It was "), _listed(later), Piece(".")] if later else []
        return joined("", [sentence, *parts])
    told = _listed([joined("", [Piece(f"{LATER[first]} on "), begun]), *later])
    return joined("", [Piece("It was "), told, Piece(".")])


def _subject(case: Case) -> Piece:
    """What started; a near-miss has no impact on anybody."""
    service = borrowed(escaped(case.snapshot.service), "the facts", "facts")
    is_near_miss = case.snapshot.severity == NEAR_MISS
    if not service.words:
        return Piece("It started on " if is_near_miss else "Impact started on ")
    begins = "It started in " if is_near_miss else "Impact on "
    return joined("", [Piece(begins), service, Piece(" on " if is_near_miss else " started on ")])


def _later(case: Case, first: str, kind: str) -> Piece | None:
    """How long after `first` a milestone was; nothing where their times are reversed."""
    seconds = case.seconds(first, kind)
    start, end = case.instants[first], case.instants[kind]
    if seconds is None or seconds < 0:
        return None
    is_about = start.is_about or end.is_about
    if seconds == 0:
        return Piece(f"{LATER[kind]} {'at about the same time' if is_about else 'at once'}")
    length = describe_duration(seconds, about=is_about)
    is_same_day = local_day(start, case.zone) == local_day(end, case.zone)
    clock = local_clock(end, case.zone) if is_same_day else _plain_moment(end, case.zone)
    span = f"{_label(first)} to {_label(kind)}".lower()
    marks = (Mark(length, span, "milestones"), Mark(clock, _label(kind), "milestones"))
    return Piece(f"{LATER[kind]} after {length} ({clock})", marks)


def _label(kind: str) -> str:
    return str(Milestone.Kind(kind).label)


def end_of(case: Case) -> Iterator[Piece]:
    """What mitigated it, in the words of the entry that marks that."""
    for entry in case.entries:
        if entry.milestone == Milestone.Kind.MITIGATED:
            for sentence in sentences_of(entry.text)[:1]:
                yield borrowed(f"What ended it: {sentence}", "the timeline", "timeline")


# Why


def causes_behind(case: Case, question: str) -> Iterator[Piece]:
    """What answers a question, and what stands at the ends of its branches; luck is no reason."""
    chain = case.chain(question)
    causes = [
        cause
        for cause, _ in causes_in_order(case.snapshot)
        if cause.uid in chain and cause.kind != Cause.Kind.LUCK
    ]
    told = [(each, _cause(case, each)) for each in causes]
    pieces = [(cause, piece) for cause, piece in told if piece]
    ends = [piece for cause, piece in pieces[1:] if _is_end(case, cause)][:MOST_ENDS]
    head = Piece(f"**{Cause.Asks(question).label}** ")
    for _, first in pieces[:1]:
        for count in range(len(ends), 0, -1):
            yield joined("", [head, first, Piece(" Behind it: "), joined(" ", ends[:count])])
        yield joined("", [head, first])
    for end in ends:
        yield joined("", [head, end])


def _is_end(case: Case, cause: CauseValue) -> bool:
    return all(each.kind == Cause.Kind.LUCK for each in case.below.get(cause.uid, ()))


def _cause(case: Case, cause: CauseValue) -> Piece | None:
    """Its first sentence, and whether it is sure."""
    sentences = sentences_of(cause.text)
    if not sentences:
        return None
    sentence, unsure = sentences[0], UNSURE.get(cause.confidence)
    if unsure:
        sentence = f"{sentence.removesuffix('.')} ({unsure})."
    return borrowed(sentence, case.numbers[cause.uid], "causes")


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
    """ "one", "one and two", "one, two and three"."""
    *first, last = pieces
    if not first:
        return last
    return joined("", [joined(", ", first), Piece(" and "), last])

"""The causes of a COE as they are drawn: each below what it explains first, each chain below the
question that it started from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from coe.incidents.durations import Duration
from coe.text.durations import describe_duration
from coe.whys.graph import DEEPEST_INDENT, Branch, outline
from coe.whys.models import Cause, Explanation

QUESTIONS = tuple(Cause.Asks)
TIMED = {
    "TTD": (Cause.Asks.DETECTION, "Why did detection take"),
    "TTM": (Cause.Asks.MITIGATION, "Why did mitigation take"),
}
"""The questions that ask about a duration, by its abbreviation."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cause where it is drawn.

    `also` are its further effects, which its place does not show. `is_first` says that nothing
    stands before it that explains the same, `is_end` that no other cause explains it.
    """

    branch: Branch[Cause]
    also: tuple[Branch[Cause], ...]
    is_first: bool
    is_end: bool

    @property
    def cause(self) -> Cause:
        return self.branch.item

    @property
    def is_root(self) -> bool:
        return self.branch.depth == 0

    @property
    def is_open(self) -> bool:
        """Whether it ends a branch with nothing done about it and no risk accepted."""
        return self.is_end and not self.cause.is_risk_accepted and not self.cause.actions.all()


@dataclass(frozen=True, slots=True)
class Chain:
    """A starting question in words, and the causes that answer it."""

    question: Cause.Asks
    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """Where another cause would be drawn: behind the cause `behind`, or first where that is None.

    `effect` is what it would explain, None for the question itself.
    """

    question: Cause.Asks
    effect: Place | None
    behind: UUID | None
    shown_depth: int


def draw_causes(causes: Iterable[Cause], edges: Iterable[Explanation]) -> list[Place]:
    """The causes in reading order, the first question first. Numbers run on through all questions.

    An edge to a cause that is not among `causes` (somebody added it just now) does not count.
    """
    items = {cause.pk: cause for cause in causes}
    primary: dict[int, int | None] = dict.fromkeys(items)
    further: dict[int, list[int]] = {}
    explained = set()
    for edge in edges:
        if edge.cause_id not in items or edge.effect_id not in items:
            continue
        explained.add(edge.effect_id)
        if edge.is_primary:
            primary[edge.cause_id] = edge.effect_id
        else:
            further.setdefault(edge.cause_id, []).append(edge.effect_id)
    branches = outline(_by_question(items, primary), primary, items)
    drawn = {branch.item.pk: branch for branch in branches}
    begun: set[tuple[int | None, str]] = set()
    places = []
    for key, branch in drawn.items():
        beside = (primary[key], branch.item.answers if primary[key] is None else "")
        also = tuple(drawn[effect] for effect in further.get(key, ()))
        places.append(Place(branch, also, beside not in begun, key not in explained))
        begun.add(beside)
    return places


def _by_question(items: Mapping[int, Cause], primary: Mapping[int, int | None]) -> list[int]:
    """The keys in their order, except that the roots go by their questions."""
    asked = {question.value: place for place, question in enumerate(QUESTIONS)}
    return sorted(items, key=lambda key: asked[items[key].answers] if primary[key] is None else 0)


def chains(places: Iterable[Place], durations: Iterable[Duration]) -> list[Chain]:
    """The three questions, each with its causes."""
    below: dict[str, list[Place]] = {question.value: [] for question in QUESTIONS}
    question = QUESTIONS[0].value
    for place in places:
        question = place.cause.answers if place.is_root else question
        below[question].append(place)
    texts = question_texts(durations)
    return [Chain(each, texts[each], tuple(below[each])) for each in QUESTIONS]


def question_texts(durations: Iterable[Duration]) -> dict[Cause.Asks, str]:
    """The starting questions in words, with how long it took where that is known."""
    texts = {question: str(question.label) for question in QUESTIONS}
    for duration in durations:
        if duration.span.abbreviation not in TIMED:
            continue
        question, words = TIMED[duration.span.abbreviation]
        if duration.seconds is not None and not duration.is_reversed:
            took = describe_duration(duration.seconds, about=duration.is_about)
            texts[question] = f"{words} {took}?"
    return texts


def find_room(drawn: Sequence[Chain], under: str) -> Room | None:
    """The room for a cause that would answer the question or explain the cause called `under`.

    None where there is no such question or cause (any more).
    """
    for chain in drawn:
        if chain.question == under:
            last = chain.places[-1].cause.uid if chain.places else None
            return Room(chain.question, None, last, 0)
        for start, place in enumerate(chain.places):
            if str(place.cause.uid) == under:
                last = _last_below(chain.places[start:]).cause.uid
                return Room(
                    chain.question, place, last, min(place.branch.depth + 1, DEEPEST_INDENT)
                )
    return None


def _last_below(places: Sequence[Place]) -> Place:
    """The last of the places that are drawn below the first of them; itself if there is none."""
    last = places[0]
    for place in places[1:]:
        if place.branch.depth <= places[0].branch.depth:
            break
        last = place
    return last

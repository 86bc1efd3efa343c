"""The causes of a COE as they are drawn: each below what it explains first, each chain below the
question that it started from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from coe.incidents.durations import Duration
from coe.text.durations import describe_duration
from coe.whys.graph import DEEPEST_INDENT, Branch, Key, outline
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
    stands before it that explains the same, `is_end` that no other cause explains it. `rails` are
    the depths whose line goes on below it, to another cause that explains the same.
    """

    branch: Branch[Cause]
    also: tuple[Branch[Cause], ...]
    is_first: bool
    is_end: bool
    rails: tuple[int, ...] = ()

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
    rails: tuple[int, ...] = ()


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
    asked = {key: cause.answers for key, cause in items.items()}
    branches = outline(by_question(asked, primary), primary, items)
    drawn = {branch.item.pk: branch for branch in branches}
    begun: set[tuple[int | None, str]] = set()
    places = []
    for (key, branch), rails in zip(drawn.items(), _rails(branches), strict=True):
        beside = (primary[key], branch.item.answers if primary[key] is None else "")
        also = tuple(drawn[effect] for effect in further.get(key, ()))
        places.append(Place(branch, also, beside not in begun, key not in explained, rails))
        begun.add(beside)
    return places


def _rails(branches: Sequence[Branch[Cause]]) -> list[tuple[int, ...]]:
    """For each branch the depths, from 1, whose line goes on below it."""
    found: list[tuple[int, ...]] = []
    going: set[int] = set()
    for branch in reversed(branches):
        going = {depth for depth in going if depth <= branch.shown_depth}
        found.append(tuple(sorted(going)))
        going |= {branch.shown_depth} - {0}
    return found[::-1]


def by_question(asked: Mapping[Key, str], primary: Mapping[Key, Key | None]) -> list[Key]:
    """The keys in their order, except that the roots go by the questions that they answer."""
    order = {question.value: place for place, question in enumerate(QUESTIONS)}
    return sorted(asked, key=lambda key: order[asked[key]] if primary[key] is None else 0)


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
    """The starting questions in words, with how long it took where that is known and any time."""
    texts = {question: str(question.label) for question in QUESTIONS}
    known = {
        each.span.abbreviation: each for each in durations if each.seconds and not each.is_reversed
    }
    for abbreviation, (question, words) in TIMED.items():
        if took := known.get(abbreviation):
            length = describe_duration(took.seconds or 0, about=took.is_about)
            after = _after_detection(known) if abbreviation == "TTM" else ""
            texts[question] = f"{words} {length}{after}?"
    return texts


def _after_detection(known: Mapping[str, Duration]) -> str:
    """How little of the time to mitigate, which counts from the start, was left once somebody knew,
    where that was at most half of it: the question is no reproach to those who were quick."""
    detect, mitigate = known.get("TTD"), known["TTM"]
    if detect is None or detect.seconds is None or mitigate.seconds is None:
        return ""
    left = mitigate.seconds - detect.seconds
    if not 0 < left <= detect.seconds:
        return ""
    length = describe_duration(left, about=detect.is_about or mitigate.is_about)
    return f", {length} of it after detection"


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
                below = _last_below(chain.places[start:])
                depth = min(place.branch.depth + 1, DEEPEST_INDENT)
                rails = tuple(each for each in below.rails if each <= depth)
                return Room(chain.question, place, below.cause.uid, depth, rails)
    return None


def _last_below(places: Sequence[Place]) -> Place:
    """The last of the places that are drawn below the first of them; itself if there is none."""
    last = places[0]
    for place in places[1:]:
        if place.branch.depth <= places[0].branch.depth:
            break
        last = place
    return last

"""What the picture of the causes shows, and how it is divided so that a page can hold it.

One drawing holds all where it fits. Else the chains are dealt out in reading order, as many
together as a page holds; a chain that is too large by itself stops at causes that go on in a
drawing of their own, which starts from them. Every cause is in one drawing, every edge in the
drawing of its cause: as a line, or where the other end is elsewhere in words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from coe.incidents.durations import durations
from coe.pictures.lettering import plain_words
from coe.snapshots.numbering import (
    FIRST_THAT_ASKED,
    causes_in_order,
    number_actions,
    number_causes,
    open_ends,
)
from coe.snapshots.snapshot import CauseValue, Snapshot
from coe.whys.models import Cause
from coe.whys.outlines import question_texts


@dataclass(frozen=True, slots=True)
class Node:
    """A cause as it is drawn. `explains` are numbers, the primary effect first."""

    number: str
    kind: str
    confidence: str
    words: str
    explains: tuple[str, ...]
    answers: tuple[str, ...]
    question: str
    is_risk_accepted: bool
    is_open: bool

    @property
    def primary(self) -> str:
        """The number of the cause it is drawn under, or the question that it answers."""
        return self.explains[0] if self.explains else self.question

    @property
    def kind_label(self) -> str:
        return str(Cause.Kind(self.kind).label) if self.kind else ""

    @property
    def confidence_label(self) -> str:
        return str(Cause.Confidence(self.confidence).label)


@dataclass(frozen=True, slots=True)
class Part:
    """One drawing. `heads` are what it starts from: questions, and numbers of causes with their
    words.

    A cause in `goes_on` is explained further in a later drawing.
    """

    heads: Mapping[str, str | None]
    nodes: tuple[Node, ...]
    goes_on: frozenset[str] = frozenset()

    @property
    def roots(self) -> set[str]:
        return {node.number for node in self.nodes if node.primary in self.heads}

    @property
    def edges(self) -> list[tuple[str, str]]:
        """From each cause to the effects that are in the same drawing."""
        here = {node.number for node in self.nodes}
        return [(node.number, each) for node in self.nodes for each in node.explains
                if each in here]  # fmt: skip


Fits = Callable[[Part], bool]


def nodes_of(snapshot: Snapshot, rejected: frozenset[UUID] = frozenset()) -> list[Node]:
    """The causes in reading order, with the numbers that readers see. An action item that is
    `rejected` answers none."""
    numbers, actions = number_causes(snapshot), number_actions(snapshot)
    answers: dict[UUID | None, list[str]] = {}
    for action in snapshot.actions:
        if action.uid in rejected:
            continue
        answers.setdefault(action.cause, []).append(actions[action.uid].number)
    are_open = open_ends(snapshot)
    questions = _questions(snapshot)
    return [
        Node(
            number=numbers[cause.uid].number,
            kind=cause.kind,
            confidence=cause.confidence,
            words=plain_words(cause.text),
            explains=_effects(cause, {uid: each.number for uid, each in numbers.items()}),
            answers=tuple(answers.get(cause.uid, ())),
            question=questions[cause.answers],
            is_risk_accepted=bool(cause.risk_reason),
            is_open=cause.uid in are_open,
        )
        for cause, _ in causes_in_order(snapshot)
    ]


def divided(nodes: Sequence[Node], fits: Fits) -> list[Part]:
    """The drawings, in reading order, each such that `fits`, or of a single cause."""
    questions = dict.fromkeys(node.question for node in nodes if not node.explains)
    everything = Part(dict.fromkeys(questions), tuple(nodes))
    if not nodes or fits(everything):
        return [everything] if nodes else []
    below: dict[str, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.primary, []).append(node)
    waiting: list[tuple[str, str | None]] = [(each, None) for each in questions]
    parts: list[Part] = []
    while waiting:
        head, words = waiting.pop(0)
        found = list(_dealt(head, words, below, fits))
        parts += found
        waiting[:0] = [
            (node.number, node.words)
            for part in found
            for node in part.nodes
            if node.number in part.goes_on
        ]
    return _together(parts, fits)


def _together(parts: Sequence[Part], fits: Fits) -> list[Part]:
    """Neighbouring drawings as one where that fits, and shows no cause twice."""
    joined = [parts[0]]
    for part in parts[1:]:
        last = joined[-1]
        both = Part(
            {**last.heads, **part.heads}, (*last.nodes, *part.nodes), last.goes_on | part.goes_on
        )
        if both.heads.keys().isdisjoint(node.number for node in both.nodes) and fits(both):
            joined[-1] = both
        else:
            joined.append(part)
    return joined


def _dealt(
    head: str, words: str | None, below: Mapping[str, list[Node]], fits: Fits
) -> Iterator[Part]:
    """What stands under `head`, as many chains together as fit; too large ones are cut off."""
    held: tuple[Node, ...] = ()
    for root in below.get(head, ()):
        chain = tuple(_chain(root, below))
        if fits(Part({head: words}, (*held, *chain))):
            held = (*held, *chain)
            continue
        if held:
            yield Part({head: words}, held)
            held = ()
        if fits(Part({head: words}, chain)):
            held = chain
        else:
            yield _cut(head, words, root, below, fits)
    if held:
        yield Part({head: words}, held)


def _cut(
    head: str, words: str | None, root: Node, below: Mapping[str, list[Node]], fits: Fits
) -> Part:
    """As many steps down from `root` as fit, at the least `root` alone."""
    part = Part({head: words}, (root,), frozenset({root.number}))
    for depth in range(2, len(below) + 2):
        nodes = tuple(_chain(root, below, depth=depth))
        here = {node.number for node in nodes}
        ends = {n for n in here if any(each.number not in here for each in below.get(n, ()))}
        longer = Part({head: words}, nodes, frozenset(ends))
        if not fits(longer):
            break
        part = longer
    return part


def _chain(
    root: Node, below: Mapping[str, list[Node]], *, depth: int = 1_000_000
) -> Iterator[Node]:
    waiting = [(root, 1)]
    while waiting:
        node, level = waiting.pop()
        yield node
        if level < depth:
            waiting += [(each, level + 1) for each in reversed(below.get(node.number, []))]


def _effects(cause: CauseValue, numbers: Mapping[UUID, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(numbers[uid] for uid in cause.explains if uid in numbers))


def _questions(snapshot: Snapshot) -> dict[str, str]:
    if snapshot.schema < FIRST_THAT_ASKED:
        return {each.value: "What explains the impact?" for each in Cause.Asks}
    texts = question_texts(durations(snapshot.instants()))
    return {each.value: texts[each] for each in Cause.Asks}

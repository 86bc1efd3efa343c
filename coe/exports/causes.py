"""The causes as they are drawn: under the questions they answer, numbered, each once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from coe.incidents.durations import Duration
from coe.snapshots.snapshot import CauseValue, Snapshot
from coe.whys.models import Cause
from coe.whys.outlines import question_texts

DEEPEST_CAUSE = 6
"""Causes further down are drawn at this depth and say which cause they explain."""
FIRST_THAT_ASKED = 2
"""The first schema of snapshots in which a chain names the question that it starts from."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to a numbered row of the same document."""

    number: str
    anchor: str


@dataclass(frozen=True, slots=True)
class CauseNode:
    """A cause where it is drawn, under its primary effect.

    `explains` are the effects that its place does not show; `answers` the corrections against it.
    One that `is_displaced` is drawn higher up than under its primary effect. One that `is_open`
    ends a branch, and nothing is done about it.
    """

    reference: Reference
    cause: CauseValue
    kind: str
    confidence: str
    is_hypothesis: bool
    is_displaced: bool
    is_open: bool
    explains: tuple[Reference, ...]
    answers: tuple[Reference, ...]
    children: tuple["CauseNode", ...]

    @property
    def place(self) -> int:
        """Its number, to sort by."""
        return int(self.reference.number[1:])


@dataclass(frozen=True, slots=True)
class Chain:
    """The causes that answer one question; its title is empty where none was asked."""

    title: str
    nodes: tuple[CauseNode, ...]


def nearest_first(chains: Iterable[Chain]) -> Iterator[CauseNode]:
    """Every cause once, those that explain the impact itself first, then what explains them."""
    level = [node for chain in chains for node in chain.nodes]
    while level:
        yield from level
        level = [child for node in level for child in node.children]


class CauseTree:
    """Numbers the causes from the impact down and draws each once, under its primary effect."""

    def __init__(self, snapshot: Snapshot, actions: Mapping[UUID, Reference]) -> None:
        self.asked = snapshot.schema >= FIRST_THAT_ASKED
        self.by_uid = {cause.uid: cause for cause in snapshot.causes}
        self.explained = {uid for cause in snapshot.causes for uid in cause.explains}
        self.below: dict[UUID | None, list[CauseValue]] = {}
        for cause in snapshot.causes:
            self.below.setdefault(self._primary(cause), []).append(cause)
        order = list(Cause.Asks)
        self.below.get(None, []).sort(key=lambda cause: order.index(Cause.Asks(cause.answers)))
        self.answers: dict[UUID, list[Reference]] = {}
        for action in snapshot.actions:
            if action.cause:
                self.answers.setdefault(action.cause, []).append(actions[action.uid])
        self.references: dict[UUID, Reference] = {}
        self.places = self._places()

    def chains(self, taken: Sequence[Duration]) -> tuple[Chain, ...]:
        """Every question with the chains that start from it, also where there is none."""
        nodes = self._level(None)
        if not self.asked:
            return (Chain("", nodes),)
        texts = question_texts(taken)
        return tuple(
            Chain(texts[asks], tuple(each for each in nodes if each.cause.answers == asks))
            for asks in Cause.Asks
        )

    def _primary(self, cause: CauseValue) -> UUID | None:
        return next((uid for uid in cause.explains if uid in self.by_uid), None)

    def _places(self) -> dict[UUID | None, list[CauseValue]]:
        """What is drawn under what, numbered in reading order; no deeper than DEEPEST_CAUSE."""
        places: dict[UUID | None, list[CauseValue]] = {}
        for cause, parent in self._walk():
            number = len(self.references) + 1
            self.references[cause.uid] = Reference(f"C{number}", f"cause-{cause.uid}")
            places.setdefault(parent, []).append(cause)
        return places

    def _walk(self) -> Iterator[tuple[CauseValue, UUID | None]]:
        """Each cause once with the cause it is drawn under; without recursion, for any depth."""
        waiting: list[tuple[CauseValue, tuple[UUID, ...]]] = [
            (cause, ()) for cause in reversed(self.below.get(None, []))
        ]
        while waiting:
            cause, path = waiting.pop()
            yield cause, path[-1] if path else None
            path = (*path, cause.uid)[: DEEPEST_CAUSE - 1]
            waiting += [(each, path) for each in reversed(self.below.get(cause.uid, []))]

    def _level(self, parent: UUID | None) -> tuple[CauseNode, ...]:
        return tuple(self._node(cause, parent) for cause in self.places.get(parent, ()))

    def _node(self, cause: CauseValue, parent: UUID | None) -> CauseNode:
        effects = [uid for uid in cause.explains if uid in self.references and uid != parent]
        answers = tuple(self.answers.get(cause.uid, ()))
        is_end = cause.uid not in self.explained
        return CauseNode(
            reference=self.references[cause.uid],
            cause=cause,
            kind=str(Cause.Kind(cause.kind).label) if cause.kind else "",
            confidence=str(Cause.Confidence(cause.confidence).label),
            is_hypothesis=cause.confidence == Cause.Confidence.HYPOTHESIS,
            is_displaced=self._primary(cause) != parent,
            is_open=is_end and not answers and not cause.risk_reason,
            explains=tuple(self.references[uid] for uid in effects),
            answers=answers,
            children=self._level(cause.uid),
        )

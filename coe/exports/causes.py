"""The causes as they are drawn: under the questions they answer, numbered, each once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from coe.exports.words import line_of
from coe.incidents.durations import Duration
from coe.snapshots.numbering import (
    FIRST_THAT_ASKED,
    Reference,
    causes_in_order,
    number_causes,
    open_ends,
)
from coe.snapshots.snapshot import CauseValue, Snapshot
from coe.whys.models import Cause
from coe.whys.outlines import question_texts

DEEPEST_CAUSE = 6
"""Causes further down are drawn at this depth and say which cause they explain."""


@dataclass(frozen=True, slots=True)
class CauseNode:
    """A cause where it is drawn, under its primary effect.

    `explains` are the effects that its place does not show; `answers` the corrections against it,
    `refused` those that were proposed and rejected. One that `is_displaced` is drawn higher up than
    under its primary effect. One that `is_open` ends a branch, and nothing is done about it.
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
    refused: tuple[Reference, ...]
    children: tuple["CauseNode", ...]

    @property
    def place(self) -> int:
        """Its number, to sort by."""
        return int(self.reference.number[1:])

    @property
    def line(self) -> str:
        """Its words in one line, which say where they are not certain."""
        return f"{'Hypothesis: ' * self.is_hypothesis}{line_of(self.cause.text)}"


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
    """Draws each cause once, under its primary effect but no deeper than DEEPEST_CAUSE."""

    def __init__(
        self,
        snapshot: Snapshot,
        actions: Mapping[UUID, Reference],
        rejected: Collection[UUID] = (),
    ) -> None:
        self.asked = snapshot.schema >= FIRST_THAT_ASKED
        self.by_uid = {cause.uid: cause for cause in snapshot.causes}
        self.open_ends = open_ends(snapshot)
        self.answers: dict[UUID, list[Reference]] = {}
        self.refused: dict[UUID, list[Reference]] = {}
        for action in snapshot.actions:
            if action.cause:
                held = self.refused if action.uid in rejected else self.answers
                held.setdefault(action.cause, []).append(actions[action.uid])
        self.references = number_causes(snapshot)
        self.places: dict[UUID | None, list[CauseValue]] = {}
        for cause, path in causes_in_order(snapshot):
            shown = path[: DEEPEST_CAUSE - 1]
            self.places.setdefault(shown[-1] if shown else None, []).append(cause)

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

    def _level(self, parent: UUID | None) -> tuple[CauseNode, ...]:
        return tuple(self._node(cause, parent) for cause in self.places.get(parent, ()))

    def _node(self, cause: CauseValue, parent: UUID | None) -> CauseNode:
        effects = [uid for uid in cause.explains if uid in self.references and uid != parent]
        answers = tuple(self.answers.get(cause.uid, ()))
        return CauseNode(
            reference=self.references[cause.uid],
            cause=cause,
            kind=str(Cause.Kind(cause.kind).label) if cause.kind else "",
            confidence=str(Cause.Confidence(cause.confidence).label),
            is_hypothesis=cause.confidence == Cause.Confidence.HYPOTHESIS,
            is_displaced=self._primary(cause) != parent,
            is_open=cause.uid in self.open_ends,
            explains=tuple(self.references[uid] for uid in effects),
            answers=answers,
            refused=tuple(self.refused.get(cause.uid, ())),
            children=self._level(cause.uid),
        )

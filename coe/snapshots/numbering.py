"""The numbers by which readers refer to causes (C1, C2, …) and action items (A1, A2, …).

They hold within one document only, and are the same on the page, on paper and in its pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from coe.snapshots.snapshot import CauseValue, Snapshot
from coe.whys.graph import Branch, outline
from coe.whys.outlines import by_question

FIRST_THAT_ASKED = 2
"""The first schema of snapshots in which a chain names the question that it starts from."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to a numbered row of the same document."""

    number: str
    anchor: str


def number_actions(snapshot: Snapshot) -> dict[UUID, Reference]:
    """The action items in the author's order."""
    return {
        action.uid: Reference(f"A{number}", f"action-{action.uid}")
        for number, action in enumerate(snapshot.actions, 1)
    }


def number_causes(snapshot: Snapshot) -> dict[UUID, Reference]:
    """The causes in reading order: from the impact down, each after its primary effect."""
    return {
        branch.item.uid: Reference(branch.number, f"cause-{branch.item.uid}")
        for branch in _branches(snapshot)
    }


def causes_in_order(snapshot: Snapshot) -> Iterator[tuple[CauseValue, tuple[UUID, ...]]]:
    """Each cause once, with its primary effects from the impact down to the one it explains."""
    path: list[UUID] = []
    for branch in _branches(snapshot):
        del path[branch.depth :]
        yield branch.item, tuple(path)
        path.append(branch.item.uid)


def open_ends(snapshot: Snapshot) -> set[UUID]:
    """The causes that nothing explains further, no action item answers and no one accepts."""
    ends = {cause.uid for cause in snapshot.causes if not cause.risk_reason}
    explained = {uid for cause in snapshot.causes for uid in cause.explains}
    return ends - explained - {action.cause for action in snapshot.actions if action.cause}


def _branches(snapshot: Snapshot) -> list[Branch[CauseValue]]:
    """The chains follow the order of the questions; without recursion, for any depth."""
    causes = {cause.uid: cause for cause in snapshot.causes}
    primary = {
        uid: next((effect for effect in cause.explains if effect in causes), None)
        for uid, cause in causes.items()
    }
    asked = {uid: cause.answers for uid, cause in causes.items()}
    return outline(by_question(asked, primary), primary, causes)

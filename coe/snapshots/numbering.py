"""The numbers by which readers refer to causes (C1, C2, …) and action items (A1, A2, …).

They hold within one document only, and are the same on the page, on paper and in its pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from coe.snapshots.snapshot import CauseValue, Snapshot
from coe.whys.models import Cause

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
        cause.uid: Reference(f"C{number}", f"cause-{cause.uid}")
        for number, (cause, _) in enumerate(causes_in_order(snapshot), 1)
    }


def causes_in_order(snapshot: Snapshot) -> Iterator[tuple[CauseValue, tuple[UUID, ...]]]:
    """Each cause once, with its primary effects from the impact down to the one it explains.

    The chains follow the order of the questions; without recursion, for any depth.
    """
    known = {cause.uid for cause in snapshot.causes}
    below: dict[UUID | None, list[CauseValue]] = {}
    for cause in snapshot.causes:
        primary = next((uid for uid in cause.explains if uid in known), None)
        below.setdefault(primary, []).append(cause)
    order = list(Cause.Asks)
    roots = sorted(below.get(None, []), key=lambda cause: order.index(Cause.Asks(cause.answers)))
    waiting: list[tuple[CauseValue, tuple[UUID, ...]]] = [(cause, ()) for cause in reversed(roots)]
    while waiting:
        cause, path = waiting.pop()
        yield cause, path
        waiting += [(each, (*path, cause.uid)) for each in reversed(below.get(cause.uid, []))]

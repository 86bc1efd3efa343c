"""What is told of answers to findings: one that was dismissed, one that stands for a reason."""

from collections.abc import Iterator, Sequence

from coe.chronicle.events import Event
from coe.guidance.models import Waiver
from coe.guidance.services import SUBJECT
from coe.history.models import Action
from coe.library.changes import ToldField
from coe.text.difference import Change, Piece

FINDING = SUBJECT
ANSWERED, ASKED_AGAIN = {Action.ADDED, Action.CHANGED}, {Action.REMOVED}
LABELS = {"sentence": "Found", "reason": "Reason"}


def deeds_with_findings(done: Sequence[frozenset[str]]) -> Iterator[str]:
    """ "answered 2 findings, took back 1 answer to a finding"."""
    taken_back = sum(actions >= ASKED_AGAIN for actions in done)
    if answered := sum(bool(ANSWERED & actions) for actions in done):
        yield f"answered {answered} finding{'' if answered == 1 else 's'}"
    if taken_back:
        yield f"took back {taken_back} answer{'' if taken_back == 1 else 's'} to findings"


def deed_of(event: Event) -> str:
    """What was done to one finding."""
    if event.action == Action.REMOVED:
        return "Took back the answer to a finding"
    if event.after and event.after.get("kind") == Waiver.Kind.DISMISSED:
        return "Dismissed a finding"
    return "Gave another reason" if event.action == Action.CHANGED else "Gave a reason"


def fields_of(event: Event) -> tuple[ToldField, ...]:
    """What was found, and why it stays, as far as the event tells it."""
    after = event.after or {}
    return tuple(
        ToldField(label, (Piece(Change.KEPT, after[name]),))
        for name, label in LABELS.items()
        if after.get(name)
    )

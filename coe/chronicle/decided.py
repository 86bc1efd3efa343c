"""What is told of action items that were decided."""

from collections.abc import Iterator, Sequence
from datetime import date

from coe.chronicle.events import Event
from coe.history.models import Action
from coe.library.changes import ToldField
from coe.reviews.decisions import SUBJECT
from coe.reviews.models import ItemDecision
from coe.text.difference import Change, Piece

DECISION = SUBJECT
LABELS = {"title": "Action item", "owner": "Owner", "due_on": "Due", "reason": "Reason"}
DEEDS = {
    ItemDecision.Verdict.ACCEPTED: "Accepted an action item",
    ItemDecision.Verdict.CHANGED: "Accepted an action item with changes",
    ItemDecision.Verdict.REJECTED: "Rejected an action item",
}


def deeds_with_decisions(done: Sequence[frozenset[str]]) -> Iterator[str]:
    """ "decided 2 action items, took back 1 decision"."""
    if decided := sum(Action.ADDED in actions for actions in done):
        yield f"decided {decided} action item{'' if decided == 1 else 's'}"
    if taken_back := sum(Action.REMOVED in actions for actions in done):
        yield f"took back {taken_back} decision{'' if taken_back == 1 else 's'}"


def deed_of(event: Event) -> str:
    """What was decided of one action item."""
    if event.action == Action.REMOVED:
        return "Took back the decision on an action item"
    verdict = (event.after or {}).get("verdict", "")
    return DEEDS[ItemDecision.Verdict(verdict)] if verdict else "Decided an action item"


def fields_of(event: Event) -> tuple[ToldField, ...]:
    """What was decided, what was committed, and why, as far as the event tells it."""
    after = event.after or {}
    return tuple(
        ToldField(label, (Piece(Change.KEPT, _words(name, after[name])),))
        for name, label in LABELS.items()
        if after.get(name)
    )


def _words(name: str, value: str) -> str:
    if name != "due_on":
        return value
    day = date.fromisoformat(value)
    return f"{day.day} {day:%b %Y}"

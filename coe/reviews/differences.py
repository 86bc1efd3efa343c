"""What was changed in a proposal since it was decided, word by word."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from coe.actions.models import ActionItem, Priority
from coe.snapshots.comparison import FieldChange, RowChange, compare_each
from coe.snapshots.serialise import from_plain
from coe.snapshots.snapshot import ActionValue, Person
from coe.text.difference import Change, Piece

LABELS = {
    "title": "What will be done",
    "done_when": "Done when",
    "owner": "Owner",
    "due_on": "Due",
    "priority": "Priority",
    "kind": "Kind",
    "cause": "Cause it answers",
    "tracker": "Ticket",
}


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field with what was removed from it and what was added."""

    label: str
    pieces: tuple[Piece, ...]


def changed_since(
    proposals: Mapping[UUID, Any], now: Mapping[UUID, ActionValue], causes: Mapping[UUID, str]
) -> dict[UUID, tuple[ChangedField, ...]]:
    """How each of `proposals`, as decisions keep them, became what it says `now`.

    All at once, so that together they cost no more than one may. Without those that were emptied.
    """
    kept = {uid: from_plain(ActionValue, each) for uid, each in proposals.items() if each}
    rows = compare_each([RowChange("actions", each, now[uid]) for uid, each in kept.items()])
    return {uid: tuple(_told(row.fields, causes)) for uid, row in zip(kept, rows, strict=True)}


def _told(changes: tuple[FieldChange, ...], causes: Mapping[UUID, str]) -> Iterator[ChangedField]:
    for each in changes:
        whole = (
            Piece(Change.REMOVED, _words(each.name, each.before, causes)),
            Piece(Change.ADDED, _words(each.name, each.after, causes)),
        )
        pieces = each.pieces or tuple(piece for piece in whole if piece.text)
        yield ChangedField(LABELS[each.name], pieces)


def _words(name: str, value: Any, causes: Mapping[UUID, str]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Person):
        return f"{value.name} ({value.role})" if value.role else value.name
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, UUID):
        return f"“{causes[value]}”" if value in causes else "a cause that is not there any more"
    if name == "priority":
        return str(Priority(value).label)
    return str(dict(ActionItem.Kind.choices).get(value, value))

"""A comparison of two versions in words: what a reader is told of each change."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Choices

from coe.actions.models import ActionItem, Priority
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Classification, Form, SectionSlug
from coe.exports.report import CHAPTERS
from coe.incidents.models import Category, Milestone, Severity
from coe.snapshots.comparison import Comparison, FieldChange, PartChange, RowChange
from coe.snapshots.snapshot import Person, Snapshot
from coe.text.amounts import format_amount
from coe.text.difference import Change, Piece
from coe.text.instants import Instant, describe_instant
from coe.timeline.models import Entry
from coe.whys.models import Cause, Safeguard

CONTEXT = 240
"""Characters of unchanged text that are shown before and after what was changed."""

TITLES = {**CHAPTERS, "facts": "Facts", "milestones": "Milestones", "summary": "Summary"}

NOUNS = {
    "milestones": "Milestone",
    "sections": "Text",
    "figures": "Figure",
    "answers": "Answer",
    "entries": "Entry",
    "safeguards": "Check",
    "causes": "Cause",
    "lessons": "Lesson",
    "actions": "Action item",
    "related": "Related item",
    "contributors": "Contributor",
}
HEADS = {
    "milestones": "kind",
    "sections": "text",
    "figures": "what",
    "answers": "question",
    "entries": "text",
    "safeguards": "name",
    "causes": "text",
    "lessons": "text",
    "actions": "title",
    "related": "title",
}
"""The field of each kind of rows that says which one it is."""
HIDDEN = {"uid", "slug", "part"}

LABELS = {
    "amount": "How many",
    "answers": "Asked by",
    "basis": "Basis",
    "category": "Kind of incident",
    "cause": "Answers the cause",
    "classification": "Classification",
    "confidence": "Confidence",
    "done_when": "Done when",
    "due_on": "Due",
    "evidence": "Evidence",
    "explains": "Explains",
    "form": "Form",
    "guide": "Questions of the guide",
    "instant": "When",
    "is_restricted": "Restricted",
    "kind": "Kind",
    "milestone": "Milestone",
    "name": "Name",
    "note": "Note",
    "outcome": "Outcome",
    "owner": "Owner",
    "priority": "Priority",
    "question": "Question",
    "risk_approver": "Risk accepted by",
    "risk_reason": "Risk accepted because",
    "service": "Service",
    "severity": "Severity",
    "source": "How we know",
    "state": "State",
    "team": "Team",
    "text": "Text",
    "title": "Title",
    "tracker": "Tracker",
    "unit": "Unit",
    "url": "Address",
    "what": "What was counted",
    "why": "Why",
    "zone": "Time zone",
}

CODES: dict[tuple[str, str], type[Choices]] = {
    ("", "category"): Category,
    ("", "classification"): Classification,
    ("", "form"): Form,
    ("", "severity"): Severity,
    ("actions", "kind"): ActionItem.Kind,
    ("actions", "priority"): Priority,
    ("causes", "answers"): Cause.Asks,
    ("causes", "confidence"): Cause.Confidence,
    ("causes", "kind"): Cause.Kind,
    ("entries", "kind"): Entry.Kind,
    ("entries", "milestone"): Milestone.Kind,
    ("figures", "source"): ImpactFigure.Source,
    ("lessons", "kind"): Lesson.Kind,
    ("milestones", "kind"): Milestone.Kind,
    ("milestones", "state"): Milestone.State,
    ("related", "kind"): RelatedItem.Kind,
    ("safeguards", "kind"): Safeguard.Kind,
    ("safeguards", "outcome"): Safeguard.Outcome,
    ("sections", "slug"): SectionSlug,
}
"""By kind of rows (facts have none) and field: what its codes are called."""


@dataclass(frozen=True, slots=True)
class ToldField:
    """A field with what was removed from it and what was added."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A thing that was changed: what was done to it, what it is, and its other fields."""

    done: str
    noun: str
    head: tuple[Piece, ...]
    fields: tuple[ToldField, ...]


@dataclass(frozen=True, slots=True)
class ToldPart:
    slug: str
    title: str
    facts: tuple[ToldField, ...]
    rows: tuple[ToldRow, ...]


def told(comparison: Comparison, before: Snapshot, after: Snapshot) -> tuple[ToldPart, ...]:
    """`comparison`, which is of `before` and `after`, in words."""
    teller = Teller(before, after)
    return tuple(teller.part(each) for each in comparison.parts)


class Teller:
    """Says values as they were called: each in the zone and with the causes of its version."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self.zones = {"before": ZoneInfo(before.zone), "after": ZoneInfo(after.zone)}
        self.causes = {each.uid: each.text for each in (*before.causes, *after.causes)}

    def part(self, change: PartChange) -> ToldPart:
        return ToldPart(
            slug=change.part.value,
            title=TITLES[change.part.value],
            facts=self.facts(change.facts),
            rows=tuple(self.row(each) for each in change.rows),
        )

    def facts(self, changes: Iterable[FieldChange]) -> tuple[ToldField, ...]:
        """Fields of the head of a COE."""
        return tuple(self._field("", each) for each in changes)

    def row(self, row: RowChange) -> ToldRow:
        """One row: the fields that were changed, or all where it was added or removed."""
        head = HEADS.get(row.kind, "")
        changed = {each.name: each for each in row.fields}
        is_whole = row.is_added or row.is_removed
        fields = self._whole(row, besides=head) if is_whole else changed.values()
        return ToldRow(
            done=_done(row),
            noun=NOUNS[row.kind],
            head=self._head(row, changed.get(head)),
            fields=tuple(self._field(row.kind, each) for each in fields if each.name != head),
        )

    def _head(self, row: RowChange, changed: FieldChange | None) -> tuple[Piece, ...]:
        name = HEADS.get(row.kind, "")
        if changed:
            return self._field(row.kind, changed).pieces
        value = row.after if row.before is None else row.before
        words = self._words(row.kind, name, getattr(value, name) if name else value, "after")
        if row.is_added or row.is_removed:
            return _pieces("", words) if row.is_added else _pieces(words, "")
        return _in_context((Piece(Change.KEPT, words),))

    def _whole(self, row: RowChange, *, besides: str) -> Iterator[FieldChange]:
        """Everything that an added or removed row says."""
        value = row.after if row.before is None else row.before
        names = getattr(value, "__slots__", ()) if row.kind in HEADS else ()
        for name in names:
            said = getattr(value, name)
            if name != besides and name not in HIDDEN and said not in (None, "", ()):
                before, after = (None, said) if row.is_added else (said, None)
                yield FieldChange(name, before, after, ())

    def _field(self, kind: str, change: FieldChange) -> ToldField:
        pieces = change.pieces
        if not pieces:
            before = self._words(kind, change.name, change.before, "before")
            pieces = _pieces(before, self._words(kind, change.name, change.after, "after"))
        return ToldField(LABELS[change.name], tuple(map(_visible, _in_context(pieces))))

    def _words(self, kind: str, name: str, value: Any, side: str) -> str:
        if value is None or value == "":
            return ""
        if (kind, name) in CODES:
            return str(dict(CODES[kind, name].choices).get(value, value))
        if isinstance(value, Person):
            return f"{value.name} ({value.role})" if value.role else value.name
        if isinstance(value, Instant):
            return describe_instant(value, self.zones[side])
        if isinstance(value, Decimal):
            return format_amount(value)
        if isinstance(value, date):
            return f"{value.day} {value:%b %Y}"
        if isinstance(value, tuple):
            return "; ".join(map(self._cause, value)) or "The impact"
        return self._cause(value) if isinstance(value, UUID) else str(value)

    def _cause(self, uid: UUID) -> str:
        return f"“{self.causes[uid]}”" if uid in self.causes else "a cause that is not there"


def _done(row: RowChange) -> str:
    if row.is_added:
        return "Added"
    if row.is_removed:
        return "Removed"
    if row.is_moved:
        return "Changed and moved" if row.fields else "Moved"
    return "Changed"


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    """One value that became another."""
    both = (Piece(Change.REMOVED, before), Piece(Change.ADDED, after))
    return tuple(each for each in both if each.text)


def _in_context(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """With long unchanged text cut down to what stands next to a change."""
    last = len(pieces) - 1
    return tuple(
        replace(piece, text=_cut(piece.text, is_first=place == 0, is_last=place == last))
        if piece.change is Change.KEPT
        else piece
        for place, piece in enumerate(pieces)
    )


def _cut(text: str, *, is_first: bool, is_last: bool) -> str:
    if len(text) <= 2 * CONTEXT:
        return text
    start = "" if is_first and not is_last else re.sub(r"\S*$", "", text[:CONTEXT])
    end = "" if is_last else re.sub(r"^\S*", "", text[-CONTEXT:])
    return f"{start}[…]{end}"


def _visible(piece: Piece) -> Piece:
    """Signs for what was changed and cannot be seen."""
    if piece.change is Change.KEPT or not piece.text.isspace():
        return piece
    return replace(piece, text=piece.text.replace(" ", "·").replace("\n", "¶\n"))

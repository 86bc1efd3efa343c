"""Reading what a table asks to be changed. Nothing is looked up here, and nothing is done."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from coe.actions.forms import AddressField, TrackerField
from coe.actions.models import PromiseState
from coe.exports.csv_tables import MARK, as_typed
from coe.text.days import read_day
from coe.text.instants import UnreadableInstant
from coe.text.plain import TextField
from coe.worklist.table import (
    ASKED,
    EVIDENCE,
    NEW_DUE,
    NEW_STATE,
    NEW_TICKET,
    REASON,
    REFERENCE,
    UID,
)

MOST_BYTES = 8 * 2**20
MOST_CHANGES = 200
KEPT = tuple(name.casefold() for name in (REFERENCE, UID, *ASKED))
STATES = {
    name.casefold().replace("’", "'"): state
    for state in PromiseState
    for name in (state.value, state.label)
}


@dataclass(frozen=True, slots=True)
class Change:
    """What one line of the table asks for: empty is no change. `cells` are as they were typed."""

    number: int
    reference: str
    uid: UUID | None
    due_on: date | None
    state: PromiseState | None
    ticket: str
    reason: str
    evidence: str
    errors: tuple[str, ...]
    cells: tuple[str, ...]


class LineForm(forms.Form):
    """The cells of one line that may change something."""

    ticket = TrackerField(limit=1000, required=False, label=NEW_TICKET)
    reason = TextField(required=False, label=REASON)
    evidence = AddressField(limit=1000, required=False, label=EVIDENCE)
    uid = forms.UUIDField(
        label=UID,
        error_messages={"invalid": "No item has this id.", "required": "No item is named."},
    )
    due_on = forms.CharField(required=False, label=NEW_DUE)
    state = forms.CharField(required=False, label=NEW_STATE)

    def clean_due_on(self) -> date | None:
        typed: str = self.cleaned_data["due_on"].strip()
        try:
            found = read_day(typed, 0, near=None)
        except UnreadableInstant as error:
            raise ValidationError(str(error)) from error
        if typed and (found is None or found[1] != len(typed)):
            raise ValidationError(f"“{typed}” is no day. Write it like 2026-11-22.")
        return found[0] if found else None

    def clean_state(self) -> PromiseState | None:
        typed: str = self.cleaned_data["state"].strip()
        if not typed:
            return None
        if found := STATES.get(typed.casefold().replace("’", "'")):
            return found
        known = ", ".join(f"“{state.label}”" for state in PromiseState)
        raise ValidationError(f"“{typed}” is no state. There are {known}.")


def text_of(content: bytes) -> str:
    """Raises `ValidationError` for what is no text in UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(
            "This is no text in UTF-8. Save it as “CSV UTF-8” and choose it again."
        ) from error


def read_changes(text: str) -> list[Change]:
    """What the lines ask for that ask for something, in their order.

    Raises `ValidationError` where the table does not say which items it is about, asks for nothing,
    or for more than can be looked through.
    """
    rows = _rows(text)
    head = [cell.strip().casefold() for cell in next(rows, (0, list[str]()))[1]]
    if UID.casefold() not in head:
        raise ValidationError(
            f"The first line names no column “{UID}”. Take a table from the list and fill it in."
        )
    for name in (REFERENCE, UID, *ASKED):
        if head.count(name.casefold()) > 1:
            raise ValidationError(f"The first line names the column “{name}” twice. Keep one.")
    found = []
    for number, row in rows:
        cells = dict(zip(head, map(as_typed, row), strict=False))
        if any(cells.get(name.casefold(), "").strip() for name in (NEW_DUE, NEW_STATE, NEW_TICKET)):
            found.append(_change(number, cells))
        if len(found) > MOST_CHANGES:
            raise ValidationError(f"Change at most {MOST_CHANGES} items at once.")
    if not found:
        raise ValidationError(
            f"No line asks for anything: fill in “{NEW_DUE}”, “{NEW_STATE}” or “{NEW_TICKET}”."
        )
    return found


def packed(changes: Iterable[Change]) -> str:
    """The cells of the changes, which `read_packed` reads as the same changes."""
    return json.dumps([[each.number, *each.cells] for each in changes])


def read_packed(text: str) -> list[Change]:
    """Raises `ValidationError` for what `packed` never wrote."""
    try:
        lines = json.loads(text)
        found = [
            _change(int(number), {name: str(cell) for name, cell in zip(KEPT, cells, strict=True)})
            for number, *cells in lines
        ]
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValidationError("These are no changes.") from error
    if not 0 < len(found) <= MOST_CHANGES:
        raise ValidationError("These are no changes.")
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    plain = text.removeprefix(MARK)
    delimiter = max(",;\t", key=plain.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise ValidationError(f"Line {reader.line_num} is no line of a table.") from error


def _change(number: int, cells: dict[str, str]) -> Change:
    typed = {
        "uid": cells.get(UID.casefold(), "").strip(),
        "due_on": cells.get(NEW_DUE.casefold(), ""),
        "state": cells.get(NEW_STATE.casefold(), ""),
        "ticket": cells.get(NEW_TICKET.casefold(), "").strip(),
        "reason": cells.get(REASON.casefold(), "").strip(),
        "evidence": cells.get(EVIDENCE.casefold(), ""),
    }
    form = LineForm(typed)
    form.full_clean()
    good = form.cleaned_data
    wrong = [
        f"{form.fields[name].label}: {message}"
        for name, messages in form.errors.items()
        for message in messages
    ]
    return Change(
        number=number,
        reference=cells.get(REFERENCE.casefold(), "").strip(),
        uid=good.get("uid"),
        due_on=good.get("due_on"),
        state=good.get("state"),
        ticket=good.get("ticket", ""),
        reason=good.get("reason", ""),
        evidence=good.get("evidence", ""),
        errors=tuple(wrong),
        cells=tuple(cells.get(name, "") for name in KEPT),
    )

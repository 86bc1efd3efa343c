"""Many lines at once: they are read, shown, corrected by their author, and only then added."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from coe.accounts.models import User
from coe.documents.models import Document
from coe.incidents.forms import zone_on_screen
from coe.text.instants import Instant, format_instant
from coe.text.plain import TextField, storable_line, storable_text
from coe.timeline.drafts import MAX_LINES, NO_TEXT, DraftLine, read_lines
from coe.timeline.lines import UnreadableLine, read_when
from coe.timeline.queries import entry_before
from coe.timeline.services import NewEntry, add_entries


class PasteForm(forms.Form):
    """Lines as they were copied from somewhere."""

    lines = TextField(
        label="Lines",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Paste some lines first, each beginning with its time."},
        help_text="From a chat, a table, notes: one line for each moment, beginning with its time. "
        "Lines without a time belong to the one before. You can look through everything before it "
        "is added.",
    )
    zone = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, document: Document, zone: ZoneInfo | None = None
    ) -> None:
        self.document = document
        self.shown_zone = zone or ZoneInfo(zone_on_screen(data, document.zone))
        super().__init__(data, initial={"zone": self.shown_zone.key}, auto_id="paste-%s")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if lines := cleaned.get("lines"):
            before = entry_before(self.document)
            self.drafts = read_lines(lines, zone=self.shown_zone, before=before)
            count = len(self.drafts)
            if count == 0:
                self.add_error("lines", "There is no line with a time in it.")
            elif count > MAX_LINES:
                self.add_error(
                    "lines",
                    f"These are {count} entries and {MAX_LINES} fit at once. Paste a part of them, "
                    "then the next.",
                )
        return cleaned

    def preview(self) -> "Preview":
        """What was read, to be looked through."""
        rows = [_row_of(number, draft, self.shown_zone) for number, draft in enumerate(self.drafts)]
        return Preview(self.document, self.shown_zone, uuid4(), rows)


@dataclass(slots=True)
class PreviewRow:
    """A line of the preview as it stands in its fields. `problem` is a sentence beside it."""

    number: int
    when: str
    text: str
    is_out: bool = False
    instant: Instant | None = None
    problem: str = ""


@dataclass(slots=True)
class Preview:
    """The lines before they are added.

    `batch` is made once for the preview: the entries take their identity from it, so that sending
    the form twice adds them once.
    """

    document: Document
    zone: ZoneInfo
    batch: UUID
    rows: list[PreviewRow]

    @property
    def kept(self) -> list[PreviewRow]:
        return [each for each in self.rows if not each.is_out]

    @property
    def problems(self) -> list[PreviewRow]:
        return [each for each in self.kept if each.problem]

    @property
    def is_ready(self) -> bool:
        return bool(self.kept) and not self.problems

    def save(self, *, by: User) -> int:
        """Add what was kept, all at once; raises what `add_entries` raises."""
        entries = [
            NewEntry(uuid5(self.batch, str(each.number)), each.instant, each.text)
            for each in self.kept
            if each.instant
        ]
        return add_entries(self.document, entries=entries, by=by)


def sent_preview(data: Any, *, document: Document) -> Preview | None:
    """The preview that was sent back with what its author corrected; None if it is none."""
    try:
        batch, count = UUID(data.get("batch", "")), int(data.get("count", "")[:4])
    except ValueError:
        return None
    zone = ZoneInfo(zone_on_screen(data, document.zone))
    before = entry_before(document)
    rows = []
    for number in range(min(count, MAX_LINES)):
        row = _sent_row(data, number, zone, before)
        before = row.instant or before
        rows.append(row)
    return Preview(document, zone, batch, rows)


def _row_of(number: int, draft: DraftLine, zone: ZoneInfo) -> PreviewRow:
    when = format_instant(draft.instant, zone) if draft.instant else draft.when
    return PreviewRow(number, when, draft.text, False, draft.instant, draft.problem)


def _sent_row(data: Any, number: int, zone: ZoneInfo, before: Instant | None) -> PreviewRow:
    row = PreviewRow(
        number,
        data.get(f"when-{number}", ""),
        data.get(f"text-{number}", ""),
        is_out=f"out-{number}" in data,
    )
    if row.is_out:
        return row
    try:
        when = storable_line(row.when)
        row.text = storable_text(row.text)
        row.instant = read_when(when, zone=zone, before=before)
    except ValidationError as error:
        row.problem = " ".join(error.messages)
    except UnreadableLine as error:
        row.problem = str(error)
    else:
        row.problem = "" if row.text else NO_TEXT
    return row

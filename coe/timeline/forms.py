from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from coe.accounts.models import User
from coe.documents.forms import RowForm
from coe.documents.models import Document
from coe.incidents.forms import InstantField, zone_on_screen
from coe.text.plain import TextField
from coe.timeline.models import Entry
from coe.timeline.services import add_entry, save_entry


class EntryForm(RowForm):
    kind_of_row = Entry.kind_of_row

    zone = forms.CharField(widget=forms.HiddenInput, required=False)

    when = InstantField(
        label="When",
        error_messages={"required": "Say when it was; ~09:30 if you are not sure."},
        help_text="09:37, ~09:37, 09:37:13, 09:37-09:55, or with a date: 2026-11-14 09:37.",
    )
    text = TextField(
        label="What happened",
        error_messages={"required": "Say what happened, or what was known then."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    evidence = forms.URLField(
        label="Evidence", required=False, max_length=1000, assume_scheme="https"
    )

    def __init__(self, data: Any = None, *, document: Document, row: Entry | None = None) -> None:
        super().__init__(data, document=document, row=row)
        when = self.fields["when"]
        assert isinstance(when, InstantField)
        when.zone = ZoneInfo(zone_on_screen(data, document.zone))
        self.initial["zone"] = when.zone.key
        latest = row or Entry.objects.filter(document=document).last()
        started = document.incident.milestones.filter(at__isnull=False).order_by("at").first()
        known = latest.at if latest else started.at if started else None
        when.day = known.astimezone(when.zone).date() if known else None

    def initial_of(self, row: Entry) -> dict[str, Any]:
        return super().initial_of(row) | {"when": row.instant}

    def add(self, uid: UUID, values: dict[str, Any], *, by: User) -> None:
        values["instant"] = values.pop("when")
        del values["zone"]
        add_entry(self.document, uid=uid, by=by, **values)

    def write(self, version: int, values: dict[str, Any], *, by: User) -> None:
        assert isinstance(self.row, Entry)
        values["instant"] = values.pop("when")
        del values["zone"]
        save_entry(self.row, version=version, by=by, **values)

from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from coe.accounts.models import User
from coe.documents.forms import RowForm
from coe.documents.models import Document, DocumentRow
from coe.incidents.forms import InstantField, zone_on_screen
from coe.incidents.models import Milestone
from coe.text.instants import Instant, UnreadableInstant, format_instant, local_clock, local_day
from coe.text.plain import LineField, TextField
from coe.text.reading import parse_instant
from coe.timeline.lines import UnreadableLine, read_line
from coe.timeline.models import Entry
from coe.timeline.outline import Gap
from coe.timeline.queries import entry_before
from coe.timeline.services import Mark, add_entry, save_entry

LINE_LIMIT = 4000
"""Characters in an entry that is typed in one line."""


class MilestoneChoice(forms.ChoiceField):
    """A milestone by its kind, behind which stands the version that it was chosen at."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it is another milestone."""
        return super().has_changed(initial, str(data or "").partition(".")[0])


class EntryForm(RowForm):
    """An entry: one line that starts with its time when it is added, fields when it is edited.

    A row that was removed while somebody wrote in it is added with the fields that they had.
    """

    model = Entry

    zone = forms.CharField(widget=forms.HiddenInput, required=False)
    after = forms.CharField(widget=forms.HiddenInput, required=False)

    line = LineField(
        limit=LINE_LIMIT,
        label="When, and what happened",
        error_messages={"required": "Start with the time, like 10:42 alarm fired."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "done"}),
    )
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
    kind = forms.ChoiceField(choices=[("", "None"), *Entry.Kind.choices], required=False)
    milestone = MilestoneChoice(
        label="Marks",
        required=False,
        error_messages={
            "invalid_choice": "This milestone was marked or changed meanwhile. Look at it, then "
            "choose again."
        },
        help_text="The milestone is then at the time of this entry.",
    )
    evidence = forms.URLField(
        label="Evidence", required=False, max_length=1000, assume_scheme="https"
    )

    def __init__(self, data: Any = None, *, document: Document, row: Entry | None = None) -> None:
        self.is_line = row is None and (data is None or "when" not in data)
        self.shown_zone = ZoneInfo(zone_on_screen(data, document.zone))
        self.before = row.happened if row else _before(data, document)
        if row:
            data = _as_fields(data, self.shown_zone, _sent_before(data))
        super().__init__(data, document=document, row=row)
        for name in ("when", "text") if self.is_line else ("line",):
            del self.fields[name]
        self.offer_milestones()
        self.show_in(self.shown_zone)

    def offer_milestones(self) -> None:
        """The milestones that no other entry marks, each with the version that is shown.

        What this entry marks already is offered as it was sent: its first request may have come
        through without an answer.
        """
        stored = list(
            Milestone.objects.filter(incident=self.document.incident_id).select_related("entry")
        )
        order = list(Milestone.Kind.values)
        self.marks: dict[str, Mark] = {}
        choices = [("", "Nothing")]
        own = str(self.row.uid if self.row else self.data.get("uid"))
        sent = str(self.data.get("milestone", ""))
        for each in sorted(stored, key=lambda each: order.index(each.kind)):
            marked_by = getattr(each, "entry", None)
            if marked_by is not None and str(marked_by.uid) != own:
                continue
            name = each.kind if marked_by else f"{each.kind}.{each.version}"
            if marked_by and sent.partition(".")[0] == each.kind:
                name = sent
            self.marks[name] = Mark(each, each.version)
            choices.append((name, str(each.get_kind_display())))
        field = self.fields["milestone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def explain(self, gap: Gap, *, name: str) -> None:
        """Start with the times of `gap`; fields are called `name`, so that two forms fit a page."""
        self.auto_id = f"{name}-%s"
        if self.is_bound:
            return
        self.before = gap.start
        self.initial["line"] = gap.line
        self.show_in(self.shown_zone, has_focus=True)

    def begin_at(self, kind: str) -> None:
        """Start with the time of a recorded milestone that no entry marks, and mark it."""
        marks = ((name, mark.milestone) for name, mark in self.marks.items())
        name, milestone = next((each for each in marks if each[1].kind == kind), ("", None))
        self.initial["milestone"] = name
        if milestone and milestone.instant:
            self.initial["line"] = f"{format_instant(milestone.instant, self.shown_zone)} "

    def show_in(self, zone: ZoneInfo, *, has_focus: bool = False) -> None:
        """Show and read times in `zone`, unless the form came with the zone it was typed in.

        With `has_focus` the cursor starts in the line.
        """
        if self.is_bound:
            zone = self.shown_zone
        self.shown_zone = zone
        self.initial["zone"] = zone.key
        if self.is_line:
            self.fields["line"].help_text = f"{EXAMPLES} {_follows(self.before, zone)}".strip()
        if has_focus and self.is_line:
            self.fields["line"].widget.attrs["data-focus"] = True
        if self.before:
            self.initial["after"] = format_instant(self.before, ZoneInfo("UTC"))
        when = self.fields.get("when")
        if isinstance(when, InstantField):
            when.zone = zone
            when.day = self.before.at.astimezone(zone).date() if self.before else None

    @property
    def has_details(self) -> bool:
        """Whether one of the folded fields holds something, or needs a look."""
        return any(self[name].value() or self[name].errors for name in DETAILS)

    def initial_of(self, row: Entry) -> dict[str, Any]:
        marked = row.milestone.kind if row.milestone else ""
        return super().initial_of(row) | {"when": row.happened, "milestone": marked}

    def initial_of_new(self) -> dict[str, Any]:
        return {"uid": uuid4()}

    def clean(self) -> dict[str, Any]:
        """The line is taken apart into the time and the words."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("line"):
            try:
                line = read_line(cleaned["line"], zone=self.shown_zone, before=self.before)
            except UnreadableLine as error:
                self.add_error("line", ValidationError(str(error), code="unreadable"))
            else:
                cleaned |= {"when": line.instant, "text": line.text}
        return cleaned

    def add(
        self, uid: UUID, values: dict[str, Any], *, by: User, token: UUID | None
    ) -> DocumentRow:
        return add_entry(self.document, uid=uid, by=by, token=token, **self._written(values))

    def write(self, version: int, values: dict[str, Any], *, by: User, token: UUID | None) -> None:
        assert isinstance(self.row, Entry)
        save_entry(self.row, version=version, by=by, token=token, **self._written(values))

    def _written(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "instant": values["when"],
            "text": values["text"],
            "kind": values["kind"],
            "evidence": values["evidence"],
            "mark": self.marks.get(values["milestone"]),
        }


EXAMPLES = "10:42 alarm fired, ~10:40, 10:42:13, 10:42-10:55, +5m, 2026-11-14 10:42."
DETAILS = ("kind", "milestone", "evidence")
"""The fields that are folded away while a line is added."""


def _follows(before: Instant | None, zone: ZoneInfo) -> str:
    """What a time without a date counts from."""
    if before is None:
        return ""
    known = f"{local_clock(before, zone)} on {local_day(before, zone)}"
    return f"A time without a date, or +5m, follows {known}."


def _before(data: Any, document: Document) -> Instant | None:
    """What the line follows: what the form said when it was shown, else what is there now."""
    return _sent_before(data) or entry_before(document)


def _sent_before(data: Any) -> Instant | None:
    """What a line followed when its form was shown: "+5m" counts from there at each save."""
    sent = data.get("after", "") if data else ""
    try:
        return parse_instant(sent, zone=ZoneInfo("UTC"), day=None)
    except UnreadableInstant:
        return None


def _as_fields(data: Any, zone: ZoneInfo, before: Instant | None) -> Any:
    """A line that was typed for a row which is there by now, as the fields of that row."""
    if data is None or "when" in data or "line" not in data:
        return data
    fields = data.copy()
    try:
        line = read_line(data["line"], zone=zone, before=before)
    except UnreadableLine as error:
        fields["when"], fields["text"] = error.when, error.text
    else:
        fields["when"], fields["text"] = format_instant(line.instant, zone), line.text
    return fields

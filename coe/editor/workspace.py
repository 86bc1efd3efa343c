"""Everything that the workspace page shows, each part read when a template asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.forms import FactsForm, RowForm, SectionForm
from coe.documents.models import Document, DocumentRow, Section
from coe.documents.queries import is_editable
from coe.editor.conflicts import ConflictReport
from coe.editor.panels import ROW_KINDS, RowKind
from coe.incidents.durations import Duration, durations
from coe.incidents.forms import InstantField, MilestoneForm, zone_on_screen
from coe.incidents.models import Milestone
from coe.reviews.models import SignOff
from coe.reviews.workflow import latest_request_for_changes, possible_transitions
from coe.text.instants import local_day
from coe.timeline.models import Entry
from coe.whys.graph import Branch, outline
from coe.whys.models import Cause, Explanation


@dataclass
class Typed:
    """What a person sent that could not be saved: kept on the page, with the reason beside it.

    `panel` is where it belongs; `form` is None for a row that was only to be moved or removed.
    `reason` is a sentence, where it is not a mistake in the form.
    """

    panel: str
    form: Any = None
    conflicts: Sequence[ConflictReport] = ()
    reason: str = ""


@dataclass
class Workspace:
    """The working copy as one person sees it while writing.

    `open_row` is the row whose form is open, `reopened` the panel whose empty form stays open
    after something was added, `typed` what was refused just now, `saved_at` the moment (UTC) of the
    save that is being answered.
    """

    document: Document
    user: User
    open_row: UUID | None = None
    reopened: str = ""
    typed: Typed | None = None
    saved_at: datetime | None = None

    moves: ClassVar = (("up", "↑", "Move up"), ("down", "↓", "Move down"))

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.document.zone)

    @cached_property
    def is_editable(self) -> bool:
        return is_editable(self.document)

    @cached_property
    def facts(self) -> FactsForm:
        return self._typed_form("facts") or FactsForm(document=self.document)

    @cached_property
    def milestones(self) -> list[MilestoneForm]:
        return self._typed_form("milestones") or milestone_forms(self.document)

    @cached_property
    def milestones_zone(self) -> str:
        """The zone that the times of the strip are shown in."""
        when = self.milestones[0].fields["when"]
        assert isinstance(when, InstantField)
        return when.zone.key

    @cached_property
    def durations(self) -> tuple[Duration, ...]:
        stored = self.document.incident.milestones.filter(at__isnull=False)
        return durations({each.kind: each.instant for each in stored if each.instant})

    @cached_property
    def summary(self) -> SectionForm:
        return self._section("summary")

    @cached_property
    def impact(self) -> SectionForm:
        return self._section("impact")

    @cached_property
    def entries(self) -> list[tuple[str, Entry]]:
        """The entries in their order, each with the day it was in the zone of the COE."""
        entries = Entry.objects.filter(document=self.document)
        return [(local_day(each.instant, self.zone), each) for each in entries if each.instant]

    @cached_property
    def causes(self) -> list[Branch[Cause]]:
        """The causes as they are drawn, each with `also` (further effects) and its actions."""
        causes = Cause.objects.filter(document=self.document).prefetch_related("actions")
        items = {cause.pk: cause for cause in causes}
        primary: dict[int, int | None] = dict.fromkeys(items)
        also: dict[int, list[Cause]] = {}
        for edge in Explanation.objects.filter(document=self.document):
            if edge.is_primary:
                primary[edge.cause_id] = edge.effect_id
            else:
                also.setdefault(edge.cause_id, []).append(items[edge.effect_id])
        for key, cause in items.items():
            cause.also = also.get(key, [])  # type: ignore[attr-defined]
        return outline(list(items), primary, items)

    @cached_property
    def actions(self) -> list[ActionItem]:
        items = ActionItem.objects.filter(document=self.document)
        return list(items.select_related("owner", "cause"))

    @cached_property
    def open_form(self) -> RowForm | None:
        """The form of the row that is open, in whichever panel it is."""
        if self.typed and isinstance(self.typed.form, RowForm) and self.typed.form.row:
            return self.typed.form
        found = find_row(self.document, self.open_row) if self.open_row else None
        if found is None:
            return None
        kind, row = found
        return kind.form(document=self.document, row=row)

    @cached_property
    def open_uid(self) -> UUID | None:
        return self.open_form.row.uid if self.open_form and self.open_form.row else None

    @cached_property
    def new_entry(self) -> RowForm:
        return self._new_row("timeline")

    @cached_property
    def new_cause(self) -> RowForm:
        return self._new_row("causes")

    @cached_property
    def new_action(self) -> RowForm:
        return self._new_row("actions")

    @cached_property
    def next_states(self) -> set[str]:
        return {state.value for state in possible_transitions(self.user, self.document)}

    @cached_property
    def requested(self) -> SignOff | None:
        return latest_request_for_changes(self.document)

    def _section(self, slug: str) -> SectionForm:
        return self._typed_form(slug) or SectionForm(
            section=Section.objects.get(document=self.document, slug=slug)
        )

    def _new_row(self, panel: str) -> RowForm:
        typed = self._typed_form(panel)
        if isinstance(typed, RowForm) and typed.row is None:
            return typed
        return ROW_KINDS[panel].form(document=self.document)

    def _typed_form(self, panel: str) -> Any:
        return self.typed.form if self.typed and self.typed.panel == panel else None


def milestone_forms(document: Document, data: Any = None) -> list[MilestoneForm]:
    """The forms of the strip in the order of the field, filled from `data` where it is given."""
    zone = ZoneInfo(zone_on_screen(data, document.zone))
    stored = {each.kind: each for each in document.incident.milestones.all()}
    known: list[date] = [
        each.at.astimezone(zone).date() for each in stored.values() if each.at is not None
    ]
    day = min(known) if known else None
    return [
        MilestoneForm(data, milestone=stored[kind], zone=zone, day=day) for kind in Milestone.Kind
    ]


def find_row(document: Document, uid: UUID) -> tuple[RowKind, DocumentRow] | None:
    """The row of `document` with this `uid` and its kind, whatever the kind is."""
    for kind in ROW_KINDS.values():
        row = kind.model._default_manager.filter(document=document, uid=uid).first()
        if row:
            return kind, row
    return None

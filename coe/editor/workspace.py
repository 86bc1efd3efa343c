"""Everything that the workspace page shows, each part read when a template asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.db.models.functions import Collate, Lower
from django.urls import reverse
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.forms import ActionForm
from coe.actions.models import ActionItem
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.forms import AnswerForm, FactsForm, RowForm, SectionForm
from coe.documents.guiding import answers_in_sight, asked_of_document
from coe.documents.models import Document, Form, Participant, Section, State
from coe.documents.people_forms import ContributorForm
from coe.documents.queries import is_editable
from coe.editor import contents
from coe.editor.clashes import Clash
from coe.editor.composing import Composing
from coe.editor.here import Here, look_around
from coe.editor.missing import missing_at
from coe.editor.panels import QUESTIONS, ROW_KINDS, Stop, stops_for, template_of
from coe.editor.progress import Standing, standing_of
from coe.editor.said import Count, Said
from coe.editor.stored import find_row, milestone_forms, milestones_of
from coe.editor.trace import Trace, trace
from coe.guidance.findings import Finding
from coe.guidance.reading import Examination
from coe.incidents.durations import ASKED_OF_LIGHT, Duration, Sentence, durations, in_words
from coe.incidents.forms import InstantField, MilestoneForm
from coe.incidents.models import Milestone
from coe.policies.models import Part
from coe.policies.rules import Asking
from coe.policies.services import Asked
from coe.reviews.models import SignOff
from coe.reviews.rules import approvers_of, is_owner
from coe.reviews.services import may_be_discarded
from coe.reviews.workflow import latest_request_for_changes, possible_transitions
from coe.text.instants import Instant
from coe.timeline.display import Display, choose_display
from coe.timeline.forms import EntryForm
from coe.timeline.outline import IN_THE_FUTURE, Row, Run, rows, runs
from coe.timeline.paste import PasteForm
from coe.whys.models import Cause, Safeguard
from coe.whys.outlines import Chain, Place, Room, chains, draw_causes, find_room


@dataclass
class Typed:
    """What a person sent that could not be saved: kept on the page, with the reason beside it.

    `panel` is where it belongs; `form` is None for a row that was only to be moved or removed.
    `reason` is a sentence, where it is not a mistake in the form.
    """

    panel: str
    form: Any = None
    clash: Clash | None = None
    reason: str = ""


@dataclass
class Workspace:
    """The working copy as one person sees it while writing.

    `open_row` is the row whose form is open, `at` the field in it to start with. `reopened` is the
    panel whose empty form stays open after something was added, `preset` what is chosen in it by
    field, and `under` the question or cause that the form for another cause stands below. `gap` is
    the entry (by its UUID) below a gap that is being explained, `answering` the cause below which
    an action item is written. `typed` is what was refused just now,
    `saved_at` the moment (UTC) of the save that is being answered.
    `shown_stop` is the one that is on the page, None for all; `is_one_at_a_time` is known where
    only a panel is shown as well. `asked` is what the address asks for: the zone of the timeline.
    `may_be_kept` says that the browser may show the same answer again, in another tab as well.
    `examination` is what the checks find, where they were asked: the page is there before them.
    """

    document: Document
    user: User
    open_row: UUID | None = None
    at: str = ""
    reopened: str = ""
    preset: Mapping[str, str] = field(default_factory=dict)
    under: str = ""
    gap: str = ""
    answering: UUID | None = None
    typed: Typed | None = None
    saved_at: datetime | None = None
    shown_stop: "StopView | None" = None
    is_one_at_a_time: bool = False
    asked: Mapping[str, str] = field(default_factory=dict)
    may_be_kept: bool = False
    examination: Examination | None = None

    moves: ClassVar = (("up", "↑", "Move up"), ("down", "↓", "Move down"))

    @cached_property
    def page(self) -> str:
        """Its address, which those of all that can be done in it begin with (`editor/urls.py`)."""
        return reverse("coe_edit", args=[self.document.reference])

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
        return self._typed_form("milestones") or milestone_forms(
            self.document, now=now(), milestones=self.stored_milestones
        )

    @cached_property
    def milestones_asked(self) -> list[MilestoneForm]:
        """Those that stand open: of a light COE the ones that it asks for."""
        return [each for each in self.milestones if not self._is_further(each.milestone)]

    @cached_property
    def milestones_further(self) -> list[MilestoneForm]:
        """Those that are folded away."""
        return [each for each in self.milestones if self._is_further(each.milestone)]

    @property
    def are_further_open(self) -> bool:
        """Whether one of the folded milestones says something, or needs a look."""
        pending = Milestone.State.PENDING
        states = (each["state"].value() for each in self.milestones_further)
        return any(state != pending for state in states) or any(
            each.errors for each in self.milestones_further
        )

    def _is_further(self, milestone: Milestone) -> bool:
        return self.is_light and milestone.kind not in ASKED_OF_LIGHT

    @cached_property
    def milestones_zone(self) -> str:
        """The zone that the times of the strip are shown in."""
        when = self.milestones[0].fields["when"]
        assert isinstance(when, InstantField)
        return when.zone.key

    @cached_property
    def durations(self) -> tuple[Duration, ...]:
        return durations(self.recorded_milestones)

    @cached_property
    def milestone_words(self) -> dict[str, Sentence]:
        """What the recorded milestones say in words, by kind."""
        return in_words(self.recorded_milestones)

    @cached_property
    def recorded_milestones(self) -> dict[str, Instant]:
        return {each.kind: each.instant for each in self.stored_milestones if each.instant}

    @cached_property
    def stored_milestones(self) -> list[Milestone]:
        return milestones_of(self.document)

    @cached_property
    def here(self) -> Here:
        """Who else is here, and what the page knows of the history from now on."""
        return look_around(self.document, self.user)

    @cached_property
    def is_light(self) -> bool:
        return self.document.form == Form.LIGHT

    @cached_property
    def is_owner(self) -> bool:
        return is_owner(self.user, self.document)

    @cached_property
    def participants(self) -> dict[str, list[User]]:
        """Who takes part beside the owner, by role and name."""
        people: dict[str, list[User]] = {}
        parts = self.document.participants.select_related("user__team")
        for each in parts.order_by(Collate(Lower("user__name"), "C"), "user__pk"):
            people.setdefault(Participant.Role(each.role).name.lower(), []).append(each.user)
        return people

    @cached_property
    def contributor_form(self) -> ContributorForm:
        return self._typed_form("people") or ContributorForm(document=self.document)

    @cached_property
    def may_be_discarded(self) -> bool:
        return may_be_discarded(self.document)

    @cached_property
    def asked_by_guide(self) -> Asked:
        """What the guide asks of this COE; read once for the whole page."""
        return asked_of_document(self.document)

    @cached_property
    def sections(self) -> dict[str, Section]:
        """The texts by slug."""
        return {each.slug: each for each in contents.sections.of(self.document.pk)}

    @cached_property
    def said(self) -> Said:
        """What is said about it."""
        return Said(self.document.reference, contents.open_threads.of(self.document.pk))

    @cached_property
    def composing(self) -> Composing:
        """What can be laid out as the summary."""
        return Composing(self)

    @cached_property
    def answers(self) -> dict[str, list[Answer]]:
        """The answers by part, in the order they are asked; what is not asked stays if answered."""
        answers: dict[str, list[Answer]] = {}
        stored = contents.answers.of(self.document.pk)
        for each in answers_in_sight(self.document, stored, self.asked_by_guide.situation):
            answers.setdefault(each.question.part, []).append(each)
        return answers

    @cached_property
    def figures(self) -> list[ImpactFigure]:
        return contents.figures.of(self.document.pk)

    @cached_property
    def safeguards(self) -> list[Safeguard]:
        return contents.safeguards.of(self.document.pk)

    @cached_property
    def lessons(self) -> list[tuple[str, list[Lesson]]]:
        """The lessons under the name of their kind, kinds without any left out."""
        rows = contents.lessons.of(self.document.pk)
        kinds = [(kind.label, [each for each in rows if each.kind == kind]) for kind in Lesson.Kind]
        return [(str(label), found) for label, found in kinds if found]

    @cached_property
    def related(self) -> list[RelatedItem]:
        return contents.related.of(self.document.pk)

    @cached_property
    def metric_links(self) -> list[RelatedItem]:
        return [each for each in self.related if each.kind == RelatedItem.Kind.METRIC]

    @cached_property
    def customer_links(self) -> list[RelatedItem]:
        """What customers wrote."""
        return [each for each in self.related if each.kind == RelatedItem.Kind.FEEDBACK]

    @cached_property
    def display(self) -> Display:
        """The zone that the timeline is shown in."""
        team = self.user.team.zone if self.user.team else "UTC"
        return choose_display(self.asked.get("zone", ""), own=self.document.zone, team=team)

    @cached_property
    def entries(self) -> list[Row]:
        """The entries in their order, with the gaps between them and what is odd about them."""
        entries = contents.entries.of(self.document.pk)
        marked = {each.pk: each for each in self.stored_milestones}
        for entry in entries:
            if entry.milestone_id in marked:
                entry.milestone = marked[entry.milestone_id]
        return rows(entries, zone=self.display.zone, now=now(), milestones=self.recorded_milestones)

    @cached_property
    def runs(self) -> list[Run]:
        """The entries as they stand on the page, the one whose form is open on its own."""
        return runs(self.entries, alone=self.open_uid)

    @property
    def changes_with_time(self) -> bool:
        """Whether it says of an entry that it is in the future, which will pass."""
        return any(IN_THE_FUTURE in row.remarks for row in self.entries)

    @cached_property
    def explained(self) -> Row | None:
        """The row below the gap that is being explained; None where there is no such gap."""
        gaps = (each for each in self.entries if each.gap) if self.gap else ()
        return next((each for each in gaps if str(each.entry.uid) == self.gap), None)

    @cached_property
    def gap_form(self) -> EntryForm | None:
        """The line that explains a gap, in its place."""
        if self.explained is None or self.explained.gap is None:
            return None
        typed = self._typed_form("timeline")
        form = typed if isinstance(typed, EntryForm) and typed.row is None else None
        if form is None:
            form = EntryForm(document=self.document)
            form.show_in(self.display.zone)
        form.explain(self.explained.gap, name=f"gap-{self.gap}")
        return form

    @cached_property
    def paste_form(self) -> PasteForm:
        return PasteForm(document=self.document, zone=self.display.zone)

    @cached_property
    def causes(self) -> list[Place]:
        """The causes in reading order, as they are drawn."""
        causes = contents.causes.of(self.document.pk)
        prefetch_related_objects(causes, "actions")
        return draw_causes(causes, contents.explanations.of(self.document.pk))

    @cached_property
    def chains(self) -> list[Chain]:
        """The starting questions, each with the causes that answer it."""
        return chains(self.causes, self.durations)

    @cached_property
    def room(self) -> Room | None:
        """Where among the causes the form for another one stands; None if it stands behind all."""
        is_wanted = self.under and (self.has_room_for_causes or self._typed_form("causes"))
        return find_room(self.chains, self.under) if is_wanted else None

    @cached_property
    def answer_form(self) -> ActionForm:
        """The form for an action item below the cause that it answers."""
        typed = self._typed_form("causes")
        form = typed if isinstance(typed, ActionForm) else ActionForm(document=self.document)
        form.propose_owner(self.user)
        self._advised(form)
        form.answer(self.answering)
        return form

    def has_room(self, panel: str) -> bool:
        """Whether another cause or action item may be added: a light COE takes only so many."""
        most = ROW_KINDS[panel].model.most_in_light if panel in ROW_KINDS else None
        if most is None or not self.is_light:
            return True
        return len(self.causes if panel == "causes" else self.actions) < most

    @property
    def has_room_for_actions(self) -> bool:
        return self.has_room("actions")

    @property
    def has_room_for_causes(self) -> bool:
        return self.has_room("causes")

    @property
    def is_last_cause(self) -> bool:
        """Whether the next cause is the last that may be added, so that no further why is asked."""
        return self.is_light and len(self.causes) + 1 >= (Cause.most_in_light or 0)

    @cached_property
    def trace(self) -> Trace:
        """Which action item answers which cause."""
        return trace(self.causes, self.actions)

    @cached_property
    def actions(self) -> list[ActionItem]:
        return contents.actions.of(self.document.pk)

    @cached_property
    def open_form(self) -> RowForm | None:
        """The form of the row that is open, in whichever panel it is."""
        if self.typed and isinstance(self.typed.form, RowForm) and self.typed.form.row:
            return self._advised(self.typed.form)
        found = find_row(self.document, self.open_row) if self.open_row else None
        if found is None:
            return None
        kind, row = found
        form = kind.form(document=self.document, row=row)
        if isinstance(form, EntryForm):
            form.show_in(self.display.zone)
        if self.at in form.fields:
            form.fields[self.at].widget.attrs["data-focus"] = True
        return self._advised(form)

    @cached_property
    def open_uid(self) -> UUID | None:
        return self.open_form.row.uid if self.open_form and self.open_form.row else None

    @cached_property
    def next_states(self) -> set[str]:
        return {state.value for state in possible_transitions(self.user, self.document)}

    @cached_property
    def approvers(self) -> list[User]:
        """Those who can approve it as things stand."""
        return approvers_of(self.document)

    @cached_property
    def requested(self) -> SignOff | None:
        return latest_request_for_changes(self.document)

    def place(self, sections: str | None, wanted: str | None) -> None:
        """Show one stop at a time if `sections` is "one": the one that is wanted (or holds the
        panel that is), else the one that is next."""
        if sections != "one":
            return
        named = (each for each in self.stops if wanted in (each.stop.slug, *each.stop.panels))
        self.shown_stop = next(named, None) or self.next_stop or self.stops[0]

    @property
    def shown_stops(self) -> list["StopView"]:
        """The stops whose panels stand on the page."""
        return [self.shown_stop] if self.shown_stop else self.stops

    @property
    def stop_before(self) -> "StopView | None":
        return self._beside_shown(-1)

    @property
    def stop_after(self) -> "StopView | None":
        return self._beside_shown(1)

    def _beside_shown(self, steps: int) -> "StopView | None":
        assert self.shown_stop
        place = self.stops.index(self.shown_stop) + steps
        return self.stops[place] if 0 <= place < len(self.stops) else None

    def panel(self, slug: str) -> "PanelView":
        """A panel of the page, by its slug."""
        return PanelView(slug, self)

    @cached_property
    def stops(self) -> list["StopView"]:
        """The stops of this kind of COE, each with how far it has come."""
        stops = stops_for(self.asked_by_guide.rules, is_light=self.is_light)
        views = [self._view(stop) for stop in stops]
        return [each for each in views if each.panels and not each.is_hidden]

    def _view(self, stop: Stop) -> "StopView":
        standing = standing_of(stop.slug, self)
        panels = [self.panel(slug) for slug in stop.panels if self._is_asked(slug)]
        return StopView(stop, standing, panels, missing_at(stop, standing, self))

    def _is_asked(self, panel: str) -> bool:
        """Whether it is no panel of questions, or has one: a guide may ask nothing of a part."""
        return not panel.startswith(QUESTIONS) or bool(
            self.answers.get(panel.removeprefix(QUESTIONS))
        )

    @property
    def in_the_way(self) -> tuple[Finding, ...]:
        """What keeps it from review, while it waits to be submitted."""
        is_waiting = State.IN_REVIEW in self.next_states
        return self.examination.in_the_way if self.examination and is_waiting else ()

    @property
    def missing_beside(self) -> list["StopView"]:
        """The unfinished stops of which nothing is in the way already."""
        said = {each.place.panel for each in self.in_the_way}
        return [each for each in self.unfinished if said.isdisjoint(each.stop.panels)]

    @property
    def unfinished(self) -> list["StopView"]:
        """The stops that still lack something, the last one (submitting) left out."""
        asked = (each for each in self.stops[:-1] if not each.stop.is_optional)
        return [each for each in asked if each.missing]

    @cached_property
    def next_stop(self) -> "StopView | None":
        """The one next thing in the order of the craft."""
        asked = (each for each in self.stops if not each.stop.is_optional)
        return next((each for each in asked if each.standing != Standing.COMPLETE), None)

    def section_form(self, slug: str) -> SectionForm:
        return self._typed_form(slug) or SectionForm(section=self.sections[slug])

    def answer_forms(self, part: str) -> list[AnswerForm]:
        typed = self._typed_form(f"{QUESTIONS}{part}")
        return typed or [AnswerForm(answer=each) for each in self.answers.get(part, ())]

    def _advised(self, form: RowForm) -> RowForm:
        """A form that is shown, with what the guide advises in it."""
        if isinstance(form, ActionForm):
            form.advise(self.asked_by_guide.rules)
        return form

    def typed_row(self, panel: str) -> RowForm | None:
        """The form for another row as it was refused just now."""
        typed = self._typed_form(panel)
        is_typed = isinstance(typed, ROW_KINDS[panel].form) and typed.row is None
        return typed if is_typed and not (self.explained and panel == "timeline") else None

    def new_row(self, panel: str) -> RowForm:
        if typed := self.typed_row(panel):
            return self._advised(typed)
        form = self._advised(ROW_KINDS[panel].form(document=self.document))
        if isinstance(form, EntryForm):
            form.show_in(self.display.zone, has_focus=panel == self.reopened)
        if isinstance(form, ActionForm):
            form.propose_owner(self.user)
        if panel == self.reopened:
            form.initial.update({n: self.preset[n] for n in self.preset.keys() & form.fields})
            if isinstance(form, EntryForm):
                form.begin_at(self.preset.get("milestone", ""))
        if panel == "causes" and self.room:
            form.initial["primary"] = self.under
            form.fields["text"].widget.attrs["data-focus"] = True
        return form

    def _typed_form(self, panel: str) -> Any:
        return self.typed.form if self.typed and self.typed.panel == panel else None


@dataclass(frozen=True)
class PanelView:
    """A panel as its template draws it; what it does not need is never read."""

    slug: str
    workspace: Workspace

    @property
    def template(self) -> str:
        return template_of(self.slug)

    @property
    def has_rows(self) -> bool:
        return self.slug in ROW_KINDS

    @property
    def said(self) -> Count:
        """How much is said about what stands in it."""
        asked = self.workspace.answers.get(self.part, ()) if self.slug.startswith(QUESTIONS) else ()
        return self.workspace.said.at_panel(self.slug, (each.question.slug for each in asked))

    @property
    def has_room(self) -> bool:
        """Whether another row may be added."""
        return self.workspace.has_room(self.slug)

    @property
    def part(self) -> Part:
        """The part of the questions that it asks."""
        return Part(self.slug.removeprefix(QUESTIONS))

    @cached_property
    def answer_forms(self) -> list[AnswerForm]:
        return self.workspace.answer_forms(self.part)

    @cached_property
    def section_form(self) -> SectionForm:
        return self.workspace.section_form(self.slug)

    @cached_property
    def new_row(self) -> RowForm:
        """The form for another row. To be asked for where it is shown: it reads its choices."""
        return self.workspace.new_row(self.slug)

    @property
    def typed_row(self) -> RowForm | None:
        return self.workspace.typed_row(self.slug)

    @property
    def first_of_new_row(self) -> str:
        """The id of the field that the form for another row starts with."""
        return ROW_KINDS[self.slug].form.first_of_new()


@dataclass(frozen=True, slots=True)
class StopView:
    """A stop of the rail, how far it has come, its panels, and what it lacks in sentences."""

    stop: Stop
    standing: Standing
    panels: list[PanelView]
    missing: list[str]

    @property
    def is_hidden(self) -> bool:
        """Whether the guide does without it and nothing is there."""
        return self.stop.asking == Asking.HIDDEN and self.standing == Standing.EMPTY

    @property
    def ask(self) -> str:
        """What is to be done next there, nothing where it is complete."""
        return self.missing[0] if self.missing else ""

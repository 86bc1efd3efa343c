"""Rows of the workspace as they are read: `{% load rows %}`.

There may be hundreds on a page, and most of them are as they were when it was drawn last. So
each tag gathers all that its template is told, and what is the same is drawn once
(`coe.web.drawing`).
"""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django import template
from django.utils.safestring import SafeString

from coe.templatetags.text import shortened
from coe.text.instants import Instant
from coe.web.drawing import drawn
from coe.whys.models import Cause

if TYPE_CHECKING:
    from coe.actions.models import ActionItem
    from coe.documents.models import DocumentRow
    from coe.editor.workspace import Workspace
    from coe.timeline.outline import Row
    from coe.whys.outlines import Place

register = template.Library()

KINDS = tuple((str(value), str(label)) for value, label in Cause.Kind.choices)
CONFIDENCES = tuple((str(value), str(label)) for value, label in Cause.Confidence.choices)
NAME = 40
"""Characters of a row's text that tell its buttons apart for those who hear them."""


class _Entry(NamedTuple):
    page: str
    query: str
    is_editable: bool
    uid: UUID
    instant: Instant
    zone: ZoneInfo
    text: str
    kind: str
    milestone: str
    remarks: tuple[str, ...]
    is_out_of_order: bool
    evidence: str


@register.simple_tag
def entry_row(workspace: "Workspace", row: "Row") -> SafeString:
    """An entry of the timeline, with what is said beside it."""
    entry = row.entry
    values = _Entry(
        workspace.page,
        workspace.display.query,
        workspace.is_editable,
        entry.uid,
        row.instant,
        workspace.display.zone,
        entry.text,
        entry.get_kind_display() if entry.kind else "",
        entry.milestone.get_kind_display() if entry.milestone else "",
        row.remarks,
        row.is_out_of_order,
        entry.evidence,
    )
    return drawn("editor/timeline_row.html", values, length=len(entry.text))


class _Action(NamedTuple):
    page: str
    is_editable: bool
    number: int
    uid: UUID
    version: int
    title: str
    priority: str
    kind: str
    owner: str
    due_on: date | None
    done_when: str
    cause: UUID | None
    cause_text: str
    tracker: str


@register.simple_tag
def action_row(workspace: "Workspace", action: "ActionItem", number: int) -> SafeString:
    values = _Action(
        workspace.page,
        workspace.is_editable,
        number,
        action.uid,
        action.version,
        action.title,
        action.get_priority_display(),
        action.get_kind_display() if action.kind else "",
        action.owner.name if action.owner else "",
        action.due_on,
        action.done_when,
        action.cause.uid if action.cause else None,
        shortened(action.cause.text, 80) if action.cause else "",
        action.tracker,
    )
    return drawn("editor/action_read.html", values, length=len(action.done_when))


class _Buttons(NamedTuple):
    page: str
    slug: str
    uid: UUID
    version: int
    name: str


@register.simple_tag
def row_buttons(workspace: "Workspace", slug: str, row: "DocumentRow") -> SafeString:
    """What can be done with a row of the panel `slug`."""
    values = _Buttons(workspace.page, slug, row.uid, row.version, shortened(row, NAME))
    return drawn("editor/row_buttons.html", values)


class _CauseButtons(NamedTuple):
    page: str
    uid: UUID
    version: int
    name: str
    is_root: bool
    is_first: bool
    has_room: bool
    slug: str = "causes"


@register.simple_tag
def cause_buttons(workspace: "Workspace", place: "Place") -> SafeString:
    cause = place.cause
    name = shortened(cause, NAME)
    values = _CauseButtons(
        workspace.page,
        cause.uid,
        cause.version,
        name,
        place.is_root,
        place.is_first,
        workspace.has_room_for_causes,
    )
    return drawn("editor/cause_buttons.html", values)


class _CauseSaid(NamedTuple):
    uid: UUID
    number: str
    text: str


@register.simple_tag
def cause_said(place: "Place") -> SafeString:
    cause = place.cause
    values = _CauseSaid(cause.uid, place.branch.number, cause.text)
    return drawn("editor/cause_said.html", values, length=len(cause.text))


class _CauseChoices(NamedTuple):
    uid: UUID
    version: int
    number: str
    kind: str
    confidence: str
    kinds: tuple[tuple[str, str], ...]
    confidences: tuple[tuple[str, str], ...]


@register.simple_tag
def cause_choices(place: "Place") -> SafeString:
    """The kind of a cause and how sure it is, to choose from."""
    cause = place.cause
    values = _CauseChoices(
        cause.uid,
        cause.version,
        place.branch.number,
        cause.kind,
        cause.confidence,
        KINDS,
        CONFIDENCES,
    )
    return drawn("editor/cause_choices.html", values)


class _CauseEnd(NamedTuple):
    page: str
    is_one_at_a_time: bool
    is_editable: bool
    uid: UUID
    number: str
    is_open: bool
    takes_action: bool
    answered_by: tuple[tuple[UUID, str], ...]
    risk_reason: str
    risk_approver: str


@register.simple_tag
def cause_end(workspace: "Workspace", place: "Place") -> SafeString:
    """What is done about a cause."""
    cause = place.cause
    approver = cause.risk_approver if cause.is_risk_accepted else None
    values = _CauseEnd(
        workspace.page,
        workspace.is_one_at_a_time,
        workspace.is_editable,
        cause.uid,
        place.branch.number,
        place.is_open,
        workspace.has_room_for_actions,
        tuple((action.uid, action.title) for action in cause.actions.all()),
        cause.risk_reason,
        approver.name if approver else "",
    )
    return drawn("editor/cause_end.html", values, length=len(cause.risk_reason))

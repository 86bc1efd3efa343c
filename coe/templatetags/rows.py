"""Rows of the workspace as they are read: `{% load rows %}`.

There may be hundreds on a page, and most of them are as they were when it was drawn last. So
each tag gathers all that its template is told, and what is the same is drawn once
(`coe.web.drawing`).
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from coe.templatetags.text import shortened
from coe.templatetags.widgets import drawn_options
from coe.text.instants import Instant
from coe.web.drawing import TOKEN, drawn, drawn_with_token
from coe.whys.models import Cause

if TYPE_CHECKING:
    from coe.actions.models import ActionItem
    from coe.documents.models import DocumentRow
    from coe.editor.trace import TracedAction, TracedCause
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
    said: int
    way: str


@register.simple_tag
def entry_rows(workspace: "Workspace", rows: "Sequence[Row]") -> SafeString:
    """Entries of the timeline, each with what is said beside it."""
    page, display, is_editable = workspace.page, workspace.display, workspace.is_editable
    query, zone = display.query, display.zone
    return format_html_join(
        "", "{}", ((_entry_row(workspace, page, query, is_editable, zone, row),) for row in rows)
    )


def _entry_row(
    workspace: "Workspace", page: str, query: str, is_editable: bool, zone: ZoneInfo, row: "Row"
) -> SafeString:
    entry, said = row.entry, workspace.said.at_row(row.entry)
    values = _Entry(
        page,
        query,
        is_editable,
        entry.uid,
        row.instant,
        zone,
        entry.text,
        entry.get_kind_display() if entry.kind else "",
        entry.milestone.get_kind_display() if entry.milestone else "",
        row.remarks,
        row.is_out_of_order,
        entry.evidence,
        said.number,
        said.way,
    )
    length = len(entry.text) + len(entry.evidence)
    return drawn("editor/timeline_row.html", values, length=length)


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
    said: int
    way: str


@register.simple_tag
def action_row(workspace: "Workspace", action: "ActionItem", number: int) -> SafeString:
    said = workspace.said.at_row(action)
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
        said.number,
        said.way,
    )
    return drawn(
        "editor/action_read.html", values, length=len(action.done_when) + len(action.tracker)
    )


@register.simple_tag
def said_of(workspace: "Workspace", row: "DocumentRow") -> SafeString:
    """How much is said about a row, where something is."""
    said = workspace.said.at_row(row)
    if not said.number:
        return SafeString()
    return render_to_string("editor/said.html", {"said": said.number, "way": said.way})


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


class _CauseRead(NamedTuple):
    page: str
    is_one_at_a_time: bool
    is_editable: bool
    uid: UUID
    version: int
    number: str
    text: str
    name: str
    kind: str
    said_kind: str
    confidence: str
    said_confidence: str
    evidence: str
    also: tuple[tuple[UUID, str, str], ...]
    is_root: bool
    is_first: bool
    is_open: bool
    has_room: bool
    takes_action: bool
    answered_by: tuple[tuple[UUID, str], ...]
    risk_reason: str
    risk_approver: str
    said: int
    way: str
    token: str = TOKEN
    slug: str = "causes"


@register.simple_tag(takes_context=True)
def cause_read(context: Context, workspace: "Workspace", place: "Place") -> SafeString:
    """What a cause says, what is done about it, and what can be done with it."""
    cause, said = place.cause, workspace.said.at_row(place.cause)
    approver = cause.risk_approver if cause.is_risk_accepted else None
    effects = ((each.item.uid, each.number, shortened(each.item.text, 60)) for each in place.also)
    values = _CauseRead(
        page=workspace.page,
        is_one_at_a_time=workspace.is_one_at_a_time,
        is_editable=workspace.is_editable,
        uid=cause.uid,
        version=cause.version,
        number=place.branch.number,
        text=cause.text,
        name=shortened(cause, NAME),
        kind=cause.kind,
        said_kind=cause.get_kind_display() if cause.kind else "",
        confidence=cause.confidence,
        said_confidence=cause.get_confidence_display(),
        evidence=cause.evidence,
        also=tuple(effects),
        is_root=place.is_root,
        is_first=place.is_first,
        is_open=place.is_open,
        has_room=workspace.has_room_for_causes,
        takes_action=workspace.has_room_for_actions,
        answered_by=tuple((action.uid, action.title) for action in cause.actions.all()),
        risk_reason=cause.risk_reason,
        risk_approver=approver.name if approver else "",
        said=said.number,
        way=said.way,
    )
    beside = sum(len(title) for _, title in values.answered_by)
    length = len(cause.text) + len(cause.evidence) + len(cause.risk_reason) + beside
    return drawn_with_token("editor/cause_read.html", values, _token(context), length=length)


def _token(context: Context) -> SafeString:
    """As `{% csrf_token %}` writes it."""
    field = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    return format_html(field, context["csrf_token"])


@register.simple_tag
def cause_class(workspace: "Workspace", place: "Place") -> str:
    """How deep it stands, and which lines go on below it."""
    rails = "".join(f" cause--rail-{depth}" for depth in place.rails)
    is_read = place.cause.confidence == Cause.Confidence.HYPOTHESIS and not workspace.is_editable
    looks = " cause--hypothesis" if is_read else ""
    return f"cause cause--depth-{place.branch.shown_depth}{rails}{looks}"


@register.simple_tag
def kind_options(chosen: str) -> SafeString:
    return drawn_options(KINDS, chosen)


@register.simple_tag
def confidence_options(chosen: str) -> SafeString:
    return drawn_options(CONFIDENCES, chosen)


class _Traced(NamedTuple):
    page: str
    is_one_at_a_time: bool
    number: str
    uid: UUID
    text: str
    is_open: bool
    risk_approver: str
    actions: tuple[tuple[UUID, str, str], ...]


@register.simple_tag
def traced_cause(workspace: "Workspace", row: "TracedCause") -> SafeString:
    """A cause with what answers it."""
    cause = row.place.cause
    approver = cause.risk_approver if cause.is_risk_accepted else None
    values = _Traced(
        workspace.page,
        workspace.is_one_at_a_time,
        row.place.branch.number,
        cause.uid,
        shortened(cause.text, 120),
        row.place.is_open,
        approver.name if approver else "",
        tuple(
            (each.item.uid, each.number, shortened(each.item.title, 100)) for each in row.actions
        ),
    )
    return drawn("editor/trace_cause.html", values)


class _TracedAction(NamedTuple):
    page: str
    is_one_at_a_time: bool
    number: str
    uid: UUID
    title: str
    cause: UUID | None
    cause_number: str
    cause_text: str


@register.simple_tag
def traced_action(workspace: "Workspace", row: "TracedAction") -> SafeString:
    """An action item with the cause that it answers."""
    branch = row.answers
    values = _TracedAction(
        workspace.page,
        workspace.is_one_at_a_time,
        row.number,
        row.item.uid,
        shortened(row.item.title, 100),
        branch.item.uid if branch else None,
        branch.number if branch else "",
        shortened(branch.item.text, 120) if branch else "",
    )
    return drawn("editor/trace_action.html", values)

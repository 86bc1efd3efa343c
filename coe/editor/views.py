"""The workspace: one page, its panels, and one view per thing that can be done there.

Every control is a plain form or link. HTMX is answered with the panel alone, everybody else with
the whole page or, after a save, with the way back to it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.models import Team, User
from coe.accounts.requests import SignedInRequest
from coe.clocks.queries import incident_to_write
from coe.documents.forms import AnswerForm, OpenForm, RowForm, SectionForm
from coe.documents.models import Document, DocumentRow, Section
from coe.documents.queries import writable_document, writable_section
from coe.documents.rows import move_row
from coe.documents.services import AnswerChange, save_answers
from coe.editor.answers import SECTIONS, refuse, save_or_refuse, saved, show
from coe.editor.attempts import version_of
from coe.editor.facts_form import SettledFactsForm
from coe.editor.panels import PANELS, QUESTIONS, ROW_KINDS, RowKind
from coe.editor.presence import with_others
from coe.editor.saving import Saving, Strip
from coe.editor.stored import answer_forms, find_row, milestone_forms
from coe.editor.workspace import Typed, Workspace
from coe.history.queries import events_of
from coe.incidents.forms import MilestoneForm, zone_on_screen
from coe.library.unchanged import not_modified, page_of, tag_of, tagged
from coe.policies.models import Part
from coe.reviews.rules import Approvers
from coe.timeline.forms import EntryForm
from coe.timeline.services import MilestoneChange, save_milestones
from coe.web.errors import StaleAnswer, stale
from coe.web.http import get_or_post, posted, see_other

PRESETS = {"kind", "cause", "line", "milestone"}
"""The fields of an empty form that the address may fill."""

GONE = "Somebody has removed this row meanwhile."


@get_or_post
def open_new(request: SignedInRequest) -> HttpResponse:
    data = posted(request)
    user, asked = request.user, request.GET.get("incident", "")
    incident = incident_to_write(user, asked, is_sent=data is not None)
    told = approval_of(user)
    form = OpenForm(data, user=user, approved_by=told, now=now(), incident=incident)
    if form.is_valid():
        try:
            document = form.open(by=user)
        except StaleAnswer as error:
            return stale(request, error)
        following = Workspace(document, user).next_stop
        answer = see_other("coe_edit", document.reference)
        answer["Location"] += f"#{following.panels[0].slug}" if following else ""
        return answer
    return render(request, "editor/new.html", {"form": form}, status=422 if form.errors else 200)


def approval_of(owner: User) -> Callable[[Team], str]:
    """Says who would approve a COE of a team that `owner` opens."""
    approvers = Approvers()

    def told(team: Team) -> str:
        names = " or ".join(each.name for each in approvers.between(team.pk, owner.pk))
        return f"{names} approves" if names else "nobody could approve yet"

    return told


@page_of
def writable(user: User, reference: str) -> QuerySet[Document]:
    written = Document.objects.writable_by(user).filter(reference=reference)
    return with_others(written, asker=user)


@require_GET
def edit(request: SignedInRequest, reference: str) -> HttpResponse:
    sections = request.session.get(SECTIONS)
    if unchanged := not_modified(request, writable, reference, sections):
        return unchanged
    tag = tag_of(request, writable, reference, sections)
    document = writable_document(request.user, reference)
    workspace = Workspace(document, request.user, may_be_kept=bool(tag))
    panel = _opened(request, workspace)
    answer = show(request, workspace, panel)
    return answer if tag and workspace.changes_with_time else tagged(answer, tag)


def _opened(request: SignedInRequest, workspace: Workspace) -> str:
    """Open in the workspace what the address asks for; return the panel that it is in, if any."""
    panel = ""
    if uid := _uid(request.GET.get("row") or request.GET.get("close")):
        found = find_row(workspace.document, uid)
        panel = found[0].panel if found else ""
        workspace.open_row = uid if "row" in request.GET else None
        workspace.at = request.GET.get("at", "")
    elif uid := _uid(request.GET.get("answer")):
        panel, workspace.answering = "causes", uid
    elif "gap" in request.GET:
        panel, workspace.gap = "timeline", request.GET["gap"]
    elif request.GET.get("add") in ROW_KINDS:
        panel = workspace.reopened = request.GET["add"]
        workspace.preset = {name: request.GET[name] for name in PRESETS & request.GET.keys()}
        workspace.under = request.GET.get("under", "") if panel == "causes" else ""
    elif request.GET.get("close") in PANELS:
        panel = request.GET["close"]
    return panel


@require_GET
def rail(request: SignedInRequest, reference: str) -> HttpResponse:
    """The rail, which follows every save."""
    document = writable_document(request.user, reference)
    workspace = Workspace(document, request.user)
    workspace.place(request.session.get(SECTIONS), request.GET.get("section"))
    context = {"workspace": workspace, "document": document}
    return render(request, "editor/rail.html", context)


@require_POST
def choose_sections(request: SignedInRequest, reference: str) -> HttpResponse:
    """All sections below each other, or one at a time, as the person likes it."""
    document = writable_document(request.user, reference)
    request.session[SECTIONS] = "one" if request.POST.get("sections") == "one" else "all"
    return see_other("coe_edit", document.reference)


@require_POST
def write_facts(request: SignedInRequest, reference: str) -> HttpResponse:
    document = writable_document(request.user, reference)

    def make(data: object) -> SettledFactsForm:
        """Over the facts as they are by now, of the COE that was fetched above."""
        now = Document.objects.with_readers_fields().get(pk=document.pk)
        return SettledFactsForm(data, document=now)

    return save_or_refuse(request, document, Saving("facts", "document", document.reference, make))


@require_POST
def write_section(request: SignedInRequest, reference: str, slug: str) -> HttpResponse:
    fetched = writable_section(request.user, reference, slug)

    def make(data: object) -> SectionForm:
        """Over the text that was fetched; to compare with, over the text as it is by now."""
        if data is request.POST:
            return SectionForm(data, section=fetched)
        return SectionForm(data, section=Section.objects.get(pk=fetched.pk))

    return save_or_refuse(request, fetched.document, Saving(slug, "section", slug, make))


@require_POST
def write_milestones(request: SignedInRequest, reference: str) -> HttpResponse:
    document = writable_document(request.user, reference)

    zone = zone_on_screen(request.POST, document.zone)

    def write(changed: list[MilestoneForm], token: UUID | None) -> None:
        changes = [
            MilestoneChange(
                form.milestone,
                form.cleaned_data["version"],
                form.cleaned_data["state"],
                form.cleaned_data["when"],
            )
            for form in changed
        ]
        save_milestones(document, changes=changes, by=request.user, token=token)

    def make(data: object) -> list[MilestoneForm]:
        return milestone_forms(document, data, now=now(), zone=zone)

    return save_or_refuse(request, document, Strip("milestones", "milestone", make, write))


@require_POST
def write_answers(request: SignedInRequest, reference: str, part: Part) -> HttpResponse:
    document = writable_document(request.user, reference)

    def write(changed: list[AnswerForm], token: UUID | None) -> None:
        changes = [
            AnswerChange(form.answer, form.cleaned_data["version"], form.cleaned_data["text"])
            for form in changed
        ]
        save_answers(document, changes=changes, by=request.user, token=token)

    def make(data: object) -> list[AnswerForm]:
        return answer_forms(document, part, request.POST, data)

    return save_or_refuse(request, document, Strip(f"{QUESTIONS}{part}", "answer", make, write))


@require_POST
def add_row(request: SignedInRequest, reference: str, panel: str) -> HttpResponse:
    document = writable_document(request.user, reference)
    kind = _kind(panel)
    uid = _uid(request.POST.get("uid"))

    def make(data: object) -> RowForm:
        """The form for a new row; to compare with, the row that a lost answer has added."""
        if data is request.POST or uid is None:
            return kind.form(data, document=document)
        stored = kind.model._default_manager.filter(document=document, uid=uid)
        return _row_form(request, kind, document, data, stored.first())

    saving = Saving(panel, kind.model.kind_of_row, uid, make, is_adding=True)
    return save_or_refuse(request, document, saving)


@require_POST
def write_row(request: SignedInRequest, reference: str, panel: str, uid: UUID) -> HttpResponse:
    document = writable_document(request.user, reference)
    kind = _kind(panel)

    def make(data: object) -> RowForm:
        row = get_object_or_404(kind.model, document=document, uid=uid)
        return _row_form(request, kind, document, data, row)

    def make_new(data: object) -> RowForm:
        return kind.form(data, document=document)

    saving = Saving(panel, kind.model.kind_of_row, uid, make, make_new=make_new)
    return save_or_refuse(request, document, saving)


@require_POST
def shift_row(request: SignedInRequest, reference: str, panel: str, uid: UUID) -> HttpResponse:
    document = writable_document(request.user, reference)
    kind = _kind(panel)
    row = _row_or_removed(kind, document, uid)
    steps = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    if steps is None:
        raise Http404
    if row is None:
        return refuse(request, document, Typed(panel, reason=GONE), status=409)
    try:
        move_row(row, steps=steps, among=kind.neighbours(row), by=request.user)
    except StaleAnswer as error:
        return refuse(request, document, Typed(panel, reason=error.reason), status=409)
    return saved(request, document, panel)


@require_POST
def drop_row(request: SignedInRequest, reference: str, panel: str, uid: UUID) -> HttpResponse:
    """Remove a row. One that is gone already, by a second click or another person, is fine."""
    document = writable_document(request.user, reference)
    kind = _kind(panel)
    row = _row_or_removed(kind, document, uid)
    if row is None:
        return saved(request, document, panel)
    try:
        kind.remove(row, version=version_of(request.POST.get("version", "")), by=request.user)
    except StaleAnswer as error:
        return refuse(request, document, Typed(panel, reason=error.reason), status=409)
    return saved(request, document, panel)


def _row_or_removed(kind: RowKind, document: Document, uid: UUID) -> DocumentRow | None:
    """The row; None if somebody has removed it. Raises `Http404` if there never was one."""
    row = kind.model._default_manager.filter(document=document, uid=uid).first()
    if row is None and not events_of(document.pk, kind.model.kind_of_row, uid).exists():
        raise Http404
    return row


def _row_form(
    request: SignedInRequest, kind: RowKind, document: Document, data: Any, row: DocumentRow | None
) -> RowForm:
    """The form of a row, with its times in the zone that the sender sees."""
    form = kind.form(data, document=document, row=row)
    if isinstance(form, EntryForm):
        form.show_in(ZoneInfo(zone_on_screen(request.POST, document.zone)))
    return form


def _kind(panel: str) -> RowKind:
    if panel not in ROW_KINDS:
        raise Http404
    return ROW_KINDS[panel]


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None

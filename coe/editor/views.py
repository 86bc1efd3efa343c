"""The workspace: one page, its panels, and one view per thing that can be done there.

Every control is a plain form or link. HTMX is answered with the panel alone, everybody else with
the whole page or, after a save, with the way back to it.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.forms import FactsForm, OpenForm, RowForm, SectionForm
from coe.documents.models import Document, Section
from coe.documents.queries import writable_document
from coe.documents.rows import move_row
from coe.documents.services import MilestoneChange, save_milestones
from coe.editor.panels import ROW_KINDS, RowKind
from coe.editor.saving import Saving, clashing_milestones, typed_again
from coe.editor.workspace import Typed, Workspace, find_row, milestone_forms
from coe.web.errors import StaleAnswer, stale
from coe.web.http import see_other
from coe.web.versions import Conflict


@require_http_methods(["GET", "POST"])
def open_new(request: SignedInRequest) -> HttpResponse:
    form = OpenForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            document = form.open(by=request.user)
        except StaleAnswer as error:
            return stale(request, error)
        return see_other("coe_edit", document.reference)
    return render(request, "editor/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def edit(request: SignedInRequest, reference: str) -> HttpResponse:
    document = writable_document(request.user, reference)
    workspace = Workspace(document, request.user)
    panel = ""
    if uid := _uid(request.GET.get("row") or request.GET.get("close")):
        found = find_row(document, uid)
        panel = found[0].panel if found else ""
        workspace.open_row = uid if "row" in request.GET else None
    elif request.GET.get("add") in ROW_KINDS:
        panel = workspace.reopened = request.GET["add"]
    return _show(request, workspace, panel)


@require_POST
def write_facts(request: SignedInRequest, reference: str) -> HttpResponse:
    document = writable_document(request.user, reference)

    def make(data: object) -> FactsForm:
        """Over the facts as they are by now, of the COE that was fetched above."""
        return FactsForm(data, document=Document.objects.with_readers_fields().get(pk=document.pk))

    return _save(request, document, Saving("facts", "document", document.reference, make))


@require_POST
def write_section(request: SignedInRequest, reference: str, slug: str) -> HttpResponse:
    document = writable_document(request.user, reference)

    def make(data: object) -> SectionForm:
        section = get_object_or_404(Section, document=document, slug=slug)
        return SectionForm(data, section=section)

    return _save(request, document, Saving(slug, "section", slug, make))


@require_POST
def write_milestones(request: SignedInRequest, reference: str) -> HttpResponse:
    document = writable_document(request.user, reference)
    forms = milestone_forms(document, request.POST)
    refused = [form for form in forms if not form.is_valid()]
    if refused:
        return _refuse(request, document, Typed("milestones", forms), status=422)
    changes = [
        MilestoneChange(
            form.milestone,
            form.cleaned_data["version"],
            form.cleaned_data["state"],
            form.cleaned_data["when"],
        )
        for form in forms
        if form.has_changed()
    ]
    try:
        save_milestones(document, changes=changes, by=request.user)
    except Conflict:
        clash = clashing_milestones(document, request.POST)
        return _refuse(request, document, clash, status=409)
    except StaleAnswer as error:
        kept = Typed("milestones", forms, reason=error.reason)
        return _refuse(request, document, kept, status=409)
    return _saved(request, document, "milestones")


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
        return kind.form(data, document=document, row=stored.first())

    saving = Saving(panel, kind.model.kind_of_row, uid, make, is_adding=True)
    return _save(request, document, saving)


@require_POST
def write_row(request: SignedInRequest, reference: str, panel: str, uid: UUID) -> HttpResponse:
    document = writable_document(request.user, reference)
    kind = _kind(panel)

    def make(data: object) -> RowForm:
        row = get_object_or_404(kind.model, document=document, uid=uid)
        return kind.form(data, document=document, row=row)

    def make_new(data: object) -> RowForm:
        return kind.form(data, document=document)

    saving = Saving(panel, kind.model.kind_of_row, uid, make, make_new=make_new)
    return _save(request, document, saving)


@require_POST
def shift_row(request: SignedInRequest, reference: str, panel: str, uid: UUID) -> HttpResponse:
    document = writable_document(request.user, reference)
    kind = _kind(panel)
    row = get_object_or_404(kind.model, document=document, uid=uid)
    steps = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    if steps is None:
        raise Http404
    try:
        move_row(row, steps=steps, among=kind.neighbours(row), by=request.user)
    except StaleAnswer as error:
        return _refuse(request, document, Typed(panel, reason=error.reason), status=409)
    return _saved(request, document, panel)


@require_POST
def drop_row(request: SignedInRequest, reference: str, panel: str, uid: UUID) -> HttpResponse:
    document = writable_document(request.user, reference)
    kind = _kind(panel)
    row = get_object_or_404(kind.model, document=document, uid=uid)
    try:
        kind.remove(row, version=_version(request.POST.get("version", "")), by=request.user)
    except StaleAnswer as error:
        return _refuse(request, document, Typed(panel, reason=error.reason), status=409)
    return _saved(request, document, panel)


def _save(request: SignedInRequest, document: Document, saving: Saving) -> HttpResponse:
    """Save what was sent, or show it again with the reason beside it (422, or 409 for a clash)."""
    try:
        refused = saving.attempt(document, request.POST, by=request.user)
    except Conflict:
        clash = typed_again(document, saving, request.POST)
        return _refuse(request, document, clash, status=409)
    except StaleAnswer as error:
        kept = Typed(saving.panel, saving.make(request.POST), reason=error.reason)
        return _refuse(request, document, kept, status=409)
    if refused:
        return _refuse(request, document, Typed(saving.panel, refused), status=422)
    return _saved(request, document, saving.panel, adds_more=saving.is_adding)


def _refuse(
    request: SignedInRequest, document: Document, typed: Typed, *, status: int
) -> HttpResponse:
    workspace = Workspace(document, request.user, typed=typed)
    return _show(request, workspace, typed.panel, status=status)


def _saved(
    request: SignedInRequest, document: Document, panel: str, *, adds_more: bool = False
) -> HttpResponse:
    if not request.htmx:
        messages.success(request, "Saved.")
        answer = see_other("coe_edit", document.reference)
        answer["Location"] += f"?add={panel}#{panel}" if adds_more else f"#{panel}"
        return answer
    document = writable_document(request.user, document.reference)
    workspace = Workspace(document, request.user, saved_at=now())
    workspace.reopened = panel if adds_more else ""
    return _show(request, workspace, panel)


def _show(
    request: SignedInRequest, workspace: Workspace, panel: str, *, status: int = 200
) -> HttpResponse:
    """The panel to HTMX, where there is one to name; the whole page to everybody else."""
    is_fragment = request.htmx and panel
    template = f"editor/panels/{panel}.html" if is_fragment else "editor/page.html"
    context = {"workspace": workspace, "document": workspace.document}
    return render(request, template, context, status=status)


def _kind(panel: str) -> RowKind:
    if panel not in ROW_KINDS:
        raise Http404
    return ROW_KINDS[panel]


def _version(text: str) -> int:
    """The version that a form names; -1, which no row has, for what is no version."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_number else -1


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None

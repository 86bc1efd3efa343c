"""How the workspace answers: HTMX with the panel alone, everybody else with the whole page or,
after a save, with the way back to it.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django_htmx.http import reselect, reswap, retarget, trigger_client_event

from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document
from coe.documents.queries import writable_document
from coe.editor.attempts import attempt_of
from coe.editor.drafts import answer_draft
from coe.editor.panels import stop_of, template_of
from coe.editor.saving import Refused, Unit
from coe.editor.workspace import Typed, Workspace
from coe.web.drafts import is_draft
from coe.web.http import see_other

SECTIONS = "sections"
"""Where the session keeps whether sections stand one at a time."""


def save_or_refuse(request: SignedInRequest, document: Document, unit: Unit) -> HttpResponse:
    """Save what was sent, or show it again with the reason beside it (422, or 409 for a clash)."""
    outcome = unit.save(attempt_of(request, document))
    if is_draft(request):
        return answer_draft(request, document, unit, outcome)
    if isinstance(outcome, Refused):
        return refuse(request, document, outcome.typed, status=outcome.status)
    return saved(request, document, unit.panel, adds_more=unit.is_adding)


def refuse(
    request: SignedInRequest,
    document: Document,
    typed: Typed,
    *,
    status: int,
    answering: UUID | None = None,
) -> HttpResponse:
    workspace = Workspace(document, request.user, typed=typed, answering=answering)
    workspace.under = request.POST.get("under", "")
    workspace.gap = request.POST.get("gap", "")
    answer = show(request, workspace, typed.panel, status=status)
    if request.htmx and typed.reason:
        # The sentence stands at the head of the panel, also where a row alone was asked for.
        whole = f"#{typed.panel}"
        answer = retarget(reselect(reswap(answer, "outerHTML"), whole), whole)
    return answer


def saved(
    request: SignedInRequest, document: Document, panel: str, *, adds_more: bool = False
) -> HttpResponse:
    uid = request.POST.get("uid", "").strip()
    is_explained = adds_more and bool(request.POST.get("gap"))
    adds_more = adds_more and not is_explained and "return" not in request.POST
    under = uid if adds_more and request.POST.get("under") else ""
    if not request.htmx:
        messages.success(request, "Saved.")
        answer = see_other("coe_edit", document.reference)
        add = f"&add={panel}" if adds_more else ""
        add, place = (f"{add}&under={under}", f"row-{under}") if under else (add, panel)
        place = f"row-{uid}" if is_explained else place
        add += f"&{urlencode({'zone': request.GET['zone']})}" if "zone" in request.GET else ""
        answer["Location"] += f"?section={stop_of(panel)}{add}#{place}"
        return answer
    document = writable_document(request.user, document.reference)
    workspace = Workspace(document, request.user, saved_at=now())
    workspace.reopened = panel if adds_more else ""
    workspace.under = under
    return trigger_client_event(show(request, workspace, panel), "saved")


def show(
    request: SignedInRequest, workspace: Workspace, panel: str, *, status: int = 200
) -> HttpResponse:
    """The panel to HTMX, where there is one to name; the whole page to everybody else."""
    is_fragment = request.htmx and panel
    workspace.is_one_at_a_time = request.session.get(SECTIONS) == "one"
    workspace.asked = request.GET
    context = {"workspace": workspace, "document": workspace.document}
    if is_fragment:
        context["panel"] = workspace.panel(panel)
    else:
        workspace.place(request.session.get(SECTIONS), request.GET.get("section") or panel)
    template = template_of(panel) if is_fragment else "editor/page.html"
    return render(request, template, context, status=status)

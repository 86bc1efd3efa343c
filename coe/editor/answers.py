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
from coe.editor.panels import stop_of, template_of
from coe.editor.saving import Saving, Strip, clashing_strip, typed_again
from coe.editor.workspace import Typed, Workspace
from coe.web.errors import StaleAnswer
from coe.web.http import see_other
from coe.web.versions import Conflict

SECTIONS = "sections"
"""Where the session keeps whether sections stand one at a time."""


def save_or_refuse(request: SignedInRequest, document: Document, saving: Saving) -> HttpResponse:
    """Save what was sent, or show it again with the reason beside it (422, or 409 for a clash)."""
    try:
        refused = saving.attempt(document, request.POST, by=request.user)
    except Conflict:
        clash = typed_again(document, saving, request.POST)
        return refuse(request, document, clash, status=409)
    except StaleAnswer as error:
        kept = Typed(saving.panel, saving.make(request.POST), reason=error.reason)
        return refuse(request, document, kept, status=409)
    if refused:
        return refuse(request, document, Typed(saving.panel, refused), status=422)
    return saved(request, document, saving.panel, adds_more=saving.is_adding)


def save_strip(request: SignedInRequest, document: Document, strip: Strip) -> HttpResponse:
    """Save what was changed in a strip, all or nothing; else show it again with the reason."""
    forms = strip.make(request.POST)
    refused = [form for form in forms if not form.is_valid()]
    if refused:
        return refuse(request, document, Typed(strip.panel, forms), status=422)
    try:
        strip.save([form for form in forms if form.has_changed()])
    except Conflict:
        clash = clashing_strip(document, strip, request.POST)
        return refuse(request, document, clash, status=409)
    except StaleAnswer as error:
        kept = Typed(strip.panel, forms, reason=error.reason)
        return refuse(request, document, kept, status=409)
    return saved(request, document, strip.panel)


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


def version_of(text: str) -> int:
    """The version that a form names; -1, which no row has, for what is no version."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_number else -1

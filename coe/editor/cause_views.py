"""What is done with causes alone: saying of which kind they are, making one explain its neighbour,
answering them, and tracing them.
"""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from coe.accounts.requests import SignedInRequest
from coe.actions.forms import ActionForm
from coe.documents.models import Document
from coe.documents.queries import writable_document
from coe.editor.answers import SECTIONS, refuse, saved
from coe.editor.attempts import version_of
from coe.editor.workspace import Typed, Workspace
from coe.web.errors import StaleAnswer
from coe.whys.forms import KindForm
from coe.whys.models import Cause
from coe.whys.services import CannotNest, ExplainsItself, nest_cause, unnest_cause

PANEL = "causes"
NO_SUCH_KIND = "There is no such kind of cause. Reload the page, then choose again."


@require_POST
def nest(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = writable_document(request.user, reference)
    return _rearrange(request, document, uid, nest_cause)


@require_POST
def unnest(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = writable_document(request.user, reference)
    return _rearrange(request, document, uid, unnest_cause)


@require_POST
def write_kind(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    """Its kind and how sure it is, chosen where the cause is read."""
    document = writable_document(request.user, reference)
    cause = get_object_or_404(Cause, document=document, uid=uid)
    form = KindForm(request.POST, document=document, row=cause)
    if not form.is_valid():
        return refuse(request, document, Typed(PANEL, reason=NO_SUCH_KIND), status=422)
    try:
        form.save(by=request.user)
    except StaleAnswer as error:
        return refuse(request, document, Typed(PANEL, reason=error.reason), status=409)
    return _judged(request, document, uid) if request.htmx else saved(request, document, PANEL)


def _judged(request: SignedInRequest, document: Document, uid: UUID) -> HttpResponse:
    """What changes beside the form; a panel in its place would drop a choice that waits."""
    workspace = Workspace(document, request.user, saved_at=now())
    places = (place for chain in workspace.chains for place in chain.places)
    place = next(each for each in places if each.cause.uid == uid)
    context = {"workspace": workspace, "document": document, "panel": workspace.panel(PANEL)}
    context |= {"place": place, "cause": place.cause}
    answer = render(request, "editor/cause_judged.html", context)
    return trigger_client_event(answer, "saved")


@require_POST
def answer(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    """Add an action item that answers a cause, from where the cause is drawn."""
    document = writable_document(request.user, reference)
    get_object_or_404(Cause, document=document, uid=uid)
    data = request.POST.copy()
    data["cause"] = str(uid)
    form = ActionForm(data, document=document)
    if not form.is_valid():
        return refuse(request, document, Typed(PANEL, form), status=422, answering=uid)
    try:
        form.save(by=request.user)
    except StaleAnswer as error:
        kept = Typed(PANEL, form, reason=error.reason)
        return refuse(request, document, kept, status=409, answering=uid)
    answer = saved(request, document, PANEL)
    if request.htmx and request.session.get(SECTIONS) != "one":
        answer.write(_beside_the_others(request, document, form.cleaned_data["uid"]))
    return answer


def _beside_the_others(request: SignedInRequest, document: Document, uid: UUID) -> str:
    """The new action item for the list of them, which stands on the same page and is left alone."""
    workspace = Workspace(document, request.user)
    numbered = {each.uid: (number, each) for number, each in enumerate(workspace.actions, 1)}
    number, action = numbered[uid]
    context = {"workspace": workspace, "document": document, "action": action, "number": number}
    return render_to_string("editor/action_beside.html", context, request)


@require_GET
def trace(request: SignedInRequest, reference: str) -> HttpResponse:
    """The table of traces alone, which follows every save."""
    document = writable_document(request.user, reference)
    workspace = Workspace(document, request.user)
    workspace.is_one_at_a_time = request.session.get(SECTIONS) == "one"
    context = {"workspace": workspace, "document": document, "panel": workspace.panel("trace")}
    return render(request, "editor/panels/trace.html", context)


def _rearrange(
    request: SignedInRequest, document: Document, uid: UUID, service: Callable[..., None]
) -> HttpResponse:
    cause = get_object_or_404(Cause, document=document, uid=uid)
    try:
        service(cause, version=version_of(request.POST.get("version", "")), by=request.user)
    except (CannotNest, ExplainsItself) as error:
        return refuse(request, document, Typed(PANEL, reason=str(error)), status=422)
    except StaleAnswer as error:
        return refuse(request, document, Typed(PANEL, reason=error.reason), status=409)
    return saved(request, document, PANEL)

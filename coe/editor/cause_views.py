"""What is done with causes alone: making one explain its neighbour, and tracing them."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document
from coe.documents.queries import writable_document
from coe.editor.answers import SECTIONS, refuse, saved, version_of
from coe.editor.workspace import Typed, Workspace
from coe.web.errors import StaleAnswer
from coe.whys.models import Cause
from coe.whys.services import CannotNest, ExplainsItself, nest_cause, unnest_cause

PANEL = "causes"


@require_POST
def nest(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = writable_document(request.user, reference)
    return _rearrange(request, document, uid, nest_cause)


@require_POST
def unnest(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = writable_document(request.user, reference)
    return _rearrange(request, document, uid, unnest_cause)


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

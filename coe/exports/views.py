from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.requests import SignedInRequest
from coe.exports.csv_tables import TABLES
from coe.exports.rendering import RendererBusy, RenderingFailed
from coe.exports.services import pdf_of
from coe.exports.texts import TEXTS
from coe.publishing.printables import printable_draft_for, printable_for
from coe.snapshots.printable import Envelope, Printable

RETRY_SECONDS = 10


@require_GET
def pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    return _pdf(request, printable_for(request.user, reference))


@require_GET
def draft_pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    return _pdf(request, printable_draft_for(request.user, reference))


@require_GET
def text(request: SignedInRequest, reference: str, ending: str) -> HttpResponse:
    return _text(printable_for(request.user, reference), ending)


@require_GET
def draft_text(request: SignedInRequest, reference: str, ending: str) -> HttpResponse:
    return _text(printable_draft_for(request.user, reference), ending)


@require_GET
def table(request: SignedInRequest, reference: str, name: str) -> HttpResponse:
    return _table(printable_for(request.user, reference), name)


@require_GET
def draft_table(request: SignedInRequest, reference: str, name: str) -> HttpResponse:
    return _table(printable_draft_for(request.user, reference), name)


def _pdf(request: SignedInRequest, printable: Printable) -> HttpResponse:
    try:
        content = pdf_of(printable)
    except RenderingFailed as error:
        return _refusal(request, printable, error)
    shown = "attachment" if "download" in request.GET else "inline"
    return _file(content, "application/pdf", f"{_name(printable.envelope)}.pdf", shown)


def _text(printable: Printable, ending: str) -> HttpResponse:
    form = TEXTS[ending]
    name = f"{_name(printable.envelope)}.{ending}"
    return _file(form.write(printable), form.content_type, name)


def _table(printable: Printable, name: str) -> HttpResponse:
    file_name = f"{_name(printable.envelope)}-{name}.csv"
    return _file(TABLES[name](printable), "text/csv; charset=utf-8; header=present", file_name)


def _name(envelope: Envelope) -> str:
    state = f"v{envelope.version}" if envelope.version else "draft"
    return f"{envelope.reference}-{state}"


def _file(content: bytes, kind: str, name: str, shown: str = "attachment") -> HttpResponse:
    """What is text is saved and not shown: a browser would take it for a page of ours."""
    headers = {"Content-Disposition": f'{shown}; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _refusal(
    request: SignedInRequest, printable: Printable, error: RenderingFailed
) -> HttpResponse:
    is_busy = isinstance(error, RendererBusy)
    context = {"reason": str(error), "printable": printable, "is_busy": is_busy}
    response = render(request, "exports/failed.html", context, status=503 if is_busy else 422)
    if is_busy:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response

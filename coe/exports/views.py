from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.requests import SignedInRequest
from coe.exports.rendering import RendererBusy, RenderingFailed
from coe.exports.services import pdf_of
from coe.publishing.printables import printable_draft_for, printable_for
from coe.snapshots.printable import Printable

RETRY_SECONDS = 10


@require_GET
def pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    return _answer(request, printable_for(request.user, reference))


@require_GET
def draft_pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    return _answer(request, printable_draft_for(request.user, reference))


def _answer(request: SignedInRequest, printable: Printable) -> HttpResponse:
    try:
        content = pdf_of(printable)
    except RenderingFailed as error:
        return _refusal(request, printable, error)
    envelope = printable.envelope
    name = (
        f"{envelope.reference}-v{envelope.version}"
        if envelope.version
        else (f"{envelope.reference}-draft")
    )
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def _refusal(
    request: SignedInRequest, printable: Printable, error: RenderingFailed
) -> HttpResponse:
    is_busy = isinstance(error, RendererBusy)
    context = {"reason": str(error), "printable": printable, "is_busy": is_busy}
    response = render(request, "exports/failed.html", context, status=503 if is_busy else 422)
    if is_busy:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response

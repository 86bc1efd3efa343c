from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.requests import SignedInRequest
from coe.exports.pdf import pdf_of
from coe.exports.rendering import RenderingFailed
from coe.publishing.printables import printable_draft_for, printable_for
from coe.snapshots.printable import Printable


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
        return render(request, "exports/failed.html", {"reason": str(error)}, status=422)
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

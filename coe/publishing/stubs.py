"""What readers get of a COE that was retracted: who, when and why, and nothing of what it said."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document
from coe.documents.queries import Retracted
from coe.publishing.queries import retraction_of

Answer = Callable[[HttpRequest], HttpResponse]


class StubOfRetracted:
    """Whatever was asked for of a COE that was retracted, whichever page or file: its stub, 410."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: SignedInRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, Retracted):
            return None
        return stub(request, exception.document, version=exception.version, status=410)


def stub(
    request: SignedInRequest, document: Document, *, version: int | None = None, status: int = 200
) -> HttpResponse:
    """The stub of `document`, or of one version that was retracted while a later one is there."""
    seen = Document.objects.working_copy_visible_to(request.user)
    context = {
        "reference": document.reference,
        "current_version": document.current_version,
        "version": version,
        "retraction": retraction_of(document, version),
        "zone": document.zone,
        "shows_draft": seen.filter(pk=document.pk).exists(),
    }
    return render(request, "publishing/retracted.html", context, status=status)

"""The sign of life that an open workspace sends, and what it is told in return."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.queries import writable_document
from coe.editor.here import look_around
from coe.editor.panels import PANELS
from coe.editor.presence import note_presence
from coe.history.known import read_known


@require_POST
def be_here(request: SignedInRequest, reference: str) -> HttpResponse:
    """Note who asks and at which panel (`place`); tell who else is here and what they changed.

    `since` is what the page knows of the history, as it was given it; what is not understood is
    answered without news, like a new page.
    """
    document = writable_document(request.user, reference)
    place = request.POST.get("place", "")
    note_presence(document, place=place if place in PANELS else "", by=request.user)
    here = look_around(document, request.user, read_known(request.POST.get("since", "")))
    return render(request, "editor/here.html", {"here": here, "document": document})

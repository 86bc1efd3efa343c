"""What can be done with the timeline alone: many lines at once, and a row put in its place."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.locks import ReadOnly
from coe.documents.models import Document
from coe.documents.queries import is_editable, writable_document
from coe.editor.answers import refuse, saved
from coe.editor.workspace import Typed
from coe.timeline.models import Entry
from coe.timeline.paste import PasteForm, Preview, sent_preview
from coe.timeline.services import put_in_place
from coe.web.errors import StaleAnswer
from coe.web.http import see_other

PANEL = "timeline"


@require_POST
def paste_lines(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show how the pasted lines were understood. Nothing is saved."""
    document = writable_document(request.user, reference)
    form = PasteForm(request.POST, document=document)
    if not is_editable(document):
        return _preview_page(request, document, form=form, reason=ReadOnly().reason, status=409)
    if not form.is_valid():
        return _preview_page(request, document, form=form, status=422)
    return _preview_page(request, document, preview=form.preview())


@require_POST
def add_lines(request: SignedInRequest, reference: str) -> HttpResponse:
    """Add the lines of a preview, all or none."""
    document = writable_document(request.user, reference)
    preview = sent_preview(request.POST, document=document)
    if preview is None:
        return _preview_page(request, document, form=PasteForm(document=document), status=422)
    if not preview.is_ready:
        return _preview_page(request, document, preview=preview, status=422)
    try:
        count = preview.save(by=request.user)
    except StaleAnswer as error:
        return _preview_page(request, document, preview=preview, reason=error.reason, status=409)
    entries = "1 entry" if count == 1 else f"{count} entries"
    messages.success(request, f"Added {entries} to the timeline.")
    return _way_back(document, request)


@require_POST
def place_row(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    """Put an entry where its time belongs."""
    document = writable_document(request.user, reference)
    entry = get_object_or_404(Entry, document=document, uid=uid)
    try:
        put_in_place(entry, by=request.user)
    except StaleAnswer as error:
        return refuse(request, document, Typed(PANEL, reason=error.reason), status=409)
    return saved(request, document, PANEL)


def _preview_page(
    request: SignedInRequest,
    document: Document,
    *,
    form: PasteForm | None = None,
    preview: Preview | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "document": document,
        "form": form,
        "preview": preview,
        "reason": reason,
        "is_sent_back": status != 200,
        "way_back": _page(document, request),
    }
    return render(request, "editor/timeline_preview.html", context, status=status)


def _page(document: Document, request: SignedInRequest) -> str:
    """The timeline on the page of the workspace, in the zone it was read in."""
    query = {"section": PANEL}
    if zone := request.GET.get("zone"):
        query["zone"] = zone
    return f"{reverse('coe_edit', args=[document.reference])}?{urlencode(query)}#{PANEL}"


def _way_back(document: Document, request: SignedInRequest) -> HttpResponse:
    answer = see_other("coe_edit", document.reference)
    answer["Location"] = _page(document, request)
    return answer

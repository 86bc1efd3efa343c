"""Laying out a summary from what is written, and looking whether the facts changed since."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.forms import SectionForm
from coe.documents.models import Document, Section, SectionSlug
from coe.documents.queries import writable_document
from coe.editor.answers import SECTIONS, refuse, saved
from coe.editor.attempts import attempt_of
from coe.editor.composing import is_typed, lay_out_summary
from coe.editor.saving import Refused, Saving
from coe.editor.workspace import Typed, Workspace
from coe.web.errors import StaleAnswer

SUMMARY = SectionSlug.SUMMARY.value


@require_GET
def composed(request: SignedInRequest, reference: str) -> HttpResponse:
    """How the summary stands to what is written elsewhere.

    That alone to HTMX, which asks for it beside the page; the workspace with it to everybody else.
    """
    document = writable_document(request.user, reference)
    workspace = Workspace(document, request.user)
    workspace.composing.is_asked = True
    context = {"workspace": workspace, "document": document}
    if request.htmx:
        return render(request, "editor/composed.html", context)
    workspace.place(request.session.get(SECTIONS), SUMMARY)
    return render(request, "editor/page.html", context)


@require_POST
def lay_out(request: SignedInRequest, reference: str) -> HttpResponse:
    """Write the summary from the fields. It comes with the form of the summary, so that what was
    typed there is on the next page whatever happens."""
    document = writable_document(request.user, reference)
    section = Section.objects.get(document=document, slug=SUMMARY)
    form = SectionForm(request.POST, section=section)
    if not form.is_valid():
        return refuse(request, document, Typed(SUMMARY, form), status=422)
    typed, version = form.cleaned_data["text"], form.cleaned_data["version"]
    offered = request.POST.get("offered", "")
    try:
        lay_out_summary(document, typed=typed, version=version, offered=offered, by=request.user)
    except StaleAnswer as error:
        section.refresh_from_db()
        if version < section.version and is_typed(section, typed, version):
            return _clash(request, document)
        is_own = typed.strip() not in ("", section.text.strip())
        kept = Typed(SUMMARY, form if is_own else None, reason=error.reason)
        return refuse(request, document, kept, status=409)
    return saved(request, document, SUMMARY)


def _clash(request: SignedInRequest, document: Document) -> HttpResponse:
    """What was typed over a text that somebody saved over meets it, as it does where it is saved:
    both are shown, and kept."""

    def make(data: object) -> SectionForm:
        return SectionForm(data, section=Section.objects.get(document=document, slug=SUMMARY))

    address = reverse("coe_section", args=[document.reference, SUMMARY])
    attempt = replace(attempt_of(request, document), address=address)
    outcome = Saving(SUMMARY, "section", SUMMARY, make).save(attempt)
    if isinstance(outcome, Refused):
        return refuse(request, document, outcome.typed, status=outcome.status)
    return saved(request, document, SUMMARY)

"""What Markdown will look like: a preview of what is being typed, and the sheet of help."""

from collections.abc import Sequence
from typing import Any

from django.forms import BoundField
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.forms import AnswerForm, SectionForm
from coe.documents.models import Document, Section
from coe.documents.queries import writable_document
from coe.editor.answers import SECTIONS
from coe.editor.markdown_help import EXAMPLES
from coe.editor.panels import QUESTIONS
from coe.editor.stored import answer_forms
from coe.editor.workspace import Typed, Workspace


@require_POST
def preview(request: SignedInRequest, reference: str, panel: str) -> HttpResponse:
    """A text of a panel as readers will see it. Nothing is saved, everything typed is kept.

    The text alone to HTMX, the workspace with the text below its field to everybody else; 422
    with the field's own sentence where it could not be stored as it is.
    """
    document = writable_document(request.user, reference)
    typed, fields = _typed(document, panel, request.POST)
    field = next((each for each in fields if each.html_name == request.POST.get("preview")), None)
    if field is None:
        raise Http404
    status = 422 if field.errors else 200
    if request.htmx:
        return render(request, "editor/preview.html", {"field": field}, status=status)
    workspace = Workspace(document, request.user, typed=Typed(panel, typed))
    workspace.place(request.session.get(SECTIONS), panel)
    context = {"workspace": workspace, "document": document, "previewed": field.html_name}
    return render(request, "editor/page.html", context, status=status)


def _typed(document: Document, panel: str, data: QueryDict) -> tuple[Any, Sequence[BoundField]]:
    """What was typed in a panel as the workspace keeps it, and its fields of Markdown.

    Raises `Http404` for a panel that has none.
    """
    if panel.startswith(QUESTIONS):
        part = panel.removeprefix(QUESTIONS)
        answers: list[AnswerForm] = answer_forms(document, part, data, data)
        return answers, [form["text"] for form in answers]
    section = SectionForm(data, section=get_object_or_404(Section, document=document, slug=panel))
    return section, [section["text"]]


@require_GET
def markdown_help(request: SignedInRequest) -> HttpResponse:
    """The sheet of help: a page of its own, or the sheet alone to HTMX."""
    template = "editor/help_sheet.html" if request.htmx else "editor/help_markdown.html"
    return render(request, template, {"examples": EXAMPLES})

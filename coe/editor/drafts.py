"""How saving while one types is answered: fragments that static/js/drafting.js reads."""

from collections.abc import Iterator

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now

from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document
from coe.editor.saving import Outcome, Refused, Saving, Unit
from coe.web.drafts import stopped


def answer_draft(
    request: SignedInRequest, document: Document, unit: Unit, outcome: Outcome
) -> HttpResponse:
    """200 with what the form goes on from, 422 with sentences, 409 with both texts or the end."""
    if isinstance(outcome, Refused):
        return _refused(request, document, outcome)
    context = {"fields": outcome.fields, "at": now(), "zone": document.zone}
    if isinstance(unit, Saving) and unit.is_adding:
        address = reverse("row_write", args=[document.reference, unit.panel, unit.key])
        query = request.META["QUERY_STRING"]
        context["address"] = f"{address}?{query}" if query else address
    return render(request, "editor/draft_saved.html", context)


def _refused(request: SignedInRequest, document: Document, refused: Refused) -> HttpResponse:
    typed = refused.typed
    if refused.is_over:
        return stopped(request, typed.reason, status=409)
    if typed.clash:
        context = {"clash": typed.clash, "document": document}
        return render(request, "editor/clash.html", context, status=409)
    errors = [("", typed.reason)] if typed.reason else []
    errors += (each for form in refused.forms for each in _errors(form))
    return render(request, "editor/draft_refused.html", {"errors": errors}, status=422)


def _errors(form: forms.Form) -> Iterator[tuple[str, str]]:
    """Each sentence with the name of its field, empty for the form as a whole."""
    for name, sentences in form.errors.items():
        field = form[name].html_name if name in form.fields else ""
        yield from ((field, str(sentence)) for sentence in sentences)

"""What changed in a working copy, walked part by part and ticked off."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.chronicle.forms import NOW
from coe.documents.models import Document
from coe.documents.queries import readable_working_copy
from coe.history.known import known_now
from coe.looks.forms import AllForm, SpanForm, TickForm
from coe.looks.parts import ChangedPart
from coe.looks.queries import look_of, opening_of, since_last_look
from coe.looks.services import tick_all, tick_part, untick_part
from coe.looks.walks import Span, progress_of, redacted_until, walk
from coe.web.http import see_other


@require_GET
def what_changed(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    known, opened = known_now(document), opening_of(document)
    look = look_of(document, request.user)
    last = since_last_look(look) if look else None
    form = SpanForm(request.GET, document=document, opened=opened, last=last)
    context = {"document": document, "form": form, "last": last, "opened": opened}
    if form.is_valid():
        context |= {
            "span": form.span,
            "changes": walk(document, form.span, request.user),
            "redactions": redacted_until(document, form.span),
            "known": known,
        }
    return render(request, "looks/changes.html", context, status=422 if form.errors else 200)


@require_POST
def tick(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    form = TickForm(request.POST, document=document)
    if not form.is_valid():
        raise BadRequest
    sent = form.cleaned_data
    if sent["is_seen"]:
        tick_part(document, part=sent["part"], digest=sent["digest"], by=request.user)
    else:
        untick_part(document, part=sent["part"], by=request.user)
    if not request.htmx:
        return _back(document, form.span, anchor=sent["then"] or sent["part"])
    context = {
        "document": document,
        "part": ChangedPart(sent["part"], sent["digest"], is_seen=sent["is_seen"]),
        "span": form.span,
        "then": sent["then"],
        "progress": progress_of(document, form.span, request.user),
    }
    return render(request, "looks/ticked.html", context)


@require_POST
def tick_everything(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    form = AllForm(request.POST, document=document)
    if not form.is_valid():
        raise BadRequest
    sent = form.cleaned_data
    known = sent["known"] if form.span.until is None else None
    tick_all(document, parts=sent["parts"], known=known, by=request.user)
    messages.success(request, "All of it is ticked off. What changes from here on is told next.")
    return _back(document, form.span)


def _back(document: Document, span: Span, *, anchor: str = "") -> HttpResponse:
    """To the same two moments again."""
    answer = see_other("coe_what_changed", document.reference)
    asked = urlencode({"since": span.since, "until": span.until or NOW})
    answer["Location"] += f"?{asked}" + (f"#{anchor}" if anchor else "")
    return answer

"""Who writes a COE and who owns it, growing it, throwing it away and bringing it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from coe.accounts.models import User
from coe.accounts.requests import SignedInRequest
from coe.documents import services
from coe.documents.models import Document, State
from coe.documents.people_forms import ContributorForm, HandOverForm
from coe.documents.queries import KEPT_FOR, own_document, owned_document, writable_document
from coe.editor.answers import refuse, saved
from coe.editor.workspace import Typed
from coe.reviews.services import (
    OWNER_STANDS,
    WAS_SUBMITTED,
    bring_back_draft,
    discard_draft,
    hand_over_document,
    may_be_discarded,
)
from coe.web.errors import StaleAnswer, stale
from coe.web.http import get_or_post, posted, see_other

MAX_DIGITS = 19
"""No person has a key of that many digits: Python refuses to read thousands of them."""


@require_POST
def add_contributor(request: SignedInRequest, reference: str) -> HttpResponse:
    document = owned_document(request.user, reference)
    form = ContributorForm(request.POST, document=document)
    if not form.is_valid():
        return refuse(request, document, Typed("people", form), status=422)
    try:
        services.add_contributor(document, person=form.cleaned_data["person"], by=request.user)
    except StaleAnswer as error:
        return refuse(request, document, Typed("people", form, reason=error.reason), status=409)
    return saved(request, document, "people")


@require_POST
def remove_contributor(request: SignedInRequest, reference: str) -> HttpResponse:
    document = owned_document(request.user, reference)
    key = request.POST.get("person", "")
    is_key = key.isascii() and key.isdecimal() and len(key) < MAX_DIGITS
    person = get_object_or_404(User, pk=key if is_key else None)
    try:
        services.remove_contributor(document, person=person, by=request.user)
    except StaleAnswer as error:
        return refuse(request, document, Typed("people", reason=error.reason), status=409)
    return saved(request, document, "people")


@require_POST
def grow(request: SignedInRequest, reference: str) -> HttpResponse:
    document = writable_document(request.user, reference)
    try:
        services.grow_document(document, by=request.user)
    except StaleAnswer as error:
        return stale(request, error, way_back=_workspace(document))
    messages.success(request, "It is a full COE now. Everything that was written is where it was.")
    return see_other("coe_edit", document.reference)


@get_or_post
def hand_over(request: SignedInRequest, reference: str) -> HttpResponse:
    document = owned_document(request.user, reference)
    form = HandOverForm(posted(request), document=document)
    if form.is_valid():
        heir: User = form.cleaned_data["to"]
        try:
            hand_over_document(document, to=heir, by=request.user)
        except StaleAnswer as error:
            return stale(request, error, way_back=_workspace(document))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            done = f"{heir.name} owns {document.reference} now. You are a contributor."
            messages.success(request, done)
            return see_other("coe_draft", document.reference)
    why_not = OWNER_STANDS if document.state == State.APPROVED else ""
    context = {"document": document, "form": form, "why_not": why_not}
    status = 422 if form.errors else 200
    return render(request, "editor/hand_over.html", context, status=status)


@get_or_post
def discard(request: SignedInRequest, reference: str) -> HttpResponse:
    document = own_document(request.user, reference)
    if request.method != "POST" and not document.discarded_at:
        why_not = "" if may_be_discarded(document) else WAS_SUBMITTED
        context = {"document": document, "days": KEPT_FOR.days, "why_not": why_not}
        return render(request, "editor/discard.html", context)
    if request.method == "POST":
        try:
            discard_draft(document, by=request.user)
        except StaleAnswer as error:
            return stale(request, error, way_back=_workspace(document))
    answer = see_other("home")
    answer["Location"] += f"?discarded={document.reference}"
    return answer


@require_POST
def bring_back(request: SignedInRequest, reference: str) -> HttpResponse:
    document = own_document(request.user, reference)
    try:
        bring_back_draft(document, by=request.user)
    except StaleAnswer as error:
        return stale(request, error)
    messages.success(request, f"{document.reference} is back, as you left it.")
    return see_other("coe_edit", document.reference)


def _workspace(document: Document) -> str:
    return reverse("coe_edit", args=[document.reference])

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.queries import readable_working_copy
from coe.publishing.forms import RetractForm
from coe.publishing.queries import retractable_document
from coe.publishing.retracting import NOTHING_OUT, retract
from coe.publishing.services import publish
from coe.web.errors import StaleAnswer, stale
from coe.web.http import get_or_post, see_other


@require_POST
def publish_coe(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    try:
        publication = publish(document, by=request.user, digest=request.POST.get("digest", ""))
    except StaleAnswer as error:
        return stale(request, error, way_back=reverse("coe_draft", args=[reference]))
    messages.success(request, f"Published as version {publication.version}.")
    return see_other("coe_read", document.reference)


@get_or_post
def retract_coe(request: SignedInRequest, reference: str) -> HttpResponse:
    document = retractable_document(request.user, reference)
    way_back = reverse("coe_read", args=[reference])
    if request.method != "POST":
        if document.current_version is None:
            return stale(request, StaleAnswer(NOTHING_OUT), way_back=way_back)
        form = RetractForm(initial={"version": document.current_version})
        return render(request, "publishing/retract.html", {"document": document, "form": form})
    form = RetractForm(request.POST)
    if not form.is_valid():
        context = {"document": document, "form": form}
        return render(request, "publishing/retract.html", context, status=422)
    try:
        retract(document, **form.cleaned_data, by=request.user)
    except StaleAnswer as error:
        typed = form.cleaned_data["reason"]
        return stale(request, error, way_back=way_back, typed=typed)
    messages.success(request, "Retracted. Readers get this page, and nothing of what it said.")
    return see_other("coe_read", document.reference)

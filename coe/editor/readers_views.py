"""The page on which the owner of a COE says who else may read it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from coe.accounts.requests import SignedInRequest
from coe.documents.queries import owned_document
from coe.editor.readers import ReaderForm, lines, take_off
from coe.web.errors import StaleAnswer, stale
from coe.web.http import get_or_post, see_other


@get_or_post
def readers(request: SignedInRequest, reference: str) -> HttpResponse:
    document = owned_document(request.user, reference)
    form = ReaderForm(None, document=document)
    try:
        if key := request.POST.get("off"):
            name = take_off(document, key, by=request.user)
            messages.success(request, f"{name}: taken off. From their next request on it counts.")
            return see_other("coe_readers", reference)
        if request.method == "POST":
            form = ReaderForm(request.POST, document=document)
            if form.is_valid():
                form.name(document, by=request.user)
                messages.success(request, "They can read it from now on.")
                return see_other("coe_readers", reference)
    except StaleAnswer as error:
        return stale(request, error, way_back=reverse("coe_readers", args=[reference]))
    context = {"document": document, "form": form, "lines": lines(document)}
    status = 422 if form.errors else 200
    return render(request, "editor/readers.html", context, status=status)

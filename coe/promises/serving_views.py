"""The page on which who writes a COE says what mends it elsewhere."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document
from coe.documents.queries import writable_document
from coe.promises.forms import LinkForm, SearchForm
from coe.promises.served import mended_elsewhere, serving_of
from coe.promises.serving import link_promise, unlink_promise
from coe.web.errors import StaleAnswer, stale
from coe.web.http import get_or_post, see_other


@get_or_post
def elsewhere(request: SignedInRequest, reference: str) -> HttpResponse:
    document = writable_document(request.user, reference)
    if request.method != "POST":
        return _page(request, document, SearchForm(request.GET))
    search = SearchForm(request.POST)
    form = LinkForm(request.POST, document=document, by=request.user, words=search.words)
    if form.is_valid():
        try:
            link_promise(**form.cleaned_data, document=document, by=request.user)
            messages.success(request, "Linked. Whoever reads this COE sees it from now on.")
            return see_other("coe_elsewhere", reference)
        except StaleAnswer as error:
            typed = form.cleaned_data["note"]
            return stale(request, error, way_back=_address(document), typed=typed)
        except ValidationError as error:
            form.add_error(None, error)
    return _page(request, document, search, form)


@require_POST
def unlink(request: SignedInRequest, reference: str, key: int) -> HttpResponse:
    document = writable_document(request.user, reference)
    try:
        unlink_promise(serving_of(document, key), by=request.user)
    except StaleAnswer as error:
        return stale(request, error, way_back=_address(document))
    messages.success(request, "Taken back. It stands in the history of this COE.")
    return see_other("coe_elsewhere", reference)


def _page(
    request: SignedInRequest, document: Document, search: SearchForm, form: LinkForm | None = None
) -> HttpResponse:
    context = {
        "document": document,
        "linked": mended_elsewhere(document, request.user),
        "search": search,
        "form": form or LinkForm(document=document, by=request.user, words=search.words),
    }
    status = 422 if form or search.errors else 200
    return render(request, "promises/elsewhere.html", context, status=status)


def _address(document: Document) -> str:
    return reverse("coe_elsewhere", args=[document.reference])

"""The list of COEs. Its whole state is in the address."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET
from django_htmx.http import push_url, reswap, retarget

from coe.accounts.requests import SignedInRequest
from coe.library.forms import FilterForm
from coe.library.queries import browsable, catalogue, shelves, with_lines
from coe.notices.queries import watchables
from coe.web.places import page_of


@require_GET
def browse(request: SignedInRequest) -> HttpResponse:
    form = FilterForm(request.GET, catalogue=catalogue(request.user))
    documents = browsable(request.user, form.filters(), form.order())
    page = page_of(with_lines(documents), form.order().keys, request.GET)
    context = {
        "form": form,
        "count": documents.count(),
        "shelves": shelves(page.rows),
        "page": page,
        "chips": form.chips(),
        "query": form.address(),
        "watchables": watchables(
            request.user, team=form.chosen_team(), service=form.chosen_service()
        ),
    }
    response = _answer(request, form, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answer(request: SignedInRequest, form: FilterForm, context: dict[str, Any]) -> HttpResponse:
    """The results alone where they are asked for while filters are chosen, with the address that
    leads back to them; with the form where something in it was not understood."""
    status = 422 if form.errors else 200
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "library/list.html", context, status=status)
    if form.errors:
        response = render(request, "library/browse.html", context, status=status)
        return reswap(retarget(response, "#browse"), "outerHTML")
    response = render(request, "library/results.html", context)
    address = context["query"].urlencode()
    return push_url(response, reverse("coe_list") + (f"?{address}" if address else ""))

"""The list of action items. Its whole state is in the address."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_safe
from django_htmx.http import push_url, reswap, retarget

from coe.accounts.requests import SignedInRequest
from coe.audit.models import AuditKind
from coe.audit.services import write_down
from coe.web.places import in_order, page_of
from coe.worklist.beginnings import gathering
from coe.worklist.forms import FilterForm, ViewForm
from coe.worklist.orders import keys_of
from coe.worklist.queries import (
    MOST_COUNTED,
    catalogue,
    furnished,
    lines_of,
    saved_views,
    wanted_items,
    with_lines,
)
from coe.worklist.table import AT_ONCE, table_of


@require_GET
def action_list(request: SignedInRequest) -> HttpResponse:
    form = FilterForm(request.GET, catalogue=catalogue(request.user))
    response = answer(request, form, _listed(request, form))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _listed(request: SignedInRequest, form: FilterForm) -> dict[str, Any]:
    wanted, moment = form.wanted(), timezone.now()
    group, order = form.grouped(), form.order()
    items = wanted_items(form.catalogue, wanted, moment=moment)
    count = items[: MOST_COUNTED + 1].count()
    is_more = count > MOST_COUNTED
    gather = gathering(items, group=group, order=order)
    keys, listed = keys_of(order, group), with_lines(items, group)
    page = page_of(listed, keys, request.GET, gather=gather)
    address = form.address()
    told = lines_of(page.rows, form.catalogue, moment=moment, group=group, query=address)
    return {
        "form": form,
        "count": min(count, MOST_COUNTED),
        "is_more": is_more,
        "lines": told,
        "page": page,
        "chips": form.chips(),
        "query": address,
        "views": saved_views(request.user),
        "view_form": ViewForm(initial={"query": address.urlencode()}, auto_id="view-%s"),
    }


@require_safe
def action_table(request: SignedInRequest) -> HttpResponseBase:
    """What fits, all of it, as a table for a spreadsheet."""
    form = FilterForm(request.GET, catalogue=catalogue(request.user))
    wanted, moment = form.wanted(), timezone.now()
    if form.errors:
        return answer(request, form, _listed(request, form))
    group = form.grouped()
    items = with_lines(wanted_items(form.catalogue, wanted, moment=moment), group)
    restricted = items.filter(document__is_restricted=True).values("document__reference")
    for reference in restricted.order_by().distinct():
        write_down(
            AuditKind.EXPORTED, request, status=200, reference=reference["document__reference"]
        )
    listed = in_order(items, keys_of(form.order(), group)).iterator(chunk_size=AT_ONCE)
    return StreamingHttpResponse(
        table_of(furnished(listed, form.catalogue), moment=moment),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": 'attachment; filename="action-items.csv"'},
    )


def answer(request: SignedInRequest, form: FilterForm, context: dict[str, Any]) -> HttpResponse:
    """The results alone where they are asked for while filters are chosen, with the address that
    leads back to them; with the form where something in it was not understood."""
    status = 422 if form.errors else 200
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "worklist/list.html", context, status=status)
    if form.errors:
        response = render(request, "worklist/browse.html", context, status=status)
        return reswap(retarget(response, "#browse"), "outerHTML")
    response = render(request, "worklist/results.html", context)
    address = context["query"].urlencode()
    return push_url(response, reverse("action_list") + (f"?{address}" if address else ""))

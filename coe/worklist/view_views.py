"""The views of the list that somebody keeps: each is a name and an address."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from coe.accounts.requests import SignedInRequest
from coe.web.http import get_or_post, see_other
from coe.worklist.forms import FilterForm, ViewForm
from coe.worklist.models import SavedView
from coe.worklist.queries import catalogue, saved_views
from coe.worklist.services import change_view, remove_view, save_view


@get_or_post
def action_views(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    form = ViewForm(request.POST, auto_id="new-%s")
    if form.is_valid():
        query = _understood(request, form.cleaned_data["query"])
        try:
            view = save_view(**form.cleaned_data | {"query": query}, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            address = f"{reverse('action_list')}?{view.query}"
            return see_other(address)
    return _page(request, new=form)


@require_POST
def action_view(request: SignedInRequest, view: int) -> HttpResponse:
    """Its name, and who sees it."""
    kept = get_object_or_404(SavedView, pk=view, person=request.user)
    form = ViewForm(request.POST, auto_id=f"view-{kept.pk}-%s")
    if form.is_valid():
        try:
            given = form.cleaned_data
            change_view(kept, name=given["name"], is_shared=given["is_shared"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return see_other("action_views")
    return _page(request, changed={kept.pk: form})


@require_POST
def action_view_remove(request: SignedInRequest, view: int) -> HttpResponse:
    remove_view(get_object_or_404(SavedView, pk=view, person=request.user))
    return see_other("action_views")


def _understood(request: SignedInRequest, query: str) -> str:
    """The address as the list itself writes it, without what it does not understand."""
    form = FilterForm(QueryDict(query), catalogue=catalogue(request.user))
    form.full_clean()
    return form.address().urlencode()


def _page(
    request: SignedInRequest,
    *,
    new: ViewForm | None = None,
    changed: dict[int, ViewForm] | None = None,
) -> HttpResponse:
    wrong = changed or {}
    views = saved_views(request.user)
    own = [view for view in views if view.person_id == request.user.pk]
    context: dict[str, Any] = {
        "kept": [(view, wrong.get(view.pk) or _form_of(view)) for view in own],
        "shared": [view for view in views if view.person_id != request.user.pk],
        "new": new,
    }
    return render(request, "worklist/own_views.html", context, status=422 if new or wrong else 200)


def _form_of(view: SavedView) -> ViewForm:
    return ViewForm(
        initial={"name": view.name, "is_shared": view.is_shared}, auto_id=f"view-{view.pk}-%s"
    )

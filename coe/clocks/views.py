"""Incidents that have no COE yet: registering one, and deciding that it needs none."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.clocks.forms import ChangeForm, RegisterForm, SetAsideForm
from coe.clocks.queries import (
    changeable_incident,
    decidable_incident,
    incident_in_sight,
    needing_none,
    without_coe,
)
from coe.documents.models import Document
from coe.incidents.models import Incident
from coe.incidents.registering import (
    impact_start,
    may_change,
    may_decide,
    set_aside_incident,
    take_up_incident,
)
from coe.web.errors import StaleAnswer, stale
from coe.web.http import get_or_post, posted, see_other

PAGE = 50
MOST_SET_ASIDE = 50
"""More of them nobody looks through; each is still found under its address."""


@require_GET
def incidents(request: SignedInRequest) -> HttpResponse:
    page = Paginator(without_coe(request.user), PAGE).get_page(request.GET.get("page"))
    set_aside = needing_none(request.user)[:MOST_SET_ASIDE]
    context = {"page": page, "set_aside": set_aside, "most": MOST_SET_ASIDE}
    return render(request, "clocks/incidents.html", context)


@get_or_post
def new_incident(request: SignedInRequest) -> HttpResponse:
    data = posted(request)
    form = RegisterForm(data, user=request.user, now=now())
    if form.is_valid():
        try:
            incident = form.register(by=request.user)
        except StaleAnswer as error:
            return stale(request, error)
        found_by = f"{incident.team.name} finds it among those without a COE."
        messages.success(request, f"Registered. {found_by}")
        return see_other("incident", incident.uid)
    context = {"form": form}
    return render(request, "clocks/new_incident.html", context, status=422 if form.errors else 200)


@require_GET
def incident(request: SignedInRequest, uid: UUID) -> HttpResponse:
    found = incident_in_sight(request.user, uid)
    if isinstance(found, Document):
        return redirect("coe_read", found.reference)
    return _shown(request, found, SetAsideForm())


def _shown(request: SignedInRequest, incident: Incident, form: SetAsideForm) -> HttpResponse:
    context = {
        "incident": incident,
        "started": impact_start(incident),
        "may_change": may_change(request.user, incident),
        "may_decide": may_decide(request.user, incident),
        "form": form,
    }
    return render(request, "clocks/incident.html", context, status=422 if form.errors else 200)


@require_GET
def edit(request: SignedInRequest, uid: UUID) -> HttpResponse:
    found = incident_in_sight(request.user, uid)
    if isinstance(found, Document):
        return redirect("coe_read", found.reference)
    incident = changeable_incident(request.user, uid)
    form = ChangeForm(user=request.user, now=now(), incident=incident)
    return render(request, "clocks/edit_incident.html", {"form": form, "incident": incident})


@require_POST
def change(request: SignedInRequest, uid: UUID) -> HttpResponse:
    incident = changeable_incident(request.user, uid)
    form = ChangeForm(request.POST, user=request.user, now=now(), incident=incident)
    if not form.is_valid():
        context = {"form": form, "incident": incident}
        return render(request, "clocks/edit_incident.html", context, status=422)
    try:
        form.change(by=request.user)
    except StaleAnswer as error:
        return stale(request, error, way_back=_address(uid), typed=form.cleaned_data["title"])
    messages.success(request, "Saved.")
    return see_other("incident", uid)


@require_POST
def set_aside(request: SignedInRequest, uid: UUID) -> HttpResponse:
    incident = decidable_incident(request.user, uid)
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return _shown(request, incident, form)
    try:
        set_aside_incident(incident, reason=form.cleaned_data["reason"], by=request.user)
    except StaleAnswer as error:
        typed = form.cleaned_data["reason"]
        return stale(request, error, way_back=_address(uid), typed=typed)
    messages.success(request, "Set aside: it needs no COE.")
    return see_other("incident", uid)


@require_POST
def take_up(request: SignedInRequest, uid: UUID) -> HttpResponse:
    incident = decidable_incident(request.user, uid)
    try:
        take_up_incident(incident, by=request.user)
    except StaleAnswer as error:
        return stale(request, error, way_back=_address(uid))
    messages.success(request, "It needs a COE, and stands among those without one.")
    return see_other("incident", uid)


def _address(uid: UUID) -> str:
    return reverse("incident", args=[uid])

"""Incidents without a COE and late COEs, team by team."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.requests import SignedInRequest
from coe.clocks.standings import standing_of, standings_of


@require_GET
def teams(request: SignedInRequest) -> HttpResponse:
    context = {"standings": standings_of(request.user)}
    return render(request, "clocks/teams.html", context)


@require_GET
def team(request: SignedInRequest, pk: int) -> HttpResponse:
    standing = standing_of(request.user, pk)
    if standing is None:
        raise Http404
    return render(request, "clocks/team.html", {"standing": standing})

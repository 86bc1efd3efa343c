from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.requests import SignedInRequest


@require_GET
def teams(request: SignedInRequest) -> HttpResponse:
    return render(request, "steering/teams.html", {})

"""The pages of administrators."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from coe.accounts.requests import SignedInRequest


def answer(
    request: SignedInRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return render(request, f"administration/{name}.html", context, status=status)

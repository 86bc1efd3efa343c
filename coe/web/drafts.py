"""Saving while one types: the browser names each attempt to save in the header X-Draft.

An attempt is repeated under its name until its outcome is known, so a page is no answer to it:
it gets a fragment of HTML, and a lost session is 401.
"""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

HEADER = "X-Draft"


def is_draft(request: HttpRequest) -> bool:
    """Whether it is an attempt to save while one types."""
    return HEADER in request.headers


def draft_token(request: HttpRequest) -> UUID | None:
    """The name of the attempt; None where the person pressed a button and waits for a page.

    Raises `BadRequest` (400) for what is no UUID.
    """
    if not is_draft(request):
        return None
    try:
        return UUID(request.headers[HEADER])
    except ValueError as error:
        raise BadRequest(f"{HEADER} names no attempt.") from error


def stopped(request: HttpRequest, reason: str, *, status: int) -> HttpResponse:
    """Writing here is over; `reason` is a sentence."""
    return render(request, "editor/draft_stopped.html", {"reason": reason}, status=status)

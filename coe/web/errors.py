"""The pages for what went wrong. Each says what happened and what to do next."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from psycopg.errors import DiskFull

from coe.web.drafts import is_draft, stopped
from coe.web.typed import typed_in

RETRY_SECONDS = 5
GONE = "This is no longer here, or no longer yours to see."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_draft(request):
        return stopped(request, str(exception), status=403)
    context = {"reason": str(exception), "typed": typed_in(request)}
    return render(request, "errors/403.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """One answer for what does not exist and for what the person may not know of: why that may be
    in general, and what they had typed. It follows from the request alone."""
    if is_draft(request):
        return stopped(request, GONE, status=404)
    return render(request, "errors/404.html", {"typed": typed_in(request)}, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403. Whoever signs in again in another tab gets a new token, and so do their open pages."""
    if is_draft(request):
        return render(request, "editor/draft_out_of_date.html", status=403)
    return render(
        request,
        "errors/403.html",
        {"reason": "This page was open for too long or in another session. Load it again."},
        status=403,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours is a 500; a database that is away or full is a 503 with Retry-After.

    The pages are drawn without the request: asking who it is would need the database again.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        context = {"is_full": isinstance(error.__cause__, DiskFull)}
        response = HttpResponse(render_to_string("errors/503.html", context), status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    return HttpResponse(render_to_string("errors/500.html"), status=500)


class StaleAnswer(Exception):
    """What the person acted on has changed since; nothing was done. `reason` is a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def stale(
    request: HttpRequest, error: StaleAnswer, *, way_back: str = "", typed: str = ""
) -> HttpResponse:
    """The page for a stale button: 409, nothing done, what was typed, a way to look again."""
    context = {"reason": error.reason, "way_back": way_back, "typed": typed}
    return render(request, "errors/409.html", context, status=409)

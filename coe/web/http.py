"""Answers as the views give them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

DRAFT = "X-Draft"
"""Names an attempt to save while somebody types (coe.web.drafts)."""
BACKGROUND = ("X-Background", DRAFT)
"""The headers of what a page sends by itself: signs of life, and drafts."""


get_or_post = require_http_methods(["GET", "HEAD", "POST"])
"""For a page that is also where its form is sent to."""


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, as the data of a form; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def is_background(request: HttpRequest) -> bool:
    """Whether a page sent it by itself, so that nobody waits for a page as its answer."""
    return any(name in request.headers for name in BACKGROUND)


def is_fetched_ahead(request: HttpRequest) -> bool:
    """Whether a browser fetches it in case that somebody wants it: nobody has looked at it."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def way_on(request: HttpRequest) -> str:
    """Where the person wants to go on, as the page said that sent them (`next`); empty where that
    is no path of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours and wanted.startswith("/") else ""


def see_other(to: str, *args: object, anchor: str = "", **kwargs: Any) -> HttpResponse:
    """Redirect after a POST (303, so that the browser reads and never sends again)."""
    response: HttpResponse = redirect(to, *args, **kwargs)
    response.status_code = 303
    if anchor:
        response["Location"] += f"#{anchor}"
    return response

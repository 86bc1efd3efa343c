"""What holds for every answer: who may ask, and what a browser may do with it."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from coe.web.http import HtmxRequest, is_background

FORM = "application/x-www-form-urlencoded"
CONTENT_POLICY = "; ".join(
    [
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


class SignInRequired(LoginRequiredMiddleware):
    """Signing in is required unless a view says otherwise.

    A lost session answers HTMX with a redirect of the whole page: the sign-in form must not be
    swapped into a panel. What a page sends by itself is answered 401 with a sentence: the page
    stays with what is typed in it.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> Any:
        if is_background(request):
            return render(request, "errors/signed_out.html", status=401)
        htmx = cast(HtmxRequest, request).htmx
        if not htmx:
            return super().handle_no_permission(request, view_func)
        return HttpResponseClientRedirect(redirect_to_login(htmx.current_url_abs_path or "/").url)


def page_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set the content policy, and keep pages out of every cache but the asker's own.

    `private, no-cache` lets a browser ask again with an ETag and be told 304, and lets nobody
    reuse a page unasked.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ("HX-Request", "Cookie"))
        return response

    return middleware


def whole_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a form whose end never came, because the line was cut while it was being sent.

    The server hands on what came as if it were all. Half a text would be saved as the whole, and
    the attempt, when it is repeated in full, would be taken for one that was saved already.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.content_type == FORM and len(request.body) < _announced(request):
            raise BadRequest("The end of the request is missing.")
        return get_response(request)

    return middleware


def _announced(request: HttpRequest) -> int:
    """How many bytes the request was to have; 0 where it does not say."""
    length = str(request.META.get("CONTENT_LENGTH") or "")
    return int(length) if length.isascii() and length.isdecimal() else 0

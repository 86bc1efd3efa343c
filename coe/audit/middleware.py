"""What of each request about a COE is written down."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse

from coe.accounts.opened import Opened
from coe.audit.models import AuditKind
from coe.audit.services import write_down

READING = ("GET", "HEAD")
SHOWN = (200, 304)
PAGE = "text/html"


def audited(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Write down who read or exported a restricted COE, and who was refused one.

    A refusal is written once the answer is on its way, in the same words whether or not there is
    such a COE: so neither its bytes nor its time tell. What is saved stands in the history. No
    header of a request keeps what it read out of this.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        reference = match.kwargs.get("reference") if match else None
        if reference is None or not request.user.is_authenticated:
            return response
        kind = kind_of(request, response)
        if kind:
            status = response.status_code
            write = partial(write_down, kind, request, reference=reference, status=status)
            if kind == AuditKind.REFUSED:
                _after(response, write)
            else:
                write()
        return response

    return middleware


def kind_of(request: HttpRequest, response: HttpResponse) -> AuditKind | None:
    """What happened, None where it is nothing to write down.

    Whoever was let into a COE and finds nothing in it was not refused it.
    """
    opened: Opened | None = getattr(request.user, "opened", None)
    if opened is None:
        return AuditKind.REFUSED if response.status_code == 404 else None
    if not opened.is_restricted:
        return None
    if response.status_code == 403:
        return AuditKind.REFUSED
    if request.method not in READING or response.status_code not in SHOWN:
        return None
    is_page = response.headers.get("Content-Type", PAGE).startswith(PAGE)
    return AuditKind.READ if is_page else AuditKind.EXPORTED


def _after(response: HttpResponse, act: Callable[[], None]) -> None:
    """Do it when the server has sent the answer and closes it."""
    close = response.close

    def closing() -> None:
        act()
        close()

    response.close = closing  # type: ignore[method-assign]

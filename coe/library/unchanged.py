"""Pages that a browser asks for again while nothing has changed: answered 304, before drawing.

What a page of one COE shows follows from the COE, from people, teams and services, from who asks
in which session, from the day, and from our code. Each write of the first two appends to the
history in its own transaction. The history only grows, so *how many* events can be seen names
the state; the highest key would not, because transactions commit in another order than they
take their keys. They are counted before anything else is read for the page: what is saved
between is shown under a tag that is out of date already, and never the other way round.

What else follows from other COEs, the findings in a working copy and the reasons for which they
stand, is not told by any tag: a page that shows them has none.

Whether somebody may see the page is never part of this. It is asked each time: the COE is looked
for among those whose page the person may see.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac
from django.utils.http import quote_etag

from coe.accounts.asking import Asking
from coe.accounts.models import User
from coe.accounts.opened import note_opened
from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document
from coe.exports.versions import template_version

_TOLD = """
    (SELECT count(*) FROM coe_historyevent WHERE document_id = coe_document.id)
    + (SELECT count(*) FROM coe_historyevent WHERE document_id IS NULL)
"""
"""How many events tell of a COE, or of what belongs to no COE: people, teams, services."""


def page_of(documents: Callable[[User, str], QuerySet[Document]]) -> Asking[Document]:
    """What a page of one COE follows from.

    `documents` gives the COE that the page is of, by its reference, if a person may see the page;
    what it is annotated with is part of what the page shows.
    """

    def asked(user: User, reference: str) -> QuerySet[Document]:
        told = RawSQL(_TOLD, (), output_field=IntegerField())  # noqa: S611  our own words
        return documents(user, reference).order_by().annotate(told=told)

    return Asking(asked)


def not_modified(
    request: SignedInRequest, page: Asking[Document], reference: str, *shown: object
) -> HttpResponse | None:
    """304 where the browser has the page as it is, else None: it has to be drawn.

    `shown` is what else the page follows from: a choice of the session.
    """
    if "If-None-Match" not in request.headers:
        return None
    tag = tag_of(request, page, reference, *shown)
    answer: HttpResponse | None = get_conditional_response(request, etag=tag) if tag else None
    return answer and tagged(answer, tag)


def tag_of(request: SignedInRequest, page: Asking[Document], reference: str, *shown: object) -> str:
    """The ETag of a page, as `not_modified` is asked for it; weak, since each drawing masks the
    CSRF token anew.

    Empty where the page must be drawn: a panel for HTMX, a page with a message that is shown once
    or for a browser that has no CSRF token yet, and where nobody may see it.
    """
    secret = request.META.get("CSRF_COOKIE")
    if request.htmx or not secret or len(get_messages(request)) or settings.DEBUG:
        return ""
    found = page.columns(request.user, reference)
    if found is None:
        return ""
    key, restricted = _places()
    note_opened(request.user, found[key], is_restricted=found[restricted])
    who = (request.user.pk, request.session.session_key, secret)
    parts = (request.get_full_path(), found, who, _quarter_of_an_hour(), our_version(), shown)
    return f"W/{quote_etag(salted_hmac('coe.library.unchanged', repr(parts)).hexdigest()[:32])}"


@cache
def _places() -> tuple[int, int]:
    """Where in the columns of a page its COE's key stands, and whether that is restricted."""
    names = [each.attname for each in Document._meta.concrete_fields]
    return names.index("id"), names.index("is_restricted")


def tagged(answer: HttpResponse, tag: str) -> HttpResponse:
    if tag and answer.status_code in (200, 304):
        answer["ETag"] = tag
    return answer


def _quarter_of_an_hour() -> datetime:
    """The last one (UTC): in every zone a day begins at one, and who is late is late by the day."""
    moment = datetime.now(UTC).replace(second=0, microsecond=0)
    return moment - timedelta(minutes=moment.minute % 15)


@cache
def our_version() -> str:
    """Differs after a deployment: by our code and templates, and by the names of static files."""
    return f"{template_version()} {getattr(staticfiles_storage, 'manifest_hash', '')}"

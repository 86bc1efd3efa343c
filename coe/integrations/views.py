"""The page on which somebody gets the address of their calendar, and the calendar itself."""

from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coe.accounts.requests import SignedInRequest
from coe.integrations.feeds import calendar_of, make_feed, note_read, open_feed, revoke_feed
from coe.integrations.models import CalendarFeed
from coe.web.http import see_other

UNKEPT = "private, no-store"


@never_cache
@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    feed = CalendarFeed.objects.filter(person=request.user).select_related("person").first()
    shown = feed if feed and feed.is_open else None
    return render(request, "integrations/calendar.html", {"feed": shown})


@require_POST
def calendar_make(request: SignedInRequest) -> HttpResponse:
    messages.success(request, make_feed(by=request.user), extra_tags="secret")
    return see_other("calendar")


@require_POST
def calendar_revoke(request: SignedInRequest) -> HttpResponse:
    revoke_feed(by=request.user)
    messages.success(request, "The address leads nowhere any more.")
    return see_other("calendar")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """To whoever has the address, without a session. Nothing tells why there is nothing."""
    feed = open_feed(token)
    if feed is None:
        return _unkept(HttpResponse("There is no such calendar.\n", "text/plain", status=404))
    note_read(feed)
    body = calendar_of(feed.person).written()
    answer = HttpResponse(body, "text/calendar; charset=utf-8")
    answer["ETag"] = f'"{sha256(body).hexdigest()}"'
    answer["Content-Disposition"] = 'inline; filename="actions.ics"'
    return _unkept(answer)


def _unkept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = UNKEPT
    return answer

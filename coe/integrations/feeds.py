"""The calendar of a person: whose it is, and what stands in it now."""

import hmac
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.history.models import Action
from coe.history.services import record
from coe.integrations.calendars import Calendar, Day
from coe.integrations.models import CalendarFeed

MOST: Final = 1000
READ_TO: Final = timedelta(hours=1)


@transaction.atomic
def make_feed(*, by: User) -> str:
    """Give `by` a new secret address for their calendar, which is told this once; return it. The
    one before leads nowhere from now on."""
    token = token_urlsafe(32)
    values = {"token_hash": _hashed(token), "made_at": now(), "read_at": None}
    CalendarFeed.objects.update_or_create(person=by, defaults=values)
    record(Action.ADDED, by=by, subject="calendar", key=by.pk)
    return settings.PUBLIC_URL + reverse("calendar_feed", args=[token])


@transaction.atomic
def revoke_feed(*, by: User) -> None:
    """Answer the calendar of `by` no more; revoking it twice is once."""
    if CalendarFeed.objects.filter(person=by).delete()[0]:
        record(Action.REMOVED, by=by, subject="calendar", key=by.pk)


def open_feed(token: str) -> CalendarFeed | None:
    """The calendar of this secret; None where it was revoked, or its person may not sign in."""
    hashed = _hashed(token)
    found = CalendarFeed.objects.select_related("person").filter(token_hash=hashed).first()
    if found is None or not hmac.compare_digest(found.token_hash, hashed):
        return None
    return found if found.is_open else None


def note_read(feed: CalendarFeed) -> None:
    """Keep that somebody fetched it, so that its person sees whether anybody does."""
    is_old = Q(read_at__isnull=True) | Q(read_at__lt=now() - READ_TO)
    CalendarFeed.objects.filter(is_old, pk=feed.pk).update(read_at=Now())


def calendar_of(person: User) -> Calendar:
    """What `person` promised and has still to do, as far as they may see it at this moment.

    Of a restricted COE there is no word in it: whoever has the address needs not sign in.
    """
    promised = Promise.objects.visible_to(person).open().filter(owner=person, due_on__isnull=False)
    found = promised.select_related("document").order_by("due_on", "pk")[:MOST]
    return Calendar(name="COE: my action items", days=tuple(_day(each) for each in found))


def _day(promise: Promise) -> Day:
    document = promise.document
    reference = document.reference
    assert promise.due_on is not None
    return Day(
        document=document.uid,
        uid=promise.uid,
        on=promise.due_on,
        title=f"Action item of {reference}" if document.is_restricted else promise.title,
        text=f"{reference}, P{promise.priority}",
        link=settings.PUBLIC_URL + reverse("promise", args=[reference, promise.uid]),
        made_at=promise.promised_at,
        changed_at=promise.changed_at,
    )


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()

"""What other programs are told of: the kinds of events, and putting one into the outbox.

A kind is one line of `Event`, and one `announce(...)` in the service that makes it happen. Who
is told, and in which words, is settled where they are told (`coe.integrations`).
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import models
from django.utils.timezone import now

from coe.accounts.models import User
from coe.documents.models import Document
from coe.jobs.services import put_job


class Event(models.TextChoices):
    """By the name that programs know, which never changes, and as administrators choose it."""

    COE_SUBMITTED = "coe.submitted", "A COE is submitted for review"
    COE_APPROVED = "coe.approved", "A COE is approved"
    COE_PUBLISHED = "coe.published", "A COE is published"
    COE_RETRACTED = "coe.retracted", "A published COE is retracted"
    ITEM_ACCEPTED = "action_item.accepted", "An action item is accepted, and promised"
    ITEM_CHANGED = "action_item.changed", "An action item changes its state"
    ITEM_LATE = "action_item.late", "An action item is late"
    ITEM_ESCALATED = "action_item.escalated", "A late action item is brought to the manager"


OF_ITEMS = tuple(event for event in Event if event.startswith("action_item."))


def announce(
    event: Event,
    *,
    document: Document,
    by: User | None = None,
    items: Iterable[UUID] = (),
    **facts: str,
) -> None:
    """Tell other programs what `by`, or the clock, did to `document`, or to promised `items` of it.

    `facts` are words of ours, as the states before and after; what people wrote is read when it is
    told. Of no items there is nothing to tell. Must be called in the transaction of what it tells
    of; raises `RuntimeError` elsewhere.
    """
    told = [str(item) for item in items]
    if event in OF_ITEMS and not told:
        return
    payload = {
        "event": event.value,
        "document": document.pk,
        "at": now(),
        "by": by.name if by else "",
        "items": told,
        "facts": facts,
    }
    put_job("announce", payload=payload)

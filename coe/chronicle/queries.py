"""Fetching what the pages of the history show, through a COE that the person may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q
from django.http import Http404

from coe.accounts.models import User
from coe.chronicle.sittings import Sitting, Writer
from coe.documents.models import Document
from coe.history.models import Action, HistoryEvent

MAX_DIGITS = 18
"""No event and no person has a key of that many digits."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """What is told of a landmark beside who and when."""

    version: int | None = None
    note: str = ""
    heir: str = ""
    count: int = 0
    dissent: str = ""
    names: str = ""


def landmarks_of(sittings: tuple[Sitting, ...], writers: list[Writer]) -> dict[int, Landmark]:
    """By event, for those of `sittings` that are landmarks."""
    keys = [each.first for each in sittings if each.landmark]
    events = HistoryEvent.objects.filter(pk__in=keys).select_related("text")
    held = {event.pk: (event, (event.text.content or {}).get("after", {})) for event in events}
    heirs = [after["owner_id"] for _, after in held.values() if "owner_id" in after]
    names = {each.pk: each.name for each in writers}
    if missing := set(heirs) - names.keys():
        names |= dict(User.objects.filter(pk__in=missing).values_list("pk", "name"))
    return {
        pk: Landmark(
            version=event.version,
            note=after.get("note", "") or after.get("reason", ""),
            heir=names.get(after.get("owner_id", 0), "somebody who is not known"),
            count=len(after.get("events", ())),
            dissent=after.get("dissent", ""),
            names=after.get("names", ""),
        )
        for pk, (event, after) in held.items()
    }


def event_of(document: Document, pk: int) -> HistoryEvent:
    """An event of the history of `document`; raises `Http404` where it has none such."""
    event = HistoryEvent.objects.filter(document=document, pk=pk).first()
    if event is None:
        raise Http404
    return event


def first_event(document: Document) -> HistoryEvent | None:
    """What opened the COE."""
    opened = HistoryEvent.objects.filter(document=document, action=Action.ADDED)
    return opened.filter(subject="document").order_by("pk").first()


def moment_of(document: Document, pk: int) -> datetime | None:
    """When the event `pk` of `document` was; None where it has none such."""
    return (
        HistoryEvent.objects.filter(document=document, pk=pk).values_list("at", flat=True).first()
    )


def times_of(document: Document, moments: Sequence[int]) -> dict[int, datetime]:
    """By each of these moments when it was: the last event of `document` up to it."""
    if not moments:
        return {}
    latest = {f"at_{pk}": Max("at", filter=Q(pk__lte=pk)) for pk in moments}
    found = HistoryEvent.objects.filter(document=document).aggregate(**latest)
    return {pk: found[f"at_{pk}"] for pk in moments if found[f"at_{pk}"]}


def as_key(text: str) -> int | None:
    """The key that an address names, None for what is no key."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
    return int(text) if is_number else None

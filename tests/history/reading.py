"""Reading the history of a COE in tests."""

from typing import Any, NamedTuple

from coe.documents.models import Document
from coe.history.models import HistoryEvent


class Told(NamedTuple):
    """One event as a test writes it down."""

    action: str
    subject: str
    key: str
    version: int | None
    before: dict[str, Any]
    after: dict[str, Any]


def told(document: Document, *, since: int = 0) -> list[Told]:
    """The events of `document` after the event with the key `since`, the oldest first."""
    events = HistoryEvent.objects.filter(document=document, pk__gt=since).select_related("text")
    return [_told(event) for event in events.order_by("pk")]


def _told(event: HistoryEvent) -> Told:
    text: Any = event.text.content
    return Told(
        event.action,
        event.subject,
        event.subject_key,
        event.version,
        text["before"],
        text["after"],
    )


def latest(document: Document) -> int:
    """The key of the last event of `document`: what comes after it is new."""
    event = HistoryEvent.objects.filter(document=document).last()
    return event.pk if event else 0

"""What administrators removed from the history of a COE."""

from dataclasses import dataclass
from datetime import datetime

from coe.documents.models import Document
from coe.history.models import Action, HistoryEvent


@dataclass(frozen=True, slots=True)
class Redaction:
    """Who emptied the texts of events, when, and why."""

    name: str
    at: datetime
    reason: str


def redactions_of(document: Document) -> dict[int, Redaction]:
    """By the events whose texts were emptied."""
    done = HistoryEvent.objects.filter(document=document, action=Action.REDACTED)
    found: dict[int, Redaction] = {}
    for event in done.select_related("actor", "text").order_by("pk"):
        content = event.text.content or {"after": {}}
        redaction = Redaction(event.actor.name, event.at, content["after"].get("reason", ""))
        found |= dict.fromkeys(content["after"].get("events", ()), redaction)
    return found

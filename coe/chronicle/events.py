"""Reading the history of one COE, as far as a replay needs it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from coe.documents.models import Document
from coe.history.models import Action, HistoryEvent

TEXTS = ("section", "answer")
"""What is one text each: its last save tells all of it."""

Thing = tuple[str, str]
"""What is saved by itself: its subject and its key in the history."""


@dataclass(frozen=True, slots=True)
class Event:
    """One save with what it wrote. `after` is None where the text of the event was emptied; `role`
    is the part that somebody had who takes part no longer."""

    pk: int
    at: datetime
    actor_id: int
    action: str
    subject: str
    key: str
    after: dict[str, Any] | None
    role: str | None = None

    @property
    def thing(self) -> Thing:
        return self.subject, self.key

    @property
    def is_emptied(self) -> bool:
        return self.after is None

    @property
    def is_mark(self) -> bool:
        """Whether it wrote nothing, and says that the save before it brought something back."""
        return self.action == Action.RESTORED and self.subject != "document"


def events_until(document: Document, pk: int) -> list[Event]:
    """What makes up the COE right after the event `pk`: of each text its last save alone."""
    told = _told(document).filter(pk__lte=pk)
    rows = told.exclude(subject__in=TEXTS)
    texts = told.filter(subject__in=TEXTS, action=Action.CHANGED)
    texts = texts.order_by("subject", "subject_key", "-pk").distinct("subject", "subject_key")
    return sorted((*_read(rows), *_read(texts)), key=lambda each: each.pk)


def events_between(document: Document, after: int, until: int) -> list[Event]:
    """Every event behind `after`, up to and with `until`."""
    return _read(_told(document).filter(pk__gt=after, pk__lte=until))


def befores(document: Document, after: int, things: set[Thing]) -> list[tuple[Thing, Any]]:
    """What later events say that was there before them, of these things; None where emptied."""
    # Of the facts there is one, whatever the reference under which they are told.
    keys = {key for subject, key in things if subject != "document"} | {document.reference}
    later = HistoryEvent.objects.filter(
        document=document,
        pk__gt=after,
        subject__in={subject for subject, _ in things},
        subject_key__in=keys,
    ).exclude(action__in=(Action.SET_ASIDE, Action.RESTORED))
    before = KeyTransform("before", "text__content")
    rows = later.annotate(was=before).order_by("pk").values_list("subject", "subject_key", "was")
    told = [((subject, "" if subject == "document" else key), was) for subject, key, was in rows]
    return [(thing, was) for thing, was in told if thing in things]


def _told(document: Document) -> QuerySet[HistoryEvent]:
    return HistoryEvent.objects.filter(document=document).order_by("pk")


def _read(events: QuerySet[HistoryEvent]) -> list[Event]:
    before = KeyTransform("before", "text__content")
    held = events.annotate(
        said=KeyTransform("after", "text__content"), part=KeyTextTransform("role", before)
    )
    names = ("pk", "at", "actor_id", "action", "subject", "subject_key", "said", "part")
    return [Event(*each) for each in held.values_list(*names)]

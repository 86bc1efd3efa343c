"""Emptying what was said, for a secret that somebody pasted. Only administration calls this."""

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from coe.discussion.models import Message, Thread
from coe.documents.models import Document

WORDS = ("quote", "before", "after", "replacement", "resolution_note")


def count_holding(document: Document, secret: str) -> int:
    """In how many threads and messages of `document` the text stands."""
    return _threads(document, secret).count() + _messages(document, secret).count()


def empty_holding(document: Document, secret: str) -> int:
    """Empty the words of every thread and every message that holds the text; return how many.

    That somebody said something when stays. Must be called in the transaction that records it.
    """
    at = now()
    emptied = _messages(document, secret).update(text="", emptied_at=at)
    blank = dict.fromkeys(WORDS, "")
    return emptied + _threads(document, secret).update(**blank, emptied_at=at)


def _threads(document: Document, secret: str) -> QuerySet[Thread]:
    holds = Q()
    for name in WORDS:
        holds |= Q(**{f"{name}__contains": secret})
    return Thread.objects.filter(holds, document=document)


def _messages(document: Document, secret: str) -> QuerySet[Message]:
    return Message.objects.filter(thread__document=document, text__contains=secret)

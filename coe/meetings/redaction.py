"""Emptying what meetings wrote down, for a secret in it. Only administration calls this."""

from django.db.models import QuerySet

from coe.documents.models import Document
from coe.meetings.models import Meeting, MeetingDecision


def count_holding(document: Document, secret: str) -> int:
    """In how many decisions and lists of those present the text stands."""
    return _decisions(document, secret).count() + _meetings(document, secret).count()


def empty_holding(document: Document, secret: str) -> int:
    """Empty every decision and list of those present that holds the text; return how many.

    That something was decided when stays. Must be called in the transaction that records it.
    """
    emptied = _decisions(document, secret).update(text="")
    return emptied + _meetings(document, secret).update(present="")


def _decisions(document: Document, secret: str) -> QuerySet[MeetingDecision]:
    return MeetingDecision.objects.filter(meeting__document=document, text__contains=secret)


def _meetings(document: Document, secret: str) -> QuerySet[Meeting]:
    return Meeting.objects.filter(document=document, present__contains=secret)

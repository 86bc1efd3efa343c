"""The meetings of one COE."""

from django.db.models import Count, QuerySet
from django.http import Http404

from coe.discussion.queries import Told, threads_of
from coe.documents.models import Document
from coe.meetings.models import Meeting, MeetingQuerySet


def running_meeting(document: Document) -> Meeting | None:
    """The one that goes on now, with its COE; None where there is none."""
    return _meetings(document).running().first()


def meeting_of(document: Document, number: int) -> Meeting:
    """The meeting of this number; raises `Http404` where the COE had none such."""
    meeting = _meetings(document).filter(number=number).first()
    if meeting is None:
        raise Http404("This COE had no such meeting.")
    return meeting


def ended_meetings(document: Document) -> QuerySet[Meeting]:
    """Those that are over, the last one first, with how much each decided (`decided`)."""
    ended = document.meetings.filter(ended_at__isnull=False)
    return ended.annotate(decided=Count("decisions"))


def open_threads_of(document: Document) -> tuple[Told, ...]:
    """What was said about the COE and is not settled yet."""
    return tuple(each for each in threads_of(document) if each.thread.is_open)


def _meetings(document: Document) -> MeetingQuerySet:
    return Meeting.objects.filter(document=document).select_related("document")

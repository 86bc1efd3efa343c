from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from coe.documents.models import Document
from coe.text.instants import Instant
from coe.timeline.models import Entry


def in_order(document: Document) -> QuerySet[Entry]:
    """The entries in their order, each with the milestone that it marks."""
    return Entry.objects.filter(document=document).select_related("milestone")


def first_later(document: Document, instant: Instant) -> Entry | None:
    """The first entry that happened later: at its own time, or that of its milestone."""
    entries = in_order(document).annotate(moment=Coalesce("milestone__at", "at"))
    return entries.filter(moment__gt=instant.at).first()


def entry_before(document: Document) -> Instant | None:
    """What a line without a date follows: the entry added last, else the earliest milestone."""
    latest = in_order(document).order_by("-pk").first()
    if latest:
        return latest.happened
    started = document.incident.milestones.filter(at__isnull=False).order_by("at").first()
    return started.instant if started else None

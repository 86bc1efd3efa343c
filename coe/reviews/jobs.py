"""What follows from an edit in review: a trigger of the database puts these jobs (migration
0022), so no save has to think of it."""

from typing import Any

from django.db.models import Min, Q

from coe.documents.models import Document
from coe.history.models import Action, HistoryEvent
from coe.jobs.kinds import job
from coe.reviews.rounds import standing_in_review
from coe.reviews.signing import drop_overtaken_signatures

WRITING = (Action.ADDED, Action.CHANGED, Action.MOVED, Action.REMOVED, Action.HANDED_OVER)
BESIDE = ("thread", "decision", "meeting", "reader", "finding", "promise")
"""What is no part of the text."""
NAMES = ("person", "team", "service")
"""By whose names the text calls them."""


@job("signatures_checked", title="Drop signatures under a text that was changed")
def check_signatures(payload: dict[str, Any]) -> None:
    """Whoever wrote last, in the text or in what its people are called, is named as who changed
    it."""
    document = Document.objects.get(pk=payload["document"])
    in_text = Q(document=document, action__in=WRITING) & ~Q(subject__in=BESIDE)
    in_names = Q(document=None, action=Action.CHANGED, subject__in=NAMES)
    events = HistoryEvent.objects.filter(pk__gt=_signed_at(document)).select_related("actor")
    last = events.filter(in_text).last() or events.filter(in_names).last()
    if last:
        drop_overtaken_signatures(document, by=last.actor)


def _signed_at(document: Document) -> int:
    """The event of the first signature that stands; 0 where none does."""
    signers = standing_in_review(document).values("user")
    signed = HistoryEvent.objects.filter(document=document, action=Action.SIGNED, actor__in=signers)
    return signed.aggregate(first=Min("pk"))["first"] or 0

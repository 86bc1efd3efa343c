"""What follows from an edit in review: a trigger of the database puts these jobs (migration
0022), so no save has to think of it."""

from typing import Any

from coe.documents.models import Document
from coe.history.models import HistoryEvent
from coe.jobs.kinds import job
from coe.reviews.signing import drop_overtaken_signatures


@job("signatures_checked", title="Drop signatures under a text that was changed")
def check_signatures(payload: dict[str, Any]) -> None:
    """Whoever wrote last is named as who changed it."""
    document = Document.objects.get(pk=payload["document"])
    last = HistoryEvent.objects.filter(document=document).select_related("actor").latest("pk")
    drop_overtaken_signatures(document, by=last.actor)

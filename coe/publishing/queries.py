from django.db.models import Exists, OuterRef, QuerySet

from coe.documents.models import Document, State
from coe.publishing.models import Publication
from coe.reviews.models import SignOff


def published_as_approved() -> QuerySet[Publication]:
    """For use under `Exists` on documents: the current publication that is the approved text."""
    return Publication.objects.filter(
        document=OuterRef("pk"),
        state=Publication.State.CURRENT,
        snapshot__sign_offs__verdict=SignOff.Verdict.APPROVED,
        snapshot__sign_offs__dropped_at__isnull=True,
    )


def is_what_readers_have(document: Document) -> bool:
    """Whether the working copy is approved and published: nothing in it is new to readers."""
    approved = Document.objects.filter(pk=document.pk, state=State.APPROVED)
    return approved.filter(Exists(published_as_approved())).exists()

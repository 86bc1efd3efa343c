from django.db.models import OuterRef, QuerySet

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

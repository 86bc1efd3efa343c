from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.documents.queries import readable_document
from coe.policies.services import Asked, asked_of
from coe.publishing.models import Publication
from coe.reviews.models import SignOff
from coe.snapshots.snapshot import Snapshot


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


def readable_publication(user: User, reference: str, version: int) -> Publication:
    """One version of a COE of which `user` may read something.

    Who may read one version may read all. Raises `Http404` where there is no such version.
    """
    document = readable_document(user, reference)
    return get_object_or_404(document.publications.select_related("snapshot"), version=version)


def asked_as_read(document: Document, snapshot: Snapshot, *, guide: int) -> Asked:
    """What the guide of this key asks of `document` as readers have it, which is `snapshot`.

    The team is that of the current publication, which a correction that is written may have left;
    where nothing is published that of the working copy.
    """
    current = document.publications.filter(state=Publication.State.CURRENT)
    published = current.values_list("owning_team", flat=True).first()
    return asked_of(
        guide,
        severity=snapshot.severity,
        category=snapshot.category,
        team=published or document.incident.team_id,
    )


def versions_of(document: Document) -> QuerySet[Publication]:
    """Every version that was published, the newest first."""
    return document.publications.order_by("-version")

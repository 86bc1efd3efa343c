from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.documents.queries import Retracted, known_document
from coe.policies.services import Asked, asked_of
from coe.publishing.models import Publication, Retraction
from coe.reviews.models import SignOff
from coe.reviews.rules import is_approver, is_owner
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

    Who may read one version may read all. Raises `Http404` where there is no such version, and
    `Retracted` where it was, or one after it.
    """
    document = known_document(user, reference)
    versions = document.publications.select_related("snapshot")
    publication = get_object_or_404(versions, version=version)
    if document.has_withheld(version):
        raise Retracted(document, version)
    return publication


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


def versions_told(document: Document) -> dict[str, Any]:
    """What the list of versions shows: `versions`, the newest first, of which those up to
    `withheld` are only said to have been there."""
    return {
        "versions": document.publications.order_by("-version"),
        "withheld": document.retracted_version or 0,
    }


def approved_before_retraction() -> QuerySet[Retraction]:
    """For use under `Exists` on documents that are approved: a retraction since the approval.

    Such an approval publishes nothing more: whoever gave it knew of no retraction.
    """
    given = SignOff.objects.filter(
        document=OuterRef("document"),
        verdict=SignOff.Verdict.APPROVED,
        dropped_at__isnull=True,
        signed_at__gt=OuterRef("retracted_at"),
    )
    return Retraction.objects.filter(~Exists(given), document=OuterRef("pk"))


def has_to_be_approved_anew(document: Document) -> bool:
    """Whether it is approved, and was retracted after that."""
    approved = Document.objects.filter(pk=document.pk, state=State.APPROVED)
    return (
        document.retracted_version is not None
        and approved.filter(Exists(approved_before_retraction())).exists()
    )


def retraction_of(document: Document, version: int | None = None) -> Retraction | None:
    """What took `version` from readers, the last retraction where None is asked for."""
    found = document.retractions.select_related("publication").order_by("publication__version")
    if version is None:
        return found.last()
    return found.filter(publication__version__gte=version).first()


def decides_on_readers(user: User, document: Document) -> bool:
    """Whether `user` may take from readers what they have: the owner, who approves, a leader."""
    return is_owner(user, document) or user.is_leader or is_approver(user, document)


def retractable_document(user: User, reference: str) -> Document:
    """The COE that `user` may retract, whether or not there is anything to.

    Raises `Http404` to those who may not know of it, `PermissionDenied` to those who may only
    read it.
    """
    document = known_document(user, reference)
    if not decides_on_readers(user, document):
        raise PermissionDenied("The owner, whoever approves it, or a leader retracts a COE.")
    return document


def concerned_with(document: Document) -> list[User]:
    """Whoever has to know what becomes of what readers have: who writes or reviews it, who signed
    it, and who promised something in it."""
    own = Q(pk=document.owner_id)
    takes_part = Q(pk__in=document.participants.values("user"))
    has_signed = Q(pk__in=document.sign_offs.values("user"))
    promises = document.promises.filter(dropped_at__isnull=True, owner__isnull=False)
    promised = Q(pk__in=promises.values("owner"))
    return list(User.objects.filter(own | takes_part | has_signed | promised).order_by("pk"))

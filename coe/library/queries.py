"""What a person may browse, each COE as the version that they may read."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from coe.accounts.models import User
from coe.documents.models import Document, State
from coe.publishing.models import Publication
from coe.publishing.queries import published_as_approved

PUBLISHED = "published"
"""The filter value for COEs that readers have, beside the states of the working copy."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One line of the list: the published title where there is one, else the working copy's."""

    reference: str
    title: str
    severity: int
    team: str
    state: str
    version: int | None
    correction: str
    opened_at: datetime


def browsable(user: User, *, words: str = "", state: str = "") -> QuerySet[Document]:
    """The COEs that `user` may read, the newest first.

    `words` must all stand in the title or the reference that the person gets to see: somebody
    who may only read the publication is not told of the draft by a hit.
    """
    working = Document.objects.working_copy_visible_to(user).filter(pk=OuterRef("pk"))
    documents = (
        Document.objects.visible_to(user)
        .annotate(shows_working_copy=Exists(working))
        .select_related("incident__team")
        .prefetch_related(
            Prefetch(
                "publications",
                Publication.objects.filter(state=Publication.State.CURRENT),
                to_attr="current",
            )
        )
        .order_by("-created_at", "-pk")
    )
    if state == PUBLISHED:
        documents = documents.filter(current_version__isnull=False)
    elif state:
        documents = documents.filter(shows_working_copy=True, state=state)
        if state == State.APPROVED:
            documents = documents.exclude(Exists(published_as_approved()))
    for word in words.split():
        documents = documents.filter(_holds(word))
    return documents


def shelf(document: Document) -> Shelf:
    """`document` (from `browsable`) as its line in the list."""
    current: list[Publication] = document.current  # type: ignore[attr-defined]
    publication = current[0] if current else None
    is_corrected = publication and document.state != State.APPROVED
    shows = document.shows_working_copy  # type: ignore[attr-defined]
    return Shelf(
        reference=document.reference,
        title=publication.title if publication else document.incident.title,
        severity=publication.severity if publication else document.incident.severity,
        team=publication.team if publication else document.incident.team.name,
        state="current" if publication else document.state,
        version=publication.version if publication else None,
        correction=document.get_state_display() if is_corrected and shows else "",
        opened_at=document.created_at,
    )


def _holds(word: str) -> Q:
    current = Publication.objects.filter(
        document=OuterRef("pk"), state=Publication.State.CURRENT, title__icontains=word
    )
    unpublished = Q(current_version__isnull=True, incident__title__icontains=word)
    return Q(reference__icontains=word) | unpublished | Q(Exists(current))

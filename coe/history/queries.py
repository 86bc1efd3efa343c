"""Reading the history of one thing: which attempts are told already, and who wrote it last."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from coe.history.models import Action, HistoryEvent

if TYPE_CHECKING:
    from coe.accounts.models import User

WRITTEN = (Action.ADDED, Action.CHANGED)
"""What gives a thing the content that it has then."""


def events_of(document_id: int, subject: str, key: object) -> QuerySet[HistoryEvent]:
    """Everything told of one thing, the oldest first."""
    events = HistoryEvent.objects.filter(document_id=document_id, subject=subject)
    return events.filter(subject_key=str(key)).order_by("pk")


def versions_written(
    document_id: int, subject: str, keys: Iterable[object], *, by: "User", token: UUID | None
) -> dict[str, int | None]:
    """The versions that this attempt of `by` wrote already, by the key of the thing."""
    if token is None:
        return {}
    events = HistoryEvent.objects.filter(
        document_id=document_id,
        subject=subject,
        subject_key__in=[str(key) for key in keys],
        actor=by,
        token=token,
        action__in=WRITTEN,
    )
    return dict(events.values_list("subject_key", "version"))


def last_change(document_id: int, subject: str, key: object) -> HistoryEvent | None:
    """What last changed what the thing says, or removed it, with who did it."""
    events = events_of(document_id, subject, key).filter(action__in=(*WRITTEN, Action.REMOVED))
    return events.select_related("actor").last()

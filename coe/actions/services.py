from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import transaction

from coe.accounts.models import User
from coe.actions.models import ActionItem, Promise
from coe.documents.models import Document
from coe.history.models import Action
from coe.history.services import record


@dataclass(frozen=True, slots=True)
class PromisedAction:
    """An action item as a published version states it."""

    uid: UUID
    title: str
    due_on: date | None
    priority: int
    kind: str


@transaction.atomic
def keep_promises(document: Document, *, promised: Sequence[PromisedAction]) -> None:
    """Make the promises of `document` those of the version being published.

    Each takes its owner from the proposal. Promises that the version no longer makes are dropped,
    not deleted; one that comes back is taken up again. The caller holds the document alone.
    """
    owners = dict(ActionItem.objects.filter(document=document).values_list("uid", "owner_id"))
    for item in promised:
        values = {
            "title": item.title,
            "due_on": item.due_on,
            "priority": item.priority,
            "kind": item.kind,
            "owner_id": owners.get(item.uid),
            "dropped_at": None,
        }
        Promise.objects.update_or_create(document=document, uid=item.uid, defaults=values)
    kept = [item.uid for item in promised]
    gone = Promise.objects.open().filter(document=document).exclude(uid__in=kept)
    gone.update(dropped_at=datetime.now(UTC))


@transaction.atomic
def hand_over_promises(*, of: User, to: User, by: User) -> int:
    """Make `to` the owner of every open promise that `of` owns; return how many there were."""
    held = list(Promise.objects.open().select_for_update().filter(owner=of))
    for promise in held:
        Promise.objects.filter(pk=promise.pk).update(owner=to)
        record(
            Action.HANDED_OVER,
            by=by,
            subject="promise",
            key=promise.uid,
            document_id=promise.document_id,
            before={"owner_id": of.pk},
            after={"owner_id": to.pk},
        )
    return len(held)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from coe.accounts.models import User
from coe.actions.models import ActionItem, Promise
from coe.documents.locks import keep_documents, lock_for_content
from coe.documents.models import Document
from coe.documents.rows import add_row, save_row
from coe.history.models import Action
from coe.history.services import record
from coe.whys.services import hold_cause


@dataclass(frozen=True, slots=True)
class PromisedAction:
    """An action item as a published version states it."""

    uid: UUID
    title: str
    due_on: date | None
    priority: int
    kind: str


@transaction.atomic
def add_action(
    document: Document,
    *,
    uid: UUID,
    values: Mapping[str, Any],
    by: User,
    before: ActionItem | None = None,
    token: UUID | None = None,
) -> ActionItem:
    """Add an action item at the end, or in front of `before`; the same `uid` again is once.

    Raises `ReadOnly` if the document is approved, `Conflict` if its cause was removed meanwhile.
    """
    lock_for_content(document)
    hold_cause(document, values.get("cause_id"))
    return add_row(
        ActionItem, document=document, uid=uid, values=values, by=by, before=before, token=token
    )


@transaction.atomic
def save_action(
    item: ActionItem,
    *,
    version: int,
    values: Mapping[str, Any],
    by: User,
    token: UUID | None = None,
) -> None:
    """Write an action item over the one that had `version`.

    Raises `Conflict` if somebody else saved it or removed its cause, `ReadOnly` if the document
    is approved.
    """
    lock_for_content(item.document)
    hold_cause(item.document, values.get("cause_id"))
    save_row(item, version=version, values=values, by=by, token=token)


@transaction.atomic
def keep_promises(document: Document, *, promised: Sequence[PromisedAction]) -> None:
    """Make the promises of `document` those of the version being published.

    Each takes its owner from the proposal. Where that person has left, a promise that was made
    before stays with whom it was handed to, and a new one is theirs until it is handed over.
    Promises that the version no longer makes are dropped, not deleted; one that comes back is
    taken up again. The caller holds the document alone.
    """
    proposals = ActionItem.objects.filter(document=document).select_related("owner")
    owners = {each.uid: each.owner for each in proposals}
    for item in promised:
        values = {
            "title": item.title,
            "due_on": item.due_on,
            "priority": item.priority,
            "kind": item.kind,
            "dropped_at": None,
        }
        owner = owners.get(item.uid)
        first = {**values, "owner": owner}
        Promise.objects.update_or_create(
            document=document,
            uid=item.uid,
            defaults=first if owner and owner.is_active else values,
            create_defaults=first,
        )
    kept = [item.uid for item in promised]
    gone = Promise.objects.open().filter(document=document).exclude(uid__in=kept)
    gone.update(dropped_at=datetime.now(UTC))


@transaction.atomic
def hand_over_promises(*, of: User, to: User, by: User) -> int:
    """Make `to` the owner of every open promise that `of` owns; return how many there were."""
    open_ones = Promise.objects.open().filter(owner=of)
    keep_documents(set(open_ones.values_list("document", flat=True)))
    held = list(open_ones.select_for_update())
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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.life import add_event, clear_told, let_lapse, set_due, set_owner
from coe.actions.models import ActionItem, Promise, PromiseEvent, PromiseRequest
from coe.documents.locks import keep_documents, lock_for_content
from coe.documents.models import Document
from coe.documents.rows import add_row, save_row
from coe.history.models import Action
from coe.history.services import record
from coe.notices.models import OF_THE_CLOCK, Kind
from coe.notices.services import tell
from coe.whys.services import hold_cause


@dataclass(frozen=True, slots=True)
class PromisedAction:
    """An action item as a published version states it."""

    uid: UUID
    title: str
    due_on: date | None
    priority: int
    kind: str
    cause_kind: str = ""
    tracker: str = ""


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
def keep_promises(document: Document, *, promised: Sequence[PromisedAction], by: User) -> None:
    """Make the promises of `document` those of the version that `by` publishes.

    Each takes its owner from the proposal. A version changes the owner or the date of a promise
    that was made before only where it says otherwise than the version before it: what was handed
    over or moved since stays so. Where the owner of the proposal has left, a new promise is theirs
    until it is handed over. Promises that the version no longer makes are dropped, not deleted,
    and what was asked of them lapses; one that comes back is taken up again as it was. The caller
    holds the document alone.
    """
    proposals = ActionItem.objects.filter(document=document).select_related("owner")
    owners = {each.uid: each.owner for each in proposals}
    held = Promise.objects.select_for_update(no_key=True).filter(document=document)
    there = {each.uid: each for each in held}
    for item in promised:
        owner = owners.get(item.uid)
        if promise := there.pop(item.uid, None):
            promise.document = document
            _keep(promise, item, owner, by=by)
        else:
            _make(document, item, owner)
    for promise in there.values():
        if promise.dropped_at is None:
            _drop(promise, by=by)


def _make(document: Document, item: PromisedAction, owner: User | None) -> None:
    Promise.objects.create(
        document=document,
        uid=item.uid,
        owner=owner,
        due_on=item.due_on,
        first_due_on=item.due_on,
        tracker=item.tracker,
        **_stated(document, item, owner),
    )


def _stated(document: Document, item: PromisedAction, owner: User | None) -> dict[str, Any]:
    """What the version says of it, and does not change in between. What is published stands still:
    team, service and severity of the incident are those that were signed."""
    incident = document.incident
    return {
        "title": item.title,
        "priority": item.priority,
        "kind": item.kind,
        "cause_kind": item.cause_kind,
        "team": incident.team,
        "service": incident.service,
        "severity": incident.severity,
        "stated_tracker": item.tracker,
        "stated_due_on": item.due_on,
        "stated_owner": owner,
    }


def _keep(promise: Promise, item: PromisedAction, owner: User | None, *, by: User) -> None:
    was_dropped = promise.dropped_at is not None
    is_newly_owned = owner and owner.is_active and owner.pk != promise.stated_owner_id
    is_newly_due = item.due_on != promise.stated_due_on
    if item.tracker != promise.stated_tracker:
        Promise.objects.filter(pk=promise.pk).update(tracker=item.tracker)
    stated = _stated(promise.document, item, owner)
    Promise.objects.filter(pk=promise.pk).update(dropped_at=None, **stated)
    if was_dropped:
        add_event(promise, PromiseEvent.Kind.PROMISED_AGAIN, by=by)
    if is_newly_owned:
        set_owner(promise, owner, by=by)
    if is_newly_due:
        set_due(promise, item.due_on, by=by)
        let_lapse(promise, [PromiseRequest.Kind.MOVE])


def _drop(promise: Promise, *, by: User) -> None:
    Promise.objects.filter(pk=promise.pk).update(dropped_at=now())
    let_lapse(promise)
    clear_told(promise, OF_THE_CLOCK)
    add_event(promise, PromiseEvent.Kind.DROPPED, by=by)


@transaction.atomic
def hand_over_promises(*, of: User, to: User, by: User) -> int:
    """Make `to` the owner of all that `of` owns and somebody waits for, and tell them; return how
    many there were."""
    held_by_them = Promise.objects.unsettled().filter(owner=of)
    keep_documents(set(held_by_them.values_list("document", flat=True)))
    held = list(
        held_by_them.select_related("document").select_for_update(of=("self",)).order_by("pk")
    )
    for promise in held:
        set_owner(promise, to, by=by)
        record(
            Action.HANDED_OVER,
            by=by,
            subject="promise",
            key=promise.uid,
            document_id=promise.document_id,
            before={"owner_id": of.pk},
            after={"owner_id": to.pk},
        )
        tell(
            Kind.PROMISE_HANDED_OVER,
            people=[to],
            document=promise.document,
            by=by,
            text=f"“{promise.title}”.",
            anchor=str(promise.uid),
        )
    return len(held)

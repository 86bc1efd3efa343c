"""What becomes of one promise, written into its row and its story together.

The caller takes the row first (`take`), and has asked who may.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseEvent, PromiseRequest
from coe.notices.models import OF_THE_CLOCK
from coe.notices.models import Kind as Notice
from coe.notices.services import clear

Kind = PromiseEvent.Kind


def take(promise: Promise) -> None:
    """Take `promise` alone until the transaction ends. Its COE is held before it, as whoever
    publishes does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM coe_document WHERE id = %s FOR KEY SHARE", [promise.document_id]
        )
    Promise.objects.select_for_update(no_key=True).only("pk").get(pk=promise.pk)


def add_event(promise: Promise, kind: Kind, *, by: User, **told: Any) -> PromiseEvent:
    """Add to the story of `promise` what `by` did now."""
    return PromiseEvent.objects.create(
        promise=promise, kind=kind, by=by, name=by.name, role=by.role(), **told
    )


def set_due(promise: Promise, due_on: date | None, *, by: User, note: str = "") -> None:
    """Move the due date; the first one that it gets is no move. To where it is is nothing.

    What was told because the day before it came is no longer so.
    """
    before = promise.due_on
    if due_on == before:
        return
    if promise.first_due_on is None:
        changes: dict[str, Any] = {"first_due_on": due_on}
    else:
        changes = {"moves": F("moves") + 1}
    Promise.objects.filter(pk=promise.pk).update(due_on=due_on, **changes)
    add_event(promise, Kind.MOVED, by=by, due_before=before, due_after=due_on, note=note)
    clear_told(promise, OF_THE_CLOCK)


def set_owner(promise: Promise, owner: User | None, *, by: User, note: str = "") -> None:
    """Hand it over; to whom it belongs is nothing."""
    before = promise.owner_id
    if owner and owner.pk == before:
        return
    Promise.objects.filter(pk=promise.pk).update(owner=owner)
    add_event(
        promise, Kind.HANDED_OVER, by=by, owner_before_id=before, owner_after=owner, note=note
    )
    clear_told(promise, (Notice.PROMISE_DUE, Notice.PROMISE_LATE))


def let_lapse(
    promise: Promise, kinds: Collection[PromiseRequest.Kind] = tuple(PromiseRequest.Kind)
) -> None:
    """Nobody decides any more what was asked of it, and nobody is asked to."""
    asked = PromiseRequest.objects.filter(promise=promise, kind__in=kinds, outcome="")
    asked.update(outcome=PromiseRequest.Outcome.LAPSED, decided_at=now())
    for kind in kinds:
        clear(Notice.PROMISE_ASKED, promise.document, key=name_of_request(promise, kind))


def name_of_request(promise: Promise, kind: str) -> str:
    """What notices call the one request of a kind that may be open."""
    return f"{promise.uid} {kind}"


def clear_told(promise: Promise, kinds: Collection[Notice]) -> None:
    """What was told of it is no longer so."""
    for kind in kinds:
        clear(kind, promise.document, anchor=str(promise.uid))

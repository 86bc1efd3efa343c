from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from coe.accounts.models import User
from coe.documents.locks import lock_for_content, lock_order
from coe.documents.models import Document
from coe.documents.rows import insert_row, record_row, remove_row, save_row
from coe.history.models import Action
from coe.web.versions import Conflict, save_over
from coe.whys.graph import reachable
from coe.whys.models import Cause, Explanation


class ExplainsItself(ValueError):
    """An edge would make a cause explain itself, straight or through others."""


@transaction.atomic
def add_cause(
    document: Document, *, uid: UUID, values: Mapping[str, Any], explains: Sequence[Cause], by: User
) -> Cause:
    """Add a cause and what it explains, the primary effect first; the same `uid` again is once.

    Raises `ReadOnly` if the document is approved, `Conflict` if an effect was removed meanwhile.
    """
    cause, is_new = insert_row(Cause, document=document, uid=uid, values=values)
    if is_new:
        _connect(cause, explains)
        record_row(Action.ADDED, cause, by=by, after=cause.content())
    return cause


@transaction.atomic
def save_cause(
    cause: Cause, *, version: int, values: Mapping[str, Any], explains: Sequence[Cause], by: User
) -> None:
    """Write a cause and what it explains over the one that had `version`.

    Raises `ExplainsItself` if the edges would close a circle (two people who save at once
    included), `Conflict` if somebody else saved it, `ReadOnly` if the document is approved.
    """
    lock_for_content(cause.document)
    lock_order(cause.document, Cause)
    before, after = cause.content()["explains"], _uids(explains)
    if before == after:
        save_row(cause, version=version, values=values, by=by)
        return
    _refuse_circle(cause, explains)
    was = cause.content()
    save_over(cause, version=version, values=dict(values))
    cause.explains.all().delete()
    _connect(cause, explains)
    record_row(Action.CHANGED, cause, by=by, before=was, after=cause.content())


@transaction.atomic
def remove_cause(cause: Cause, *, version: int, by: User) -> None:
    """Remove a cause; those that explained it move up to what it explained first.

    Raises `Conflict` if somebody else saved or removed it, `ReadOnly` if it is approved.
    """
    lock_for_content(cause.document)
    lock_order(cause.document, Cause)
    primary = cause.explains.filter(is_primary=True).select_related("effect").first()
    orphans = [edge.cause for edge in cause.explained_by.select_related("cause")]
    remove_row(cause, version=version, by=by)
    for orphan in orphans:
        _move_up(orphan, above=primary.effect if primary else None, by=by)


def _move_up(cause: Cause, *, above: Cause | None, by: User) -> None:
    """Put `above` first among what `cause` explains, after its own effect was removed."""
    before = cause.content()
    kept = [edge.effect for edge in cause.explains.order_by("-is_primary", "pk")]
    effects = [above, *(effect for effect in kept if effect != above)] if above else kept
    cause.explains.all().delete()
    _connect(cause, effects)
    record_row(Action.CHANGED, cause, by=by, before=before, after=cause.content())


def _uids(causes: Sequence[Cause]) -> list[str]:
    return [str(cause.uid) for cause in causes]


def _connect(cause: Cause, effects: Sequence[Cause]) -> None:
    keys = [effect.pk for effect in effects]
    there = Cause.objects.filter(document=cause.document_id, pk__in=keys).count()
    if there != len(keys):
        raise Conflict
    Explanation.objects.bulk_create(
        Explanation(
            document_id=cause.document_id, cause=cause, effect=effect, is_primary=place == 0
        )
        for place, effect in enumerate(effects)
    )


def _refuse_circle(cause: Cause, effects: Sequence[Cause]) -> None:
    """Raise `ExplainsItself` if one of `effects` is, or already explains up to, `cause`."""
    edges = Explanation.objects.filter(document=cause.document_id).exclude(cause=cause)
    upwards = list(edges.values_list("cause_id", "effect_id"))
    for effect in effects:
        if cause.pk in reachable(effect.pk, upwards):
            raise ExplainsItself(
                f"“{effect}” is already explained by this cause, so it cannot explain it too."
            )

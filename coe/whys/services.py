from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from coe.accounts.models import User
from coe.documents.locks import lock_for_content, lock_order
from coe.documents.models import Document
from coe.documents.rows import insert_row, insert_rows, record_row, remove_row, save_row
from coe.history.models import Action
from coe.history.services import changed
from coe.web.versions import Conflict, held_at, save_over
from coe.whys.models import Cause, Explanation
from coe.whys.queries import closing_a_circle, siblings


class ExplainsItself(ValueError):
    """An edge would make a cause explain itself, straight or through others."""


class CannotNest(ValueError):
    """A cause has nothing beside or above it to go to; the sentence says what is in the way."""


@transaction.atomic
def add_cause(
    document: Document,
    *,
    uid: UUID,
    values: Mapping[str, Any],
    explains: Sequence[Cause],
    by: User,
    before: Cause | None = None,
    token: UUID | None = None,
) -> Cause:
    """Add a cause at the end, or in front of `before`, and what it explains, the primary effect
    first; the same `uid` again is once.

    Raises `ReadOnly` if the document is approved, `Conflict` if an effect was removed meanwhile.
    """
    cause, place = insert_row(Cause, document=document, uid=uid, values=values, before=before)
    if place is not None:
        _connect(cause, explains)
        _record_added(cause, place, by=by, token=token)
    elif not _are_same(cause.content()["explains"], _uids(explains)):
        raise Conflict
    return cause


@transaction.atomic
def add_causes(
    document: Document,
    *,
    causes: Mapping[UUID, Mapping[str, Any]],
    explains: Mapping[UUID, Sequence[UUID]],
    by: User,
) -> dict[UUID, Cause]:
    """Add several causes at once, in their order, with what they explain among themselves.

    None of them may be there, and none may explain itself through others. The primary effect comes
    first. Raises `ReadOnly` if the document is approved, `LightIsFull` if they are too many.
    """
    inserted = insert_rows(Cause, document=document, rows=causes)
    made = {row.uid: row for _, row in inserted}
    Explanation.objects.bulk_create(
        Explanation(document=document, cause=cause, effect=made[effect], is_primary=place == 0)
        for uid, cause in made.items()
        for place, effect in enumerate(explains.get(uid, ()))
    )
    for place, cause in inserted:
        _record_added(cause, place, by=by)
    return made


def _record_added(cause: Cause, place: int, *, by: User, token: UUID | None = None) -> None:
    """With its key, which action items are recorded with: it outlives the row there."""
    after = cause.content() | {"id": cause.pk, "place": place}
    record_row(Action.ADDED, cause, by=by, after=after, token=token)


@transaction.atomic
def save_cause(
    cause: Cause,
    *,
    version: int,
    values: Mapping[str, Any],
    explains: Sequence[Cause],
    by: User,
    token: UUID | None = None,
) -> None:
    """Write a cause and what it explains over the one that had `version`.

    Raises `ExplainsItself` if the edges would close a circle (two people who save at once
    included), `Conflict` if somebody else saved it, `ReadOnly` if the document is approved.
    """
    lock_for_content(cause.document)
    lock_order(cause.document, Cause)
    was = held_at(cause, version).content()
    if _are_same(was["explains"], _uids(explains)):
        save_row(cause, version=version, values=values, by=by, token=token)
        return
    _refuse_circle(cause, explains)
    save_over(cause, version=version, values=dict(values))
    cause.explains.all().delete()
    _connect(cause, explains)
    before, after = changed(was, cause.content())
    record_row(Action.CHANGED, cause, by=by, before=before, after=after, token=token)


@transaction.atomic
def remove_cause(cause: Cause, *, version: int, by: User) -> None:
    """Remove a cause; those that explained it move up to what it explained first.

    Those that are left without an effect answer the question that it answered. Action items that
    answered it stay and answer none. Raises `Conflict` if somebody else saved
    or removed it, `ReadOnly` if it is approved.
    """
    lock_for_content(cause.document)
    lock_order(cause.document, Cause)
    # Before the items, as `hold_cause` does: else a new item in flight is not seen, and whoever
    # saves one that is there waits for us while we wait for them.
    Cause.objects.select_for_update().filter(pk=cause.pk).first()
    for item in cause.actions.select_for_update():
        save_row(item, version=item.version, values={"cause_id": None}, by=by)
    primary = cause.explains.filter(is_primary=True).select_related("effect").first()
    edges = cause.explained_by.select_related("cause")
    orphans = [(edge.cause, edge.is_primary, edge.cause.content()) for edge in edges]
    remove_row(cause, version=version, by=by)
    for orphan, was_drawn_there, before in orphans:
        above = primary.effect if primary else None
        _move_up(orphan, above=above, is_first=was_drawn_there)
        if not orphan.effects():
            orphan.answers = cause.answers
            orphan.save(update_fields=["answers"])
        was, now = changed(before, orphan.content())
        record_row(Action.CHANGED, orphan, by=by, before=was, after=now)


@transaction.atomic
def nest_cause(cause: Cause, *, version: int, by: User) -> None:
    """Let a cause explain the one that stands before it, in place of what it explained first.

    It becomes the last of those that explain that one; its further effects stay. Raises
    `CannotNest` if none stands before it, `ExplainsItself` if that one is explained by it,
    `Conflict` if somebody else saved or removed it, `ReadOnly` if the document is approved.
    """
    lock_for_content(cause.document)
    lock_order(cause.document, Cause)
    stored = held_at(cause, version)
    beside = list(siblings(stored).order_by("position", "pk"))
    place = beside.index(stored)
    if place == 0:
        raise CannotNest(
            "It stands first here, so there is no cause before it that it could explain."
        )
    above = beside[place - 1]
    further = [effect for effect in stored.effects()[1:] if effect != above]
    save_cause(stored, version=version, values={}, explains=[above, *further], by=by)
    others = siblings(stored).exclude(pk=stored.pk).order_by("position", "pk")
    _put_behind(stored, others.last() or above, by=by)


@transaction.atomic
def unnest_cause(cause: Cause, *, version: int, by: User) -> None:
    """Let a cause explain what its effect explains first, in place of that effect.

    It stands right behind the effect then, and where the effect answers a question itself, so does
    the cause; its further effects stay, so a cause that has some is drawn under those instead.
    Raises `CannotNest` if it answers a question itself already, `Conflict` if somebody else saved
    or removed it, `ReadOnly` if the document is approved.
    """
    lock_for_content(cause.document)
    lock_order(cause.document, Cause)
    stored = held_at(cause, version)
    effects = stored.effects()
    if not effects:
        raise CannotNest("It answers the question itself, so there is nothing to take it out of.")
    left, *further = effects
    above = left.effects()[:1]
    explains = above + [effect for effect in further if effect not in above]
    values = {} if explains else {"answers": left.answers}
    save_cause(stored, version=version, values=values, explains=explains, by=by)
    if explains[:1] == above:
        _put_behind(stored, left, by=by)


def hold_cause(document: Document, cause_id: int | None) -> None:
    """Keep a cause from being removed until the transaction ends; None is no cause at all.

    Raises `Conflict` if it was removed, also by somebody whose removal had to be waited for.
    """
    if cause_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM coe_cause WHERE id = %s AND document_id = %s FOR KEY SHARE",
            [cause_id, document.pk],
        )
        if cursor.fetchone() is None:
            raise Conflict


def _move_up(cause: Cause, *, above: Cause | None, is_first: bool) -> None:
    """Let `cause` explain `above` in place of an effect that was removed."""
    kept = cause.effects()
    added = [above] if above and above not in kept else []
    cause.explains.all().delete()
    _connect(cause, [*added, *kept] if is_first else [*kept, *added])


def _put_behind(cause: Cause, other: Cause, *, by: User) -> None:
    """Give `cause` the place right behind `other` in the order of the document."""
    causes = Cause.objects.filter(document=cause.document_id).order_by("position", "pk")
    stored = list(causes)
    positions = [each.position for each in stored]
    order = [each for each in stored if each != cause]
    order.insert(order.index(other) + 1, cause)
    was, place = stored.index(cause), order.index(cause)
    if was == place:
        return
    moved = []
    for each, position in zip(order, positions, strict=True):
        if each.position != position:
            each.position = position
            moved.append(each)
    Cause.objects.bulk_update(moved, ["position"])
    after = {"place": place, "places": {str(cause.uid): place}}
    record_row(Action.MOVED, cause, by=by, before={"place": was}, after=after)


def _are_same(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether two lists of effects say the same: the first counts, the others in any order."""
    return before[:1] == after[:1] and set(before) == set(after)


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
    for effect in closing_a_circle(cause, effects):
        raise ExplainsItself(
            f"“{effect}” is already explained by this cause, so it cannot explain it too."
        )

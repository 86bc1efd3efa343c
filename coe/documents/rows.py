"""Adding, saving, moving and removing the rows of a COE, whatever their kind."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from coe.accounts.models import User
from coe.documents.locks import lock_for_content, lock_order
from coe.documents.models import Document, DocumentRow, Form
from coe.history.models import Action
from coe.history.services import changed, record
from coe.web.versions import Conflict, held_at, save_over

STEP = 1024
"""The room left between two neighbours, so that rows can be put between them."""

Row = TypeVar("Row", bound=DocumentRow)


class LightIsFull(ValidationError):
    """A light COE holds as many rows of this kind as it takes."""

    def __init__(self, kind: type[DocumentRow]) -> None:
        super().__init__(
            f"A light COE has at most {kind.most_in_light} {kind._meta.verbose_name_plural}. "
            "To add more, grow it into a full COE: the button is under Submit, and nothing is lost."
        )


@transaction.atomic
def add_row(
    kind: type[Row],
    *,
    document: Document,
    uid: UUID,
    values: Mapping[str, Any],
    by: User,
    before: Row | None = None,
    token: UUID | None = None,
) -> Row:
    """Add a row at the end, or in front of `before`, and return it.

    Adding the same `uid` again returns the row that is there and changes nothing, so a request
    may be repeated. Raises `ReadOnly` if the document is approved, `Conflict` if the row is there
    and says something else, `LightIsFull` if it is one too many for a light COE. `token` names the
    attempt (see `record`).
    """
    row, is_new = insert_row(kind, document=document, uid=uid, values=values, before=before)
    if is_new:
        record_row(Action.ADDED, row, by=by, after=row.content(), token=token)
    return row


@transaction.atomic
def insert_row(
    kind: type[Row],
    *,
    document: Document,
    uid: UUID,
    values: Mapping[str, Any],
    before: Row | None = None,
) -> tuple[Row, bool]:
    """The row `uid` and whether it is new: `add_row`, but the caller writes the record.

    Raises `Conflict` if the row is there and says something else: an answer got lost, and the
    person wrote on. Raises `LightIsFull` if it is one too many for a light COE.
    """
    lock_for_content(document)
    lock_order(document, kind)
    rows: QuerySet[Row] = kind._default_manager.filter(document=document)
    if existing := rows.filter(uid=uid).first():
        if changed(existing.content(), values)[1]:
            raise Conflict
        return existing, False
    _refuse_more_than_light(rows, document)
    position = _position_at_end(rows) if before is None else _position_before(rows, before)
    return rows.create(document=document, uid=uid, position=position, **values), True


@transaction.atomic
def add_rows(
    kind: type[Row], *, document: Document, rows: Mapping[UUID, Mapping[str, Any]], by: User
) -> None:
    """Add several rows at the end, in their order, all or none; `rows` holds values by identity.

    None of them may be there. Raises `ReadOnly` if the document is approved, `LightIsFull` if
    they are too many for a light COE.
    """
    for row in insert_rows(kind, document=document, rows=rows):
        record_row(Action.ADDED, row, by=by, after=row.content())


@transaction.atomic
def insert_rows(
    kind: type[Row], *, document: Document, rows: Mapping[UUID, Mapping[str, Any]]
) -> list[Row]:
    """`add_rows`, but the caller writes the records."""
    lock_for_content(document)
    lock_order(document, kind)
    stored: QuerySet[Row] = kind._default_manager.filter(document=document)
    _refuse_more_than_light(stored, document, more=len(rows))
    first = _position_at_end(stored)
    return kind._default_manager.bulk_create(
        kind(document=document, uid=uid, position=first + STEP * place, **values)
        for place, (uid, values) in enumerate(rows.items())
    )


@transaction.atomic
def save_row(
    row: DocumentRow,
    *,
    version: int,
    values: Mapping[str, Any],
    by: User,
    token: UUID | None = None,
) -> None:
    """Write `values` over the content that had `version`; writing what is there changes nothing.

    Raises `Conflict` if somebody else saved or removed the row, `ReadOnly` if it is approved.
    """
    lock_for_content(row.document)
    before, after = changed(held_at(row, version).content(), values)
    if after:
        save_over(row, version=version, values=dict(values))
        record_row(Action.CHANGED, row, by=by, before=before, after=after, token=token)


@transaction.atomic
def move_row(row: Row, *, steps: int, among: QuerySet[Row], by: User) -> None:
    """Change places with the neighbour `steps` away in `among`; at the edge nothing happens.

    The order is read under the lock, so two people who move at once both get a true order. The
    version stays: moving never disturbs somebody who is writing in the row.
    """
    lock_for_content(row.document)
    lock_order(row.document, type(row))
    order = list(among.order_by("position", "pk"))
    keys = [each.pk for each in order]
    if row.pk not in keys:
        raise Conflict
    place = keys.index(row.pk)
    target = place + steps
    if not 0 <= target < len(order):
        return
    order.insert(target, order.pop(place))
    _deal_positions(order, sorted(each.position for each in order))
    record_row(Action.MOVED, row, by=by, before={"place": place}, after={"place": target})


@transaction.atomic
def remove_row(row: DocumentRow, *, version: int, by: User) -> None:
    """Remove the row as it was when it had `version`; its content stays in the history.

    Raises `Conflict` if somebody else saved or removed it since, `ReadOnly` if it is approved.
    """
    lock_for_content(row.document)
    stored = held_at(row, version)
    record_row(Action.REMOVED, stored, by=by, before=stored.content())
    row.delete()


def record_row(
    action: Action,
    row: DocumentRow,
    *,
    by: User,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    token: UUID | None = None,
) -> None:
    """Record what happened to a row in the history of its document."""
    record(
        action,
        by=by,
        subject=row.kind_of_row,
        key=row.uid,
        document_id=row.document_id,
        version=row.version,
        before=before,
        after=after,
        token=token,
    )


def _refuse_more_than_light(rows: QuerySet[Row], document: Document, *, more: int = 1) -> None:
    """Raise `LightIsFull` if a light COE has no room for so many more; the order is locked."""
    most = rows.model.most_in_light
    if most is None or not Document.objects.filter(pk=document.pk, form=Form.LIGHT).exists():
        return
    if rows.count() + more > most:
        raise LightIsFull(rows.model)


def _position_at_end(rows: QuerySet[Row]) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return (last or 0) + STEP


def _position_before(rows: QuerySet[Row], before: Row) -> int:
    """A free position in front of `before`, made by spreading the rows out if there is none.

    Where `before` was removed meanwhile, in front of what stands in its place.
    """
    there = rows.filter(pk=before.pk).first() or rows.filter(position__gte=before.position).first()
    if there is None:
        return _position_at_end(rows)
    previous = rows.filter(position__lt=there.position).aggregate(last=Max("position"))["last"]
    low = previous if previous is not None else there.position - 2 * STEP
    if there.position - low >= 2:
        return int((low + there.position) // 2)
    order = list(rows.order_by("position", "pk"))
    _deal_positions(order, [STEP * place for place in range(1, len(order) + 1)])
    there.refresh_from_db(fields=["position"])
    return there.position - STEP // 2


def _deal_positions(order: list[Row], positions: list[int]) -> None:
    moved = []
    for row, position in zip(order, positions, strict=True):
        if row.position != position:
            row.position = position
            moved.append(row)
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["position"])

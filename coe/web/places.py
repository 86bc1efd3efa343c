"""Where a page of a long list begins: behind a row, by what the list is sorted by.

The place is the values by which that row is sorted, so it stays right while rows are added, and
also where that row is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.http import QueryDict

PAGE = 50
SEPARATOR = "~"
LARGEST = 2**63 - 1

Row = TypeVar("Row", bound=Model)
Gather = Callable[[QuerySet[Row], "Place | None", bool], QuerySet[Row]]
"""Leaves the rows of the page that begins behind a place, or before it, and none on the other side
of it, of what may be far more; for a list whose order no index has."""


@dataclass(frozen=True, slots=True)
class Key:
    """One of the values that a list is sorted by: a column or an annotation, never null.

    `read` takes it back from an address and raises `ValueError` or `OverflowError` for nonsense.
    Only the first key of a list may be free text.
    """

    name: str
    read: Callable[[str], Any]
    is_falling: bool = False


def moment(text: str) -> datetime:
    """In UTC: Python takes offsets from it that PostgreSQL does not.

    Raises `ValueError` where it has none, `OverflowError` where it ends before the first year.
    """
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError("A moment without an offset is none.")
    return read.astimezone(UTC)


def digit(text: str) -> int:
    """One of the few numbers of a scale."""
    read = int(text)
    if abs(read) > 9:
        raise ValueError("Too large for a scale.")
    return read


def number(text: str) -> int:
    read = int(text)
    if abs(read) > LARGEST:
        raise OverflowError("Too large for the database.")
    return read


def words(text: str) -> str:
    if "\x00" in text:
        raise ValueError("No text holds this character.")
    return text


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in the order: its values by the keys of the list."""

    values: tuple[Any, ...]

    def __str__(self) -> str:
        return SEPARATOR.join(_written(value) for value in reversed(self.values))


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page; the places before its first and behind its last row, where there are
    more."""

    rows: list[Row]
    before: Place | None
    after: Place | None


def page_of(
    rows: QuerySet[Row],
    keys: tuple[Key, ...],
    query: QueryDict,
    *,
    gather: Gather[Row] | None = None,
) -> Page[Row]:
    """The page that the address names; the first where it names none, or nonsense."""
    after = _place(keys, query.get("after", ""))
    before = None if after else _place(keys, query.get("before", ""))
    if before:
        found = list(_from(rows, keys, before, gather, is_back=True)[: PAGE + 1])
        if len(found) > PAGE:
            return _page(found[PAGE - 1 :: -1], keys, is_first=False, is_last=False)
    found = list(_from(rows, keys, after, gather, is_back=False)[: PAGE + 1])
    return _page(found[:PAGE], keys, is_first=after is None, is_last=len(found) <= PAGE)


def in_order(rows: QuerySet[Row], keys: tuple[Key, ...], *, is_back: bool = False) -> QuerySet[Row]:
    """`rows` sorted by `keys`."""
    columns = [
        F(key.name).desc() if key.is_falling != is_back else F(key.name).asc() for key in keys
    ]
    return rows.order_by(*columns)


def _page(rows: list[Row], keys: tuple[Key, ...], *, is_first: bool, is_last: bool) -> Page[Row]:
    return Page(
        rows=rows,
        before=_place_of(rows[0], keys) if rows and not is_first else None,
        after=_place_of(rows[-1], keys) if rows and not is_last else None,
    )


def _place_of(row: Row, keys: tuple[Key, ...]) -> Place:
    return Place(tuple(getattr(row, key.name) for key in keys))


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _place(keys: tuple[Key, ...], text: str) -> Place | None:
    parts = text.split(SEPARATOR, len(keys) - 1)
    if len(parts) != len(keys) or "\x00" in text:
        return None
    try:
        read = [key.read(part) for key, part in zip(keys, reversed(parts), strict=True)]
    except (ValueError, OverflowError):
        return None
    return Place(tuple(read))


def _from(
    rows: QuerySet[Row],
    keys: tuple[Key, ...],
    place: Place | None,
    gather: Gather[Row] | None,
    *,
    is_back: bool,
) -> QuerySet[Row]:
    """Those behind `place`, or before it from the nearest on."""
    if gather:
        rows = gather(rows, place, is_back)
    elif place:
        rows = rows.filter(behind(keys, place, is_back=is_back))
    return in_order(rows, keys, is_back=is_back)


def behind(keys: tuple[Key, ...], place: Place, *, is_back: bool) -> Q:
    """What is behind `place` by `keys`, or before it. The first key is bounded by itself as well,
    which is what an index can begin at."""
    found, equal = Q(pk__in=()), Q()
    for key, value in zip(keys, place.values, strict=True):
        side = "lt" if key.is_falling != is_back else "gt"
        found |= equal & Q(**{f"{key.name}__{side}": value})
        equal &= Q(**{key.name: value})
    first = keys[0]
    side = "lte" if first.is_falling != is_back else "gte"
    return Q(**{f"{first.name}__{side}": place.values[0]}) & found

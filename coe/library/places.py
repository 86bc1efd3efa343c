"""Where a page of the list begins: behind a row, by what the list is sorted by.

The place is a value and the reference of the row that has it, so it stays right while rows are
added, and also where that row is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Choices, F, Q, QuerySet, TextChoices
from django.http import QueryDict

from coe.documents.models import Document

PAGE = 50
SEPARATOR = "~"


class Order(TextChoices):
    """What the list is sorted by; `key` in coe.library.queries has the values."""

    IMPACT = "impact", "Impact start, newest first"
    TITLE = "title", "Title"
    SEVERITY = "severity", "Severity, worst first"
    REFERENCE = "reference", "Reference, newest first"
    PUBLISHED = "published", "Published, newest first"

    @property
    def is_falling(self) -> bool:
        return self in (Order.IMPACT, Order.REFERENCE, Order.PUBLISHED)


def _moment(text: str) -> datetime:
    """In UTC: Python takes offsets from it that PostgreSQL does not.

    Raises `ValueError` where it has none, `OverflowError` where it ends before the first year.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("A moment without an offset is none.")
    return moment.astimezone(UTC)


READ: dict[Choices, Callable[[str], Any]] = {
    Order.IMPACT: _moment,
    Order.TITLE: str,
    Order.SEVERITY: int,
    Order.REFERENCE: str,
    Order.PUBLISHED: _moment,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in the order."""

    value: Any
    reference: str

    def __str__(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        return f"{self.reference}{SEPARATOR}{value}"


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page; the places before its first and behind its last row, where there are
    more."""

    rows: list[Document]
    before: Place | None
    after: Place | None


def page_of(documents: QuerySet[Document], order: Order, query: QueryDict) -> Page:
    """The page that the address names; the first where it names none, or nonsense.

    `documents` have their value in `key`.
    """
    after = _place(order, query.get("after", ""))
    before = None if after else _place(order, query.get("before", ""))
    if before:
        rows = list(_from(documents, order, before, is_back=True)[: PAGE + 1])
        if len(rows) > PAGE:
            return _page(rows[PAGE - 1 :: -1], is_first=False, is_last=False)
    rows = list(_from(documents, order, after, is_back=False)[: PAGE + 1])
    return _page(rows[:PAGE], is_first=after is None, is_last=len(rows) <= PAGE)


def _page(rows: list[Document], *, is_first: bool, is_last: bool) -> Page:
    return Page(
        rows=rows,
        before=_place_of(rows[0]) if rows and not is_first else None,
        after=_place_of(rows[-1]) if rows and not is_last else None,
    )


def _place_of(document: Document) -> Place:
    return Place(document.key, document.reference)  # type: ignore[attr-defined]


def _place(order: Order, text: str) -> Place | None:
    reference, separator, value = text.partition(SEPARATOR)
    try:
        place = Place(READ[order](value), reference)
    except (ValueError, OverflowError):
        return None
    if "\x00" in text or not separator:
        return None
    return None if _is_too_large(place.value) else place


def _is_too_large(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > 9


def _from(
    documents: QuerySet[Document], order: Order, place: Place | None, *, is_back: bool
) -> QuerySet[Document]:
    """Those behind `place`, or before it from the nearest on."""
    is_falling = order.is_falling != is_back
    if place:
        side = "lt" if is_falling else "gt"
        behind = Q(**{f"key__{side}": place.value})
        documents = documents.filter(
            behind | Q(key=place.value, **{f"reference__{side}": place.reference})
        )
    names = ("key", "reference")
    return documents.order_by(*(F(name).desc() if is_falling else F(name).asc() for name in names))

"""The corrections of a team that are still to be done, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.promises.rules import Deciders
from coe.reviews.rules import Approvers
from coe.web.places import Page, page_of
from coe.worklist.orders import SORTABLE, Group, Order, keys_of
from coe.worklist.queries import with_lines

SEPARATOR = ":"
LAST_YEAR = 9000
"""Nothing is promised for later, and days can still be added to it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of them. `value` names it in a form with the due date that was seen; `may_change` is
    set where the person owns it or decides over who does."""

    promise: Promise
    is_late: bool
    is_asked: bool
    value: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What was ticked: an item by its key, and the due date that stood beside it."""

    promise: int
    due_on: date | None


def items_of(user: User, teams: Collection[int], query: QueryDict) -> Page[Promise]:
    """The page that the address names, the nearest due first: what is late stands above all."""
    items = Promise.objects.walked_by(user).open().filter(team__in=teams).annotate(**SORTABLE)
    shown = ("owner", "team", "document")
    told = with_lines(items, Group.NONE).select_related(*shown)
    return page_of(told, keys_of(Order.DUE, Group.NONE), query)


def lines_of(page: Page[Promise], user: User, moment: datetime, approvers: Approvers) -> list[Line]:
    deciders = Deciders(page.rows, approvers)
    return [
        Line(
            promise=each,
            is_late=each.is_late_at(moment),
            is_asked=each.is_asked,  # type: ignore[attr-defined]
            value=f"{each.pk}{SEPARATOR}{each.due_on or ''}",
            may_change=each.owner_id == user.pk or user in deciders.of(each),
        )
        for each in page.rows
    ]


def read_ticked(value: str) -> Seen | None:
    """The inverse of the `value` of a line; None where that is not what it wrote."""
    key, _, day = value.partition(SEPARATOR)
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    try:
        due_on = date.fromisoformat(day) if day else None
    except ValueError:
        return None
    is_far = due_on is not None and due_on.year > LAST_YEAR
    return None if is_far else Seen(int(key), due_on)

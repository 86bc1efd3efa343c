"""A page of a list that is grouped, gathered from the beginnings of its groups.

Whoever sorts all items by the names of their groups pays for every item there is. Here the groups
are walked in the order of their names, and each in the order of an index; the database stops when
the page is full.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Func, Model, OuterRef, QuerySet

from coe.accounts.models import Team, User
from coe.actions.models import Promise
from coe.incidents.models import Service
from coe.web.places import PAGE, Gather, Key, Place, behind, in_order, number, words
from coe.worklist.orders import LAST, SORTED, Group, Order, name_in_order

GROUPS: dict[Group, type[Model]] = {Group.TEAM: Team, Group.SERVICE: Service, Group.OWNER: User}
NAMED = (Key("group_name", words), Key("pk", number))


class Unnest(Func):
    """The elements of an array as rows."""

    function = "unnest"
    set_returning = True


def gathering(items: QuerySet[Promise], *, group: Group, order: Order) -> Gather[Promise] | None:
    """How to find a page of `items` (from `wanted_items`) in a group; None where an index does."""
    if group not in GROUPS:
        return None

    def gather(rows: QuerySet[Promise], place: Place | None, is_back: bool) -> QuerySet[Promise]:
        first, *others = _parts(items, group, SORTED[order], place, is_back=is_back)
        parts = first.union(*others, all=True) if others else first
        return rows.filter(pk__in=list(parts.values_list("pk", flat=True)))

    return gather


def _parts(
    items: QuerySet[Promise],
    group: Group,
    keys: tuple[Key, ...],
    place: Place | None,
    *,
    is_back: bool,
) -> list[QuerySet[Any, Any]]:
    """The keys of as many as a page holds: of the groups with a name, of that in which `place` is,
    and of what is in no group, which comes last."""
    each = _first(items.filter(**{group.value: OuterRef("pk")}), keys, is_back=is_back)
    parts = [_of_the_named(GROUPS[group], each, place, is_back=is_back)]
    if place:
        name, key, *rest = place.values
        own = items.filter(**{group.value: key or None})
        own = own.filter(behind(keys, Place(tuple(rest)), is_back=is_back))
        parts.append(_first(own, keys, is_back=is_back))
        if is_back or name == LAST:
            return parts
    parts.append(_first(items.filter(**{group.value: None}), keys, is_back=is_back))
    return parts


def _first(items: QuerySet[Promise], keys: tuple[Key, ...], *, is_back: bool) -> QuerySet[Any, Any]:
    return in_order(items, keys, is_back=is_back).values("pk")[: PAGE + 1]


def _of_the_named(
    model: type[Model], each: QuerySet[Any, Any], place: Place | None, *, is_back: bool
) -> QuerySet[Any, Any]:
    """PostgreSQL sorts before it unnests, and unnests no more groups than the page takes."""
    groups = model._default_manager.alias(group_name=name_in_order("name"))
    if place:
        groups = groups.filter(behind(NAMED, Place(place.values[:2]), is_back=is_back))
    item = Unnest(ArraySubquery(each), output_field=BigIntegerField())
    walked = in_order(groups, NAMED, is_back=is_back).annotate(item=item)
    found: QuerySet[Any, Any] = walked.values("item")[: PAGE + 1]
    return found

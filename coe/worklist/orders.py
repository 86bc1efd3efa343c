"""What the list of action items is sorted and grouped by."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Model, TextChoices, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Collate, Lower

from coe.accounts.models import Team, User
from coe.actions.models import BY_CAUSE, DUE, WORST, Promise
from coe.incidents.models import Service
from coe.web.places import Key, digit, moment, number, words

LAST = "\uffff"
"""Sorts what has no name behind every name."""


class Order(TextChoices):
    DUE = "due", "Due, the earliest first"
    PRIORITY = "priority", "Priority, P0 first"
    SEVERITY = "severity", "Severity, worst first"
    MOVED = "moved", "Moved, most often first"
    RESTING = "resting", "Unchanged, the longest first"


class Group(TextChoices):
    NONE = "", "Not grouped"
    TEAM = "team", "Team"
    CAUSE = "cause", "Kind of cause"
    SERVICE = "service", "Service"
    OWNER = "owner", "Owner"


_BY_DUE = (Key("due", date.fromisoformat), Key("priority", digit), Key("pk", number))
SORTED: dict[Order, tuple[Key, ...]] = {
    Order.DUE: _BY_DUE,
    Order.PRIORITY: (Key("priority", digit), Key("due", date.fromisoformat), Key("pk", number)),
    Order.SEVERITY: (Key("worst", digit), *_BY_DUE),
    Order.MOVED: (Key("moves", number, is_falling=True), *_BY_DUE),
    Order.RESTING: (Key("state_since", moment), Key("pk", number)),
}

SORTABLE: dict[str, Any] = {"due": DUE, "worst": WORST}
"""The annotations that `SORTED` names."""


def keys_of(order: Order, group: Group) -> tuple[Key, ...]:
    if group == Group.CAUSE:
        return Key("group_rank", digit), *SORTED[order]
    if group:
        return Key("group_name", words), Key("group_id", number), *SORTED[order]
    return SORTED[order]


def in_groups(group: Group) -> dict[str, Any]:
    """The annotations for a group that `keys_of` names beside `SORTABLE`."""
    if group == Group.CAUSE:
        return {"group_rank": BY_CAUSE}
    if not group:
        return {}
    return {
        "group_name": Coalesce(name_in_order(f"{group.value}__name"), Value(LAST)),
        "group_id": Coalesce(F(f"{group.value}_id"), Value(0)),
    }


def name_in_order(column: str) -> Combinable:
    """The name of a group as groups are sorted by it."""
    return Collate(Lower(column), "C")


@dataclass(frozen=True, slots=True)
class Heading:
    """What the rows below it have in common; `value` is the filter for it, empty where none is."""

    group: Group
    value: str
    label: str


NAMELESS = {
    Group.SERVICE: "No service",
    Group.OWNER: "Nobody yet",
    Group.CAUSE: "No cause, or of no kind",
}


def heading_of(promise: Promise, group: Group) -> Heading:
    """The heading below which `promise` stands."""
    if group == Group.CAUSE:
        kind = promise.cause_kind
        label = promise.get_cause_kind_display()
        return Heading(group, kind or "none", label or NAMELESS[group])
    thing: Team | Service | User | None = getattr(promise, group.value)
    if thing is None:
        return Heading(group, "nobody" if group == Group.OWNER else "none", NAMELESS[group])
    return Heading(group, _key(thing), thing.name)


def _key(thing: Model) -> str:
    return str(thing.pk)

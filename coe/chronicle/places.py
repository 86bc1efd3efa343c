"""Where a row that was removed comes back: to the place that it had among those still there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.utils.text import Truncator

from coe.documents.contents import Lesson
from coe.documents.models import Document, DocumentRow
from coe.text.instants import Instant
from coe.timeline.models import Entry
from coe.timeline.queries import in_order
from coe.whys.models import Cause, Explanation


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The rows of one kind at a moment, seen from one of them: those that stood before it and
    those behind it, and of timeline entries when each was, itself included."""

    uid: UUID
    earlier: frozenset[UUID]
    later: frozenset[UUID]
    times: Mapping[UUID, Instant]


@dataclass(frozen=True, slots=True)
class Place:
    """So many rows of its kind stand before it. `above` and `below` are the first words of what it
    then stands between among those that are drawn beside it, empty at an end."""

    number: int
    above: str
    below: str


def neighbours_of(uid: UUID, rows: Sequence[Any]) -> Neighbours:
    """`rows` are values of a snapshot, in their order; `uid` is one of them."""
    order = [row.uid for row in rows]
    place = order.index(uid)
    times = {row.uid: row.instant for row in rows if hasattr(row, "instant")}
    return Neighbours(uid, frozenset(order[:place]), frozenset(order[place + 1 :]), times)


def place_again(
    document: Document,
    kind: type[DocumentRow],
    neighbours: Neighbours,
    values: Mapping[str, Any],
) -> Place:
    """The place where most of its neighbours of then are on the side where they were; those that
    are drawn beside it (the lessons of its kind, what explains the same) before all others.

    What was added since has no side, so the row stands right behind what it stood behind. An entry
    has every other on the side of its time where one of the two is new or has another time.
    """
    found = in_order(document) if kind is Entry else kind._default_manager.filter(document=document)
    today: list[Any] = list(found)
    beside = _drawn_beside(document, today, values)
    sides = [_side(row, neighbours, values) for row in today]
    most = len(today) + 1
    weights = [
        side * (most if row in beside else 1) for row, side in zip(today, sides, strict=True)
    ]
    costs = list(accumulate(weights, initial=0))
    number = costs.index(min(costs))
    above = (_called(row) for row in reversed(today[:number]) if row in beside)
    below = (_called(row) for row in today[number:] if row in beside)
    return Place(number, next(above, ""), next(below, ""))


def _called(row: DocumentRow) -> str:
    """What it says first of all, in short."""
    name = next(name for name in ("text", "title", "what", "name") if hasattr(row, name))
    return Truncator(getattr(row, name)).chars(80)


def _side(row: Any, neighbours: Neighbours, values: Mapping[str, Any]) -> int:
    """-1 if the row belongs before the one that comes back, 1 if behind it, 0 if nobody knows."""
    if isinstance(row, Entry):
        times = neighbours.times
        is_as_it_was = times.get(row.uid) == row.happened
        if not is_as_it_was or times[neighbours.uid] != values["instant"]:
            return 1 if row.happened.at > values["instant"].at else -1
    return (row.uid in neighbours.later) - (row.uid in neighbours.earlier)


def _drawn_beside(document: Document, today: Sequence[Any], values: Mapping[str, Any]) -> list[Any]:
    """Those that are read in one list with the row that has these values."""
    if today and isinstance(today[0], Lesson):
        return [row for row in today if row.kind == values["kind"]]
    if not today or not isinstance(today[0], Cause):
        return list(today)
    edges = Explanation.objects.filter(document=document, is_primary=True)
    drawn = dict(edges.values_list("cause_id", "effect_id"))
    effect = values["explains"][0].pk if values["explains"] else None
    return [
        row
        for row in today
        if drawn.get(row.pk) == effect and (effect or row.answers == values["answers"])
    ]

"""The places of entries among each other: by their time, with room between neighbours."""

from collections.abc import Sequence

from coe.documents.rows import STEP
from coe.timeline.models import Entry


def merged(order: Sequence[Entry], new: Sequence[Entry]) -> list[Entry]:
    """`order` with each of `new` in front of the first entry that is later, as if one by one.

    What is out of order in `order` stays so.
    """
    result = list(order)
    moments = [each.happened.at for each in result]
    for entry in new:
        at = entry.happened.at
        place = next((place for place, moment in enumerate(moments) if moment > at), len(result))
        result.insert(place, entry)
        moments.insert(place, at)
    return result


def deal_positions(order: Sequence[Entry], *, keep: bool = True) -> list[Entry]:
    """Give every entry a position that grows along `order`; return those that got another one.

    New entries have none (0). Where there is room between the old ones those keep theirs, unless
    `keep` is false; else all are spread out anew.
    """
    wanted = _between(order) if keep else None
    if wanted is None:
        wanted = [STEP * place for place in range(1, len(order) + 1)]
    changed = []
    for entry, position in zip(order, wanted, strict=True):
        if entry.position != position:
            entry.position = position
            changed.append(entry)
    return changed


def _between(order: Sequence[Entry]) -> list[int] | None:
    """Positions for the new entries between the old ones; None where there is no room."""
    positions: list[int] = []
    waiting = 0
    low: int | None = None
    for entry in order:
        if entry.pk is None:
            waiting += 1
            continue
        room = entry.position - STEP * (waiting + 1) if low is None else low
        filled = _spread(room, entry.position, waiting)
        if filled is None:
            return None
        positions += [*filled, entry.position]
        waiting, low = 0, entry.position
    return positions + [(low or 0) + STEP * number for number in range(1, waiting + 1)]


def _spread(low: int, high: int, count: int) -> list[int] | None:
    """`count` whole numbers between `low` and `high`, evenly; None if they do not fit."""
    if high - low <= count:
        return None
    return [low + (high - low) * number // (count + 1) for number in range(1, count + 1)]

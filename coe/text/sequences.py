"""What two sequences share, in time that is bounded however long and however different they are."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence

Blocks = list[tuple[int, int, int]]
"""Where two sequences are equal: a place in each and for how long, both rising."""


def rising(numbers: Sequence[int]) -> list[int]:
    """The places of a longest strictly increasing subsequence of `numbers`; O(n log n).

    Patience sorting: `tops` holds for each length the place of the smallest number that ends a
    subsequence of that length.
    """
    tops: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(tops[length - 1] if length else None)
        tops[length : length + 1] = [place]
        ends[length : length + 1] = [number]
    found: list[int] = []
    last = tops[-1] if tops else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]


def anchors(before: Sequence[Hashable], after: Sequence[Hashable]) -> Blocks:
    """What both begin and end with, and between it as many as possible of those that stand once
    in each, in one order; O(n log n). This is the first step of Bram Cohen's patience diff."""
    return _between_ends(before, after, _unique) or []


def common_subsequence(
    before: Sequence[Hashable], after: Sequence[Hashable], *, most_edits: int
) -> Blocks | None:
    """A longest common subsequence, None where it takes more than `most_edits` to get from one to
    the other.

    E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), the
    greedy algorithm: at most `most_edits` squared steps beside those along what is equal.
    """
    return _between_ends(before, after, lambda *rests: _greedy(rests[0], rests[1], most_edits))


def _between_ends(
    before: Sequence[Hashable],
    after: Sequence[Hashable],
    find: Callable[[Sequence[Hashable], Sequence[Hashable]], Blocks | None],
) -> Blocks | None:
    """The common start and end, and what `find` finds between them; None where it gives up."""
    start, end = _common_ends(before, after)
    between = find(before[start : len(before) - end], after[start : len(after) - end])
    if between is None:
        return None
    moved = [(start + place, start + to, length) for place, to, length in between]
    blocks = [(0, 0, start), *moved, (len(before) - end, len(after) - end, end)]
    return [block for block in blocks if block[2]]


def _unique(before: Sequence[Hashable], after: Sequence[Hashable]) -> Blocks:
    shared = set(before) & set(after)
    once = [_once(each for each in sequence if each in shared) for sequence in (before, after)]
    place_after = {each: place for place, each in enumerate(after) if each in once[1]}
    pairs = [
        (place, place_after[each])
        for place, each in enumerate(before)
        if each in once[0] and each in place_after
    ]
    return [(*pairs[each], 1) for each in rising([to for _, to in pairs])]


def _once(elements: Iterable[Hashable]) -> set[Hashable]:
    return {each for each, count in Counter(elements).items() if count == 1}


def _common_ends(before: Sequence[Hashable], after: Sequence[Hashable]) -> tuple[int, int]:
    """How many elements are equal at the start, and of the rest at the end."""
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    end = next((at for at in range(most - start) if before[-1 - at] != after[-1 - at]), None)
    return start, most - start if end is None else end


def _greedy(
    before: Sequence[Hashable], after: Sequence[Hashable], most_edits: int
) -> Blocks | None:
    """`reach` holds how far one gets with so many edits on each diagonal, from the lowest up.

    Diagonals are two apart: after n edits there are n + 1, the first of them -n.
    """
    reach: list[int] = []
    traces = [reach]
    for edits in range(min(most_edits, len(before) + len(after)) + 1):
        reach = [_step(reach, number) for number in range(edits + 1)]
        for number, place in enumerate(reach):
            to = place - 2 * number + edits
            while place < len(before) and to < len(after) and before[place] == after[to]:
                place, to = place + 1, to + 1
            reach[number] = place
            if place >= len(before) and to >= len(after):
                return _way_back(traces, number, place)
        traces.append(reach)
    return None


def _step(reach: Sequence[int], number: int) -> int:
    """Where one more edit leads to on a diagonal, from the one above or below that got further."""
    if not reach:
        return 0
    return reach[number] if _is_from_above(reach, number) else reach[number - 1] + 1


def _is_from_above(reach: Sequence[int], number: int) -> bool:
    return number == 0 or (number < len(reach) and reach[number - 1] < reach[number])


def _way_back(traces: Sequence[Sequence[int]], number: int, place: int) -> Blocks:
    """The blocks that led to `place`; `traces` holds what was reached before each edit."""
    found: Blocks = []
    for edits in range(len(traces) - 1, -1, -1):
        reach = traces[edits]
        start = _step(reach, number)
        if place > start:
            found.append((start, start - 2 * number + edits, place - start))
        if edits and _is_from_above(reach, number):
            place = start
        else:
            place, number = start - 1, number - 1
    return found[::-1]

"""Places for labels: near to what they name, in its order, and never over each other."""

from collections.abc import Sequence
from itertools import pairwise


def spread(
    wanted: Sequence[float], sizes: Sequence[float], *, top: float, bottom: float
) -> list[float]:
    """The middles of labels of `sizes` that come nearest to `wanted`, which is in order.

    They keep their order and do not overlap, so that lines to them do not cross. They stay
    between `top` and `bottom` where all of them fit. This is the exact least-squares answer
    (pool adjacent violators), since every label is where it wants to be, or touches another.
    """
    offsets = [0.0]
    for before, after in pairwise(sizes):
        offsets.append(offsets[-1] + (before + after) / 2)
    pools: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=False):
        pool = (place - offset, 1)
        while pools and pools[-1][0] >= pool[0]:
            mean, count = pools.pop()
            total = count + pool[1]
            pool = ((mean * count + pool[0] * pool[1]) / total, total)
        pools.append(pool)
    if not pools:
        return []
    least = top + sizes[0] / 2
    most = max(least, bottom - sizes[-1] / 2 - offsets[len(wanted) - 1])
    flat = [min(max(mean, least), most) for mean, count in pools for _ in range(count)]
    return [place + offset for place, offset in zip(flat, offsets, strict=False)]


def runs(middles: Sequence[float], sizes: Sequence[float]) -> list[range]:
    """The labels in groups that touch each other."""
    starts = [0]
    for place in range(1, len(middles)):
        apart = middles[place] - middles[place - 1]
        if apart - (sizes[place] + sizes[place - 1]) / 2 > 0.01:
            starts.append(place)
    ends = [*starts[1:], len(middles)]
    return [range(start, end) for start, end in zip(starts, ends, strict=True) if end > start]

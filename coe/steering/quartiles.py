"""How numbers lie: the middle, and where the middle half of them is. Pure.

A mean is not told: one item that was forgotten for a year moves it, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST = 4
"""Of fewer numbers there is no middle half to speak of."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Some `numbers`, the smallest first, at least one; their median, and where the middle half
    of them begins and ends (`lower` and `upper`)."""

    numbers: tuple[int, ...]
    lower: float
    median: float
    upper: float

    @property
    def has_middle(self) -> bool:
        return len(self.numbers) >= FEWEST

    @property
    def has_ends(self) -> bool:
        """Whether they differ, so that there is something to draw."""
        return self.numbers[0] < self.numbers[-1]

    @property
    def middle(self) -> tuple[int, int]:
        """Where the middle half begins and ends, as whole numbers: parts of them say nothing."""
        return int(self.lower + 0.5), int(self.upper + 0.5)


def spread_of(numbers: Iterable[int]) -> Spread | None:
    """How `numbers` lie; None of none. Between two numbers a quartile lies where it divides them
    (the inclusive method), so it is never beyond what there is."""
    ordered = tuple(sorted(numbers))
    if not ordered:
        return None
    return Spread(ordered, _at(ordered, 1), _at(ordered, 2), _at(ordered, 3))


def _at(ordered: Sequence[int], quarters: int) -> float:
    whole, rest = divmod(quarters * (len(ordered) - 1), 4)
    if not rest:
        return ordered[whole]
    return ordered[whole] + (ordered[whole + 1] - ordered[whole]) * rest / 4

"""Measuring two things in turn, and what is said about them."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

Taken = TypeVar("Taken")


@dataclass(frozen=True)
class Figure:
    """Two things measured in turn in one unit; `most` is the ratio that is still good enough."""

    name: str
    unit: str
    ours: list[float]
    theirs: list[float]
    most: float | None = None

    def __str__(self) -> str:
        ratios = [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]
        bound = f"   at most {self.most:.2f}" if self.most else ""
        return (
            f"{self.name}\n"
            f"    ours    {_said(self.ours)} {self.unit}\n"
            f"    theirs  {_said(self.theirs)} {self.unit}\n"
            f"    ratio   {_said(ratios)}{bound}"
        )


@dataclass(frozen=True)
class Amount:
    """One thing that is compared to nothing."""

    name: str
    unit: str
    measured: list[float]

    def __str__(self) -> str:
        return f"{self.name}\n    {_said(self.measured)} {self.unit}"


def _said(values: list[float]) -> str:
    return f"min {min(values):8.3f}   median {median(values):8.3f}"


def in_turn(
    runs: int, ours: Callable[[], Taken], theirs: Callable[[], Taken]
) -> tuple[list[Taken], list[Taken]]:
    """A B A B …, after one of each that does not count."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(runs)]
    return [one for one, _ in pairs], [other for _, other in pairs]

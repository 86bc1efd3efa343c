"""Where the words below the strip of milestones stand: side by side, each as near its mark as it
can be, so that the lines between them stay short."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

UNITS = 20
"""Columns have whole widths of these, which the stylesheets name."""
NARROWEST = 3
"""In UNITS: the name of a milestone fits into it, and all six stand beside each other."""
INSIDE = 1.0
"""Percent that words stand inside of the edges of their column."""
COMFORTABLE = 5
"""In UNITS: most durations stand in it in one line. The first milestone ends none."""
BROKEN = 150.0
"""What it costs that a column is narrower: as much as a line that is 12 percent long."""


@dataclass(frozen=True, slots=True)
class Column:
    """`start` and `width` in UNITS; `side` is where in it the words are set."""

    start: int
    width: int
    side: str

    @property
    def anchor(self) -> float:
        """Where the line from the mark meets the words, in percent of the sheet."""
        left, right = (each / UNITS * 100 for each in (self.start, self.start + self.width))
        places = {"start": left + INSIDE, "middle": (left + right) / 2, "end": right - INSIDE}
        return round(places[self.side], 2)

    def away(self, place: float) -> float:
        """What it costs to stand here for a mark at `place`."""
        is_broken = self.start > 0 and self.width < COMFORTABLE
        return (self.anchor - place) ** 2 + BROKEN * is_broken


@lru_cache(maxsize=512)
def columns_for(places: Sequence[float]) -> tuple[Column, ...]:
    """One for each of `places`, which ascend (percent of the sheet), at most six: they fill the
    sheet, and no others of whole widths cost less.
    """
    best: dict[int, tuple[float, tuple[Column, ...]]] = {0: (0.0, ())}
    for number, place in enumerate(places, 1):
        room = UNITS - NARROWEST * (len(places) - number)
        reached: dict[int, tuple[float, tuple[Column, ...]]] = {}
        for start, (cost, columns) in best.items():
            for column in _from(start, room, is_last=number == len(places)):
                end, total = column.start + column.width, cost + column.away(place)
                if end not in reached or total < reached[end][0]:
                    reached[end] = total, (*columns, column)
        best = reached
    return best[UNITS][1] if places else ()


def _from(start: int, room: int, *, is_last: bool) -> Iterator[Column]:
    """Those that begin at `start` and end by `room`; the last one ends the sheet."""
    narrowest = UNITS - start if is_last else NARROWEST
    for width in range(narrowest, room - start + 1):
        for side in ("start", "middle", "end"):
            yield Column(start, width, side)

"""What the fields of a COE say, as far as a number in its summary could mean it."""

from bisect import bisect_left
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from coe.guidance.clocks import Clock, clocks_in
from coe.guidance.counts import PERCENT, Count, counts_in, stems
from coe.guidance.days import Day, days_in
from coe.guidance.lengths import SIZES, Length, lengths_in
from coe.guidance.prose import plain
from coe.snapshots.snapshot import FigureValue
from coe.text.instants import Instant

if TYPE_CHECKING:
    from coe.guidance.case import Case

TIME_UNITS = {
    "s": ("s", "sec", "second"),
    "m": ("m", "min", "minute"),
    "h": ("h", "hr", "hour"),
    "d": ("d", "day"),
    "n": ("night",),
    "w": ("week",),
}
"""By letter of a unit of time, how it is written as the unit of a figure."""
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


class Facts:
    """The fields of one COE, and the numbers in every other text of it than the summary."""

    def __init__(self, case: "Case") -> None:
        self.case = case

    @cached_property
    def moments(self) -> tuple[datetime, ...]:
        """Every moment of the milestones and the timeline, in order; both ends of a span."""
        instants = (*self.case.instants.values(), *(each.instant for each in self.case.entries))
        return tuple(sorted({at for instant in instants for at in ends(instant)}))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What stands elsewhere: a number that is explained there is no riddle in the summary."""
        return tuple(
            plain(each.words) for each in self.case.texts if each.panel not in ("summary", "facts")
        )

    @cached_property
    def days(self) -> frozenset[date]:
        """The days from the first moment to the last, in the zone of the COE."""
        if not self.moments:
            return frozenset()
        first, last = (self.case.local(self.moments[place]).date() for place in (0, -1))
        return frozenset(first + timedelta(number) for number in range((last - first).days + 1))

    @cached_property
    def _named_days(self) -> tuple[Day, ...]:
        return tuple(day for text in self.texts for day in days_in(text))

    @cached_property
    def _named_clocks(self) -> tuple[Clock, ...]:
        return tuple(clock for text in self.texts for clock in clocks_in(text))

    @cached_property
    def _named_lengths(self) -> tuple[Length, ...]:
        return tuple(length for text in self.texts for length in lengths_in(text))

    @cached_property
    def _named_counts(self) -> frozenset[float]:
        return frozenset(count.value for text in self.texts for count in counts_in(text))

    def knows_clock(self, clock: Clock) -> bool:
        """Whether something happened at that time, or another text names it."""
        return any(clock.is_at(at, self.case.zone) for at in self.moments) or any(
            (each.hour, each.minute) == (clock.hour, clock.minute) for each in self._named_clocks
        )

    def knows_day(self, day: Day) -> bool:
        return any(day.is_on(each) for each in self.days) or any(
            (each.month, each.day) == (day.month, day.day) and day.year in (each.year, None)
            for each in self._named_days
        )

    def knows_length(self, length: Length) -> bool:
        """Whether it lies between two moments, or a figure or another text says it."""
        return (
            any(map(length.can_be, self.measured_seconds))
            or self._lies_between(length)
            or any(length.can_be(each.seconds) for each in self._named_lengths)
        )

    @cached_property
    def measured_seconds(self) -> tuple[float, ...]:
        """The figures that are durations."""
        found = []
        for figure in self.case.snapshot.figures:
            for letter, units in TIME_UNITS.items():
                if figure.amount is not None and unit_stems(figure) & {*units}:
                    found.append(float(figure.amount) * SIZES[letter])
        return tuple(found)

    def _lies_between(self, length: Length) -> bool:
        """Whether two moments are that far apart; in n log n, for timelines are long."""
        places = [at.timestamp() for at in self.moments]
        for start in places:
            place = bisect_left(places, start + length.seconds * 2 / 3 - length.unit)
            while place < len(places) and places[place] - start <= 2 * length.seconds + length.unit:
                if length.can_be(places[place] - start):
                    return True
                place += 1
        return False

    @cached_property
    def figures(self) -> tuple[FigureValue, ...]:
        """Those whose amount is known."""
        return tuple(each for each in self.case.snapshot.figures if each.amount is not None)

    def knows_count(self, count: Count) -> bool:
        """Whether a figure says it, or another text."""
        amounts = map(amount_of, self.figures)
        return any(map(count.can_be, amounts)) or count.value in self._named_counts

    def figures_of(self, count: Count) -> list[FigureValue]:
        """The figures that count the same: those of the same unit, else those that name it."""
        same_unit = [each for each in self.figures if unit_stems(each) & count.of]
        return same_unit or [
            each
            for each in self.figures
            if stems(each.what.split()) & count.of and PERCENT not in unit_stems(each)
        ]


def ends(instant: Instant) -> tuple[datetime, ...]:
    """When it began, and when it ended where it is a span."""
    return (instant.at,) if instant.end is None else (instant.at, instant.end)


def unit_stems(figure: FigureValue) -> frozenset[str]:
    """The words of its unit, without the scale; the sign of per cent is a word."""
    if figure.unit.strip().casefold() in ("%", "percent", "per cent"):
        return frozenset({PERCENT})
    words = [word for word in figure.unit.split() if word.casefold() not in _SCALES]
    return stems(words) | frozenset(each.casefold() for each in words if len(each) == 1)


def amount_of(figure: FigureValue) -> float:
    """Its amount, which is known, in ones."""
    assert figure.amount is not None
    scale = next((_SCALES[each] for each in figure.unit.casefold().split() if each in _SCALES), 1)
    return float(figure.amount) * scale

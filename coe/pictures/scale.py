"""A scale of time: where a moment stands, and the round times beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = 60, 3_600, 86_400
STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(each * MINUTE for each in (1, 2, 5, 10, 15, 30)),
    *(each * HOUR for each in (1, 2, 3, 6, 12)),
    *(each * DAY for each in (1, 2, 7, 14, 28, 91, 182, 364, 1_820, 7_280)),
)
"""Distances between ticks in seconds. Days are counted from the first, so that weeks stay weeks."""


@dataclass(frozen=True, slots=True)
class Tick:
    """`label` is the time of day or, at midnight and where days are counted, the day."""

    at: datetime
    label: str
    is_day: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """Moments from `start` to `end` stand between `top` and `bottom`, to scale."""

    start: datetime
    end: datetime
    top: float
    bottom: float

    def place(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return self.top + share * (self.bottom - self.top)

    def ticks(self, zone: ZoneInfo, *, apart: float) -> list[Tick]:
        """Round times of the wall clock in `zone` at least `apart` from each other."""
        seconds = (self.end - self.start).total_seconds()
        least = apart / (self.bottom - self.top) * seconds
        step = next((each for each in STEPS if each >= least), STEPS[-1])
        with_year = self.start.astimezone(zone).year != self.end.astimezone(zone).year
        found: list[Tick] = []
        for at in _round_times(self.start, self.end, step, zone):
            if not found or self.place(at) - self.place(found[-1].at) >= apart * 0.7:
                found.append(_tick(at.astimezone(zone), step, with_year=with_year))
        return found


def _round_times(start: datetime, end: datetime, step: int, zone: ZoneInfo) -> Iterator[datetime]:
    """Multiples of `step` on the wall clock, which counts from midnight; none it never showed."""
    local = start.astimezone(zone).replace(tzinfo=None)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    since = int((local - midnight).total_seconds())
    wall = midnight + timedelta(seconds=-(-since // step) * step)
    while True:
        at = wall.replace(tzinfo=zone).astimezone(UTC)
        if at > end:
            return
        if at >= start and at.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
            yield at
        wall += timedelta(seconds=step)


def _tick(local: datetime, step: int, *, with_year: bool) -> Tick:
    is_day = step >= DAY or (local.hour, local.minute, local.second) == (0, 0, 0)
    if is_day:
        day = f"{local.day} {local:%b}"
        return Tick(local, f"{day} {local.year}" if with_year else day, True)
    return Tick(local, f"{local:%H:%M:%S}" if step < MINUTE else f"{local:%H:%M}", False)

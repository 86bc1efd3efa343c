"""Which days count: the days from Monday to Friday that are no holiday of the team. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which a team works, and whether its due dates count those alone."""

    holidays: frozenset[date] = frozenset()
    counts_working_days: bool = False

    def is_worked_on(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.holidays

    def due(self, start: date, days: int) -> date:
        """The last day of `days` days after `start`: of those the team counts.

        No days at all is `start` itself. Where the range of dates ends, the last date there is.
        """
        if not self.counts_working_days:
            return date.max if (date.max - start).days < days else start + timedelta(days)
        return self.after_working_days(start, days)

    def after_working_days(self, start: date, days: int) -> date:
        """The day on which `days` working days have passed since `start`."""
        day = start
        while days > 0 and day < date.max:
            day += DAY
            days -= self.is_worked_on(day)
        return day

    def working_days(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; 0 where that is before."""
        weeks, rest = divmod(max((end - start).days, 0), 7)
        left = (start + timedelta(number + 1) for number in range(rest))
        weekdays = weeks * SATURDAY + sum(day.weekday() < SATURDAY for day in left)
        return weekdays - sum(
            start < day <= end for day in self.holidays if day.weekday() < SATURDAY
        )


WEEKDAYS = Calendar()
"""Where nobody said which days are holidays."""

"""Days in prose: 28 February 2017, Feb 28, 2017-02-28, 10 to 17 February."""

import re
from calendar import month_name
from dataclasses import dataclass
from datetime import date

from coe.guidance.prose import Span

MONTHS = {name[:3].lower(): number for number, name in enumerate(month_name) if name}
_MONTH = "|".join(
    rf"{name}|{name[:3]}\.?" if len(name) > 3 else name for name in month_name if name
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"(?<![\d:./-])(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|(?P<day>{_DAY})(?:st|nd|rd|th)?(?:\s?(?:to|and|[-–])\s?(?P<last>{_DAY})(?:st|nd|rd|th)?)?"
    rf"\s+(?:of\s+)?(?P<month>{_MONTH})\b(?:,?\s+(?P<year>\d{{4}})\b)?"
    rf"|(?P<us_month>{_MONTH})\s+(?P<us_day>{_DAY})(?:st|nd|rd|th)?(?![\d:])"
    rf"(?:,?\s+(?P<us_year>\d{{4}})\b)?)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a text names; `year` is None where it was not written."""

    words: str
    span: Span
    month: int
    day: int
    year: int | None

    def is_on(self, day: date) -> bool:
        return (self.month, self.day) == (day.month, day.day) and self.year in (None, day.year)

    def differs_in_year(self, day: date) -> bool:
        """Whether it is that day of another year."""
        return (self.month, self.day) == (day.month, day.day) and self.year not in (None, day.year)


def days_in(text: str) -> list[Day]:
    """Every day in `text`, in order; both ends of a range."""
    return [day for match in _DATE.finditer(text) for day in _days(match)]


def _days(match: re.Match[str]) -> list[Day]:
    span, words = Span(*match.span()), match.group()
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return [Day(words, span, month, day, year)]
    month = MONTHS[(match["month"] or match["us_month"])[:3].lower()]
    written = match["year"] or match["us_year"]
    numbers = [match["day"] or match["us_day"], match["last"]]
    return [
        Day(words, span, month, int(each), int(written) if written else None)
        for each in numbers
        if each
    ]

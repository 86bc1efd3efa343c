"""Days as people write them: "2026-11-14", "14 Nov 2026", "14.11.", "Saturday, November 14th"."""

import re
from datetime import date, timedelta

from coe.text.instants import UnreadableInstant

_MONTH_NAMES = (
    "jan(?:uary)?",
    "feb(?:ruary)?",
    "mar(?:ch)?",
    "apr(?:il)?",
    "may",
    "june?",
    "july?",
    "aug(?:ust)?",
    "sept?(?:ember)?",
    "oct(?:ober)?",
    "nov(?:ember)?",
    "dec(?:ember)?",
)
_MONTH = rf"(?P<month>{'|'.join(_MONTH_NAMES)})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4})(?!\w))?"
_FLAGS = re.IGNORECASE | re.ASCII
_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?[,|\s]\s*(?:\|\s*)?", _FLAGS
)
_ISO = re.compile(r"(?P<year>\d{4})(?P<dash>[-/])(?P<month>\d{1,2})(?P=dash)(?P<day>\d{1,2})(?!\d)")
_NAMED = (
    re.compile(rf"{_DAY}\s+{_MONTH}(?!\w){_YEAR}", _FLAGS),
    re.compile(rf"{_MONTH}\s+{_DAY}(?![\w:]){_YEAR}", _FLAGS),
)
_DOTTED = re.compile(
    r"(?P<day>\d{1,2})\.[ ]?(?P<month>\d{1,2})\."
    r"(?:[ ]?(?P<year>\d{4})(?![\w:])|(?=,?[ ](?:at[ ])?~?\d{1,2}:\d\d))",
    _FLAGS,
)
"""Days with dots have the day first, wherever they are written."""
_AGO = {"today": 0, "yesterday": 1}
_WORD = re.compile(r"(?P<word>today|yesterday)(?!\w)", _FLAGS)
_LEAP_CYCLE = 8
"""Years between two 29ths of February are at most so many: 1896 and 1904."""
_NUMBERS = re.compile(
    r"\d{1,2}([-/.])\d{1,2}(?:\1(?:\d\d){1,2}(?!\w)|(?=[ T]~?\d{1,2}:\d\d))", re.ASCII
)


def read_day(
    text: str, place: int, *, near: date | None, today: date | None = None
) -> tuple[date, int] | None:
    """The day that is written at `place`, and the place behind it; None where there is none.

    A day without a year is the one nearest to `near`, else the last one until `today`; "today" and
    "yesterday" are days where `today` is known. Raises `UnreadableInstant` for a day that is not
    in the calendar, lacks its year, or can be read in two ways.
    """
    weekday = _WEEKDAY.match(text, place)
    start = weekday.end() if weekday else place
    if today and (found := _WORD.match(text, place)):
        return today - timedelta(days=_AGO[found["word"].lower()]), found.end()
    if found := _ISO.match(text, start):
        written = "-".join(found.group("year", "month", "day"))
        return _day(written, int(found["year"]), int(found["month"]), int(found["day"])), (
            found.end()
        )
    if found := _DOTTED.match(text, start):
        return _in_year(found, int(found["month"]), near, today), found.end()
    if found := _NUMBERS.match(text, start):
        raise UnreadableInstant(
            f"{found.group()} can be read in two ways. Write the year first: 2026-11-14."
        )
    for pattern in _NAMED:
        if found := pattern.match(text, start):
            return _in_year(found, _month(found["month"]), near, today), found.end()
    return None


def _month(name: str) -> int:
    return next(
        number
        for number, pattern in enumerate(_MONTH_NAMES, start=1)
        if re.fullmatch(pattern, name, re.IGNORECASE)
    )


def _in_year(found: re.Match[str], month: int, near: date | None, today: date | None) -> date:
    """The day of this month in the year that is written, or else meant."""
    written, day = found.group(), int(found["day"])
    if found["year"]:
        return _day(written, int(found["year"]), month, day)
    known = near or today
    if known is None:
        raise UnreadableInstant(f"{written} needs a year. Write it like 2026-11-14.")
    years = range(known.year - _LEAP_CYCLE, known.year + 2)
    days = [each for year in years if (each := _day_or_none(year, month, day))]
    if not days:
        return _day(written, known.year, month, day)
    if near is None:
        return max(each for each in days if each <= known)
    return min(days, key=lambda each: abs(each - near))


def _day(written: str, year: int, month: int, day: int) -> date:
    found = _day_or_none(year, month, day)
    if found is None:
        raise UnreadableInstant(f"There is no day {written} in the calendar. Check the date.")
    return found


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

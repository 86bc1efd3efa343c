"""How long something took, in prose: 1 h 52 min, about three hours, a 40-minute outage."""

import re
from dataclasses import dataclass

from coe.guidance.prose import NUMBER, QUALIFIER, Span, number, slack

SIZES = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "n": 86_400, "w": 604_800}
_SHORT = r"(?:(?<=\d)|(?<=\d\s))"
"""One letter is a unit behind digits alone: “ones” is not one second."""
_UNITS = (
    ("w", r"weeks?"),
    ("n", r"nights?"),
    ("d", rf"days?|{_SHORT}d"),
    ("h", rf"hours?|hrs?\.?|{_SHORT}h"),
    ("m", r"minutes?|mins?\.?"),
    ("s", rf"seconds?|secs?\.?|{_SHORT}s"),
)
_ONE = "|".join(rf"(?P<{letter}>{words})" for letter, words in _UNITS)
_UNIT = re.compile(r"hour|minute|second|night|week|day|\d[\s-]?(?:h|m|s|d)", re.IGNORECASE)
_LENGTH = re.compile(
    rf"(?<![\w.,:/$€£-])(?:{QUALIFIER}\s*(?:the\s+)?)?"
    rf"(?:(?P<hours>{NUMBER})[\s-]?(?:hours?|hrs?\.?|h)(?:[\s,]*(?:and\s+)?)"
    rf"(?P<minutes>\d{{1,2}})[\s-]?(?:minutes?|mins?\.?|m)\b"
    rf"|(?P<days>{NUMBER})[\s-]?(?:days?|d)(?:[\s,]*(?:and\s+)?)"
    rf"(?P<more_hours>\d{{1,2}})[\s-]?(?:hours?|hrs?\.?|h)\b"
    rf"(?:(?:[\s,]*(?:and\s+)?)(?P<more_minutes>\d{{1,2}})[\s-]?(?:minutes?|mins?\.?|m)\b)?"
    rf"|(?P<half>half an hour)"
    rf"|(?P<number>{NUMBER})[\s-]?(?:{_ONE})(?![\w²³/]))",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Length:
    """A duration that a text names, in seconds.

    `unit` is the size of the smallest unit that was written, in seconds; `slack` is how it is
    meant: exact, roughly, more or less. It is compound where it has two units.
    """

    words: str
    span: Span
    seconds: float
    unit: int
    slack: str
    is_compound: bool

    def can_be(self, seconds: float, *, is_about: bool = False) -> bool:
        """Whether `seconds` can be said in these words.

        What is exact may be rounded to the unit it is said in; “about” allows a fifth, and “more
        than” or “less than” a third on their side.
        """
        off = seconds - self.seconds
        rounding = 60 if self.unit <= 60 else self.unit / 2
        if self.slack == "roughly" or is_about:
            return abs(off) <= max(rounding, seconds / 5)
        if self.slack == "more":
            return -rounding <= off <= self.seconds / 3 + rounding
        if self.slack == "less":
            return -self.seconds / 3 - rounding <= off <= rounding
        return abs(off) <= rounding


def lengths_in(text: str) -> list[Length]:
    """Every duration in `text`, in order."""
    return [_length(match) for match in _LENGTH.finditer(text)] if _UNIT.search(text) else []


def _length(match: re.Match[str]) -> Length:
    seconds, unit = _measured(match)
    is_compound = bool(match["hours"] or match["days"])
    return Length(
        words=" ".join(match.group().split()),
        span=Span(*match.span()),
        seconds=seconds,
        unit=unit,
        # “up to 4 h 17 min” is the longest of several, to the minute
        slack="exact" if is_compound and match["less"] else slack(match),
        is_compound=is_compound,
    )


def _measured(match: re.Match[str]) -> tuple[float, int]:
    """Its seconds, and those of its smallest unit."""
    if match["hours"]:
        return number(match["hours"]) * 3_600 + int(match["minutes"]) * 60, 60
    if match["more_minutes"]:
        seconds = number(match["days"]) * 86_400 + int(match["more_hours"]) * 3_600
        return seconds + int(match["more_minutes"]) * 60, 60
    if match["days"]:
        return number(match["days"]) * 86_400 + int(match["more_hours"]) * 3_600, 3_600
    if match["half"]:
        return 1_800, 1_800
    size = next(SIZES[letter] for letter in SIZES if match[letter])
    value = number(match["number"])
    has_fraction = value != int(value)
    return value * size, size // 10 if has_fraction and size > 1 else size

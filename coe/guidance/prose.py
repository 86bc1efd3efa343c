"""Prose as the checks read it: without Markdown, with numbers in digits and in words."""

import re
from dataclasses import dataclass

_QUOTED = re.compile(r"^[ ]{0,3}>.*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^()\s]*\)")
_ADDRESS = re.compile(r"\b[a-z][a-z+.-]*://\S+", re.IGNORECASE)
_MARKS = str.maketrans("", "", "*_`#|")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[“‘\"'(A-Z0-9])|\n\s*\n|\n\s*[-+]\s")

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_SMALL = _TO_NINETEEN.split()
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
WORDS = {word: number for number, word in enumerate(_SMALL)} | _TENS
"""The numbers that people write out."""

DIGITS = r"\d{1,3}(?:[,\u00a0\u202f'’ ]\d{3})+(?:\.\d+)?(?![\d])|\d+(?:\.\d+)?"
NUMBER = rf"(?:{DIGITS}|{'|'.join(WORDS)})"
"""A number in digits or in words."""

ROUGHLY = r"about|around|roughly|approximately|approx\.?|circa|some|close to|nearly|almost|~|≈"
MORE = r"more than|over|at least|just over|upwards of|>"
LESS = r"less than|under|within|at most|no more than|just under|up to|<"
QUALIFIER = rf"(?:(?P<roughly>{ROUGHLY})|(?P<more>{MORE})|(?P<less>{LESS}))"
"""What says that a number is not the exact one."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a text something stands."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def plain(text: str) -> str:
    """The words of a Markdown text, without its marks, its addresses and its block quotes."""
    if ">" in text:
        text = _QUOTED.sub("", text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "://" in text:
        text = _ADDRESS.sub("", text)
    return text.translate(_MARKS).strip()


def sentences(text: str) -> list[str]:
    """A text taken apart after its full stops, semicolons and paragraphs."""
    return [" ".join(each.split()) for each in _SENTENCE.split(text) if each.strip()]


def number(text: str) -> float:
    """The number that `NUMBER` found."""
    word = text.casefold()
    return float(WORDS[word]) if word in WORDS else float(re.sub(r"[^\d.]", "", text))


def slack(match: re.Match[str]) -> str:
    """How a number that a `QUALIFIER` stands before is meant: roughly, more, less or exact."""
    return next((name for name in ("roughly", "more", "less") if match[name]), "exact")

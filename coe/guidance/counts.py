"""How many, in prose: 2,300 customers, 5 million webhooks, 18 %, three action items."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coe.guidance.prose import DIGITS, QUALIFIER, WORDS, Span, number, slack

_SCALES = {"thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "billion": 10**9}
_COUNT = re.compile(
    rf"(?<![\w.,:/-])(?:{QUALIFIER}\s*(?:the\s+)?)?(?:[$€£]\s?)?"
    rf"(?P<number>{DIGITS}|{'|'.join(WORDS)})(?![\d:])"
    rf"(?:\s?(?P<scale>thousand|million|billion)\b|(?P<short>[kKM])\b)?"
    rf"(?:\s?(?P<percent>%|percent\b|per cent\b)|(?=(?:\s+of\s+(?:the\s+)?[\d,]+)?"
    rf"(?P<rest>(?:\s[€$£]|[ -][a-zA-Z-]+){{0,4}})))",
    re.IGNORECASE | re.ASCII,
)
_SAYING_NOTHING = (
    "a an and are as at be by could did do for from had has have in is it of on or our so "
    "such than that the their them they this those to us was we were what which who with "
    "who’s not many most some all each every new more less time until while"
)
_EMPTY = frozenset(_SAYING_NOTHING.split())
_MONEY = re.compile(r"[$€£]\s?")
_PER_CENT = re.compile(r"\s?(?:%|per ?cent)$", re.IGNORECASE)
PERCENT = "%"
MONEY = "€$£"


@dataclass(frozen=True, slots=True)
class Count:
    """A number that a text names, with the words that stand behind it.

    `of` are the stems of those words, or the sign of per cent alone.
    """

    words: str
    span: Span
    value: float
    slack: str
    of: frozenset[str]
    has_digits: bool

    def can_be(self, amount: float) -> bool:
        """Whether `amount` can be said like this. What is exact may be rounded to two digits or
        more that count."""
        if self.value == amount:
            return True
        if self.slack == "roughly":
            return abs(self.value - amount) <= 0.15 * amount
        if self.slack == "more":
            return self.value <= amount <= 1.5 * self.value
        if self.slack == "less":
            return amount <= self.value <= 1.5 * amount
        return any(self.value == float(f"{amount:.{digits}g}") for digits in range(2, 6))

    def saying(self, amount: str) -> str:
        """Its words with another amount: the sign of money or of per cent stays."""
        before, after = _MONEY.search(self.words), _PER_CENT.search(self.words)
        return f"{before[0] if before else ''}{amount}{after[0] if after else ''}"

    def is_near(self, amount: float) -> bool:
        """Whether it looks like a slip of `amount`: within a third of it, shifted by a digit, its
        digits in another order, or one of three or more another."""
        if not amount:
            return False
        mine, other = (f"{each:.0f}".rstrip("0") for each in (self.value, amount))
        is_shifted = mine == other and self.value >= FEWEST
        is_swapped = len(mine) > 1 and sorted(mine) == sorted(other)
        is_mistyped = len(mine) == len(other) >= 3 and _differing(mine, other) == 1
        return is_shifted or is_swapped or is_mistyped or 2 / 3 <= self.value / amount <= 3 / 2


def _differing(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


FEWEST = 10
"""Smaller numbers are counted in prose in too many ways to tell a slip from another fact."""


def counts_in(text: str) -> list[Count]:
    """Every number in `text` with what it counts, in order."""
    return [_count(match) for match in _COUNT.finditer(text)]


def stems(words: Iterable[str]) -> frozenset[str]:
    """Words as they are compared: in lower case, without the ending of the plural."""
    return frozenset(
        _stem(word.casefold())
        for word in words
        if word.casefold() not in _EMPTY and (len(word) > 1 or word in MONEY)
    )


def _stem(word: str) -> str:
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if word.endswith(ending) and not word.endswith("ss"):
            return word.removesuffix(ending) + instead
    return word


def _count(match: re.Match[str]) -> Count:
    scale = (match["scale"] or match["short"] or "").lower()
    return Count(
        words=" ".join(match.group().split()),
        span=Span(*match.span()),
        value=number(match["number"]) * _SCALES.get(scale, 1),
        slack=slack(match),
        of=frozenset({PERCENT}) if match["percent"] else stems(match["rest"].split()),
        has_digits=match["number"][0].isdigit(),
    )

"""Numbers as people write them: 1200, 1,200, 1 200.5. What is printed can be read again."""

import re
from decimal import Decimal

MAX_DIGITS = 15
"""Digits in front of the point."""
PLACES = Decimal("0.0001")

_SPACES = "  \u00a0\u202f"
_NUMBER = re.compile(rf"-?(?:\d{{1,3}}(?:[,'{_SPACES}]\d{{3}})+(?!\d)|\d+)(?:\.\d+)?", re.ASCII)
_ROUGHLY = re.compile(r"(?:~|about |around |roughly |approx)", re.IGNORECASE)
_SHORT = {"k", "m", "mio", "bn", "thousand", "million", "billion"}
_EXAMPLES = "Write a number, like 1200 or 12.5."


class UnreadableAmount(ValueError):
    """The text is no number. The message is a sentence for the person who wrote it."""


def parse_amount(text: str) -> Decimal:
    """The number that `text` is, with at most four places.

    Thousands may be set apart by spaces, commas or apostrophes. Raises UnreadableAmount.
    """
    found = _NUMBER.match(text)
    if _ROUGHLY.match(text):
        raise UnreadableAmount("Write the number alone, and say below that it is estimated.")
    rest = text[found.end() :].strip() if found else ""
    if found is None or rest.startswith(("-", "–", "—", "to ")):
        raise UnreadableAmount(f"{_EXAMPLES} A range or “many” belongs into the basis.")
    if rest[:1].isdigit() or rest[:1] in {",", "."}:
        raise UnreadableAmount(f"{_EXAMPLES} Use a point for decimals: “{text}” can be misread.")
    if rest.casefold() in _SHORT:
        raise UnreadableAmount(f"Write “{text}” out in digits, like 310,000 or 2,500,000.")
    if rest:
        raise UnreadableAmount(f"Leave the number alone here and write “{rest}” as the unit.")
    number = Decimal(re.sub(rf"[,'{_SPACES}]", "", found.group()))
    if number.adjusted() >= MAX_DIGITS or number != number.quantize(PLACES):
        raise UnreadableAmount(
            f"At most {MAX_DIGITS} digits in front of the point and four behind it fit. "
            "Choose another unit."
        )
    return number


def format_amount(amount: Decimal) -> str:
    """The number as it is shown and typed: "1,200", "12.5"."""
    return format(amount.normalize(), ",f")

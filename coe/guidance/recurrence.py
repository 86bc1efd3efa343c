"""Corrections that an earlier COE promised, and when two of them are the same."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from coe.guidance.counts import stems

FEWEST_WORDS = 3
"""Fewer say too little to tell one correction from another: “Add an alarm” is said of many."""
NEARLY_FROM = 5
"""From so many words on, one that is left out or added leaves the same correction."""
TELLING = 4
"""Words by which titles are looked for."""
ANY = ("", "")
"""Parts that every title has."""
_WORD = re.compile(r"[^\W_]+")
_NOT = frozenset({"not"})


@dataclass(frozen=True, slots=True)
class EarlierAction:
    """An action item of another COE, and the day by which that COE declared it to be done."""

    reference: str
    title: str
    due_on: date


def is_same_correction(one: str, other: str) -> bool:
    """Whether two titles say the same: their words but for small ones, in any order and number.

    Of longer ones, one may have a word that the other has not. A word in place of another makes
    another correction: it is another database, alarm or team.
    """
    mine, theirs = words_of(one), words_of(other)
    shorter = min(len(mine), len(theirs))
    if shorter < FEWEST_WORDS:
        return False
    return len(mine ^ theirs) <= (1 if shorter >= NEARLY_FROM else 0)


def telling_parts(title: str) -> tuple[str, ...]:
    """Parts of words, of which every title of the same correction has all but one at least.

    The longest few, which fewest titles have; two at least. Where a title says too little to be
    the same as another there is none. In any case of letters: words that are not ASCII are left
    out, because a database may not know their capitals.
    """
    words = words_of(title)
    if len(words) < FEWEST_WORDS:
        return ()
    # “Query” and its plural have “quer” in common, “Straße” and its capitals “stra”.
    parts = {each.partition("ss")[0].removesuffix("y") for each in words if each.isascii()} - {""}
    longest = sorted(parts, key=lambda each: (-len(each), each))[:TELLING]
    return tuple(longest) if len(longest) > 1 else ANY


@lru_cache(maxsize=8_192)
def words_of(title: str) -> frozenset[str]:
    """What a title says, without case, punctuation, small words and the ending of the plural."""
    words = _WORD.findall(title.lower())
    return stems(words) | (_NOT & frozenset(words))

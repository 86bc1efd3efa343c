"""Two edits of one text as one, where they do not get in each other's way."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from coe.text.difference import WORD_ALONE, Change, difference

_APART = re.compile(rf"\n|{WORD_ALONE}|\s\S|\S\s")
"""What has to be left between two edits: the end of a line, or a word."""


class _Edit(NamedTuple):
    """What stands in place of `base[start:end]`."""

    start: int
    end: int
    text: str


def merge(base: str, mine: str, theirs: str) -> str | None:
    """`base` with what both have made of it; None where their edits overlap or touch.

    Two edits touch where not even a word is left between them: nobody has seen such a sentence
    whole. The same edit on both sides is one. Whose text is whose makes no difference. Time is
    bounded as that of `difference` is.
    """
    own, other = _edits(base, mine), _edits(base, theirs)
    edits = sorted({*own, *other})
    for one, next_one in pairwise(edits):
        of_one_side = any(one in side and next_one in side for side in (own, other))
        if not of_one_side and not _APART.search(base[one.end : next_one.start]):
            return None
    return _applied(base, edits)


def _edits(base: str, text: str) -> set[_Edit]:
    """How `base` became `text`."""
    edits = set()
    place = 0
    added = removed = ""
    for piece in (*difference(base, text), None):
        if piece and piece.change is Change.REMOVED:
            removed = piece.text
        elif piece and piece.change is Change.ADDED:
            added = piece.text
        else:
            if removed or added:
                edits.add(_Edit(place, place + len(removed), added))
            place += len(removed) + (len(piece.text) if piece else 0)
            added = removed = ""
    return edits


def _applied(base: str, edits: Sequence[_Edit]) -> str:
    parts = []
    place = 0
    for edit in edits:
        parts += [base[place : edit.start], edit.text]
        place = edit.end
    return "".join([*parts, base[place:]])

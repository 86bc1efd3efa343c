"""What was changed between two texts, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isqrt

from coe.text.sequences import Blocks, anchors, common_subsequence

MOST_BY_WORD = 400_000
"""Characters of both texts together; longer ones are compared by paragraphs alone."""
MOST_BY_WORD_AT_ONCE = 1_500_000
"""Characters of all texts that are compared at once; where there are more, all of them are compared
by paragraphs alone."""
MOST_AT_ONCE = 4_000_000
"""Characters likewise; where there are more, texts are shown whole."""
MOST_STEPS = 400_000
"""What comparing all texts at once may cost, in steps of the algorithm: some tenths of a second.
Each gets its share by its length."""
MOST_STEPS_OF_A_WORD = 32
"""Paragraphs that differ in more than this pays for are shown whole: confetti is no help."""

_JOINED = "\ufe00-\ufe0f\u3099\u309a\U000e0100-\U000e01ef"
_ALONE = "\u3041-\u3098\u309b-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ALONE += "\uff66-\uff9f\U00020000-\U0003ffff"
_MARKS = r"!-/:-@\[-^`{-~¡-©«-´¶-¹»-¿×÷" + "\u2000-\u200b\u2010-\u206f\u3000-\u303f\uff01-\uff0f"
WORD_ALONE = rf"[{_ALONE}][{_JOINED}]*"
"""A word of a script that writes no spaces, as a pattern: each character is one."""
_TOKEN = re.compile(
    rf"\d+(?:[.,:]\d+)*|\n|[^\S\n]+|{WORD_ALONE}|[^\s{_ALONE}{_MARKS}]+|.", re.DOTALL
)
"""Numbers and times are one word; scripts that write no spaces are compared by character."""
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*\n*|\n+")
_WHOLE = re.compile(r".+", re.DOTALL)
_SPACES = re.compile(r"[^\S\n]*")


class Change(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text that stands in both, or in one of them."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What was removed and what was added at one place, and what is kept behind it."""

    removed: str
    added: str
    kept: str


def difference(before: str, after: str, *, at_once: int = 0) -> tuple[Piece, ...]:
    """How `before` became `after`, in the order it is read; nothing for two empty texts.

    Kept and removed pieces together are `before`, kept and added ones `after`; where both happened
    at one place, what was removed comes first. The other way round it is the same with removed and
    added exchanged. Time grows with the length of the texts, not with how different they are.

    `at_once` is the length of all texts, these among them, that are compared for one answer: they
    share what one comparison may cost.
    """
    if after < before:
        there = difference(after, before, at_once=at_once)
        return tuple(_exchanged(each) for each in _ordered(there))
    size = max(1, len(before) + len(after))
    at_once = max(at_once, size)
    by_word = size <= MOST_BY_WORD and at_once <= MOST_BY_WORD_AT_ONCE
    part = _LINE if by_word else _PARAGRAPH if at_once <= MOST_AT_ONCE else _WHOLE
    parts = part.findall(before), part.findall(after)
    steps = min(MOST_STEPS / at_once, MOST_STEPS_OF_A_WORD)
    stretches: list[_Stretch] = []
    for each in _aligned(*parts, anchors(*parts)):
        stretches += _by_word(each, steps) if by_word else [each]
    return tuple(_pieces(_tidied(stretches)))


def _aligned(before: Sequence[str], after: Sequence[str], blocks: Blocks) -> Iterator[_Stretch]:
    start = start_after = 0
    for place, to, length in [*blocks, (len(before), len(after), 0)]:
        removed, added = before[start:place], after[start_after:to]
        start, start_after = place + length, to + length
        yield _Stretch("".join(removed), "".join(added), "".join(before[place:start]))


def _by_word(stretch: _Stretch, steps_of_a_word: float) -> Iterator[_Stretch]:
    """The stretch in finer ones, or as it is where it has little in common."""
    words = _TOKEN.findall(stretch.removed), _TOKEN.findall(stretch.added)
    most_edits = isqrt(int(2 * steps_of_a_word * (len(words[0]) + len(words[1]))))
    blocks = common_subsequence(*words, most_edits=most_edits) if all(words) else None
    if blocks is None:
        yield stretch
        return
    *finer, last = _aligned(*words, blocks)
    yield from finer
    yield replace(last, kept=stretch.kept)


def _tidied(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Fewer and longer: the space between two words that were replaced goes with them."""
    found: list[_Stretch] = []
    for each in stretches:
        last = found[-1] if found else None
        if last and _is_joined(last, each):
            removed, added = last.removed + last.kept, last.added + last.kept
            found[-1] = _Stretch(removed + each.removed, added + each.added, each.kept)
        else:
            found.append(each)
    return found


def _is_joined(last: _Stretch, each: _Stretch) -> bool:
    is_replaced = (last.removed or each.removed) and (last.added or each.added)
    are_changes = (last.removed or last.added) and (each.removed or each.added)
    return bool(are_changes and is_replaced and _SPACES.fullmatch(last.kept))


def _pieces(stretches: Sequence[_Stretch]) -> Iterator[Piece]:
    kept: list[str] = []
    for each in stretches:
        if each.removed or each.added:
            yield from _piece(Change.KEPT, "".join(kept))
            yield from _piece(Change.REMOVED, each.removed)
            yield from _piece(Change.ADDED, each.added)
            kept.clear()
        kept.append(each.kept)
    yield from _piece(Change.KEPT, "".join(kept))


def _piece(change: Change, text: str) -> Iterator[Piece]:
    if text:
        yield Piece(change, text)


def _ordered(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """With the added piece before the removed one where they stand together."""
    waiting: list[Piece] = []
    for piece in pieces:
        if piece.change is Change.REMOVED:
            waiting.append(piece)
            continue
        yield from waiting if piece.change is Change.KEPT else ()
        yield piece
        yield from waiting if piece.change is Change.ADDED else ()
        waiting.clear()
    yield from waiting


def _exchanged(piece: Piece) -> Piece:
    other = {Change.REMOVED: Change.ADDED, Change.ADDED: Change.REMOVED}
    return replace(piece, change=other.get(piece.change, Change.KEPT))

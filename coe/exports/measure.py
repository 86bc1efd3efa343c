"""How wide words are on paper, from the widths in the bundled fonts: never less than they take."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from coe.text.faces import advances, own_characters

MILLIMETRES = 25.4 / 72
"""In a point."""
RESERVE = 1.005
"""What rounding to the units of a page may add."""
LONGEST_REST = 24
"""A longer beginning of a word is shown, a shorter one is left out."""
CUT = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Face:
    """A size (in points) of one of `coe.text.faces.FACES`.

    `stretch` is how much wider its words may be; `tracking` (in ems) stands between letters.
    """

    size: float
    name: str = "regular"
    stretch: float = 1.0
    tracking: float = 0.0

    def width(self, text: str) -> float:
        """In millimetres, without kerning, which only narrows."""
        ems = sum(map(advances(self.name).__getitem__, text)) + self.tracking * len(text)
        return ems * self.size * MILLIMETRES * self.stretch * RESERVE


def lines_of(text: str, width: float, face: Face) -> int:
    """How many lines `text` takes at most in `width` millimetres; one where it is empty."""
    return max(1, sum(1 for _ in _lines(text, width, face)))


def cut(text: str, width: float, face: Face, lines: int) -> str:
    """`text` in one line of words; where it takes more than `lines`, its beginning and "…"."""
    whole = " ".join(text.split())
    if _fits(whole, width, face, lines):
        return whole
    end, beyond = 0, len(whole)
    while beyond - end > 1:
        middle = (end + beyond) // 2
        if _fits(whole[:middle].rstrip() + CUT, width, face, lines):
            end = middle
        else:
            beyond = middle
    shown, _, rest = whole[:end].rpartition(" ")
    if whole[end : end + 1] == " " or not shown or len(rest) > LONGEST_REST:
        shown = whole[:end]
    return shown.rstrip(" ,;:.-") + CUT


def _fits(text: str, width: float, face: Face, lines: int) -> bool:
    return sum(1 for _ in islice(_lines(text, width, face), lines + 1)) <= lines


def _lines(text: str, width: float, face: Face) -> Iterator[str]:
    """Broken at spaces alone, and inside a word only where it is wider than a line.

    Paper may break at more places, so it needs no more lines than this.
    """
    space = face.width(" ")
    line: list[str] = []
    taken = 0.0
    for word in text.split():
        wide = face.width(word)
        if line and taken + space + wide > width:
            yield " ".join(line)
            line, taken = [], 0.0
        if wide > width:
            *full, word = _pieces(word, width, face)
            yield from full
            wide = face.width(word)
        taken += wide + (space if line else 0.0)
        line.append(word)
    if line:
        yield " ".join(line)


def _pieces(word: str, width: float, face: Face) -> Iterator[str]:
    start, taken = 0, 0.0
    for end, character in enumerate(word):
        wide = face.width(character)
        if end > start and taken + wide > width:
            yield word[start:end]
            start, taken = end, 0.0
        taken += wide
    yield word[start:]


def is_lent(text: str) -> bool:
    """Whether other fonts lend characters of `text`, which makes its lines a little higher."""
    return not own_characters().issuperset(text)

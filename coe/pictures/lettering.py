"""How wide words are in the bundled font, and where a line of them has to break.

A picture has fixed places, so what stands in them is measured before it is drawn.
"""

import re
from functools import lru_cache
from html import unescape
from unicodedata import category, combining

from django.utils.html import strip_tags

from coe.text.faces import advances
from coe.text.markdown import render

FAMILY = "IBM Plex Sans, sans-serif"
ELLIPSIS = "…"
LONGEST_READ = 600
"""Characters of an author's text that are looked at: a label shows fewer."""
MOST_MARKS = 2
"""Marks above one letter; a tower of them would reach into the lines around."""

_UNUSABLE = {"Cc", "Cs"}
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of writing: broken between lines they would turn the next one."""


def plain_words(markdown: str) -> str:
    """The beginning of an author's Markdown as one line of words without any marks."""
    return _plain(markdown.strip()[:LONGEST_READ].split("\n\n", 1)[0])


@lru_cache(maxsize=1024)
def _plain(start: str) -> str:
    return one_line(unescape(strip_tags(render(start))))


def one_line(text: str) -> str:
    """`text` as a line that XML can hold: no control characters, no turns, spaces single."""
    kept: list[str] = []
    marks = 0
    for sign in " ".join(_TURNS.sub("", text).split()):
        marks = marks + 1 if combining(sign) else 0
        if marks <= MOST_MARKS and category(sign) not in _UNUSABLE and sign not in "\ufffe\uffff":
            kept.append(sign)
    return " ".join("".join(kept).split())


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide `text` is at font size `size`, in the same unit; kerning only makes it narrower.

    What the font does not have is drawn in some other one and estimated generously.
    """
    return size * sum(map(advances("semibold" if bold else "regular").__getitem__, text))


@lru_cache(maxsize=4096)
def wrap(
    text: str, room: float, size: float, *, lines: int, bold: bool = False, first: float = 0
) -> tuple[str, ...]:
    """`text` in at most `lines` lines no wider than `room`; what is left out is an ellipsis.

    `first` is taken away from the room of the first line. A word that is too wide is broken.
    """
    rest = text.split(" ") if text else []
    done: list[str] = []
    while rest and len(done) < lines:
        wide = room - (0 if done else first)
        line, rest = _line(rest, wide, size, bold)
        done.append(line)
    if rest:
        done[-1] = shorten(f"{done[-1]} {rest[0]}", room - (first if len(done) == 1 else 0), size,
                           bold=bold, is_cut=True)  # fmt: skip
    return tuple(done)


def shorten(
    text: str, room: float, size: float, *, bold: bool = False, is_cut: bool = False
) -> str:
    """`text`, or as many of its words as fit into `room` with an ellipsis behind them.

    `is_cut` says that something is missing already, so that the ellipsis is there in any case.
    """
    if not is_cut and width_of(text, size, bold=bold) <= room:
        return text
    room -= width_of(ELLIPSIS, size, bold=bold)
    place = _fitting(text, room, size, bold)
    if place < len(text) and (space := text.rfind(" ", 0, place + 1)) > place / 2:
        place = space
    return text[:place].rstrip(" ,;:.–-") + ELLIPSIS


def _line(words: list[str], room: float, size: float, bold: bool) -> tuple[str, list[str]]:
    """As many of the words as fit on one line, at least a part of the first; and the rest."""
    line, place = words[0], 1
    if width_of(line, size, bold=bold) > room:
        cut = max(1, _fitting(line, room, size, bold))
        return line[:cut], [line[cut:], *words[1:]] if line[cut:] else words[1:]
    used, space = width_of(line, size, bold=bold), width_of(" ", size, bold=bold)
    while place < len(words):
        used += space + width_of(words[place], size, bold=bold)
        if used > room:
            break
        place += 1
    return " ".join(words[:place]), words[place:]


def _fitting(text: str, room: float, size: float, bold: bool) -> int:
    """How many of the first signs fit into `room`; a sign and the marks on it stay together."""
    used, place = 0.0, 0
    for number, sign in enumerate(text):
        used += width_of(sign, size, bold=bold)
        if used > room:
            break
        place = number + 1
    while 0 < place < len(text) and category(text[place]) in {"Mn", "Me", "Cf"}:
        place -= 1
    return place

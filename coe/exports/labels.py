"""How WeasyPrint sets the words of a drawing: whole, as it sets all others.

By itself it sets the text of an SVG letter by letter, since SVG lets each have a place of its own.
In a drawing that makes no use of it this loses what letters do to each other: kerning, accents
that stand on their letter, scripts whose letters join. By measure it also takes a fifth of the
time of a document with drawings, and of its bytes.
"""

from collections.abc import Iterator
from typing import Any, Final

BY_LETTER: Final = ("dx", "dy", "rotate", "letter-spacing", "textLength")
"""Attributes that may give each letter a place of its own; so may several numbers in x or y."""


class _Whole(str):
    """Words that are taken as one letter."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def set_labels_whole() -> None:
    """From here on, in this process. Leans on the pinned version; the tests see if it holds."""
    from weasyprint import svg

    if svg.text.__module__ == __name__:
        return
    by_letter = svg.text

    def text(drawing: Any, node: Any, font_size: float) -> None:
        if node.text and not _places_letters(node):
            node._etree_node.text = _Whole(node.text)
        by_letter(drawing, node, font_size)

    svg.TAGS.update({tag: text for tag, draw in svg.TAGS.items() if draw is by_letter})
    svg.text = text


def _places_letters(node: Any) -> bool:
    several = any(len(node.get(axis, "").replace(",", " ").split()) > 1 for axis in ("x", "y"))
    return several or any(name in node.attrib for name in BY_LETTER)

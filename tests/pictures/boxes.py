"""Reads a drawing back from its bytes: where its words, marks, lines and frames are.

Knows nothing of how it was laid out, only SVG and the widths of the font.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from xml.etree import ElementTree as Tree

from coe.pictures.lettering import width_of

Point = tuple[float, float]
SVG = "{http://www.w3.org/2000/svg}"
TOUCH = 0.3
"""Units by which boxes may overlap: coordinates are rounded."""


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float
    what: str = ""

    def meets(self, other: "Box") -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > TOUCH
            and min(self.bottom, other.bottom) - max(self.top, other.top) > TOUCH
        )

    def is_crossed(self, start: Point, end: Point) -> bool:
        """Whether the line from `start` to `end` runs through the box (Liang and Barsky)."""
        first, last = 0.0, 1.0
        for place, way, low, high in (
            (start[0], end[0] - start[0], self.left + TOUCH, self.right - TOUCH),
            (start[1], end[1] - start[1], self.top + TOUCH, self.bottom - TOUCH),
        ):
            if way == 0:
                if not low < place < high:
                    return False
                continue
            ends = sorted(((low - place) / way, (high - place) / way))
            first, last = max(first, ends[0]), min(last, ends[1])
        return first < last


class Sheet:
    """One drawing."""

    def __init__(self, svg: str) -> None:
        self.root = Tree.fromstring(svg)
        self.width, self.height = (float(self.root.attrib[each]) for each in ("width", "height"))

    def of(self, *whats: str) -> list[Tree.Element]:
        """The elements that are one of these, by the word in their class."""
        classes = {f"picture__{what}" for what in whats}
        return [each for each in self.root.iter() if each.get("class") in classes]

    @property
    def labels(self) -> list[Box]:
        return [_text_box(each) for each in self.root.iter(f"{SVG}text")]

    @property
    def words(self) -> str:
        return " ".join(each.text or "" for each in self.root.iter(f"{SVG}text"))

    @property
    def marks(self) -> list[Box]:
        found = self.of("mark", "mark-open", "milestone", "milestone-open")
        return [shape_box(each) for each in found]

    @property
    def frames(self) -> list[Box]:
        """The causes, and what a drawing starts from."""
        return [shape_box(each) for each in self.of("ground", "head", "head-cause")]

    def lines(self, what: str) -> list[list[Point]]:
        return [list(_points(each.attrib["d"])) for each in self.of(what)]


def faults(svg: str) -> list[str]:
    """What is over each other, or off the sheet, and must not be."""
    sheet = Sheet(svg)
    canvas = Box(0, 0, sheet.width, sheet.height)
    labels, found = sheet.labels, []
    found += [f"{a.what!r} over {b.what!r}" for a, b in combinations(labels, 2) if a.meets(b)]
    found += [f"{each.what!r} off the sheet" for each in labels if not _is_within(each, canvas)]
    found += [
        f"a mark over {label.what!r}"
        for label in labels
        for mark in sheet.marks
        if label.meets(mark)
    ]
    for what in ("leader", "edge"):
        for line in sheet.lines(what):
            found += [f"{what} through {box.what!r}" for box in labels if _runs(line, box)]
    for line in sheet.lines("edge"):
        found += [f"edge through frame {box}" for box in sheet.frames if _runs(line, box)]
    frames = sheet.frames
    found += [f"frame {a} over {b}" for a, b in combinations(frames, 2) if a.meets(b)]
    return found


def _runs(line: list[Point], box: Box) -> bool:
    return any(box.is_crossed(start, end) for start, end in pairwise(line))


def _is_within(box: Box, canvas: Box) -> bool:
    return (
        box.left >= -TOUCH
        and box.top >= -TOUCH
        and box.right <= canvas.right + TOUCH
        and box.bottom <= canvas.bottom + TOUCH
    )


def _text_box(text: Tree.Element) -> Box:
    size, x, y = (float(text.attrib[each]) for each in ("font-size", "x", "y"))
    words = text.text or ""
    width = width_of(words, size, bold="font-weight" in text.attrib)
    left = x - width if text.get("text-anchor") == "end" else x
    return Box(left, y - 0.8 * size, left + width, y + 0.23 * size, words)


def shape_box(shape: Tree.Element) -> Box:
    if shape.tag == f"{SVG}circle":
        x, y, r = (float(shape.attrib[each]) for each in ("cx", "cy", "r"))
        return Box(x - r, y - r, x + r, y + r)
    if shape.tag == f"{SVG}rect":
        x, y, w, h = (float(shape.attrib[each]) for each in ("x", "y", "width", "height"))
        return Box(x, y, x + w, y + h)
    points = list(_points(shape.attrib["d"]))
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _points(d: str) -> Iterator[Point]:
    """The way as short straight pieces."""
    here: Point = (0.0, 0.0)
    for command, rest in re.findall(r"([MLCZ])([^MLCZ]*)", d):
        numbers = [float(each) for each in rest.split()]
        ends = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "C":
            for step in range(1, 25):
                yield _bezier(here, *ends, share=step / 24)
        else:
            yield from ends
        here = ends[-1] if ends else here


def _bezier(a: Point, b: Point, c: Point, d: Point, *, share: float) -> Point:
    rest = 1 - share
    weights = rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3
    x, y = (sum(w * p[n] for w, p in zip(weights, (a, b, c, d), strict=True)) for n in (0, 1))
    return x, y

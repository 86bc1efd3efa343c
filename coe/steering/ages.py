"""How old the open items of a team are, as dots along one line, with their median and quartiles.

A dot stands where its age is, above another where there is no room beside it. Where there are too
many for that, a dot stands for several neighbours, and the picture says for how many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from coe.pictures.svg import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    PAPER_WIDTH,
    Picture,
    box,
    disc,
    drawing,
    element,
    number,
    path,
    through,
    words,
)
from coe.steering.quartiles import Spread

NARROW_WIDTH = 330.0
MARGIN = 14.0
DOT = 3.5
MOST_ROWS = 12
STEPS = tuple(digit * 10**power for power in range(6) for digit in (1, 2, 5))
SMALL_WIDTH, SMALL_HEIGHT = 160.0, 18.0
TITLE = "Ages of the open items"


@dataclass(frozen=True, slots=True)
class Scale:
    """Where an age stands in a drawing; a tick at every `step` days up to `most`."""

    width: float
    step: int
    most: int

    def at(self, days: float) -> float:
        return MARGIN + (self.width - 2 * MARGIN) * days / self.most

    @property
    def ticks(self) -> range:
        return range(0, self.most + 1, self.step)


def scale_to(longest: int, *, width: float, ticks: int) -> Scale:
    """The finest scale that holds `longest` with no more than so many ticks beside zero."""
    longest = max(longest, 1)
    step = next((each for each in STEPS if each * ticks >= longest), longest)
    return Scale(width, step, -(-longest // step) * step)


def ages_picture(spread: Spread | None) -> Picture:
    """The drawings for a page and for a phone, and what they say in words; empty of nothing."""
    if spread is None:
        return Picture()
    text = ages_in_words(spread)
    wide = _drawn(spread, scale_to(spread.numbers[-1], width=PAPER_WIDTH, ticks=10), text)
    narrow = _drawn(spread, scale_to(spread.numbers[-1], width=NARROW_WIDTH, ticks=5), text)
    return Picture((wide,), (narrow,), text)


def ages_in_words(spread: Spread) -> str:
    """What the picture shows, for who does not see it."""
    count, oldest = len(spread.numbers), spread.numbers[-1]
    if count == 1:
        return f"One open item, {days(oldest)} old."
    if oldest == spread.numbers[0]:
        return f"{count} open items, all {days(oldest)} old."
    told = f"{count} open items. Their median age is {days(spread.median)}"
    if spread.has_middle:
        told += f"; the middle half are {days(*spread.middle)} old"
    return f"{told}; the oldest is {days(oldest)} old."


def days(*ages: float) -> str:
    """An age, or from one to another, as it is said."""
    first, last = number(ages[0]), number(ages[-1])
    told = first if first == last else f"{first} to {last}"
    return f"{told} day{'' if told == '1' else 's'}"


def _drawn(spread: Spread, scale: Scale, text: str) -> SafeString:
    rows, each = _stacked([scale.at(age) for age in spread.numbers])
    top, room = 22.0, max(len(rows), 3) * (2 * DOT + 1)
    base = top + room + 3
    parts = [*_band(spread, scale, top, base), *_axis(scale, base)]
    for row, places in enumerate(rows):
        height = base - 3 - DOT - row * (2 * DOT + 1)
        parts += [disc(x, height, DOT - 0.7, what="mark") for x in places]
    parts += _median(spread, scale, top, base)
    if each > 1:
        told = f"A dot is up to {each} items"
        parts.append(words(scale.width - MARGIN, base + 34, told, size=12, tone="muted", end=True))
    return drawing(scale.width, base + 40, title=TITLE, text=text, kind="ages", parts=parts)


def _stacked(places: Sequence[float]) -> tuple[list[list[float]], int]:
    """The places in rows in which none touches another, and for how many items a dot stands."""
    for each in STEPS:
        groups = [places[first : first + each] for first in range(0, len(places), each)]
        rows = _rows([group[len(group) // 2] for group in groups])
        if len(rows) <= MOST_ROWS:
            return rows, each
    return [list(places[:1])], len(places)


def _rows(places: Sequence[float]) -> list[list[float]]:
    rows: list[list[float]] = []
    for x in places:
        row = next((row for row in rows if x - row[-1] >= 2 * DOT), None)
        if row is None:
            rows.append([x])
        else:
            row.append(x)
    return rows


def _band(spread: Spread, scale: Scale, top: float, base: float) -> list[SafeString]:
    if not spread.has_middle:
        return []
    start, end = scale.at(spread.lower), scale.at(spread.upper)
    outline = box(start, top, max(end - start, 1), base - top)
    return [path(outline, what="lens", stroke=LINE, fill="#e9eded")]


def _median(spread: Spread, scale: Scale, top: float, base: float) -> list[SafeString]:
    x = scale.at(spread.median)
    is_far = x > scale.width / 2
    label = f"Median {days(spread.median)}"
    return [
        path(through([(x, top - 6), (x, base)]), what="median", stroke=ACCENT, width=2),
        words(x - 6 if is_far else x + 6, top - 7, label, size=13, tone="accent", end=is_far),
    ]


def _axis(scale: Scale, base: float) -> list[SafeString]:
    ends = [(MARGIN, base), (scale.width - MARGIN, base)]
    parts = [path(through(ends), what="axis", stroke=INK)]
    for tick in scale.ticks:
        x = scale.at(tick)
        parts.append(path(through([(x, base), (x, base + 4)]), what="axis", stroke=INK))
        parts.append(_below(x, base + 17, str(tick)))
    parts.append(words(MARGIN, base + 34, "Days since it was promised", size=12, tone="muted"))
    return parts


def _below(x: float, y: float, text: str) -> SafeString:
    attributes = {"x": x, "y": y, "font-size": 12, "fill": MUTED, "text-anchor": "middle"}
    return element("text", {"class": "picture__muted", **attributes}, text)


def small_strip(spread: Spread, scale: Scale) -> SafeString:
    """A line of a table: every age once, the middle half and the median. The numbers stand beside
    it, so it is nothing to who does not see it."""
    middle = SMALL_HEIGHT / 2
    parts = []
    if spread.has_middle:
        start, end = scale.at(spread.lower), scale.at(spread.upper)
        outline = box(start, 3, max(end - start, 1), SMALL_HEIGHT - 6)
        parts.append(path(outline, what="lens", stroke=LINE, fill="#e9eded"))
    places = sorted({round(scale.at(age)) for age in spread.numbers})
    parts += [disc(x, middle, 1.6, what="mark") for x in places]
    x = scale.at(spread.median)
    line = through([(x, 1), (x, SMALL_HEIGHT - 1)])
    parts.append(path(line, what="median", stroke=ACCENT, width=2))
    return element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "aria-hidden": "true",
            "class": "ages",
            "width": SMALL_WIDTH,
            "height": SMALL_HEIGHT,
            "viewBox": f"0 0 {number(SMALL_WIDTH)} {number(SMALL_HEIGHT)}",
        },
        *parts,
    )

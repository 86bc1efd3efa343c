"""The picture of a timeline as values: what stands where, in units of the drawing."""

from dataclasses import dataclass

from coe.pictures.moments import Gap, Moment, Phase
from coe.pictures.scale import Scale, Tick
from coe.pictures.svg import PAPER_WIDTH


@dataclass(frozen=True, slots=True)
class Format:
    """A size of picture: `tallest` is what a page holds, `aside` the room for phases in words."""

    width: float
    size: float
    leading: float
    aside: float
    least: float
    tallest: float | None
    most: int
    rows: tuple[int, ...]
    is_narrow: bool


ON_PAPER = Format(PAPER_WIDTH, 10.7, 13.6, 116, 300, 780, 54, (4, 3, 2, 1), False)
ON_PHONE = Format(358, 12.5, 16.5, 84, 380, 1300, 40, (4, 3, 2, 1), True)


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a line of text, `x` from the left of its label and `row` from its top."""

    x: float
    row: int
    text: str
    tone: str
    is_bold: bool


@dataclass(frozen=True, slots=True)
class Lens:
    """A stretch of the axis, from `top` to `bottom` there, and its own magnified `scale`."""

    top: float
    bottom: float
    scale: Scale


@dataclass(frozen=True, slots=True)
class Label:
    """A label around `middle`, whose first line stands at `anchor`.

    A line leads there from `origin`, which is on the lens if it is on one.
    """

    moment: Moment
    words: tuple[Words, ...]
    height: float
    middle: float
    anchor: float
    origin: float
    is_on_lens: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase where it is alone; its words stand around `middle`.

    `x` is the left side of what is drawn, None where all phases are too short to be drawn. What
    `is_on_lens` stands beside that lens, to its scale.
    """

    phase: Phase
    x: float | None
    is_on_lens: bool
    top: float
    bottom: float
    title: tuple[str, ...]
    words: tuple[str, ...]
    middle: float


@dataclass(frozen=True, slots=True)
class GapLabel:
    words: str
    middle: float


@dataclass(frozen=True, slots=True)
class Layout:
    """`panel_x` is where a lens is as high as it gets: at its axis, or left of the bars there."""

    format: Format
    height: float
    scale: Scale
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    lenses: tuple[Lens, ...]
    gaps: tuple[Gap, ...]
    gap_labels: tuple[GapLabel, ...]
    bars_x: float
    axis_x: float
    panel_x: float
    lens_x: float
    labels_x: float
    hang: float

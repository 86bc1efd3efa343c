"""The first page of the printed COE: what of each block stands on it, so that it is one page.

Every height is the most that static/css/pdf/front.css gives; the words are measured
(coe.exports.measure). What is too long shows its beginning, and says where the rest is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate, chain, repeat
from math import ceil
from zoneinfo import ZoneInfo

from coe.exports.causes import CauseNode, nearest_first
from coe.exports.columns import UNITS
from coe.exports.corrections import Correction
from coe.exports.measure import MILLIMETRES, Face, cut, is_lent, lines_of
from coe.exports.report import Figure, Report
from coe.exports.strip import Stop
from coe.exports.words import Block, Text, text_of
from coe.snapshots.numbering import Reference
from coe.text.amounts import format_amount
from coe.text.instants import local_clock

PAGE, WIDTH, BESIDE = 263.0, 170.0, 142.0
"""Millimetres: the height of the page within its margins, less one; its width; the width that
the heads at the side leave."""
LENT = 9.0
"""What lines with characters of other fonts may take more, on all of the page."""
BLOCK, NOTE, GUTTER = 5.7, 4.8, 3.0
"""Around a block; the line that says where the rest is; between columns."""
FEWEST_LINES, FEWEST_ROWS = 2, 1
WORTH_FIGURES = 100.0
"""The millimetres that figures have to leave, else they stand in their section alone."""
FIRST_FACT = 48.0
TRACKING = -0.012
TITLES = (("large", 21.0, 1), ("middle", 17.0, 2), ("small", 12.0, 9_999))
"""Class, size in points, and up to how many lines a title has it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words: its face, and its height in millimetres."""

    face: Face
    height: float

    def takes(self, text: str, width: float) -> float:
        """The height of `text` in a column of `width`."""
        return lines_of(text, width, self.face) * self.height


def _line(size: float, leading: float, name: str = "regular") -> Line:
    return Line(Face(size, name), size * leading * MILLIMETRES)


LABEL, SMALL, ROW = _line(7.5, 1.35), _line(8, 1.35), _line(9, 1.35)
FACT, CLOCK, AMOUNT = (_line(*each, "semibold") for each in ((9, 1.35), (11, 1.25), (13, 1.2)))
CAUSE, SUMMARY, WHAT = _line(9, 1.4), _line(9.5, 1.42), _line(8.5, 1.35)
CAUSE_WIDTH, CAUSE_GAP = 131.0, 0.7
NUMBER_WIDTH, OWNER_WIDTH, DUE_WIDTH, STANDING_WIDTH = 9.0, 29.0, 21.0, 19.0
HEAD, ROW_GAP = 5.2, 1.65
SUMMARY_GAP, SUMMARY_INDENT = 1.5, 4.5


@dataclass(frozen=True, slots=True)
class FrontCause:
    reference: Reference
    text: str


@dataclass(frozen=True, slots=True)
class FrontFigure:
    amount: str
    what: str
    source: str


@dataclass(frozen=True, slots=True)
class FrontCorrection:
    """`owner` is empty where there is none; `standing` where nothing was promised yet."""

    reference: Reference
    title: str
    owner: str
    due_on: date | None
    standing: str
    mark: str


@dataclass(frozen=True, slots=True)
class Front:
    """Texts may be shortened. `summary` holds its first paragraphs where it is not whole."""

    is_summary_whole: bool
    summary: tuple[str, ...]
    figures: tuple[FrontFigure, ...]
    further_figures: int
    causes: tuple[FrontCause, ...]
    further_causes: int
    corrections: tuple[FrontCorrection, ...]
    further_corrections: int
    rejected_corrections: int

    @property
    def is_complete(self) -> bool:
        return self.is_summary_whole and not (self.further_causes or self.further_corrections)


def front_of(report: Report) -> Front:
    """With causes in up to two lines each if all of the page fits so, else in one."""
    front = _front(report, lines_of_cause=2)
    return front if front.is_complete else _front(report, lines_of_cause=1)


def size_of_title(title: str) -> str:
    """The class of the size that it is set in: a long one is smaller."""
    return _title(title)[0]


def _front(report: Report, *, lines_of_cause: int) -> Front:
    _, taken = _title(report.printable.snapshot.title)
    figures = tuple(_figure(each, report) for each in report.known_figures)
    nodes = list(nearest_first(report.chains))
    causes = [_cause(each, lines_of_cause) for each in nodes]
    corrections = [_correction(each, report) for each in report.standing_corrections]
    text = text_of(report.summary)
    taken += _facts(report) + _strip(report) + 3 * BLOCK + HEAD
    room = PAGE - taken - (LENT if _is_lent(report) else 0.0)
    if room - _row_of(figures) < WORTH_FIGURES:
        figures = ()
    summary, shown, promised = _grown(
        room - _row_of(figures),
        _steps([SUMMARY.height] * ceil(_height(text.blocks) / SUMMARY.height), text.is_plain),
        _steps([CAUSE.takes(each.text, CAUSE_WIDTH) + CAUSE_GAP for each in causes]),
        _steps([_height_of(each, report) for each in corrections], not report.rejected_corrections),
    )
    is_whole = text.is_plain and summary * SUMMARY.height >= _height(text.blocks)
    return Front(
        is_summary_whole=is_whole,
        summary=() if is_whole else _beginning(text, summary * SUMMARY.height),
        figures=figures,
        further_figures=len(report.figures) - len(figures),
        causes=tuple(
            _cause(each, lines_of_cause)
            for each in sorted(nodes[:shown], key=lambda each: each.place)
        ),
        further_causes=len(nodes) - shown,
        corrections=tuple(corrections[:promised]),
        further_corrections=len(corrections) - promised,
        rejected_corrections=len(report.rejected_corrections),
    )


# How the room is shared


def _steps(heights: Sequence[float], is_all: bool = True) -> list[float]:
    """What a block takes with 0, 1, 2, ... of its rows, and with the note about the others."""
    steps = [0.0, *accumulate(heights)]
    whole = max(steps[-1], SUMMARY.height)  # "Not written yet." where there is nothing
    return [*(each + NOTE for each in steps[:-1]), whole if is_all else whole + NOTE]


def _grown(room: float, *blocks: list[float]) -> list[int]:
    """How many rows each of `blocks` gets: a few, then one more in turn while there is room.

    The few fit below the longest title and the longest names.
    """
    fewest = (FEWEST_LINES, FEWEST_ROWS, FEWEST_ROWS)
    counts = [min(few, len(steps) - 1) for few, steps in zip(fewest, blocks, strict=True)]
    room -= sum(steps[count] for steps, count in zip(blocks, counts, strict=True))
    has_grown = True
    while has_grown:
        has_grown = False
        for number in (0, 0, 0, 2, 1):  # three lines of the summary for each row
            steps, count = blocks[number], counts[number]
            if count + 1 < len(steps) and steps[count + 1] - steps[count] <= room:
                room -= steps[count + 1] - steps[count]
                counts[number], has_grown = count + 1, True
    return counts


def _is_lent(report: Report) -> bool:
    """Whether anything that may stand on the page is in characters of other fonts."""
    snapshot = report.printable.snapshot
    facts = (f"{each.label}{each.value}{each.remark}" for each in report.facts)
    figures = (f"{each.value.what}{each.value.unit}" for each in report.known_figures)
    causes = (each.text for each in snapshot.causes)
    actions = (f"{each.action.title}{each.owner_now}" for each in report.corrections)
    return any(
        map(is_lent, chain((snapshot.title, report.summary), facts, figures, causes, actions))
    )


# What the blocks above take


def _title(title: str) -> tuple[str, float]:
    """The class of its size, and its height with all that stands above it."""
    sizes = (
        (name, Line(Face(size, "semibold", tracking=TRACKING), size * 1.18 * MILLIMETRES), most)
        for name, size, most in TITLES
    )
    name, line = next(
        (name, line) for name, line, most in sizes if lines_of(title, WIDTH, line.face) <= most
    )
    return name, 17.0 + line.takes(title, WIDTH)


def _facts(report: Report) -> float:
    other = (WIDTH - FIRST_FACT) / (len(report.facts) - 1)
    widths = (FIRST_FACT, *repeat(other, len(report.facts) - 1))
    heights = (
        FACT.takes(fact.value, width - GUTTER)
        + SMALL.takes(fact.remark, width - GUTTER) * bool(fact.remark)
        for fact, width in zip(report.facts, widths, strict=True)
    )
    return 4.1 + LABEL.height + max(heights)


def _strip(report: Report) -> float:
    stops, zone = report.strip.stops, ZoneInfo(report.printable.snapshot.zone)
    heights = (_stop(stop, zone, WIDTH * stop.column.width / UNITS - GUTTER) for stop in stops)
    return 11.2 + SMALL.takes(report.scale, WIDTH) + max(heights, default=0.0)


def _stop(stop: Stop, zone: ZoneInfo, width: float) -> float:
    clock = CLOCK.takes(local_clock(stop.instant, zone), width)
    took = FACT.takes(stop.took, width) if stop.took else 0.0
    return LABEL.height + clock + took + (SMALL.height if stop.day else 0.0)


def _row_of(figures: Sequence[FrontFigure]) -> float:
    if not figures:
        return 0.0
    width = BESIDE / len(figures) - GUTTER
    heights = (AMOUNT.takes(each.amount, width) + WHAT.takes(each.what, width) for each in figures)
    return BLOCK + max(heights) + SMALL.height + NOTE


# What stands in them


def _figure(figure: Figure, report: Report) -> FrontFigure:
    width = BESIDE / len(report.known_figures) - GUTTER
    amount = f"{format_amount(figure.value.amount or Decimal(0))} {figure.value.unit}"
    return FrontFigure(
        amount=cut(amount, width, AMOUNT.face, 2),
        what=cut(figure.value.what, width, WHAT.face, 3),
        source=figure.source,
    )


def _cause(node: CauseNode, lines: int) -> FrontCause:
    return FrontCause(node.reference, cut(node.line, CAUSE_WIDTH, CAUSE.face, lines))


def _correction(correction: Correction, report: Report) -> FrontCorrection:
    return FrontCorrection(
        reference=correction.reference,
        title=cut(correction.action.title, _title_width(report), ROW.face, 2),
        owner=cut(correction.owner_now, OWNER_WIDTH - GUTTER, ROW.face, 2),
        due_on=correction.due_now,
        standing=correction.standing,
        mark=correction.mark,
    )


def _title_width(report: Report) -> float:
    others = NUMBER_WIDTH + OWNER_WIDTH + DUE_WIDTH + (STANDING_WIDTH if report.commitments else 0)
    return BESIDE - others - GUTTER


def _height_of(row: FrontCorrection, report: Report) -> float:
    title = ROW.takes(row.title, _title_width(report))
    owner = ROW.takes(row.owner, OWNER_WIDTH - GUTTER)
    standing = ROW.takes(row.standing, STANDING_WIDTH) if report.commitments else 0
    return max(title, owner, standing) + ROW_GAP


# The summary


def _width(block: Block) -> float:
    return BESIDE - SUMMARY_INDENT * block.depth


def _face(block: Block) -> Face:
    return Face(SUMMARY.face.size, SUMMARY.face.name, block.stretch)


def _height(blocks: Sequence[Block]) -> float:
    lines = sum(lines_of(each.text, _width(each), _face(each)) for each in blocks)
    return lines * SUMMARY.height + SUMMARY_GAP * max(0, len(blocks) - 1)


def _beginning(text: Text, room: float) -> tuple[str, ...]:
    """Its first paragraphs as words, the last one shortened to what is left of `room`."""
    shown: list[str] = []
    for block in text.blocks:
        fitting = int((room + 0.01) / SUMMARY.height)
        if fitting < 1:
            break
        face = _face(block)
        shown.append(cut(block.text, BESIDE, face, fitting))
        room -= lines_of(block.text, BESIDE, face) * SUMMARY.height + SUMMARY_GAP
    return tuple(shown)

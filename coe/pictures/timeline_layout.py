"""Where everything stands in the picture of a timeline.

Time runs down an axis, to scale. Phases are bars to its left; what happened is a column of labels
to its right, in order, each joined to its moment by a line. Where many moments share a short
stretch of the axis, a second axis beside it shows that stretch magnified, to a scale of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from coe.pictures.lettering import width_of, wrap
from coe.pictures.moments import Gap, Moment, Phase, gaps_of, gathered, moments_of, phases_of
from coe.pictures.scale import Scale, Tick
from coe.pictures.spread import runs, spread
from coe.pictures.svg import PAPER_WIDTH
from coe.snapshots.snapshot import Snapshot

HEAD = 26.0
"""The room of the line above the axis."""
EDGE = 10.0
BAR, LANE = 11.0, 15.0
FAR = 5.2
"""A label more lines than this from its moment asks for the second axis, in company."""
CROWD = 4
LENS_ROOM, LEADER_ROOM = 66.0, 34.0
TICKS_APART = 46.0
MOST_TICKS = 18
LEAST_SPAN = timedelta(minutes=10)
"""What is shown where everything happened at one moment."""


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
    """A phase in the lane where it is alone; its words stand around `middle`."""

    phase: Phase
    lane: int
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
    lens_x: float
    labels_x: float
    hang: float


def arrange(snapshot: Snapshot, form: Format) -> Layout | None:
    """The places of everything in a picture of `form`; None where no moment is known."""
    zone = ZoneInfo(snapshot.zone)
    moments = gathered(moments_of(snapshot), form.most, zone)
    if not moments:
        return None
    arranger = _Arranger(snapshot, form, moments, zone)
    first = arranger.arrange(with_lens=False)
    return arranger.arrange(with_lens=True) if arranger.crowds(first.labels) else first


class _Arranger:
    def __init__(
        self, snapshot: Snapshot, form: Format, moments: list[Moment], zone: ZoneInfo
    ) -> None:
        self.form, self.moments, self.zone = form, moments, zone
        self.phases, self.gaps = phases_of(snapshot), gaps_of(snapshot)
        self.start, self.end = _stretch(moments, self.phases)
        self.lanes = _lanes(self.phases)
        self.clocks = _clocks(moments)
        self.titles = {
            phase: (
                wrap(phase.title, form.aside, form.size, lines=3, bold=True),
                wrap(phase.words, form.aside, form.size, lines=4),
            )
            for phase in self.phases
        }
        self.hang = 0.0
        if not form.is_narrow:
            widest = max(width_of(each, form.size, bold=True) for each in self.clocks)
            self.hang = min(widest, 104) + 10

    def arrange(self, *, with_lens: bool) -> Layout:
        form = self.form
        bars_x = form.aside + 12 if self.phases else 0.0
        bars_end = bars_x + LANE * (max(self.lanes.values()) + 1) if self.phases else 0.0
        axis_x = bars_end + 6 + self._widest_tick() + 10
        lens_x = axis_x + LENS_ROOM * (0.72 if form.is_narrow else 1) if with_lens else axis_x
        labels_x = lens_x + LEADER_ROOM * (0.6 if form.is_narrow else 1)
        texts = self._texts(form.width - labels_x - 1)
        sizes = [_height(each, form) for each in texts]
        height = self._height(sizes)
        below = max(EDGE, sizes[-1] - form.leading / 2 - 3)
        scale = Scale(self.start, self.end, HEAD + EDGE, HEAD + height - below)
        labels = self._labels(texts, sizes, scale, height)
        lenses: tuple[Lens, ...] = ()
        if with_lens:
            labels, lenses = self._magnified(labels, scale)
        return Layout(
            form,
            HEAD + height,
            scale,
            tuple(scale.ticks(self.zone, apart=max(TICKS_APART, height / MOST_TICKS))),
            tuple(self._bars(scale, height)),
            tuple(labels),
            lenses,
            tuple(self.gaps),
            tuple(self._gap_labels(labels, scale, height)),
            bars_x,
            axis_x,
            lens_x,
            labels_x,
            self.hang,
        )

    def crowds(self, labels: Sequence[Label]) -> list[range]:
        """The labels that push each other far away from moments that lie close together."""
        found = []
        for run in runs([each.middle for each in labels], [each.height for each in labels]):
            for crowd in _close(labels, run):
                group = [labels[place] for place in crowd]
                furthest = max(abs(each.anchor - each.origin) for each in group)
                has_span = group[-1].moment.last > group[0].moment.at
                if len(group) >= CROWD and furthest > FAR * self.form.leading and has_span:
                    found.append(crowd)
        return found

    def _widest_tick(self) -> float:
        years = {each.astimezone(self.zone).year for each in (self.start, self.end)}
        words = "28 Mar 2017" if len(years) > 1 else "00:00:00"
        if self.end - self.start > timedelta(minutes=5) and len(years) == 1:
            words = "28 Mar"
        return width_of(words, self.form.size - 1)

    def _texts(self, room: float) -> list[tuple[Words, ...]]:
        """The labels in as many lines each as the page has room for."""
        texts: list[tuple[Words, ...]] = []
        for rows in self.form.rows:
            texts = [
                tuple(self._text(moment, clock, room, rows))
                for moment, clock in zip(self.moments, self.clocks, strict=True)
            ]
            total = sum(_height(each, self.form) for each in texts)
            if self.form.tallest is None or total <= self.form.tallest / 1.15:
                break
        return texts

    def _text(self, moment: Moment, clock: str, room: float, rows: int) -> Iterator[Words]:
        size, row = self.form.size, 0
        marked = ", ".join(moment.milestones)
        if self.form.is_narrow:
            for row, line in enumerate(wrap(clock, room, size, lines=2, bold=True)):
                yield Words(0, row, line, "ink", True)
            row += 1
        else:
            clocks = wrap(clock, self.hang - 9, size, lines=min(2, rows), bold=True)
            for place, line in enumerate(clocks):
                yield Words(0, place, line, "ink", True)
        room -= self.hang
        used = 0.0
        for place, line in enumerate(wrap(marked, room, size, lines=min(2, rows), bold=True)):
            row += place > 0
            used = width_of(line, size, bold=True) + 7
            yield Words(self.hang, row, line, "accent", True)
        if used and (room - used < 90 or self.form.is_narrow):
            row, used = row + 1, 0.0
        left = rows - row if not self.form.is_narrow else rows
        if left <= 0:
            return
        for place, line in enumerate(wrap(moment.words, room, size, lines=left, first=used)):
            yield Words(self.hang + (0 if place else used), row + place, line, "ink", False)

    def _height(self, sizes: Sequence[float]) -> float:
        total = max(sum(sizes), sum(map(self._aside, self.phases))) + 2
        least = min(self.form.least, 110.0 + 24 * len(sizes))
        wanted = max(least, total * (1.1 if self.form.is_narrow else 1.3))
        return max(total, min(wanted, self.form.tallest or wanted))

    def _labels(
        self,
        texts: Sequence[tuple[Words, ...]],
        sizes: Sequence[float],
        scale: Scale,
        height: float,
    ) -> list[Label]:
        origins = [scale.place(each.at) for each in self.moments]
        heads = [
            _head_of(each, self.form) - size / 2 for each, size in zip(texts, sizes, strict=True)
        ]
        wanted = [origin - head for origin, head in zip(origins, heads, strict=True)]
        middles = spread(wanted, sizes, top=HEAD, bottom=HEAD + height)
        return [
            Label(moment, text, size, middle, middle + head, origin, is_on_lens=False)
            for moment, text, size, middle, head, origin in zip(
                self.moments, texts, sizes, middles, heads, origins, strict=True
            )
        ]

    def _magnified(self, labels: list[Label], scale: Scale) -> tuple[list[Label], tuple[Lens, ...]]:
        """The labels of crowds moved to a lens that stands right beside them."""
        shown, lenses = list(labels), []
        for run in self.crowds(labels):
            first, last = labels[run[0]], labels[run[-1]]
            below = last.height * 0.6 if last.moment.count > 1 else 0
            lens = Scale(first.moment.at, last.moment.last, first.anchor, last.anchor + below)
            top, bottom = scale.place(lens.start), scale.place(lens.end)
            lenses.append(Lens(top, bottom, lens))
            for place in run:
                origin = lens.place(labels[place].moment.at)
                shown[place] = replace(labels[place], origin=origin, is_on_lens=True)
        return shown, tuple(lenses)

    def _bars(self, scale: Scale, height: float) -> Iterator[Bar]:
        drawn = []
        for phase in self.phases:
            top, bottom = sorted(scale.place(each.at) for each in phase.instants)
            drawn.append(((top + bottom) / 2, phase, top, bottom))
        drawn.sort(key=lambda each: each[0])
        sizes = [self._aside(phase) for _, phase, *_ in drawn]
        wanted = [middle for middle, *_ in drawn]
        middles = spread(wanted, sizes, top=HEAD, bottom=HEAD + height)
        for (_, phase, top, bottom), middle in zip(drawn, middles, strict=True):
            yield Bar(phase, self.lanes[phase], top, bottom, *self.titles[phase], middle)

    def _aside(self, phase: Phase) -> float:
        """How high the words beside a phase are."""
        title, words = self.titles[phase]
        return (len(title) + len(words)) * self.form.leading + 7

    def _gap_labels(
        self, labels: Sequence[Label], scale: Scale, height: float
    ) -> Iterator[GapLabel]:
        """The length of a gap, wherever no label stands beside the middle of it."""
        need = self.form.leading + 4
        room = self.form.width - self._text_x(labels) - 4
        edges = [HEAD, *(e for each in labels for e in _edges(each)), HEAD + height]
        free = list(zip(edges[::2], edges[1::2], strict=True))
        for gap in self.gaps:
            top, bottom = scale.place(gap.start), scale.place(gap.end)
            spaces = [(max(top, low) + 2, min(bottom, high) - 2) for low, high in free]
            low, high = max(spaces, key=lambda each: each[1] - each[0])
            if high - low >= need and width_of(gap.words, self.form.size) <= room:
                yield GapLabel(gap.words, (low + high) / 2)

    def _text_x(self, labels: Sequence[Label]) -> float:
        lens = LENS_ROOM if any(each.is_on_lens for each in labels) else 0
        return self.form.aside + 12 + LANE * 4 + 60 + lens + LEADER_ROOM


def _edges(label: Label) -> tuple[float, float]:
    return label.middle - label.height / 2, label.middle + label.height / 2


def _stretch(moments: Sequence[Moment], phases: Sequence[Phase]) -> tuple[datetime, datetime]:
    """From the first moment to the last; never nothing."""
    instants = [each for moment in moments for each in moment.instants]
    start = min(each.at for each in instants)
    end = max(each.end or each.at for each in instants)
    if start == end:
        return start - LEAST_SPAN / 2, end + LEAST_SPAN / 2
    return start, end


def _lanes(phases: Sequence[Phase]) -> dict[Phase, int]:
    """The first lane for each phase where it covers no other."""
    ends: list[datetime] = []
    lanes: dict[Phase, int] = {}
    for phase in sorted(phases, key=lambda each: min(i.at for i in each.instants)):
        first, last = sorted(each.at for each in phase.instants)
        lane = next((n for n, end in enumerate(ends) if end <= first), len(ends))
        ends[lane : lane + 1] = [last]
        lanes[phase] = lane
    return lanes


def _clocks(moments: Sequence[Moment]) -> list[str]:
    """The times of day, with the day wherever another one begins."""
    several = len({each.day for each in moments}) > 1
    clocks, day = [], ""
    for moment in moments:
        is_new = several and moment.day != day
        clocks.append(f"{moment.day[:-5]} {moment.clock}" if is_new else moment.clock)
        day = moment.day
    return clocks


def _close(labels: Sequence[Label], run: range) -> list[range]:
    """The labels of a run in groups whose moments stand closer than their labels can."""
    starts = [
        place
        for place in run
        if place == run.start
        or labels[place].origin - labels[place - 1].origin > labels[place].height * 0.6
    ]
    groups = [range(a, b) for a, b in pairwise([*starts, run.stop])]
    return [part for group in groups for part in _without_a_desert(labels, group)]


def _without_a_desert(labels: Sequence[Label], group: range) -> list[range]:
    """A group, divided as long as most of the time it covers lies between two of its labels."""
    if len(group) < CROWD:
        return [group]
    times = [labels[place].moment.at for place in group]
    pauses = [after - before for before, after in pairwise(times)]
    widest = max(range(len(pauses)), key=lambda place: pauses[place])
    if pauses[widest] * 2 <= times[-1] - times[0]:
        return [group]
    middle = group.start + widest + 1
    parts = range(group.start, middle), range(middle, group.stop)
    return [each for part in parts for each in _without_a_desert(labels, part)]


def _rows(words: Sequence[Words]) -> int:
    return 1 + max((each.row for each in words), default=0)


def _height(words: Sequence[Words], form: Format) -> float:
    rows = _rows(words)
    return rows * form.leading + (0.6 if rows == 1 else 7)


def _head_of(words: Sequence[Words], form: Format) -> float:
    """How far below the top of its label the middle of the first line stands."""
    above = _height(words, form) - _rows(words) * form.leading
    return (above + form.leading) / 2

"""Where everything stands in the picture of a timeline.

Time runs down an axis, to scale. Phases are bars to its left; what happened is a column of labels
to its right, in order, each joined to its moment by a line. Where many moments share a short
stretch of the axis, a second axis beside it shows that stretch magnified, to a scale of its own,
with the phases that lie within it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from coe.pictures.crowds import crowds
from coe.pictures.lettering import width_of, wrap
from coe.pictures.moments import Moment, Phase, gaps_of, gathered, moments_of, phases_of
from coe.pictures.scale import Scale
from coe.pictures.spread import spread
from coe.pictures.timeline_values import (
    Bar,
    Format,
    GapLabel,
    Label,
    Layout,
    Lens,
    Words,
)
from coe.snapshots.snapshot import Snapshot

HEAD = 26.0
"""The room of the line above the axis."""
EDGE = 10.0
BAR, LANE = 11.0, 15.0
LENS_ROOM, LEADER_ROOM = 66.0, 34.0
SWATCH = 10.0
"""The room for the sign by which words are found again beside a lens."""
BESIDE = 9.0
"""How far a bar stands from the axis of a lens, clear of its marks."""
LEAST_BARS = 8.0
"""All bars together are higher than this, or none is drawn: they would be dashes."""
TICKS_APART = 46.0
MOST_TICKS = 18
LEAST_SPAN = timedelta(minutes=10)
"""What is shown where everything happened at one moment."""


def arrange(snapshot: Snapshot, form: Format) -> Layout | None:
    """The places of everything in a picture of `form`; None where no moment is known."""
    zone = ZoneInfo(snapshot.zone)
    moments = gathered(moments_of(snapshot), form.most, zone)
    if not moments:
        return None
    arranger = _Arranger(snapshot, form, moments, zone)
    first = arranger.arrange(with_lens=False)
    if not crowds(first.labels, form.leading):
        return first
    second = arranger.arrange(with_lens=True)
    inside = arranger.within(second.lenses)
    if not inside:
        return second
    third = arranger.arrange(with_lens=True, inside=inside)
    return third if arranger.within(third.lenses) == inside else second


class _Arranger:
    def __init__(
        self, snapshot: Snapshot, form: Format, moments: list[Moment], zone: ZoneInfo
    ) -> None:
        self.form, self.moments, self.zone = form, moments, zone
        self.phases, self.gaps = phases_of(snapshot), gaps_of(snapshot)
        self.start, self.end = _stretch(moments, self.phases)
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

    def arrange(self, *, with_lens: bool, inside: frozenset[Phase] = frozenset()) -> Layout:
        """`inside` are the phases that are drawn beside a lens, to its scale."""
        form = self.form
        outside = [each for each in self.phases if each not in inside]
        lanes = _lanes(outside) | _lanes([each for each in self.phases if each in inside])
        bars_x = form.aside + 12 + (SWATCH if inside and outside else 0) if self.phases else 0.0
        bars_end = bars_x + LANE * _count(lanes, outside)
        axis_x = bars_end + 6 + self._widest_tick() + 10
        panel = BESIDE + LANE * _count(lanes, inside) if inside else 0.0
        lens_x = axis_x + LENS_ROOM * (0.72 if form.is_narrow else 1) if with_lens else axis_x
        lens_x += max(panel - BESIDE - LANE, 0)
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
        scales = {each: _lens_of(each, lenses) for each in inside}
        xs = {
            each: lens_x - BESIDE - BAR - LANE * lane if each in inside else bars_x + LANE * lane
            for each, lane in lanes.items()
        }
        return Layout(
            form,
            HEAD + height,
            scale,
            tuple(scale.ticks(self.zone, apart=max(TICKS_APART, height / MOST_TICKS))),
            tuple(self._bars(scale, scales, xs, height)),
            tuple(labels),
            lenses,
            tuple(self.gaps),
            tuple(self._gap_labels(labels, scale, height, form.width - labels_x - self.hang)),
            bars_x,
            axis_x,
            lens_x - panel,
            lens_x,
            labels_x,
            self.hang,
        )

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
        for run in crowds(labels, self.form.leading):
            first, last = labels[run[0]], labels[run[-1]]
            below = last.height * 0.6 if last.moment.count > 1 else 0
            lens = Scale(first.moment.at, last.moment.last, first.anchor, last.anchor + below)
            top, bottom = scale.place(lens.start), scale.place(lens.end)
            lenses.append(Lens(top, bottom, lens))
            for place in run:
                origin = lens.place(labels[place].moment.at)
                shown[place] = replace(labels[place], origin=origin, is_on_lens=True)
        return shown, tuple(lenses)

    def within(self, lenses: Sequence[Lens]) -> frozenset[Phase]:
        """The phases of which both ends lie in one of `lenses`."""
        return frozenset(each for each in self.phases if _lens_of(each, lenses))

    def _bars(
        self,
        scale: Scale,
        scales: Mapping[Phase, Scale | None],
        xs: Mapping[Phase, float],
        height: float,
    ) -> Iterator[Bar]:
        """In the order in which they stand; `scales` are those of lenses, `xs` are left sides."""
        drawn = []
        for phase in self.phases:
            its = scales.get(phase) or scale
            top, bottom = sorted(its.place(each.at) for each in phase.instants)
            drawn.append(((top + bottom) / 2, phase, top, bottom))
        drawn.sort(key=lambda each: each[0])
        sizes = [self._aside(phase) for _, phase, *_ in drawn]
        wanted = [middle for middle, *_ in drawn]
        middles = spread(wanted, sizes, top=HEAD, bottom=HEAD + height)
        is_drawn = sum(bottom - top for *_, top, bottom in drawn) >= LEAST_BARS
        for (_, phase, top, bottom), middle in zip(drawn, middles, strict=True):
            x = xs[phase] if is_drawn else None
            yield Bar(phase, x, phase in scales, top, bottom, *self.titles[phase], middle)

    def _aside(self, phase: Phase) -> float:
        """How high the words beside a phase are."""
        title, words = self.titles[phase]
        return (len(title) + len(words)) * self.form.leading + 7

    def _gap_labels(
        self, labels: Sequence[Label], scale: Scale, height: float, room: float
    ) -> Iterator[GapLabel]:
        """The length of a gap in words, where it has room beside the gap and no label stands."""
        need = self.form.leading + 4
        edges = [HEAD, *(e for each in labels for e in _edges(each)), HEAD + height]
        free = list(zip(edges[::2], edges[1::2], strict=True))
        for gap in self.gaps:
            top, bottom = scale.place(gap.start), scale.place(gap.end)
            spaces = [(max(top, low) + 2, min(bottom, high) - 2) for low, high in free]
            low, high = max(spaces, key=lambda each: each[1] - each[0])
            if high - low >= need and width_of(gap.words, self.form.size) <= room:
                yield GapLabel(gap.words, (low + high) / 2)


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


def _lens_of(phase: Phase, lenses: Sequence[Lens]) -> Scale | None:
    """The scale of the lens in which both ends of `phase` lie."""
    first, last = sorted(each.at for each in phase.instants)
    scales = (each.scale for each in lenses)
    return next((each for each in scales if each.start <= first and last <= each.end), None)


def _count(lanes: Mapping[Phase, int], phases: Iterable[Phase]) -> int:
    """How many lanes `phases` stand in."""
    return 1 + max((lanes[each] for each in phases), default=-1)


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


def _rows(words: Sequence[Words]) -> int:
    return 1 + max((each.row for each in words), default=0)


def _height(words: Sequence[Words], form: Format) -> float:
    rows = _rows(words)
    return rows * form.leading + (0.6 if rows == 1 else 7)


def _head_of(words: Sequence[Words], form: Format) -> float:
    """How far below the top of its label the middle of the first line stands."""
    above = _height(words, form) - _rows(words) * form.leading
    return (above + form.leading) / 2

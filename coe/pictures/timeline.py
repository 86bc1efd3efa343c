"""The course of an incident to scale, drawn from its snapshot."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from coe.pictures.lettering import shorten, width_of, wrap
from coe.pictures.moments import (
    Gap,
    Moment,
    gaps_of,
    missing_milestones,
    moments_of,
    phases_of,
)
from coe.pictures.scale import Scale
from coe.pictures.svg import (
    INK,
    LINE,
    MUTED,
    PAPER,
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
from coe.pictures.timeline_layout import BAR, arrange
from coe.pictures.timeline_values import ON_PAPER, ON_PHONE, Bar, Format, Label, Layout
from coe.snapshots.snapshot import Snapshot
from coe.text.durations import describe_duration
from coe.text.instants import day_label, local_clock, local_day
from coe.timeline.outline import LONGEST_GAP

TONES = {
    "detection": "#0b5f7c",
    "engagement": "#6fa8ba",
    "mitigation": "#b9d6df",
    "recovery": "#e6f0f3",
}
"""What a phase leads to, from dark to light: told apart in grey as well, each named beside it."""


@lru_cache(maxsize=16)
def timeline_picture(snapshot: Snapshot, *, is_published: bool = False) -> Picture:
    """The axis with phases, entries, milestones and gaps. Empty where no moment is known.

    Equal snapshots give equal bytes.
    """
    missing = missing_milestones(snapshot, is_published=is_published)
    text = timeline_text(snapshot, missing)
    title = _title(snapshot, text)
    drawings = [_draw(snapshot, form, title, text, missing) for form in (ON_PAPER, ON_PHONE)]
    if drawings[0] is None or drawings[1] is None:
        return Picture()
    return Picture((drawings[0],), (drawings[1],), text)


def timeline_text(snapshot: Snapshot, missing: str) -> str:
    """The same in words: phases, what is `missing`, gaps. Entries stand in the table beside it."""
    zone = ZoneInfo(snapshot.zone)
    sentences = []
    for phase in phases_of(snapshot):
        times = " to ".join(
            f"{local_clock(each, zone)} on {local_day(each, zone)}" for each in phase.instants
        )
        sentences.append(f"{phase.title}: {phase.words} ({times}).")
    if missing:
        sentences.append(missing)
    gaps = gaps_of(snapshot)
    if gaps:
        count = "1 gap" if len(gaps) == 1 else f"{len(gaps)} gaps"
        least = describe_duration(int(LONGEST_GAP.total_seconds()))
        longest = max(gaps, key=lambda gap: gap.end - gap.start)
        sentences.append(f"{count} of more than {least}; the longest: {longest.words}.")
    return " ".join(sentences)


def _title(snapshot: Snapshot, text: str) -> str:
    moments = moments_of(snapshot)
    if not moments:
        return ""
    zone = ZoneInfo(snapshot.zone)
    first, last = moments[0], moments[-1]
    count = len(snapshot.entries)
    until = last.clock if first.day == last.day else f"{last.clock} on {last.day}"
    return (
        f"Timeline to scale, {first.clock} on {first.day} to {until} ({zone.key}): "
        f"{count} {'entry' if count == 1 else 'entries'}. {text}"
    )


def _draw(
    snapshot: Snapshot, form: Format, title: str, text: str, missing: str
) -> SafeString | None:
    layout = arrange(snapshot, form)
    if layout is None:
        return None
    parts = [
        *_head(layout, snapshot),
        *_lenses(layout),
        *_axis(layout),
        *(part for bar in layout.bars for part in _bar(bar, layout)),
        *(_leader(label, layout) for label in layout.labels),
        *(part for label in _milestones_last(layout) for part in _marks(label, layout)),
        *(part for label in layout.labels for part in _label(label, layout)),
        *_gap_labels(layout),
    ]
    height = layout.height + 6
    for line in wrap(missing, form.width, form.size - 1, lines=4):
        height += form.leading
        parts.append(words(0, height - 4, line, size=form.size - 1, tone="muted"))
    kind = "narrow" if form.is_narrow else "wide"
    return drawing(form.width, height, title=title, text=text, kind=kind, parts=parts)


def _head(layout: Layout, snapshot: Snapshot) -> Iterator[SafeString]:
    """The line above: the days that it covers, and the zone of all times."""
    form = layout.format
    zone = ZoneInfo(snapshot.zone)
    instants = [each for label in layout.labels for each in label.moment.instants]
    last = max(each.end or each.at for each in instants)
    days = _days(min(each.at for each in instants).astimezone(zone), last.astimezone(zone))
    ways = (f"{days}, times in {zone.key}", f"{days}, {zone.key}")
    size = form.size - 1
    line = next((each for each in ways if width_of(each, size) <= form.width), ways[-1])
    yield words(0, form.size, shorten(line, form.width, size), size=size, tone="muted")


def _days(first: datetime, last: datetime) -> str:
    """ "11 Feb 2025", "10 to 17 Feb 2026", "12 Jan to 11 Feb 2025", "30 Dec 2025 to 2 Jan 2026"."""
    since, until = day_label(first), day_label(last)
    if since == until:
        return until
    same = 0 if first.year != last.year else 5 if first.month != last.month else 9
    return f"{since[: len(since) - same]} to {until}"


def _axis(layout: Layout) -> Iterator[SafeString]:
    form, x = layout.format, layout.axis_x
    yield from _line_of_time(x, layout.scale, layout.gaps)
    for tick in layout.ticks:
        y = layout.scale.place(tick.at)
        yield path(through([(x - 5, y), (x, y)]), what="axis", stroke=INK)
        yield words(x - 8, y + form.size * 0.33, tick.label, size=form.size - 1, tone="muted",
                    bold=tick.is_day, end=True)  # fmt: skip


def _line_of_time(x: float, scale: Scale, gaps: tuple[Gap, ...]) -> Iterator[SafeString]:
    """The axis itself: drawn through where something is written, dotted in the gaps."""
    y, drawn, dotted = scale.top, [], []
    for gap in gaps:
        start = min(max(scale.place(gap.start), scale.top), scale.bottom)
        end = min(max(scale.place(gap.end), scale.top), scale.bottom)
        if end <= start:
            continue
        drawn.append(through([(x, y), (x, start)]))
        dotted.append(through([(x, start), (x, end)]))
        y = end
    drawn.append(through([(x, y), (x, scale.bottom)]))
    yield path(" ".join(drawn), what="axis", stroke=INK, width=1.6)
    if dotted:
        yield path(" ".join(dotted), what="gap", width=1.6, dash="1.6 3.4")


def _lenses(layout: Layout) -> Iterator[SafeString]:
    x = layout.lens_x
    for lens in layout.lenses:
        funnel = [
            (layout.axis_x, lens.top),
            (layout.panel_x, lens.scale.top),
            (x, lens.scale.top),
            (x, lens.scale.bottom),
            (layout.panel_x, lens.scale.bottom),
            (layout.axis_x, lens.bottom),
        ]
        yield path(through(funnel, closed=True), what="lens", stroke=LINE, fill="#f1f4f5")
        yield from _line_of_time(x, lens.scale, layout.gaps)


def _bar(bar: Bar, layout: Layout) -> Iterator[SafeString]:
    form = layout.format
    lines = [(line, True) for line in bar.title] + [(line, False) for line in bar.words]
    top = bar.middle - len(lines) * form.leading / 2
    if bar.x is not None:
        height = max(bar.bottom - bar.top, 1.5)
        yield _phase(bar, bar.x, bar.top, BAR, height)
        if bar.is_on_lens:
            yield _phase(bar, form.aside + 4, top + form.leading / 2 - 3.5, 7, 7)
        else:
            y = min(max(bar.middle, bar.top), bar.top + height)
            way = [
                (form.aside + 3, bar.middle),
                (layout.bars_x - 9, bar.middle),
                (layout.bars_x - 4, y),
                (bar.x, y),
            ]
            yield path(through(way), what="leader", stroke=MUTED, width=0.7)
    for row, (line, is_bold) in enumerate(lines):
        baseline = top + row * form.leading + form.size * 0.94
        yield words(form.aside, baseline, line, size=form.size, bold=is_bold, end=True,
                    tone="ink" if is_bold else "muted")  # fmt: skip


def _phase(bar: Bar, x: float, y: float, width: float, height: float) -> SafeString:
    """The bar, and small beside its words the same again where no line leads from them to it."""
    is_hollow = bar.phase.is_reversed
    return path(
        box(x, y, width, height),
        what="reversed" if is_hollow else f"phase-{bar.phase.end}",
        stroke=INK,
        width=0.8,
        fill=PAPER if is_hollow else TONES[bar.phase.end],
        dash="3 2" if is_hollow else "",
    )


def _milestones_last(layout: Layout) -> list[Label]:
    """In the order in which marks are drawn, so that none hides a milestone."""
    return sorted(layout.labels, key=lambda label: bool(label.moment.milestones))


def _leader(label: Label, layout: Layout) -> SafeString:
    """From the moment to its label: slanting in one column and level in the next, so that lines
    past a lens stay clear of it."""
    start, turn = layout.axis_x, layout.labels_x - 8
    if label.is_on_lens:
        start = layout.lens_x
    elif layout.lenses:
        turn = layout.panel_x
    way = [(start, label.origin), (turn, label.anchor), (layout.labels_x - 3, label.anchor)]
    return path(through(way), what="leader", width=0.7)


def _label(label: Label, layout: Layout) -> Iterator[SafeString]:
    form = layout.format
    top = label.anchor - form.leading / 2
    for piece in label.words:
        baseline = top + piece.row * form.leading + form.size * 0.94
        yield words(layout.labels_x + piece.x, baseline, piece.text, size=form.size,
                    bold=piece.is_bold, tone=piece.tone)  # fmt: skip


def _marks(label: Label, layout: Layout) -> Iterator[SafeString]:
    """A dot, a ring where the time is approximate, a lozenge along a span; a diamond for a
    milestone; a dash where many share a label, and for all on the axis beside a lens."""
    moment, scale, x = label.moment, layout.scale, layout.axis_x
    if label.is_on_lens:
        yield _dashes(moment, scale, x)
        x = layout.lens_x
        scales = (lens.scale for lens in layout.lenses)
        scale = next(each for each in scales if each.start <= moment.at <= each.end)
    if moment.count > 1:
        yield _dashes(moment, scale, x)
        return
    (instant,) = moment.instants
    y = scale.place(instant.at)
    if instant.end:
        end = min(scale.place(instant.end), scale.bottom)
        yield _span(x, y, end, is_about=instant.is_about)
    if moment.milestones:
        yield _diamond(x, y, is_open=instant.is_about)
    elif not instant.end:
        yield disc(x, y, 3.2, what="mark", is_open=instant.is_about)


def _dashes(moment: Moment, scale: Scale, x: float) -> SafeString:
    heights = dict.fromkeys(scale.place(instant.at) for instant in moment.instants)
    d = " ".join(through([(x - 3.5, y), (x + 3.5, y)]) for y in heights)
    return path(d, what="axis", stroke=INK, width=0.8)


def _span(x: float, y: float, end: float, *, is_about: bool) -> SafeString:
    return element(
        "rect",
        {
            "class": "picture__mark-open",
            "x": x - 3.6,
            "y": y,
            "width": 7.2,
            "height": max(end - y, 2),
            "rx": 3,
            "fill": PAPER,
            "stroke": INK,
            "stroke-width": 1.4,
            **({"stroke-dasharray": "2 1.6"} if is_about else {}),
        },
    )


def _diamond(x: float, y: float, *, is_open: bool) -> SafeString:
    corners = [(x, y - 5.6), (x + 5.6, y), (x, y + 5.6), (x - 5.6, y)]
    return element(
        "path",
        {
            "class": f"picture__milestone{'-open' if is_open else ''}",
            "d": through(corners, closed=True),
            "fill": PAPER if is_open else "#0b5f7c",
            "stroke": "#0b5f7c",
            "stroke-width": number(1.4),
        },
    )


def _gap_labels(layout: Layout) -> Iterator[SafeString]:
    form = layout.format
    for gap in layout.gap_labels:
        yield words(layout.labels_x + layout.hang, gap.middle + form.size * 0.33, gap.words,
                    size=form.size - 1, tone="muted")  # fmt: skip

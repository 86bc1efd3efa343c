"""The causes as a layered diagram, drawn from a snapshot.

It reads from left to right: a question, what answers it, what explains that. Kinds differ by
their sign and name, confidence by the line of the frame, ends by how the frame closes: open where
nothing is done and that is said, doubled where the risk is accepted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from uuid import UUID

from django.utils.safestring import SafeString

from coe.pictures.graph import Node, Part, divided, nodes_of
from coe.pictures.layers import Item, Layered, column_heights, layers, place
from coe.pictures.lettering import width_of, wrap
from coe.pictures.svg import (
    ACCENT,
    INK,
    MUTED,
    PAPER,
    PAPER_WIDTH,
    Picture,
    box,
    drawing,
    element,
    path,
    through,
    words,
)
from coe.snapshots.snapshot import Snapshot

MOST_COLUMNS = 4
TALLEST = 800.0
WIDEST = 236.0
TRUNK, GAP, TAIL, BETWEEN = 18.0, 34.0, 16.0, 13.0
SIZE, LEADING = 10.2, 12.8
PAD = 8.0
MOST_LINES = 7
FRAMES = {"confirmed": "", "likely": "8 3", "hypothesis": "1.5 2.5"}
SIGNS = {
    "trigger": "M0 0 L9 4.5 L0 9 Z",
    "contributing": "M3 0 H6 V3 H9 V6 H6 V9 H3 V6 H0 V3 H3 Z",
    "latent": "M0.5 0.5 H8.5 V8.5 H0.5 Z",
    "safeguard": "M0.5 0.5 H8.5 V4.5 L4.5 9 L0.5 4.5 Z M0 9 L9 0",
    "amplifier": "M0 4.5 L4.5 0 L9 4.5 M0 9 L4.5 4.5 L9 9",
    "luck": "M4.5 0 L9 4.5 L4.5 9 L0 4.5 Z",
}
FILLED = {"trigger", "contributing"}


@lru_cache(maxsize=16)
def causes_picture(
    snapshot: Snapshot, *, names_open_ends: bool = True, rejected: frozenset[UUID] = frozenset()
) -> Picture:
    """One drawing, or where a page cannot hold it several. Empty where there is no cause.

    `names_open_ends`: say of an end that nothing answers it, and draw it open. Else it is closed
    as any other, since nobody is told what an open one means. Action items that are `rejected`
    answer nothing.
    Equal snapshots give equal bytes.
    """
    nodes = nodes_of(snapshot, rejected)
    sheets = [
        Sheet(part, names_open_ends)
        for part in divided(nodes, lambda part: Sheet(part, names_open_ends).fits)
    ]
    text = causes_text(nodes, names_open_ends=names_open_ends)
    drawings = tuple(_draw(sheet, place, len(sheets)) for place, sheet in enumerate(sheets, 1))
    return Picture(drawings, (), text)


def causes_text(nodes: Sequence[Node], *, names_open_ends: bool) -> str:
    """The same in words, a sentence for each cause."""
    return " ".join(_sentence(node, names_open_ends) for node in nodes)


def _sentence(node: Node, names_open_ends: bool) -> str:
    facts = ", ".join(each.lower() for each in (node.kind_label, node.confidence_label) if each)
    effects = ", ".join(node.explains) if node.explains else f"the impact ({node.question})"
    if node.answers:
        end = f" Answered by {', '.join(node.answers)}."
    elif node.is_risk_accepted:
        end = " The risk is accepted."
    else:
        end = " Nothing answers it yet." if node.is_open and names_open_ends else ""
    return f"{node.number} ({facts}) explains {effects}.{end}"


@dataclass(frozen=True, slots=True)
class Card:
    """A cause, or what a drawing starts from, with its words broken into lines."""

    height: float
    name: str
    label: tuple[str, ...]
    lines: tuple[str, ...]
    foot: tuple[str, ...]


@dataclass
class Sheet:
    """A part with its columns measured; placed when it is asked for."""

    part: Part
    names_open_ends: bool = True
    columns: dict[str, int] = field(init=False)
    edges: list[tuple[str, str]] = field(init=False)
    stubs: dict[str, list[str]] = field(init=False)
    width: float = field(init=False)
    cards: dict[str, Card] = field(init=False)

    def __post_init__(self) -> None:
        numbers = [node.number for node in self.part.nodes]
        self.columns = layers(numbers, self.part.edges, self.part.roots)
        self.edges = [
            (node, effect)
            for node, effect in self.part.edges
            if self.columns[node] > self.columns[effect]
        ]
        drawn = set(self.edges)
        self.stubs = {
            node.number: [
                each
                for each in node.explains
                if (node.number, each) not in drawn and each not in self.part.heads
            ]
            for node in self.part.nodes
        }
        count = max(self.columns.values(), default=0) + 1
        room = PAPER_WIDTH - TRUNK - TAIL - GAP * (count - 1)
        self.width = min(WIDEST, room / count)
        self.cards = {head: self._head(head) for head in self.part.heads}
        for node in self.part.nodes:
            self.cards[node.number] = self._card(node)

    @property
    def fits(self) -> bool:
        """Whether a page of paper can hold it."""
        if max(self.columns.values()) >= MOST_COLUMNS:
            return False
        heights = {key: card.height for key, card in self.cards.items()}
        columns = dict.fromkeys(self.part.heads, 0) | self.columns
        return max(column_heights(columns, heights, self.edges, BETWEEN)) <= TALLEST

    def placed(self) -> Layered:
        """Every card in its place, the heads right above the first cause below them."""
        heads = list(self.part.heads)
        order = [key for head in heads for key in (head, *self.under(head))]
        order += [number for number in self.columns if self.columns[number] > 0]
        columns = dict.fromkeys(heads, 0) | self.columns
        heights = {key: card.height for key, card in self.cards.items()}
        placed = place(order, columns, heights, self.edges, between=BETWEEN, tallest=TALLEST)
        placed.draw_near(heads)
        return placed

    def under(self, head: str) -> list[str]:
        """The causes that stand directly below what the drawing starts from."""
        return [node.number for node in self.part.nodes if node.primary == head]

    def x(self, column: int) -> float:
        """The left edge of a column."""
        return TRUNK + column * (self.width + GAP)

    def _head(self, head: str) -> Card:
        text = self.part.heads[head]
        room = self.width - 2 * PAD
        is_cause = text is not None
        lines = wrap(head if text is None else text, room, SIZE, lines=3, bold=not is_cause)
        name = f"{head} goes on" if is_cause else "The impact"
        height = (1 + len(lines)) * LEADING + 2 * PAD - 3
        return Card(height, name, (), lines, ())

    def _card(self, node: Node) -> Card:
        room = self.width - 2 * PAD
        indent = width_of(node.number, SIZE, bold=True) + (20 if node.kind else 6)
        label = wrap(node.kind_label, room, SIZE - 0.7, lines=2)
        if width_of(node.kind_label, SIZE - 0.7) > room - indent:
            label = ("", *label)
        lines = wrap(node.words, room, SIZE, lines=MOST_LINES)
        foot = wrap(self._foot(node), room, SIZE - 0.7, lines=6)
        rows = max(len(label), 1) + len(lines) + len(foot)
        height = rows * LEADING + 2 * PAD - 3 + (4 if foot else 0)
        return Card(height, node.number, label, lines, foot)

    def _foot(self, node: Node) -> str:
        """What stands below the words of a cause: how sure it is, what is done about it."""
        said = [] if node.confidence == "confirmed" else [node.confidence_label]
        if self.stubs[node.number]:
            said.append(f"also explains {', '.join(self.stubs[node.number])}")
        if node.answers:
            said.append(f"answered by {', '.join(node.answers)}")
        if node.is_risk_accepted:
            said.append("risk accepted")
        if node.is_open and self.names_open_ends:
            said.append("open: nothing answers it")
        if node.number in self.part.goes_on:
            said.append("goes on below")
        line = " · ".join(said)
        return line[:1].upper() + line[1:]


def _draw(sheet: Sheet, number: int, count: int) -> SafeString:
    layered = sheet.placed()
    height = max(i.middle + i.height / 2 for stack in layered.columns for i in stack) + 4
    which = "" if count == 1 else f", {number} of {count}"
    told = causes_text(sheet.part.nodes, names_open_ends=sheet.names_open_ends)
    parts = [
        *(part for head in sheet.part.heads for part in _trunk(head, sheet, layered)),
        *_edges(sheet, layered),
        *(part for head in sheet.part.heads for part in _head(head, sheet, layered)),
        *(part for node in sheet.part.nodes for part in _node(node, sheet, layered)),
    ]
    return drawing(
        PAPER_WIDTH, height, title=_title(sheet.part, which), text=told, kind="wide", parts=parts
    )


def _title(part: Part, which: str) -> str:
    """ "Diagram of the causes, 2 of 3: 5 causes, C5 to C9, below C4. ..." """
    names = [node.number for node in part.nodes]
    shown = f"{len(names)} causes, {names[0]} to {names[-1]}"
    if len(names) == 1:
        shown = f"1 cause, {names[0]}"
    below = ", ".join(part.heads)
    end = "" if below.endswith("?") else "."
    return (
        f"Diagram of the causes{which}: {shown}, below {below}{end} "
        "The list of causes says the same in words."
    )


def _trunk(head: str, sheet: Sheet, layered: Layered) -> Iterator[SafeString]:
    """From what a drawing starts from down its left side to the causes that explain it."""
    top = layered.nodes[head].middle
    for number in sheet.under(head):
        y = layered.nodes[number].middle
        way = [(TRUNK, y), (6, y), (6, top), (TRUNK, top)]
        yield path(through(way), what="edge", stroke=MUTED, width=1.2)
        yield _arrow(TRUNK, top, is_leftward=False)


def _arrow(x: float, y: float, *, is_leftward: bool = True) -> SafeString:
    """The tip at the effect."""
    back = x + 6 if is_leftward else x - 6
    corners = [(x, y), (back, y - 3.2), (back, y + 3.2)]
    d = through(corners, closed=True)
    return path(d, what="tip", stroke=MUTED, width=0.6, fill=MUTED)


def _edges(sheet: Sheet, layered: Layered) -> Iterator[SafeString]:
    ports = _ports(layered)
    for (node, effect), way in layered.ways.items():
        is_primary = next(n for n in sheet.part.nodes if n.number == node).primary == effect
        x, y = sheet.x(way[0].column) + sheet.width, ports[id(way[0]), id(way[1]), True]
        yield _arrow(x, y)
        d = [through([(x + 6, y)])]
        for left, right in pairwise(way):
            start = sheet.x(left.column) + sheet.width
            end = sheet.x(right.column)
            leaving = ports[id(left), id(right), True]
            arriving = ports[id(right), id(left), False]
            first = f"{start + (6 if left is way[0] else 0):g}"
            middle = (start + end) / 2
            d.append(
                f"L{first} {leaving:.1f} C{middle:.1f} {leaving:.1f} "
                f"{middle:.1f} {arriving:.1f} {end:.1f} {arriving:.1f}"
            )
        dash = "" if is_primary else "5 3"
        yield path(" ".join(d), what="edge", stroke=MUTED, width=1.2, dash=dash)


def _ports(layered: Layered) -> Mapping[tuple[int, int, bool], float]:
    """Where on its right (True) or left side each item is joined to each neighbour."""
    ports: dict[tuple[int, int, bool], float] = {}
    for stack in layered.columns:
        for item in stack:
            for neighbours, is_right in ((item.right, True), (item.left, False)):
                for neighbour, y in _side(item, neighbours):
                    ports[id(item), id(neighbour), is_right] = y
    return ports


def _side(item: Item, neighbours: Sequence[Item]) -> Iterator[tuple[Item, float]]:
    ordered = sorted(neighbours, key=lambda each: each.middle)
    step = min(11.0, (item.height - BETWEEN) * 0.7 / max(len(ordered), 1)) if item.key else 0.0
    for rank, neighbour in enumerate(ordered):
        yield neighbour, item.middle + (rank - (len(ordered) - 1) / 2) * step


def _head(head: str, sheet: Sheet, layered: Layered) -> Iterator[SafeString]:
    card = sheet.cards[head]
    x, top = TRUNK, layered.nodes[head].middle - card.height / 2
    is_cause = sheet.part.heads[head] is not None
    yield path(
        box(x, top, sheet.width, card.height),
        what="head-cause" if is_cause else "head",
        stroke=INK,
        width=1.2,
        fill="#e9eded" if is_cause else INK,
    )
    tone = "ink" if is_cause else "inverse"
    y = top + PAD + SIZE * 0.85
    yield words(x + PAD, y, card.name, size=SIZE - 0.7, bold=is_cause, tone=tone)
    for row, line in enumerate(card.lines, 1):
        yield words(x + PAD, y + row * LEADING, line, size=SIZE, bold=not is_cause, tone=tone)


def _node(node: Node, sheet: Sheet, layered: Layered) -> Iterator[SafeString]:
    item, card = layered.nodes[node.number], sheet.cards[node.number]
    x, top = sheet.x(item.column), item.middle - card.height / 2
    is_open = node.is_open and sheet.names_open_ends
    yield from _frame(node, x, top, sheet.width, card.height, is_open=is_open)
    left, y = x + PAD, top + PAD + SIZE * 0.85
    if node.kind:
        yield _sign(node.kind, left, y - 8.4)
        left += 14
    yield words(left, y, node.number, size=SIZE, bold=True, tone="accent")
    left += width_of(node.number, SIZE, bold=True) + 6
    for row, line in enumerate(card.label):
        if not line:
            continue
        start = x + PAD if row else left
        yield words(start, y + row * LEADING, line, size=SIZE - 0.7, tone="muted")
    y += (max(len(card.label), 1) - 1) * LEADING
    for row, line in enumerate(card.lines, 1):
        yield words(x + PAD, y + row * LEADING, line, size=SIZE)
    y += len(card.lines) * LEADING + 4
    for row, line in enumerate(card.foot, 1):
        yield words(x + PAD, y + row * LEADING, line, size=SIZE - 0.7, bold=True)


def _frame(
    node: Node, x: float, y: float, width: float, height: float, *, is_open: bool
) -> Iterator[SafeString]:
    right, bottom = x + width, y + height
    yield path(box(x, y, width, height), what="ground", stroke="none", fill=PAPER)
    dash = FRAMES[node.confidence]
    if not is_open:
        yield path(box(x, y, width, height), what="frame", stroke=INK, width=1.2, dash=dash)
        if node.is_risk_accepted:
            inner = [(right - 3.5, y), (right - 3.5, bottom)]
            yield path(through(inner), what="frame", stroke=INK, width=1.2)
        return
    open_side = [(right, y), (x, y), (x, bottom), (right, bottom)]
    yield path(through(open_side), what="frame", stroke=INK, width=1.2, dash=dash)
    for edge in (y, bottom):
        yield path(through([(right + 3, edge), (right + TAIL - 2, edge)]), what="frame",
                   stroke=INK, width=1.2, dash="1.5 3")  # fmt: skip


def _sign(kind: str, x: float, y: float) -> SafeString:
    return element(
        "path",
        {
            "class": f"picture__sign{'' if kind in FILLED else '-open'}",
            "d": SIGNS[kind],
            "transform": f"translate({x:.1f} {y:.1f})",
            "fill": ACCENT if kind in FILLED else "none",
            "stroke": ACCENT,
            "stroke-width": 1.3,
        },
    )

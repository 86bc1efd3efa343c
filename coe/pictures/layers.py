"""A layered drawing of a graph without circles: effects to the left, what explains them right.

The steps are the classical ones (Sugiyama, Tagawa, Toda 1981): each node one column to the right
of the furthest it explains; an edge that passes a column gets a place of its own there, so that
it runs through no node; columns are ordered by the means of their neighbours, which leaves few
crossings; then each node moves as near to the middle of its neighbours as its column allows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from coe.pictures.spread import spread

SWEEPS = 8
MOST_LAYERS = 60
PASSAGE = 9.0
"""The height of the place of an edge that passes a column."""

Edge = tuple[str, str]
"""A node, and the one to its left that it explains."""


def layers(order: Sequence[str], edges: Iterable[Edge], roots: set[str]) -> dict[str, int]:
    """The column of each node, 0 for `roots`: else one more than the furthest it explains.

    Where the edges close a circle, what is in it ends beyond MOST_LAYERS.
    """
    effects: dict[str, list[str]] = {key: [] for key in order}
    for node, effect in edges:
        if node in effects and effect in effects and node not in roots:
            effects[node].append(effect)
    found = dict.fromkeys(order, 0)
    for _ in range(MOST_LAYERS + 1):
        before = dict(found)
        for key in order:
            found[key] = 1 + max((found[each] for each in effects[key]), default=-1)
        if found == before:
            break
    return found


@dataclass(slots=True)
class Item:
    """Something with a place in a column: a node, or an edge that passes (`key` is then None)."""

    key: str | None
    column: int
    height: float
    left: list["Item"] = field(default_factory=list)
    right: list["Item"] = field(default_factory=list)
    middle: float = 0.0
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Layered:
    """The nodes by key, and for every edge the items it visits, from the effect to the cause."""

    nodes: Mapping[str, Item]
    ways: Mapping[Edge, tuple[Item, ...]]
    columns: tuple[tuple[Item, ...], ...]

    def draw_near(self, heads: Sequence[str]) -> None:
        """Move each of these, which have no neighbours, down to the item that follows it."""
        first = self.columns[0]
        for before, item in pairwise(first):
            if before.key in heads:
                before.middle = item.middle - (item.height + before.height) / 2
        top = min(item.middle - item.height / 2 for stack in self.columns for item in stack)
        for stack in self.columns:
            for item in stack:
                item.middle -= top


def column_heights(columns: Mapping[str, int], heights: Mapping[str, float],
                   edges: Iterable[Edge], between: float) -> list[float]:  # fmt: skip
    """How high each column becomes at the least, passing edges included."""
    totals = [0.0] * (max(columns.values(), default=0) + 1)
    for key, column in columns.items():
        totals[column] += heights[key] + between
    for node, effect in edges:
        for column in range(columns[effect] + 1, columns[node]):
            totals[column] += PASSAGE
    return totals


def place(
    order: Sequence[str],
    columns: Mapping[str, int],
    heights: Mapping[str, float],
    edges: Sequence[Edge],
    *,
    between: float,
    tallest: float,
) -> Layered:
    """Where the nodes stand, in columns no higher than `tallest` if they fit at all.

    Column 0 keeps the order of `order`. Every edge leads at least one column to the left.
    """
    nodes = {key: Item(key, columns[key], heights[key] + between) for key in order}
    ways = {edge: _way(nodes, edge) for edge in edges}
    stacks: list[list[Item]] = [[] for _ in range(max(columns.values(), default=0) + 1)]
    for key in order:
        stacks[columns[key]].append(nodes[key])
    for way in ways.values():
        for item in way[1:-1]:
            stacks[item.column].append(item)
    _order(stacks)
    _align(stacks, tallest)
    return Layered(nodes, ways, tuple(map(tuple, stacks)))


def _way(nodes: Mapping[str, Item], edge: Edge) -> tuple[Item, ...]:
    cause, effect = nodes[edge[0]], nodes[edge[1]]
    passed = [Item(None, column, PASSAGE) for column in range(effect.column + 1, cause.column)]
    way = (effect, *passed, cause)
    for left, right in pairwise(way):
        left.right.append(right)
        right.left.append(left)
    return way


def _order(stacks: list[list[Item]]) -> None:
    """Sweep to and fro, and keep the order with the fewest crossings."""
    _rank(stacks)
    best, fewest = [list(stack) for stack in stacks], _crossings(stacks)
    for sweep in range(SWEEPS):
        rightward = sweep % 2 == 0
        for stack in stacks[1:] if rightward else reversed(stacks[1:]):
            stack.sort(key=lambda item: _mean_rank(item.left if rightward else item.right, item))
            _rank([stack])
        if (count := _crossings(stacks)) < fewest:
            best, fewest = [list(stack) for stack in stacks], count
    stacks[:] = best
    _rank(stacks)


def _rank(stacks: Iterable[list[Item]]) -> None:
    for stack in stacks:
        for rank, item in enumerate(stack):
            item.rank = rank


def _mean_rank(neighbours: Sequence[Item], item: Item) -> float:
    ranks = [each.rank for each in neighbours] or [item.rank]
    return sum(ranks) / len(ranks)


def _crossings(stacks: Sequence[Sequence[Item]]) -> int:
    count = 0
    for stack in stacks[:-1]:
        reached: list[int] = []
        for item in stack:
            ends = sorted(each.rank for each in item.right)
            count += sum(before > end for end in ends for before in reached)
            reached += ends
    return count


def _align(stacks: Sequence[Sequence[Item]], tallest: float) -> None:
    """Move each item towards the middle of its neighbours, first all at the top."""
    for stack in stacks:
        _settle(stack, [0.0] * len(stack), tallest)
    for sweep in range(SWEEPS):
        rightward = sweep % 2 == 1
        for stack in stacks if rightward else reversed(stacks):
            wanted = [_mean_middle(item.left if rightward else item.right, item) for item in stack]
            _settle(stack, wanted, tallest)


def _settle(stack: Sequence[Item], wanted: Sequence[float], tallest: float) -> None:
    sizes = [item.height for item in stack]
    for item, middle in zip(stack, spread(wanted, sizes, top=0, bottom=tallest), strict=True):
        item.middle = middle


def _mean_middle(neighbours: Sequence[Item], item: Item) -> float:
    middles = [each.middle for each in neighbours] or [item.middle]
    return sum(middles) / len(middles)

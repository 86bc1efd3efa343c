"""The shape of the causes: pure functions over edges from a cause to the effect it explains."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")

DEEPEST_INDENT = 8


def reachable(start: Key, edges: Iterable[tuple[Key, Key]]) -> set[Key]:
    """`start` and everything that edges lead to from it. Ends on circles too."""
    onward: dict[Key, list[Key]] = {}
    for source, target in edges:
        onward.setdefault(source, []).append(target)
    seen = {start}
    waiting = [start]
    while waiting:
        for target in onward.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


@dataclass(frozen=True, slots=True)
class Branch(Generic[Item]):
    """A cause as it is drawn: under its primary effect, at `depth` (0: explains the impact).

    `number` is its place in reading order, the one that readers see: C1, C2, and so on.
    """

    item: Item
    depth: int
    number: str

    @property
    def shown_depth(self) -> int:
        """How far it is indented: deeper branches than `DEEPEST_INDENT` stay where they are."""
        return min(self.depth, DEEPEST_INDENT)


def outline(
    order: Sequence[Key], primary: Mapping[Key, Key | None], items: Mapping[Key, Item]
) -> list[Branch[Item]]:
    """The causes in reading order, each after its primary effect, numbered C1, C2, C3.

    `order` holds every key once; `primary` names the effect a key is drawn under, None for none.
    """
    below: dict[Key | None, list[Key]] = {}
    for key in order:
        below.setdefault(primary[key], []).append(key)
    drawn: list[Branch[Item]] = []
    waiting = [(key, 0) for key in reversed(below.get(None, ()))]
    while waiting:
        key, depth = waiting.pop()
        drawn.append(Branch(items[key], depth, f"C{len(drawn) + 1}"))
        waiting.extend((child, depth + 1) for child in reversed(below.get(key, ())))
    return drawn

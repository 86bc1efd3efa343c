"""What was changed between two snapshots of a COE, in the order in which it is read."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from coe.snapshots.snapshot import Snapshot
from coe.text.difference import Piece, difference
from coe.text.sequences import rising

FACTS = (
    "title",
    "severity",
    "category",
    "service",
    "team",
    "owner",
    "zone",
    "form",
    "classification",
    "guide",
)
"""The fields of a snapshot that are one value each."""
NOT_CONTENT = frozenset({"schema"})
"""How it is stored, which is nothing that anybody wrote."""
TEXTS = frozenset(
    {
        "basis",
        "done_when",
        "name",
        "note",
        "question",
        "risk_reason",
        "text",
        "title",
        "what",
        "why",
    }
)
"""The fields that are compared by word; the others are one value that became another."""

Key = tuple[Hashable, int]
"""The identity of a row, and which it is of those that have the same."""


class Part(StrEnum):
    """The parts of a COE in the order in which it is read."""

    FACTS = "facts"
    MILESTONES = "milestones"
    SUMMARY = "summary"
    IMPACT = "impact"
    METRICS = "metrics"
    TIMELINE = "timeline"
    QUESTIONS = "questions"
    SAFEGUARDS = "safeguards"
    CAUSES = "causes"
    LESSONS = "lessons"
    ACTIONS = "actions"
    RELATED = "related"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that holds another value. Of a text `pieces` says how it became the other."""

    name: str
    before: Any
    after: Any
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One of several things of a kind: added, removed, changed in some fields, or moved.

    `kind` is the field of the snapshot that holds it. Of one that was added `before` is None, of
    one that was removed `after`; `fields` is then empty. One that is moved stands at another place
    among those that both have: moving these, and no others, makes their order the new one.
    `number` tells those apart that have one identity.
    """

    kind: str
    before: Any
    after: Any
    fields: tuple[FieldChange, ...] = ()
    is_moved: bool = False
    number: int = 1

    @property
    def is_added(self) -> bool:
        return self.before is None

    @property
    def is_removed(self) -> bool:
        return self.after is None


@dataclass(frozen=True, slots=True)
class PartChange:
    """What was changed in one part: `facts` in the part of that name, `rows` in all others."""

    part: Part
    facts: tuple[FieldChange, ...] = ()
    rows: tuple[RowChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The parts that were changed; none where the two say the same."""

    parts: tuple[PartChange, ...]

    @property
    def is_empty(self) -> bool:
        return not self.parts


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of rows: the field of the snapshot, what tells one from another, where it is read."""

    name: str
    key: Callable[[Any], Hashable]
    part: Callable[[Any], Part]


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """What has to be done to `before` to make it say what `after` says.

    Rows are the same where their identity is, whatever they say; an answer that is empty is as
    none. The other way round it is the same with added and removed exchanged. All texts together
    cost no more than one: what each may cost follows from the length of all.
    """
    found = outline(before, after).parts
    fields = (row.fields for part in found for row in part.rows)
    size = sum(_size(part.facts) for part in found) + sum(map(_size, fields))
    return Comparison(tuple(_part_by_word(part, size) for part in found))


def outline(before: Snapshot, after: Snapshot) -> Comparison:
    """As `compare`, without the pieces of the texts that were changed: it costs next to nothing."""
    by_part: dict[Part, list[RowChange]] = {part: [] for part in Part}
    for kind in KINDS:
        for part, change in _rows(kind, before, after):
            by_part[part].append(change)
    head = PartChange(Part.FACTS, facts=_fields(before, after, FACTS))
    parts = (head, *(PartChange(part, rows=tuple(rows)) for part, rows in by_part.items()))
    return Comparison(tuple(part for part in parts if part.facts or part.rows))


def unchanged(comparison: Comparison, after: Snapshot) -> dict[Part, int]:
    """How many facts, and rows that say something, stand in each part of `after` as they stood."""
    said = Counter({Part.FACTS: len(FACTS)})
    said.update(kind.part(row) for kind in KINDS for row in getattr(after, kind.name) if _says(row))
    for part in comparison.parts:
        said[part.part] -= len(part.facts) + sum(_says(row.after) for row in part.rows)
    return {part: said[part] for part in Part}


def _says(row: Any) -> bool:
    """Whether it is there, and is no empty section or answer."""
    return row is not None and getattr(row, "text", "-") != ""


def _part_by_word(part: PartChange, size: int) -> PartChange:
    rows = tuple(replace(row, fields=_by_word(row.fields, size)) for row in part.rows)
    return replace(part, facts=_by_word(part.facts, size), rows=rows)


def compare_each(rows: Sequence[RowChange]) -> list[RowChange]:
    """`rows` with the fields of each in which its two values differ; they share what one
    comparison of texts may cost. The values may be of any dataclass."""
    found = [
        row
        if row.is_added or row.is_removed
        else replace(row, fields=_fields(row.before, row.after, _names(row.before)))
        for row in rows
    ]
    size = sum(_size(row.fields) for row in found)
    return [replace(row, fields=_by_word(row.fields, size)) for row in found]


def _size(changes: Sequence[FieldChange]) -> int:
    """The characters of all texts."""
    return sum(len(each.before) + len(each.after) for each in changes if each.name in TEXTS)


def _by_word(changes: Sequence[FieldChange], size: int) -> tuple[FieldChange, ...]:
    """With the pieces of all texts, which have `size` characters in the whole comparison."""
    return tuple(
        replace(each, pieces=difference(each.before, each.after, at_once=size))
        if each.name in TEXTS
        else each
        for each in changes
    )


def _uid(row: Any) -> Any:
    return row.uid


def _in(part: Part) -> Callable[[Any], Part]:
    return lambda row: part


def _part_of_section(section: Any) -> Part:
    parts = {part.value: part for part in (Part.IMPACT, Part.METRICS)}
    return parts.get(section.slug, Part.SUMMARY)


def _part_of_answer(answer: Any) -> Part:
    return Part.IMPACT if answer.part == Part.IMPACT else Part.QUESTIONS


KINDS = (
    _Kind("milestones", lambda row: row.kind, _in(Part.MILESTONES)),
    _Kind("sections", lambda row: row.slug, _part_of_section),
    _Kind("figures", _uid, _in(Part.IMPACT)),
    _Kind("answers", lambda row: (row.part, row.slug), _part_of_answer),
    _Kind("entries", _uid, _in(Part.TIMELINE)),
    _Kind("safeguards", _uid, _in(Part.SAFEGUARDS)),
    _Kind("causes", _uid, _in(Part.CAUSES)),
    _Kind("lessons", _uid, _in(Part.LESSONS)),
    _Kind("actions", _uid, _in(Part.ACTIONS)),
    _Kind("related", _uid, _in(Part.RELATED)),
    _Kind("contributors", lambda row: row, _in(Part.PEOPLE)),
)
"""The fields of a snapshot that hold rows, within one part in the order in which they are read."""


def _rows(kind: _Kind, before: Snapshot, after: Snapshot) -> Iterator[tuple[Part, RowChange]]:
    """Those that were changed: as they stand now, each one removed where it stood."""
    old, new = _by_key(kind, before), _by_key(kind, after)
    moved = _moved(list(old), list(new))
    for key in _merged(list(old), list(new), moved):
        change = _row(kind.name, old.get(key), new.get(key), is_moved=key in moved)
        if change:
            yield kind.part(new.get(key) or old.get(key)), replace(change, number=key[1])


def _row(kind: str, before: Any, after: Any, *, is_moved: bool) -> RowChange | None:
    if before is None or after is None:
        is_nothing = kind == "answers" and not (before or after).text
        return None if is_nothing else RowChange(kind, before, after)
    found = _fields(before, after, _names(before))
    return RowChange(kind, before, after, found, is_moved) if found or is_moved else None


def _names(value: Any) -> list[str]:
    return [each.name for each in fields(value)]


def _fields(before: Any, after: Any, names: Sequence[str]) -> tuple[FieldChange, ...]:
    values = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return tuple(FieldChange(name, old, new, ()) for name, old, new in values if old != new)


def _by_key(kind: _Kind, snapshot: Snapshot) -> dict[Key, Any]:
    """The rows in their order; where a key is there again, the count of it tells them apart."""
    counted: Counter[Hashable] = Counter()
    found: dict[Key, Any] = {}
    for row in getattr(snapshot, kind.name):
        key = kind.key(row)
        counted[key] += 1
        found[key, counted[key]] = row
    return found


def _moved(old: Sequence[Key], new: Sequence[Key]) -> set[Key]:
    """The fewest that have to be moved to bring what both have into the new order.

    Of several equal choices it is the same one in both directions.
    """
    shared = set(old) & set(new)
    orders = ([key for key in order if key in shared] for order in (old, new))
    first, second = sorted(orders, key=str)
    place = {key: number for number, key in enumerate(first)}
    stays = rising([place[key] for key in second])
    return shared - {second[each] for each in stays}


def _merged(old: Sequence[Key], new: Sequence[Key], moved: set[Key]) -> Iterator[Key]:
    """All keys: the new order, and what was removed behind what it stood behind."""
    removed_behind: dict[Key | None, list[Key]] = {}
    stays = set(new) - moved
    last: Key | None = None
    for key in old:
        if key in stays:
            last = key
        elif key not in moved:
            removed_behind.setdefault(last, []).append(key)
    yield from removed_behind.get(None, ())
    for key in new:
        yield key
        yield from removed_behind.get(key, ())

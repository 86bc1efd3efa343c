"""What was changed between two snapshots as parts that are ticked off one by one. Pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from coe.library.changes import TITLES, Teller, ToldField, ToldRow
from coe.snapshots.comparison import Comparison, Part, RowChange, compare, outline, unchanged
from coe.snapshots.serialise import to_plain
from coe.snapshots.snapshot import Snapshot

NAMED_BY = {"milestones": ("kind",), "sections": ("slug",), "answers": ("part", "slug")}
"""What tells one row of these kinds from another; people by all that is known of them, every other
row by its identity."""


@dataclass(frozen=True, slots=True)
class ChangedPart:
    """A fact or a row that was changed: `key` names it in its COE, `digest` is of what it says now.

    A tick of this digest holds until the part says something else, or is moved again.
    """

    key: str
    digest: str
    fact: ToldField | None = None
    row: ToldRow | None = None
    is_seen: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """The parts of a chapter that were changed, and how many stand as they stood."""

    slug: str
    title: str
    parts: tuple[ChangedPart, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Changes:
    """All that was changed, by chapter in the order of the document.

    `still` are the chapters in which nothing was, by title, with how much stands in each.
    """

    chapters: tuple[Chapter, ...]
    still: tuple[tuple[str, int], ...]

    @property
    def parts(self) -> list[ChangedPart]:
        return [part for chapter in self.chapters for part in chapter.parts]

    @property
    def unchanged(self) -> int:
        return sum(each.unchanged for each in self.chapters) + sum(many for _, many in self.still)

    @property
    def progress(self) -> "Progress":
        return Progress(sum(each.is_seen for each in self.parts), len(self.parts))

    @property
    def first_unseen(self) -> str:
        """The key of the first part that is not ticked, empty where all are."""
        return next((each.key for each in self.parts if not each.is_seen), "")


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the changed parts were ticked off."""

    seen: int
    total: int

    @property
    def is_all(self) -> bool:
        return self.seen == self.total


def changes_between(before: Snapshot, after: Snapshot, ticks: Mapping[str, str]) -> Changes:
    """What has to be read to know what `after` says, for whom ticked these digests, by part."""
    comparison = compare(before, after)
    still = unchanged(comparison, after)
    keys = _keys(comparison, after)
    teller = Teller(before, after)
    chapters = []
    for part in comparison.parts:
        facts = [ChangedPart(*next(keys), fact=told) for told in teller.facts(part.facts)]
        rows = [ChangedPart(*next(keys), row=teller.row(row)) for row in part.rows]
        parts = tuple(_ticked(each, ticks) for each in (*facts, *rows))
        chapters.append(Chapter(part.part, TITLES[part.part], parts, still.pop(part.part)))
    others = tuple((TITLES[part], many) for part, many in still.items() if many)
    return Changes(tuple(chapters), others)


def progress_between(before: Snapshot, after: Snapshot, ticks: Mapping[str, str]) -> Progress:
    """`Changes.progress`, without a look at single words."""
    keys = list(_keys(outline(before, after), after))
    return Progress(sum(ticks.get(key) == digest for key, digest in keys), len(keys))


def _ticked(part: ChangedPart, ticks: Mapping[str, str]) -> ChangedPart:
    return replace(part, is_seen=ticks.get(part.key) == part.digest)


def _keys(comparison: Comparison, after: Snapshot) -> Iterator[tuple[str, str]]:
    """The key and the digest of each change, in its order."""
    for part in comparison.parts:
        for fact in part.facts:
            yield f"{Part.FACTS}-{fact.name}", _digest(fact.name, fact.after)
        for row in part.rows:
            name = _name(row.kind, row.after if row.before is None else row.before)
            key = name if row.number == 1 else f"{name}-{row.number}"
            yield key, _digest(row.kind, row.after, behind=_behind(row, after))


def _name(kind: str, value: Any) -> str:
    if kind == "contributors":
        named = hashlib.sha256(f"{value.name}\n{value.role}".encode()).hexdigest()[:16]
    else:
        named = "-".join(str(getattr(value, name)) for name in NAMED_BY.get(kind, ("uid",)))
    return f"{kind}-{named}"


def _behind(row: RowChange, after: Snapshot) -> str:
    """What a row that was moved stands behind; "-" for one that was not."""
    if not row.is_moved:
        return "-"
    rows = getattr(after, row.kind)
    place = next(place for place, each in enumerate(rows) if each is row.after)
    return _name(row.kind, rows[place - 1]) if place else ""


def _digest(kind: str, value: Any, *, behind: str = "-") -> str:
    plain = [kind, None if value is None else to_plain(value), behind]
    written = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()

"""A check, and what it finds."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from coe.guidance.case import Case
from coe.guidance.ways import Way, way_to
from coe.policies.rules import Level


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written: a panel of the workspace, a row in it, a field of the row.

    `row` is the UUID of a row, the kind of a milestone or the slug of a question; it is empty
    where the whole panel is meant, as `field` is where the whole row is.
    """

    panel: str
    row: str = ""
    field: str = ""

    @property
    def way(self) -> Way:
        """What leads there; a row stands open."""
        return way_to(self.panel, self.row, self.field)


@dataclass(frozen=True, slots=True)
class Mend:
    """A correction that needs no thought: its name, what the button says, and what it works on."""

    name: str
    label: str
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a check says of one place.

    `sentence` is for the author and names what was found. `about` is what an author's answer holds
    for: the sentence, where nothing else is given. It changes only with the text that is meant: not
    from one day to the next, nor with what other rows are numbered or other COEs promise.
    """

    place: Place
    sentence: str
    mend: Mend | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, with the check that found it and how much that weighs."""

    check: str
    level: Level
    place: Place
    sentence: str
    mend: Mend | None
    about: str

    @property
    def key(self) -> str:
        """What it is known by: SHA-256, in hexadecimal, of the check, the place and `about`.

        Where those change it is another finding (`Found.about`).
        """
        place = self.place
        said = "|".join((self.check, place.panel, place.row, place.field, self.about))
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the craft.

    `why` is one sentence on why it matters and `source` where that comes from; `before` and
    `after` are an example. `level` is its weight where the guide names none. A check that is not
    `in_light` asks for what a light COE does not have. `heaviest` is the most that a guide can
    make of it: no more than `REASON` where an honest COE may have nothing to mend, because the
    facts are so or the day has passed. It could never be submitted. What `is_gap` finds is a field
    that is not filled yet: while it can be, that is what an author is told, not that it needs a
    reason.
    """

    id: str
    title: str
    why: str
    source: str
    before: str
    after: str
    level: Level
    in_light: bool
    heaviest: Level
    is_gap: bool
    find: Callable[[Case], Iterable[Found]]

    def weight(self, level: Level) -> Level:
        """What it weighs where a guide says `level`."""
        return level.at_most(self.heaviest)

    def findings(self, case: Case) -> Iterator[Finding]:
        """What it finds in `case`, at the level that the guide gives it."""
        level = self.weight(case.rules.level_of(self.id, self.level))
        if level == Level.OFF or (case.is_light and not self.in_light):
            return
        for found in self.find(case):
            about = found.about or found.sentence
            yield Finding(self.id, level, found.place, found.sentence, found.mend, about)


def check(
    identity: str,
    level: Level,
    *,
    title: str,
    why: str,
    source: str,
    before: str,
    after: str,
    in_light: bool = True,
    heaviest: Level = Level.BLOCKS,
    is_gap: bool = False,
) -> Callable[[Callable[[Case], Iterable[Found]]], Check]:
    """Make the function below a check."""
    return partial(
        Check, identity, title, why, source, before, after, level, in_light, heaviest, is_gap
    )


def row(panel: str, uid: UUID, field: str = "") -> Place:
    """The place of a row, or of one of its fields."""
    return Place(panel, str(uid), field)


def key_of(finding: Finding) -> str:
    """What `finding` is known by (`Finding.key`)."""
    return finding.key

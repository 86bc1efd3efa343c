"""A whole COE as a value.

A snapshot holds authored content only; state, sight and the reference are outside it
(coe.snapshots.printable). Fields are plain values, so that equal content is equal bytes.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from coe.text.instants import Instant

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as they were called when the snapshot was taken."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class MilestoneValue:
    """`state` is recorded, pending or not_applicable; a recorded one has an instant."""

    kind: str
    state: str
    instant: Instant | None


@dataclass(frozen=True, slots=True)
class SectionValue:
    slug: str
    text: str


@dataclass(frozen=True, slots=True)
class EntryValue:
    uid: UUID
    instant: Instant
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class CauseValue:
    """`explains` holds the causes that this one explains, the primary first; none: the impact."""

    uid: UUID
    text: str
    kind: str
    confidence: str
    evidence: str
    explains: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ActionValue:
    """The proposal fields of an action item; `cause` is one of the causes of the same snapshot."""

    uid: UUID
    title: str
    done_when: str
    owner: Person | None
    due_on: date | None
    priority: int
    kind: str
    cause: UUID | None
    tracker: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One COE. Rows stand in their order; `zone` is the IANA zone that times are shown in."""

    title: str
    severity: int
    service: str
    team: str
    zone: str
    owner: Person
    contributors: tuple[Person, ...]
    milestones: tuple[MilestoneValue, ...]
    sections: tuple[SectionValue, ...]
    entries: tuple[EntryValue, ...]
    causes: tuple[CauseValue, ...]
    actions: tuple[ActionValue, ...]
    schema: int = SCHEMA

    def section(self, slug: str) -> str:
        """The text of a section, empty where it was not written."""
        return next((each.text for each in self.sections if each.slug == slug), "")

    def instants(self) -> dict[str, Instant]:
        """The recorded milestones by kind."""
        return {each.kind: each.instant for each in self.milestones if each.instant}

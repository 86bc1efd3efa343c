"""A whole COE as a value.

A snapshot holds authored content only; state, sight and the reference are outside it
(coe.snapshots.printable). Fields are plain values, so that equal content is equal bytes.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from coe.text.instants import Instant

SCHEMA = 2
"""Raised when fields are added. What a schema did not know has its default when it is read."""
READABLE = (1, 2)


def since(schema: int, default: Any) -> Any:
    """A field that `schema` added: a snapshot of an older one neither reads nor writes it."""
    return field(default=default, metadata={"since": schema})


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
    """`milestone` is the kind of the milestone it marks, whose instant it then has, or empty."""

    uid: UUID
    instant: Instant
    text: str
    evidence: str
    kind: str = since(2, "")
    milestone: str = since(2, "")


@dataclass(frozen=True, slots=True)
class CauseValue:
    """`explains` holds the causes that this one explains, the primary first; none: the impact.

    `answers` is the question its chain started from, where it explains the impact. The risk is
    accepted where there is a reason.
    """

    uid: UUID
    text: str
    kind: str
    confidence: str
    evidence: str
    explains: tuple[UUID, ...]
    answers: str = since(2, "happened")
    risk_reason: str = since(2, "")
    risk_approver: Person | None = since(2, None)


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
class AnswerValue:
    """A question of the guide as it was asked, and its answer (Markdown), empty where none is."""

    part: str
    slug: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class FigureValue:
    """`amount` is None where it is not known yet; `source` is measured or estimated."""

    uid: UUID
    what: str
    amount: Decimal | None
    unit: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class SafeguardValue:
    """`outcome` is held, failed or missing."""

    uid: UUID
    name: str
    kind: str
    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class LessonValue:
    uid: UUID
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class RelatedValue:
    uid: UUID
    kind: str
    title: str
    url: str
    note: str


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
    form: str = since(2, "full")
    classification: str = since(2, "internal")
    guide: int = since(2, 1)
    answers: tuple[AnswerValue, ...] = since(2, ())
    figures: tuple[FigureValue, ...] = since(2, ())
    safeguards: tuple[SafeguardValue, ...] = since(2, ())
    lessons: tuple[LessonValue, ...] = since(2, ())
    related: tuple[RelatedValue, ...] = since(2, ())
    schema: int = SCHEMA

    def section(self, slug: str) -> str:
        """The text of a section, empty where it was not written."""
        return next((each.text for each in self.sections if each.slug == slug), "")

    def answers_of(self, part: str) -> tuple[AnswerValue, ...]:
        """The questions of one part with their answers, in the order they are asked."""
        return tuple(each for each in self.answers if each.part == part)

    def instants(self) -> dict[str, Instant]:
        """The recorded milestones by kind."""
        return {each.kind: each.instant for each in self.milestones if each.instant}

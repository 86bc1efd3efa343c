"""A whole COE as a value.

A snapshot holds authored content only; state, sight and the reference are outside it
(coe.snapshots.printable). Fields are plain values, so that equal content is equal bytes.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from coe.text.instants import Instant

SCHEMA = 2
"""Raised when fields are added. What a schema did not know has its default when it is read."""
READABLE = (1, 2)

SECOND = {"since": 2}
"""Marks a field that the second schema added: a snapshot of the first neither reads nor writes
it. A field that a later schema adds is marked likewise."""
RARE = {**SECOND, "is_rare": True}
"""Marks a field that is written only where it is not its default, so that what says nothing of it
keeps its bytes and its digest; where it is missing it has its default."""


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
    kind: str = field(default="", metadata=SECOND)
    milestone: str = field(default="", metadata=SECOND)


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
    answers: str = field(default="happened", metadata=SECOND)
    risk_reason: str = field(default="", metadata=SECOND)
    risk_approver: Person | None = field(default=None, metadata=SECOND)


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
    form: str = field(default="full", metadata=SECOND)
    classification: str = field(default="internal", metadata=SECOND)
    guide: int = field(default=1, metadata=SECOND)
    answers: tuple[AnswerValue, ...] = field(default=(), metadata=SECOND)
    figures: tuple[FigureValue, ...] = field(default=(), metadata=SECOND)
    safeguards: tuple[SafeguardValue, ...] = field(default=(), metadata=SECOND)
    lessons: tuple[LessonValue, ...] = field(default=(), metadata=SECOND)
    related: tuple[RelatedValue, ...] = field(default=(), metadata=SECOND)
    category: str = field(default="outage", metadata=RARE)
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

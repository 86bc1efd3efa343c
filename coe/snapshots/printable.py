"""What exports take: a snapshot, what stands around it, and the day it is printed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from coe.snapshots.snapshot import Person, Snapshot

REJECTED: Final = "rejected"
"""The verdict on an action item that makes no promise."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A sign-off that stands: who, when (UTC), and the digest of what they read.

    It `is_approval` where the approver gave it, and else a reviewer's beside it. `dissent` is why
    somebody disagrees who signs nevertheless, and commits; empty where they agree.
    """

    person: Person
    signed_at: datetime
    digest: str
    note: str
    dissent: str = ""
    is_approval: bool = True


@dataclass(frozen=True, slots=True)
class DecisionValue:
    """What the approver decided on the action item `uid`: accepted, changed or rejected.

    `name` and `role` are theirs, `at` is when (UTC). `owner` and `due_on` are what was committed;
    of what was rejected nothing is.
    """

    uid: UUID
    verdict: str
    reason: str
    name: str
    role: str
    owner: str
    due_on: date | None
    at: datetime

    @property
    def is_rejected(self) -> bool:
        return self.verdict == REJECTED


@dataclass(frozen=True, slots=True)
class WaiverValue:
    """What was found in the text and stands for a reason: the title of the check, what it said,
    why that stands, and who says so since when (UTC)."""

    check: str
    sentence: str
    reason: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Envelope:
    """What belongs to a COE but is not its text.

    `version` is the number of the publication, None for a working copy; `published_at` (UTC)
    likewise. `waivers` are of findings that stand in the text that it is around, and `decisions`
    on action items in it. What was published before there were decisions has none.
    """

    reference: str
    state: str
    version: int | None
    published_at: datetime | None
    signatures: tuple[Signature, ...]
    waivers: tuple[WaiverValue, ...] = ()
    decisions: tuple[DecisionValue, ...] = ()

    @property
    def approvals(self) -> tuple[Signature, ...]:
        return tuple(each for each in self.signatures if each.is_approval)

    @property
    def signed(self) -> tuple[Signature, ...]:
        """Every sign-off, the approval first and then the reviewers in the order they signed."""
        reviews = tuple(each for each in self.signatures if not each.is_approval)
        return self.approvals + reviews

    @property
    def dissents(self) -> tuple[Signature, ...]:
        """The sign-offs of those who disagree and commit."""
        return tuple(each for each in self.signed if each.dissent)

    @property
    def rejected(self) -> frozenset[UUID]:
        """The action items that nobody promises."""
        return frozenset(each.uid for each in self.decisions if each.is_rejected)


@dataclass(frozen=True, slots=True)
class PromiseValue:
    """A published action item as it stands on the day of printing.

    `first_due_on` is the first date that it had, `moves` how often it was moved since, and
    `due_before` every date that it was moved away from, in order. It `has_failed` where it did
    not hold and nobody showed since that it does. While it is finished, `done_on` is when,
    `verify_from` the first day on which somebody can say that it held, and `evidence` (an address)
    and `evidence_file` (a name) what shows it.
    """

    uid: UUID
    title: str
    owner: str
    due_on: date | None
    is_late: bool
    state: str = "accepted"
    first_due_on: date | None = None
    moves: int = 0
    has_failed: bool = False
    due_before: tuple[date, ...] = ()
    done_on: date | None = None
    verify_from: date | None = None
    evidence: str = ""
    evidence_file: str = ""


@dataclass(frozen=True, slots=True)
class Printable:
    """One COE ready to be read or printed. `digest` is of the stored bytes of the snapshot."""

    snapshot: Snapshot
    digest: str
    envelope: Envelope
    promises: tuple[PromiseValue, ...]
    as_of: datetime

    @property
    def is_published(self) -> bool:
        return self.envelope.version is not None

"""What exports take: a snapshot, what stands around it, and the day it is printed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from coe.snapshots.snapshot import Person, Snapshot


@dataclass(frozen=True, slots=True)
class Signature:
    """An approval that stands: who, when (UTC), and the digest of what they read."""

    person: Person
    signed_at: datetime
    digest: str
    note: str


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
    likewise. `waivers` are of findings that stand in the text that it is around.
    """

    reference: str
    state: str
    version: int | None
    published_at: datetime | None
    signatures: tuple[Signature, ...]
    waivers: tuple[WaiverValue, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseValue:
    """A published action item as it stands on the day of printing."""

    uid: UUID
    title: str
    owner: str
    due_on: date | None
    is_late: bool


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

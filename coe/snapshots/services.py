from dataclasses import dataclass

from coe.documents.models import Document
from coe.snapshots.build import build_snapshot
from coe.snapshots.models import StoredSnapshot
from coe.snapshots.serialise import digest_of, from_bytes, to_bytes
from coe.snapshots.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Judged:
    """A snapshot with its bytes and their digest: what a person reads and judges."""

    snapshot: Snapshot
    content: bytes
    digest: str


def take_snapshot(document: Document) -> Judged:
    """The working copy as it is now, with its digest."""
    snapshot = build_snapshot(document)
    content = to_bytes(snapshot)
    return Judged(snapshot, content, digest_of(content))


def read_snapshot(stored: StoredSnapshot) -> Judged:
    """A stored snapshot, exactly as it was judged."""
    content = bytes(stored.content)
    return Judged(from_bytes(content), content, stored.digest)


def store_snapshot(document: Document, judged: Judged) -> StoredSnapshot:
    """Keep the bytes that are judged; the same bytes are kept once."""
    stored, _ = StoredSnapshot.objects.get_or_create(
        document=document, digest=judged.digest, defaults={"content": judged.content}
    )
    return stored

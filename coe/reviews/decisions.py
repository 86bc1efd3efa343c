from typing import Any

from coe.documents.models import Document
from coe.snapshots.snapshot import Snapshot


def undecided(document: Document, snapshot: Snapshot) -> list[Any]:
    """The action items that nobody has decided on as they are proposed."""
    return []

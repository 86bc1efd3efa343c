"""The worked example: a whole COE that comes with the product, in nobody's database."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from coe.documents.models import State
from coe.exports.json_form import read_json
from coe.snapshots.printable import Envelope, Printable
from coe.snapshots.serialise import digest_of, to_bytes
from coe.snapshots.snapshot import Snapshot

FILE = Path(settings.BASE_DIR) / "fixtures" / "s3_2017.json"
"""The exemplary COE of the demo, as its last version says it."""


def worked_example() -> Printable:
    """The example as it would be read today."""
    snapshot, digest = _text()
    return Printable(
        snapshot=snapshot,
        digest=digest,
        envelope=Envelope(
            reference="Example",
            state=State.APPROVED,
            version=1,
            published_at=datetime(2017, 3, 14, tzinfo=UTC),
            signatures=(),
        ),
        promises=(),
        as_of=datetime.now(UTC),
    )


@cache
def _text() -> tuple[Snapshot, str]:
    snapshot = read_json(FILE.read_bytes()).snapshot
    return snapshot, digest_of(to_bytes(snapshot))

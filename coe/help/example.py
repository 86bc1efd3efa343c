"""The worked example: a whole COE that comes with the product, in nobody's database."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from coe.documents.models import State
from coe.snapshots.printable import Envelope, Printable
from coe.snapshots.serialise import digest_of, from_bytes

FILE = Path(settings.BASE_DIR) / "fixtures" / "worked_example.json"
"""The bytes of a snapshot, the same that the demo publishes."""


def worked_example() -> Printable:
    """The example as it would be read today."""
    content = _content()
    return Printable(
        snapshot=from_bytes(content),
        digest=digest_of(content),
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
def _content() -> bytes:
    return FILE.read_bytes()

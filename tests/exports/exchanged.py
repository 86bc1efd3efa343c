"""COEs to write into files and read back."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from coe.snapshots.printable import Printable
from coe.snapshots.serialise import digest_of, to_bytes
from coe.snapshots.snapshot import CauseValue, EntryValue, Snapshot
from coe.text.instants import Instant, Precision
from tests.exports import samples


def around(snapshot: Snapshot) -> Printable:
    digest = digest_of(to_bytes(snapshot))
    return replace(samples.PUBLISHED, snapshot=snapshot, digest=digest)


def small() -> Printable:
    first = Instant(datetime(2026, 11, 1, 8, 30, tzinfo=UTC))
    second = Instant(
        datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
        Precision.ABOUT,
        datetime(2026, 11, 1, 9, 45, tzinfo=UTC),
    )
    uids = [UUID(int=number) for number in range(6)]
    snapshot = replace(
        samples.LIGHT.snapshot,
        title="A *new* title_of 7 <pod>",
        milestones=(),
        entries=(
            EntryValue(uids[1], first, "# My heading\n\n<!-- coe: entry 9 -->", "", "change"),
            EntryValue(uids[2], second, "Later", ""),
        ),
        causes=(
            CauseValue(uids[3], "Shared", "", "likely", "", (uids[4], uids[5])),
            CauseValue(uids[4], "Below both", "", "likely", "", ()),
            CauseValue(uids[5], "Beside", "", "likely", "", ()),
        ),
        answers=(),
    )
    return replace(samples.DRAFT, snapshot=snapshot)

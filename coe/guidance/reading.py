"""What the checks find in a COE now, and what its authors have answered to it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import now

from coe.documents.guiding import rules_for
from coe.documents.models import Document
from coe.guidance.findings import Finding
from coe.guidance.models import Waiver
from coe.guidance.queries import earlier_actions
from coe.guidance.registry import BY_ID, check
from coe.policies.rules import Level
from coe.snapshots.build import build_snapshot
from coe.snapshots.printable import WaiverValue
from coe.snapshots.snapshot import Snapshot

Handled = tuple[Finding, Waiver]


@dataclass(frozen=True, slots=True)
class Examination:
    """The findings that stand, in the order of the checks.

    `open` are those that nobody has handled, `waived` may stand for a reason, and `dismissed` are
    hints that were put aside. What was answered to a finding that no longer stands is in none.
    """

    open: tuple[Finding, ...]
    waived: tuple[Handled, ...]
    dismissed: tuple[Handled, ...]

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """What has to be mended before somebody reviews it."""
        return self._open_at(Level.BLOCKS)

    @property
    def unreasoned(self) -> tuple[Finding, ...]:
        """What has to be mended, or to get a reason, before somebody reviews it."""
        return self._open_at(Level.REASON)

    @property
    def hints(self) -> tuple[Finding, ...]:
        """What is left to the authors."""
        return self._open_at(Level.HINT)

    @property
    def in_the_way(self) -> tuple[Finding, ...]:
        """What keeps it from review, the blockers first."""
        return self.blockers + self.unreasoned

    def _open_at(self, level: Level) -> tuple[Finding, ...]:
        return tuple(each for each in self.open if each.level == level)


def examine(document: Document, *, as_of: datetime | None = None) -> Examination:
    """What the checks find in the working copy at `as_of` (aware; now where it is not given).

    The number of queries does not grow with the COE.
    """
    return examine_snapshot(document, build_snapshot(document), as_of)


def examine_snapshot(
    document: Document, snapshot: Snapshot, as_of: datetime | None = None
) -> Examination:
    """`examine`, of a snapshot of the working copy that is built already."""
    found = check_working_copy(document, snapshot, as_of or now())
    waivers = {each.key: each for each in document.waivers.select_related("by")}
    stands: list[Finding] = []
    handled: dict[str, list[Handled]] = {kind: [] for kind in Waiver.Kind}
    for finding in found:
        waiver = waivers.get(finding.key)
        if waiver is None or not holds(waiver, finding):
            stands.append(finding)
        else:
            handled[waiver.kind].append((finding, waiver))
    return Examination(
        tuple(stands),
        tuple(handled[Waiver.Kind.WAIVED]),
        tuple(handled[Waiver.Kind.DISMISSED]),
    )


def reasons_in(examination: Examination) -> tuple[WaiverValue, ...]:
    """What stands for a reason, as it is told with a text that is read."""
    return tuple(
        WaiverValue(
            BY_ID[finding.check].title,
            finding.sentence,
            waiver.reason,
            waiver.by.name,
            waiver.created_at,
        )
        for finding, waiver in examination.waived
    )


def check_working_copy(
    document: Document, snapshot: Snapshot, as_of: datetime
) -> tuple[Finding, ...]:
    """What the checks find in `snapshot` of the working copy at `as_of` (aware), answered too."""
    return check(snapshot, rules_for(document), as_of, earlier_actions(document, snapshot))


def reason_before(document: Document, finding: Finding, seen: Examination) -> str:
    """The last reason for what the same check found in the same place in other words, else empty.

    What stands in `seen`, the examination of now, keeps its reason for itself.
    """
    given = document.waivers.filter(
        check_id=finding.check,
        panel=finding.place.panel,
        row=finding.place.row,
        field=finding.place.field,
        kind=Waiver.Kind.WAIVED,
    )
    standing = {each.key for each, _ in seen.waived}
    last = given.exclude(key__in=standing).order_by("-created_at", "-pk").first()
    return last.reason if last else ""


def answers_digest(document: Document) -> str:
    """SHA-256, in hexadecimal, of all that is answered to findings of `document`; empty where
    nothing is. Who judges a COE judges these answers as well."""
    answers = document.waivers.order_by("key").values_list("key", "kind", "reason")
    told = "\n".join(repr(each) for each in answers)
    return hashlib.sha256(told.encode()).hexdigest() if told else ""


def holds(waiver: Waiver, finding: Finding) -> bool:
    """Whether what was answered is enough for the level that the finding has now."""
    return finding.level == Level.HINT or (
        finding.level == Level.REASON and waiver.kind == Waiver.Kind.WAIVED
    )

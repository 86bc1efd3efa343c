"""What keeps a text from being approved; the page and the approval itself ask the same."""

from dataclasses import dataclass
from typing import Any

from coe.discussion.queries import open_musts
from coe.documents.models import Document, Participant
from coe.guidance.findings import Finding
from coe.guidance.reading import Examination, examine_snapshot
from coe.reviews.decisions import undecided
from coe.reviews.models import Reviewer
from coe.reviews.rounds import standing_in_review
from coe.reviews.rules import approvers_of
from coe.snapshots.services import Judged, take_snapshot


@dataclass(frozen=True, slots=True)
class Hindrances:
    """What has to be done first: findings that block, musts that are open, action items that
    nobody decided on, and reviewers who have to sign and have not signed this very text."""

    findings: tuple[Finding, ...] = ()
    musts: tuple[Any, ...] = ()
    undecided: tuple[Any, ...] = ()
    unsigned: tuple[Reviewer, ...] = ()

    @property
    def count(self) -> int:
        """How many things there are to do. To decide the action items is one."""
        return sum(map(len, (self.findings, self.musts, self.unsigned))) + bool(self.undecided)

    @property
    def sentences(self) -> list[str]:
        """Each reason in a sentence."""
        return [each.sentence for each in self.findings] + self.others

    @property
    def others(self) -> list[str]:
        """The reasons that are not in the text itself."""
        said = []
        if self.musts:
            said.append(f"{_counted(self.musts, 'must is', 'musts are')} open.")
        if self.undecided:
            said.append(self.waiting_items)
        return said + [f"{each.name} has not signed this text." for each in self.unsigned]

    @property
    def waiting_items(self) -> str:
        """All action items that nobody decided on, in one sentence."""
        return f"{_counted(self.undecided, 'action item is', 'action items are')} not decided."

    def __bool__(self) -> bool:
        return self.count > 0


def hindrances(document: Document, judged: Judged, examination: Examination) -> Hindrances:
    """What is in the way of approving `judged`, the working copy of `document` in review."""
    return Hindrances(
        findings=examination.blockers,
        musts=tuple(open_musts(document)),
        undecided=tuple(undecided(document, judged.snapshot)),
        unsigned=tuple(_unsigned(document, judged.digest)),
    )


def hindrances_of(document: Document) -> Hindrances:
    """What is in the way of approving the working copy of `document` as it is now."""
    judged = take_snapshot(document)
    return hindrances(document, judged, examine_snapshot(document, judged.snapshot))


def _unsigned(document: Document, digest: str) -> list[Reviewer]:
    """Those who have to sign, are not excused, and have not signed the text with `digest`.

    Who left is not waited for, nor who writes the COE by now, nor who approves it: theirs is the
    approval.
    """
    waited = Reviewer.objects.filter(
        round__document=document,
        round__closed_at=None,
        is_required=True,
        excused_at=None,
        user__is_active=True,
    )
    signed = standing_in_review(document, digest)
    waited = waited.exclude(user__in=signed.values("user")).exclude(user=document.owner_id)
    writing = document.participants.filter(role=Participant.Role.CONTRIBUTOR)
    found = list(waited.exclude(user__in=writing.values("user")).select_related("user"))
    approvers = approvers_of(document) if found else []
    return [each for each in found if each.user not in approvers]


def _counted(things: tuple[Any, ...], one: str, many: str) -> str:
    return f"{len(things)} {one if len(things) == 1 else many}"

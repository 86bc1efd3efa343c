"""The action items as readers get them: what was proposed, what the approver decided on it, and how
its promise stands on the day."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from coe.actions.models import ActionItem, Priority
from coe.snapshots.numbering import Reference
from coe.snapshots.printable import DecisionValue, Printable, PromiseValue
from coe.snapshots.snapshot import ActionValue

VERDICTS: Final = {"accepted": "Accepted", "changed": "Changed", "rejected": "Rejected"}
"""What the decision on an action item is called."""


STANDINGS: Final = {
    "accepted": "Accepted",
    "in_progress": "In progress",
    "done": "Done",
    "verified": "Verified",
    "did_not_hold": "Did not hold",
    "wont_do": "Won’t do",
}
"""What the state of a promise is called."""
TO_DO: Final = ("accepted", "in_progress")
"""The states in which something may be late: one that did not hold is told as that alone."""
LATE: Final = "Late"
ALARMING: Final = (LATE, STANDINGS["did_not_hold"])


def mark_of(standing: str) -> str:
    """How a standing looks, as the stylesheets call it."""
    return "late" if standing in ALARMING else "open"


def is_late(promise: PromiseValue) -> bool:
    """Whether it is told as late: only what is to be done is."""
    return promise.is_late and promise.state in TO_DO


def times(moves: int) -> str:
    return {1: "once", 2: "twice"}.get(moves, f"{moves} times")


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise as of the day, and the correction of this text that made it, if it has one."""

    promise: PromiseValue
    correction: Reference | None

    @property
    def state(self) -> str:
        return STANDINGS[self.promise.state]

    @property
    def standing(self) -> str:
        """In one word: that it is late, where it is only to be done."""
        return LATE if is_late(self.promise) else self.state

    @property
    def mark(self) -> str:
        return mark_of(self.standing)

    @property
    def moved(self) -> str:
        """How often its date was moved; empty where it never was."""
        return f"moved {times(self.promise.moves)}" if self.promise.moves else ""

    @property
    def between(self) -> tuple[date, ...]:
        """The dates that it had between the first and the one that it has."""
        return self.promise.due_before[1:]

    @property
    def remarks(self) -> tuple[str, ...]:
        """What there is to say beside its state, in a word or two each."""
        promise = self.promise
        said = {
            "late": is_late(promise),
            "did not hold before": promise.has_failed and promise.state != "did_not_hold",
            "not verified yet": promise.state == "done",
        }
        return tuple(words for words, holds in said.items() if holds)


@dataclass(frozen=True, slots=True)
class Correction:
    """An action item. `decision` is None where nobody decided on it: in a draft, and in what was
    published before there were decisions. `commitment` is its promise as it stands on the day."""

    reference: Reference
    action: ActionValue
    priority: str
    kind: str
    cause: Reference | None
    commitment: Commitment | None = None
    decision: DecisionValue | None = None

    @property
    def standing(self) -> str:
        return self.commitment.standing if self.commitment else ""

    @property
    def mark(self) -> str:
        return mark_of(self.standing)

    @property
    def is_rejected(self) -> bool:
        return self.decision is not None and self.decision.is_rejected

    @property
    def verdict(self) -> str:
        return VERDICTS[self.decision.verdict] if self.decision else ""

    @property
    def owner(self) -> str:
        """Who is committed to it, and before that is decided who is proposed."""
        proposed = self.action.owner.name if self.action.owner else ""
        return (self.decision.owner if self.decision else "") or proposed

    @property
    def due_on(self) -> date | None:
        """The day that is committed, and before that is decided the one proposed."""
        return (self.decision.due_on if self.decision else None) or self.action.due_on

    @property
    def owner_now(self) -> str:
        """Who has to do it on the day: it may have been handed over since it was committed."""
        return self.commitment.promise.owner if self.commitment else self.owner

    @property
    def is_handed_over(self) -> bool:
        return self.owner_now != self.owner

    @property
    def due_now(self) -> date | None:
        """When it is due on the day: it may have been moved since it was committed."""
        return self.commitment.promise.due_on if self.commitment else self.due_on


def commitments_of(
    printable: Printable, numbers: Mapping[UUID, Reference]
) -> tuple[Commitment, ...]:
    return tuple(Commitment(each, numbers.get(each.uid)) for each in printable.promises)


def corrections_of(
    printable: Printable, numbers: Mapping[UUID, Reference], causes: Mapping[UUID, Reference]
) -> tuple[Correction, ...]:
    """The action items of the text in their order, with what was decided on each."""
    commitments = {each.promise.uid: each for each in commitments_of(printable, numbers)}
    decisions = {each.uid: each for each in printable.envelope.decisions}
    return tuple(
        Correction(
            reference=numbers[action.uid],
            action=action,
            priority=str(Priority(action.priority).label),
            kind=str(ActionItem.Kind(action.kind).label) if action.kind else "",
            cause=causes.get(action.cause) if action.cause else None,
            commitment=commitments.get(action.uid),
            decision=decisions.get(action.uid),
        )
        for action in printable.snapshot.actions
    )


def promises_in_short(printable: Printable) -> str:
    """How far its promises are on the day, in a sentence: "2 of 5 verified, 1 late"."""
    promises, rejected = printable.promises, len(printable.envelope.rejected)
    states = Counter(each.state for each in promises)
    late = sum(is_late(each) for each in promises)
    failed = sum(each.has_failed for each in promises)
    told = [
        (1, f"{states['verified']} of {len(promises)} verified"),
        (states["done"], f"{states['done']} done and not verified yet"),
        (late, f"{late} late"),
        (failed, f"{failed} did not hold"),
        (states["wont_do"], f"{states['wont_do']} not to be done"),
        (rejected, f"{rejected} proposed and rejected"),
    ]
    return ", ".join(words for count, words in told if count)

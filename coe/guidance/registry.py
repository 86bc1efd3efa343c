"""Every check, and the one function that runs them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from types import ModuleType

from coe.guidance import (
    actions,
    agreement,
    causes,
    impact,
    milestones,
    pace,
    privacy,
    questions,
    summary,
    timeline,
)
from coe.guidance.case import Case
from coe.guidance.findings import Check, Finding
from coe.guidance.recurrence import EarlierAction
from coe.policies.rules import GuideRules
from coe.snapshots.snapshot import Snapshot

SUBJECTS = (
    ("Summary", (summary, agreement)),
    ("Impact", (impact,)),
    ("Milestones", (milestones,)),
    ("Timeline", (timeline,)),
    ("Questions", (questions,)),
    ("Safeguards and causes", (causes,)),
    ("Action items", (actions,)),
    ("Secrets, people and time", (privacy, pace)),
)
"""What checks are about, and the modules that hold them."""


def _in(module: ModuleType) -> Iterator[Check]:
    return (each for each in vars(module).values() if isinstance(each, Check))


BY_SUBJECT: dict[str, tuple[Check, ...]] = {
    subject: tuple(
        sorted((each for module in modules for each in _in(module)), key=lambda each: each.id)
    )
    for subject, modules in SUBJECTS
}
CHECKS: tuple[Check, ...] = tuple(each for checks in BY_SUBJECT.values() for each in checks)
"""Every check, in the order of a COE."""
BY_ID: dict[str, Check] = {each.id: each for each in CHECKS}


def check(
    snapshot: Snapshot,
    guide: GuideRules,
    as_of: datetime,
    earlier: Sequence[EarlierAction] = (),
) -> tuple[Finding, ...]:
    """What is weak in `snapshot` by the rules of `guide`, in the order of the checks.

    Pure: `as_of` (aware) is the clock, `earlier` what is known of other COEs (`earlier_actions`),
    and a finding follows from the four alone.
    """
    case = Case(snapshot, guide, as_of, earlier)
    found = (finding for each in CHECKS for finding in each.findings(case))
    return tuple(each for each in found if case.wants(each.place.panel))

"""The check of the COE’s own clock."""

from collections.abc import Iterator

from coe.guidance.case import Case
from coe.guidance.findings import Found, Place, check
from coe.policies.rules import Level


@check(
    "COE195",
    Level.HINT,
    title="The COE is written while it is remembered",
    why="After some weeks people remember the story that was told, not what happened.",
    source="the guide; PagerDuty and Atlassian publish within days",
    before="A draft, 22 working days after mitigation.",
    after="Published 9 working days after mitigation.",
    heaviest=Level.REASON,
)
def past_its_clock(case: Case) -> Iterator[Found]:
    """What is entered for the record, a year later, is late for nobody."""
    if case.ended_at is None or case.is_old:
        return
    days = case.rules.calendar.working_days(case.local(case.ended_at).date(), case.today)
    if days > case.rules.publication_days:
        yield Found(
            Place("submit"),
            f"More than {case.rules.publication_days} working days have passed since the "
            "mitigation; a COE is published within them.",
        )

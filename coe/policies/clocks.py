"""The clock of a COE: from the mitigation to review, in review, and to its publication. Pure.

Days are the working days of the team that owns it, where it works. Nothing is late before the last
of them has ended.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coe.policies.rules import GuideRules


class Step(StrEnum):
    """What a clock counts."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class Course:
    """How far a COE that was never published has come, in days where its team works.

    `mitigated` is None where that is not known yet, or where the COE is entered for the record;
    `in_review` is since when, None while it is not. `was_submitted` holds from the first time on.
    """

    mitigated: date | None
    in_review: date | None
    was_submitted: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a step, and how many working days have ended since."""

    step: Step
    on: date
    days_late: int

    @property
    def is_late(self) -> bool:
        return self.days_late > 0


@dataclass(frozen=True, slots=True)
class Clock:
    """The steps that run for one COE, the nearest deadline first."""

    deadlines: tuple[Deadline, ...] = ()

    @property
    def late(self) -> tuple[Deadline, ...]:
        """The steps that are late, the one whose day is longest past first."""
        return tuple(each for each in self.deadlines if each.is_late)

    @property
    def is_late(self) -> bool:
        return bool(self.late)

    @property
    def days_late(self) -> int:
        """Working days since the earliest deadline that was missed; 0 where none was."""
        return max((each.days_late for each in self.late), default=0)


def clock_at(course: Course, rules: GuideRules, today: date) -> Clock:
    """What runs `today`, by the limits and the calendar of `rules`.

    The draft is due until the COE is submitted first; what was sent back is not due again, but its
    publication is. Each review has its days anew.
    """
    since = {
        Step.DRAFT: None if course.was_submitted else (course.mitigated, rules.draft_days),
        Step.REVIEW: (course.in_review, rules.review_days),
        Step.PUBLICATION: (course.mitigated, rules.publication_days),
    }
    running = ((step, *each) for step, each in since.items() if each)
    deadlines = (
        _deadline(step, start, days, rules, today) for step, start, days in running if start
    )
    return Clock(tuple(sorted(deadlines, key=lambda each: each.on)))


def _deadline(step: Step, start: date, days: int, rules: GuideRules, today: date) -> Deadline:
    due = rules.calendar.after_working_days(start, days)
    return Deadline(step, due, rules.calendar.working_days(due, today))

"""What a guide asks of a COE: how much each check weighs, and where its limits lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from django.db import models

from coe.policies.calendars import WEEKDAYS, Calendar


class Level(models.TextChoices):
    """How much the finding of a check weighs, the heaviest first."""

    BLOCKS = "blocks", "Blocks review"
    REASON = "reason", "Needs a reason"
    HINT = "hint", "Hint"
    OFF = "off", "Off"

    def at_most(self, heaviest: Level) -> Level:
        """This level, or `heaviest` where this weighs more."""
        order = list(Level)
        return max(self, heaviest, key=order.index)


class OptionalSection(models.TextChoices):
    """The sections that a guide may do without, called as their stops and panels."""

    METRICS = "metrics", "Metrics"
    SAFEGUARDS = "safeguards", "Safeguards"
    LESSONS = "lessons", "Lessons"
    RELATED = "related", "Related items"


class Asking(models.TextChoices):
    """How much a guide wants a section. What has content is always shown."""

    ASKED = "asked", "Asked for"
    OFFERED = "offered", "Offered"
    HIDDEN = "hidden", "Not shown"


class Limit(models.TextChoices):
    """The limits of a guide, called as the fields of `GuideRules`."""

    SUMMARY_WORDS = "summary_words", "Words of a summary"
    FEWEST_ENTRIES = "fewest_entries", "Entries of a timeline, at least"
    GAP_MINUTES = "gap_minutes", "Minutes without an entry"
    SLOW_DETECTION = "slow_detection", "Minutes to detect, by severity"
    SLOW_DIAGNOSIS = "slow_diagnosis", "Minutes from detected to diagnosed, by severity"
    SLOW_MITIGATION = "slow_mitigation", "Minutes from detected to mitigated, by severity"
    DUE_DAYS = "due_days", "Days until an action item is due, by priority"
    PUBLICATION_DAYS = "publication_days", "Working days from mitigation to publication"
    DRAFT_DAYS = "draft_days", "Working days from mitigation to review"
    REVIEW_DAYS = "review_days", "Working days in review"
    VERIFY_DAYS = "verify_days", "Days from done to verified, at least"
    MOVE_DAYS = "move_days", "Days that a due date may be moved without an approver"


BY_SEVERITY = (
    Limit.SLOW_DETECTION.value,
    Limit.SLOW_DIAGNOSIS.value,
    Limit.SLOW_MITIGATION.value,
)
"""The limits that hold for one severity each."""
BY_NUMBER = (*BY_SEVERITY, Limit.DUE_DAYS.value)
"""The limits that hold for one severity or one priority each."""


def _fixed(**values: int) -> Mapping[int, int]:
    """By severity or priority, whose number follows one letter: `s1=10`."""
    return MappingProxyType({int(name[1:]): value for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class GuideRules:
    """What a guide asks of one COE: the levels, limits and sections that hold for it.

    `levels` holds those that differ from a check's own, by the id of the check, and `sections`
    those that are wanted otherwise than usual, by the name of the section. Limits by severity
    (`slow_…`, in minutes; diagnosis and mitigation count from detection) and by priority
    (`due_days`) name each that is limited. `calendar` is how the team that owns the COE counts its
    days, which no guide says.
    """

    levels: Mapping[str, Level] = field(default_factory=lambda: MappingProxyType({}))
    summary_words: int = 300
    fewest_entries: int = 3
    gap_minutes: int = 15
    slow_detection: Mapping[int, int] = field(
        default_factory=lambda: _fixed(s1=10, s2=15, s3=60, s4=24 * 60)
    )
    slow_diagnosis: Mapping[int, int] = field(
        default_factory=lambda: _fixed(s1=30, s2=60, s3=240, s4=24 * 60)
    )
    slow_mitigation: Mapping[int, int] = field(
        default_factory=lambda: _fixed(s1=60, s2=120, s3=480, s4=24 * 60)
    )
    due_days: Mapping[int, int] = field(default_factory=lambda: _fixed(p0=14, p1=30, p2=60, p3=90))
    publication_days: int = 15
    """Working days from mitigation to publication; those of draft and review lie within them."""

    draft_days: int = 5
    review_days: int = 10
    verify_days: int = 30
    """Days after an action item was done until somebody can say that it held."""

    move_days: int = 14
    """How many days beyond the first date its owner moves an action item alone."""

    sections: Mapping[str, Asking] = field(default_factory=lambda: MappingProxyType({}))
    calendar: Calendar = WEEKDAYS

    def level_of(self, check: str, usual: Level) -> Level:
        """The level of the check with this id, which weighs `usual` where it says nothing."""
        return self.levels.get(check, usual)

    def asking_of(self, section: str) -> Asking:
        """How much the section of this name is wanted; one that a guide cannot drop is asked."""
        return self.sections.get(section, USUAL_ASKING.get(section, Asking.ASKED))

    def due_by(self, priority: int, today: date) -> date | None:
        """The last day on which an action item of this priority is within the policy, if that is
        thought of `today`; None where there is no limit."""
        days = self.due_days.get(priority)
        return None if days is None else self.calendar.due(today, days)

    def due_within(self, priority: int) -> str:
        """The limit of a priority as it is read: 14 days, 10 working days; empty where none is."""
        days = self.due_days.get(priority)
        if days is None:
            return ""
        return in_working_days(days) if self.calendar.counts_working_days else in_days(days)


def in_days(days: int) -> str:
    """A limit in days as it is read: 1 day, 14 days."""
    return f"{days} day" if days == 1 else f"{days} days"


def in_working_days(days: int) -> str:
    """Likewise of the days that a team works."""
    return f"{days} working day" if days == 1 else f"{days} working days"


USUAL_ASKING: Mapping[str, Asking] = MappingProxyType(
    {
        OptionalSection.METRICS.value: Asking.ASKED,
        OptionalSection.SAFEGUARDS.value: Asking.ASKED,
        OptionalSection.LESSONS.value: Asking.ASKED,
        OptionalSection.RELATED.value: Asking.OFFERED,
    }
)
"""How much a section is wanted where the guide says nothing."""

DEFAULT_RULES = GuideRules()
"""Those of the product's own guide.

The gap of 15 minutes is the practice of AWS. The days by priority lie within the published
service levels of 14 days to 8 weeks for what is urgent. The other limits are ours.
"""

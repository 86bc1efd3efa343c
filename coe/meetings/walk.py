"""Going through a COE part by part, with what was decided about each."""

from dataclasses import dataclass, field
from functools import cached_property

from coe.discussion.models import Subject
from coe.discussion.queries import Told
from coe.exports.report import Chapter, Report
from coe.meetings.models import Meeting, MeetingDecision

CHAPTER_OF: dict[str, str] = {
    Subject.ENTRY: "timeline",
    Subject.FIGURE: "impact",
    Subject.ANSWER: "questions",
    Subject.SAFEGUARD: "safeguards",
    Subject.CAUSE: "causes",
    Subject.LESSON: "lessons",
    Subject.ACTION: "actions",
    Subject.RELATED: "related",
}
"""By what a thread is about: the part that it is gone through with."""
FRONT = "front"
"""The first stop: the facts, the course and the summary, before the chapters."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One step of the walk; `count` is of the decisions about it."""

    slug: str
    title: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one part."""

    title: str
    decisions: tuple[MeetingDecision, ...]


@dataclass(frozen=True)
class Walk:
    """The parts of `report` in their order, and the one that is shown: the front where `at` names
    none of them. `threads` are those that are open."""

    report: Report
    meeting: Meeting
    at: str = field(default="")
    threads: tuple[Told, ...] = ()

    @cached_property
    def decisions(self) -> tuple[MeetingDecision, ...]:
        return tuple(self.meeting.decisions.select_related("by"))

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        found = [Stop(FRONT, "At a glance", self._count(""))]
        found += [Stop(each.slug, each.title, self._count(each.slug)) for each in self._parts]
        return tuple(found)

    @cached_property
    def slug(self) -> str:
        """The chapter that is shown, as a decision names it: empty at the front."""
        return self.chapter.slug if self.chapter else ""

    @cached_property
    def chapter(self) -> Chapter | None:
        return next((each for each in self._parts if each.slug == self.at), None)

    @cached_property
    def place(self) -> int:
        """How many stops come before the one that is shown."""
        slugs = [each.slug for each in self.stops]
        return slugs.index(self.slug or FRONT)

    @property
    def here(self) -> Stop:
        return self.stops[self.place]

    @property
    def before(self) -> Stop | None:
        return self.stops[self.place - 1] if self.place else None

    @property
    def after(self) -> Stop | None:
        return self.stops[self.place + 1] if self.place + 1 < len(self.stops) else None

    @property
    def threads_here(self) -> tuple[Told, ...]:
        """What is said about this part; with the front what is said about none."""
        return tuple(each for each in self.threads if self._part_of(each) == self.slug)

    def _part_of(self, told: Told) -> str:
        subject, key = told.place.subject, told.place.key
        slug = key if subject == Subject.SECTION else CHAPTER_OF.get(subject, "")
        return slug if any(each.slug == slug for each in self._parts) else ""

    @property
    def decided_here(self) -> tuple[MeetingDecision, ...]:
        return self._about(self.slug)

    def by_chapter(self) -> tuple[Decided, ...]:
        """Every decision below the part that it is about; those of a part that the text no longer
        has stand with those about the whole."""
        known = [(each.slug, each.title) for each in self._parts]
        slugs = {slug for slug, _ in known}
        whole = tuple(each for each in self.decisions if each.chapter not in slugs)
        parts = [Decided("The whole COE", whole)]
        parts += [Decided(title, self._about(slug)) for slug, title in known]
        return tuple(each for each in parts if each.decisions)

    @property
    def _parts(self) -> tuple[Chapter, ...]:
        return self.report.chapters

    def _about(self, slug: str) -> tuple[MeetingDecision, ...]:
        return tuple(each for each in self.decisions if each.chapter == slug)

    def _count(self, slug: str) -> int:
        return len(self._about(slug))

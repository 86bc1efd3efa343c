"""A COE arranged for reading, on the screen and on paper: numbered, ordered, cross-referenced.

Pure: a Printable in, values for the templates out. Causes are numbered C1, C2, ... as they stand
on the page and action items A1, A2, ... in the author's order; the numbers hold within one
document only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Classification, Form, SectionSlug
from coe.exports.causes import CauseTree, Chain, nearest_first
from coe.exports.corrections import (
    Commitment,
    Correction,
    commitments_of,
    corrections_of,
    promises_in_short,
)
from coe.exports.course import Day, Moment, day_of, days_of, moments_of, offset_of
from coe.exports.facts import Fact, facts_of, standing_of, state_of
from coe.exports.strip import Strip, strip_of
from coe.incidents.durations import durations, waited_for_in_light
from coe.incidents.models import Milestone, Severity
from coe.pictures.moments import state_in_words
from coe.policies.models import Part
from coe.snapshots.numbering import Reference, number_actions
from coe.snapshots.printable import Printable
from coe.snapshots.snapshot import (
    AnswerValue,
    FigureValue,
    LessonValue,
    RelatedValue,
    SafeguardValue,
    Snapshot,
)
from coe.whys.models import Safeguard

FIGURES_IN_SHORT, ROWS_IN_SHORT = 4, 6
"""How much of each stands on the front of the page."""

CHAPTERS = {
    "impact": "Impact",
    "metrics": "Metrics",
    "timeline": "Timeline",
    "questions": "Incident questions",
    "safeguards": "Safeguards",
    "causes": "Causes",
    "lessons": "Lessons",
    "actions": "Action items",
    "related": "Related items",
    "people": "People",
    "promises": "Promises",
}
"""What follows on the front, in the order it is read: slug (and name of the template), title."""
ASKED_OF_LIGHT = {"impact", "causes", "actions"}
SHORT_ON_PAPER = {"timeline", "causes", "actions", "people", "promises"}
"""What a light COE prints in a form of its own."""
NEVER_WAITED_FOR = {"related", "promises"}
INCIDENT_PARTS = (Part.DETECTION, Part.DIAGNOSIS, Part.MITIGATION, Part.PREVENTION)
FROM_CUSTOMERS = {RelatedItem.Kind.FEEDBACK}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A numbered part of the report. An empty one says quietly that it is not written yet."""

    number: int
    slug: str
    title: str
    is_empty: bool

    @property
    def on_screen(self) -> str:
        return f"library/{self.slug}.html"

    @property
    def on_paper(self) -> str:
        return f"pdf/{self.slug}.html"

    @property
    def on_light_paper(self) -> str:
        return f"pdf/light/{self.slug}.html" if self.slug in SHORT_ON_PAPER else self.on_paper


@dataclass(frozen=True, slots=True)
class Figure:
    value: FigureValue
    source: str


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of one part: those with an answer, and those that still wait for one."""

    title: str
    answered: tuple[AnswerValue, ...]
    waiting: tuple[AnswerValue, ...]


@dataclass(frozen=True, slots=True)
class Link:
    item: RelatedValue
    kind: str


@dataclass(frozen=True, slots=True)
class Check:
    """A safeguard; one that did not hold `is_hole`."""

    safeguard: SafeguardValue
    kind: str
    outcome: str
    is_hole: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """The lessons of one kind."""

    title: str
    lessons: tuple[LessonValue, ...]


@dataclass(frozen=True, slots=True)
class ShortCause:
    """A cause in one line of words."""

    reference: Reference
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """`form` is empty for a full COE. Parts of a publication that hold nothing are not there."""

    printable: Printable
    form: str
    classification: str
    standing: str
    watermark: str
    severity: str
    offset: str
    as_of: date
    published_on: date | None
    chapters: tuple[Chapter, ...]
    facts: tuple[Fact, ...]
    strip: Strip
    days: tuple[Day, ...]
    figures: tuple[Figure, ...]
    impact_questions: Questions
    from_customers: tuple[Link, ...]
    metrics: tuple[Link, ...]
    questions: tuple[Questions, ...]
    safeguards: tuple[Check, ...]
    chains: tuple[Chain, ...]
    lessons: tuple[Learned, ...]
    corrections: tuple[Correction, ...]
    related: tuple[Link, ...]
    commitments: tuple[Commitment, ...]

    @property
    def is_light(self) -> bool:
        return bool(self.form)

    @property
    def summary(self) -> str:
        return self.printable.snapshot.section(SectionSlug.SUMMARY)

    @property
    def impact_text(self) -> str:
        return self.printable.snapshot.section(SectionSlug.IMPACT)

    @property
    def metrics_text(self) -> str:
        return self.printable.snapshot.section(SectionSlug.METRICS)

    @property
    def has_kinds_of_entries(self) -> bool:
        return any(entry.kind for entry in self.printable.snapshot.entries)

    @property
    def shows_waiting(self) -> bool:
        """Whether a reader is told what is still open: on a working copy that asks for it all."""
        return not self.printable.is_published and not self.form

    @property
    def known_figures(self) -> tuple[Figure, ...]:
        """The first few that have an amount."""
        known = (each for each in self.figures if each.value.amount is not None)
        return tuple(islice(known, FIGURES_IN_SHORT))

    @property
    def causes_in_short(self) -> tuple[ShortCause, ...]:
        """Those nearest to the impact, in their order, each in a line."""
        nearest = islice(nearest_first(self.chains), ROWS_IN_SHORT)
        return tuple(
            ShortCause(each.reference, each.line)
            for each in sorted(nearest, key=lambda each: each.place)
        )

    @property
    def further_causes(self) -> int:
        return max(0, len(self.printable.snapshot.causes) - ROWS_IN_SHORT)

    @property
    def standing_corrections(self) -> tuple[Correction, ...]:
        """Those that are promised, or may be: nobody rejected them."""
        return tuple(each for each in self.corrections if not each.is_rejected)

    @property
    def rejected_corrections(self) -> tuple[Correction, ...]:
        return tuple(each for each in self.corrections if each.is_rejected)

    @property
    def promises_in_short(self) -> str:
        return promises_in_short(self.printable)

    @property
    def failed_commitments(self) -> tuple[Commitment, ...]:
        """What was promised and did not hold, and nobody showed since that it does."""
        return tuple(each for each in self.commitments if each.promise.has_failed)

    @property
    def first_corrections(self) -> tuple[Correction, ...]:
        return self.standing_corrections[:ROWS_IN_SHORT]

    @property
    def further_corrections(self) -> int:
        return max(0, len(self.standing_corrections) - ROWS_IN_SHORT)

    @property
    def scale(self) -> str:
        """What is said about the strip of milestones, and which are not on it."""
        zone = self.printable.snapshot.zone
        times = f"{zone} ({self.offset})" if self.offset else zone
        drawn = "Drawn to scale. " if len(self.strip.stops) > 1 else ""
        is_published = self.printable.is_published
        absent = "".join(
            f" {state_in_words(each.state, is_published=is_published)}: {each.names}."
            for each in self.strip.absent
        )
        return f"{drawn}Times in {times}.{absent}"


def report(printable: Printable) -> Report:
    """Everything that the page and the printed COE show beside the author's own fields."""
    snapshot, published_at = printable.snapshot, printable.envelope.published_at
    numbers = number_actions(snapshot)
    causes = CauseTree(snapshot, numbers, rejected=printable.envelope.rejected)
    taken = durations(snapshot.instants())
    is_light = snapshot.form == Form.LIGHT
    return Report(
        printable=printable,
        form=str(Form.LIGHT.label) if is_light else "",
        classification=str(Classification(snapshot.classification).label),
        standing=standing_of(printable),
        watermark="" if printable.is_published else f"{state_of(printable)}, not published",
        severity=str(Severity(snapshot.severity).label),
        offset=offset_of(snapshot),
        as_of=day_of(printable.as_of, snapshot),
        published_on=day_of(published_at, snapshot) if published_at else None,
        chapters=_chapters(printable, is_light=is_light),
        facts=facts_of(printable),
        strip=strip_of(_moments(snapshot), taken),
        days=days_of(snapshot),
        figures=tuple(
            Figure(each, str(ImpactFigure.Source(each.source).label)) for each in snapshot.figures
        ),
        impact_questions=_questions(snapshot, Part.IMPACT),
        from_customers=_links(snapshot, FROM_CUSTOMERS),
        metrics=_links(snapshot, {RelatedItem.Kind.METRIC}),
        questions=tuple(_questions(snapshot, part) for part in INCIDENT_PARTS),
        safeguards=tuple(_check(each) for each in snapshot.safeguards),
        chains=causes.chains(taken),
        lessons=_lessons(snapshot),
        corrections=corrections_of(printable, numbers, causes.references),
        related=_links(snapshot, _elsewhere()),
        commitments=commitments_of(printable, numbers),
    )


def _moments(snapshot: Snapshot) -> tuple[Moment, ...]:
    """The milestones; of a light COE those that are not known only where it asks for them."""
    moments = moments_of(snapshot)
    if snapshot.form != Form.LIGHT:
        return moments
    pending = {each.kind for each in moments if each.state == Milestone.State.PENDING.label}
    unasked = pending - waited_for_in_light({each.kind for each in moments} - pending)
    return tuple(each for each in moments if each.kind not in unasked)


# Which parts there are


def _chapters(printable: Printable, *, is_light: bool) -> tuple[Chapter, ...]:
    """What holds something; on a working copy also what is asked for and still waits.

    A light COE, whose action items tell how each promise stands, has a part for promises only
    where one is no action item of this text.
    """
    proposed = {each.uid for each in printable.snapshot.actions}
    filled = _filled(printable)
    if is_light:
        filled["promises"] = any(each.uid not in proposed for each in printable.promises)
    waited_for: set[str] = set()
    if not printable.is_published:
        waited_for = ASKED_OF_LIGHT if is_light else CHAPTERS.keys() - NEVER_WAITED_FOR
    shown = [slug for slug in CHAPTERS if filled[slug] or slug in waited_for]
    return tuple(
        Chapter(number, slug, CHAPTERS[slug], not filled[slug])
        for number, slug in enumerate(shown, 1)
    )


def _filled(printable: Printable) -> dict[str, bool]:
    snapshot = printable.snapshot
    linked = {item.kind for item in snapshot.related}
    answered = {answer.part for answer in snapshot.answers if answer.text}
    impact = (snapshot.section(SectionSlug.IMPACT), snapshot.figures, linked & FROM_CUSTOMERS)
    happened = (snapshot.entries, snapshot.form != Form.LIGHT and snapshot.instants())
    return {
        "impact": any(impact) or Part.IMPACT in answered,
        "metrics": bool(snapshot.section(SectionSlug.METRICS)) or RelatedItem.Kind.METRIC in linked,
        "timeline": any(happened),
        "questions": not answered.isdisjoint(INCIDENT_PARTS),
        "safeguards": bool(snapshot.safeguards),
        "causes": bool(snapshot.causes),
        "lessons": bool(snapshot.lessons),
        "actions": bool(snapshot.actions),
        "related": not linked.isdisjoint(_elsewhere()),
        "people": True,
        "promises": bool(printable.promises),
    }


def _elsewhere() -> set[RelatedItem.Kind]:
    """The kinds of related items that have no better place than the end."""
    return set(RelatedItem.Kind) - FROM_CUSTOMERS - {RelatedItem.Kind.METRIC}


# Their content


def _questions(snapshot: Snapshot, part: Part) -> Questions:
    asked = snapshot.answers_of(part)
    return Questions(
        title=str(part.label),
        answered=tuple(each for each in asked if each.text),
        waiting=tuple(each for each in asked if not each.text),
    )


def _links(snapshot: Snapshot, kinds: Iterable[str]) -> tuple[Link, ...]:
    return tuple(
        Link(item, str(RelatedItem.Kind(item.kind).label))
        for item in snapshot.related
        if item.kind in kinds
    )


def _check(safeguard: SafeguardValue) -> Check:
    outcome = Safeguard.Outcome(safeguard.outcome)
    return Check(
        safeguard=safeguard,
        kind=str(Safeguard.Kind(safeguard.kind).label),
        outcome=str(outcome.label),
        is_hole=outcome != Safeguard.Outcome.HELD,
    )


def _lessons(snapshot: Snapshot) -> tuple[Learned, ...]:
    groups = (
        Learned(
            str(kind.label), tuple(lesson for lesson in snapshot.lessons if lesson.kind == kind)
        )
        for kind in Lesson.Kind
    )
    return tuple(group for group in groups if group.lessons)

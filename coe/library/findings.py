"""What whoever judges a COE reads first: the findings that stand in it, and what was answered."""

from collections.abc import Iterable
from dataclasses import dataclass

from coe.documents.models import SectionSlug
from coe.exports.report import Report
from coe.guidance.findings import Finding, Place
from coe.guidance.models import Waiver
from coe.guidance.reading import Examination
from coe.guidance.registry import BY_ID
from coe.policies.rules import Level
from coe.snapshots.numbering import number_actions, number_causes

CHAPTER_OF = {
    "figures": "impact",
    "questions-impact": "impact",
    "milestones": "timeline",
}
"""Where the page shows what has no chapter called like its panel, nor that of the questions."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with the title of its check, the id of its place on the page (empty where it is
    not told there), and what an author answered to it."""

    finding: Finding
    title: str
    anchor: str
    answer: Waiver | None = None

    @property
    def way(self) -> str:
        """The id on the page that leads to its place, else to itself among the open findings."""
        return self.anchor or f"finding-{self.finding.key}"


@dataclass(frozen=True, slots=True)
class Findings:
    """`open` are in the way or would be now; `hints` are left to the authors, `dismissed` too."""

    open: tuple[Judged, ...]
    waived: tuple[Judged, ...]
    hints: tuple[Judged, ...]
    dismissed: tuple[Judged, ...]

    @property
    def blocking(self) -> tuple[Judged, ...]:
        """What keeps the text from being approved."""
        return tuple(each for each in self.open if each.finding.level == Level.BLOCKS)


def findings_of(examination: Examination, report: Report) -> Findings:
    """What was found in the text of `report`, each led to where the page shows it."""
    anchors = _Anchors(report)

    def weighed(finding: Finding, answer: Waiver | None = None) -> Judged:
        return Judged(finding, BY_ID[finding.check].title, anchors.of(finding.place), answer)

    def answered(handled: Iterable[tuple[Finding, Waiver]]) -> tuple[Judged, ...]:
        return tuple(weighed(*each) for each in handled)

    return Findings(
        open=tuple(map(weighed, examination.in_the_way)),
        waived=answered(examination.waived),
        hints=tuple(map(weighed, examination.hints)),
        dismissed=answered(examination.dismissed),
    )


class _Anchors:
    """The ids on the page of a report."""

    def __init__(self, report: Report) -> None:
        snapshot = report.printable.snapshot
        self.chapters = {each.slug for each in report.chapters} | {SectionSlug.SUMMARY.value}
        numbered = {**number_causes(snapshot), **number_actions(snapshot)}
        self.rows = {str(uid): reference.anchor for uid, reference in numbered.items()}
        if "timeline" in self.chapters:
            self.rows |= {str(each.uid): f"entry-{each.uid}" for each in snapshot.entries}

    def of(self, place: Place) -> str:
        if place.row in self.rows:
            return self.rows[place.row]
        usual = "questions" if place.panel.startswith("questions-") else place.panel
        chapter = CHAPTER_OF.get(place.panel, usual)
        return chapter if chapter in self.chapters else ""

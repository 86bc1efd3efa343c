"""What the checks find in a COE, arranged for the pages on which its authors read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from coe.documents.models import Document
from coe.editor.mends import CORRECTIONS, opening_of
from coe.editor.panels import STOPS, Stop, stop_of
from coe.guidance.case import texts_of
from coe.guidance.findings import Check, Finding
from coe.guidance.models import Waiver
from coe.guidance.reading import Examination, Handled, examine_snapshot
from coe.guidance.registry import BY_ID
from coe.guidance.ways import Way
from coe.incidents.models import Milestone
from coe.policies.rules import Level
from coe.snapshots.build import build_snapshot
from coe.snapshots.snapshot import Snapshot

ALWAYS_BEGUN = frozenset({"facts", "submit"})
"""The stops that are about a COE as soon as it is there."""
NOT_THERE = "Not there yet"
"""What is said of a gap in place of its level."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with what a page says around it.

    `way` leads to its place, `opening` to the form that its mend opens, if it opens one. `waiver`
    is what was answered to it.
    """

    finding: Finding
    check: Check
    way: Way
    opening: Way | None
    waiver: Waiver | None = None

    @property
    def key(self) -> str:
        return self.finding.key

    @property
    def level(self) -> Level:
        return self.finding.level

    @property
    def is_gap(self) -> bool:
        """Whether it is only not filled yet: until it is submitted, nobody asks for a reason."""
        return self.level == Level.REASON and self.check.is_gap and self.waiver is None

    @property
    def is_corrected_by_itself(self) -> bool:
        """Whether its mend writes, so that nothing is left to say."""
        return self.finding.mend is not None and self.finding.mend.name in CORRECTIONS

    @property
    def label(self) -> str:
        """What it weighs, in the words of whoever still writes."""
        return NOT_THERE if self.is_gap else str(self.level.label)

    @property
    def may_be_dismissed(self) -> bool:
        return self.level == Level.HINT

    @property
    def may_get_a_reason(self) -> bool:
        return self.level == Level.REASON


@dataclass(frozen=True, slots=True)
class Tally:
    """How much was found somewhere, by weight. `gaps` of the reasons are only not there yet."""

    blocks: int
    reasons: int
    hints: int
    gaps: int = 0

    @property
    def total(self) -> int:
        return self.blocks + self.reasons + self.hints

    @property
    def weights(self) -> list[str]:
        """What is in the way of review, in words."""
        block = f"{self.blocks} block{'s' if self.blocks == 1 else ''} review"
        others = self.reasons - self.gaps
        need = f"{others} need{'s' if others == 1 else ''} a reason"
        told = ((self.blocks, block), (others, need), (self.gaps, f"{self.gaps} not there yet"))
        return [words for count, words in told if count]

    def __str__(self) -> str:
        findings = f"{self.total} finding{'' if self.total == 1 else 's'}"
        return ", ".join([findings, *self.weights])


@dataclass(frozen=True, slots=True)
class AtStop:
    """What was found at a stop of the rail."""

    stop: Stop
    weighed: Tally


class Board:
    """What is found in the working copy of `document`, as it is read while one writes."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.snapshot = build_snapshot(document)
        self.examination: Examination = examine_snapshot(document, self.snapshot)

    @cached_property
    def begun(self) -> frozenset[str]:
        """The stops at which something is written."""
        return begun_stops(self.snapshot)

    @cached_property
    def open(self) -> list[Shown]:
        """What nobody has handled, the heaviest first."""
        order = list(Level)
        found = sorted(self.examination.open, key=lambda each: order.index(each.level))
        return [self._shown(each) for each in found]

    @cached_property
    def here(self) -> list[Shown]:
        """What is open where something is written."""
        return [each for each in self.open if self._is_begun(each)]

    @property
    def ahead(self) -> list[Shown]:
        """What is open where nobody has begun: "Next" says the same."""
        return [each for each in self.open if not self._is_begun(each)]

    @property
    def by_label(self) -> list[tuple[str, str, list[Shown]]]:
        """`here` by weight, the heaviest first: a slug, a title, and what was found. What is only
        not there yet stands behind what needs a reason."""
        groups: list[tuple[str, str, list[Shown]]] = []
        for level in Level:
            found = [each for each in self.here if each.level == level]
            others = [each for each in found if not each.is_gap]
            gaps = [each for each in found if each.is_gap]
            groups += [(level.value, str(level.label), others), ("gaps", NOT_THERE, gaps)]
        return [(slug, title, found) for slug, title, found in groups if found]

    @property
    def by_panel(self) -> dict[str, list[Shown]]:
        """`here` by the panel it stands in."""
        panels: dict[str, list[Shown]] = {}
        for each in self.here:
            panels.setdefault(each.finding.place.panel, []).append(each)
        return panels

    @property
    def stops(self) -> list[AtStop]:
        """The stops at which something of weight is found, `here` alone."""
        found = [AtStop(stop, weigh(self._at(stop, self.here))) for stop in STOPS]
        return [each for each in found if each.weighed.weights]

    @property
    def needed(self) -> list[Stop]:
        """The stops where nobody has begun and something blocks review."""
        ahead = [each for each in self.ahead if each.level == Level.BLOCKS]
        return [stop for stop in STOPS if any(self._at(stop, ahead))]

    @property
    def weighed(self) -> Tally:
        """All that is open `here`."""
        return weigh(self.here)

    @cached_property
    def waived(self) -> list[Shown]:
        return [self._handled(each) for each in self.examination.waived]

    @cached_property
    def dismissed(self) -> list[Shown]:
        return [self._handled(each) for each in self.examination.dismissed]

    def find(self, key: str) -> Shown | None:
        """The finding with this key that is open, or stands for a reason."""
        return next((each for each in (*self.open, *self.waived) if each.key == key), None)

    def _is_begun(self, shown: Shown) -> bool:
        return stop_of(shown.finding.place.panel) in self.begun

    def _at(self, stop: Stop, found: Iterable[Shown]) -> Iterator[Shown]:
        return (each for each in found if each.finding.place.panel in stop.panels)

    def _handled(self, handled: Handled) -> Shown:
        finding, waiver = handled
        return self._shown(finding, waiver)

    def _shown(self, finding: Finding, waiver: Waiver | None = None) -> Shown:
        opening = opening_of(finding.mend, self.snapshot) if finding.mend else None
        return Shown(finding, BY_ID[finding.check], finding.place.way, opening, waiver)


def begun_stops(snapshot: Snapshot) -> frozenset[str]:
    """The slugs of the stops at which something is written."""
    panels = {each.panel for each in texts_of(snapshot) if each.words.strip()}
    if any(each.state != Milestone.State.PENDING for each in snapshot.milestones):
        panels.add("milestones")
    return ALWAYS_BEGUN | {stop_of(panel) for panel in panels}


def weigh(found: Iterable[Shown]) -> Tally:
    there = list(found)
    levels = [each.level for each in there]
    blocks, reasons, hints = map(levels.count, (Level.BLOCKS, Level.REASON, Level.HINT))
    return Tally(blocks, reasons, hints, sum(each.is_gap for each in there))

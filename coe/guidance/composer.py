"""The first draft of a summary, laid out from what is written: every number is that of a field.

No model stands behind it. Sentences that people wrote stand as they wrote them, and what joins
them is ours. What is not known is left out, and so is what contradicts a field: the checks of the
summary look at each sentence before it is taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from coe.documents.models import SectionSlug
from coe.guidance.agreement import CONTRADICTIONS
from coe.guidance.case import Case
from coe.guidance.counts import counts_in
from coe.guidance.facts import amount_of
from coe.guidance.parts import (
    Mark,
    Piece,
    causes_behind,
    course_of,
    end_of,
    figure_of,
    head_of_items,
    impact_of,
    item_of,
    joined,
    says,
    title_of,
)
from coe.guidance.prose import plain
from coe.guidance.summary import count_words
from coe.policies.rules import DEFAULT_RULES
from coe.snapshots.snapshot import FigureValue, SectionValue, Snapshot
from coe.whys.models import Cause

MOST_WORDS = 260
"""Of a draft: it leaves room for what only its author knows."""
MOST_FIGURES, MOST_ITEMS = 3, 6
FIRST_ITEMS = 3
"""Action items that matter more than why it took long."""
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""What a summary says agrees with the fields or does not, whenever it is asked."""
WHAT, WHEN, WHY, ITEMS = PARAGRAPHS = range(4)


@dataclass(frozen=True, slots=True)
class Composition:
    """`text` is Markdown, empty where there is nothing to lay out. Marks stand in its order."""

    text: str
    marks: tuple[Mark, ...]


def compose(snapshot: Snapshot, *, most: int = MOST_WORDS) -> Composition:
    """A summary of `snapshot`, whatever its own says, in at most `most` words.

    Pure. No check of the summary finds anything in it, except that it does not say how long it
    lasted where the milestones do not.
    """
    draft = _Draft(snapshot, min(most, MOST_WORDS))
    if not draft.is_filled():
        return Composition("", ())
    if not draft.agrees(draft.whole().words):
        draft = _Draft(snapshot, min(most, MOST_WORDS), is_whole_asked=True)
        draft.is_filled()
    whole = draft.whole()
    return Composition(whole.words, tuple(dict.fromkeys(whole.marks)))


@dataclass
class _Draft:
    """What was taken so far, by paragraph. What matters most asks first.

    Each piece is looked at alone, which is quick. With `is_whole_asked` it is looked at where it
    would stand, for what contradicts a field only there.
    """

    snapshot: Snapshot
    most: int
    is_whole_asked: bool = False
    paragraphs: list[list[Piece]] = field(default_factory=lambda: [[] for _ in PARAGRAPHS])

    @cached_property
    def case(self) -> Case:
        return Case(self.snapshot, DEFAULT_RULES, ALWAYS)

    def is_filled(self) -> bool:
        """Take what there is; whether that is more than the title."""
        case = self.case
        items = self.snapshot.actions[:MOST_ITEMS]
        self.take(WHAT, [title_of(self.snapshot)])
        taken = [
            self.take(WHEN, course_of(case)),
            self.take_impact(),
            self.take(WHY, causes_behind(case, Cause.Asks.HAPPENED)),
            *(self.take(ITEMS, [item_of(case, each)]) for each in items[:FIRST_ITEMS]),
            *(self.take_figure(each) for each in case.facts.figures[:MOST_FIGURES]),
            self.take(WHY, causes_behind(case, Cause.Asks.DETECTION)),
            self.take(WHY, causes_behind(case, Cause.Asks.MITIGATION)),
            self.take(WHEN, end_of(case)),
            *(self.take(ITEMS, [item_of(case, each)]) for each in items[FIRST_ITEMS:]),
        ]
        return any(taken) or bool(self.snapshot.actions)

    def take_impact(self) -> bool:
        """Take the impact, in place of the title where that says nothing else."""
        is_taken = self.take(WHAT, impact_of(self.snapshot))
        pieces = self.paragraphs[WHAT]
        if len(pieces) > 1 and says(pieces[1].words, self.snapshot.title):
            del pieces[0]
        return is_taken

    def take(self, paragraph: int, ways: Iterable[Piece]) -> bool:
        """Take the first of several ways to say it that agrees and for which there is room."""
        pieces = self.paragraphs[paragraph]
        for piece in ways:
            pieces.append(piece)
            text = self.whole().words
            looked_at = text if self.is_whole_asked else piece.words
            if count_words(plain(text)) <= self.most and self.agrees(looked_at):
                return True
            pieces.pop()
        return False

    def take_figure(self, figure: FigureValue) -> bool:
        """Take it unless its amount stands there already."""
        told = counts_in(plain(self.whole().words))
        is_told = any(count.value == amount_of(figure) for count in told)
        return not is_told and self.take(WHAT, [figure_of(figure)])

    def agrees(self, text: str) -> bool:
        """Whether nothing in it contradicts a field."""
        sections = (SectionValue(SectionSlug.SUMMARY.value, text),)
        trial = Case(replace(self.snapshot, sections=sections), DEFAULT_RULES, ALWAYS)
        trial.facts = self.case.facts
        return not any(True for each in CONTRADICTIONS for _ in each.find(trial))

    def whole(self) -> Piece:
        """All of it, in the order in which it is read."""
        *prose, items = self.paragraphs
        blocks = [joined(" ", pieces) for pieces in prose if pieces]
        if actions := self.snapshot.actions:
            blocks.append(head_of_items(len(actions), shown=len(items)))
            blocks += [joined("\n", items)] if items else []
        return joined("\n\n", blocks)

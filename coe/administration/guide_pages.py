"""A version of the guide, and the difference of two, as their pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from coe.administration.guide_reviewers import ReviewerLine, ReviewerWords, reviewer_lines
from coe.administration.guide_words import (
    ABOUT,
    EVERY_COE,
    NAMES,
    Teams,
    part_label,
    title_of,
    usual_value,
    value_in_words,
)
from coe.guidance.registry import BY_SUBJECT
from coe.policies.comparison import GuideComparison, QuestionChange, compare_guides
from coe.policies.models import Guide, Part, Question
from coe.policies.queries import guide_value, ruling_value, rulings_in
from coe.policies.scope import Scope
from coe.text.difference import Piece


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question, and whom it is asked of in words, empty where it is everybody."""

    question: Question
    asked_of: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A check, a limit or a section: what the product says of it, and what the guide does.

    `said` is by scope, the widest first.
    """

    about: str
    name: str
    title: str
    usual: str
    said: tuple[tuple[str, str], ...]
    is_said_of_all: bool


class GuidePage:
    """All that a version of the guide says, by subject."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.teams = Teams()

    @property
    def is_draft(self) -> bool:
        return self.guide.published_at is None

    @cached_property
    def questions(self) -> list[tuple[Part, list[QuestionLine]]]:
        """By part; a part that asks nothing is there as well."""
        asked = list(self.guide.questions.all())
        return [(part, self._lines([q for q in asked if q.part == part])) for part in Part]

    def _lines(self, asked: list[Question]) -> list[QuestionLine]:
        return [
            QuestionLine(
                question=each,
                asked_of=self.teams.audience(each.audience),
                is_first=place == 0,
                is_last=place == len(asked) - 1,
            )
            for place, each in enumerate(asked)
        ]

    @cached_property
    def said(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """What it says of something, by that."""
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for each in map(ruling_value, rulings_in(self.guide)):
            if each.about == "reviewers":
                continue
            words = value_in_words(each.about, each.name, each.value)
            found.setdefault((each.about, each.name), []).append(
                (self.teams.scope(each.scope), words)
            )
        return found

    def line(self, about: str, name: str) -> SubjectLine:
        said = tuple(self.said.get((about, name), ()))
        return SubjectLine(
            about=about,
            name=name,
            title=title_of(about, name),
            usual=value_in_words(about, name, usual_value(about, name)),
            said=said,
            is_said_of_all=bool(said) and said[0][0] == EVERY_COE,
        )

    @cached_property
    def reviewers(self) -> list[ReviewerLine]:
        return reviewer_lines(self.guide)

    @cached_property
    def checks(self) -> list[tuple[str, list[SubjectLine]]]:
        """By subject."""
        return [
            (subject, [self.line("levels", each.id) for each in checks])
            for subject, checks in BY_SUBJECT.items()
        ]

    @cached_property
    def limits(self) -> list[SubjectLine]:
        return [self.line("limits", name) for name in NAMES["limits"]]

    @cached_property
    def sections(self) -> list[SubjectLine]:
        return [self.line("sections", name) for name in NAMES["sections"]]


@dataclass(frozen=True, slots=True)
class ToldQuestion:
    """What happened to a question, in words; `part` and `asked_of` name what was and what is."""

    done: str
    part: str
    text: tuple[Piece, ...]
    hint: tuple[Piece, ...]
    facts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ToldRuling:
    """What is said of something for some COEs, before and after; what was not said is empty."""

    kind: str
    title: str
    scope: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version of the guide changes, in words."""

    before: Guide
    after: Guide
    questions: tuple[ToldQuestion, ...]
    rulings: tuple[ToldRuling, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.questions or self.rulings)


def difference_of(before: Guide, after: Guide) -> Difference:
    """What `after` says otherwise than `before`."""
    found = compare_guides(guide_value(before), guide_value(after))
    teams = Teams()
    questions = tuple(_told_question(each, teams) for each in found.questions)
    return Difference(before, after, questions, tuple(_told_rulings(found, teams)))


def _told_question(change: QuestionChange, teams: Teams) -> ToldQuestion:
    there = change.after or change.before
    assert there is not None
    return ToldQuestion(
        done=_done(change),
        part=part_label(there.part),
        text=change.text,
        hint=change.hint,
        facts=tuple(_facts(change, teams)),
    )


def _done(change: QuestionChange) -> str:
    if change.before is None:
        return "Added"
    if change.after is None:
        return "Removed"
    if change.before == change.after:
        return "Moved"
    return "Changed and moved" if change.is_moved else "Changed"


def _facts(change: QuestionChange, teams: Teams) -> Iterable[tuple[str, str, str]]:
    """What else is another: its name, before, after."""
    if change.after is None:
        return
    audience = teams.audience(change.after.audience)
    if change.before is None:
        if audience:
            yield "Asked of", "", audience
        return
    if change.before.part != change.after.part:
        yield "Part", part_label(change.before.part), part_label(change.after.part)
    if change.before.audience != change.after.audience:
        was = teams.audience(change.before.audience)
        yield "Asked of", was or EVERY_COE, audience or EVERY_COE


def _told_rulings(found: GuideComparison, teams: Teams) -> Iterable[ToldRuling]:
    words = ReviewerWords(each.name for each in found.rulings if each.about == "reviewers")
    for each in found.rulings:
        before, after = (
            _said(each.about, each.name, each.scope, value) for value in (each.before, each.after)
        )
        yield ToldRuling(
            kind=ABOUT[each.about],
            title=words.title(each.name)
            if each.about == "reviewers"
            else title_of(each.about, each.name),
            scope=teams.scope(each.scope),
            before=before,
            after=after,
        )


def _said(about: str, name: str, scope: Scope, value: str | None) -> str:
    """In words; where nothing is said for all COEs the product's own holds."""
    if about == "reviewers":
        return "Not asked" if value is None else "Asked to review"
    if value is not None:
        return value_in_words(about, name, value)
    if scope == Scope():
        return f"{value_in_words(about, name, usual_value(about, name))} (as usual)"
    return "As for others"

"""What one version of the guide says otherwise than another: pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from coe.policies.scope import Audience, Scope
from coe.text.difference import Piece, difference
from coe.text.sequences import rising


@dataclass(frozen=True, slots=True)
class QuestionValue:
    """A question as a version of the guide asks it."""

    slug: str
    part: str
    text: str
    hint: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class RulingValue:
    """What a version says of something: `about` is levels, limits, sections or reviewers.

    `name` is the id of a check, the name of a limit (with the severity or priority that it limits
    after a colon), the name of a section, or who is named to review (`GuideReviewer.who`).
    """

    about: str
    name: str
    scope: Scope
    value: str

    @property
    def key(self) -> tuple[str, str, Scope]:
        """What there is only one ruling of."""
        return self.about, self.name, self.scope


@dataclass(frozen=True, slots=True)
class GuideValue:
    """A version of the guide; its questions stand in the order they are asked."""

    questions: tuple[QuestionValue, ...]
    rulings: frozenset[RulingValue]


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question that was added (`before` is None), removed (`after` is), changed or moved.

    `text` and `hint` say word by word how they became what they are.
    """

    before: QuestionValue | None
    after: QuestionValue | None
    text: tuple[Piece, ...]
    hint: tuple[Piece, ...]
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class RulingChange:
    """A ruling that says something else; None where nothing was or is said."""

    about: str
    name: str
    scope: Scope
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class GuideComparison:
    questions: tuple[QuestionChange, ...]
    rulings: tuple[RulingChange, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.questions or self.rulings)


def digest_of_guide(value: GuideValue) -> str:
    """The same for guides that say the same, whatever order their rulings were read in."""
    rulings = sorted(repr(astuple(each)) for each in value.rulings)
    content = repr(([astuple(each) for each in value.questions], rulings))
    return hashlib.sha256(content.encode()).hexdigest()


def compare_guides(before: GuideValue, after: GuideValue) -> GuideComparison:
    """What has to be done to `before` to make it say what `after` says.

    Questions are the same where their slug is. What was removed comes after what is there.
    """
    return GuideComparison(_questions(before, after), _rulings(before, after))


def _questions(before: GuideValue, after: GuideValue) -> tuple[QuestionChange, ...]:
    old = {each.slug: each for each in before.questions}
    new = {each.slug: each for each in after.questions}
    moved = _moved(list(old), list(new))
    changes = [
        _change(old.get(slug), question, is_moved=slug in moved)
        for slug, question in new.items()
        if old.get(slug) != question or slug in moved
    ]
    removed = [_change(question, None) for slug, question in old.items() if slug not in new]
    return (*changes, *removed)


def _change(
    before: QuestionValue | None, after: QuestionValue | None, *, is_moved: bool = False
) -> QuestionChange:
    return QuestionChange(
        before=before,
        after=after,
        text=difference(before.text if before else "", after.text if after else ""),
        hint=difference(before.hint if before else "", after.hint if after else ""),
        is_moved=is_moved,
    )


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest of those in both that have to be moved to bring them into the new order."""
    shared = [slug for slug in new if slug in set(old)]
    place = {slug: number for number, slug in enumerate(old)}
    stays = rising([place[slug] for slug in shared])
    return set(shared) - {shared[each] for each in stays}


def _rulings(before: GuideValue, after: GuideValue) -> tuple[RulingChange, ...]:
    old = {each.key: each.value for each in before.rulings}
    new = {each.key: each.value for each in after.rulings}
    changed = [key for key in old | new if old.get(key) != new.get(key)]
    changed.sort(key=_place)
    return tuple(RulingChange(*key, old.get(key), new.get(key)) for key in changed)


def _place(key: tuple[str, str, Scope]) -> tuple[str, str, int, str, int]:
    about, name, scope = key
    return about, name, scope.team or 0, scope.category, scope.severity or 0

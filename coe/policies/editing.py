"""Writing in the draft of the guide: its questions, and what it says of checks and sections."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from coe.accounts.models import Team, User
from coe.accounts.saving import refuse_taken, refuse_unseen
from coe.history.models import Action
from coe.history.services import changed, record
from coe.policies.drafts import lock_draft
from coe.policies.models import (
    CheckLevel,
    Guide,
    GuideLimit,
    GuideReviewer,
    Question,
    Ruling,
    SectionAsking,
)
from coe.policies.queries import ASKED, ruling_value, rulings_in
from coe.policies.scope import CATEGORIES
from coe.web.errors import StaleAnswer

GONE = "Somebody removed this from the draft since you opened it. Nothing was changed."
TWICE = "The draft says something of this for the same COEs already. Change that instead."
ASKED_TWICE = "The draft asks them to review the same COEs already."
SPARE = 10_000
"""Added to positions while they change, so that no two questions stand at one place."""
MOST_SLUG = 40

CONSTRAINTS: dict[type[Ruling], str] = {
    CheckLevel: "check_level_once",
    GuideLimit: "guide_limit_once",
    SectionAsking: "section_asking_once",
    GuideReviewer: "guide_reviewer_once",
}
"""By kind of ruling, the constraint that it is there once."""


def question_facts(question: Question) -> dict[str, Any]:
    """What is stated about a question, as history keeps it."""
    return {
        "part": question.part,
        "text": question.text,
        "hint": question.hint,
        "severities": list(question.severities),
        "categories": list(question.categories),
        "team_id": question.team_id,
    }


def ruling_facts(row: Ruling) -> dict[str, Any]:
    """What a ruling says, and for whom."""
    return {
        "value": _value(row),
        "severity": row.severity,
        "category": row.category,
        "team_id": row.team_id,
    }


def _value(row: Ruling) -> str | int:
    match row:
        case CheckLevel():
            return row.level
        case GuideLimit():
            return row.value
        case SectionAsking():
            return row.asking
        case GuideReviewer():
            return ASKED
    raise TypeError(row)


@transaction.atomic
def add_question(
    *,
    version: int,
    part: str,
    text: str,
    hint: str,
    severities: Sequence[int],
    categories: Sequence[str],
    team: Team | None,
    by: User,
) -> Question:
    """Ask another question in the draft, after all others. Raises as `lock_draft` does.

    One that an earlier version asked in the same words is the same question.
    """
    draft = lock_draft(version, by=by)
    last = draft.questions.order_by("-position").first()
    question = Question.objects.create(
        guide=draft,
        part=part,
        slug=_slug(draft, text),
        text=text,
        hint=hint,
        severities=sorted(severities),
        categories=sorted(categories, key=CATEGORIES.index),
        team=team,
        position=last.position + 1 if last else 1,
    )
    _record(Action.ADDED, question, by=by, after=question_facts(question))
    return question


def _slug(draft: Guide, text: str) -> str:
    here = set(draft.questions.values_list("slug", flat=True))
    earlier = Question.objects.filter(text=text).exclude(slug__in=here).order_by("-guide__version")
    if known := earlier.values_list("slug", flat=True).first():
        return known
    taken = {*Question.objects.values_list("slug", flat=True), "add"}
    name = slugify(text)[:MOST_SLUG].strip("-") or "question"
    number = 1
    slug = name
    while slug in taken:
        number += 1
        slug = f"{name[: MOST_SLUG - len(str(number)) - 1]}-{number}"
    return slug


def _question(draft: Guide, slug: str) -> Question:
    question = draft.questions.filter(slug=slug).first()
    if question is None:
        raise StaleAnswer(GONE)
    return question


@transaction.atomic
def change_question(
    *,
    version: int,
    slug: str,
    seen: str,
    part: str,
    text: str,
    hint: str,
    severities: Sequence[int],
    categories: Sequence[str],
    team: Team | None,
    by: User,
) -> Question:
    """Write a question of the draft over the facts that were `seen`.

    Raises as `lock_draft` does, `StaleAnswer` if it was removed, `Conflict` if somebody else
    changed it since.
    """
    question = _question(lock_draft(version, by=by), slug)
    before = question_facts(question)
    question.part, question.text, question.hint = part, text, hint
    question.severities, question.team = sorted(severities), team
    question.categories = sorted(categories, key=CATEGORIES.index)
    old, new = changed(before, question_facts(question))
    if new:
        refuse_unseen(before, seen=seen)
        question.save(update_fields=list(new))
        _record(Action.CHANGED, question, by=by, before=old, after=new)
    return question


@transaction.atomic
def move_question(*, version: int, slug: str, steps: int, by: User) -> Question:
    """Let a question of the draft stand `steps` further down among those of its part.

    At the end it stays where it is. Raises as `change_question` does.
    """
    draft = lock_draft(version, by=by)
    question = _question(draft, slug)
    part = list(draft.questions.filter(part=question.part))
    place = part.index(question)
    to = min(max(place + steps, 0), len(part) - 1)
    if to == place:
        return question
    positions = [each.position for each in part]
    part.insert(to, part.pop(place))
    for spare in (SPARE, 0):
        for each, position in zip(part, positions, strict=True):
            Question.objects.filter(pk=each.pk).update(position=position + spare)
    _record(Action.MOVED, question, by=by, before={"place": place}, after={"place": to})
    return question


@transaction.atomic
def remove_question(*, version: int, slug: str, by: User) -> None:
    """Ask a question no more from this version on. Raises as `change_question` does."""
    question = _question(lock_draft(version, by=by), slug)
    _record(Action.REMOVED, question, by=by, before=question_facts(question))
    question.delete()


def _record(action: Action, question: Question, *, by: User, **told: Any) -> None:
    key = f"{question.guide.version}/{question.slug}"
    record(action, by=by, subject="guide_question", key=key, **told)


@transaction.atomic
def add_ruling(
    *,
    version: int,
    ruling: Ruling,
    value: str | int,
    severity: int | None,
    category: str,
    team: Team | None,
    by: User,
) -> Ruling:
    """Let the draft say `value` of what the unsaved `ruling` names, for these COEs.

    Raises as `lock_draft` does, `ValidationError` if the draft says something for them already.
    """
    draft = lock_draft(version, by=by)
    ruling.guide = draft  # type: ignore[attr-defined]
    _say(ruling, value, severity, category, team)
    sentence = ASKED_TWICE if isinstance(ruling, GuideReviewer) else TWICE
    with refuse_taken(CONSTRAINTS[type(ruling)], field="severity", sentence=sentence):
        ruling.save()
    _record_ruling(Action.ADDED, ruling, version, by=by, after=ruling_facts(ruling))
    return ruling


def _say(
    ruling: Ruling, value: str | int, severity: int | None, category: str, team: Team | None
) -> None:
    ruling.severity, ruling.category, ruling.team = severity, category, team
    match ruling:
        case CheckLevel():
            ruling.level = str(value)
        case GuideLimit():
            ruling.value = int(value)
        case SectionAsking():
            ruling.asking = str(value)


def _stored(ruling: Ruling, draft: Guide) -> Ruling:
    stored = next((each for each in rulings_in(draft) if each == ruling), None)
    if stored is None:
        raise StaleAnswer(GONE)
    return stored


@transaction.atomic
def change_ruling(
    *,
    version: int,
    ruling: Ruling,
    seen: str,
    value: str | int,
    severity: int | None,
    category: str,
    team: Team | None,
    by: User,
) -> Ruling:
    """Write what the draft says over the facts that were `seen`.

    Raises as `add_ruling` does, `StaleAnswer` if it was removed, `Conflict` if somebody else
    changed it since.
    """
    fresh = _stored(ruling, lock_draft(version, by=by))
    before = ruling_facts(fresh)
    _say(fresh, value, severity, category, team)
    old, new = changed(before, ruling_facts(fresh))
    if not new:
        return fresh
    refuse_unseen(before, seen=seen)
    with refuse_taken(CONSTRAINTS[type(fresh)], field="severity", sentence=TWICE):
        fresh.save()
    _record_ruling(Action.CHANGED, fresh, version, by=by, before=old, after=new)
    return fresh


@transaction.atomic
def remove_ruling(*, version: int, ruling: Ruling, by: User) -> None:
    """Let the draft say this no more. Raises as `change_ruling` does."""
    fresh = _stored(ruling, lock_draft(version, by=by))
    _record_ruling(Action.REMOVED, fresh, version, by=by, before=ruling_facts(fresh))
    fresh.delete()


def _record_ruling(action: Action, ruling: Ruling, version: int, *, by: User, **told: Any) -> None:
    value = ruling_value(ruling)
    key = f"{version}/{value.about}/{value.name}"
    record(action, by=by, subject="guide_ruling", key=key, **told)

"""Reading guides."""

from coe.accounts.models import User
from coe.policies.comparison import GuideValue, QuestionValue, RulingValue
from coe.policies.models import CheckLevel, Guide, GuideLimit, Question, Ruling, SectionAsking


def question_value(question: Question) -> QuestionValue:
    return QuestionValue(
        slug=question.slug,
        part=question.part,
        text=question.text,
        hint=question.hint,
        audience=question.audience,
    )


def ruling_value(row: Ruling) -> RulingValue:
    """What a stored ruling says, of whatever kind it is."""
    match row:
        case CheckLevel():
            return RulingValue("levels", row.check_id, row.scope, row.level)
        case GuideLimit():
            name = row.name if row.of is None else f"{row.name}:{row.of}"
            return RulingValue("limits", name, row.scope, str(row.value))
        case SectionAsking():
            return RulingValue("sections", row.name, row.scope, row.asking)
    raise TypeError(row)


def rulings_in(guide: Guide) -> list[Ruling]:
    """Every ruling of `guide`, those for all COEs before those for some."""
    rows: list[Ruling] = [*guide.levels.all(), *guide.limits.all(), *guide.sections.all()]
    return sorted(rows, key=lambda row: (row.team_id or 0, row.category, row.severity or 0))


def guide_value(guide: Guide) -> GuideValue:
    """All that `guide` says."""
    return GuideValue(
        questions=tuple(question_value(each) for each in guide.questions.all()),
        rulings=frozenset(ruling_value(each) for each in rulings_in(guide)),
    )


def reviewers_named(guide_id: int, severity: int, category: str, team_id: int | None) -> list[User]:
    """Whom the guide asks to review a COE of that severity, kind and team."""
    return []

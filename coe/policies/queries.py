"""Reading guides."""

from django.db.models.expressions import RawSQL

from coe.accounts.models import User
from coe.accounts.queries import active_people
from coe.policies.comparison import GuideValue, QuestionValue, RulingValue
from coe.policies.models import (
    CheckLevel,
    Guide,
    GuideLimit,
    GuideReviewer,
    Question,
    Ruling,
    SectionAsking,
)

NAMED = """
WITH RECURSIVE path(id) AS (
    SELECT %s::bigint
    UNION
    SELECT team.parent_id FROM coe_team team JOIN path ON team.id = path.id
), line AS (
    SELECT naming, person_id, managed_id FROM coe_guidereviewer
    WHERE guide_id = %s
        AND (severity IS NULL OR severity = %s)
        AND category IN ('', %s)
        AND (team_id IS NULL OR team_id IN (SELECT id FROM path))
), managed(id) AS (
    SELECT managed_id FROM line WHERE managed_id IS NOT NULL
    UNION
    SELECT team.parent_id FROM managed JOIN coe_team team ON team.id = managed.id
    LEFT JOIN coe_user manager ON manager.id = team.manager_id
    WHERE manager.is_active IS NOT TRUE
)
SELECT person_id FROM line WHERE person_id IS NOT NULL
UNION
SELECT team.manager_id FROM coe_team team JOIN managed ON team.id = managed.id
WHERE team.manager_id IS NOT NULL
UNION
SELECT leader.id FROM coe_user leader
WHERE leader.is_leader AND EXISTS (SELECT FROM line WHERE naming = 'leaders')"""
"""Everybody whom a line of a guide names that holds for a COE. A team without an active manager is
managed by the next one above."""

ASKED = "asked"
"""What a guide says of a reviewer whom it names: there is nothing else to say."""


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
        case GuideReviewer():
            return RulingValue("reviewers", row.who, row.scope, ASKED)
    raise TypeError(row)


def rulings_in(guide: Guide) -> list[Ruling]:
    """Every ruling of `guide`, those for all COEs before those for some."""
    rows: list[Ruling] = [
        *guide.levels.all(),
        *guide.limits.all(),
        *guide.sections.all(),
        *guide.reviewers.all(),
    ]
    return sorted(rows, key=lambda row: (row.team_id or 0, row.category, row.severity or 0))


def guide_value(guide: Guide) -> GuideValue:
    """All that `guide` says."""
    return GuideValue(
        questions=tuple(question_value(each) for each in guide.questions.all()),
        rulings=frozenset(ruling_value(each) for each in rulings_in(guide)),
    )


def reviewers_named(
    guide_id: int, *, severity: int, category: str, team_id: int | None
) -> list[User]:
    """Whom the guide of this key asks to review the COEs of this severity, about an incident of
    this kind (`category`), that the team of this key owns.

    People who are active, each once, by name. A role is whoever has it now: who manages a team, or
    the next manager above while it has none who is active, and who leads. The owner of a COE and
    its approver may be among them. One query.
    """
    named = RawSQL(NAMED, [team_id, guide_id, severity, category])  # noqa: S611  our own words
    return list(active_people().select_related("team").filter(pk__in=named))

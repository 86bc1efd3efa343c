from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection, transaction

from coe.policies.calendars import WEEKDAYS, Calendar
from coe.policies.default_guide import QUESTIONS
from coe.policies.models import Guide, Question
from coe.policies.rules import DEFAULT_RULES, Asking, GuideRules, Level
from coe.policies.scope import Line, Scope, Situation, prevailing

LINES = """
WITH RECURSIVE path(id, depth) AS (
    SELECT %(team)s::bigint, 0
    UNION ALL
    SELECT team.parent_id, depth + 1 FROM coe_team team JOIN path ON team.id = path.id
    WHERE team.parent_id IS NOT NULL AND depth < 100
), calendar AS (
    SELECT team_id, counts_working_days FROM coe_teamcalendar JOIN path ON path.id = team_id
    ORDER BY depth LIMIT 1
)
SELECT about, name, of, value, severity, team_id, category,
    (SELECT array_agg(id ORDER BY depth) FROM path WHERE id IS NOT NULL)
FROM (
    SELECT 'levels' AS about, check_id AS name, NULL::smallint AS of, level AS value, severity,
        team_id, category FROM coe_checklevel WHERE guide_id = %(guide)s
    UNION ALL SELECT 'limits', name, of, value::text, severity, team_id, category
        FROM coe_guidelimit WHERE guide_id = %(guide)s
    UNION ALL SELECT 'sections', name, NULL, asking, severity, team_id, category
        FROM coe_sectionasking WHERE guide_id = %(guide)s
    UNION ALL SELECT 'questions', slug, NULL, '', NULL, team_id, ''
        FROM coe_question WHERE guide_id = %(guide)s AND team_id IS NOT NULL
    UNION ALL SELECT 'calendar', '', NULL, counts_working_days::text, NULL, NULL, '' FROM calendar
    UNION ALL SELECT 'holiday', '', NULL, day::text, NULL, NULL, ''
        FROM coe_holiday WHERE calendar_id = (SELECT team_id FROM calendar)
) AS line"""
"""All that a guide says of something, the calendar that holds for a team, and the teams that it is
part of, in one query."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a guide asks of a COE in one situation.

    The situation names the teams only where the guide says something that is its own.
    """

    rules: GuideRules
    situation: Situation


@transaction.atomic
def current_guide() -> Guide:
    """The newest guide that is published; where there is none yet, the product's own is laid
    down first."""
    return Guide.objects.published().last() or _lay_first_guide()


def _lay_first_guide() -> Guide:
    """Two who come first at once get the same guide."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('first guide'))")
    if there := Guide.objects.published().last():
        return there
    guide = Guide.objects.create(version=1)
    Question.objects.bulk_create(
        Question(guide=guide, part=part, slug=slug, text=text, hint=hint, position=position)
        for position, (part, slug, text, hint) in enumerate(QUESTIONS, 1)
    )
    return guide


def asked_of(
    guide: int, *, severity: int | None = None, team: int | None = None, category: str = ""
) -> Asked:
    """What the guide of this key asks of the COEs of this severity, about an incident of this kind
    (`category`), that `team` (a key) owns.

    One query. Where one of them is not known, what is said of one does not hold.
    """
    with connection.cursor() as cursor:
        cursor.execute(LINES, {"guide": guide, "team": team})
        rows = cursor.fetchall()
    situation = Situation(severity, tuple(rows[0][-1] or ()) if rows else (), category)
    return Asked(_rules(rows, situation), situation)


def rules_of(
    guide: Guide, *, severity: int | None = None, team: int | None = None, category: str = ""
) -> GuideRules:
    """The levels, limits and sections of `guide` for the COEs that `asked_of` names: the product's
    own, except where the guide has another."""
    return asked_of(guide.pk, severity=severity, team=team, category=category).rules


def _rules(rows: Iterable[tuple[Any, ...]], situation: Situation) -> GuideRules:
    lines: dict[str, list[Line]] = defaultdict(list)
    for about, name, of, value, severity, team, category, _ in rows:
        key = name if of is None else f"{name}:{of}"
        lines[about].append(Line(key, Scope(severity, team, category), value))
    held = {
        about: prevailing(lines[about], situation) for about in ("levels", "limits", "sections")
    }
    return replace(
        DEFAULT_RULES,
        levels={check: Level(level) for check, level in held["levels"].items()},
        sections={name: Asking(asking) for name, asking in held["sections"].items()},
        calendar=_calendar(lines["calendar"], lines["holiday"]),
        **limits_from(held["limits"]),
    )


def _calendar(stated: Sequence[Line], holidays: Iterable[Line]) -> Calendar:
    days = frozenset(date.fromisoformat(each.value) for each in holidays)
    return Calendar(days, stated[0].value == "true") if stated else WEEKDAYS


def limits_from(held: Mapping[str, str]) -> dict[str, Any]:
    """The fields of `GuideRules` that the limits which hold, by `name` or `name:of`, fill."""
    limits: dict[str, Any] = {}
    for key, value in held.items():
        name, _, of = key.partition(":")
        if of:
            usual = limits.get(name, getattr(DEFAULT_RULES, name))
            limits[name] = {**usual, int(of): int(value)}
        else:
            limits[name] = int(value)
    return limits

"""What the lines of a guide are called, and what they say, in words."""

from collections.abc import Collection, Mapping

from coe.accounts.models import Team
from coe.actions.models import Priority
from coe.guidance.registry import CHECKS
from coe.incidents.models import Category, Severity
from coe.policies.models import Part
from coe.policies.rules import (
    BY_SEVERITY,
    DEFAULT_RULES,
    USUAL_ASKING,
    Asking,
    Level,
    Limit,
    OptionalSection,
)
from coe.policies.scope import Audience, Scope
from coe.text.durations import describe_duration

ABOUT = {"levels": "Check", "limits": "Limit", "sections": "Section", "reviewers": "Reviewer"}
"""What a guide says something of, beside its questions."""
EVERY_COE = "Every COE"
UNITS = {
    Limit.SUMMARY_WORDS: "words",
    Limit.FEWEST_ENTRIES: "entries",
    Limit.DUE_DAYS: "days",
    Limit.PUBLICATION_DAYS: "working days",
    Limit.DRAFT_DAYS: "working days",
    Limit.REVIEW_DAYS: "working days",
    Limit.VERIFY_DAYS: "days",
    Limit.MOVE_DAYS: "days",
}
"""What a limit counts, where it is not minutes."""
LIMITS = {
    Limit.SUMMARY_WORDS: "A summary has at most",
    Limit.FEWEST_ENTRIES: "A timeline has at least",
    Limit.GAP_MINUTES: "A timeline is without an entry for at most",
    Limit.SLOW_DETECTION: "Detecting it takes at most",
    Limit.SLOW_DIAGNOSIS: "From detected to diagnosed at most",
    Limit.SLOW_MITIGATION: "From detected to mitigated at most",
    Limit.DUE_DAYS: "An action item is due within",
    Limit.PUBLICATION_DAYS: "From mitigated to published at most",
    Limit.DRAFT_DAYS: "From mitigated to submitted at most",
    Limit.REVIEW_DAYS: "In review for at most",
    Limit.VERIFY_DAYS: "From done to verified at least",
    Limit.MOVE_DAYS: "A due date is moved without an approver by at most",
}

_CHECKS = {each.id: each for each in CHECKS}


def limit_names() -> list[str]:
    """Every limit that a guide can set; those by severity or priority one by one."""
    found: list[str] = []
    for limit in Limit:
        usual = getattr(DEFAULT_RULES, limit)
        found += [limit.value] if isinstance(usual, int) else [f"{limit}:{of}" for of in usual]
    return found


NAMES: Mapping[str, Collection[str]] = {
    "levels": tuple(_CHECKS),
    "limits": tuple(limit_names()),
    "sections": tuple(OptionalSection.values),
}
"""What there is to say something of."""


def title_of(about: str, name: str) -> str:
    """What a check, a limit or a section is called; a check that is no more has only its id."""
    if about == "levels":
        return f"{name}: {_CHECKS[name].title}" if name in _CHECKS else name
    if about == "sections":
        return str(OptionalSection(name).label)
    limit, _, of = name.partition(":")
    said = LIMITS[Limit(limit)]
    if not of:
        return said
    return f"Sev {of}: {_low(said)}" if limit in BY_SEVERITY else f"{_priority(of)}: {_low(said)}"


def _low(said: str) -> str:
    return said[0].lower() + said[1:]


def _priority(of: str) -> str:
    return str(Priority(int(of)).label)


def value_in_words(about: str, name: str, value: str | int) -> str:
    """What is said of it: a level, a number with its unit, how much a section is wanted.

    A level is told as it holds (`Check.heaviest`).
    """
    if about == "levels":
        level = Level(str(value))
        return str((_CHECKS[name].weight(level) if name in _CHECKS else level).label)
    if about == "sections":
        return str(Asking(str(value)).label)
    unit = UNITS.get(Limit(name.partition(":")[0]))
    return f"{value} {unit}" if unit else describe_duration(int(value) * 60)


def usual_value(about: str, name: str) -> str | int:
    """What holds where the guide says nothing."""
    if about == "levels":
        return _CHECKS[name].level.value if name in _CHECKS else Level.OFF.value
    if about == "sections":
        return USUAL_ASKING[name].value
    limit, _, of = name.partition(":")
    usual = getattr(DEFAULT_RULES, limit)
    return int(usual[int(of)] if of else usual)


class Teams:
    """The names of teams, read once."""

    def __init__(self) -> None:
        self.names = dict(Team.objects.values_list("pk", "name"))

    def scope(self, scope: Scope) -> str:
        """Whom a ruling is for: every COE, or which."""
        audience = Audience(
            (scope.severity,) if scope.severity else (),
            scope.team,
            (scope.category,) if scope.category else (),
        )
        return self.audience(audience) or EVERY_COE

    def audience(self, audience: Audience) -> str:
        """Whom a question is asked of, empty where it is everybody."""
        said = [
            _together([category_label(each) for each in audience.categories]),
            _together([f"Sev {each}" for each in audience.severities]),
        ]
        if audience.team is not None:
            said.append(self.names.get(audience.team, "A team that is not known"))
        return ", ".join(each for each in said if each)


def _together(names: list[str]) -> str:
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def part_label(part: str) -> str:
    return str(Part(part).label)


def category_label(category: str) -> str:
    return str(Category(category).label)


def severity_choices() -> list[tuple[int, str]]:
    return [(each.value, str(each.label)) for each in Severity]

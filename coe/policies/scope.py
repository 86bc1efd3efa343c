"""Whom a line of a guide is for, and which of several lines holds for a COE. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

CATEGORIES = ("outage", "security", "data_loss", "near_miss")
"""The kinds of incidents, called as in `coe.incidents.models.Category`, which stands above."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What of a COE decides which lines of its guide hold: None, () and "" where it is not known.

    `teams` are the keys of the team that owns it and of those above, the nearest first; `category`
    is the kind of its incident.
    """

    severity: int | None = None
    teams: tuple[int, ...] = ()
    category: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """The COEs that a line holds for: of one severity, of one team and those below it, of one
    kind of incident (`category`), or all."""

    severity: int | None = None
    team: int | None = None
    category: str = ""

    def holds_in(self, situation: Situation) -> bool:
        return (
            self.severity in (None, situation.severity)
            and self.category in ("", situation.category)
            and (self.team is None or self.team in situation.teams)
        )

    def narrowness(self, situation: Situation) -> tuple[int, bool, bool]:
        """The greater, the narrower: a team (the nearest first) comes before a kind of incident,
        that before a severity, that before all.

        The scope holds in `situation`.
        """
        nearness = 0
        if self.team is not None:
            nearness = len(situation.teams) - situation.teams.index(self.team)
        return nearness, bool(self.category), self.severity is not None


@dataclass(frozen=True, slots=True)
class Audience:
    """The COEs that a question is asked of: of these severities and of these kinds of incidents
    (none: every one), and of one team and those below it alone where it names one."""

    severities: tuple[int, ...] = ()
    team: int | None = None
    categories: tuple[str, ...] = ()

    def holds(self, situation: Situation) -> bool:
        return (
            (not self.severities or situation.severity in self.severities)
            and (not self.categories or situation.category in self.categories)
            and (self.team is None or self.team in situation.teams)
        )


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of `name` in a scope."""

    name: str
    scope: Scope
    value: Any


def prevailing(lines: Iterable[Line], situation: Situation) -> dict[str, Any]:
    """By name, what holds in `situation`: the narrowest line that applies.

    No two lines of one name have the same scope, so their order does not matter.
    """
    found: dict[str, Line] = {}
    for line in lines:
        if not line.scope.holds_in(situation):
            continue
        held = found.get(line.name)
        if held is None or _is_narrower(line.scope, held.scope, situation):
            found[line.name] = line
    return {name: line.value for name, line in found.items()}


def _is_narrower(scope: Scope, other: Scope, situation: Situation) -> bool:
    return scope.narrowness(situation) > other.narrowness(situation)

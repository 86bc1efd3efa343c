"""Whom a line of a guide is for, and which of several lines holds for a COE. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Situation:
    """What of a COE decides which lines of its guide hold: None and () where it is not known.

    `teams` are the keys of the team that owns it and of those above, the nearest first.
    """

    severity: int | None = None
    teams: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """The COEs that a line holds for: of one severity, of one team and those below it, or all."""

    severity: int | None = None
    team: int | None = None

    def holds_in(self, situation: Situation) -> bool:
        of_severity = self.severity in (None, situation.severity)
        return of_severity and (self.team is None or self.team in situation.teams)

    def narrowness(self, situation: Situation) -> tuple[int, bool]:
        """The greater, the narrower: a team comes before a severity, the nearest team first.

        The scope holds in `situation`.
        """
        nearness = 0
        if self.team is not None:
            nearness = len(situation.teams) - situation.teams.index(self.team)
        return nearness, self.severity is not None


@dataclass(frozen=True, slots=True)
class Audience:
    """The COEs that a question is asked of: of these severities (none: every one), and of one
    team and those below it alone where it names one."""

    severities: tuple[int, ...] = ()
    team: int | None = None

    def holds(self, situation: Situation) -> bool:
        of_severity = not self.severities or situation.severity in self.severities
        return of_severity and (self.team is None or self.team in situation.teams)


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

"""The limits of guides for many COEs at once."""

from collections import defaultdict
from dataclasses import replace
from functools import cached_property

from coe.policies.models import GuideLimit
from coe.policies.rules import DEFAULT_RULES, GuideRules, Limit
from coe.policies.scope import Line, Situation, prevailing
from coe.policies.services import limits_from
from coe.policies.team_calendars import Calendars


class Limits:
    """What guides say of some of their limits, read once, whatever the number of COEs."""

    def __init__(self, *names: Limit) -> None:
        self._names = names
        self._calendars = Calendars()

    def of(self, guide: int, *, severity: int, team: int, category: str) -> GuideRules:
        """The rules of the guide with this key for a COE of this severity, about an incident of
        this kind, that `team` (a key) owns: its calendar, and the limits that were asked for. The
        rest are the product's own."""
        situation = Situation(severity, self._calendars.teams_of(team), category)
        held = prevailing(self._lines.get(guide, ()), situation)
        calendar = self._calendars.of(team)
        return replace(DEFAULT_RULES, calendar=calendar, **limits_from(held))

    @cached_property
    def _lines(self) -> dict[int, list[Line]]:
        found: dict[int, list[Line]] = defaultdict(list)
        for limit in GuideLimit.objects.filter(name__in=self._names):
            key = limit.name if limit.of is None else f"{limit.name}:{limit.of}"
            found[limit.guide_id].append(Line(key, limit.scope, str(limit.value)))
        return found

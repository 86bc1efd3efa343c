"""The calendars of teams: kept by administrators, read for every date that is counted."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.db import transaction

from coe.accounts.models import Team, User
from coe.accounts.saving import refuse_unseen, require_administrator
from coe.history.models import Action
from coe.history.services import changed, record
from coe.policies.calendars import WEEKDAYS, Calendar
from coe.policies.models import Holiday, TeamCalendar

Holidays = Mapping[date, str]
"""What each is called, by the day."""


class Calendars:
    """The calendar that holds for each team, read once: its own, else that of the nearest team
    above that has one, else Monday to Friday and due dates that count every day."""

    def of(self, team_id: int | None) -> Calendar:
        """The calendar of the team with this key."""
        holding = (self._own[each] for each in self.teams_of(team_id) if each in self._own)
        return next(holding, WEEKDAYS)

    def teams_of(self, team_id: int | None) -> tuple[int, ...]:
        """The team with this key and those that it is part of, the nearest first."""
        found: list[int] = []
        while team_id is not None:
            found.append(team_id)
            team_id = self._parents.get(team_id)
        return tuple(found)

    @cached_property
    def _own(self) -> dict[int, Calendar]:
        days: dict[int, set[date]] = {}
        for team, day in Holiday.objects.values_list("calendar", "day"):
            days.setdefault(team, set()).add(day)
        stored = TeamCalendar.objects.values_list("team", "counts_working_days")
        return {team: Calendar(frozenset(days.get(team, ())), counts) for team, counts in stored}

    @cached_property
    def _parents(self) -> dict[int, int | None]:
        return dict(Team.objects.values_list("pk", "parent"))


def calendar_facts(team: Team) -> dict[str, Any]:
    """What is stated about the calendar of `team` itself, as its form shows it."""
    calendar = TeamCalendar.objects.filter(team=team).first()
    holidays = calendar.holidays.all() if calendar else ()
    return {
        "has_own": calendar is not None,
        "counts_working_days": bool(calendar and calendar.counts_working_days),
        "holidays": "\n".join(map(str, holidays)),
    }


@transaction.atomic
def change_calendar(
    *,
    team: Team,
    seen: str,
    has_own: bool,
    counts_working_days: bool,
    holidays: Holidays,
    by: User,
) -> None:
    """Write the calendar of a team over the facts that were `seen`; without `has_own` it has none.

    No date that was committed moves by it. Writing what is there changes nothing. Raises
    `PermissionDenied` if `by` is no administrator, `Conflict` if somebody else changed it since.
    """
    require_administrator(by)
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    before = calendar_facts(team)
    after = _facts(has_own, counts_working_days, holidays)
    old, new = changed(before, after)
    if not new:
        return
    refuse_unseen(before, seen=seen)
    TeamCalendar.objects.filter(team=team).delete()
    if has_own:
        _store(team, counts_working_days, holidays)
    record(Action.CHANGED, by=by, subject="calendar", key=team.pk, before=old, after=new)


def _facts(has_own: bool, counts_working_days: bool, holidays: Holidays) -> dict[str, Any]:
    if not has_own:
        return {"has_own": False, "counts_working_days": False, "holidays": ""}
    return {
        "has_own": True,
        "counts_working_days": counts_working_days,
        "holidays": "\n".join(map(str, _rows(holidays))),
    }


def _store(team: Team, counts_working_days: bool, holidays: Holidays) -> None:
    calendar = TeamCalendar.objects.create(team=team, counts_working_days=counts_working_days)
    rows = list(_rows(holidays))
    for row in rows:
        row.calendar = calendar
    Holiday.objects.bulk_create(rows)


def _rows(holidays: Holidays) -> Iterable[Holiday]:
    return (Holiday(day=day, name=holidays[day]) for day in sorted(holidays))

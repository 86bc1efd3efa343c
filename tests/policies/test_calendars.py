"""Which days count: worked days, holidays, teams below teams; what administrators write."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from coe.accounts.saving import as_seen
from coe.policies.calendars import WEEKDAYS, Calendar
from coe.policies.models import Holiday
from coe.policies.team_calendars import Calendars, calendar_facts, change_calendar
from coe.web.versions import Conflict
from tests.library.pages import get
from tests.people import People

CHRISTMAS = Calendar(frozenset({date(2026, 12, 25)}), counts_working_days=True)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2025, 3, 3), date(2025, 3, 3), 0),  # a Monday
        (date(2025, 3, 3), date(2025, 3, 4), 1),
        (date(2025, 3, 7), date(2025, 3, 9), 0),  # Friday to Sunday
        (date(2025, 3, 7), date(2025, 3, 10), 1),
        (date(2025, 3, 3), date(2025, 3, 10), 5),
        (date(2025, 3, 8), date(2025, 3, 15), 5),  # Saturday to Saturday
        (date(2025, 3, 3), date(2025, 3, 24), 15),
        (date(2025, 3, 4), date(2025, 3, 3), 0),
    ],
)
def test_working_days(start: date, end: date, days: int) -> None:
    assert WEEKDAYS.working_days(start, end) == days


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 12, 21), 0, date(2026, 12, 21)),  # a Monday
        (date(2026, 12, 21), 3, date(2026, 12, 24)),
        (date(2026, 12, 21), 4, date(2026, 12, 28)),  # over Christmas and the weekend
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 12, 26), 1, date(2026, 12, 28)),  # from a Saturday
    ],
)
def test_working_days_pass_over_weekends_and_holidays(start: date, days: int, due: date) -> None:
    assert CHRISTMAS.due(start, days) == due


def test_where_every_day_counts_a_holiday_is_a_day() -> None:
    every = Calendar(CHRISTMAS.holidays, counts_working_days=False)
    assert every.due(date(2026, 12, 21), 4) == date(2026, 12, 25)
    assert every.due(date(9999, 12, 30), 14) == date.max
    assert CHRISTMAS.due(date(9999, 12, 30), 14) == date(9999, 12, 31)


@given(start=DAYS, days=st.integers(1, 200), holidays=st.frozensets(DAYS, max_size=30))
def test_counting_on_and_counting_back_agree(
    start: date, days: int, holidays: frozenset[date]
) -> None:
    calendar = Calendar(holidays, counts_working_days=True)
    due = calendar.due(start, days)
    assert calendar.working_days(start, due) == days
    assert calendar.is_worked_on(due)
    assert calendar.working_days(start, due - timedelta(1)) == days - 1


def write(people: People, team: str, by: str = "admin", **said: object) -> None:
    owned = {"Storage": people.owner.team, "Platform": people.manager.team}[team]
    assert owned
    facts: dict[str, object] = {"has_own": True, "counts_working_days": True, "holidays": {}}
    seen = as_seen(calendar_facts(owned))
    person = getattr(people, by)
    change_calendar(team=owned, seen=seen, by=person, **{**facts, **said})  # type: ignore[arg-type]


def test_the_calendar_of_the_nearest_team_above_holds(people: People) -> None:
    storage, payments = people.owner.team, people.stranger.team
    assert storage
    assert payments
    write(people, "Platform", holidays={date(2026, 7, 4): "Independence Day"})
    assert Calendars().of(storage.pk) == Calendar(frozenset({date(2026, 7, 4)}), True)
    assert Calendars().of(payments.pk) == WEEKDAYS
    assert Calendars().of(None) == WEEKDAYS
    write(people, "Storage", counts_working_days=False)
    assert Calendars().of(storage.pk) == WEEKDAYS
    write(people, "Storage", has_own=False)
    assert Calendars().of(storage.pk).counts_working_days


def test_all_calendars_are_read_in_three_questions(
    people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    write(people, "Platform", holidays={date(2026, 7, 4): ""})
    calendars = Calendars()
    with django_assert_num_queries(3):
        for person in vars(people).values():
            calendars.of(person.team_id)


def test_only_administrators_write_one_and_nobody_over_what_they_have_not_seen(
    people: People,
) -> None:
    for name in set(vars(people)) - {"admin"}:
        with pytest.raises(PermissionDenied):
            write(people, "Storage", by=name)
    team = people.owner.team
    assert team
    seen = as_seen(calendar_facts(team))
    write(people, "Storage", holidays={date(2026, 12, 25): "Christmas Day"})
    with pytest.raises(Conflict):
        change_calendar(
            team=team,
            seen=seen,
            has_own=True,
            counts_working_days=False,
            holidays={},
            by=people.admin,
        )
    assert Holiday.objects.count() == 1


def test_holidays_are_typed_a_day_on_each_line(people: People, client: Client) -> None:
    team = people.owner.team
    assert team
    address = reverse("team_calendar", args=[team.pk])
    page = get(client, people.admin, address)
    typed = {"seen": page.context["form"].seen, "has_own": "on"}
    lines = "25 December 2026: Christmas Day\n\n2026-12-26\n"
    answer = client.post(address, {**typed, "holidays": lines})
    assert answer.status_code == 303
    held = Holiday.objects.values_list("day", "name")
    assert list(held) == [(date(2026, 12, 25), "Christmas Day"), (date(2026, 12, 26), "")]
    shown = client.get(address).context["form"]
    assert shown["holidays"].value() == "2026-12-25 Christmas Day\n2026-12-26"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("Christmas", "Line 1 does not begin with a day."),
        ("2026-12-25 Christmas\n2026-02-30", "Line 2: "),
        ("2026-12-25\n2026-12-25 Christmas", "Line 2: 2026-12-25 is there twice."),
    ],
)
def test_a_line_that_is_no_day_is_named_and_everything_typed_stays(
    people: People, client: Client, lines: str, said: str
) -> None:
    team = people.owner.team
    assert team
    address = reverse("team_calendar", args=[team.pk])
    page = get(client, people.admin, address)
    typed = {"seen": page.context["form"].seen, "has_own": "on", "holidays": lines}
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors["holidays"])
    assert answer.context["form"]["holidays"].value() == lines

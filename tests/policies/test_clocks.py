"""The clock of a COE, without a database: which steps run, until when, and what is late."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.policies.calendars import Calendar
from coe.policies.clocks import Clock, Course, Step, clock_at
from coe.policies.rules import DEFAULT_RULES, GuideRules

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
CALENDARS = st.frozensets(DAYS, max_size=40).map(Calendar)
RULES = st.builds(
    lambda calendar, draft, review, publication: GuideRules(
        calendar=calendar, draft_days=draft, review_days=review, publication_days=publication
    ),
    CALENDARS,
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 30),
)
COURSES = st.builds(Course, st.none() | DAYS, st.none() | DAYS, st.booleans())
MONDAY = date(2026, 11, 2)


def told(clock: Clock) -> list[tuple[str, str, int]]:
    return [(each.step.value, str(each.on), each.days_late) for each in clock.deadlines]


@pytest.mark.parametrize(
    ("today", "running"),
    [
        (date(2026, 11, 2), [("draft", "2026-11-09", 0), ("publication", "2026-11-23", 0)]),
        (date(2026, 11, 9), [("draft", "2026-11-09", 0), ("publication", "2026-11-23", 0)]),
        (date(2026, 11, 10), [("draft", "2026-11-09", 1), ("publication", "2026-11-23", 0)]),
        (date(2026, 11, 24), [("draft", "2026-11-09", 11), ("publication", "2026-11-23", 1)]),
    ],
)
def test_a_draft_is_submitted_in_five_working_days_and_published_in_fifteen(
    today: date, running: list[tuple[str, str, int]]
) -> None:
    assert (
        told(clock_at(Course(MONDAY, None, was_submitted=False), DEFAULT_RULES, today)) == running
    )


def test_a_review_takes_ten_days_from_when_it_was_asked_for() -> None:
    course = Course(MONDAY, in_review=date(2026, 11, 6), was_submitted=True)
    clock = clock_at(course, DEFAULT_RULES, date(2026, 11, 23))
    assert told(clock) == [("review", "2026-11-20", 1), ("publication", "2026-11-23", 0)]
    assert [each.step for each in clock.late] == [Step.REVIEW]
    assert clock.days_late == 1


def test_what_was_sent_back_is_due_to_be_published_and_no_draft_again() -> None:
    course = Course(MONDAY, None, was_submitted=True)
    assert told(clock_at(course, DEFAULT_RULES, MONDAY)) == [("publication", "2026-11-23", 0)]


def test_before_the_mitigation_nothing_runs() -> None:
    clock = clock_at(Course(None, None, was_submitted=False), DEFAULT_RULES, MONDAY)
    assert not clock.deadlines
    assert not clock.is_late


def test_a_weekend_after_the_last_day_is_not_late_yet() -> None:
    friday = date(2026, 10, 30)  # five working days before Friday, 6 November
    course = Course(friday, None, was_submitted=False)
    late = [clock_at(course, DEFAULT_RULES, date(2026, 11, day)).is_late for day in (6, 7, 8, 9)]
    assert late == [False, False, False, True]


def test_holidays_of_the_team_give_it_time() -> None:
    calendar = Calendar(frozenset({date(2026, 11, 4), date(2026, 11, 5)}))
    rules = replace(DEFAULT_RULES, calendar=calendar)
    clock = clock_at(Course(MONDAY, None, was_submitted=False), rules, MONDAY)
    assert clock.deadlines[0].on == date(2026, 11, 11)


@given(course=COURSES, rules=RULES, today=DAYS)
def test_it_is_late_once_more_working_days_have_passed_than_there_are(
    course: Course, rules: GuideRules, today: date
) -> None:
    limits = {
        Step.DRAFT: (course.mitigated, rules.draft_days),
        Step.REVIEW: (course.in_review, rules.review_days),
        Step.PUBLICATION: (course.mitigated, rules.publication_days),
    }
    for each in clock_at(course, rules, today).deadlines:
        start, days = limits[each.step]
        assert start is not None
        assert each.is_late == (rules.calendar.working_days(start, today) > days)
        assert each.days_late == max(0, rules.calendar.working_days(start, today) - days)


@given(course=COURSES, rules=RULES, today=DAYS, days=st.integers(0, 400))
def test_time_alone_moves_no_deadline_and_makes_nothing_less_late(
    course: Course, rules: GuideRules, today: date, days: int
) -> None:
    now = clock_at(course, rules, today)
    later = clock_at(course, rules, today + timedelta(days))
    assert [(each.step, each.on) for each in now.deadlines] == [
        (each.step, each.on) for each in later.deadlines
    ]
    assert now.days_late <= later.days_late


@given(course=COURSES, rules=RULES, today=DAYS, holiday=DAYS)
def test_a_holiday_more_never_makes_anything_due_earlier(
    course: Course, rules: GuideRules, today: date, holiday: date
) -> None:
    calendar = replace(rules.calendar, holidays=rules.calendar.holidays | {holiday})
    with_it = {
        each.step: each.on
        for each in clock_at(course, replace(rules, calendar=calendar), today).deadlines
    }
    for each in clock_at(course, rules, today).deadlines:
        assert with_it[each.step] >= each.on


@given(course=COURSES, rules=RULES, today=DAYS)
def test_the_nearest_deadline_comes_first_and_each_step_once(
    course: Course, rules: GuideRules, today: date
) -> None:
    found = clock_at(course, rules, today).deadlines
    assert [each.on for each in found] == sorted(each.on for each in found)
    steps = {each.step for each in found}
    assert len(steps) == len(found)
    assert (Step.DRAFT in steps) == (course.mitigated is not None and not course.was_submitted)
    assert (Step.REVIEW in steps) == (course.in_review is not None)
    assert (Step.PUBLICATION in steps) == (course.mitigated is not None)

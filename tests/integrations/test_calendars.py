"""A calendar is what RFC 5545 says, whatever stands in it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.integrations.calendars import Calendar, Day
from tests.integrations.rfc5545 import Component, read_calendar

COE = UUID("7f9c24e8-3b12-4fef-91e0-5d2b4f0a8c11")
ITEM = UUID("0d6f7a6e-5b3a-4a6c-8f4e-2f6b5a1c9d33")
MADE = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def day(title: str = "Limit uploads", **values: object) -> Day:
    given: dict[str, object] = {
        "document": COE,
        "uid": ITEM,
        "on": date(2026, 12, 31),
        "title": title,
        "text": "COE-2026-0042, P1",
        "link": "https://coe.example.com/coes/COE-2026-0042/",
        "made_at": MADE,
        "changed_at": MADE,
    }
    return Day(**{**given, **values})  # type: ignore[arg-type]


def read(*days: Day) -> Component:
    return read_calendar(Calendar("Mine", days).written())


def test_a_day_is_written_to_the_letter() -> None:
    assert Calendar("Mine", (day(changed_at=MADE + timedelta(seconds=90)),)).written() == (
        b"BEGIN:VCALENDAR\r\n"
        b"VERSION:2.0\r\n"
        b"PRODID:-//COE//Action items//EN\r\n"
        b"CALSCALE:GREGORIAN\r\n"
        b"X-WR-CALNAME:Mine\r\n"
        b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
        b"BEGIN:VEVENT\r\n"
        b"UID:fb9e422f-48f0-5472-bc1b-1380fb9519e9\r\n"
        b"DTSTAMP:20261101T093130Z\r\n"
        b"CREATED:20261101T093000Z\r\n"
        b"LAST-MODIFIED:20261101T093130Z\r\n"
        b"SEQUENCE:90\r\n"
        b"DTSTART;VALUE=DATE:20261231\r\n"
        b"DTEND;VALUE=DATE:20270101\r\n"
        b"SUMMARY:Limit uploads\r\n"
        b"DESCRIPTION:COE-2026-0042\\, P1\r\n"
        b"URL:https://coe.example.com/coes/COE-2026-0042/\r\n"
        b"TRANSP:TRANSPARENT\r\n"
        b"END:VEVENT\r\n"
        b"END:VCALENDAR\r\n"
    )


def test_an_empty_calendar_is_one_as_well() -> None:
    assert [each.name for each in read().children] == ["VTIMEZONE"]


@pytest.mark.parametrize(
    "title",
    ["a, b; c \\ d", "BEGIN:VEVENT", "ends with \\", "\\n is no line end", "“quoted” – 🧯" * 20],
)
def test_a_title_comes_back_as_it_was(title: str) -> None:
    (event,) = read(day(title)).children
    assert event.text("SUMMARY") == title


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=300))
def test_whatever_a_title_says_the_calendar_holds(title: str) -> None:
    (event,) = read(day(title)).children
    assert event.text("SUMMARY") == title


@given(st.integers(60, 90), st.sampled_from("aé€🧯"))
def test_no_character_is_cut_in_two_where_a_line_is_folded(length: int, character: str) -> None:
    title = "x" * length + character * 5
    (event,) = read(day(title)).children
    assert event.text("SUMMARY") == title


@pytest.mark.parametrize(
    ("on", "written"), [(date.max, "99991231"), (date(26, 11, 22), "00261122")]
)
def test_whatever_day_somebody_typed_the_calendar_holds(on: date, written: str) -> None:
    (event,) = read(day(on=on)).children
    assert event.value("DTSTART") == written


def test_it_stays_the_same_event_when_its_day_is_moved() -> None:
    (before,) = read(day()).children
    later = MADE + timedelta(days=3)
    (after,) = read(day(on=date(2027, 1, 15), changed_at=later)).children
    assert before.value("UID") == after.value("UID")
    assert int(after.value("SEQUENCE")) > int(before.value("SEQUENCE"))
    assert after.value("DTSTART") == "20270115"


def test_the_same_item_of_two_coes_is_two_events() -> None:
    other = UUID("11111111-1111-4111-8111-111111111111")
    assert len(read(day(), day(document=other)).children) == 2

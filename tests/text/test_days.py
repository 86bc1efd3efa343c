"""Moments without a day, or with one as people say it: which is meant, by a clock passed in."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.text.days import read_day
from coe.text.instants import (
    AmbiguousInstant,
    Instant,
    NonexistentInstant,
    Precision,
    UnreadableInstant,
    format_instant,
)
from coe.text.reading import parse_instant

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 11, 21, 8, 46, 30, tzinfo=UTC)
"""Saturday 21 November 2026, 09:46 in Berlin."""


def read(text: str, now: datetime | None = MORNING, day: date | None = None) -> Instant:
    return parse_instant(text, zone=BERLIN, day=day, now=now)


def shown(text: str, now: datetime = MORNING, day: date | None = None) -> str:
    return format_instant(read(text, now, day), BERLIN)


def refusal(text: str, now: datetime | None = MORNING) -> str:
    with pytest.raises(UnreadableInstant) as caught:
        read(text, now)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # A clock alone is the last such moment: this morning, or else yesterday.
        ("09:46", "2026-11-21 09:46"),
        ("09:47", "2026-11-20 09:47"),
        ("~15:10", "~2026-11-20 15:10"),
        ("about 15:10", "~2026-11-20 15:10"),
        ("15:10-15:36", "2026-11-20 15:10-15:36"),
        ("23:50-00:20", "2026-11-20 23:50 - 2026-11-21 00:20"),
        ("08:40 UTC", "2026-11-21 09:40"),
        ("08:50 UTC", "2026-11-20 09:50"),
        ("today 9:10", "2026-11-21 09:10"),
        ("Yesterday 15:10", "2026-11-20 15:10"),
        ("~yesterday 15:10", "~2026-11-20 15:10"),
        ("yesterday at ~15:10", "~2026-11-20 15:10"),
        ("yesterday, 15:10", "2026-11-20 15:10"),
        ("yesterday 15:10 - today 01:00", "2026-11-20 15:10 - 2026-11-21 01:00"),
        ("20.11.2026 15:10", "2026-11-20 15:10"),
        ("20.11. 15:10", "2026-11-20 15:10"),
        ("1.2.2026 15:10", "2026-02-01 15:10"),
        ("20. 11. 2026 15:10", "2026-11-20 15:10"),
        ("20 Nov 15:10", "2026-11-20 15:10"),
        ("20 Nov 2026 15:10", "2026-11-20 15:10"),
        ("Nov 20 15:10", "2026-11-20 15:10"),
        ("Nov 20, 2026 15:10", "2026-11-20 15:10"),
        ("november 20th 15:10", "2026-11-20 15:10"),
        ("Fri, 20 Nov 15:10", "2026-11-20 15:10"),
        # A day without a year is the last one.
        ("21 Nov 09:10", "2026-11-21 09:10"),
        ("22 Nov 09:10", "2025-11-22 09:10"),
        ("31.12. 23:50 - 1.1. 00:20", "2025-12-31 23:50 - 2026-01-01 00:20"),
        ("29 Feb 09:10", "2024-02-29 09:10"),
    ],
)
def test_the_moment_that_is_meant_is_the_last_one_until_now(text: str, meant: str) -> None:
    assert shown(text) == meant


def test_today_is_the_day_of_the_zone_and_not_of_the_server() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert shown("today 00:10", late) == "2026-11-21 00:10"
    assert shown("00:10", late) == "2026-11-21 00:10"
    assert shown("23:10", late) == "2026-11-20 23:10"


@pytest.mark.parametrize("text", ["11/12/2026 15:10", "11/12 15:10", "11-12-2026 15:10"])
def test_a_day_that_can_be_two_is_asked_for(text: str) -> None:
    assert refusal(text) == (
        f"{text.split()[0]} can be read in two ways. Write the year first: 2026-11-14."
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31.11. 15:10", "There is no day 31.11. in the calendar. Check the date."),
        ("31 Nov 2026 15:10", "There is no day 31 Nov 2026 in the calendar. Check the date."),
        (
            "20 Nov 25:10",
            "25:10 is not a time of day: hours go from 00 to 23, minutes and seconds ",
        ),
        ("yesterday", "“yesterday” is not a time that can be read."),
        ("20 Nov", "“20 Nov” is not a time that can be read."),
        ("yesterdayish 15:10", "“yesterdayish 15:10” is not a time that can be read."),
    ],
)
def test_what_is_no_moment_is_answered_with_a_sentence(text: str, sentence: str) -> None:
    assert refusal(text).startswith(sentence)


def test_without_a_clock_nothing_is_guessed() -> None:
    assert refusal("15:10", None) == "15:10 needs a day: write it like 2017-02-28 15:10."
    assert refusal("20 Nov 15:10", None) == "20 Nov needs a year. Write it like 2026-11-14."
    assert "is not a time that can be read" in refusal("yesterday 15:10", None)


def test_where_a_day_is_known_a_time_is_on_it_and_a_date_in_the_year_beside_it() -> None:
    day = date(2017, 12, 31)
    assert shown("15:10", day=day) == "2017-12-31 15:10"
    assert shown("1 Jan 00:20", day=day) == "2018-01-01 00:20"


def test_a_number_in_a_sentence_is_no_day() -> None:
    assert read_day("2.5. percent failed", 0, near=date(2026, 11, 21)) is None


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001
    st.times().map(lambda each: each.replace(second=0, microsecond=0, fold=0)),
)
def test_a_clock_alone_is_never_in_the_future_and_less_than_a_day_ago(
    utc: datetime, clock: time
) -> None:
    now = utc.replace(tzinfo=UTC)
    try:
        found = parse_instant(f"{clock:%H:%M}", zone=BERLIN, day=None, now=now)
    except (AmbiguousInstant, NonexistentInstant):
        return
    assert timedelta(0) <= now - found.at < timedelta(hours=25)
    assert found.precision is Precision.MINUTE
    assert found.at.astimezone(BERLIN).time() == clock

"""Moments: what may be written, what is asked back, and that what is printed can be read."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coe.text.instants import (
    AmbiguousInstant,
    Instant,
    NonexistentInstant,
    Precision,
    UnreadableInstant,
    describe_instant,
    find_zone,
    format_instant,
    is_zone,
    local_clock,
    local_day,
    machine_instant,
    offset_label,
    zone_choices,
)
from coe.text.reading import parse_instant

ABOUT, MINUTE, SECOND = Precision.ABOUT, Precision.MINUTE, Precision.SECOND
SEATTLE = ZoneInfo("America/Los_Angeles")
BERLIN = ZoneInfo("Europe/Berlin")
APIA = ZoneInfo("Pacific/Apia")
DAY = date(2017, 2, 28)
NO_TIME_OF_DAY = "is not a time of day: hours go from 00 to 23, minutes and seconds from 00 to 59."


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read(text: str, zone: ZoneInfo = SEATTLE, day: date | None = DAY) -> Instant:
    return parse_instant(text, zone=zone, day=day)


def refusal(text: str, zone: ZoneInfo = SEATTLE, day: date | None = DAY) -> str:
    with pytest.raises(UnreadableInstant) as caught:
        read(text, zone, day)
    return str(caught.value)


# Reading


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2017-02-28 09:37", "2017-02-28T17:37", MINUTE),
        ("2017-02-28T09:37", "2017-02-28T17:37", MINUTE),
        ("09:37", "2017-02-28T17:37", MINUTE),
        ("9:37", "2017-02-28T17:37", MINUTE),
        ("  09:37 ", "2017-02-28T17:37", MINUTE),
        ("~09:37", "2017-02-28T17:37", ABOUT),
        ("about 09:37", "2017-02-28T17:37", ABOUT),
        ("About 2017-02-27 09:37", "2017-02-27T17:37", ABOUT),
        ("2017-02-27 ~09:37", "2017-02-27T17:37", ABOUT),
        ("09:37:13", "2017-02-28T17:37:13", SECOND),
        ("09:37:00", "2017-02-28T17:37", SECOND),
        ("09:37:13.987", "2017-02-28T17:37:13", SECOND),
        ("~09:37:13", "2017-02-28T17:37:13", ABOUT),
        ("2017-02-28T09:37Z", "2017-02-28T09:37", MINUTE),
        ("2017-02-28t09:37:13z", "2017-02-28T09:37:13", SECOND),
        ("09:37 UTC", "2017-02-28T09:37", MINUTE),
        ("09:37 GMT", "2017-02-28T09:37", MINUTE),
        ("09:37+01:00", "2017-02-28T08:37", MINUTE),
        ("09:37 +01:00", "2017-02-28T08:37", MINUTE),
        ("09:37 +0530", "2017-02-28T04:07", MINUTE),
        ("09:37 +01", "2017-02-28T08:37", MINUTE),
        ("09:37 UTC+01:00", "2017-02-28T08:37", MINUTE),
        ("09:37 UTC−08:00", "2017-02-28T17:37", MINUTE),
        ("09:37 -08:00", "2017-02-28T17:37", MINUTE),
        ("2017-02-28T09:37-08:00", "2017-02-28T17:37", MINUTE),
        ("2017-02-28T09:37:13.123-08:00", "2017-02-28T17:37:13", SECOND),
    ],
)
def test_a_moment_is_read(text: str, at: str, precision: Precision) -> None:
    assert read(text) == Instant(utc(at), precision)


@pytest.mark.parametrize(
    ("text", "at", "end"),
    [
        ("09:37-09:55", "2017-02-28T17:37", "2017-02-28T17:55"),
        ("09:37–09:55", "2017-02-28T17:37", "2017-02-28T17:55"),
        ("09:37 — 09:55", "2017-02-28T17:37", "2017-02-28T17:55"),
        ("09:37 to 09:55", "2017-02-28T17:37", "2017-02-28T17:55"),
        ("07:30-08:00", "2017-02-28T15:30", "2017-02-28T16:00"),
        ("2017-02-27 23:50 - 2017-02-28 00:20", "2017-02-28T07:50", "2017-02-28T08:20"),
        ("23:50-00:20", "2017-03-01T07:50", "2017-03-01T08:20"),
        ("09:37-09:55 UTC", "2017-02-28T09:37", "2017-02-28T09:55"),
        ("09:37Z-09:55Z", "2017-02-28T09:37", "2017-02-28T09:55"),
        ("09:37 +01:00 - 09:55", "2017-02-28T08:37", "2017-02-28T08:55"),
        ("09:37 +01:00 - 09:37 UTC", "2017-02-28T08:37", "2017-02-28T09:37"),
        ("2017-02-28T09:37-08:00 - 2017-02-28T09:55-08:00", "2017-02-28T17:37", "2017-02-28T17:55"),
    ],
)
def test_a_span_is_read(text: str, at: str, end: str) -> None:
    assert read(text) == Instant(utc(at), MINUTE, utc(end))


def test_an_approximate_end_makes_the_span_approximate() -> None:
    assert read("09:37 - ~09:55").precision is ABOUT
    assert read("~09:37-09:55").precision is ABOUT


def test_seconds_on_one_side_make_the_span_exact() -> None:
    assert read("09:37-09:55:10") == Instant(
        utc("2017-02-28T17:37"), SECOND, utc("2017-02-28T17:55:10")
    )


# Asking back


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "noonish",
            "“noonish” is not a time that can be read. "
            "Write it like 2017-02-28 09:37, 09:37:13, ~09:37 or 09:37-09:55.",
        ),
        ("25:00", f"25:00 {NO_TIME_OF_DAY}"),
        ("09:60", f"09:60 {NO_TIME_OF_DAY}"),
        ("2017-02-30 09:37", "There is no day 2017-02-30 in the calendar. Check the date."),
        ("2170-02-28 09:37", "The year 2170 is not between 1970 and 2100. Check the date."),
        ("1969-12-30 09:37", "The year 1969 is not between 1970 and 2100. Check the date."),
        ("9:37 PM", "Use the 24-hour clock: write 21:37 for 9:37 pm."),
        (
            "09:37 PST",
            "PST is not understood: short names of zones mean different things in different "
            "places. Write the offset, as in 09:37 -08:00.",
        ),
        ("09:37 +15:00", "No place is +15:00 away from UTC. Check the offset."),
        ("09:37-09:37", "The span starts and ends at 09:37: write that time once."),
        (
            "09:55-09:37",
            "The end, 09:37, is before the start, 09:55. If it ended on another day, write that "
            "day too. If it is an offset, put a space before it.",
        ),
        (
            "2017-02-28 09:37 - 2017-02-27 09:55",
            "The end, 2017-02-27 09:55, is before the start, 2017-02-28 09:37.",
        ),
    ],
)
def test_what_cannot_be_read_is_answered_with_a_sentence(text: str, sentence: str) -> None:
    assert refusal(text) == sentence


def test_a_time_alone_needs_a_day() -> None:
    assert refusal("09:37", day=None) == "09:37 needs a day: write it like 2017-02-28 09:37."


@pytest.mark.parametrize(
    "text",
    ["", "~", "-", "09", "0937", "09:37:1", "09:37-", "09:37 and so on", "2017-02-28", "٠٩:٣٧"],
)
def test_a_fragment_is_no_moment(text: str) -> None:
    assert "is not a time that can be read" in refusal(text)


def test_a_long_paste_is_not_repeated() -> None:
    assert len(refusal("x" * 100_000)) < 200


def test_a_time_that_happened_twice_is_asked_for() -> None:
    with pytest.raises(AmbiguousInstant) as caught:
        read("2017-10-29 02:30", BERLIN)
    assert str(caught.value) == (
        "02:30 happened twice on 29 Oct 2017 in Europe/Berlin: write 02:30 +02:00 or 02:30 +01:00."
    )
    assert read("2017-10-29 02:30 +02:00", BERLIN).at == utc("2017-10-29T00:30")
    assert read("2017-10-29 02:30 +01:00", BERLIN).at == utc("2017-10-29T01:30")


def test_a_time_that_never_happened_is_asked_for() -> None:
    with pytest.raises(NonexistentInstant) as caught:
        read("2017-03-26 02:30", BERLIN)
    assert str(caught.value) == (
        "02:30 did not happen on 26 Mar 2017 in Europe/Berlin: the clocks were put forward past "
        "it. Write 2017-03-26 01:30 or 2017-03-26 03:30."
    )


def test_a_day_that_never_happened_is_asked_for() -> None:
    assert refusal("2011-12-30 10:00", APIA).endswith("Write 2011-12-29 10:00 or 2011-12-31 10:00.")


# Printing


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("09:37", "2017-02-28 09:37"),
        ("about 09:37", "~2017-02-28 09:37"),
        ("09:37:00", "2017-02-28 09:37:00"),
        ("17:37Z", "2017-02-28 09:37"),
        ("09:37–09:55", "2017-02-28 09:37-09:55"),
        ("23:50-00:20", "2017-02-28 23:50 - 2017-03-01 00:20"),
        ("2017-11-05 01:30 -07:00", "2017-11-05 01:30 -07:00"),
        (
            "2017-11-05 00:50 -07:00 - 01:10",
            "2017-11-05 00:50 -07:00 - 2017-11-05 01:10 -07:00",
        ),
    ],
)
def test_a_field_shows_the_shortest_form(text: str, written: str) -> None:
    assert format_instant(read(text), SEATTLE) == written


@pytest.mark.parametrize(
    ("text", "clock", "words"),
    [
        ("09:37", "09:37", "28 Feb 2017, 09:37 PST (UTC−08:00)"),
        ("~09:37", "about 09:37", "28 Feb 2017, about 09:37 PST (UTC−08:00)"),
        ("09:37:13", "09:37:13", "28 Feb 2017, 09:37:13 PST (UTC−08:00)"),
        ("09:37-09:55", "09:37–09:55", "28 Feb 2017, 09:37–09:55 PST (UTC−08:00)"),
        (
            "23:50-00:20",
            "23:50–00:20 (1 Mar 2017)",
            "28 Feb 2017, 23:50–00:20 (1 Mar 2017) PST (UTC−08:00)",
        ),
        (
            "2017-11-05 01:50 -08:00",
            "01:50 (UTC−08:00)",
            "5 Nov 2017, 01:50 PST (UTC−08:00)",
        ),
        (
            "2017-11-05 01:50 -07:00 - 01:10 -08:00",
            "01:50–01:10 (UTC−07:00 to UTC−08:00)",
            "5 Nov 2017, 01:50–01:10 (UTC−07:00 to UTC−08:00)",
        ),
    ],
)
def test_readers_get_day_clock_and_offset(text: str, clock: str, words: str) -> None:
    instant = read(text)
    assert local_clock(instant, SEATTLE) == clock
    assert describe_instant(instant, SEATTLE) == words


def test_the_day_is_the_one_in_the_zone() -> None:
    instant = Instant(utc("2017-03-01T02:00"))
    assert local_day(instant, SEATTLE) == "28 Feb 2017"
    assert local_day(instant, BERLIN) == "1 Mar 2017"


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("UTC", "28 Feb 2017, 17:37 UTC"),
        ("Europe/London", "28 Feb 2017, 17:37 GMT (UTC)"),
        ("America/Sao_Paulo", "28 Feb 2017, 14:37 (UTC−03:00)"),
        ("Asia/Kolkata", "28 Feb 2017, 23:07 IST (UTC+05:30)"),
    ],
)
def test_the_offset_is_always_said(zone: str, label: str) -> None:
    assert describe_instant(Instant(utc("2017-02-28T17:37")), ZoneInfo(zone)) == label


def test_the_offset_follows_the_season() -> None:
    assert offset_label(utc("2017-02-28T17:37"), SEATTLE) == "UTC−08:00"
    assert offset_label(utc("2017-07-28T17:37"), SEATTLE) == "UTC−07:00"


def test_a_machine_gets_utc() -> None:
    at = datetime(2017, 2, 28, 9, 37, tzinfo=SEATTLE)
    assert machine_instant(at) == "2017-02-28T17:37:00Z"


# The value


def test_an_instant_is_kept_in_utc() -> None:
    local = datetime(2017, 2, 28, 9, 37, tzinfo=timezone(timedelta(hours=-8)))
    assert Instant(local) == Instant(utc("2017-02-28T17:37"))
    assert Instant(local).at.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Instant(datetime(2017, 2, 28, 9, 37))  # noqa: DTZ001


def test_an_instant_is_no_finer_than_it_says() -> None:
    with pytest.raises(ValueError, match="finer"):
        Instant(utc("2017-02-28T17:37:13"), MINUTE)
    with pytest.raises(ValueError, match="finer"):
        Instant(utc("2017-02-28T17:37:13.5"), SECOND)


def test_a_span_ends_after_its_start() -> None:
    with pytest.raises(ValueError, match="after"):
        Instant(utc("2017-02-28T17:37"), MINUTE, utc("2017-02-28T17:37"))


# Printing and reading are inverse


ZONES = st.sampled_from([*zone_choices(), "US/Pacific", "Africa/Monrovia"]).map(ZoneInfo)
SECONDS = st.integers(int(utc("1970-01-02").timestamp()), int(utc("2100-03-01").timestamp()))
"""The longest of the lengths, in minutes, ends in the same year."""
LENGTHS = st.none() | st.integers(1, 200) | st.integers(1, 400_000)


def instant_of(second: int, precision: Precision, length: int | None) -> Instant:
    step = 60 if precision is MINUTE else 1
    at = datetime.fromtimestamp(second // step * step, UTC)
    return Instant(at, precision, at + timedelta(seconds=length * step) if length else None)


INSTANTS = st.builds(instant_of, SECONDS, st.sampled_from(Precision), LENGTHS)


@example(Instant(utc("2017-10-29T00:30"), ABOUT, utc("2017-10-29T01:10:30")), BERLIN)
@example(Instant(utc("2017-10-28T23:59"), MINUTE, utc("2017-10-29T02:01")), BERLIN)
@example(Instant(utc("2011-12-30T09:59:59"), SECOND, utc("2011-12-30T10:00")), APIA)
@given(INSTANTS, ZONES)
def test_what_is_printed_reads_back_as_equal(instant: Instant, zone: ZoneInfo) -> None:
    written = format_instant(instant, zone)
    assert parse_instant(written, zone=zone, day=None) == instant
    assert format_instant(parse_instant(written, zone=zone, day=None), zone) == written


@given(st.integers(-90, 90), st.sampled_from(Precision), LENGTHS)
def test_the_night_of_the_change_reads_back_as_equal(
    minutes: int, precision: Precision, length: int | None
) -> None:
    for change in ("2017-10-29T01:00", "2017-03-26T01:00"):
        second = int(utc(change).timestamp()) + minutes * 60 + minutes % 60
        instant = instant_of(second, precision, length)
        written = format_instant(instant, BERLIN)
        assert parse_instant(written, zone=BERLIN, day=None) == instant


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001
    ZONES,
)
def test_a_local_time_is_read_as_itself_or_asked_for(local: datetime, zone: ZoneInfo) -> None:
    written = f"{local:%Y-%m-%d %H:%M}"
    try:
        instant = parse_instant(written, zone=zone, day=None)
    except (AmbiguousInstant, NonexistentInstant):
        return
    assert f"{instant.at.astimezone(zone):%Y-%m-%d %H:%M}" == written


@given(st.text(st.sampled_from("0123456789:-–~ TZ+/,utcabonvydesr."), max_size=40))
def test_any_text_is_a_moment_or_gets_a_sentence(text: str) -> None:
    with suppress(UnreadableInstant):
        written = format_instant(parse_instant(text, zone=BERLIN, day=DAY), BERLIN)
        assert written.lstrip("~")[:4].isdigit()


# Zones


def test_a_zone_is_chosen_by_its_name_in_use() -> None:
    names = zone_choices()
    assert names[0] == "UTC"
    assert {"Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata"} <= set(names)
    assert not {"US/Pacific", "Asia/Calcutta", "Factory", "EST"} & set(names)
    assert list(names[1:]) == sorted(names[1:])
    assert all(map(is_zone, names))


def test_old_names_still_work_and_inventions_do_not() -> None:
    assert is_zone("US/Pacific")
    assert not any(map(is_zone, ("", "Mars/Olympus", "../../etc/hosts", "europe/berlin")))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin ", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("tokyo", "Asia/Tokyo"),
        ("utc", "UTC"),
        ("", None),
        ("Mars", None),
        ("../../etc/hosts", None),
    ],
)
def test_a_zone_is_found_by_its_name_or_its_city(typed: str, name: str | None) -> None:
    assert find_zone(typed) == name


def test_where_a_zone_was_not_whole_minutes_from_utc_nothing_is_lost() -> None:
    """Monrovia was 44 min 30 s behind UTC until 7 January 1972."""
    monrovia = ZoneInfo("Africa/Monrovia")
    typed = parse_instant("1970-01-02 10:42", zone=monrovia, day=None)
    assert typed == Instant(utc("1970-01-02 11:26:30"), Precision.SECOND)
    exact = Instant(utc("1970-01-02"), Precision.MINUTE)
    assert format_instant(exact, monrovia) == "1970-01-02 00:00 +00:00"
    assert parse_instant("1970-01-02 00:00 +00:00", zone=monrovia, day=None) == exact

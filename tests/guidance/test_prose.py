"""Numbers, times, days and durations as people write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from coe.guidance.clocks import clocks_in
from coe.guidance.counts import counts_in, stems
from coe.guidance.days import days_in
from coe.guidance.lengths import lengths_in
from coe.guidance.prose import plain, sentences

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**4 h** of `x_y`", "4 h of xy"),
        ("see [the graph](https://example.com/09:37) of it", "see the graph of it"),
        ("see https://example.com/14:02 there", "see  there"),
        ("> quoted 14:02\n\nsaid", "said"),
        ("a > b", "a > b"),
    ],
)
def test_plain_words(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_sentences_end_at_stops_and_paragraphs_and_not_in_numbers() -> None:
    text = "It took 2.4 s at 14:02. Then it\nstopped; 3 went on!\n\nAfter that"
    assert sentences(text) == ["It took 2.4 s at 14:02.", "Then it stopped;", "3 went on!",
                               "After that"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "seconds", "unit", "slack"),
    [
        ("1 h 52 min", HOUR + 52 * MINUTE, MINUTE, "exact"),
        ("1h52m", HOUR + 52 * MINUTE, MINUTE, "exact"),
        ("1 hour and 52 minutes", HOUR + 52 * MINUTE, MINUTE, "exact"),
        ("one hour 5 minutes", HOUR + 5 * MINUTE, MINUTE, "exact"),
        ("up to 4 h 17 min", 4 * HOUR + 17 * MINUTE, MINUTE, "exact"),
        ("about 4 h 17 min", 4 * HOUR + 17 * MINUTE, MINUTE, "roughly"),
        ("about 4 hours", 4 * HOUR, HOUR, "roughly"),
        ("nearly three hours", 3 * HOUR, HOUR, "roughly"),
        ("more than 2 hours", 2 * HOUR, HOUR, "more"),
        ("within four minutes", 4 * MINUTE, MINUTE, "less"),
        ("24 hours", DAY, HOUR, "exact"),
        ("a 40-minute outage", 40 * MINUTE, MINUTE, "exact"),
        ("2 days 3 hours", 2 * DAY + 3 * HOUR, HOUR, "exact"),
        ("1 d 20 h 50 min", DAY + 20 * HOUR + 50 * MINUTE, MINUTE, "exact"),
        ("45.6 hours", 164160, 360, "exact"),
        ("eleven days", 11 * DAY, DAY, "exact"),
        ("two nights", 2 * DAY, DAY, "exact"),
        ("3 weeks", 21 * DAY, 7 * DAY, "exact"),
        ("43 seconds", 43, 1, "exact"),
        ("2.4 s", 2.4, 1, "exact"),
        ("90 mins", 90 * MINUTE, MINUTE, "exact"),
        ("half an hour", 30 * MINUTE, 30 * MINUTE, "exact"),
    ],
)
def test_durations(text: str, seconds: float, unit: int, slack: str) -> None:
    (length,) = lengths_in(text)
    assert length.seconds == pytest.approx(seconds)
    assert (length.unit, length.slack) == (unit, slack)


@pytest.mark.parametrize(
    "text",
    ["900 ms", "14:02", "old ones", "20 milliseconds", "5 m", "3 h2", "$5 days", "an hour"],
)
def test_what_is_no_duration(text: str) -> None:
    assert lengths_in(text) == []


@pytest.mark.parametrize(
    ("text", "seconds", "expected"),
    [
        ("40 minutes", 40 * MINUTE + 60, True),
        ("40 minutes", 40 * MINUTE + 61, False),
        ("40 minutes", 40 * MINUTE - 60, True),
        ("3 hours", 3 * HOUR + 30 * MINUTE, True),
        ("3 hours", 3 * HOUR + 31 * MINUTE, False),
        ("about 40 minutes", 50 * MINUTE, True),
        ("about 40 minutes", 51 * MINUTE, False),
        ("about 40 minutes", 34 * MINUTE, True),
        ("about 40 minutes", 33 * MINUTE, False),
        ("more than 3 hours", 4 * HOUR + 30 * MINUTE, True),
        ("more than 3 hours", 4 * HOUR + 31 * MINUTE, False),
        ("more than 3 hours", 2 * HOUR + 30 * MINUTE, True),
        ("more than 3 hours", 2 * HOUR + 29 * MINUTE, False),
        ("less than 3 hours", 2 * HOUR, True),
        ("less than 3 hours", HOUR + 30 * MINUTE, True),
        ("less than 3 hours", HOUR + 29 * MINUTE, False),
        ("less than 3 hours", 3 * HOUR + 31 * MINUTE, False),
    ],
)
def test_how_far_words_stretch(text: str, seconds: float, expected: bool) -> None:
    (length,) = lengths_in(text)
    assert length.can_be(seconds) is expected


def test_about_in_the_field_stretches_as_well() -> None:
    (length,) = lengths_in("40 minutes")
    assert length.can_be(45 * MINUTE, is_about=True)
    assert not length.can_be(45 * MINUTE)


PST = timezone(timedelta(hours=-8))


@pytest.mark.parametrize(
    ("text", "hour", "minute", "zone"),
    [
        ("at 14:02", 14, 2, None),
        ("09:37 AM PST", 9, 37, PST),
        ("9:37am", 9, 37, None),
        ("12:26 PM", 12, 26, None),
        ("12:05 a.m.", 0, 5, None),
        ("9 pm", 21, 0, None),
        ("11:05 UTC", 11, 5, UTC),
        ("11:05 (UTC)", 11, 5, UTC),
        ("16:00+01:00", 16, 0, timezone(timedelta(hours=1))),
        ("16:00 -08:00", 16, 0, PST),
        ("14:30-15:30", 14, 30, None),
        ("16:00 −08:00", 16, 0, PST),
        ("16:00:30", 16, 0, None),
    ],
)
def test_times_of_day(text: str, hour: int, minute: int, zone: timezone | None) -> None:
    clock = clocks_in(text)[0]
    assert (clock.hour, clock.minute, clock.zone) == (hour, minute, zone)


@pytest.mark.parametrize("text", ["1.14:02", "ratio 24:61", "25:00", "version 3:1", "9 people"])
def test_what_is_no_time_of_day(text: str) -> None:
    assert clocks_in(text) == []


def test_both_ends_of_a_span_are_times() -> None:
    for text in ("14:02-15:54", "14:02–15:54", "14:02 - 15:54", "14:02 to 15:54"):
        assert [(each.hour, each.minute) for each in clocks_in(text)] == [(14, 2), (15, 54)]


def test_a_short_name_of_several_zones_is_unclear() -> None:
    assert [clock.is_clear for clock in clocks_in("at 14:02 CST, 14:02 CET")] == [False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13:18", True),
        ("13:19", False),
        ("1:18", True),
        ("1:18 AM", False),
        ("1:18 PM", True),
        ("~13:28", True),
        ("about 13:29", False),
        ("21:18 UTC", True),
        ("13:18 UTC", False),
        ("13:18 PST", True),
    ],
)
def test_which_moment_a_time_can_be(text: str, expected: bool) -> None:
    moment = datetime(2017, 2, 28, 21, 18, tzinfo=UTC)
    (clock,) = clocks_in(text)
    assert clock.is_at(moment, ZoneInfo("America/Los_Angeles")) is expected


def test_only_clocks_up_to_twelve_mean_two_times() -> None:
    (afternoon,), (morning,) = clocks_in("13:18"), clocks_in("1:18")
    at_night = datetime(2017, 2, 28, 1, 18, tzinfo=UTC)
    assert not afternoon.is_at(at_night, ZoneInfo("UTC"))
    assert morning.is_at(at_night, ZoneInfo("UTC"))


def test_a_compound_duration_has_two_units() -> None:
    texts = ("1 h 52 min", "2 days 3 hours", "52 min", "half an hour")
    assert [lengths_in(each)[0].is_compound for each in texts] == [True, True, False, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("28 February 2017", [(2, 28, 2017)]),
        ("February 28th, 2017", [(2, 28, 2017)]),
        ("28 Feb", [(2, 28, None)]),
        ("the 3rd of March", [(3, 3, None)]),
        ("10 to 17 February 2026", [(2, 10, 2026), (2, 17, 2026)]),
        ("2017-02-28", [(2, 28, 2017)]),
        ("in March 14:02", []),
        ("32 May", []),
        ("version 2017-02-28-1", [(2, 28, 2017)]),
    ],
)
def test_days(text: str, expected: list[tuple[int, int, int | None]]) -> None:
    assert [(each.month, each.day, each.year) for each in days_in(text)] == expected


def test_a_day_without_a_year_is_of_any_year() -> None:
    (whole,), (part,) = days_in("3 March 2025"), days_in("3 March")
    assert whole.is_on(date(2025, 3, 3))
    assert not whole.is_on(date(2025, 3, 4))
    assert not whole.is_on(date(2024, 3, 3))
    assert part.is_on(date(2024, 3, 3))
    assert whole.differs_in_year(date(2024, 3, 3))
    assert not whole.differs_in_year(date(2025, 3, 3))
    assert not whole.differs_in_year(date(2024, 3, 4))
    assert not part.differs_in_year(date(2024, 3, 3))


@pytest.mark.parametrize(
    ("text", "value", "of", "slack"),
    [
        ("2,300 customers", 2300, {"customer"}, "exact"),
        ("2 300 customers", 2300, {"customer"}, "exact"),
        ("about 6,100 orders", 6100, {"order"}, "roughly"),
        ("5 million webhooks", 5_000_000, {"webhook"}, "exact"),
        ("12k people", 12_000, {"people"}, "exact"),
        ("18 %", 18, {"%"}, "exact"),
        ("18 percent of them", 18, {"%"}, "exact"),
        ("twelve queries", 12, {"query"}, "exact"),
        ("214 of 3,080 names", 214, {"name"}, "exact"),
        ("430,000 € in all", 430_000, {"€"}, "exact"),
        ("more than 80,000 site builds", 80_000, {"site", "build"}, "more"),
        ("at most 7 classes", 7, {"class"}, "less"),
    ],
)
def test_counts(text: str, value: float, of: set[str], slack: str) -> None:
    count = counts_in(text)[0]
    assert (count.value, set(count.of), count.slack) == (value, of, slack)


def test_what_is_part_of_something_else_is_no_count() -> None:
    assert [each.words for each in counts_in("14:02, v2.1.7, A3 and http://x/42")] == []


def test_words_are_compared_by_their_stems() -> None:
    assert stems(["Queries", "of", "classes", "access", "s"]) == {"query", "class", "access"}


@pytest.mark.parametrize(
    ("text", "amount", "expected"),
    [
        ("2,300 people", 2300, True),
        ("2,300 people", 2345, True),
        ("2,000 people", 2345, False),
        ("2,400 people", 2345, False),
        ("about 2,000 people", 2345, True),
        ("about 1,900 people", 2345, False),
        ("about 2,300 people", 2000, True),
        ("about 2,301 people", 2000, False),
        ("more than 2,000 people", 2345, True),
        ("more than 2,400 people", 2345, False),
        ("more than 1,500 people", 2345, False),
        ("less than 2,400 people", 2345, True),
        ("less than 2,300 people", 2345, False),
        ("less than 3,600 people", 2345, False),
    ],
)
def test_how_far_a_number_may_be_rounded(text: str, amount: float, expected: bool) -> None:
    assert counts_in(text)[0].can_be(amount) is expected


@pytest.mark.parametrize(
    ("text", "amount", "expected"),
    [
        ("2,300 people", 3200, True),  # digits in another order
        ("23,000 people", 2300, True),  # one digit too many
        ("2,000 people", 3000, True),  # a third less
        ("2,000 people", 3001, False),
        ("3,000 people", 2000, True),  # half as many again
        ("3,001 people", 2000, False),
        ("49,400 people", 19400, True),  # one digit of three is another
        ("49,500 people", 19400, False),  # two are
        ("71 people", 11, False),
        ("2 people", 20, False),
        ("0 people", 20, False),
        ("20 people", 0, False),
        ("90 people", 9, True),
        ("10 people", 1, True),
        ("9 people", 90, False),
    ],
)
def test_what_looks_like_a_slip(text: str, amount: float, expected: bool) -> None:
    assert counts_in(text)[0].is_near(amount) is expected

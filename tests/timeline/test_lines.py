"""Lines of notes become entries: what is understood, what is asked back, and what is no time."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.text.instants import Instant, Precision, format_instant, zone_choices
from coe.timeline.drafts import read_lines
from coe.timeline.lines import UnreadableLine, read_line, read_when

SEATTLE = ZoneInfo("America/Los_Angeles")
TEN = Instant(datetime(2026, 11, 14, 18, 0, tzinfo=UTC))
"""10:00 in Seattle, which is eight hours behind UTC in November."""


def read(line: str, before: Instant | None = TEN) -> tuple[str, str]:
    """The time as Seattle writes it, and the words."""
    found = read_line(line, zone=SEATTLE, before=before)
    return format_instant(found.instant, SEATTLE), found.text


def refusal(line: str, before: Instant | None = TEN) -> str:
    with pytest.raises(UnreadableLine) as caught:
        read_line(line, zone=SEATTLE, before=before)
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("10:42 alarm fired", "2026-11-14 10:42"),
        ("9:05 alarm fired", "2026-11-14 09:05"),
        ("~10:40 alarm fired", "~2026-11-14 10:40"),
        ("about 10:40 alarm fired", "~2026-11-14 10:40"),
        ("2026-11-14 ~10:40 alarm fired", "~2026-11-14 10:40"),
        ("2026-11-14 about 10:40 alarm fired", "~2026-11-14 10:40"),
        ("10:42-~10:55 alarm fired", "~2026-11-14 10:42-10:55"),
        ("10:42:13 alarm fired", "2026-11-14 10:42:13"),
        ("10:42:13.205 alarm fired", "2026-11-14 10:42:13"),
        ("10:42-10:55 alarm fired", "2026-11-14 10:42-10:55"),
        ("10:42 – 10:55 alarm fired", "2026-11-14 10:42-10:55"),
        ("10:42 to 10:55 alarm fired", "2026-11-14 10:42-10:55"),
        ("23:50-00:20 alarm fired", "2026-11-14 23:50 - 2026-11-15 00:20"),
        ("10:42 pm alarm fired", "2026-11-14 22:42"),
        ("12:05 AM alarm fired", "2026-11-14 00:05"),
        ("+5m alarm fired", "2026-11-14 10:05"),
        ("+1h30m alarm fired", "2026-11-14 11:30"),
        ("+1h 30 min alarm fired", "2026-11-14 11:30"),
        ("+90s alarm fired", "2026-11-14 10:01:30"),
        ("~+5m alarm fired", "~2026-11-14 10:05"),
        ("2026-11-13 10:42 alarm fired", "2026-11-13 10:42"),
        ("2026-11-13T10:42 alarm fired", "2026-11-13 10:42"),
        ("14 Nov 2026 10:42 alarm fired", "2026-11-14 10:42"),
        ("November 13th, 10:42 alarm fired", "2026-11-13 10:42"),
        ("Fri | Nov 13 | 10:42 | alarm fired", "2026-11-13 10:42"),
        ("10:42 on 13 November 2026: alarm fired", "2026-11-13 10:42"),
        ("18:42 UTC alarm fired", "2026-11-14 10:42"),
        ("18:42Z alarm fired", "2026-11-14 10:42"),
        ("18:42-18:50 UTC alarm fired", "2026-11-14 10:42-10:50"),
        ("2026-11-14T18:42:13Z alarm fired", "2026-11-14 10:42:13"),
        ("2026-11-14T10:42-08:00 alarm fired", "2026-11-14 10:42"),
        ("19:42 +01:00 alarm fired", "2026-11-14 10:42"),
        ("19:42 UTC+1 alarm fired", "2026-11-14 10:42"),
        ("19:42 Europe/Berlin alarm fired", "2026-11-14 10:42"),
        ("10:42 PST alarm fired", "2026-11-14 10:42"),
        ("2026-11-01 01:30 PDT alarm fired", "2026-11-01 01:30 -07:00"),
        ("2026-11-01 01:30 -08:00 alarm fired", "2026-11-01 01:30 -08:00"),
        ("- 10:42 alarm fired", "2026-11-14 10:42"),
        ("  • 10:42: alarm fired", "2026-11-14 10:42"),
        ("3. 10:42 — alarm fired", "2026-11-14 10:42"),
        ("> 10:42 -- alarm fired", "2026-11-14 10:42"),
        ("### 10:42 alarm fired ###", "2026-11-14 10:42"),
        ("10:42\talarm fired", "2026-11-14 10:42"),
        ("| 10:42 | alarm fired |", "2026-11-14 10:42"),
        ("| 2026-11-14 | 10:42 | alarm fired |", "2026-11-14 10:42"),
        ("* **10:42**: alarm fired", "2026-11-14 10:42"),
        ("**10:42:** alarm fired", "2026-11-14 10:42"),
        ("[10:42] alarm fired", "2026-11-14 10:42"),
        ("`10:42` - alarm fired", "2026-11-14 10:42"),
        ("At 10:42, alarm fired", "2026-11-14 10:42"),
        ("10:42. alarm fired", "2026-11-14 10:42"),
    ],
)
def test_notes_in_the_shapes_that_people_use_are_understood(line: str, when: str) -> None:
    assert read(line) == (when, "alarm fired")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("10:42 -50 servers", "-50 servers"),
        ("10:42 - -5 %", "-5 %"),
        ("10:42 | - a | b", "- a | b"),
        ("| 10:42 | a | b |", "a | b"),
        ("10:42 **Normal** again", "**Normal** again"),
        ("- **10:42 alarm** fired", "**alarm** fired"),
        ("10:42 v2.3.1 at 4.5 %", "v2.3.1 at 4.5 %"),
        ("10:42 `rm -r` was run", "`rm -r` was run"),
        ("10:42 مرحبا 👩🏽‍🚒", "مرحبا 👩🏽‍🚒"),
    ],
)
def test_the_words_behind_the_time_are_left_as_they_are(line: str, text: str) -> None:
    assert read(line) == ("2026-11-14 10:42", text)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "alarm fired",
        "4.2 % of requests failed",
        "1.17 creates two rules",
        "10.42 alarm fired",
        "1:100 of the fleet",
        "127.0.0.1:8080 refused",
        "+5 servers",
        "+5minus",
        "May 5 was the last drill",
        "2 decks",
        "Version 10:42",
    ],
)
def test_versions_ratios_and_shares_are_no_times(line: str) -> None:
    assert refusal(line) == "Start with the time, like 10:42 alarm fired."


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("10:42", "Say what happened, behind the time."),
        ("25:10 x", "25:10 is not a time of day"),
        ("2026-02-30 10:00 x", "There is no day 2026-02-30 in the calendar."),
        ("31 Feb 2026 10:00 x", "There is no day 31 Feb 2026 in the calendar."),
        ("14/11/2026 10:42 x", "14/11/2026 can be read in two ways."),
        ("11-12 10:42 x", "11-12 can be read in two ways."),
        ("2026-11-14: x", "This has a day and no time."),
        ("10:42 CET x", "CET is not understood"),
        ("10:42 Mars/Olympus x", "There is no zone called Mars/Olympus."),
        ("23:00 AM x", "23:00 AM is after noon."),
        ("10:42-08:00 x", "If it is an offset, put a space before it."),
        ("2026-11-01 01:30 x", "01:30 happened twice on 1 Nov 2026"),
        ("2026-03-08 02:30 x", "02:30 did not happen on 8 Mar 2026"),
        ("18:00+ UTC x", "The time in this line cannot be read."),
        ("2999-01-01 10:00 x", "The year 2999 is not between 1970 and 2100."),
    ],
)
def test_what_cannot_be_read_is_asked_back(line: str, sentence: str) -> None:
    assert sentence in refusal(line)


def test_without_anything_before_a_time_needs_a_day_and_a_step_a_start() -> None:
    assert "10:42 needs a day" in refusal("10:42 x", None)
    assert "Nov 14 needs a year." in refusal("Nov 14 10:42 x", None)
    assert "+5m counts from the entry before, and there is none." in refusal("+5m x", None)


@pytest.mark.parametrize(
    ("before", "line", "when"),
    [
        ("2026-11-14 23:50", "00:10 x", "2026-11-15 00:10"),
        ("2026-11-14 10:00", "09:55 x", "2026-11-14 09:55"),
        ("2026-11-14 15:00", "03:30 x", "2026-11-14 03:30"),
        ("2026-11-14 15:00", "03:00 x", "2026-11-14 03:00"),
        ("2026-11-14 15:00", "02:59 x", "2026-11-15 02:59"),
        ("2026-12-31 23:50", "00:10 x", "2027-01-01 00:10"),
        ("2026-12-31 23:50", "Jan 1 00:10 x", "2027-01-01 00:10"),
        ("2026-11-14 23:50", "08:10 UTC x", "2026-11-15 00:10"),
    ],
)
def test_midnight_has_passed_if_a_time_is_more_than_twelve_hours_earlier(
    before: str, line: str, when: str
) -> None:
    assert read(line, read_when(before, zone=SEATTLE, before=None))[0] == when


def test_a_step_counts_from_the_end_of_a_span_and_is_as_exact_as_what_it_counts_from() -> None:
    span = read_when("~2026-11-14 10:00-10:30", zone=SEATTLE, before=None)
    assert read("+5m x", span) == ("~2026-11-14 10:35", "x")


def pasted(text: str, before: Instant | None = None) -> list[tuple[str, str, str]]:
    """When, what, and what is wrong, of every line."""
    lines = read_lines(text, zone=SEATTLE, before=before)
    return [
        (
            format_instant(each.instant, SEATTLE) if each.instant else each.when,
            each.text,
            each.problem,
        )
        for each in lines
    ]


def test_a_day_alone_on_a_line_holds_for_what_follows() -> None:
    text = "2026-11-14\n\n10:42 one\n09:00 two\n\n## Sunday, 15 November 2026\n08:00 three"
    assert pasted(text) == [
        ("2026-11-14 10:42", "one", ""),
        ("2026-11-14 09:00", "two", ""),
        ("2026-11-15 08:00", "three", ""),
    ]


def test_lines_without_a_time_belong_to_the_line_before() -> None:
    text = "10:42 one\n  and more\n\n- a list\n### 10:50\nits words\n+5m last"
    assert pasted(text, TEN) == [
        ("2026-11-14 10:42", "one\n  and more\n\n- a list", ""),
        ("2026-11-14 10:50", "its words", ""),
        ("2026-11-14 10:55", "last", ""),
    ]


def test_a_table_loses_its_frame_and_keeps_its_words() -> None:
    text = "| Time | What |\n|------|------|\n| 10:42 | one |\n| 10:50 | two |"
    no_time = "There is no time in this line. Write one, or leave the line out."
    assert pasted(text, TEN) == [
        ("", "| Time | What |", no_time),
        ("2026-11-14 10:42", "one", ""),
        ("2026-11-14 10:50", "two", ""),
    ]


@pytest.mark.parametrize(
    ("start", "middle", "end"),
    [
        ("", "-", "x"),
        ("| 10:42 a", " ", "b"),
        ("| 10:42 a", "|", "b"),
        ("# 10:42 a", "#", "b"),
        ("**10:42", " ", "x"),
        ("- ", "- ", "x"),
        ("10:42", " ", "until"),
    ],
)
def test_a_line_as_long_as_a_paste_may_be_takes_no_time(start: str, middle: str, end: str) -> None:
    line = start + middle * (90_000 // len(middle)) + end
    began = monotonic()
    assert len(read_lines(line, zone=SEATTLE, before=TEN)) == 1
    assert monotonic() - began < 5


def test_a_line_that_cannot_be_read_stands_with_its_words_and_the_others_go_on() -> None:
    text = "2026-11-14 10:42 one\n14/11/2026 10:50: two\n25:00 three\n11:00 four\n11:10"
    assert [(when, text, bool(problem)) for when, text, problem in pasted(text)] == [
        ("2026-11-14 10:42", "one", False),
        ("14/11/2026 10:50", "two", True),
        ("25:00", "three", True),
        ("2026-11-14 11:00", "four", False),
        ("2026-11-14 11:10", "", True),
    ]


# Printing and reading are inverse

ZONES = st.sampled_from([*zone_choices(), "Africa/Monrovia"]).map(ZoneInfo)
SECONDS = st.integers(86_400, 4_100_000_000)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1
).map(str.strip)


@st.composite
def instants(draw: st.DrawFn) -> Instant:
    precision = draw(st.sampled_from(Precision))
    step = 60 if precision is Precision.MINUTE else 1
    at = datetime.fromtimestamp(draw(SECONDS) // step * step, UTC)
    length = draw(st.none() | st.integers(1, 100_000))
    return Instant(at, precision, at + timedelta(seconds=length * step) if length else None)


@given(instants(), WORDS.filter(bool), ZONES, st.sampled_from(["", "- ", "• ", "> ", "  ", "1. "]))
def test_a_line_that_is_printed_reads_back_as_the_same(
    instant: Instant, text: str, zone: ZoneInfo, lead: str
) -> None:
    line = read_line(f"{lead}{format_instant(instant, zone)} | {text}", zone=zone, before=None)
    assert (line.instant, line.text) == (instant, text)


@given(st.lists(st.tuples(instants(), WORDS.filter(bool)), max_size=8), ZONES)
def test_a_timeline_that_is_printed_reads_back_as_the_same(
    entries: list[tuple[Instant, str]], zone: ZoneInfo
) -> None:
    text = "\n".join(f"{format_instant(instant, zone)} | {words}" for instant, words in entries)
    lines = read_lines(text, zone=zone, before=None)
    assert [(each.instant, each.text) for each in lines] == entries


@given(st.integers(-90, 90), st.sampled_from(["2026-03-08T10:00", "2026-11-01T09:00"]))
def test_the_nights_of_the_clock_change_read_back_as_the_same(minutes: int, change: str) -> None:
    at = datetime.fromisoformat(change).replace(tzinfo=UTC) + timedelta(minutes=minutes)
    line = read_line(f"{format_instant(Instant(at), SEATTLE)} x", zone=SEATTLE, before=None)
    assert line.instant == Instant(at)


@given(st.text(st.sampled_from("0123456789:-–~ +.|*[]#hmsTZUTCadNovpm/"), max_size=50))
def test_any_line_is_an_entry_or_gets_a_sentence(text: str) -> None:
    with suppress(UnreadableLine):
        line = read_line(text, zone=SEATTLE, before=TEN)
        assert line.text
    assert all(each.instant or each.problem for each in read_lines(text, zone=SEATTLE, before=TEN))

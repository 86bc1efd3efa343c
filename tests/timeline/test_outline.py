"""The timeline as it is read: gaps between its rows, and what is odd about a row."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from coe.text.instants import Instant, Precision
from coe.timeline.lines import read_line
from coe.timeline.models import Entry
from coe.timeline.outline import Row, rows, runs
from tests.documents.making import moment

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


def entry(instant: Instant) -> Entry:
    return Entry(at=instant.at, precision=instant.precision, end_at=instant.end)


def shown(
    *instants: Instant,
    now: datetime = NOON,
    zone: ZoneInfo = UTC_ZONE,
    milestones: Mapping[str, Instant] | None = None,
) -> list[Row]:
    return rows(map(entry, instants), zone=zone, now=now, milestones=milestones or {})


def gaps(*instants: Instant) -> list[str]:
    return [row.gap.words if row.gap else "" for row in shown(*instants)]


def test_a_pause_of_fifteen_minutes_needs_no_explanation_and_a_longer_one_does() -> None:
    assert gaps(moment("10:00"), moment("10:15"), moment("10:31")) == [
        "",
        "",
        "16 min without an entry",
    ]


def test_a_pause_counts_from_the_end_of_what_was_told_before() -> None:
    long = moment("10:00", end="11:00")
    assert gaps(long, moment("10:10"), moment("11:10"), moment("12:15")) == [
        "",
        "",
        "",
        "1 h 5 min without an entry",
    ]


def test_a_pause_next_to_an_approximate_time_is_about() -> None:
    about = moment("10:00", precision=Precision.ABOUT)
    assert gaps(about, moment("11:00")) == ["", "About 1 h without an entry"]


@pytest.mark.parametrize(
    ("start", "end", "line"),
    [
        (moment("10:00"), moment("11:01"), "19:00-20:01 "),
        (moment("09:00", end="10:00"), moment("11:01"), "19:00-20:01 "),
        (moment("14:50"), moment("15:10"), "2026-11-14 23:50 - 2026-11-15 00:10 "),
    ],
    ids=["a moment", "the end of a span", "past midnight"],
)
def test_a_gap_offers_the_whole_of_it_in_the_zone_on_the_screen(
    start: Instant, end: Instant, line: str
) -> None:
    row = shown(start, end, zone=ZoneInfo("Asia/Tokyo"))[1]
    assert row.gap is not None
    assert row.gap.line == line
    read = read_line(f"{line}waiting", zone=ZoneInfo("Asia/Tokyo"), before=row.gap.start)
    assert (read.instant.at, read.instant.end) == (row.gap.start.at, end.at)


def test_a_gap_between_seconds_offers_them() -> None:
    start = Instant(datetime(2026, 11, 14, 10, 0, 7, tzinfo=UTC), Precision.SECOND)
    gap = shown(start, moment("11:01"))[1].gap
    assert gap is not None
    assert gap.line == "10:00:07-11:01:00 "


@pytest.mark.parametrize(
    ("instants", "milestones", "remarks"),
    [
        (["10:00", "09:59"], {}, ["Earlier than the entry above"]),
        (["10:00", "10:00"], {}, []),
        (["10:00"], {"resolved": "09:59"}, ["After it was resolved"]),
        (["10:00"], {"resolved": "10:00"}, []),
        (["10:00"], {"resolved": "09:59", "impact_started": "10:00"}, []),
    ],
)
def test_what_is_odd_about_a_row_is_said_beside_it(
    instants: list[str], milestones: dict[str, str], remarks: list[str]
) -> None:
    known = {kind: moment(clock) for kind, clock in milestones.items()}
    found = shown(*map(moment, instants), milestones=known)
    assert list(found[-1].remarks) == remarks


def test_an_entry_in_the_future_or_long_before_the_impact_is_marked() -> None:
    early = Instant(datetime(2026, 11, 13, 9, 59, tzinfo=UTC))
    (row,) = shown(early, milestones={"impact_started": moment("10:00")})
    assert row.remarks == ("More than 24 h before impact started",)
    (row,) = shown(moment("10:00"), now=datetime(2026, 11, 14, 9, 59, tzinfo=UTC))
    assert row.remarks == ("In the future",)


def parted(found: Sequence[Row], alone: UUID | None = None) -> list[tuple[str, bool, int]]:
    """Of each run the day that begins, whether a gap stands above it, and how many rows it has."""
    return [(run.day, run.gap is not None, len(run.rows)) for run in runs(found, alone=alone)]


def test_rows_run_on_until_a_gap_or_another_day() -> None:
    clocks = ("14:40", "14:50", "15:01", "15:05", "16:00", "16:10")
    found = shown(*map(moment, clocks), zone=ZoneInfo("Asia/Tokyo"))
    assert parted(found) == [
        ("14 Nov 2026", False, 2),
        ("15 Nov 2026", False, 2),
        ("", True, 2),
    ]
    assert parted([]) == []


def test_the_row_whose_form_is_open_stands_on_its_own() -> None:
    found = shown(moment("10:00"), moment("10:05"), moment("10:10"), moment("10:12"))
    assert parted(found, found[1].entry.uid) == [
        ("14 Nov 2026", False, 1),
        ("", False, 1),
        ("", False, 2),
    ]
    first = runs(found, alone=found[0].entry.uid)
    assert [run.first for run in first] == [found[0].entry, found[1].entry]

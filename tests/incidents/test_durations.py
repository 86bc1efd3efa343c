"""How long it took, from milestones, with answers counted by hand."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.incidents.durations import SPANS, Duration, Sentence, durations, in_words
from coe.incidents.models import Milestone
from coe.text.instants import Instant, Precision
from tests.documents.making import moment


def counted(instants: dict[str, Instant]) -> dict[str, tuple[int | None, bool, bool]]:
    """Seconds, whether it is about, whether it is reversed, by abbreviation."""
    return {
        each.span.abbreviation: (each.seconds, each.is_about, each.is_reversed)
        for each in durations(instants)
    }


MISSING = (None, False, False)


def test_the_four_durations_of_the_field() -> None:
    answer = counted(
        {
            "impact_started": moment("09:37"),
            "detected": moment("09:41"),
            "acknowledged": moment("09:44"),
            "diagnosed": moment("10:30"),
            "mitigated": moment("12:26"),
            "resolved": moment("13:54"),
        }
    )

    assert answer == {
        "TTD": (240, False, False),
        "TTA": (180, False, False),
        "TTM": (10140, False, False),
        "TTR": (15420, False, False),
    }


def test_they_come_in_the_order_of_an_incident_under_their_names() -> None:
    shown = [(each.span.abbreviation, each.span.label) for each in durations({})]

    assert shown == [
        ("TTD", "to detect"),
        ("TTA", "to engage"),
        ("TTM", "to mitigate"),
        ("TTR", "to resolve"),
    ]


def test_a_missing_milestone_leaves_every_duration_that_needs_it_open() -> None:
    assert counted({}) == {"TTD": MISSING, "TTA": MISSING, "TTM": MISSING, "TTR": MISSING}
    assert counted({"impact_started": moment("09:00"), "resolved": moment("10:00")}) == {
        "TTD": MISSING,
        "TTA": MISSING,
        "TTM": MISSING,
        "TTR": (3600, False, False),
    }
    assert counted({"detected": moment("09:00"), "acknowledged": moment("09:00")}) == {
        "TTD": MISSING,
        "TTA": (0, False, False),
        "TTM": MISSING,
        "TTR": MISSING,
    }


def test_a_reversed_pair_is_shown_as_negative_and_says_that_it_is_reversed() -> None:
    answer = counted({"impact_started": moment("09:30"), "detected": moment("09:20")})

    assert answer["TTD"] == (-600, False, True)


def test_resolved_before_mitigated_is_legitimate() -> None:
    answer = counted(
        {
            "impact_started": moment("09:00"),
            "mitigated": moment("11:00"),
            "resolved": moment("10:00"),
        }
    )

    assert answer["TTM"] == (7200, False, False)
    assert answer["TTR"] == (3600, False, False)


def test_about_on_either_side_makes_only_the_durations_that_touch_it_about() -> None:
    answer = counted(
        {
            "impact_started": moment("09:00", precision=Precision.ABOUT),
            "detected": moment("09:10"),
            "acknowledged": moment("09:15"),
            "mitigated": moment("10:00", precision=Precision.ABOUT),
            "resolved": moment("10:30"),
        }
    )

    assert answer == {
        "TTD": (600, True, False),
        "TTA": (300, False, False),
        "TTM": (3600, True, False),
        "TTR": (5400, True, False),
    }


def test_a_missing_pair_is_never_about() -> None:
    answer = counted({"impact_started": moment("09:00", precision=Precision.ABOUT)})

    assert answer["TTD"] == MISSING


def test_seconds_are_counted_where_they_are_known() -> None:
    answer = counted(
        {
            "impact_started": moment("09:37:13", precision=Precision.SECOND),
            "detected": moment("09:41"),
        }
    )

    assert answer["TTD"] == (227, False, False)


def test_a_span_counts_from_its_start() -> None:
    answer = counted({"impact_started": moment("09:00", end="09:30"), "detected": moment("09:10")})

    assert answer["TTD"] == (600, False, False)


def test_the_change_of_clocks_does_not_change_how_long_it_took() -> None:
    """00:30 to 03:30 in Los Angeles on 1 November 2026 is four hours: one came twice."""
    start = datetime.fromisoformat("2026-11-01T00:30:00-07:00")
    end = datetime.fromisoformat("2026-11-01T03:30:00-08:00")
    answer = counted(
        {
            "impact_started": Instant(start, Precision.MINUTE, None),
            "resolved": Instant(end, Precision.MINUTE, None),
        }
    )

    assert answer["TTR"] == (14400, False, False)


MOMENTS = st.integers(0, 10**6).map(
    lambda n: Instant(datetime.fromtimestamp(60 * n, UTC), Precision.MINUTE, None)
)


@given(start=MOMENTS, end=MOMENTS)
def test_a_reversed_pair_is_the_negative_of_the_pair(start: Instant, end: Instant) -> None:
    there: Duration = durations({"impact_started": start, "detected": end})[0]
    back: Duration = durations({"impact_started": end, "detected": start})[0]

    assert there.seconds is not None
    assert back.seconds is not None
    assert there.seconds == -back.seconds
    assert not (there.is_reversed and back.is_reversed)


def test_every_span_is_between_milestones_that_exist() -> None:
    kinds = set(Milestone.Kind.values)
    assert {span.start for span in SPANS} | {span.end for span in SPANS} <= kinds


@pytest.mark.parametrize(
    ("end", "about", "words", "is_reversed"),
    [
        ("10:28", False, "Detected 28 min after impact started", False),
        ("10:28", True, "Detected about 28 min after impact started", False),
        ("09:55", False, "Detected 5 min before impact started: check both times", True),
        ("10:00", False, "Detected at the moment when impact started", False),
        ("10:00", True, "Detected at about the time when impact started", False),
    ],
)
def test_a_milestone_says_in_words_how_long_it_took(
    end: str, about: bool, words: str, is_reversed: bool
) -> None:
    precision = Precision.ABOUT if about else Precision.MINUTE
    known = {"impact_started": moment("10:00"), "detected": moment(end, precision=precision)}
    assert in_words(known) == {"detected": Sentence(words, is_reversed)}


def test_every_milestone_is_explained_from_what_it_is_counted_from() -> None:
    clocks = ["10:00", "10:10", "10:15", "10:30", "11:00", "10:50"]
    kinds = ["impact_started", "detected", "acknowledged", "diagnosed", "mitigated", "resolved"]
    known = {kind: moment(clock) for kind, clock in zip(kinds, clocks, strict=True)}
    assert [each.words for each in in_words(known).values()] == [
        "Detected 10 min after impact started",
        "Acknowledged 5 min after it was detected",
        "Mitigated 1 h after impact started",
        "Resolved 50 min after impact started",
        "Diagnosed 20 min after it was detected",
    ]
    assert in_words({"mitigated": moment("10:00")}) == {}

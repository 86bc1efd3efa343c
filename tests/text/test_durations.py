"""Durations in words and for machines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.text.durations import describe_duration, machine_duration

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@pytest.mark.parametrize(
    ("seconds", "words", "machine"),
    [
        (0, "0 s", "PT0S"),
        (45, "45 s", "PT45S"),
        (MINUTE, "1 min", "PT1M"),
        (90, "1 min 30 s", "PT1M30S"),
        (4 * HOUR + 17 * MINUTE, "4 h 17 min", "PT4H17M"),
        (2 * DAY + 3 * HOUR, "2 d 3 h", "P2DT3H"),
        (DAY, "1 d", "P1D"),
        (DAY + 1, "1 d 1 s", "P1DT1S"),
        (24 * HOUR + 11 * MINUTE, "1 d 11 min", "P1DT11M"),
        (400 * DAY, "400 d", "P400D"),
    ],
)
def test_every_unit_that_is_not_zero_is_named(seconds: int, words: str, machine: str) -> None:
    assert describe_duration(seconds) == words
    assert machine_duration(seconds) == machine


def test_an_approximate_duration_says_so() -> None:
    assert describe_duration(4 * HOUR, about=True) == "about 4 h"


def test_a_reversed_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="reversed"):
        describe_duration(-1)
    with pytest.raises(ValueError, match="reversed"):
        machine_duration(-1)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_two_durations_read_the_same_only_if_they_are(one: int, other: int) -> None:
    assert (describe_duration(one) == describe_duration(other)) is (one == other)
    assert (machine_duration(one) == machine_duration(other)) is (one == other)

"""The median and the quartiles, and what the picture of them says."""

import re
import statistics
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.steering.ages import ages_in_words, ages_picture, scale_to, small_strip
from coe.steering.quartiles import spread_of

AGES = st.lists(st.integers(0, 5_000), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("ages", "quartiles"),
    [
        ([7], (7, 7, 7)),
        ([1, 2], (1.25, 1.5, 1.75)),
        ([3, 1, 2], (1.5, 2, 2.5)),
        ([1, 2, 3, 4], (1.75, 2.5, 3.25)),
        ([1, 2, 3, 4, 100], (2, 3, 4)),
    ],
)
def test_the_quartiles_by_hand(ages: list[int], quartiles: tuple[float, ...]) -> None:
    spread = spread_of(ages)
    assert spread
    assert (spread.lower, spread.median, spread.upper) == quartiles


def test_of_nothing_there_is_no_spread_and_no_picture() -> None:
    assert spread_of([]) is None
    assert ages_picture(None).drawings == ()


@given(AGES)
def test_at_least_half_are_as_young_as_the_median_and_half_as_old(ages: list[int]) -> None:
    spread = spread_of(ages)
    assert spread
    assert spread.median == statistics.median(ages)
    assert min(ages) <= spread.lower <= spread.median <= spread.upper <= max(ages)
    for quartile, share in ((spread.lower, 1), (spread.median, 2), (spread.upper, 3)):
        assert sum(age <= quartile for age in ages) * 4 >= share * (len(ages) - 1)
        assert sum(age >= quartile for age in ages) * 4 >= (4 - share) * (len(ages) - 1)


@given(AGES, st.integers(0, 1_000))
def test_a_day_later_all_of_it_is_a_day_older(ages: list[int], days: int) -> None:
    now, later = spread_of(ages), spread_of(age + days for age in ages)
    assert now
    assert later
    assert later.median == now.median + days
    assert later.upper - later.lower == now.upper - now.lower


@given(st.lists(st.integers(0, 5_000), min_size=4, max_size=40), st.integers(5_001, 10**6))
def test_one_that_was_forgotten_moves_the_median_by_no_more_than_its_neighbour(
    ages: list[int], forgotten: int
) -> None:
    ordered = sorted(ages)
    spread = spread_of([*ordered[:-1], forgotten])
    assert spread
    assert spread.median == statistics.median(ages)


@given(AGES)
def test_every_item_has_its_dot_or_shares_one_that_says_so(ages: list[int]) -> None:
    spread = spread_of(ages)
    (drawn,) = ages_picture(spread).drawings
    dots = [float(x) for x in re.findall(r'<circle[^>]* cx="([0-9.]+)"', drawn)]
    shared = re.search(r"A dot is up to (\d+) items", drawn)
    each = int(shared[1]) if shared else 1
    assert len(dots) == -(-len(ages) // each)
    assert all(14 <= x <= 628 for x in dots)


@given(AGES)
def test_no_dot_is_drawn_over_another(ages: list[int]) -> None:
    for drawn in (*ages_picture(spread_of(ages)).drawings, *ages_picture(spread_of(ages)).narrow):
        found = re.findall(r'cx="([0-9.]+)" cy="([0-9.]+)"', drawn)
        by_row: dict[str, list[float]] = {}
        for x, y in found:
            by_row.setdefault(y, []).append(float(x))
        for row in by_row.values():
            gaps = [after - before for before, after in pairwise(row)]
            assert all(gap >= 6.8 for gap in gaps)


@given(st.integers(0, 100_000), st.integers(3, 12))
def test_the_scale_holds_the_oldest_with_few_ticks(longest: int, ticks: int) -> None:
    scale = scale_to(longest, width=600, ticks=ticks)
    assert longest <= scale.most
    assert len(scale.ticks) <= ticks + 1
    assert scale.at(0) == 14
    assert scale.at(scale.most) == pytest.approx(586)


def test_the_picture_says_in_words_what_it_shows() -> None:
    spread, one, two = spread_of([10, 20, 30, 40, 400]), spread_of([1]), spread_of([1, 4])
    assert spread
    assert one
    assert two
    assert ages_in_words(spread) == (
        "5 open items. Their median age is 30 days; the middle half are 20 to 40 days old; "
        "the oldest is 400 days old."
    )
    assert ages_in_words(one) == "One open item, 1 day old."
    assert ages_in_words(two) == (
        "2 open items. Their median age is 2.5 days; the oldest is 4 days old."
    )
    drawn = ages_picture(spread).drawings[0]
    assert f"<desc>{ages_in_words(spread)}</desc>" in drawn
    assert "style=" not in drawn
    assert 'aria-hidden="true"' in small_strip(spread, scale_to(400, width=160, ticks=10))

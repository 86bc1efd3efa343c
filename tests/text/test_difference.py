"""The difference of two texts, by word."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coe.text.difference import Change, Piece, difference
from coe.text.sequences import anchors, common_subsequence, rising

MARKS = {Change.KEPT: "{}", Change.REMOVED: "[{}]", Change.ADDED: "<{}>"}
WORDS = st.lists(st.sampled_from(["the", "alarm", "fired", " ", " ", "\n", ".", "原", "因", "é"]))
TEXTS = WORDS.map("".join) | st.text(max_size=60)


def shown(before: str, after: str) -> str:
    """[removed] and <added>, everything else kept."""
    return "".join(MARKS[each.change].format(each.text) for each in difference(before, after))


def side(pieces: tuple[Piece, ...], *, without: Change) -> str:
    return "".join(each.text for each in pieces if each.change is not without)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("One in ten.", "One in ten.", "One in ten."),
        ("", "New", "<New>"),
        ("Old", "", "[Old]"),
        ("The alarm fired.", "The late alarm fired.", "The <late >alarm fired."),
        ("red fox runs", "blue cat runs", "[red fox]<blue cat> runs"),
        ("from 09:37 to 12:26", "from 09:37 to 13:54", "from 09:37 to [12:26]<13:54>"),
        ("1,250,000 requests", "1,260,000 requests", "[1,250,000]<1,260,000> requests"),
        ("runs fast, stops", "runs slow, starts", "runs [fast]<slow>, [stops]<starts>"),
        ("max_size was 5", "max_length was 5", "[max_size]<max_length> was 5"),
        ("障害の原因は設定", "障害の理由は設定", "障害の[原因]<理由>は設定"),
        ("हिन्दी में", "हिन्दी से", "हिन्दी [में]<से>"),
        ("👩‍👩‍👧 came", "👩‍👩‍👦 came", "[👩‍👩‍👧]<👩‍👩‍👦> came"),
        ("e\u0301tat", "etat", "[e\u0301tat]<etat>"),
        ("one\n\ntwo\n", "one\n\nand\n\ntwo\n", "one\n\n<and\n\n>two\n"),
        ("one two", "one\ntwo", "one[ ]<\n>two"),
        ("a  b", "a b", "a[  ]< >b"),
    ],
)
def test_words_numbers_and_characters_of_scripts_without_spaces_are_compared(
    before: str, after: str, expected: str
) -> None:
    assert shown(before, after) == expected


def test_a_paragraph_that_was_moved_keeps_the_others() -> None:
    before = "First it broke.\n\nThen we looked.\n\nLast it held.\n"
    after = "Then we looked.\n\nLast it held.\n\nFirst it broke.\n"
    kept = [each.text for each in difference(before, after) if each.change is Change.KEPT]
    assert "Then we looked.\n\nLast it held.\n" in "".join(kept)


def test_a_paragraph_with_little_in_common_is_shown_whole() -> None:
    before = " ".join(f"old{number}" for number in range(400)) + " end"
    after = " ".join(f"new{number}" for number in range(400)) + " end"
    assert [each.change for each in difference(before, after)] == ["removed", "added"]


@given(TEXTS, TEXTS)
@example("a b", "b a")
def test_both_texts_come_back_from_their_difference(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert side(pieces, without=Change.ADDED) == before
    assert side(pieces, without=Change.REMOVED) == after
    assert all(each.text for each in pieces)
    assert (before == after) == all(each.change is Change.KEPT for each in pieces)


@given(TEXTS, TEXTS)
def test_the_other_way_round_removed_and_added_are_exchanged(before: str, after: str) -> None:
    other = {Change.KEPT: 0, Change.REMOVED: 2, Change.ADDED: 1}
    same = {Change.KEPT: 0, Change.REMOVED: 1, Change.ADDED: 2}
    there, back = difference(before, after), difference(after, before)
    for change in Change:
        forth = [each.text for each in there if same[each.change] == same[change]]
        assert forth == [each.text for each in back if other[each.change] == same[change]]


@given(st.text("ab", max_size=12), st.text("ab", max_size=12))
def test_a_common_subsequence_is_a_longest_one(before: str, after: str) -> None:
    blocks = common_subsequence(before, after, most_edits=24)
    assert blocks is not None
    for place, to, length in blocks:
        assert before[place : place + length] == after[to : to + length]
    assert sum(length for *_, length in blocks) == longest(before, after)


def longest(before: str, after: str) -> int:
    """The length of a longest common subsequence, by the textbook's table."""
    row = [0] * (len(after) + 1)
    for letter in before:
        new = [0]
        for place, other in enumerate(after):
            new.append(row[place] + 1 if letter == other else max(row[place + 1], new[-1]))
        row = new
    return row[-1]


def test_giving_up_is_said() -> None:
    assert common_subsequence("aaaa", "bbbb", most_edits=8) == []
    assert common_subsequence("aaaa", "bbbb", most_edits=7) is None


def test_anchors_are_the_ends_and_what_stands_once_in_each() -> None:
    assert anchors("aXbYYz", "aQQbYz") == [(0, 0, 1), (2, 3, 1), (4, 4, 2)]
    assert anchors("", "abc") == []


@given(st.lists(st.integers(0, 9), max_size=8))
def test_a_rising_subsequence_rises_and_none_is_longer(numbers: list[int]) -> None:
    places = rising(numbers)
    chosen = [numbers[each] for each in places]
    assert places == sorted(set(places))
    assert all(low < high for low, high in pairwise(chosen))
    lengths: list[int] = []
    for place, number in enumerate(numbers):
        below = (lengths[each] for each in range(place) if numbers[each] < number)
        lengths.append(1 + max(below, default=0))
    assert len(chosen) == max(lengths, default=0)


def prose(size: int, seed: int) -> str:
    chance = random.Random(seed)
    words = [f"word{number}" for number in range(5000)]
    text = ""
    while len(text) < size:
        text += " ".join(chance.choices(words, k=600)) + "\n\n"
    return text[:size]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(prose(1_000_000, 1), prose(1_000_000, 2), id="prose"),
        pytest.param("a\n" * 500_000, "b\n" * 500_000, id="lines"),
        pytest.param("a\n" * 500_000, "a\n" * 499_999 + "b\n", id="one line"),
        pytest.param("a " * 500_000, "b " * 500_000, id="one paragraph"),
        pytest.param("ab" * 500_000, "ba" * 500_000, id="one word"),
        pytest.param("!?" * 100_000, "?!" * 100_000, id="marks"),
        pytest.param("a b " * 50_000, "b a " * 50_000, id="two words"),
        pytest.param(prose(100_000, 1), prose(100_000, 2), id="the longest two texts"),
    ],
)
def test_a_megabyte_against_a_megabyte_is_quick(before: str, after: str) -> None:
    """In CPU time, of which a busy machine gives each process its own."""
    start = time.process_time()
    pieces = difference(before, after)
    assert time.process_time() - start < 1.0
    assert side(pieces, without=Change.ADDED) == before
    assert side(pieces, without=Change.REMOVED) == after


def test_beyond_what_is_compared_at_once_paragraphs_and_then_texts_are_shown_whole() -> None:
    """By hand: one word was changed in the second of two paragraphs."""
    before, after = "One.\n\nTwo disks filled up.", "One.\n\nTwo tanks filled up."
    expected = {
        0: ["One.\n\nTwo ", "disks", "tanks", " filled up."],
        2_000_000: ["One.\n\n", "Two disks filled up.", "Two tanks filled up."],
        5_000_000: [before, after],
    }
    for at_once, texts in expected.items():
        assert [each.text for each in difference(before, after, at_once=at_once)] == texts
        back = [each.text for each in difference(after, before, at_once=at_once)]
        assert sorted(back) == sorted(texts)

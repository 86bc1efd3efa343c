"""Two edits of one text become one, unless they get in each other's way."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.text.merge import merge

WORDS = st.sampled_from(["alarm", "was", "late", "the", "disk", "full", "2", "é", "，", "火"])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=6).map(
    "\n\n".join
)
ANY = st.text(alphabet="ab \n.", max_size=30)

BASE = "The disk was full. Nobody saw the alarm for an hour."


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        (
            "The root disk was full. Nobody saw the alarm for an hour.",
            "The disk was full. Nobody saw the alarm for two hours.",
            "The root disk was full. Nobody saw the alarm for two hours.",
        ),
        (
            "The disk was full. Nobody saw the alarm for an hour. It was a Sunday.",
            "A disk was full. Nobody saw the alarm for an hour.",
            "A disk was full. Nobody saw the alarm for an hour. It was a Sunday.",
        ),
        (
            "Nobody saw the alarm for an hour.",
            "The disk was full. Nobody saw the alarm for an hour, it was night.",
            "Nobody saw the alarm for an hour, it was night.",
        ),
        (
            "First. The disk was full. Nobody saw an alarm for an hour.",
            "The disk was full. Nobody saw an alarm for an hour. Last.",
            "First. The disk was full. Nobody saw an alarm for an hour. Last.",
        ),
    ],
)
def test_edits_in_different_places_become_one_text(mine: str, theirs: str, merged: str) -> None:
    assert merge(BASE, mine, theirs) == merged
    assert merge(BASE, theirs, mine) == merged


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        ("The disk was full.", "The root was full.", "The tape was full."),
        ("The disk was full.", "The old disk was full.", "The root disk was full."),
        ("The disk was full.", "The tape was full.", "The disk is full."),
        ("The disk was full.", "", "The disk is full."),
        ("The disk was full", "The disk was full at 9", "The disk was full again"),
        (
            "See https://a.example/one/two",
            "See https://a.example/1/two",
            "See https://a.example/one/2",
        ),
        ("", "Mine", "Theirs"),
    ],
)
def test_edits_at_one_place_are_left_to_people(base: str, mine: str, theirs: str) -> None:
    assert merge(base, mine, theirs) is None
    assert merge(base, theirs, mine) is None


def test_scripts_without_spaces_are_merged_by_character() -> None:
    assert (
        merge("磁盘已满，警报响了", "磁盘未满，警报响了", "磁盘已满，警报停了")
        == "磁盘未满，警报停了"
    )
    assert merge("磁盘已满", "磁盘未满", "磁盘已空") is None


def test_two_new_lines_at_two_ends_of_a_list_are_both_there() -> None:
    base = "- one\n- two"
    assert merge(base, "- none\n- one\n- two", "- one\n- two\n- three") == (
        "- none\n- one\n- two\n- three"
    )


@given(ANY, ANY)
def test_where_one_side_changed_nothing_it_is_the_other(base: str, text: str) -> None:
    assert merge(base, base, text) == text
    assert merge(base, text, base) == text


@given(ANY, ANY)
def test_what_both_changed_alike_is_that(base: str, text: str) -> None:
    assert merge(base, text, text) == text


@given(ANY, ANY, ANY)
def test_it_makes_no_difference_whose_text_is_whose(base: str, mine: str, theirs: str) -> None:
    assert merge(base, mine, theirs) == merge(base, theirs, mine)


@given(TEXTS, TEXTS, TEXTS)
def test_every_word_that_one_of_them_added_is_in_the_merged_text(
    base: str, mine: str, theirs: str
) -> None:
    merged = merge(base, mine, theirs)
    if merged is not None:
        added = (set(mine.split()) | set(theirs.split())) - set(base.split())
        assert added <= set(merged.split())


@given(
    st.lists(TEXTS.map(lambda text: text.replace("\n\n", " ")), min_size=3, max_size=4), st.data()
)
def test_edits_in_different_paragraphs_are_merged(
    paragraphs: list[str], data: st.DataObject
) -> None:
    base = [f"{number}: {text}" for number, text in enumerate(paragraphs)]
    first = data.draw(st.integers(0, len(base) - 2))
    last = data.draw(st.integers(first + 1, len(base) - 1))
    mine, theirs, both = list(base), list(base), list(base)
    mine[first] = both[first] = f"{first}: {data.draw(TEXTS)}"
    theirs[last] = both[last] = f"{last}: {data.draw(TEXTS)}"
    texts = ("\n\n".join(each) for each in (base, mine, theirs))
    assert merge(*texts) == "\n\n".join(both)


def test_large_texts_take_no_longer_than_their_length() -> None:
    words = [f"word{number * 7919 % 1013}" for number in range(150_000)]
    base = " ".join(words)
    assert len(base) > 1_000_000
    mine = base.replace("word7 ", "seven ")
    theirs = " ".join(reversed(words))
    start = process_time()
    merge(base, mine, theirs)
    merge(base, f"First. {base}", f"{base} Last.")
    assert process_time() - start < 10

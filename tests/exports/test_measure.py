"""How wide words are on paper, and where they are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.exports.measure import CUT, Face, cut, lines_of
from coe.exports.words import Block, line_of, text_of

TEN = Face(10.0)


def test_a_width_is_that_of_the_font() -> None:
    """An em of 10 points is 3.53 mm; a W of IBM Plex Sans is 891 thousandths of one."""
    assert Face(10.0).width("W") == pytest.approx(0.891 * 3.528, rel=0.01)
    assert Face(20.0).width("W") == pytest.approx(2 * Face(10.0).width("W"))
    assert Face(10.0, "semibold").width("word") > TEN.width("word")
    assert TEN.width("障") == pytest.approx(3.528, rel=0.01)
    assert TEN.width("e\N{COMBINING ACUTE ACCENT}") == TEN.width("e")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 50.0, 1),
        ("word", 50.0, 1),
        ("word word", 10.0, 2),
        ("a b", 50.0, 1),
        ("W" * 100, 31.7, 10),
        ("a " + "W" * 10, 31.7, 2),
    ],
)
def test_lines_break_between_words_and_inside_those_that_are_wider(
    text: str, width: float, lines: int
) -> None:
    assert lines_of(text, width, TEN) == lines


def test_what_fits_is_not_cut_and_what_does_not_says_so() -> None:
    assert cut("one  two\nthree", 100.0, TEN, 1) == "one two three"
    assert cut("one two three four", TEN.width("one two thr"), TEN, 1) == f"one two{CUT}"
    assert cut("one, two, three", TEN.width("one, two"), TEN, 1) == f"one{CUT}"
    assert cut("W" * 30, TEN.width("W" * 10), TEN, 2) == "W" * 19 + CUT


@given(st.text(max_size=300), st.floats(4, 150), st.integers(1, 4))
def test_what_is_cut_takes_no_more_lines_than_it_may(text: str, width: float, lines: int) -> None:
    shown = cut(text, width, TEN, lines)
    assert lines_of(shown, width, TEN) <= lines
    whole = " ".join(text.split())
    assert shown == whole or shown.endswith(CUT)


def test_markdown_is_read_as_words_block_by_block() -> None:
    text = text_of("# Head\n\nA **bold** word.\n\n- one\n- `two`\n\n> said\n> so")
    assert text.is_plain
    assert [each.text for each in text.blocks] == [
        "Head",
        "A bold word.",
        "– one",
        "– two",
        "said so",
    ]
    assert [each.depth for each in text.blocks] == [0, 0, 1, 1, 1]
    assert text.blocks[1].stretch > 1.0


def test_a_list_with_numbers_keeps_them() -> None:
    assert [each.text for each in text_of("3. a\n4. b").blocks] == ["3. a", "4. b"]


def test_tables_and_code_are_no_words_of_a_story() -> None:
    text = text_of("Before\n\n| a | b |\n| - | - |\n| c | d |\n\n```\ncode\n```\n\nAfter")
    assert not text.is_plain
    assert text.blocks == (Block("Before", 0, 1.0), Block("After", 0, 1.0))


def test_a_line_holds_all_its_words_without_their_marks() -> None:
    assert line_of("It *was*\n\nthe `disk` & <pod>") == "It was the disk & <pod>"

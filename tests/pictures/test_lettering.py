"""Words measured, broken and made fit for XML."""

from hypothesis import given
from hypothesis import strategies as st

from coe.pictures.lettering import one_line, plain_words, shorten, width_of, wrap


def test_widths_are_those_of_the_font() -> None:
    """Digits of IBM Plex Sans are 600 thousandths of an em, its colon 292, bold 318."""
    assert width_of("00:00", 10) == 26.92
    assert round(width_of("00:00", 10, bold=True), 2) == 27.18


def test_what_the_font_lacks_is_taken_to_be_wide_and_marks_take_no_room() -> None:
    assert width_of("障", 10) == 10
    assert width_of("🙂", 10) == 14
    assert width_of("e\u0301", 10) == width_of("e", 10)


def test_lines_are_broken_between_words_and_end_in_an_ellipsis() -> None:
    assert wrap("one two three four", 50, 10, lines=2) == ("one two", "three four")
    assert wrap("one two three four", 50, 10, lines=1) == ("one two…",)
    assert wrap("", 50, 10, lines=3) == ()


@given(st.text(max_size=80), st.floats(30, 200), st.integers(1, 4))
def test_no_line_is_wider_than_its_room(text: str, room: float, lines: int) -> None:
    broken = wrap(one_line(text), room, 10, lines=lines)
    assert len(broken) <= lines
    assert all(width_of(line, 10) <= room + 0.01 for line in broken)


@given(st.text(max_size=60))
def test_a_line_holds_only_what_xml_can(text: str) -> None:
    line = one_line(text)
    assert line == " ".join(line.split())
    assert not any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in line)


def test_markdown_becomes_words() -> None:
    assert plain_words("**Bold** and `code` & a [link](https://example.com).\n\nMore") == (
        "Bold and code & a link."
    )
    assert plain_words("Wrote &lt;b&gt; and <b>") == "Wrote <b> and <b>"


def test_a_shortened_line_keeps_what_fits() -> None:
    assert shorten("short", 100, 10) == "short"
    assert shorten("a line that is far too long", 60, 10) == "a line that…"

"""The words in drawings, as they come out on paper."""

import pytest
from pypdf.generic import ContentStream

from coe.exports.rendering import render_pdf
from tests.exports.reading import opened, page_texts


def drawn(label: str, place: str = 'x="20" y="80"') -> bytes:
    """A PDF of one drawing with one label."""
    text = f'<text {place} font-family="IBM Plex Sans" font-size="40">{label}</text>'
    svg = f'<svg width="600" height="120" role="img" aria-label="A label">{text}</svg>'
    return render_pdf(f'<!doctype html><html lang="en"><title>A</title><body>{svg}</body></html>')


def steps(content: bytes) -> list[str]:
    """What is done to draw its page, glyph by glyph."""
    reader = opened(content)
    found = ContentStream(reader.pages[0].get_contents(), reader).operations
    return [f"{operands} {operator!r}" for operands, operator in found]


def words_shown(content: bytes) -> int:
    return sum("TJ" in step for step in steps(content))


def width_of(label: str) -> float:
    """How wide it came out: a label that ends at a place is moved left by that much."""
    done = steps(drawn(label, 'x="500" y="80" text-anchor="end"'))
    moved = done[next(at for at, step in enumerate(done) if step.endswith("b'Do'")) - 1]
    return -float(moved.split(", ")[4])


@pytest.mark.parametrize(("one", "other"), [("Cafe\u0301s", "Caf\u00e9s"), ("o\u0308l", "\u00f6l")])
def test_an_accent_stands_on_its_letter_however_it_was_typed(one: str, other: str) -> None:
    assert steps(drawn(one)) == steps(drawn(other))


def test_a_label_is_set_whole_and_read_whole() -> None:
    content = drawn("Traffic moved away")
    assert words_shown(content) == 1
    assert page_texts(opened(content)) == ["Traffic moved away"]


@pytest.mark.parametrize("place", ['x="20 60 100" y="80"', 'x="20" y="80" dx="0 9 9"'])
def test_letters_that_have_places_of_their_own_keep_them(place: str) -> None:
    assert words_shown(drawn("abc", place)) == 3


def test_letters_stand_as_close_as_the_font_says() -> None:
    """The font kerns V after A, and nothing between two that stand straight."""
    assert width_of("AV") < width_of("A") + width_of("V")
    assert width_of("HH") == pytest.approx(2 * width_of("H"))

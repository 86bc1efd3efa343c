"""What breaks layouts is all on the paper, and nothing of it is cut off."""

import subprocess
from typing import Any

import pytest

from tests.exports import samples
from tests.exports.conftest import Printed
from tests.exports.reading import elements, letters, page_texts

has_fonts = not subprocess.run(
    ["dpkg-query", "-W", "fonts-noto-cjk"], capture_output=True, check=False
).returncode
pytestmark = pytest.mark.skipif(
    not has_fonts, reason="fonts-noto-cjk is not installed, which as root `make` does"
)
A4_WIDTH = 595
MARGIN = 56


def test_every_row_of_a_long_timeline_is_there(printed: Printed) -> None:
    text = " ".join(page_texts(printed("HARD")))
    missing = [n for n in range(200) if n % 90 and f"Row {n} of the timeline." not in text]
    assert not missing


def test_head_of_a_long_table_repeats_on_each_of_its_pages(printed: Printed) -> None:
    pages = [text for text in page_texts(printed("HARD")) if "of the timeline." in text]
    pages = [text for text in pages if "times in America" not in text]  # beside the drawing
    assert len(pages) > 5
    assert all("What happened, and what was known then" in text for text in pages)


def test_long_words_and_addresses_break_and_stay_whole(printed: Printed) -> None:
    text = letters(printed("HARD"))
    assert samples.LONG_ADDRESS in text
    assert "Donaudampfschifffahrt" * 9 in text
    assert (samples.LONG_TITLE + "x" * 200)[:200].replace(" ", "") in text


def test_other_scripts_and_symbols_stay_in_the_text(printed: Printed) -> None:
    text = letters(printed("HARD"))
    assert all(each in text for each in ("障害の原因", "稳定性", "Ошибка", "Σφάλμα"))


def test_all_of_a_deep_list_is_there(printed: Printed) -> None:
    text = letters(printed("HARD"))
    assert all(f"level{depth}" in text for depth in range(1, 41))


def test_a_chain_of_causes_is_drawn_to_a_depth_that_fits(printed: Printed) -> None:
    text = " ".join(page_texts(printed("HARD")))
    assert "Cause 29 of a long chain. Explains C29" in text


def test_no_text_starts_outside_the_margins(printed: Printed) -> None:
    for page in printed("HARD").pages:
        places: list[float] = []

        def note(
            text: str, cm: list[float], tm: list[float], *_: Any, places: list[float] = places
        ) -> None:
            if text.strip() and not cm[1]:  # the watermark is the one text that is turned
                places.append(cm[0] * tm[4] + cm[4])

        page.extract_text(visitor_text=note)
        assert min(places) >= MARGIN
        assert max(places) <= A4_WIDTH - MARGIN


def test_nothing_of_long_figures_checks_lessons_and_links_is_cut_off(printed: Printed) -> None:
    text = letters(printed("HARD"))
    assert text.count("999,999,999,999,999.9999" + "y" * 40) == 25
    assert text.count("Check" + "z" * 190) == 25
    assert all(f"Lesson{number}.{samples.LONG_ADDRESS}" in text for number in range(20))
    assert text.count("w" * 200 + samples.LONG_ADDRESS) >= 5


def test_heads_of_the_tables_of_figures_and_of_checks_repeat(printed: Printed) -> None:
    pages = page_texts(printed("HARD"))[1:]
    figures = [text for text in pages if "999,999" in text]
    checks = [text for text in pages if "Check zz" in text]
    assert min(len(figures), len(checks)) > 2
    assert all("How we know" in text for text in figures)
    assert all("Outcome" in text for text in checks)


def test_deep_structure_stays_readable(printed: Printed) -> None:
    assert sum(kind == "TR" for kind, _ in elements(printed("HARD"))) > 220

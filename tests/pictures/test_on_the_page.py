"""Where the pictures stand, on the page and in the PDF."""

import re
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from coe.exports.pdf import html_of
from tests.exports.samples import EMPTY, PUBLISHED
from tests.pictures.boxes import Sheet


def test_the_page_has_a_wide_and_a_narrow_timeline_and_its_words() -> None:
    page = render_to_string("pictures/timeline.html", {"printable": PUBLISHED})
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert [Sheet(each).width for each in drawings] == [642, 358]
    assert "The picture in words" in page
    assert "Impact to detection: about 4 min" in page


def test_a_wide_diagram_can_be_scrolled_from_the_keyboard() -> None:
    page = render_to_string("pictures/causes.html", {"printable": PUBLISHED})
    region = re.search(r'<div class="picture__scroll"[^>]*>', page)
    assert region is not None
    assert 'tabindex="0"' in region[0]
    assert 'role="region"' in region[0]
    assert 'aria-label="Diagram of the causes"' in region[0]


def test_drawings_need_no_style_and_may_stand_twice_on_a_page() -> None:
    pages = [
        render_to_string(f"pictures/{name}.html", {"printable": PUBLISHED})
        for name in ("timeline", "causes")
    ]
    for page in pages:
        for drawing in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
            assert not re.search(r"<style|style=|\sid=|<script|url\(", drawing)
            assert drawing.count("<title>") == 1


def test_every_class_of_a_drawing_has_its_role_on_the_screen() -> None:
    css = Path(settings.BASE_DIR, "static", "css", "pictures.css").read_text()
    page = "".join(
        render_to_string(f"pictures/{name}.html", {"printable": PUBLISHED})
        for name in ("timeline", "causes")
    )
    used = set(re.findall(r"picture__[\w-]+", page)) - {"picture__drawing"}
    named = {each for each in used if not each.startswith("picture__drawing--")}
    assert {each for each in named if f".{each} " not in css and f".{each}," not in css} == set()


def test_the_document_for_the_pdf_holds_the_same_drawings() -> None:
    drawn = html_of(PUBLISHED).partition("<main")[2]
    assert drawn.count("<svg") == 2
    assert html_of(EMPTY).partition("<main")[2].count("<svg") == 0

"""Pictures in a real browser: what was measured from the font is what is drawn."""

from base64 import b64encode
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser

from coe.pictures.causes import causes_picture
from coe.pictures.lettering import width_of
from coe.pictures.timeline import timeline_picture
from tests.pictures.samples import CAUSES, CROWDED

BOXES = """
async () => {
  await document.fonts.load('400 10px "IBM Plex Sans"');
  await document.fonts.load('600 10px "IBM Plex Sans"');
  return Array.from(document.querySelectorAll('text'), text => {
    const box = text.getBBox();
    return [text.textContent, box.width, box.x, box.y + box.height / 2,
            parseFloat(text.getAttribute('font-size')), text.hasAttribute('font-weight')];
  });
}
"""
SENTENCES = (
    "Waiting for AVATAR, Type: “Today” – 09:37…",
    "The index subsystem was below the capacity it needs",
    "Ошибка в настройке сервера",
)


def face(name: str, weight: int) -> str:
    font = Path(settings.BASE_DIR, "static", "fonts", f"IBMPlexSans-{name}.woff2").read_bytes()
    source = f"url(data:font/woff2;base64,{b64encode(font).decode()})"
    return f'@font-face{{font-family:"IBM Plex Sans";font-weight:{weight};src:{source}}}'


def drawn(browser: Browser, svg: str) -> list[Any]:
    """The words of `svg` with the boxes that the browser gives them."""
    page = browser.new_page(viewport={"width": 700, "height": 900})
    page.set_content(f"<style>{face('Regular', 400)}{face('SemiBold', 600)}</style>{svg}")
    found: list[Any] = page.evaluate(BOXES)
    page.close()
    return found


def test_the_table_of_widths_is_that_of_the_font(browser: Browser) -> None:
    """At a size where nothing is rounded; kerning only draws signs closer."""
    samples = "".join(
        f'<text y="90" font-family="IBM Plex Sans" font-size="100" {weight}>{escape(each)}</text>'
        for each in SENTENCES
        for weight in ("", 'font-weight="600"')
    )
    boxes = drawn(browser, f"<svg>{samples}</svg>")
    assert len(boxes) == 2 * len(SENTENCES)
    for words, width, _, _, size, is_bold in boxes:
        expected = width_of(words, size, bold=is_bold)
        assert expected * 0.98 <= width <= expected + 0.1, words


def test_labels_are_as_wide_as_they_were_measured(browser: Browser) -> None:
    """Within a unit: small signs are fitted to the dots of the screen."""
    boxes = drawn(browser, timeline_picture(CROWDED).svg + causes_picture(CAUSES["S3"]).svg)
    assert len(boxes) > 150
    for words, width, _, _, size, is_bold in boxes:
        expected = width_of(words, size, bold=is_bold)
        assert expected * 0.96 - 0.5 <= width <= expected + 0.8, words


def test_no_label_touches_another_on_its_line_as_the_browser_draws_it(browser: Browser) -> None:
    for svg in (timeline_picture(CROWDED).svg, causes_picture(CAUSES["sixty"]).drawings[0]):
        lines: dict[int, list[tuple[float, float]]] = {}
        for _, width, x, middle, _, _ in drawn(browser, svg):
            lines.setdefault(round(middle), []).append((x, x + width))
        for labels in lines.values():
            labels.sort()
            for (_, end), (start, _) in pairwise(labels):
                assert end <= start + 0.3

"""What WeasyPrint does for every document and ours can do without.

The bytes of a PDF stay the same, which the tests compare; by measure a fifth of the calls fall
away. Leans on the pinned versions, and is fit for documents whose notes are no footnotes and whose
references to pages are `target-counter(attr(href), page)`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from coe.exports.lean_layout import ask_boxes_once
from coe.exports.lean_styles import look_up_styles
from coe.exports.lean_text import set_lines_once

TYPES: Final = (
    "char[]",
    "char[4]",
    "unsigned int *",
    "hb_codepoint_t[]",
    "hb_tag_t[100]",
    "FcChar8 **",
    "PangoFcFontMap *",
    "PangoLogAttr[]",
    "PangoRectangle *",
)
"""Of the C libraries: each costs a parse of its declaration, once in a process."""
FOR_NOTES: Final = ("::footnote-call", "::footnote-marker", "::note-")
"""Pseudo-elements that every element has a style for, wanted or not."""


def spare_work() -> None:
    """From here on, in this process and in those forked from it."""
    _know_types()
    _make_arrays_of_one_type()
    _keep_patterns()
    _style_no_notes()
    _count_pages_once()
    _write_objects_once()
    look_up_styles()
    set_lines_once()
    ask_boxes_once()


def _know_types() -> None:
    from weasyprint.text.ffi import ffi

    for each in TYPES:
        ffi.typeof(each)


def _make_arrays_of_one_type() -> None:
    """Each length of an array is a type of its own, so each font brings two to be parsed."""
    from weasyprint.pdf import fonts

    ffi = fonts.ffi

    class OpenArrays:
        def __getattr__(self, name: str) -> Any:
            return getattr(ffi, name)

        def new(self, declaration: str, content: Any = None) -> Any:
            is_filled = declaration.startswith("hb_codepoint_t[") and content is not None
            return ffi.new("hb_codepoint_t[]" if is_filled else declaration, content)

    fonts.ffi = OpenArrays()


def _keep_patterns() -> None:
    """The parser means to keep its patterns and files each under a key that nobody asks for."""
    from tinyhtml5 import inputstream

    inputstream.characters_until_regex = _Patterns()


class _Patterns(dict[tuple[Any, bool], re.Pattern[str]]):
    """Characters, and whether they are those to take or those to stop at -> the pattern."""

    def __missing__(self, key: tuple[Any, bool]) -> re.Pattern[str]:
        characters, taken = key
        inside = "".join(f"\\x{ord(each):02x}" for each in characters)
        pattern = self[key] = re.compile(f"[{'' if taken else '^'}{inside}]+")
        return pattern


def _style_no_notes() -> None:
    """Only items of lists have markers, and nothing has a note."""
    from weasyprint import CSS, HTML, html

    rules = [rule for rule in html.UA.splitlines() if not rule.startswith(FOR_NOTES)]
    rules = [f"li{rule}" if rule.startswith("::marker") else rule for rule in rules]
    sheet = CSS(string="\n".join(rules), counter_style=html.UA_COUNTER_STYLE)
    HTML._ua_stylesheets = lambda *_, **__: [sheet]


def _count_pages_once() -> None:
    """Lay out the pages that name others twice, not three times.

    By itself WeasyPrint loses what an `attr()` names, so it looks at such a page again whenever
    any counter has changed. The number of all pages is one, and always has.
    """
    from weasyprint import document

    class Targets(document.TargetCollector):  # type: ignore[misc]
        def collect_missing_counters(
            self, box: Any, token: str, again: Any, missing: list[str], targeted: dict[Any, Any]
        ) -> None:
            if None in targeted:
                missing, targeted = [], {box.element.get("href")[1:]: targeted[None]}
            super().collect_missing_counters(box, token, again, missing, targeted)

        def cache_target_page_counters(
            self, anchor: str, counters: Mapping[str, Any], index: int, pages: Any
        ) -> None:
            told = {name: values for name, values in counters.items() if name != "pages"}
            super().cache_target_page_counters(anchor, told, index, pages)

    document.TargetCollector = Targets


def _write_objects_once() -> None:
    """The identifier of a PDF is a digest of its objects, for which all were packed once more.

    Objects that have a number are asked for their bytes only when the PDF is written.
    """
    import pydyf

    for kind in (pydyf.Dictionary, pydyf.Stream):
        kind.data = property(_kept(kind.data.fget))


def _kept(made: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    def data(thing: Any) -> bytes:
        if thing.number is None:
            return made(thing)
        if "bytes_made" not in vars(thing):
            thing.bytes_made = made(thing)
        kept: bytes = thing.bytes_made
        return kept

    return data

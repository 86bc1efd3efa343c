"""What WeasyPrint does more than once to set a line of text.

Each line is laid out to measure it and once more to draw it, and each layout has its font described
anew. Here a line is drawn from the layout that it was measured in. The bytes of a PDF stay the
same, which the tests compare. Leans on the pinned version, and is fit for documents without
`text-overflow` and `block-ellipsis`, which change a layout when it is drawn.
"""

from typing import Any, Final

DESCRIBED_BY: Final = (
    "font_style",
    "font_stretch",
    "font_weight",
    "font_size",
    "font_variant_caps",
    "font_variation_settings",
)


def set_lines_once() -> None:
    """From here on, in this process and in those forked from it."""
    _describe_fonts_once()
    _draw_what_was_measured()


def _describe_fonts_once() -> None:
    from weasyprint.text import line_break

    describe = line_break.get_font_description

    def described(style: Any) -> Any:
        key = (tuple(style["font_family"]), *(style[each] for each in DESCRIBED_BY))
        known = vars(style.font_config).setdefault("descriptions", {})
        if key not in known:
            known[key] = describe(style)
        return known[key]

    line_break.get_font_description = described


def _draw_what_was_measured() -> None:
    """Keep a layout until its line is drawn, unless its words are to be spread.

    Drawing treats a text as one paragraph, and a layout is made anew when that changes. So it is
    one from the start where nothing in it could end a paragraph.
    """
    from weasyprint.text.line_break import Layout, pango

    set_text, set_up_again = Layout.set_text, Layout.reactivate

    def set_paragraph(layout: Any, text: str, justify: bool = False) -> None:
        pango.pango_layout_set_single_paragraph_mode(layout.layout, text.isprintable())
        set_text(layout, text, justify)

    def reactivate(layout: Any, style: Any) -> None:
        if layout.justification_spacing or style is not layout.style:
            set_up_again(layout, style)

    Layout.set_text, Layout.reactivate = set_paragraph, reactivate
    Layout.deactivate = lambda _: None

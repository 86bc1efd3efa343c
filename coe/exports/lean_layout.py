"""What WeasyPrint asks of every box in many calls and can be asked in one.

The answers are the same, so are the bytes of a PDF, which the tests compare. Leans on the pinned
version.
"""

from typing import Any, Final

BESIDE_THE_FLOW: Final = frozenset(("left", "right", "inline-start", "inline-end", "footnote"))
PLACED: Final = frozenset(("absolute", "fixed"))
ELSEWHERE: Final = frozenset(("running()", "note()"))
LEAST: Final = frozenset(("min_width", "min_height"))
"""Lengths of which `auto` means nothing."""


def ask_boxes_once() -> None:
    """From here on, in this process and in those forked from it."""
    from weasyprint.formatting_structure.boxes import Box

    Box.is_in_normal_flow = _is_in_normal_flow
    _resolve_plain_lengths()


def _is_in_normal_flow(box: Any) -> bool:
    position = box.style["position"]
    return (
        box.style["float"] not in BESIDE_THE_FLOW
        and position not in PLACED
        and position[0] not in ELSEWHERE
    )


def _resolve_plain_lengths() -> None:
    """Most lengths are `auto` or a number of pixels."""
    from weasyprint.layout import percent

    resolve = percent.resolve_one_percentage

    def resolved(box: Any, name: str, refer_to: Any) -> None:
        value = box.style[name]
        if value == "auto":
            setattr(box, name, 0 if name in LEAST else value)
        elif getattr(value, "unit", None) == "px":
            setattr(box, name, value.value)
        else:
            resolve(box, name, refer_to)

    percent.resolve_one_percentage = resolved

"""What WeasyPrint works out anew for each style and ours can look up: most properties are set by no
rule, so their value is that of the parent, or the initial one.

The values are the same, so are the bytes of a PDF, which the tests compare. Leans on the pinned
version.
"""

from typing import Any, Final

OF_THEIR_OWN: Final = ("display", "float", "page", "position")
"""Properties whose value depends on more than a rule or the parent."""
PROPAGATED: Final = "text_decoration_"

SIMPLE: Final = (str, int, float)
"""Types of which nothing is a formula."""


def look_up_styles() -> None:
    """From here on, in this process and in those forked from it."""
    from weasyprint.css import ComputedStyle
    from weasyprint.css.functions import check_math

    initial, inherited, logical = _initial_values(), _inherited(), _logical_names()
    worked_out = ComputedStyle.__missing__

    def looked_up(style: Any, name: str) -> Any:
        ruled, parent = style.cascaded, style.parent_style
        if name in ruled:
            return worked_out(style, name)
        if name in initial:
            if name in logical and not logical[name].isdisjoint(ruled):
                return worked_out(style, name)
            value = initial[name]
        elif name in inherited and parent is not None:
            value = parent[name]
            if type(value) not in SIMPLE and check_math(value):
                return worked_out(style, name)
        else:
            return worked_out(style, name)
        style[name] = value
        return value

    ComputedStyle.__missing__ = looked_up


def _initial_values() -> dict[str, Any]:
    """Of the properties that are not inherited and whose initial value needs no computing."""
    from weasyprint.css import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES
    from weasyprint.css.functions import check_math

    return {
        name: value
        for name, value in INITIAL_VALUES.items()
        if name not in INHERITED | INITIAL_NOT_COMPUTED
        and _is_plain(name)
        and not check_math(value)
    }


def _inherited() -> frozenset[str]:
    from weasyprint.css import INHERITED

    return frozenset(filter(_is_plain, INHERITED))


def _is_plain(name: str) -> bool:
    return name not in OF_THEIR_OWN and not name.startswith(PROPAGATED)


def _logical_names() -> dict[str, frozenset[str]]:
    """For each physical property the logical ones that may stand for it, by direction."""
    from weasyprint.css import PHYSICAL_FUNCTIONS

    return {
        name: frozenset(named(block="ttb", inline=direction) for direction in ("ltr", "rtl"))
        for name, named in PHYSICAL_FUNCTIONS.items()
    }

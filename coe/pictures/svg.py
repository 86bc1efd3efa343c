"""SVG as it is written for page and paper.

Every colour and width is a literal attribute: on paper nothing else is read. Classes stand
beside them, and static/css/pictures.css overrides the colours on the screen (an attribute gives
way to any rule). There is no style element, no style attribute and no id, so a picture may stand
on a page several times.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from coe.pictures.lettering import FAMILY, one_line

INK, MUTED, LINE, ACCENT, PAPER = "#131d21", "#51636a", "#b4bfc3", "#0b5f7c", "#ffffff"
PAPER_WIDTH = 642.0
"""The width of the text on A4 in CSS pixels (170 mm); one unit of a picture is one of them."""

Points = Iterable[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Picture:
    """`drawings` are the parts of one picture, from the top, each no higher than a page.

    `narrow` are the same for a phone, where a wide one would be too small to read. `text` says
    in words what they show. A picture of nothing is empty.
    """

    drawings: tuple[SafeString, ...] = ()
    narrow: tuple[SafeString, ...] = ()
    text: str = ""

    @property
    def svg(self) -> SafeString:
        return format_html_join("\n", "{}", ((each,) for each in self.drawings))


def number(value: float) -> str:
    """A coordinate with one decimal place at the most."""
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 10_000 else f"{value:.0f}"


def element(name: str, attributes: Mapping[str, object], *children: str) -> SafeString:
    """One element; names are ours, values and children are escaped unless they are SVG."""
    written = format_html_join(
        "",
        ' {}="{}"',
        (
            (key, number(value) if isinstance(value, int | float) else value)
            for key, value in attributes.items()
        ),
    )
    inner = format_html_join("", "{}", ((child,) for child in children))
    return format_html("<{}{}>{}</{}>", name, written, inner, name)


def drawing(
    width: float, height: float, *, title: str, text: str, kind: str, parts: Iterable[SafeString]
) -> SafeString:
    """The whole: `title` is its alternative text, also in a PDF; `text` describes it in words."""
    return element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "role": "img",
            "class": f"picture__drawing picture__drawing--{kind}",
            "width": width,
            "height": height,
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "font-family": FAMILY,
        },
        element("title", {}, one_line(title)),
        element("desc", {}, one_line(text)),
        *parts,
    )


def words(
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    bold: bool = False,
    tone: str = "ink",
    end: bool = False,
) -> SafeString:
    """A line of text whose baseline is at `y`, from `x` to the right, or ending there."""
    attributes: dict[str, object] = {
        "class": f"picture__{tone}",
        "x": x,
        "y": y,
        "font-size": size,
        "fill": {"ink": INK, "muted": MUTED, "accent": ACCENT, "inverse": PAPER}[tone],
    }
    if bold:
        attributes["font-weight"] = "600"
    if end:
        attributes["text-anchor"] = "end"
    return element("text", attributes, one_line(text))


def path(
    d: str,
    *,
    what: str,
    stroke: str = MUTED,
    width: float = 1,
    fill: str = "none",
    dash: str = "",
) -> SafeString:
    attributes: dict[str, object] = {
        "class": f"picture__{what}",
        "d": d,
        "fill": fill,
        "stroke": stroke,
        "stroke-width": width,
    }
    if dash:
        attributes["stroke-dasharray"] = dash
    return element("path", attributes)


def through(points: Points, *, closed: bool = False) -> str:
    """The way along straight lines through the points."""
    way = " L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{way}{' Z' if closed else ''}"


def box(x: float, y: float, width: float, height: float) -> str:
    """The outline of a rectangle."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return through(corners, closed=True)


def disc(x: float, y: float, radius: float, *, what: str, is_open: bool = False) -> SafeString:
    """A dot, or a ring."""
    return element(
        "circle",
        {
            "class": f"picture__{what}{'-open' if is_open else ''}",
            "cx": x,
            "cy": y,
            "r": radius,
            "fill": PAPER if is_open else INK,
            "stroke": INK,
            "stroke-width": 1.4,
        },
    )

"""Text that people wrote, as HTML that is safe to show: the only `mark_safe` in the product.

HTML in the text is not HTML here, it is words: `<pod-name>` is shown as it was typed. Only
`<br>` breaks the line, because in the cell of a table nothing else can. What
Python-Markdown makes of the rest passes nh3, which keeps the tags, attributes and addresses
named below and nothing else. Neither has to be right for the other to hold.

Python-Markdown has no defence against size and nesting, so there is a guard: text over a limit
is shown as it was typed, preformatted. A single paragraph over a limit is shown without its
marks and the rest is not affected.
"""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown import Extension, Markdown
from markdown.blockparser import BlockParser
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import (
    DelimiterProcessor,
    InlineProcessor,
    SubstituteTagInlineProcessor,
)
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from .layout import RULE, lay_out
from .plain import MAX_TEXT

MAX_NESTING = 8
"""Markers of quotations and lists at the start of one line."""
MAX_MARKS = 300
"""Characters with a meaning in one paragraph, item or cell."""
MAX_BRACKETS = 60
"""Openings of links in one paragraph, item or cell."""
MAX_CELLS = 10_000
"""Cells in one table."""
MAX_ADDRESSES = 1_000_000
"""Characters in all addresses and titles, after references have been filled in."""
HEADING_OFFSET = 2
"""Below the title of the page (h1) and of the section (h2)."""

_SHORT = 16_000
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DEEP = re.compile(
    rf"^(?:[ \t]*+(?:>|(?:[-+*]|\d{{1,9}}[.)])(?=[ \t]))){{{MAX_NESTING + 1}}}.*", re.MULTILINE
)
_MARKS = re.compile(r"[\[\]`*_~<\\!(]")
_ADDRESS = re.compile(
    r"https?://[^\s/\\?#][^\s\\]*|mailto:[^\s\\@]+@[^\s\\@]+|/(?![/\\])[^\s\\]*|#[^\s\\]*",
    re.IGNORECASE,
)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*/?")
_START = re.compile(r"[0-9]{1,9}")
_BREAK = r"<br[ ]?/?>"
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TAGS = {
    *_HEADINGS,
    *("a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "strong"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "*": set[str](),
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    **{heading: {"id"} for heading in _HEADINGS},
}
_ALIGNMENTS = {"align-left", "align-center", "align-right"}


class _TooMuch(Exception):
    """What the text would become is out of proportion to the text."""


def render(
    text: str,
    *,
    attachment_prefix: str | None = None,
    heading_offset: int = HEADING_OFFSET,
    id_prefix: str = "",
) -> SafeString:
    """The text as HTML that may stand in a page as it is.

    Images are shown only from addresses below `attachment_prefix`, none without it; any other
    becomes a link. The author's headings are moved down by `heading_offset` levels. Headings
    have ids only with an `id_prefix`, which has to be unique on the page. Raises nothing: text
    over the guard is shown preformatted.
    """
    remembered = _render_short if len(text) <= _SHORT else _render_long
    return remembered(text, attachment_prefix, heading_offset, id_prefix)


def render_phrase(text: str) -> SafeString:
    """The text as HTML to stand among other words of a paragraph; empty if it is more than that."""
    html = render(text)
    is_phrase = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    inner = html.removeprefix("<p>").removesuffix("</p>") if is_phrase else ""
    return mark_safe(inner)  # noqa: S308


def _render(
    text: str, attachment_prefix: str | None, heading_offset: int, id_prefix: str
) -> SafeString:
    text = _UNSTORABLE.sub("\ufffd", text)
    if is_over_guard(text):
        return _preformatted(text)
    house = _House(attachment_prefix, heading_offset, id_prefix)
    try:
        html = Markdown(extensions=[SaneListExtension(), house]).convert(text)
    except (RecursionError, _TooMuch):
        return _preformatted(text)
    return mark_safe(_clean(html, attachment_prefix, id_prefix))  # noqa: S308


# Few long texts and many short ones: what is kept in memory stays within some tens of megabytes.
_render_short = lru_cache(maxsize=512)(_render)
_render_long = lru_cache(maxsize=16)(_render)


def is_over_guard(text: str) -> bool:
    """Whether the text is too long, or nested too deep, to be read as Markdown."""
    if len(text) > MAX_TEXT:
        return True
    return any(not RULE.match(line.group().strip()) for line in _DEEP.finditer(text))


def _preformatted(text: str) -> SafeString:
    return format_html("<pre>{}</pre>", text)


def _clean(html: str, attachment_prefix: str | None, id_prefix: str) -> str:
    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "href":
            return _safe_address(value)
        if name == "src":
            return value if _is_attachment(value, attachment_prefix) else None
        if name == "id":
            return value if id_prefix and value.startswith(id_prefix) else None
        if name == "start":
            return value if _START.fullmatch(value) else None
        return value

    return nh3.clean(
        html,
        tags=_TAGS if attachment_prefix is None else _TAGS | {"img"},
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto"},
        url_relative=_safe_address,
        allowed_classes={"td": _ALIGNMENTS, "th": _ALIGNMENTS},
        set_tag_attribute_values={"th": {"scope": "col"}},
    )


def _safe_address(address: str) -> str | None:
    """The address if it is one on the web, a mail address, or one of our own pages."""
    return address if _ADDRESS.fullmatch(address) else None


def _is_attachment(address: str, prefix: str | None) -> bool:
    if prefix is None or not address.startswith(prefix):
        return False
    return _FILE.fullmatch(address.removeprefix(prefix)) is not None


class _House(Extension):
    """Python-Markdown as it is used here: without HTML, with our lists, links and limits."""

    def __init__(self, attachment_prefix: str | None, heading_offset: int, id_prefix: str) -> None:
        super().__init__()
        self.finish = _Finish(attachment_prefix, heading_offset, id_prefix)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.deregister("entity")
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "|", "~"]
        md.preprocessors.register(_LayOut(md), "lay_out", 25)
        md.parser.blockprocessors.register(_Table(md.parser), "table", 75)
        md.inlinePatterns.register(_BareAddress(_BareAddress.RE, md), "address", 85)
        md.inlinePatterns.register(SubstituteTagInlineProcessor(_BREAK, "br"), "break", 90)
        _strike_through(md)
        md.treeprocessors.register(_Disentangle(md), "disentangle", 25)
        md.treeprocessors.register(self.finish, "finish", -10)


def _strike_through(md: Markdown) -> None:
    delimiters = md.inlinePatterns["em_strong"]
    assert isinstance(delimiters, DelimiterProcessor)
    delimiters.add("~", "del", double=True)


class _LayOut(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines).rstrip("\n")
        return [*lay_out(text, self.md.htmlStash.store).split("\n"), "", ""]


class _Table(TableProcessor):
    """A table whose rows are filled up to its width: a few characters must not become millions."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser, {"use_align_attribute": True})

    def test(self, parent: Element, block: str) -> bool:
        if _is_crowded(block) or not super().test(parent, block):
            return False
        cells = len(self.separator) * (block.count("\n") + 1)
        return cells <= MAX_CELLS and cells <= 2 * block.count("|") + 40


def _is_crowded(block: str) -> bool:
    """Whether a row has more bars or backticks than a table that people read."""
    return any(row.count("|") + row.count("`") > MAX_MARKS for row in block.split("\n"))


class _BareAddress(InlineProcessor):
    """A web address without any marks around it is a link."""

    RE = r"(?<![\w/:.@=])https?://[^\s<>\"\x02\x03]+"
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        address = m.group().rstrip(".,;:!?'*_~]")
        if "(" not in address:
            address = address.rstrip(").,;:!?'*_~]")
        link = Element("a", href=address)
        link.text = AtomicString(address)
        return link, m.start(), m.start() + len(address)


class _Disentangle(Treeprocessor):
    """Leaves a paragraph with too many marks as plain words: reading them is quadratic."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            element.text = _plain_if_tangled(element.text)
            element.tail = _plain_if_tangled(element.tail)


def _plain_if_tangled(text: str | None) -> str | None:
    if text is None or (text.count("[") <= MAX_BRACKETS and len(_MARKS.findall(text)) <= MAX_MARKS):
        return text
    return AtomicString(text)


class _Finish(Treeprocessor):
    """What is ours and not Markdown's: heading levels, ids, which images are shown."""

    def __init__(self, attachment_prefix: str | None, heading_offset: int, id_prefix: str) -> None:
        super().__init__()
        self.attachment_prefix = attachment_prefix
        self.heading_offset = heading_offset
        self.id_prefix = id_prefix
        self.ids: set[str] = set()
        self.address_characters = 0
        self.level = heading_offset

    def run(self, root: Element) -> None:
        for element in root.iter():
            self.address_characters += sum(map(len, element.attrib.values()))
            if self.address_characters > MAX_ADDRESSES:
                raise _TooMuch
            if element.tag in _HEADINGS:
                self._finish_heading(element)
            elif element.tag == "img":
                self._finish_image(element)
            elif "align" in element.attrib:
                element.set("class", f"align-{element.attrib.pop('align')}")

    def _finish_heading(self, heading: Element) -> None:
        """Put the heading below the page's own, never more than one level under the last."""
        wanted = _HEADINGS[heading.tag] + self.heading_offset
        self.level = max(1, min(wanted, self.level + 1, 6))
        heading.tag = f"h{self.level}"
        if self.id_prefix:
            heading.set("id", self._unused_id("".join(heading.itertext())))

    def _unused_id(self, title: str) -> str:
        wanted = self.id_prefix + (slugify(title) or "heading")
        unused, count = wanted, 1
        while unused in self.ids:
            count += 1
            unused = f"{wanted}-{count}"
        self.ids.add(unused)
        return unused

    def _finish_image(self, image: Element) -> None:
        source = image.attrib.pop("src", "")
        if _is_attachment(source, self.attachment_prefix):
            image.set("src", source)
            return
        image.tag = "a"
        image.text = image.attrib.pop("alt", "") or source
        image.set("href", source)

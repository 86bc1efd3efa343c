"""The plain form of a document: all of its text as headings and paragraphs, and nothing else.

It is what is printed when the full layout cannot be made within its limits, so its cost grows
with the length of the text alone: no tables, lists, pictures or nesting are left to lay out. It
is made from the very HTML that failed; nothing that stands there can be forgotten here.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from html.parser import HTMLParser
from typing import Final, NamedTuple

MOST_LINES: Final = 3_000
"""What is laid out in four seconds, at 1.3 ms a line. A text with more lines flows together; what
is beyond even so is counted and said."""
LINE: Final = 95
LONGEST_PARAGRAPH: Final = 20 * LINE
LONGEST_WORD: Final = 60
"""Longer ones are given places to break at: finding one takes the library three times as long."""

_HEADINGS: Final = {"h1": "h1", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_CELLS: Final = {"td", "th"}
# fmt: off
_BREAKS: Final = {
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "div", "dl", "dt",
    "figcaption", "figure", "footer", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "tfoot", "thead", "tr", "ul", *_HEADINGS,
}
# fmt: on
_UNREAD: Final = {"script", "style", "template"}
_BETWEEN_CELLS: Final = " · "
_BETWEEN_LINES: Final = " / "
_BREAK: Final = "\u200b"
_LONG_WORD: Final = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")


def plain_form(html: str, note: str) -> str:
    """`html` as plain paragraphs under `note`, with its language, title and data of the body."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return (
        f'<!DOCTYPE html><html lang="{escape(reader.language)}"><head>'
        f"<title>{escape(reader.title.strip())}</title></head><body{reader.body_data}>"
        f"{_note(note)}{_laid_out(reader.blocks)}</body></html>"
    )


class _Block(NamedTuple):
    """A heading or a paragraph; code keeps its spaces."""

    tag: str
    is_code: bool
    text: str

    @property
    def lines(self) -> int:
        """How many it takes on paper, about."""
        return 1 + len(self.text) // LINE

    @property
    def html(self) -> str:
        text = escape(_LONG_WORD.sub(rf"\g<0>{_BREAK}", self.text))
        return f"<{self.tag}{' class=code' if self.is_code else ''}>{text}</{self.tag}>"


def _note(text: str) -> str:
    return f'<p class="plain-note">{escape(text)}</p>'


def _laid_out(blocks: list[_Block]) -> str:
    """As many blocks as can be laid out, and how many lines that leaves out, if any."""
    if sum(block.lines for block in blocks) > MOST_LINES:
        blocks = list(_flowing(blocks))
    shown, room, left_out = [], MOST_LINES, 0
    for block in blocks:
        room -= block.lines
        if room >= 0:
            shown.append(block.html)
        else:
            left_out += block.lines
    if left_out:
        shown.append(
            _note(
                f"About {left_out:,} further lines do not fit into a PDF. "
                "They are on the page on the screen."
            )
        )
    return "".join(shown)


def _flowing(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """The same words in fewer lines: paragraphs between headings run on."""
    run: list[str] = []
    length = 0
    for block in blocks:
        if run and (block.tag != "p" or length + len(block.text) > LONGEST_PARAGRAPH):
            yield _Block("p", False, _BETWEEN_LINES.join(run))
            run, length = [], 0
        if block.tag == "p":
            run.append(" ".join(block.text.split()))
            length += len(block.text) + len(_BETWEEN_LINES)
        else:
            yield block
    if run:
        yield _Block("p", False, _BETWEEN_LINES.join(run))


class _Reader(HTMLParser):
    """Collects the text of a document block by block, in one pass and without nesting calls."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language, self.title, self.body_data = "en", "", ""
        self.blocks: list[_Block] = []
        self.words: list[str] = []
        self.heading = ""
        self.in_title = False
        self.unread = self.preformatted = self.pictures = 0
        self.address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BREAKS:
            self.flush()
        if tag in _HEADINGS:
            self.heading = _HEADINGS[tag]
        elif tag == "li":
            self.words.append("– ")
        elif tag == "img" and given.get("alt"):
            self.words.append(f"[{given['alt']}]")
        elif tag == "a":
            self.address = given.get("href", "")
        else:
            self._enter(tag, given)

    def _enter(self, tag: str, given: dict[str, str]) -> None:
        if tag in _UNREAD:
            self.unread += 1
        elif tag == "svg":
            self.pictures += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "title":
            self.in_title = True
        elif tag == "html":
            self.language = given.get("lang") or self.language
        elif tag == "body":
            data = {name: value for name, value in given.items() if name.startswith("data-")}
            self.body_data = "".join(f' {name}="{escape(data[name])}"' for name in data)

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS:
            self.words.append(_BETWEEN_CELLS)
        elif tag == "a":
            self._name_address()
        elif tag == "span":
            self.words.append(" ")
        elif tag == "title":
            self.in_title = False
        elif tag in _UNREAD:
            self.unread = max(0, self.unread - 1)
        elif tag == "svg":
            self.flush()
            self.pictures = max(0, self.pictures - 1)
        elif tag in _BREAKS:
            self.flush()
            self.heading = ""
            self.preformatted -= tag == "pre" and self.preformatted > 0

    def handle_data(self, data: str) -> None:
        if self.unread:
            return
        if self.in_title and not self.pictures:
            self.title += data
        elif self.pictures:
            if self.in_title:
                self.words.append(f"[{data}]")
        elif self.preformatted:
            for number, line in enumerate(data.split("\n")):
                if number:
                    self.flush()
                self.words.append(line)
        else:
            self.words.append(data)

    def _name_address(self) -> None:
        """After the words of a link where it leads, unless they say so themselves."""
        leads_out = self.address.startswith(("http://", "https://", "mailto:"))
        if leads_out and self.address not in "".join(self.words[-2:]):
            self.words.append(f" ({self.address})")
        self.address = ""

    def flush(self) -> None:
        """End the block that was being collected."""
        text = "".join(self.words)
        self.words.clear()
        text = text.rstrip() if self.preformatted else " ".join(text.split()).strip(" ·")
        if text in ("", "–"):
            return
        tag, is_code = self.heading or "p", bool(self.preformatted)
        for start in range(0, len(text), LONGEST_PARAGRAPH):
            self.blocks.append(_Block(tag, is_code, text[start : start + LONGEST_PARAGRAPH]))

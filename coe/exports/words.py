"""What people wrote in Markdown, as plain words: for a line, and for the beginning of a text."""

from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from coe.exports.measure import CUT
from coe.text.markdown import render

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BREAKS = {"p", "li", "br", "hr", "tr", "ul", "ol", "blockquote", *_HEADINGS}
_NOT_WORDS = {"pre", "table", "img"}
_WIDER = {"code": 1.25, "strong": 1.06, "em": 1.03, **dict.fromkeys(_HEADINGS, 1.15)}
"""How much wider than in the face of the text words can be inside these."""
LONGEST_LINE = 2_000
"""Characters of Markdown that are read for a line: a reader sees the first few hundred of it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or item. `depth` is how many lists and quotations it stands in;
    `stretch` how much wider its words are than in the face of the text."""

    text: str
    depth: int
    stretch: float


@dataclass(frozen=True, slots=True)
class Text:
    """`is_plain` where the blocks are all there is: no table, no preformatted text, no image."""

    blocks: tuple[Block, ...]
    is_plain: bool


def line_of(markdown: str) -> str:
    """Its words in one line; of a text that is longer than any line its beginning and "…"."""
    line = _line(markdown[:LONGEST_LINE])
    return line if len(markdown) <= LONGEST_LINE else f"{line}{CUT}"


@lru_cache(maxsize=512)
def _line(markdown: str) -> str:
    return " ".join(block.text for block in _read(markdown).blocks)


@lru_cache(maxsize=16)
def text_of(markdown: str) -> Text:
    """Its words by block; what stands in tables and code is left out."""
    return _read(markdown)


def _read(markdown: str) -> Text:
    reader = _Reader()
    reader.feed(render(markdown))
    reader.close()
    reader.end_block()
    return Text(tuple(reader.blocks), reader.is_plain)


class _Reader(HTMLParser):
    """Reads HTML of ours, in which every element is closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.is_plain = True
        self.open: list[str] = []
        self.numbers: list[int] = []
        self.words: list[str] = []
        self.mark = ""
        self.letters = self.room = 0.0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.end_block()
        if tag in _NOT_WORDS:
            self.is_plain = False
        if tag in {"ul", "ol"}:
            self.numbers.append(int(dict(attrs).get("start") or 1))
        if tag == "li":
            self.mark = f"{self.numbers[-1]}. " if "ol" in self.open[-1:] else "– "
            self.numbers[-1] += 1
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self.end_block()
        if tag in {"ul", "ol"}:
            self.numbers.pop()
        if tag in self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not _NOT_WORDS.isdisjoint(self.open):
            return
        self.words.append(data)
        self.letters += len(data)
        self.room += len(data) * max((_WIDER.get(tag, 1.0) for tag in self.open), default=1.0)

    def end_block(self) -> None:
        text = " ".join("".join(self.words).split())
        if text:
            depth = sum(tag in {"ul", "ol", "blockquote"} for tag in self.open)
            stretch = round(self.room / self.letters, 3)
            self.blocks.append(Block(self.mark + text, depth, stretch))
            self.mark = ""
        self.words, self.letters, self.room = [], 0.0, 0.0

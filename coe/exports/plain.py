"""The plain form of a document: all of its text as headings and paragraphs, and nothing else.

It is what is printed when the full layout cannot be made within its limits, so its cost grows
with the length of the text alone: no tables, lists, pictures or nesting are left to lay out. It
is made from the very HTML that failed; nothing that stands there can be forgotten here.
"""

from html import escape
from html.parser import HTMLParser
from typing import Final

MOST_LINES: Final = 4_000
MOST_CHARACTERS: Final = 400_000
"""What is laid out in a few seconds; what is beyond is counted and said."""
LONGEST_PARAGRAPH: Final = 2_000

_HEADINGS: Final = {"h1": "h1", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_CELLS: Final = {"td", "th"}
_BREAKS: Final = set(
    "address article aside blockquote body br caption dd div dl dt figcaption figure footer header"
    " hr html li main nav ol p pre section table tbody tfoot thead tr ul".split()
) | set(_HEADINGS)
_UNREAD: Final = {"script", "style", "template"}
_BETWEEN_CELLS: Final = " · "


def plain_form(html: str, note: str) -> str:
    """`html` as plain paragraphs under `note`, with its language, title and data of the body."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return (
        f'<!DOCTYPE html><html lang="{escape(reader.language)}"><head>'
        f"<title>{escape(reader.title.strip())}</title></head><body{reader.body_data}>"
        f'<p class="plain-note">{escape(note)}</p>{"".join(reader.blocks)}{reader.left_out()}'
        "</body></html>"
    )


class _Reader(HTMLParser):
    """Collects the text of a document block by block, in one pass and without nesting calls."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language, self.title, self.body_data = "en", "", ""
        self.blocks: list[str] = []
        self.words: list[str] = []
        self.heading = ""
        self.lines = self.characters = self.lines_left_out = 0
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
        text = text if self.preformatted else " ".join(text.split())
        text = text.removesuffix(_BETWEEN_CELLS.rstrip()).rstrip()
        if not text or text == "–":
            return
        for start in range(0, len(text), LONGEST_PARAGRAPH):
            self._add(text[start : start + LONGEST_PARAGRAPH])

    def _add(self, text: str) -> None:
        """A block, while there is room for it."""
        self.lines += 1
        self.characters += len(text)
        if self.lines > MOST_LINES or self.characters > MOST_CHARACTERS:
            self.lines_left_out += 1
            return
        tag = self.heading or "p"
        kind = ' class="code"' if self.preformatted else ""
        self.blocks.append(f"<{tag}{kind}>{escape(text)}</{tag}>")

    def left_out(self) -> str:
        """What did not fit, said at the end of what did."""
        if not self.lines_left_out:
            return ""
        return (
            f'<p class="plain-note">{self.lines_left_out:,} further lines do not fit into a PDF. '
            "They are on the page on the screen.</p>"
        )

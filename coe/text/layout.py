"""Lays Markdown out the way Python-Markdown reads it, following CommonMark where they differ.

Authors learned their Markdown on GitHub: a list may follow a paragraph without a blank line, a
nested list is indented as far as its parent's text, code fences stand inside list items, and
an unclosed fence runs to the end. Python-Markdown wants a blank line, four spaces, and no fence
in a list. So the text is laid out again, line by line, before it is read. One pass, no
backtracking: the cost grows with the length of the text and nothing else.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

MAX_LIST_DEPTH = 10
"""Deeper items are drawn at this depth."""

_STEP = 4
_CODE_INDENT = 4
RULE = re.compile(r"(?:-[ ]*+){3,}$|(?:\*[ ]*+){3,}$|(?:_[ ]*+){3,}$")
_HEADING = re.compile(r"#{1,6}+(?:[ ]|$)")
_UNDERLINE = re.compile(r"(?:=++|-++)[ ]*+$")
_NAMED_ADDRESS = re.compile(r"\[[^\[\]]++\]:[ ]*+<?(?:https?:|mailto:|/|#)")
_MISTAKABLE = re.compile(r"#|\[[^\[\]]*+\]:")
_ITEM = re.compile(r"(?P<marker>[-+*]|(?P<number>\d{1,9})[.)])(?P<gap>[ ]++)(?P<text>.*)")
_FENCE = re.compile(r"`{3,}+(?!.*`)|~{3,}+")
_TABLE_RULE = re.compile(r"\|?(?:[ ]*+:?-++:?[ ]*+\|)+(?:[ ]*+:?-++:?[ ]*+)?$")


class _Item(NamedTuple):
    """An open list item: the column where its text starts, and whether its list is numbered."""

    column: int
    is_numbered: bool


@dataclass(slots=True)
class _Line:
    indent: int
    text: str
    next_text: str


def lay_out(text: str, store: Callable[[str], str]) -> str:
    """The same text with lists, fences and tables where Python-Markdown expects them.

    `text` has plain newlines and no tabs. `store` takes the HTML of a code block and returns a
    token of one line that stands for it.
    """
    return "\n".join(_Layout(store).lines(text.split("\n")))


class _Layout:
    """One pass over the lines; what it remembers is what decides where the next line belongs."""

    def __init__(self, store: Callable[[str], str]) -> None:
        self.store = store
        self.items: list[_Item] = []
        self.closed: _Item | None = None
        """The item that the current line has just closed, so its list may be continued."""
        self.in_paragraph = False
        self.is_item_head = False
        """The paragraph stands on the item's own line: a list may follow it directly."""
        self.is_after_blank = False
        self.is_after_quote = False
        self.folded = ""
        """The text of the item just read, where it starts a block of its own."""

    def lines(self, source: list[str]) -> Iterator[str]:
        position = 0
        while position < len(source):
            text = source[position].lstrip(" ")
            following = source[position + 1].strip(" ") if position + 1 < len(source) else ""
            line = _Line(len(source[position]) - len(text), text, following)
            if not text:
                yield self._blank()
                position += 1
            elif text[0] in "`~" and _FENCE.match(text) and self._starts_block(line):
                position, block = self._fence(source, position, line)
                yield from block
            elif text[0] == ">" and self._starts_block(line):
                position, block = self._quote(source, position, line)
                yield from block
            else:
                yield from self._text(line)
                position += not self._unfold(source, position)

    def _unfold(self, source: list[str], position: int) -> bool:
        """Whether an item's own text starts a block, which then becomes the next line to read.

        "- ```" is an item that holds a fence, "- - x" one that holds a list.
        """
        if not self.folded:
            return False
        source[position] = " " * self.items[-1].column + self.folded
        self.folded = ""
        return True

    def _blank(self) -> str:
        self.in_paragraph = self.is_item_head = False
        self.is_after_blank = True
        return ""

    def _margin(self) -> int:
        return self.items[-1].column if self.items else 0

    def _prefix(self) -> str:
        return " " * (_STEP * min(len(self.items), MAX_LIST_DEPTH))

    def _starts_block(self, line: _Line) -> bool:
        """Whether this line is not indented so far that it is code or goes on a paragraph."""
        inner = [item.column for item in self.items if item.column <= line.indent]
        return line.indent - max(inner, default=0) < _CODE_INDENT

    def _close_items(self, indent: int) -> None:
        """Leave the items whose text starts to the right of this indent."""
        self.closed = None
        while self.items and indent < self.items[-1].column:
            self.closed = self.items.pop()

    def _paragraph(self, *, is_open: bool, is_item_head: bool = False) -> None:
        self.in_paragraph, self.is_item_head = is_open, is_item_head
        self.is_after_blank = self.is_after_quote = False

    def _text(self, line: _Line) -> Iterator[str]:
        item = None
        if not RULE.match(line.text) and self._starts_block(line):
            item = _ITEM.match(line.text)
        if item and self._may_start_item(line, item):
            yield from self._item(line, item)
        elif self.in_paragraph and not _starts_other_block(line):
            yield self._prefix() + _words(line.text)
            self.is_after_blank = False
        else:
            yield from self._new_paragraph(line)

    def _new_paragraph(self, line: _Line) -> Iterator[str]:
        self._close_items(line.indent)
        is_rule = self.is_after_quote and bool(RULE.match(line.text))
        is_interrupted = is_rule or (self.in_paragraph and _starts_table(line))
        if (is_interrupted or self.closed is not None) and not self.is_after_blank:
            yield ""
        inner = line.indent - self._margin()
        is_code = inner >= _CODE_INDENT
        yield self._prefix() + (" " * inner + line.text if is_code else _words(line.text))
        self._paragraph(is_open=not is_code)
        if _stands_alone(line.text):
            yield self._blank()

    def _may_start_item(self, line: _Line, item: re.Match[str]) -> bool:
        """A numbered list that interrupts a paragraph has to start at 1: "in\n1986. It was"."""
        is_sibling = any(open_item.column > line.indent for open_item in self.items)
        number = item["number"]
        return not self.in_paragraph or is_sibling or number is None or int(number) == 1

    def _item(self, line: _Line, item: re.Match[str]) -> Iterator[str]:
        is_numbered = item["number"] is not None
        was_paragraph = self.in_paragraph and not self.is_item_head
        self._close_items(line.indent)
        if self.closed is not None:
            was_paragraph = self.closed.is_numbered is not is_numbered
        if was_paragraph and not self.is_after_blank:
            yield ""
        marker = f"{item['number']}." if is_numbered else "*"
        text = item["text"]
        is_folded = text[:1] == ">" or bool(_FENCE.match(text) or _ITEM.match(text))
        self.folded = text if is_folded else ""
        yield f"{self._prefix()}{marker} {'' if is_folded else _words(text)}"
        gap = len(item["gap"]) if len(item["gap"]) <= _CODE_INDENT else 1
        self.items.append(_Item(line.indent + len(item["marker"]) + gap, is_numbered))
        self._paragraph(is_open=not is_folded, is_item_head=True)

    def _fence(self, source: list[str], position: int, line: _Line) -> tuple[int, list[str]]:
        """The code block that starts here; unclosed, it runs to the end."""
        self._close_items(line.indent)
        fence = line.text[: len(line.text) - len(line.text.lstrip(line.text[0]))]
        code: list[str] = []
        position += 1
        while position < len(source) and not _closes(source[position], fence, line.indent):
            code.append(_without_indent(source[position], line.indent))
            position += 1
        token = self.store(code_block("\n".join(code)))
        self._blank()
        return position + 1, ["", self._prefix() + token, ""]

    def _quote(self, source: list[str], position: int, line: _Line) -> tuple[int, list[str]]:
        """The quotation that starts here, itself laid out."""
        self._close_items(line.indent)
        quoted = []
        while position < len(source) and source[position].lstrip(" ").startswith(">"):
            quoted.append(source[position].lstrip(" ")[1:].removeprefix(" "))
            position += 1
        inner = [
            f"{self._prefix()}> {text}" if text else f"{self._prefix()}>"
            for text in _Layout(self.store).lines(quoted)
        ]
        needs_gap = bool(self.items) or self.closed is not None
        self._paragraph(is_open=True)
        self.is_after_quote = True
        return position, ["", *inner] if needs_gap else inner


def code_block(code: str) -> str:
    """The HTML of preformatted text, every character of it as written."""
    return f"<pre><code>{escape(code)}\n</code></pre>"


def _starts_other_block(line: _Line) -> bool:
    """Whether this line ends a paragraph although no blank line stands before it."""
    return _stands_alone(line.text) or _starts_table(line)


def _stands_alone(text: str) -> bool:
    """A heading, a rule or the address of a link: a block that is over with its line."""
    alone = (_HEADING, RULE, _UNDERLINE, _NAMED_ADDRESS)
    return any(pattern.match(text) for pattern in alone)


def _words(text: str) -> str:
    """The line with what is not Markdown kept from being read as such.

    "#incident-42" is a channel and not a heading, "[09:37]: deployed" is a sentence and not the
    address of a link (and would not be shown).
    """
    is_meant = _HEADING.match(text) or _NAMED_ADDRESS.match(text)
    return text if is_meant or not _MISTAKABLE.match(text) else f"\\{text}"


def _starts_table(line: _Line) -> bool:
    return "|" in line.text and bool(_TABLE_RULE.match(line.next_text))


def _closes(text: str, fence: str, indent: int) -> bool:
    """Whether this line ends the code block that `fence` opened."""
    bare = text.strip(" ")
    is_fence = len(bare) >= len(fence) and not bare.strip(fence[0])
    return is_fence and len(text) - len(text.lstrip(" ")) < indent + _CODE_INDENT


def _without_indent(text: str, width: int) -> str:
    indent = len(text) - len(text.lstrip(" "))
    return text[min(indent, width) :]

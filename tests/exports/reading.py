"""Reads a PDF from its bytes, the way a screen reader or an archive does."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from coe.exports.pdf import html_of
from coe.exports.pdf_worker import Limits
from coe.exports.rendering import render_document
from coe.snapshots.printable import Printable

Element = tuple[str, DictionaryObject]
UNHURRIED = Limits(cpu_seconds=200, wall_seconds=300.0)
"""For what is looked at, and not for how long it took: a busy machine may be ten times slower."""


def printed_whole(printable: Printable) -> PdfReader:
    """The PDF of `printable` in the full design, read, however long this machine takes for it."""
    return opened(render_document(html_of(printable), limits=UNHURRIED).content)


def opened(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def elements(reader: PdfReader) -> list[Element]:
    """Every element of the structure tree with its type, in reading order."""
    return list(_below(reader.root_object["/StructTreeRoot"]))


def _below(node: Any) -> Iterator[Element]:
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for child in node:
            yield from _below(child)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield str(node["/S"])[1:], node
        if "/K" in node:
            yield from _below(node["/K"])


def outline(reader: PdfReader) -> list[tuple[int, str]]:
    """The bookmarks in order, each with its depth."""
    return list(_bookmarks(reader.outline, 1))


def _bookmarks(entries: Any, depth: int) -> Iterator[tuple[int, str]]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _bookmarks(entry, depth + 1)
        else:
            yield depth, str(entry.title)


def words(text: str) -> str:
    """Text as one line: how it was broken and hyphenated does not count."""
    return re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("\u2010\n", ""))


def page_texts(reader: PdfReader) -> list[str]:
    return [words(text) for text in _extracted(reader)]


def letters(reader: PdfReader) -> str:
    """All text without any space, for words that were broken anywhere."""
    return re.sub(r"[\s\u2010]", "", "".join(_extracted(reader)))


@cache
def _extracted(reader: PdfReader) -> list[str]:
    """Taken out once for each document: it costs as much as laying it out."""
    return [page.extract_text() for page in reader.pages]


def heights(page: PageObject) -> set[float]:
    """Where lines stand above the lower edge, in points, without the watermark, the one text
    that is turned."""
    found: set[float] = set()

    def note(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        if text.strip() and not cm[1]:
            found.add(round(cm[3] * tm[5] + cm[5], 1))

    page.extract_text(visitor_text=note)
    return found


def addresses(reader: PdfReader) -> set[str]:
    """Where the links lead that leave the document."""
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    return {str(link["/A"]["/URI"]) for link in links if "/A" in link}


def fonts(reader: PdfReader) -> dict[str, bool]:
    """The fonts of all pages by name, and whether each is embedded."""
    found = {}
    page: Any
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].get_object().values():
            font = font.get_object()["/DescendantFonts"][0].get_object()
            described = font["/FontDescriptor"].get_object()
            embedded = any(f"/FontFile{kind}" in described for kind in ("", "2", "3"))
            found[str(font["/BaseFont"])] = embedded
    return found


def raw(reader: PdfReader) -> bytes:
    """Everything in the file, unpacked."""
    parts = []
    for number in range(1, int(str(reader.trailer["/Size"]))):
        value = reader.get_object(number)
        if value is not None:
            parts.append(str(value).encode())
        if isinstance(value, StreamObject):
            parts.append(value.get_data())
    return b"\n".join(parts)

"""The COE that is printed here, and its HTML as a folder that other programs can print."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Final

from pypdf import PdfReader

from coe.exports import design
from coe.exports.pdf import html_of
from coe.exports.rendering import render_document
from coe.help.example import worked_example
from coe.snapshots.printable import Printable

PAGES: Final = 12


def of_twelve_pages() -> Printable:
    """The worked example with a timeline that is as long as it takes."""
    example = worked_example()
    entries = example.snapshot.entries
    for times in range(1, 40):
        longer = replace(example, snapshot=replace(example.snapshot, entries=entries * times))
        if pages_of(render_document(html_of(longer)).content) >= PAGES:
            return longer
    raise AssertionError("The worked example has lost its timeline.")


def pages_of(content: bytes) -> int:
    return len(PdfReader(BytesIO(content)).pages)


def written_to(folder: Path, html: str) -> None:
    """`html` with its design beside it: fonts unpacked, as we give them to our worker too."""
    links = '<link rel="stylesheet" href="fonts.css"><link rel="stylesheet" href="pdf.css">'
    folder.joinpath("coe.html").write_text(html, encoding="utf-8")
    linked = html.replace("<base ", f"{links}<base data-not-", 1)
    folder.joinpath("linked.html").write_text(linked, encoding="utf-8")
    faces = design.faces().replace(design.address(""), "")
    folder.joinpath("fonts.css").write_text(faces, encoding="utf-8")
    folder.joinpath("pdf.css").write_text(design.stylesheet("full"), encoding="utf-8")
    for name, (_, content) in design.fonts().items():
        folder.joinpath(name).write_bytes(content)

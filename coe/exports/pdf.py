"""The printed COE: templates/pdf/ and static/css/pdf/, made into bytes by the limited child."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string

from coe.exports.front import WIDTH, front_of
from coe.exports.measure import Face, cut
from coe.exports.rendering import File, address, render_pdf
from coe.exports.report import report
from coe.exports.strip import in_words
from coe.snapshots.printable import Printable

SHORT_DIGEST = 12
FEWEST_CHAPTERS = 5
"""From which on there is something to look up in a list of contents."""
RUNNING = Face(8.0)
DESIGN = ("page", "front", "text", "tables", "causes")


def pdf_of(printable: Printable) -> bytes:
    """`printable` as a tagged PDF (PDF/UA-1); equal printables of one day give equal bytes.

    Raises RenderingFailed with a sentence for the person who asked.
    """
    return render_pdf(html_of(printable), stylesheets=_stylesheets(), files=_fonts())


def html_of(printable: Printable) -> str:
    """The document that is laid out: complete, in reading order, referring to fonts alone."""
    return render_to_string("pdf/coe.html", _context(printable))


def _context(printable: Printable) -> dict[str, Any]:
    arranged, snapshot = report(printable), printable.snapshot
    return {
        "printable": printable,
        "snapshot": snapshot,
        "envelope": printable.envelope,
        "report": arranged,
        "front": front_of(arranged),
        "parts": {chapter.slug: chapter.number for chapter in arranged.chapters},
        "has_contents": len(arranged.chapters) >= FEWEST_CHAPTERS,
        "running_title": cut(snapshot.title, WIDTH, RUNNING, 1),
        "strip_alternative": in_words(arranged.strip, ZoneInfo(snapshot.zone)),
        "short_digest": printable.digest[:SHORT_DIGEST],
        "public_url": settings.PUBLIC_URL,
    }


def _static(*parts: str) -> Path:
    return Path(settings.BASE_DIR, "static", *parts)


@lru_cache(maxsize=1)
def _stylesheets() -> tuple[str, ...]:
    """The faces that pages on the screen use too, from the map of files, and the print design."""
    faces = _static("css", "fonts.css").read_text(encoding="utf-8")
    design = (_static("css", "pdf", f"{name}.css") for name in DESIGN)
    return (
        faces.replace("../fonts/", address("")),
        *(sheet.read_text(encoding="utf-8") for sheet in design),
    )


@lru_cache(maxsize=1)
def _fonts() -> dict[str, File]:
    """The bundled fonts, unpacked once per process: in the child it would cost a second a PDF."""
    from fontTools.ttLib import woff2

    fonts = {}
    for path in sorted(_static("fonts").glob("*.woff2")):
        unpacked = BytesIO()
        woff2.decompress(BytesIO(path.read_bytes()), unpacked)
        fonts[path.name] = File("font/ttf", unpacked.getvalue())
    return fonts

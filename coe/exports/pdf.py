"""The printed COE as HTML: what templates/pdf/ and static/css/pdf/ make of it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string

from coe.exports.front import WIDTH, front_of
from coe.exports.measure import Face, cut
from coe.exports.report import report
from coe.exports.strip import in_words
from coe.snapshots.printable import Printable

SHORT_DIGEST = 12
FEWEST_CHAPTERS = 5
"""From which on there is something to look up in a list of contents; a light COE needs none."""
RUNNING = Face(8.0)


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
        "has_contents": len(arranged.chapters) >= FEWEST_CHAPTERS and not arranged.is_light,
        "running_title": cut(snapshot.title, WIDTH, RUNNING, 1),
        "strip_alternative": in_words(arranged.strip, ZoneInfo(snapshot.zone)),
        "short_digest": printable.digest[:SHORT_DIGEST],
        "public_url": settings.PUBLIC_URL,
    }

"""The printed COE as HTML: what templates/pdf/ and static/css/pdf/ make of it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string

from coe.exports.front import WIDTH, front_of, size_of_title
from coe.exports.measure import Face, cut
from coe.exports.report import Report, report
from coe.exports.strip import in_words
from coe.snapshots.printable import Printable

SHORT_DIGEST = 12
FEWEST_CHAPTERS = 5
"""From which on there is something to look up in a list of contents."""
RUNNING = Face(8.0)


def html_of(printable: Printable) -> str:
    """The document that is laid out: complete, in reading order, referring to fonts alone."""
    arranged = report(printable)
    if arranged.is_light:
        return render_to_string("pdf/light/coe.html", _shared(arranged) | _of_light(arranged))
    return render_to_string("pdf/coe.html", _shared(arranged) | _of_full(arranged))


def _shared(arranged: Report) -> dict[str, Any]:
    printable, snapshot = arranged.printable, arranged.printable.snapshot
    return {
        "printable": printable,
        "snapshot": snapshot,
        "envelope": printable.envelope,
        "report": arranged,
        "size_of_title": size_of_title(snapshot.title),
        "running_title": cut(snapshot.title, WIDTH, RUNNING, 1),
        "strip_alternative": in_words(arranged.strip, ZoneInfo(snapshot.zone)),
        "short_digest": printable.digest[:SHORT_DIGEST],
        "public_url": settings.PUBLIC_URL,
    }


def _of_light(arranged: Report) -> dict[str, Any]:
    """Promises that are action items of this text stand with those."""
    earlier = [each for each in arranged.commitments if each.correction is None]
    return {"earlier_commitments": earlier}


def _of_full(arranged: Report) -> dict[str, Any]:
    return {
        "front": front_of(arranged),
        "parts": {chapter.slug: chapter.number for chapter in arranged.chapters},
        "has_contents": len(arranged.chapters) >= FEWEST_CHAPTERS,
    }

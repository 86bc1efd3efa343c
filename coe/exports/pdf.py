"""The printed COE as HTML: what templates/pdf/ and static/css/pdf.css make of it."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from coe.exports.report import report
from coe.snapshots.printable import Printable

SHORT_DIGEST = 12


def html_of(printable: Printable) -> str:
    """The document that is laid out: complete, in reading order, referring to fonts alone."""
    return render_to_string("pdf/coe.html", _context(printable))


def _context(printable: Printable) -> dict[str, Any]:
    return {
        "printable": printable,
        "snapshot": printable.snapshot,
        "envelope": printable.envelope,
        "report": report(printable),
        "short_digest": printable.digest[:SHORT_DIGEST],
        "public_url": settings.PUBLIC_URL,
    }

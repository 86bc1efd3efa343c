"""One version of a COE as it was published, and what was changed in it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.requests import SignedInRequest
from coe.exports.report import report
from coe.library.changes import told
from coe.publishing.printables import printable_publication
from coe.publishing.queries import readable_publication, versions_told
from coe.snapshots.comparison import compare
from coe.snapshots.services import read_snapshot


@require_GET
def read_version(request: SignedInRequest, reference: str, version: int) -> HttpResponse:
    publication = readable_publication(request.user, reference, version)
    text = printable_publication(publication.document, publication)
    context = {
        "publication": publication,
        "printable": text,
        "report": report(text),
        **versions_told(publication.document),
        "superseded_by": _superseded_by(version, publication.document.current_version),
    }
    return render(request, "library/version.html", context)


@require_GET
def read_changes(request: SignedInRequest, reference: str, version: int) -> HttpResponse:
    publication = readable_publication(request.user, reference, version)
    after = read_snapshot(publication.snapshot).snapshot
    context = {"publication": publication, "reference": reference, "title": after.title}
    context["was_withheld"] = publication.document.has_withheld(version - 1)
    if version > 1 and not context["was_withheld"]:
        before = readable_publication(request.user, reference, version - 1)
        snapshot = read_snapshot(before.snapshot).snapshot
        context |= {"before": before, "parts": told(compare(snapshot, after), snapshot, after)}
    return render(request, "library/changes.html", context)


def _superseded_by(version: int, current: int | None) -> int | None:
    """The version that took its place, None for the one that readers get."""
    return version + 1 if current and version < current else None

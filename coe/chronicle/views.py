"""The history of a COE, for those who may read its working copy."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.requests import SignedInRequest
from coe.chronicle.changes import Opened, open_sitting
from coe.chronicle.forms import MomentsForm
from coe.chronicle.queries import Landmark, as_key, first_event, landmarks_of
from coe.chronicle.replay import snapshot_at
from coe.chronicle.sittings import Sitting, Writer, moments_of, page_of_sittings, writers
from coe.chronicle.words import told_sitting
from coe.documents.models import Document
from coe.documents.queries import (
    is_author,
    is_editable,
    readable_working_copy,
)
from coe.library.changes import told
from coe.snapshots.build import build_snapshot
from coe.snapshots.comparison import compare


@dataclass(frozen=True, slots=True)
class Shown:
    """A sitting or landmark as the page tells it, on the day (in the zone of the COE) on which it
    ended; `previous` is the moment before it where that is on the same page."""

    sitting: Sitting
    name: str
    words: str
    landmark: Landmark | None
    day: date
    opened: Opened | None
    previous: int | None


@require_GET
def history(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    people = writers(document)
    by = as_key(request.GET.get("by", ""))
    who = next((each for each in people if each.pk == by), None)
    page = page_of_sittings(
        document, by=who.pk if who else None, before=as_key(request.GET.get("before", ""))
    )
    context = {
        "document": document,
        "writers": people,
        "who": who,
        "is_unknown": bool(request.GET.get("by")) and who is None,
        "items": _shown(request, document, page.sittings, people),
        "before": page.before,
        "is_first": not request.GET.get("before"),
        "may_write": is_author(request.user, document) and is_editable(document),
    }
    status = 422 if context["is_unknown"] else 200
    return render(request, "chronicle/history.html", context, status=status)


@require_GET
def compare_moments(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    opened = first_event(document)
    form = MomentsForm(
        request.GET,
        document=document,
        opened=opened.pk if opened else 0,
        moments=moments_of(document),
        writers=writers(document),
    )
    context: dict[str, Any] = {"document": document, "form": form}
    if form.is_valid():
        start, end = _in_order(form.cleaned_data["from"], form.cleaned_data["to"])
        before, after = (
            build_snapshot(document) if pk is None else snapshot_at(document, pk)
            for pk in (start, end)
        )
        context["parts"] = told(compare(before, after), before, after)
    return render(request, "chronicle/compare.html", context, status=422 if form.errors else 200)


def _in_order(start: int | None, end: int | None) -> tuple[int | None, int | None]:
    """The earlier first; None is now."""
    if start is None or (end is not None and end < start):
        return end, start
    return start, end


def _shown(
    request: SignedInRequest,
    document: Document,
    sittings: tuple[Sitting, ...],
    people: list[Writer],
) -> list[Shown]:
    names = {each.pk: each.name for each in people}
    landmarks = landmarks_of(sittings, people)
    opened = as_key(request.GET.get("open", ""))
    zone = ZoneInfo(document.zone)
    return [
        Shown(
            sitting=each,
            name=names[each.actor_id],
            words="" if each.landmark else told_sitting(each),
            landmark=landmarks.get(each.first),
            day=each.ended_at.astimezone(zone).date(),
            opened=_open(request, document, each) if each.first == opened else None,
            previous=sittings[place + 1].last if place + 1 < len(sittings) else None,
        )
        for place, each in enumerate(sittings)
    ]


def _open(request: SignedInRequest, document: Document, sitting: Sitting) -> Opened | None:
    if sitting.landmark:
        return None
    return open_sitting(
        document,
        sitting,
        is_each=request.GET.get("saves") == "each",
        behind=as_key(request.GET.get("behind", "")) or 0,
    )

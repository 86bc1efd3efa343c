"""The history of a COE, for those who may read its working copy."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from coe.accounts.requests import SignedInRequest
from coe.chronicle.changes import BROUGHT_BACK, KINDS, Opened, open_sitting
from coe.chronicle.events import Thing
from coe.chronicle.forms import MomentsForm
from coe.chronicle.queries import Landmark, as_key, event_of, first_event, landmarks_of
from coe.chronicle.replay import Replay, snapshot_at
from coe.chronicle.services import Plan, bring_back, plan_to_bring_back
from coe.chronicle.sittings import Sitting, Writer, moments_of, page_of_sittings, writers
from coe.chronicle.words import told_sitting
from coe.documents.locks import ReadOnly
from coe.documents.models import Document
from coe.documents.queries import (
    is_author,
    is_editable,
    readable_working_copy,
    writable_document,
)
from coe.library.changes import Teller, told
from coe.snapshots.build import build_snapshot
from coe.snapshots.comparison import RowChange, compare, compare_each
from coe.web.errors import StaleAnswer, stale
from coe.web.http import see_other


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


@require_http_methods(["GET", "POST"])
def bring_back_change(request: SignedInRequest, reference: str, event: int) -> HttpResponse:
    """Ask, and then write what a text or a row was before or after an event."""
    document = writable_document(request.user, reference)
    side = request.POST.get("side") or request.GET.get("side") or "after"
    try:
        plan = _plan(document, event, side)
        if request.method == "POST":
            version = as_key(request.POST.get("version", ""))
            bring_back(document, plan, version=version, by=request.user)
            messages.success(request, "It is back, and the history tells so.")
            return see_other("coe_history", reference)
    except StaleAnswer as error:
        return stale(request, error, way_back=reverse("coe_history", args=[reference]))
    context = {"document": document, "event": event, "side": side, "plan": plan}
    context |= _comparison(document, plan.thing, event, side)
    return render(request, "chronicle/bring_back.html", context)


def _plan(document: Document, event: int, side: str) -> Plan:
    """Raises `Http404` where there is nothing that could be brought back, `ReadOnly` where nothing
    may be written."""
    thing = _thing(document, event, side)
    if not is_editable(document):
        raise ReadOnly
    plan = plan_to_bring_back(Replay(document, _moment(event, side)), thing)
    if plan is None:
        raise Http404
    return plan


def _thing(document: Document, event: int, side: str) -> Thing:
    found = event_of(document, event)
    if found.subject not in BROUGHT_BACK or side not in ("before", "after"):
        raise Http404
    return found.subject, found.subject_key


def _moment(event: int, side: str) -> int:
    return event if side == "after" else event - 1


def _comparison(document: Document, thing: Thing, event: int, side: str) -> dict[str, Any]:
    """The thing as it is now, and what it becomes, word by word."""
    then = Replay(document, _moment(event, side))
    here = build_snapshot(document)
    rows = {(KINDS[thing[0]], _key(each)): each for each in getattr(here, KINDS[thing[0]])}
    before = rows.get((KINDS[thing[0]], thing[1]))
    after = then.value(thing)
    (change,) = compare_each([RowChange(KINDS[thing[0]], before, after)])
    is_same = before is not None and not change.fields
    return {"row": Teller(here, then.snapshot()).row(change), "is_same": is_same}


def _key(row: Any) -> str:
    return str(getattr(row, "uid", "") or row.slug)


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

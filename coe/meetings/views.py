"""The presenter's view of one COE, what a meeting writes down, and its record."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document
from coe.documents.queries import readable_working_copy
from coe.exports.report import report
from coe.meetings import services
from coe.meetings.forms import DecisionForm, DecisionKeyForm, StartForm
from coe.meetings.models import Meeting, Phase
from coe.meetings.queries import ended_meetings, meeting_of, open_threads_of, running_meeting
from coe.meetings.rules import may_hold
from coe.meetings.walk import Walk
from coe.publishing.printables import printable_working_copy
from coe.web.errors import StaleAnswer, stale
from coe.web.http import see_other


@require_GET
def meeting(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    running = running_meeting(document)
    if running is None:
        return _render_start(request, document, StartForm(presenter=document.owner_id))
    return _render_running(request, running)


@require_POST
def start(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    _refuse_others(request, document)
    form = StartForm(request.POST)
    if not form.is_valid():
        return _render_start(request, document, form, status=422)
    return _answer(
        request,
        document,
        lambda: services.start_meeting(document, by=request.user, **form.cleaned_data),
        typed=form.cleaned_data["present"],
    )


@require_POST
def longer(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    return _step(request, document, services.read_longer)


@require_POST
def walk(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    return _step(request, document, services.walk_through)


@require_POST
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    _refuse_others(request, document)
    running = _meant(request, document)
    if running is None:
        typed = request.POST.get("text", "")
        return _stale(request, document, StaleAnswer(services.OVER), typed=typed)
    chapters = report(printable_working_copy(document)).chapters
    form = DecisionForm(request.POST, chapters=chapters)
    if not form.is_valid():
        return _render_running(request, running, form=form, status=422)
    kept = form.cleaned_data
    return _answer(
        request,
        document,
        lambda: services.add_decision(running, by=request.user, **kept),
        at=kept["chapter"],
        typed=kept["text"],
    )


@require_POST
def undo(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    key = DecisionKeyForm(request.POST).key()

    def remove(running: Meeting, *, by: Any) -> None:
        if key:
            services.remove_decision(running, uid=key, by=by)

    return _step(request, document, remove)


@require_POST
def end(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    _refuse_others(request, document)
    running = _meant(request, document)
    try:
        if running is None:
            raise StaleAnswer(services.OVER)
        services.end_meeting(running, by=request.user)
    except StaleAnswer as error:
        return _stale(request, document, error)
    return see_other("coe_meeting_record", document.reference, running.number)


@require_GET
def past(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    held = meeting_of(document, number)
    if held.phase != Phase.ENDED:
        return see_other("coe_meeting", document.reference)
    text = printable_working_copy(document)
    context = {
        "document": document,
        "meeting": held,
        "decisions": Walk(report(text), held).by_chapter(),
        "is_same_text": text.digest == held.digest,
    }
    return render(request, "meetings/record.html", context)


@require_GET
def handout(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    text = printable_working_copy(document)
    context = {
        "document": document,
        "printable": text,
        "report": report(text),
        "meeting": running_meeting(document),
        "threads": open_threads_of(document),
        "lines": range(12),
    }
    return render(request, "meetings/handout.html", context)


def _step(request: SignedInRequest, document: Document, step: Callable[..., None]) -> HttpResponse:
    _refuse_others(request, document)
    running = _meant(request, document)
    if running is None:
        return _stale(request, document, StaleAnswer(services.OVER))
    at = request.POST.get("at", "")
    return _answer(request, document, lambda: step(running, by=request.user), at=at)


def _meant(request: SignedInRequest, document: Document) -> Meeting | None:
    """The meeting of the page that sent this; None where that is over, whatever runs by now."""
    running = running_meeting(document)
    is_meant = running is not None and request.POST.get("meeting") == str(running.number)
    return running if is_meant else None


def _answer(
    request: SignedInRequest,
    document: Document,
    write: Callable[[], object],
    *,
    at: str = "",
    typed: str = "",
) -> HttpResponse:
    try:
        write()
    except StaleAnswer as error:
        return _stale(request, document, error, typed=typed)
    answer = see_other("coe_meeting", document.reference)
    if at.isidentifier():
        answer["Location"] += f"?at={at}"
    return answer


def _refuse_others(request: SignedInRequest, document: Document) -> None:
    if not may_hold(request.user, document):
        raise PermissionDenied(services.WHO_HOLDS)


def _stale(
    request: SignedInRequest, document: Document, error: StaleAnswer, *, typed: str = ""
) -> HttpResponse:
    way_back = reverse("coe_meeting", args=[document.reference])
    return stale(request, error, way_back=way_back, typed=typed)


def _render_start(
    request: SignedInRequest, document: Document, form: StartForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "document": document,
        "form": form,
        "may_hold": may_hold(request.user, document),
        "meetings": ended_meetings(document),
    }
    return render(request, "meetings/start.html", context, status=status)


def _render_running(
    request: SignedInRequest,
    running: Meeting,
    *,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    document = running.document
    text = printable_working_copy(document)
    reading = report(text)
    at = form["chapter"].value() if form else request.GET.get("at", "")
    steps = Walk(reading, running, at=at, threads=open_threads_of(document))
    context = {
        "document": document,
        "meeting": running,
        "printable": text,
        "report": reading,
        "may_hold": may_hold(request.user, document),
        "seconds": running.seconds_to_read(now()),
        "walk": steps,
        "form": form or DecisionForm(chapters=reading.chapters, chapter=steps.slug),
        "is_same_text": text.digest == running.digest,
    }
    page = "reading" if running.phase == Phase.READING else "walk"
    return render(request, f"meetings/{page}.html", context, status=status)

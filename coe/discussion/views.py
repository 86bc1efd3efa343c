"""Pages of what is said about a working copy, and one view for each thing that is done there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.discussion.forms import ReplyForm, ResolveForm, ThreadForm
from coe.discussion.models import Thread
from coe.discussion.places import WHOLE, Place, held_at, place_named
from coe.discussion.queries import thread_in, told
from coe.discussion.services import (
    Rests,
    add_message,
    open_thread,
    reopen_thread,
    resolve_thread,
)
from coe.discussion.suggestions import take_suggestion
from coe.discussion.talk import SHOWS, Talk, chosen
from coe.documents.models import Document
from coe.documents.queries import readable_working_copy
from coe.web.errors import StaleAnswer, stale
from coe.web.http import see_other
from coe.web.versions import Conflict


@require_GET
def threads(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    talk = Talk(document, request.user)
    show = request.GET.get("show", "open")
    show = show if show in SHOWS else "open"
    filters = [
        (slug, name, len(chosen(talk.shown, slug, request.user))) for slug, name in SHOWS.items()
    ]
    context = {
        "document": document,
        "talk": talk,
        "show": show,
        "filters": filters,
        "threads": [each.told for each in chosen(talk.shown, show, request.user)],
    }
    return render(request, "discussion/threads.html", context)


@require_GET
def new_thread(request: SignedInRequest, reference: str) -> HttpResponse:
    """The form to say something at the place that the address names; alone for HTMX."""
    document = readable_working_copy(request.user, reference)
    talk = Talk(document, request.user)
    place = _place(request.GET.get("on", str(WHOLE)))
    back = "draft" if request.htmx else "thread"
    form = ThreadForm(place=place, may_demand=talk.part.may_demand, back=back)
    template = "discussion/say.html" if request.htmx else "discussion/new.html"
    return _new(request, talk, form, place, template=template)


@require_POST
def open_new(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    talk = Talk(document, request.user)
    place = _place(request.POST.get("on", ""))
    form = ThreadForm(request.POST, place=place, may_demand=talk.part.may_demand)
    if not form.is_valid():
        return _new(request, talk, form, place, status=422)
    uid = form.cleaned_data["uid"]
    try:
        thread = open_thread(document, uid=uid, place=place, said=form.said(), by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return _new(request, talk, form, place, status=422)
    except Conflict:
        return _sent_before(request, talk, place)
    except StaleAnswer as error:
        return _stale(request, document, error, typed=form.typed())
    return _onward(thread, form.cleaned_data["back"])


@require_GET
def thread(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    return _thread(request, document, thread_in(document, uid))


@require_POST
def reply(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    found = thread_in(document, uid)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _thread(request, document, found, reply_form=form, status=422)
    given = form.cleaned_data
    try:
        add_message(found, uid=given["uid"], text=given["text"], by=request.user)
    except StaleAnswer as error:
        return _stale(request, document, error, typed=given["text"], thread=found)
    if not found.is_open:
        messages.info(request, "Your answer is there. The thread stays settled.")
    return _onward(found, given["back"])


@require_POST
def resolve(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    found = thread_in(document, uid)
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return _thread(request, document, found, resolve_form=form, status=422)
    note = form.cleaned_data["note"]
    try:
        resolve_thread(found, note=note, by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return _thread(request, document, found, resolve_form=form, status=422)
    except StaleAnswer as error:
        return _stale(request, document, error, typed=note, thread=found)
    messages.success(request, "Settled.")
    return _onward(found, form.cleaned_data["back"])


@require_POST
def reopen(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    found = thread_in(document, uid)
    try:
        reopen_thread(found, by=request.user)
    except StaleAnswer as error:
        return _stale(request, document, error, thread=found)
    return _onward(found, "thread")


@require_POST
def take(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    found = thread_in(document, uid)
    try:
        take_suggestion(found, by=request.user)
    except ValidationError as error:
        reason = f"The text cannot be saved with it: {' '.join(error.messages)}"
        return _stale(request, document, StaleAnswer(reason), thread=found)
    except StaleAnswer as error:
        return _stale(request, document, error, thread=found)
    messages.success(request, "Taken over. The text says it now.")
    return _onward(found, request.POST.get("back", ""))


def _place(name: str) -> Place:
    try:
        return place_named(name)
    except ValueError:
        raise Http404 from None


def _new(
    request: SignedInRequest,
    talk: Talk,
    form: ThreadForm,
    place: Place,
    *,
    template: str = "discussion/new.html",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Where nothing more is said, the sentence that says so instead of the form."""
    held = held_at(talk.document, place)
    if not held.is_there:
        raise Http404
    context |= {"document": talk.document, "talk": talk, "held": held, "form": form}
    return render(request, template, context, status=status)


def _sent_before(request: SignedInRequest, talk: Talk, place: Place) -> HttpResponse:
    """The page was sent once already, with other words: these are kept under a name of their own.

    The first ones are there; a page that is gone back to knows nothing of that.
    """
    fresh = ThreadForm(place=place, may_demand=talk.part.may_demand)
    data = request.POST.copy()
    data["uid"] = str(fresh["uid"].value())
    form = ThreadForm(data, place=place, may_demand=talk.part.may_demand)
    return _new(request, talk, form, place, status=409, was_sent=True)


def _thread(
    request: SignedInRequest,
    document: Document,
    thread: Thread,
    *,
    reply_form: ReplyForm | None = None,
    resolve_form: ResolveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    talk = Talk(document, request.user)
    (found,) = told(document, [thread])
    each, settling = talk.show(found), resolve_form or ResolveForm()
    settling.fields["note"].required = each.needs_note
    context = {
        "document": document,
        "talk": talk,
        "each": each,
        "reply_form": reply_form or ReplyForm(),
        "resolve_form": settling,
    }
    return render(request, "discussion/thread_page.html", context, status=status)


def _onward(thread: Thread, back: str) -> HttpResponse:
    """Where they came from, at the thread."""
    reference = thread.document.reference
    if back != "draft":
        return see_other("coe_thread", reference, thread.uid)
    return see_other("coe_draft", reference, anchor=f"thread-{thread.uid}")


def _stale(
    request: SignedInRequest,
    document: Document,
    error: StaleAnswer,
    *,
    typed: str = "",
    thread: Thread | None = None,
) -> HttpResponse:
    """Over what is approved, the way back leads to the whole COE; else to the thread."""
    way_back = reverse("coe_draft", args=[document.reference])
    if thread and not isinstance(error, Rests):
        way_back = reverse("coe_thread", args=[document.reference, thread.uid])
    return stale(request, error, way_back=way_back, typed=typed)

"""The page of a published action item, and every button on it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.actions.models import Promise, PromiseRequest, PromiseState
from coe.notices.models import OF_PROMISES
from coe.notices.services import see
from coe.promises.dates import assign_promise
from coe.promises.files import SHOWN
from coe.promises.forms import DecideForm, DueForm, OwnerForm, WontDoForm
from coe.promises.queries import Told, evidence_file, readable_promise, request_of
from coe.promises.requests import ask_for, decide_request, move_or_ask, withdraw_request
from coe.promises.services import move_promise
from coe.promises.ticket_forms import OpenTicketForm, TicketForm, TicketWays
from coe.promises.tickets import ask_for_ticket, set_ticket
from coe.promises.ways import Offered, step_form
from coe.trackers.queries import trackers_for_tickets
from coe.web.errors import StaleAnswer, stale
from coe.web.http import see_other

STEPPED = {
    PromiseState.ACCEPTED: "It waits to be started again.",
    PromiseState.IN_PROGRESS: "It is in progress.",
    PromiseState.DONE: "It is done. Somebody else says after a while that it held.",
    PromiseState.VERIFIED: "It held. Thank you for looking.",
    PromiseState.DID_NOT_HOLD: "Written down. Its owner, its COE and the leaders are told.",
}
SAFE = "default-src 'none'; sandbox"


@require_GET
def promise(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    shown = readable_promise(request.user, reference, uid)
    see(shown.document, by=request.user, kinds=OF_PROMISES, anchor=str(shown.uid))
    return _page(request, shown)


@require_POST
def step(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    held = readable_promise(request.user, reference, uid)
    slug, form = step_form(request.POST, request.FILES)

    def take() -> str:
        moved = move_promise(held, by=request.user, **form.said())
        return STEPPED[PromiseState(moved.state)]

    return _answer(request, held, slug, form, take)


@require_POST
def due(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    held = readable_promise(request.user, reference, uid)
    form = DueForm(request.POST, auto_id="due-%s")
    return _answer(request, held, "due", form, lambda: _move(request, held, form.cleaned_data))


def _move(request: SignedInRequest, held: Promise, given: dict[str, Any]) -> str:
    if move_or_ask(held, by=request.user, **given):
        return "Asked for. Until it is decided the due date stays as it is."
    return "Moved."


@require_POST
def wont_do(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    held = readable_promise(request.user, reference, uid)
    form = WontDoForm(request.POST, auto_id="wont_do-%s")

    def ask() -> str:
        kind = PromiseRequest.Kind.WONT_DO
        ask_for(held, kind=kind, reason=form.cleaned_data["reason"], by=request.user)
        return "Asked for. Until it is decided it is to be done."

    return _answer(request, held, "wont_do", form, ask)


@require_POST
def owner(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    held = readable_promise(request.user, reference, uid)
    form = OwnerForm(request.POST, auto_id="owner-%s")

    def hand_over() -> str:
        handed = assign_promise(held, by=request.user, **form.cleaned_data)
        return f"Handed over to {handed.owner}."

    return _answer(request, held, "owner", form, hand_over)


@require_POST
def ticket(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    held = readable_promise(request.user, reference, uid)
    form = TicketForm(request.POST, auto_id="ticket-%s")

    def name() -> str:
        named = set_ticket(held, by=request.user, **form.cleaned_data)
        return "Its ticket is named." if named.tracker else "No ticket is named any more."

    return _answer(request, held, "ticket", form, name)


@require_POST
def open_ticket(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    held = readable_promise(request.user, reference, uid)
    form = OpenTicketForm(request.POST, promise=held, trackers=trackers_for_tickets())

    def ask() -> str:
        wanted = ask_for_ticket(held, by=request.user, **form.cleaned_data)
        return f"A ticket is being opened in {wanted.tracker.name}."

    return _answer(request, held, "open_ticket", form, ask)


@require_POST
def decide(request: SignedInRequest, reference: str, uid: UUID, key: int) -> HttpResponse:
    held = readable_promise(request.user, reference, uid)
    asked = request_of(held, key)
    form = DecideForm(request.POST, auto_id=f"request-{key}-%s")

    def answer() -> str:
        is_granted = form.cleaned_data["answer"] == "grant"
        note = form.cleaned_data["note"]
        decide_request(asked, is_granted=is_granted, note=note, by=request.user)
        return "Granted." if is_granted else "Refused."

    return _answer(request, held, f"request-{key}", form, answer)


@require_POST
def take_back(request: SignedInRequest, reference: str, uid: UUID, key: int) -> HttpResponse:
    held = readable_promise(request.user, reference, uid)
    try:
        withdraw_request(request_of(held, key), by=request.user)
    except StaleAnswer as error:
        return stale(request, error, way_back=_address(held))
    messages.success(request, "Taken back.")
    return see_other("promise", reference, uid)


@require_GET
def evidence(request: SignedInRequest, reference: str, uid: UUID, event: int) -> HttpResponse:
    kept = evidence_file(readable_promise(request.user, reference, uid), event)
    response = HttpResponse(bytes(kept.content), content_type=kept.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.name)}"
    response["Content-Security-Policy"] = SAFE
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _answer(
    request: SignedInRequest,
    held: Promise,
    slug: str,
    form: forms.Form,
    act: Callable[[], str],
) -> HttpResponse:
    """Do it and lead back to the page, or show that again with what was typed."""
    if form.is_valid():
        try:
            messages.success(request, act())
            return see_other("promise", held.document.reference, held.uid)
        except StaleAnswer as error:
            words = ("note", "reason", "tracker") if slug == "ticket" else ("note", "reason")
            typed = next(filter(None, (str(form.data.get(each, "")) for each in words)), "")
            return stale(request, error, way_back=_address(held), typed=typed)
        except ValidationError as error:
            form.add_error(None, error)
    return _page(request, held, {slug: form}, status=422)


def _page(
    request: SignedInRequest,
    shown: Promise,
    typed: dict[str, forms.Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    told = Told(shown, request.user)
    forms_typed = typed or {}
    asked = frozenset(each.kind for each in told.requests)
    chosen = request.GET.get("way", "")
    offered = Offered(shown, told.part, told.today, asked, forms_typed, chosen)
    is_promised = shown.dropped_at is None
    context = {
        "promise": shown,
        "document": shown.document,
        "told": told,
        "ways": list(offered) if is_promised else [],
        "is_too_early": is_promised and offered.is_too_early,
        "ticket": TicketWays(shown, told.part, forms_typed),
        "requests": [_asked(each, request, told, forms_typed) for each in told.requests],
        "shown_types": SHOWN,
    }
    return render(request, "promises/promise.html", context, status=status)


def _asked(
    asked: PromiseRequest, request: SignedInRequest, told: Told, typed: dict[str, forms.Form]
) -> dict[str, Any]:
    user = request.user
    slug = f"request-{asked.pk}"
    return {
        "asked": asked,
        "form": typed.get(slug) or DecideForm(auto_id=f"{slug}-%s"),
        "may_decide": told.part.is_approver and asked.asked_by_id != user.pk,
        "may_take_back": user.pk in (asked.asked_by_id, told.promise.owner_id),
    }


def _address(held: Promise) -> str:
    return reverse("promise", args=[held.document.reference, held.uid])

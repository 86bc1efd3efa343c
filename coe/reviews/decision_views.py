"""The pages on which the approver decides each action item, and everybody else reads what was
decided."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.models import User
from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document, State
from coe.documents.queries import NOTHING, readable_working_copy
from coe.reviews.decision_forms import ChangeForm, RejectForm, SeenForm, read_many
from coe.reviews.decisions import (
    ProposalChanged,
    accept_items,
    decide_item,
    refuse_to_decide,
    withdraw_decision,
)
from coe.reviews.items import ItemInRoom, ItemsInRoom, items_in_room, not_rejected, with_loads
from coe.reviews.loads import Load, loads_of
from coe.reviews.models import ItemDecision
from coe.reviews.proposals import Seen
from coe.reviews.rules import approvers_of
from coe.snapshots.build import build_snapshot
from coe.web.errors import StaleAnswer, stale
from coe.web.http import see_other

Verdict = ItemDecision.Verdict
DONE = {
    Verdict.ACCEPTED: "Accepted",
    Verdict.CHANGED: "Changed and accepted",
    Verdict.REJECTED: "Rejected",
}


@require_GET
def items(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    room, context = _room(document), _about(document, request.user)
    if context["may_decide"]:
        owners = {each.item.owner_id for each in room.items if each.item.owner_id}
        loads = _loads(document, room, request.user, owners)
        room = with_loads(room, loads)
        context["owners"] = _owners(room)
    return render(request, "reviews/items.html", {**context, "room": room})


@require_GET
def item(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    return _item_page(request, document, uid)


@require_POST
def accept(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    return _decide(request, document, uid, Verdict.ACCEPTED, SeenForm(request.POST))


@require_POST
def change(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    form = ChangeForm(request.POST, auto_id="change-%s")
    return _decide(request, document, uid, Verdict.CHANGED, form)


@require_POST
def reject(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    form = RejectForm(request.POST, auto_id="reject-%s")
    return _decide(request, document, uid, Verdict.REJECTED, form)


@require_POST
def withdraw(request: SignedInRequest, reference: str, uid: UUID) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    given = request.POST.get("decision", "")
    decision = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
    try:
        withdraw_decision(document, uid=uid, decision=decision, by=request.user)
    except StaleAnswer as error:
        return _stale(request, document, error, uid=uid)
    messages.success(request, "Taken back. It waits for a decision again.")
    return see_other("coe_items", document.reference, anchor=f"item-{uid}")


@require_POST
def accept_many(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    try:
        refuse_to_decide(document, by=request.user)
        accepted = accept_items(document, seen=_ticked(request), by=request.user)
    except StaleAnswer as error:
        return _stale(request, document, error)
    except ValidationError as error:
        return _stale(request, document, StaleAnswer(" ".join(error.messages)))
    count = len(accepted)
    done = (
        f"Accepted {count} action item{'' if count == 1 else 's'}." if count else "None accepted."
    )
    messages.success(request, done)
    return see_other("coe_items", document.reference)


def _ticked(request: SignedInRequest) -> dict[UUID, Seen]:
    """Raises `ProposalChanged` where it is not what our page sends."""
    ticked = read_many(request.POST.getlist("item"))
    if ticked is None:
        raise ProposalChanged
    return ticked


def _decide(
    request: SignedInRequest,
    document: Document,
    uid: UUID,
    verdict: ItemDecision.Verdict,
    form: SeenForm,
) -> HttpResponse:
    """Decide what was on the screen, or ask for what the form lacks (422)."""
    try:
        refuse_to_decide(document, by=request.user)
        if not form.is_valid():
            if "seen" in form.errors:
                raise ProposalChanged
            return _item_page(request, document, uid, form)
        decide_item(
            document,
            uid=uid,
            verdict=verdict,
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data.get("reason", ""),
            values=form.columns() if isinstance(form, ChangeForm) else None,
            by=request.user,
        )
    except StaleAnswer as error:
        return _stale(request, document, error, uid=uid, typed=form.typed())
    except ValidationError as error:
        _refuse(form, error)
        return _item_page(request, document, uid, form)
    return _onward(request, document, uid, verdict)


def _refuse(form: SeenForm, error: ValidationError) -> None:
    """Say beside each field what it lacks, and of what the form does not ask for above all."""
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, sentences in told.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def _onward(
    request: SignedInRequest, document: Document, uid: UUID, verdict: ItemDecision.Verdict
) -> HttpResponse:
    """To the next item that waits for a decision."""
    room = _room(document)
    following = room.next_open(uid)
    left = len(room.open)
    rest = f"{left} left to decide." if left else "All are decided."
    messages.success(request, f"{DONE[verdict]}. {rest}")
    return see_other(
        "coe_items", document.reference, anchor=f"item-{following.uid if following else uid}"
    )


def _item_page(
    request: SignedInRequest, document: Document, uid: UUID, refused: SeenForm | None = None
) -> HttpResponse:
    """One item with every way to decide it; `refused` is what was not enough, kept as typed."""
    room, context = _room(document), _about(document, request.user)
    loads = _loads(document, room, request.user, None) if context["may_decide"] else None
    one = (with_loads(room, loads) if loads is not None else room).one(uid)
    if one is None:
        raise Http404(NOTHING)
    if loads is not None:
        context |= _forms(one, loads, refused)
    context |= {"each": one, "count": len(room.items), "following": room.next_open(uid)}
    return render(request, "reviews/item.html", context, status=422 if refused else 200)


def _forms(one: ItemInRoom, loads: dict[int, Load], refused: SeenForm | None) -> dict[str, Any]:
    initial = ChangeForm.initial_of(one.item, one.seen)
    change = ChangeForm(initial=initial, auto_id="change-%s")
    change = refused if isinstance(refused, ChangeForm) else change
    change.weigh(loads)
    reject = RejectForm(initial={"seen": one.seen}, auto_id="reject-%s")
    return {
        "change_form": change,
        "reject_form": refused if isinstance(refused, RejectForm) else reject,
        "accept_form": refused if type(refused) is SeenForm else None,
    }


def _about(document: Document, user: User) -> dict[str, Any]:
    approvers = approvers_of(document)
    is_open = document.state == State.IN_REVIEW
    return {
        "document": document,
        "approvers": approvers,
        "may_decide": is_open and user in approvers,
    }


def _room(document: Document) -> ItemsInRoom:
    return items_in_room(document, build_snapshot(document))


def _loads(
    document: Document, room: ItemsInRoom, viewer: User, people: set[int] | None
) -> dict[int, Load]:
    here = not_rejected(room)
    return loads_of(document, here=here, viewer=viewer, at=now(), people=people)


def _owners(room: ItemsInRoom) -> list[Any]:
    """Each proposed owner once with what they have to do, by name."""
    weights = {each.weight.owner.pk: each.weight for each in room.items if each.weight}
    return sorted(weights.values(), key=lambda each: (each.owner.name.lower(), each.owner.pk))


def _stale(
    request: SignedInRequest,
    document: Document,
    error: StaleAnswer,
    *,
    uid: UUID | None = None,
    typed: str = "",
) -> HttpResponse:
    way_back = reverse("coe_items", args=[document.reference])
    if uid:
        way_back = f"{way_back}#item-{uid}"
    return stale(request, error, way_back=way_back, typed=typed)

"""The review room: what is in the way, who was asked and signed, the rounds before."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document, State
from coe.documents.queries import readable_working_copy
from coe.guidance.reading import examine_snapshot
from coe.reviews import reviewers
from coe.reviews.forms import AskForm, ExcuseForm, PersonForm
from coe.reviews.hindrances import Hindrances, hindrances
from coe.reviews.items import items_in_room
from coe.reviews.room import asked_before_submitting, rounds_of, talks_of
from coe.reviews.rules import approvers_of, is_owner
from coe.reviews.signing import may_sign
from coe.reviews.workflow import judged_now
from coe.snapshots.services import Judged
from coe.web.errors import StaleAnswer, stale
from coe.web.http import see_other


@require_GET
def room(request: SignedInRequest, reference: str) -> HttpResponse:
    return _room(request, readable_working_copy(request.user, reference))


@require_POST
def ask_reviewer(request: SignedInRequest, reference: str) -> HttpResponse:
    document = reviewers.document_to_ask_about(request.user, reference)
    form = AskForm(request.POST, document=document)

    def ask() -> str:
        person = form.cleaned_data["person"]
        reviewers.ask_reviewer(document, person=person, by=request.user)
        return f"{person.name} was asked to review it."

    return _done(request, document, form, ask)


@require_POST
def let_reviewer_go(request: SignedInRequest, reference: str) -> HttpResponse:
    document = reviewers.document_to_ask_about(request.user, reference)
    form = PersonForm(request.POST)

    def let_go() -> str:
        person = form.cleaned_data["person"]
        reviewers.let_reviewer_go(document, person=person, by=request.user)
        return f"{person.name} is not asked any more."

    return _done(request, document, form, let_go)


@require_POST
def excuse_reviewer(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    form = ExcuseForm(request.POST, document=document)

    def excuse() -> str:
        person, reason = form.cleaned_data["person"], form.cleaned_data["reason"]
        reviewers.excuse_reviewer(document, person=person, reason=reason, by=request.user)
        return f"The approval does not wait for {person.name}."

    try:
        reviewers.refuse_to_excuse(document, by=request.user)
    except StaleAnswer as error:
        return _stale(request, document, error, typed=form["reason"].value() or "")
    return _done(request, document, form, excuse)


Form = AskForm | PersonForm | ExcuseForm


def _done(
    request: SignedInRequest, document: Document, form: Form, do: Callable[[], str]
) -> HttpResponse:
    """What `do` did, in words; or the room with the form and what is wrong with it (422)."""
    if form.is_valid():
        try:
            messages.success(request, do())
        except StaleAnswer as error:
            typed = form.cleaned_data.get("reason", "")
            return _stale(request, document, error, typed=typed)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return see_other("coe_review", document.reference, anchor="people")
    return _room(request, document, wrong=form)


def _room(
    request: SignedInRequest, document: Document, *, wrong: Form | None = None
) -> HttpResponse:
    user, approvers = request.user, approvers_of(document)
    judged = judged_now(document)
    rounds = rounds_of(document, judged.digest, approvers)
    in_review = document.state == State.IN_REVIEW
    is_approver = in_review and user in approvers
    may_ask = document.state != State.APPROVED and reviewers.may_ask(user, document)
    mine = rounds.asked_as(user)
    waits = [each.reviewer.user for each in rounds.asked if each.waits]
    excuse_form = ExcuseForm(document=document) if is_approver and waits else None
    if isinstance(wrong, ExcuseForm):
        excuse_form = wrong
    if excuse_form:
        excuse_form.offer(waits)
    context = {
        "document": document,
        "digest": judged.digest,
        "approvers": approvers,
        "is_approver": is_approver,
        "is_owner": is_owner(user, document),
        "mine": mine,
        "may_sign": may_sign(user, document, approvers) and not (mine and mine.stands),
        "hindrances": _in_the_way(document, judged) if in_review else Hindrances(),
        "rounds": rounds,
        "talks": talks_of(document),
        "items": items_in_room(document, judged.snapshot),
        "may_decide": is_approver,
        "asked_beforehand": () if in_review else asked_before_submitting(document),
        "may_ask": may_ask,
        "ask_form": AskForm(document=document) if may_ask else None,
        "excuse_form": excuse_form,
    }
    if isinstance(wrong, AskForm):
        context["ask_form"] = wrong
    return render(request, "reviews/room.html", context, status=422 if wrong else 200)


def _in_the_way(document: Document, judged: Judged) -> Hindrances:
    return hindrances(document, judged, examine_snapshot(document, judged.snapshot))


def _stale(
    request: SignedInRequest, document: Document, error: StaleAnswer, *, typed: str = ""
) -> HttpResponse:
    way_back = reverse("coe_review", args=[document.reference])
    return stale(request, error, way_back=way_back, typed=typed)

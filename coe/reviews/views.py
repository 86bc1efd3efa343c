"""The buttons that move a working copy from one state to the next, and the names under it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document, State
from coe.documents.queries import readable_working_copy
from coe.reviews.forms import ChangesForm, DecisionForm, JudgementForm
from coe.reviews.hindrances import Hindrances, hindrances_of
from coe.reviews.rules import approvers_of
from coe.reviews.signing import refuse_to_sign, sign_text
from coe.reviews.workflow import NotReady, Withheld, allowed_transition, make_transition
from coe.web.errors import StaleAnswer, stale
from coe.web.http import see_other


@require_POST
def submit(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    names = " or ".join(person.name for person in approvers_of(document))
    return _move(request, document, State.IN_REVIEW, f"Submitted. {names} can approve it now.")


@require_POST
def withdraw(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    done = "Taken back from review. It is a draft again."
    return _move(request, document, State.DRAFT, done, start=State.IN_REVIEW)


@require_POST
def reopen(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    done = "Reopened. Readers keep what was published."
    return _move(request, document, State.DRAFT, done, start=State.APPROVED)


@require_POST
def approve(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    form = DecisionForm(request.POST, auto_id="approve-%s")
    return _judge(request, document, form, State.APPROVED, "Approved: exactly the text you read.")


@require_POST
def request_changes(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_working_copy(request.user, reference)
    form = ChangesForm(request.POST, auto_id="changes-%s")
    return _judge(request, document, form, State.CHANGES_REQUESTED, "Sent back to the owner.")


@require_POST
def sign(request: SignedInRequest, reference: str) -> HttpResponse:
    """The name of a reviewer under the text that was on the screen."""
    document = readable_working_copy(request.user, reference)
    form = DecisionForm(request.POST, auto_id="sign-%s")
    try:
        refuse_to_sign(document, by=request.user)
        if not form.is_valid():
            context = {"document": document, "form": form, "to": "signed"}
            return render(request, "reviews/decide.html", context, status=422)
        sign_text(document, by=request.user, **form.cleaned_data)
    except StaleAnswer as error:
        return _stale(request, document, error, typed=_typed(form))
    messages.success(request, "Signed: exactly the text you read.")
    return see_other("coe_review", document.reference)


def _judge(
    request: SignedInRequest, document: Document, form: JudgementForm, to: State, done: str
) -> HttpResponse:
    """Judge the text whose digest was on the screen, or ask for what the form lacks (422).

    Where something blocks approval by now, what is asked for is what should change.
    """
    try:
        allowed_transition(document, to=to, by=request.user)
    except StaleAnswer as error:
        return _stale(request, document, error, typed=_typed(form))
    if not form.is_valid():
        if to == State.APPROVED and (in_the_way := hindrances_of(document)):
            asked = ChangesForm(request.POST, auto_id="changes-%s")
            return _not_approved(request, document, in_the_way, asked)
        context = {"document": document, "form": form, "to": to}
        return render(request, "reviews/decide.html", context, status=422)
    return _move(request, document, to, done, **form.cleaned_data)


def _move(
    request: SignedInRequest,
    document: Document,
    to: State,
    done: str,
    *,
    start: State | None = None,
    digest: str = "",
    answers: str = "",
    note: str = "",
    dissent: str = "",
) -> HttpResponse:
    judged = {"digest": digest, "answers": answers, "note": note}
    try:
        make_transition(document, to=to, by=request.user, start=start, dissent=dissent, **judged)
    except StaleAnswer as error:
        return _stale(request, document, error, typed=f"{note}\n\n{dissent}".strip())
    except Withheld as error:
        asked = ChangesForm(initial=judged, auto_id="changes-%s")
        return _not_approved(request, document, error.hindrances, asked)
    except NotReady as error:
        context = {"document": document, "findings": error.findings}
        return render(request, "reviews/not_ready.html", context, status=422)
    messages.success(request, done)
    return see_other("coe_draft", document.reference)


def _not_approved(
    request: SignedInRequest,
    document: Document,
    in_the_way: Hindrances,
    form: ChangesForm,
) -> HttpResponse:
    context = {
        "document": document,
        "hindrances": in_the_way,
        "to": State.CHANGES_REQUESTED,
        "form": form,
    }
    return render(request, "reviews/decide.html", context, status=422)


def _typed(form: JudgementForm) -> str:
    """What was written, for whoever would have to write it again."""
    words = (form[name].value() or "" for name in ("note", "dissent") if name in form.fields)
    return "\n\n".join(filter(None, words))


def _stale(
    request: SignedInRequest, document: Document, error: StaleAnswer, *, typed: str
) -> HttpResponse:
    way_back = reverse("coe_draft", args=[document.reference])
    return stale(request, error, way_back=way_back, typed=typed)

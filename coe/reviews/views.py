"""The buttons that move a working copy from one state to the next."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.models import Document, State
from coe.documents.queries import readable_working_copy
from coe.guidance.findings import Finding
from coe.guidance.reading import examine
from coe.reviews.forms import ChangesForm, DecisionForm
from coe.reviews.rules import approvers_of
from coe.reviews.workflow import NotReady, allowed_transition, make_transition
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


def _judge(
    request: SignedInRequest, document: Document, form: DecisionForm, to: State, done: str
) -> HttpResponse:
    """Judge the text whose digest was on the screen, or ask for what the form lacks (422).

    Where something blocks approval by now, what is asked for is what should change.
    """
    try:
        allowed_transition(document, to=to, by=request.user)
    except StaleAnswer as error:
        return _stale(request, document, error, typed=form["note"].value() or "")
    if not form.is_valid():
        if to == State.APPROVED and (blockers := examine(document).blockers):
            asked = ChangesForm(request.POST, auto_id="changes-%s")
            return _not_approved(request, document, blockers, asked)
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
) -> HttpResponse:
    judged = {"digest": digest, "answers": answers, "note": note}
    try:
        make_transition(document, to=to, by=request.user, start=start, **judged)
    except StaleAnswer as error:
        return _stale(request, document, error, typed=note)
    except NotReady as error:
        if to == State.APPROVED:
            asked = ChangesForm(initial=judged, auto_id="changes-%s")
            return _not_approved(request, document, error.findings, asked)
        context = {"document": document, "findings": error.findings}
        return render(request, "reviews/not_ready.html", context, status=422)
    messages.success(request, done)
    return see_other("coe_draft", document.reference)


def _not_approved(
    request: SignedInRequest,
    document: Document,
    findings: tuple[Finding, ...],
    form: ChangesForm,
) -> HttpResponse:
    context = {
        "document": document,
        "findings": findings,
        "to": State.CHANGES_REQUESTED,
        "form": form,
    }
    return render(request, "reviews/decide.html", context, status=422)


def _stale(
    request: SignedInRequest, document: Document, error: StaleAnswer, *, typed: str
) -> HttpResponse:
    way_back = reverse("coe_draft", args=[document.reference])
    return stale(request, error, way_back=way_back, typed=typed)

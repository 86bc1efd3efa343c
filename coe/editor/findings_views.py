"""What the checks find, for the authors: to be read, mended, dismissed or given a reason.

Where it is asked for beside the panels of the workspace, it is answered with what stands there
(`static/js/findings.js` puts it in its places); everybody else gets the page of all findings.
"""

import re
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reselect, reswap, retarget

from coe.accounts.requests import SignedInRequest
from coe.documents.locks import ReadOnly
from coe.documents.models import Document, SectionSlug
from coe.documents.queries import is_editable, writable_document
from coe.editor.answers import SECTIONS, saved
from coe.editor.findings import Board, Shown
from coe.editor.findings_forms import ReasonForm
from coe.editor.mends import correct_summary
from coe.editor.workspace import Workspace
from coe.guidance.models import Waiver
from coe.guidance.reading import reason_before
from coe.guidance.services import (
    NEVER,
    AnsweredMeanwhile,
    FindingGone,
    dismiss_finding,
    take_back_waiver,
    waive_finding,
)
from coe.policies.rules import Level
from coe.web.errors import StaleAnswer, stale
from coe.web.http import get_or_post, see_other

WHOLE = "#all-findings"
BESIDE = "#found"
"""What HTMX replaces: the page of all findings, or what is found beside the panels."""


@require_GET
def findings(request: SignedInRequest, reference: str) -> HttpResponse:
    document = writable_document(request.user, reference)
    return _show(request, document)


@require_POST
def dismiss(request: SignedInRequest, reference: str) -> HttpResponse:
    document = writable_document(request.user, reference)
    write = partial(dismiss_finding, document, key=_key(request), by=request.user)
    return _answer(request, document, write, "Dismissed. It is listed below.")


@require_POST
def take_back(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take back the reason that was read: the address of the button names it."""
    document = writable_document(request.user, reference)
    over = request.GET.get("over", "")
    write = partial(take_back_waiver, document, key=_key(request), over=over, by=request.user)
    return _answer(request, document, write, "Taken back: it is open again.")


@require_POST
def mend(request: SignedInRequest, reference: str) -> HttpResponse:
    """Put words of the summary right; whoever asked sees the summary as it is then."""
    document = writable_document(request.user, reference)
    try:
        correct_summary(document, key=_key(request), by=request.user)
    except StaleAnswer as error:
        return _refused(request, document, error.reason, status=409)
    return saved(request, document, SectionSlug.SUMMARY)


@get_or_post
def give_reason(request: SignedInRequest, reference: str) -> HttpResponse:
    """The form for a reason, and what was typed in it."""
    document = writable_document(request.user, reference)
    if request.method != "POST":
        return _reason_form(request, document)
    form = ReasonForm(request.POST, key=_key(request))
    if not form.is_valid():
        return _reason_page(request, document, form, status=422)
    answer = {name: form.cleaned_data[name] for name in ("key", "reason", "over")}
    try:
        waive_finding(document, **answer, by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return _reason_page(request, document, form, status=422)
    except AnsweredMeanwhile as error:
        return _reason_page(request, document, _over(form, error.there), status=409, refused=error)
    except StaleAnswer as error:
        return _reason_page(request, document, form, status=409, refused=error)
    if not request.htmx:
        messages.success(request, "The reason is kept. Your reviewers read it first.")
        return see_other("coe_findings", document.reference)
    return _show(request, document)


def _reason_form(request: SignedInRequest, document: Document) -> HttpResponse:
    board = Board(document)
    shown = board.find(_key(request))
    if refused := _why_no_reason(document, shown):
        return stale(request, refused, way_back=_address(document))
    assert shown is not None
    there = shown.waiver
    before = reason_before(document, shown.finding, board.examination)
    answered = {"over": there.digest, "reason": there.reason} if there else {"reason": before}
    form = ReasonForm(key=shown.key, at=request.GET.get("at", ""), **answered)
    return _reason_page(request, document, form)


def _why_no_reason(document: Document, shown: Shown | None) -> StaleAnswer | None:
    if not is_editable(document):
        return ReadOnly()
    if shown is None:
        return FindingGone()
    return StaleAnswer(NEVER) if shown.level == Level.BLOCKS else None


def _over(form: ReasonForm, there: Waiver | None) -> ReasonForm:
    """What was typed, for whoever has read the reason that is there now."""
    data = {**form.cleaned_data, "over": there.digest if there else ""}
    return ReasonForm(data, key=data["key"])


def _reason_page(
    request: SignedInRequest,
    document: Document,
    form: ReasonForm,
    *,
    status: int = 200,
    refused: StaleAnswer | None = None,
) -> HttpResponse:
    key = form["key"].value() or ""
    context = {
        "document": document,
        "form": form,
        "shown": None if request.htmx else Board(document).find(key),
        "refused": refused and refused.reason,
        "there": refused.there if isinstance(refused, AnsweredMeanwhile) else None,
    }
    name = "editor/finding_reason.html" if request.htmx else "editor/finding_reason_page.html"
    return render(request, name, context, status=status)


def _answer(
    request: SignedInRequest, document: Document, write: Callable[[], object], done: str
) -> HttpResponse:
    """Write, and show what is open then; or say why nothing was written."""
    try:
        write()
    except StaleAnswer as error:
        return _refused(request, document, error.reason, status=409)
    except ValidationError as error:
        return _refused(request, document, " ".join(error.messages), status=422)
    if not request.htmx:
        messages.success(request, done)
        return see_other("coe_findings", document.reference)
    return _show(request, document)


def _refused(
    request: SignedInRequest, document: Document, reason: str, *, status: int
) -> HttpResponse:
    return _show(request, document, problem=reason, status=status)


def _show(
    request: SignedInRequest, document: Document, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """What is found now: beside the panels where that was asked for, else all of it."""
    is_beside = bool(request.htmx) and (
        request.method == "GET" or request.POST.get("at") == "panel"
    )
    board = Board(document)
    context = {
        "document": document,
        "board": board,
        "is_editable": is_editable(document),
        "is_beside": is_beside,
        "problem": problem,
    }
    if is_beside:
        workspace = Workspace(document, request.user, examination=board.examination)
        workspace.place(request.session.get(SECTIONS), request.GET.get("section"))
        context["workspace"] = workspace
        answer = render(request, "editor/findings_beside.html", context, status=status)
        return retarget(reswap(answer, "innerHTML"), BESIDE)
    answer = render(request, "editor/findings.html", context, status=status)
    return retarget(reswap(reselect(answer, WHOLE), "outerHTML"), WHOLE)


def _key(request: SignedInRequest) -> str:
    """The key of a finding that was sent; empty where what was sent is none."""
    key = (request.POST if request.method == "POST" else request.GET).get("key", "")
    return key if re.fullmatch(r"[0-9a-f]{64}", key) else ""


def _address(document: Document) -> str:
    return reverse("coe_findings", args=[document.reference])

"""Reading one COE as its readers and its judges see it."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coe.accounts.asking import Asking
from coe.accounts.requests import SignedInRequest
from coe.clocks.reading import clock_of
from coe.discussion.talk import Talk
from coe.documents.models import Document, State
from coe.documents.queries import is_author, is_editable, known_document, readable_working_copy
from coe.exports.report import Report, report
from coe.guidance.reading import answers_digest
from coe.library.findings import findings_of
from coe.library.unchanged import not_modified, tag_of, tagged
from coe.notices.models import OF_COES, OF_VERSIONS, Kind
from coe.notices.queries import is_watching
from coe.notices.services import see
from coe.promises.served import mended_elsewhere
from coe.publishing.printables import WorkingCopy, current_printable
from coe.publishing.queries import (
    has_to_be_approved_anew,
    is_what_readers_have,
    retraction_of,
    versions_told,
)
from coe.publishing.services import may_publish
from coe.publishing.stubs import stub
from coe.reviews.forms import ChangesForm, DecisionForm
from coe.reviews.hindrances import Hindrances, hindrances
from coe.reviews.rounds import standing_in_review
from coe.reviews.rules import approvers_of, is_owner
from coe.reviews.signing import may_sign
from coe.reviews.workflow import latest_request_for_changes, possible_transitions
from coe.snapshots.printable import Printable
from coe.web.http import is_fetched_ahead


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a working copy for the person who looks at it.

    `page` is what the whole page follows from; `looking` gives what is told, and is left once the
    page is made.
    """

    page: Asking[Document]
    looking: Callable[[SignedInRequest, Document], AbstractContextManager[dict[str, Any]]]


@require_GET
def read(request: SignedInRequest, reference: str, beside: Beside) -> HttpResponse:
    if unchanged := not_modified(request, beside.page, reference):
        return unchanged
    tag = tag_of(request, beside.page, reference)
    document = known_document(request.user, reference)
    if document.is_retracted:
        _note_seen(request, document, [Kind.RETRACTED])
        return stub(request, document)
    _note_seen(request, document, OF_VERSIONS if document.current_version else OF_COES)
    published = current_printable(document)
    if published is None:
        with beside.looking(request, document) as told:
            return _answer(request, _drafted(request, document) | told, tag)
    context = _reading(published) | versions_told(document)
    context["may_retract"] = request.user.is_leader or is_owner(request.user, document)
    mine = Document.objects.working_copy_visible_to(request.user)
    context["shows_draft"] = mine.filter(pk=document.pk).exists()
    context["elsewhere"] = mended_elsewhere(document, request.user)
    context["may_link"] = context["shows_draft"] and is_author(request.user, document)
    context["is_watched"] = is_watching(request.user, document)
    return _answer(request, context, tag)


@require_GET
def draft(request: SignedInRequest, reference: str, beside: Beside) -> HttpResponse:
    if unchanged := not_modified(request, beside.page, reference):
        return unchanged
    tag = tag_of(request, beside.page, reference)
    document = readable_working_copy(request.user, reference)
    _note_seen(request, document, OF_COES)
    with beside.looking(request, document) as told:
        return _answer(request, _drafted(request, document) | told, tag)


def _note_seen(request: SignedInRequest, document: Document, kinds: Iterable[Kind]) -> None:
    """Where it cannot be noted, as on a full disk, the page is given all the same."""
    if not is_fetched_ahead(request):
        with suppress(OperationalError):
            see(document, by=request.user, kinds=kinds)


def _answer(request: SignedInRequest, context: dict[str, Any], tag: str) -> HttpResponse:
    """Without its tag where findings are shown, or reasons, or what mends it elsewhere: they follow
    from other COEs as well."""
    follows = context.get("findings") is not None or context.get("has_answers", False)
    follows = follows or bool(context["elsewhere"])
    return tagged(render(request, "library/read.html", context), "" if follows else tag)


def _reading(text: Printable) -> dict[str, Any]:
    return {"printable": text, "report": report(text)}


def _drafted(request: SignedInRequest, document: Document) -> dict[str, Any]:
    copy = WorkingCopy(document)
    reading = _reading(copy.printable)
    return reading | _judging(request, copy, reading["report"])


def _judging(request: SignedInRequest, copy: WorkingCopy, report: Report) -> dict[str, Any]:
    """What the person may do with the working copy, each button bound to the text shown."""
    user, document, digest = request.user, copy.document, copy.judged.digest
    may_write = is_author(user, document)
    read = {"digest": digest, "answers": answers_digest(document)}
    next_states = possible_transitions(user, document)
    approvers = approvers_of(document)
    is_asked, in_the_way = may_sign(user, document, approvers), Hindrances()
    findings = None
    if State.APPROVED in next_states or is_asked:
        findings = findings_of(copy.examination, report)
    if State.APPROVED in next_states:
        in_the_way = hindrances(document, copy.judged, copy.examination)
    return {
        "talk": Talk(document, user),
        "is_watched": is_watching(user, document),
        "findings": findings,
        "hindrances": in_the_way,
        "has_answers": bool(read["answers"]),
        "document": document,
        "clock": clock_of(document),
        "may_edit": may_write and is_editable(document),
        "may_link": may_write,
        "elsewhere": mended_elsewhere(document, user),
        "next_states": {state.value for state in next_states},
        "is_asked": is_asked,
        "signed": is_asked and standing_in_review(document, digest).filter(user=user).first(),
        "may_publish": may_publish(user, document),
        "is_what_readers_have": is_what_readers_have(document),
        "retraction": retraction_of(document) if document.is_retracted else None,
        "has_to_be_approved_anew": has_to_be_approved_anew(document),
        "may_retract": document.current_version is not None
        and (is_owner(user, document) or user.is_leader or user in approvers),
        "approvers": approvers,
        "requested": latest_request_for_changes(document),
        "approve_form": DecisionForm(initial=read, auto_id="approve-%s"),
        "changes_form": ChangesForm(initial=read, auto_id="changes-%s"),
        "sign_form": DecisionForm(initial=read, auto_id="sign-%s"),
    }

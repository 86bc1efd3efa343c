"""The pages on which the draft of the guide is written."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from coe.accounts.requests import SignedInRequest
from coe.administration.access import administrators_only
from coe.administration.guide_forms import QuestionForm, RulingForm
from coe.administration.guide_pages import GuidePage
from coe.administration.guide_words import NAMES
from coe.administration.pages import answer
from coe.policies.drafts import NO_DRAFT
from coe.policies.editing import (
    add_question,
    add_ruling,
    change_question,
    change_ruling,
    move_question,
    remove_question,
    remove_ruling,
)
from coe.policies.models import CheckLevel, Guide, GuideLimit, Question, Ruling, SectionAsking
from coe.policies.queries import ruling_value, rulings_in
from coe.web.errors import StaleAnswer
from coe.web.http import get_or_post, posted, see_other


@administrators_only
@get_or_post
def new_question(request: SignedInRequest, version: int) -> HttpResponse:
    draft = draft_of_version(version)
    form = QuestionForm(posted(request))
    if not form.is_bound:
        form.initial["part"] = request.GET.get("part", "")
    if form.save(add_question, version=version, by=request.user):
        messages.success(request, "The question is in the draft.")
        return see_other("guide_version", version, anchor=f"part-{form.cleaned_data['part']}")
    return _page(request, "guide_question", draft, {"form": form}, status=form.status)


@administrators_only
@get_or_post
def question(request: SignedInRequest, version: int, slug: str) -> HttpResponse:
    draft = draft_of_version(version)
    asked = get_object_or_404(Question, guide=draft, slug=slug)
    form = QuestionForm(posted(request), row=asked)
    if form.save(change_question, version=version, slug=slug, by=request.user):
        messages.success(request, "Saved in the draft.")
        return see_other("guide_version", version, anchor=f"question-{slug}")
    context = {"form": form, "question": asked}
    return _page(request, "guide_question", draft, context, status=form.status)


@administrators_only
@require_POST
def move(request: SignedInRequest, version: int, slug: str) -> HttpResponse:
    draft = draft_of_version(version)
    get_object_or_404(Question, guide=draft, slug=slug)
    steps = -1 if request.POST.get("to") == "up" else 1
    move_question(version=version, slug=slug, steps=steps, by=request.user)
    return see_other("guide_version", version, anchor=f"question-{slug}")


@administrators_only
@require_POST
def remove(request: SignedInRequest, version: int, slug: str) -> HttpResponse:
    asked = get_object_or_404(Question, guide=draft_of_version(version), slug=slug)
    remove_question(version=version, slug=slug, by=request.user)
    messages.success(
        request, "The question is out of the draft. COEs that were asked it keep it and its answer."
    )
    return see_other("guide_version", version, anchor=f"part-{asked.part}")


@administrators_only
@get_or_post
def ruling(request: SignedInRequest, version: int, about: str, name: str) -> HttpResponse:
    """What the draft says of a check, a limit or a section: for all COEs, and for some."""
    draft = draft_of_version(version)
    if name not in NAMES.get(about, ()):
        raise Http404
    rows = [row for row in rulings_in(draft) if _is_about(row, about, name)]
    if request.method == "POST":
        typed = _write(request, draft, about, name, rows)
        if typed is None:
            return see_other("guide_ruling", version, about, name)
    else:
        typed = None
    there = {row.pk: RulingForm(about=about, name=name, row=row) for row in rows}
    adding = RulingForm(about=about, name=name)
    if typed and typed.row:
        there[typed.row.pk] = typed
    elif typed:
        adding = typed
    context = {
        "forms": list(there.values()),
        "adding": adding,
        "typed": typed,
        "line": GuidePage(draft).line(about, name),
    }
    return _page(request, "guide_ruling", draft, context, status=typed.status if typed else 200)


def _write(
    request: SignedInRequest, draft: Guide, about: str, name: str, rows: list[Ruling]
) -> RulingForm | None:
    """Do what was sent; the form where it was refused, None where it is done."""
    sent = request.POST.get("ruling", "")
    row = next((each for each in rows if str(each.pk) == sent), None)
    if sent and row is None:
        raise StaleAnswer("Somebody removed this from the draft since you opened it.")
    given: dict[str, Any] = {"version": draft.version, "by": request.user}
    if row and request.POST.get("step") == "remove":
        remove_ruling(ruling=row, **given)
        messages.success(request, "Removed from the draft.")
        return None
    form = RulingForm(request.POST, about=about, name=name, row=row)
    write = change_ruling if row else add_ruling
    if form.save(write, ruling=row or _unsaid(about, name), **given):
        messages.success(request, "Saved in the draft.")
        return None
    return form


def _unsaid(about: str, name: str) -> Ruling:
    if about == "levels":
        return CheckLevel(check_id=name)
    if about == "sections":
        return SectionAsking(name=name)
    limit, _, of = name.partition(":")
    return GuideLimit(name=limit, of=int(of) if of else None)


def _is_about(row: Ruling, about: str, name: str) -> bool:
    value = ruling_value(row)
    return (value.about, value.name) == (about, name)


def draft_of_version(version: int) -> Guide:
    """The draft of this version; raises `Http404` where there was never such a version, and
    `StaleAnswer` where it is in force."""
    if version >= 2**31:
        raise Http404
    found = get_object_or_404(Guide, version=version)
    if found.published_at is not None:
        raise StaleAnswer(NO_DRAFT.format(version))
    return found


def _page(
    request: SignedInRequest, name: str, draft: Guide, context: dict[str, Any], *, status: int
) -> HttpResponse:
    context = {**context, "guide": draft}
    return answer(request, name, context, status=status)

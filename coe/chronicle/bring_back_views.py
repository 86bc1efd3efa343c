"""Asking before something is brought back, and bringing it back, for those who may write."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from coe.accounts.requests import SignedInRequest
from coe.chronicle.changes import BROUGHT_BACK, KINDS, named_as_its_section
from coe.chronicle.events import Thing
from coe.chronicle.facts import changes_of_facts
from coe.chronicle.forms import FactsChoice
from coe.chronicle.plans import Plan, plan_to_bring_back
from coe.chronicle.queries import as_key, event_of, times_of
from coe.chronicle.replay import Replay
from coe.chronicle.services import bring_back, chosen_of
from coe.chronicle.state import DOCUMENT
from coe.documents.locks import ReadOnly
from coe.documents.models import Document
from coe.documents.queries import is_editable, writable_document
from coe.history.models import Action
from coe.library.changes import Teller
from coe.snapshots.build import build_snapshot
from coe.snapshots.comparison import RowChange, compare_each
from coe.web.errors import StaleAnswer, stale
from coe.web.http import get_or_post, posted, see_other


@get_or_post
def bring_back_change(request: SignedInRequest, reference: str, event: int) -> HttpResponse:
    """Ask, and then write what something was before or after an event."""
    document = writable_document(request.user, reference)
    side = request.POST.get("side") or request.GET.get("side") or "after"
    try:
        replay, plan = _planned(document, event, side)
        form = _form(request, plan)
        is_other = request.method == "POST" and request.POST.get("seen", "") != plan.digest
        if request.method == "POST" and not is_other and (form is None or form.is_valid()):
            chosen = chosen_of(plan, form.cleaned_data["facts"]) if form else plan
            version = as_key(request.POST.get("version", ""))
            bring_back(document, chosen, version=version, by=request.user)
            messages.success(request, "It is back, and the history tells so.")
            return see_other("coe_history", reference)
    except StaleAnswer as error:
        return stale(request, error, way_back=reverse("coe_history", args=[reference]))
    was_at = times_of(document, [plan.moment]).get(plan.moment)
    context = {"document": document, "event": event, "side": side, "plan": plan, "was_at": was_at}
    context["is_other"] = is_other
    context |= _facts(replay, plan, form) if form else _comparison(replay, plan.thing)
    status = 409 if is_other else 422 if form and form.errors else 200
    return render(request, "chronicle/bring_back.html", context, status=status)


def _planned(document: Document, event: int, side: str) -> tuple[Replay, Plan]:
    """The moment that is meant, and what bringing it back would do.

    Raises `Http404` where there is nothing that could be brought back, `ReadOnly` where nothing
    may be written.
    """
    thing = _thing(document, event, side)
    if not is_editable(document):
        raise ReadOnly
    replay = Replay(document, event if side == "after" else event - 1)
    plan = plan_to_bring_back(replay, thing)
    if plan is None:
        raise Http404
    return replay, plan


def _thing(document: Document, event: int, side: str) -> Thing:
    found = event_of(document, event)
    is_of_facts = found.subject == "document" and found.action in (Action.ADDED, Action.CHANGED)
    if side not in ("before", "after") or not (is_of_facts or found.subject in BROUGHT_BACK):
        raise Http404
    return DOCUMENT if is_of_facts else (found.subject, found.subject_key)


def _form(request: SignedInRequest, plan: Plan) -> FactsChoice | None:
    """Which of the facts; None for everything else."""
    if plan.thing != DOCUMENT:
        return None
    return FactsChoice(posted(request), names=list(plan.values))


def _facts(replay: Replay, plan: Plan, form: FactsChoice) -> dict[str, Any]:
    """Each fact that can be brought back, with what becomes of it."""
    here = build_snapshot(replay.document)
    teller = Teller(here, replay.snapshot())
    changes = [each for each in changes_of_facts(replay) if each.name in plan.values]
    rows = list(zip(form["facts"], teller.facts(changes), strict=True))
    return {"form": form, "facts": rows, "is_same": not rows}


def _comparison(replay: Replay, thing: Thing) -> dict[str, Any]:
    """The thing as it is now, and what it becomes, word by word."""
    kind = KINDS[thing[0]]
    here = build_snapshot(replay.document)
    before = {_key(each): each for each in getattr(here, kind)}.get(thing[1])
    (change,) = compare_each([RowChange(kind, before, replay.value(thing))])
    is_same = before is not None and not change.fields
    told = Teller(here, replay.snapshot()).row(change)
    return {"row": named_as_its_section(told, thing), "is_same": is_same}


def _key(value: Any) -> str:
    """What the history calls it: a milestone has a kind and no more."""
    return str(getattr(value, "uid", "") or getattr(value, "slug", "") or value.kind)

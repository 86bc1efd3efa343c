"""How teams stand, and deciding about many of their items at once."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from coe.accounts.requests import SignedInRequest
from coe.clocks.standings import standing_of
from coe.reviews.rules import Approvers
from coe.steering.ages import SMALL_WIDTH, Scale, ages_picture, scale_to
from coe.steering.forms import MOVE, AcceptForm, ChangeForm, ticked_in
from coe.steering.items import items_of, lines_of
from coe.steering.queries import SOON, Standing, Standings
from coe.steering.services import Outcome, Result, accept_many, hand_over_many, move_many
from coe.steering.undecided import asked_of, reviews_of
from coe.web.http import see_other

EVERY = "all"


@require_GET
def teams(request: SignedInRequest) -> HttpResponse:
    standings = Standings(request.user).all
    context = {"standings": standings, "scale": _scale(standings)}
    return render(request, "steering/teams.html", context)


@require_GET
def team(request: SignedInRequest, pk: int) -> HttpResponse:
    standings = Standings(request.user)
    return _page(request, standings, _in_sight(standings, pk))


@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    standings = Standings(request.user)
    standing = _in_sight(standings, pk)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, standings, standing, accepted=form)
    outcomes = accept_many(form.cleaned_data["item"], by=request.user)
    return _told(request, standing, outcomes, "Accepted")


@require_POST
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    standings = Standings(request.user)
    standing = _in_sight(standings, pk)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _page(request, standings, standing, changed=form)
    given = form.cleaned_data
    shared = {"ticked": given["item"], "reason": given["reason"], "by": request.user}
    if given["do"] == MOVE:
        outcomes = move_many(to=given["due_on"], by_days=given["days"] or 0, **shared)
        return _told(request, standing, outcomes, "Moved")
    outcomes = hand_over_many(to=given["to"], **shared)
    return _told(request, standing, outcomes, "Handed over")


def _in_sight(standings: Standings, pk: int) -> Standing:
    standing = standings.of(pk)
    if standing is None:
        raise Http404
    return standing


def _page(
    request: SignedInRequest,
    standings: Standings,
    standing: Standing,
    *,
    accepted: AcceptForm | None = None,
    changed: ChangeForm | None = None,
) -> HttpResponse:
    context = _context(request, standings, standing) | {"accept_form": accepted}
    context["change_form"] = changed or ChangeForm()
    status = 422 if accepted or changed else 200
    return render(request, "steering/team.html", context, status=status)


def _context(request: SignedInRequest, standings: Standings, standing: Standing) -> dict[str, Any]:
    user, approvers = request.user, Approvers()
    items = items_of(user, standing.subtree, request.GET)
    lines = lines_of(items, user, standings.moment, approvers)
    below = standings.below(standing)
    reviews = reviews_of(user, standing.subtree, standings.undecided, approvers)
    today = standings.moment.astimezone(ZoneInfo(standing.team.zone)).date()
    return {
        "standing": standing,
        "picture": ages_picture(standing.tally.spread),
        "today": today,
        "soon": today + SOON,
        "reviews": reviews,
        "asked": asked_of(user, standing.subtree, approvers),
        "page": items,
        "lines": lines,
        "may_change": any(each.may_change for each in lines),
        "may_accept": any(item.may_accept for each in reviews for item in each.items),
        "ticked": ticked_in(request.POST),
        "is_every_ticked": request.GET.get("tick") == EVERY,
        "below": below,
        "scale": _scale(below),
        "clock": standing_of(user, standing.team.pk),
        "query": request.GET,
    }


def _told(
    request: SignedInRequest, standing: Standing, outcomes: list[Outcome], word: str
) -> HttpResponse:
    """Back to the team where all was done; else of each item what came of it, and why not."""
    done = sum(each.result == Result.DONE for each in outcomes)
    said = f"{word}: {done} item{'' if done == 1 else 's'}."
    if done == len(outcomes):
        messages.success(request, said)
        answer = see_other("team_standing", standing.team.pk)
        address = request.GET.urlencode()
        answer["Location"] += f"?{address}" if address else ""
        return answer
    context = {
        "standing": standing,
        "outcomes": sorted(outcomes, key=lambda each: each.result == Result.DONE),
        "done": done,
        "word": word,
        "query": request.GET,
    }
    return render(request, "steering/outcomes.html", context)


def _scale(standings: list[Standing]) -> Scale:
    """One for all of them, so that their strips can be compared."""
    longest = max((max(each.tally.ages, default=0) for each in standings), default=0)
    return scale_to(longest, width=SMALL_WIDTH, ticks=10)

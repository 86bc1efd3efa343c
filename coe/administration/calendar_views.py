"""The page on which administrators keep the calendar of a team."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from coe.accounts.models import Team
from coe.accounts.requests import SignedInRequest
from coe.administration.access import administrators_only
from coe.administration.calendar_forms import CalendarForm
from coe.policies.team_calendars import change_calendar
from coe.web.http import get_or_post, posted, see_other


@administrators_only
@get_or_post
def calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    form = CalendarForm(posted(request), row=team)
    if form.save(change_calendar, team=team, by=request.user):
        messages.success(request, f"The calendar of {team.name} is saved. No date was moved.")
        return see_other("team", pk)
    context = {"form": form, "team": team}
    return render(request, "administration/calendar.html", context, status=form.status)

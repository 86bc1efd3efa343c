"""The pages on which administrators keep trackers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coe.accounts.requests import SignedInRequest
from coe.administration.access import administrators_only
from coe.administration.pages import answer
from coe.administration.tracker_forms import TrackerForm
from coe.trackers.models import Tracker
from coe.trackers.queries import trackers_with_counts
from coe.trackers.services import add_tracker, change_tracker, check_tracker, remove_tracker
from coe.web.http import get_or_post, posted, see_other


@administrators_only
@require_safe
def trackers(request: SignedInRequest) -> HttpResponse:
    return answer(request, "trackers", {"trackers": trackers_with_counts()})


@administrators_only
@get_or_post
def new_tracker(request: SignedInRequest) -> HttpResponse:
    form = TrackerForm(posted(request))
    made: list[Tracker] = []

    def add(**values: Any) -> None:
        made.append(add_tracker(**values))

    if form.save(add, by=request.user):
        (tracker,) = made
        messages.success(request, f"{tracker} is added.")
        return see_other("tracker", tracker.pk)
    return answer(request, "tracker_edit", {"form": form}, status=form.status)


@administrators_only
@never_cache
@require_safe
def tracker(request: SignedInRequest, pk: int) -> HttpResponse:
    """One tracker: how it stands, and how it answered."""
    subject = get_object_or_404(trackers_with_counts(), pk=pk)
    return answer(request, "tracker", {"tracker": subject})


@administrators_only
@get_or_post
def edit_tracker(request: SignedInRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Tracker, pk=pk)
    form = TrackerForm(posted(request), row=subject)
    if form.save(change_tracker, tracker=subject, by=request.user):
        messages.success(request, "Saved.")
        return see_other("tracker", pk)
    context = {"form": form, "tracker": subject}
    return answer(request, "tracker_edit", context, status=form.status)


@administrators_only
@require_POST
def try_out(request: SignedInRequest, pk: int) -> HttpResponse:
    check_tracker(tracker=get_object_or_404(Tracker, pk=pk), by=request.user)
    messages.success(request, "It is asked now. Load this page again to see how it answered.")
    return see_other("tracker", pk)


@administrators_only
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Tracker, pk=pk)
    remove_tracker(tracker=subject, by=request.user)
    messages.success(request, f"{subject} is removed. The links of action items stay.")
    return see_other("trackers")

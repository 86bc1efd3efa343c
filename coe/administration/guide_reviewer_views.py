"""The page on which the draft of the guide says whom it asks to review."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from coe.accounts.requests import SignedInRequest
from coe.administration.access import administrators_only
from coe.administration.guide_edit_views import draft_of_version
from coe.administration.guide_reviewer_forms import ReviewerForm
from coe.administration.guide_reviewers import reviewer_lines
from coe.policies.editing import GONE, add_ruling, remove_ruling
from coe.policies.models import Guide
from coe.web.errors import StaleAnswer
from coe.web.http import get_or_post, posted, see_other


@administrators_only
@get_or_post
def reviewers(request: SignedInRequest, version: int) -> HttpResponse:
    draft = draft_of_version(version)
    if request.POST.get("step") == "remove":
        _remove(request, draft)
        return see_other("guide_reviewers", version)
    form = ReviewerForm(posted(request))
    if form.save(add_ruling, version=version, by=request.user):
        messages.success(request, "They are asked from the next version on.")
        return see_other("guide_reviewers", version)
    context = {"guide": draft, "lines": reviewer_lines(draft), "form": form}
    return render(request, "administration/guide_reviewers.html", context, status=form.status)


def _remove(request: SignedInRequest, draft: Guide) -> None:
    key = request.POST.get("reviewer", "")
    row = next((each for each in draft.reviewers.all() if str(each.pk) == key), None)
    if row is None:
        raise StaleAnswer(GONE)
    remove_ruling(version=draft.version, ruling=row, by=request.user)
    messages.success(request, "Taken out of the draft.")

"""The page that says how the outbox stands, and its buttons."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from coe.accounts.requests import SignedInRequest
from coe.administration.access import administrators_only
from coe.administration.services import try_jobs_again
from coe.jobs.models import Job
from coe.jobs.queries import failed_jobs, last_pulse, waiting_by_kind
from coe.web.errors import StaleAnswer
from coe.web.http import see_other

PAGE = 50


@administrators_only
@require_safe
def jobs(request: SignedInRequest) -> HttpResponse:
    page = Paginator(failed_jobs(), PAGE).get_page(request.GET.get("page"))
    context = {"pulse": last_pulse(), "waiting": waiting_by_kind(), "failed": page}
    return render(request, "administration/jobs.html", context)


@administrators_only
@require_POST
def try_one_again(request: SignedInRequest, pk: int) -> HttpResponse:
    get_object_or_404(Job, pk=pk)
    if not try_jobs_again(failed_jobs().filter(pk=pk), by=request.user):
        raise StaleAnswer("Somebody had this job tried again already.")
    messages.success(request, "It is tried again now.")
    return see_other("jobs")


@administrators_only
@require_POST
def try_all_again(request: SignedInRequest) -> HttpResponse:
    _say_how_many(request, try_jobs_again(failed_jobs(), by=request.user))
    return see_other("jobs")


@administrators_only
@require_POST
def try_now(request: SignedInRequest, kind: str) -> HttpResponse:
    """Not to wait out the pause of those of one kind of which a try has failed."""
    put_off = Job.objects.filter(kind=kind, state=Job.State.WAITING).exclude(error="")
    _say_how_many(request, try_jobs_again(put_off, by=request.user))
    return see_other("jobs")


def _say_how_many(request: SignedInRequest, count: int) -> None:
    if count == 0:
        messages.info(request, "There was nothing left to try again.")
    else:
        what = "1 job is" if count == 1 else f"{count} jobs are"
        messages.success(request, f"{what} tried again now.")

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from coe.accounts.requests import SignedInRequest
from coe.documents.queries import readable_document
from coe.notices.forms import MailsForm, SeenForm, UnwatchForm, WatchForm
from coe.notices.queries import watches
from coe.notices.services import see_all, unwatch, watch
from coe.web.http import get_or_post, posted, see_other, way_on


@require_POST
def seen(request: SignedInRequest) -> HttpResponse:
    """What was on the list: all of it, or what it says of one COE."""
    form = SeenForm(request.POST)
    if form.is_valid():
        see_all(**form.cleaned_data, by=request.user)
    return see_other("home")


@get_or_post
def settings(request: SignedInRequest) -> HttpResponse:
    form = MailsForm(posted(request), person=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved. It holds for whatever happens from now on.")
        return see_other("notice_settings")
    return _settings(request, form, WatchForm())


@require_POST
def watch_more(request: SignedInRequest) -> HttpResponse:
    form = WatchForm(request.POST)
    if not form.is_valid():
        return _settings(request, MailsForm(person=request.user), form)
    for thing in form.things():
        watch(thing, by=request.user)
    return _back(request, reverse("notice_settings") + "#watched")


@require_POST
def watch_less(request: SignedInRequest) -> HttpResponse:
    """Watching it no longer twice is once."""
    form = UnwatchForm(request.POST, person=request.user)
    if form.is_valid():
        form.cleaned_data["watch"].delete()
    return _back(request, reverse("notice_settings") + "#watched")


@require_POST
def watch_coe(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_document(request.user, reference)
    watch(document, by=request.user)
    return _back(request, reverse("coe_read", args=[document.reference]))


@require_POST
def unwatch_coe(request: SignedInRequest, reference: str) -> HttpResponse:
    document = readable_document(request.user, reference)
    unwatch(document, by=request.user)
    return _back(request, reverse("coe_read", args=[document.reference]))


def _settings(request: SignedInRequest, form: MailsForm, more: WatchForm) -> HttpResponse:
    context = {"form": form, "watch_form": more, "watches": watches(request.user)}
    status = 422 if form.is_bound or more.is_bound else 200
    return render(request, "notices/settings.html", context, status=status)


def _back(request: SignedInRequest, usual: str) -> HttpResponse:
    """To the page whose button it was."""
    return HttpResponseRedirect(way_on(request) or usual, status=303)

"""The pages on which administrators keep webhooks and the chats of teams."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coe.accounts.models import Team
from coe.accounts.requests import SignedInRequest
from coe.administration.access import administrators_only
from coe.administration.pages import answer
from coe.administration.webhook_forms import ChatForm, WebhookForm
from coe.integrations.models import Delivery, Webhook
from coe.integrations.queries import deliveries_of, webhooks_with_counts
from coe.integrations.services import (
    add_webhook,
    change_webhook,
    pause_webhook,
    remove_webhook,
    renew_secret,
    resume_webhook,
    send_again,
    send_sample,
    set_chat,
)
from coe.web.errors import StaleAnswer
from coe.web.http import get_or_post, posted, see_other

PAGE = 50
SECRET = "secret"  # noqa: S105  (how a message is drawn)


@administrators_only
@require_safe
def webhooks(request: SignedInRequest) -> HttpResponse:
    return answer(request, "webhooks", {"webhooks": webhooks_with_counts()})


@administrators_only
@get_or_post
def new_webhook(request: SignedInRequest) -> HttpResponse:
    form = WebhookForm(posted(request))
    made: list[tuple[Webhook, str]] = []

    def add(**values: Any) -> None:
        made.append(add_webhook(**values))

    if form.save(add, by=request.user):
        ((webhook, secret),) = made
        messages.success(request, secret, extra_tags=SECRET)
        return see_other("webhook", webhook.pk)
    return answer(request, "webhook_edit", {"form": form}, status=form.status)


@administrators_only
@never_cache
@require_safe
def webhook(request: SignedInRequest, pk: int) -> HttpResponse:
    """One webhook: how it stands, and what it was told."""
    subject = get_object_or_404(Webhook.objects.select_related("team"), pk=pk)
    if subject.team_id:
        return redirect("team_chat", subject.team_id)
    return answer(request, "webhook", _told(request, subject))


@administrators_only
@get_or_post
def edit_webhook(request: SignedInRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Webhook, pk=pk, team=None)
    form = WebhookForm(posted(request), row=subject)
    if form.save(change_webhook, webhook=subject, by=request.user):
        messages.success(request, "Saved. It holds from the next event on.")
        return see_other("webhook", pk)
    context = {"form": form, "webhook": subject}
    return answer(request, "webhook_edit", context, status=form.status)


@administrators_only
@get_or_post
def team_chat(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where a team is told of what it published and of what is late."""
    team = get_object_or_404(Team, pk=pk)
    form = ChatForm(posted(request))
    if form.is_valid():
        try:
            set_chat(team=team, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved. Send a test to see it arrive.")
            return see_other("team_chat", pk)
    chat = Webhook.objects.select_related("team").filter(team=team).first()
    context = {"team": team, "form": form, **(_told(request, chat) if chat else {})}
    return answer(request, "team_chat", context, status=422 if form.is_bound else 200)


@administrators_only
@require_POST
def new_secret(request: SignedInRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Webhook, pk=pk)
    secret = renew_secret(webhook=subject, by=request.user)
    messages.success(request, secret, extra_tags=SECRET)
    return see_other("webhook", pk)


@administrators_only
@require_POST
def pause(request: SignedInRequest, pk: int) -> HttpResponse:
    pause_webhook(webhook=get_object_or_404(Webhook, pk=pk), by=request.user)
    messages.success(request, "Paused. What it should be told waits here for 30 days.")
    return see_other("webhook", pk)


@administrators_only
@require_POST
def resume(request: SignedInRequest, pk: int) -> HttpResponse:
    resume_webhook(webhook=get_object_or_404(Webhook, pk=pk), by=request.user)
    messages.success(request, "Resumed. What waits is sent now, one after the other.")
    return see_other("webhook", pk)


@administrators_only
@require_POST
def try_out(request: SignedInRequest, pk: int) -> HttpResponse:
    send_sample(webhook=get_object_or_404(Webhook, pk=pk), by=request.user)
    messages.success(request, "A test is on its way. Load this page again to see how it went.")
    return see_other("webhook", pk)


@administrators_only
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Webhook, pk=pk)
    remove_webhook(webhook=subject, by=request.user)
    messages.success(request, f"{subject} is removed, with what it was told.")
    return see_other("webhooks")


@administrators_only
@require_POST
def one_again(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=pk)
    if not send_again(Delivery.objects.filter(pk=pk), by=request.user):
        raise StaleAnswer("This was sent meanwhile, or may not be sent any more.")
    messages.success(request, "It is sent again now.")
    return see_other("webhook", delivery.webhook_id)


@administrators_only
@require_POST
def all_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whatever waits after a try that failed, and what was given up."""
    subject = get_object_or_404(Webhook, pk=pk)
    send_again(subject.deliveries.filter(tries__gt=0), by=request.user)
    messages.success(request, "What was not sent is sent again now, one after the other.")
    return see_other("webhook", pk)


def _told(request: SignedInRequest, subject: Webhook) -> dict[str, Any]:
    page = Paginator(deliveries_of(subject), PAGE).get_page(request.GET.get("page"))
    return {"webhook": subject, "page": page}

"""What the worker does for other programs: settles who is told, calls them, forgets."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import now

from coe.accounts.models import User
from coe.integrations.announcing import deliver_to_all, put_forgetting, put_what_is_owed
from coe.integrations.models import Webhook
from coe.integrations.sending import forget_old, send_next
from coe.jobs.kinds import Lane, job
from coe.jobs.mail import send_mail


@job("announce", title="See which webhooks are told of an event")
def announced(payload: dict[str, Any]) -> None:
    deliver_to_all(payload)


@job("send_to_webhook", title="Call a webhook", lane=Lane.CALL)
def send_to_webhook(payload: dict[str, Any]) -> None:
    if webhook := Webhook.objects.filter(pk=payload["webhook"]).first():
        send_next(webhook)


@job("see_to_deliveries", title="See that webhooks are called", every=timedelta(hours=1))
def see_to_deliveries(payload: dict[str, Any]) -> None:
    put_what_is_owed()


@job("mail_webhook_paused", title="Mail that a webhook was paused", lane=Lane.MAIL)
def mail_webhook_paused(payload: dict[str, Any]) -> None:
    """Nothing where somebody resumed or removed it meanwhile."""
    webhook = Webhook.objects.filter(pk=payload["webhook"], is_given_up=True).first()
    person = User.objects.filter(
        pk=payload["person"], is_active=True, is_administrator=True
    ).first()
    if webhook is None or webhook.paused_at is None or person is None:
        return
    moment = webhook.paused_at
    send_mail(
        to=person.email,
        template="integrations/mail/paused.txt",
        context={
            "person": person,
            "webhook": webhook,
            "path": reverse("webhook", args=[webhook.pk]),
        },
        message=f"webhook-{webhook.pk}-{person.pk}-{moment:%Y%m%d%H%M%S}",
    )


@job("forget_deliveries", title="Forget what webhooks were told long ago")
def forget_deliveries(payload: dict[str, Any]) -> None:
    if forget_old(as_of=now()):
        put_forgetting()

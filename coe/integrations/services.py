"""Keeping webhooks and chats: each change in one transaction with its history."""

from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from coe.accounts.models import Team, User
from coe.accounts.saving import refuse_taken, refuse_unseen, require_administrator
from coe.history.models import Action
from coe.history.services import changed, record
from coe.integrations.addresses import host_of
from coe.integrations.announcing import put_forgetting, put_sending
from coe.integrations.bodies import chat_sample_body, sample_body
from coe.integrations.models import Delivery, Webhook, sealed_address, sealed_secret
from coe.web.errors import StaleAnswer

NAME_TAKEN = "There is a webhook of this name already."
NO_ADDRESS = "Type the address."
GONE = "Somebody removed this webhook in the meantime."
TEST = "test"


def webhook_facts(webhook: Webhook) -> dict[str, Any]:
    """What an administrator states about a webhook, as history keeps it; never its address."""
    return {
        "name": webhook.name,
        "events": webhook.events,
        "tells_restricted": webhook.tells_restricted,
    }


@transaction.atomic
def add_webhook(
    *, name: str, address: str, events: list[str], tells_restricted: bool, by: User
) -> tuple[Webhook, str]:
    """Add a webhook; return it, and its secret, which is told this once.

    Raises `PermissionDenied` if `by` is no administrator, `ValidationError` if the name is taken
    or the address may not be called.
    """
    require_administrator(User.objects.get(pk=by.pk))
    if not address:
        raise ValidationError({"address": NO_ADDRESS})
    secret = token_urlsafe(32)
    webhook = Webhook(
        name=name,
        host=host_of(address),
        sealed_address=sealed_address(address),
        sealed_secret=sealed_secret(secret),
        events=events,
        tells_restricted=tells_restricted,
    )
    with refuse_taken("webhook_name_unique", field="name", sentence=NAME_TAKEN):
        webhook.save()
    _record(Action.ADDED, webhook, by=by, after={**webhook_facts(webhook), "host": webhook.host})
    return webhook, secret


@transaction.atomic
def change_webhook(
    *,
    webhook: Webhook,
    seen: str,
    name: str,
    address: str,
    events: list[str],
    tells_restricted: bool,
    by: User,
) -> Webhook:
    """Write what is stated about a webhook over the facts that were `seen`. An empty `address`
    leaves it as it is.

    Raises what `add_webhook` raises, `Conflict` if somebody else changed it since, `StaleAnswer`
    if it was removed.
    """
    fresh = _locked(webhook, by=by)
    before = webhook_facts(fresh)
    fresh.name, fresh.events, fresh.tells_restricted = name, events, tells_restricted
    if address:
        fresh.host, fresh.sealed_address = host_of(address), sealed_address(address)
    old, new = changed(before, webhook_facts(fresh))
    if address:
        new["host"] = fresh.host
    if not new:
        return fresh
    refuse_unseen(before, seen=seen)
    with refuse_taken("webhook_name_unique", field="name", sentence=NAME_TAKEN):
        fresh.save(update_fields=["name", "events", "tells_restricted", "host", "sealed_address"])
    _record(Action.CHANGED, fresh, by=by, before=old, after=new)
    return fresh


@transaction.atomic
def set_chat(*, team: Team, address: str, by: User) -> Webhook:
    """Tell the chat behind `address` of what `team` publishes and what is late of it.

    Raises as `add_webhook` does.
    """
    require_administrator(User.objects.get(pk=by.pk))
    if not address:
        raise ValidationError({"address": NO_ADDRESS})
    values = {
        "host": host_of(address),
        "sealed_address": sealed_address(address),
    }
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    webhook, is_new = Webhook.objects.update_or_create(team=team, defaults=values)
    action = Action.ADDED if is_new else Action.CHANGED
    _record(action, webhook, by=by, after={"team_id": team.pk, "host": webhook.host})
    return webhook


@transaction.atomic
def renew_secret(*, webhook: Webhook, by: User) -> str:
    """Sign with a new secret from the next call on, and return it, this once.

    Raises `PermissionDenied` if `by` is no administrator, `StaleAnswer` if there is none to sign.
    """
    fresh = _locked(webhook, by=by)
    if fresh.is_chat:
        raise StaleAnswer("What a chat is told is not signed.")
    secret = token_urlsafe(32)
    Webhook.objects.filter(pk=fresh.pk).update(sealed_secret=sealed_secret(secret))
    _record(Action.CHANGED, fresh, by=by, after={"secret": "renewed"})
    return secret


@transaction.atomic
def pause_webhook(*, webhook: Webhook, by: User) -> None:
    """Send nothing until it is resumed; what it should be told waits. Twice is once.

    Raises `PermissionDenied` if `by` is no administrator, `StaleAnswer` if it was removed.
    """
    fresh = _locked(webhook, by=by)
    if fresh.paused_at is None:
        Webhook.objects.filter(pk=fresh.pk).update(paused_at=now(), is_given_up=False)
        _record(Action.CHANGED, fresh, by=by, after={"paused": True})


@transaction.atomic
def resume_webhook(*, webhook: Webhook, by: User) -> None:
    """Send all that waits, as if nothing had been tried. Raises as `pause_webhook` does."""
    fresh = _locked(webhook, by=by)
    if fresh.paused_at is None:
        return
    Webhook.objects.filter(pk=fresh.pk).update(
        paused_at=None, is_given_up=False, failing_since=None, quiet_until=None, misses=0
    )
    waiting = fresh.deliveries.filter(state=Delivery.State.WAITING)
    waiting.update(due_at=now(), tries=0)
    put_sending(fresh)
    _record(Action.CHANGED, fresh, by=by, after={"paused": False})


@transaction.atomic
def remove_webhook(*, webhook: Webhook, by: User) -> None:
    """Remove it with all that it was told, and tell it nothing more. Raises as `pause_webhook`
    does."""
    fresh = _locked(webhook, by=by)
    _record(Action.REMOVED, fresh, by=by, before={**webhook_facts(fresh), "host": fresh.host})
    fresh.delete()


@transaction.atomic
def send_sample(*, webhook: Webhook, by: User) -> Delivery:
    """Send something that says nothing, to see whether it arrives. Raises as `pause_webhook`
    does."""
    fresh = _locked(webhook, by=by)
    uid = uuid4()
    team = fresh.team
    body = chat_sample_body(team.name) if team else sample_body(uid, now().isoformat())
    made = Delivery.objects.create(uid=uid, webhook=fresh, event=TEST, body=body)
    put_sending(fresh)
    put_forgetting()
    return made


@transaction.atomic
def send_again(deliveries: QuerySet[Delivery], *, by: User) -> int:
    """Have what is not sent tried now, under the identity that it has; how many there were.

    Raises `PermissionDenied` if `by` is no administrator.
    """
    require_administrator(User.objects.get(pk=by.pk))
    wanted = deliveries.filter(state__in=(Delivery.State.WAITING, Delivery.State.FAILED))
    hooks = {each.webhook for each in wanted.select_related("webhook")}
    again = wanted.update(state=Delivery.State.WAITING, due_at=now(), tries=0, ended_at=None)
    Webhook.objects.filter(pk__in=[hook.pk for hook in hooks]).update(quiet_until=None)
    for hook in sorted(hooks, key=lambda hook: hook.pk):
        put_sending(hook)
    return again


def _locked(webhook: Webhook, *, by: User) -> Webhook:
    require_administrator(User.objects.get(pk=by.pk))
    fresh = (
        Webhook.objects.select_for_update(no_key=True, of=("self",)).filter(pk=webhook.pk).first()
    )
    if fresh is None:
        raise StaleAnswer(GONE)
    return fresh


def _record(
    action: Action,
    webhook: Webhook,
    *,
    by: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(action, by=by, subject="webhook", key=webhook.pk, before=before, after=after)

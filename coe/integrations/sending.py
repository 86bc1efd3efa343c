"""Sending one delivery, and what becomes of it.

At least once: a delivery is over when its server answered 2xx and that is in the database. If the
worker dies between the two, or the answer is lost, it is sent again under the same identity.

Of one webhook one is sent at a time. What the server refuses waits alone, and the next is sent; a
server that cannot be reached is left alone for a while with all that waits for it. So one that
hangs costs the others a few seconds now and then, however much it is owed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import F, Min, QuerySet
from django.utils.timezone import now

from coe.accounts.models import User
from coe.integrations.calling import Answer, CallFailed, NotCalled, call
from coe.integrations.models import Delivery, Webhook
from coe.integrations.signing import headers
from coe.jobs.services import MOST_TRIES, pause_after, put_job
from coe.web.sealing import Unsealable

SECONDS: Final = 10.0
"""How long one call may take."""
GIVEN_UP_AFTER: Final = timedelta(days=1)
"""A webhook is paused when every call failed for so long."""
BUSY_PAUSE: Final = timedelta(seconds=5)
KEPT_FOR: Final = timedelta(days=30)
LOCKS: Final = 0x0C0E
"""Advisory locks of webhooks: two workers never send to one at once."""

LOCKED_UP = (
    "The COE_SECRET_KEY of this installation is another since the address was typed. "
    "Type it again, and make a new secret."
)
RESTRICTED = "The COE was restricted before this was sent, so it was not."
RETRACTED = "The COE was retracted before this was sent, so it was not."

State = Delivery.State


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one call went: the status that came back, None where none did; empty if all is well."""

    status: int | None
    error: str = ""


def send_next(webhook: Webhook, *, as_of: datetime | None = None) -> None:
    """Send what waits for `webhook` and is due first, and see to it that the rest follows.

    It holds no row while the server is called. Must be called in a transaction, that of its job.
    """
    if webhook.paused_at:
        return
    moment = as_of or now()
    if not _is_ours(webhook):
        _put(webhook, moment + BUSY_PAUSE)
        return
    waiting = webhook.deliveries.filter(state=State.WAITING)
    is_quiet = webhook.quiet_until is not None and webhook.quiet_until > moment
    first = (
        None if is_quiet else waiting.filter(due_at__lte=moment).order_by("due_at", "pk").first()
    )
    if first:
        _send(first, webhook, moment)
    _put_rest(webhook, moment)


def _is_ours(webhook: Webhook) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCKS, webhook.pk])
        found: tuple[bool] = cursor.fetchone()
    return found[0]


def _put(webhook: Webhook, not_before: datetime) -> None:
    payload = {"webhook": webhook.pk}
    put_job("send_to_webhook", payload=payload, key=str(webhook.pk), not_before=not_before)


def _put_rest(webhook: Webhook, moment: datetime) -> None:
    """Somebody may have paused it, or told it more, while it was called.

    It is put behind whatever waits by now, so that what one is owed for long holds up no other.
    """
    fresh = Webhook.objects.filter(pk=webhook.pk, paused_at__isnull=True).first()
    if fresh is None:
        return
    due = fresh.deliveries.filter(state=State.WAITING).aggregate(at=Min("due_at"))["at"]
    if due:
        _put(fresh, max(due, fresh.quiet_until or due, moment))


def _send(delivery: Delivery, webhook: Webhook, moment: datetime) -> None:
    if why := _withheld(delivery, webhook):
        _end(delivery, State.WITHHELD, moment, error=why)
        return
    outcome = _called(delivery, webhook, moment)
    if outcome.error:
        _failed(delivery, webhook, outcome, moment)
        return
    Webhook.objects.filter(pk=webhook.pk).update(failing_since=None, quiet_until=None, misses=0)
    _end(delivery, State.SENT, moment, status=outcome.status, tries=F("tries") + 1)


def _withheld(delivery: Delivery, webhook: Webhook) -> str:
    """Why what was to be told may not be told any more."""
    document = delivery.document
    if document is None:
        return ""
    if document.is_restricted and not webhook.tells_restricted:
        return RESTRICTED
    is_gone = delivery.version is not None and document.has_withheld(delivery.version)
    return RETRACTED if is_gone else ""


def _called(delivery: Delivery, webhook: Webhook, moment: datetime) -> Outcome:
    body = delivery.body.encode()
    sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "COE"}
    try:
        if not webhook.is_chat:
            sent |= headers(
                secret=webhook.secret,
                timestamp=int(moment.timestamp()),
                body=body,
                event=delivery.event,
                uid=delivery.uid,
            )
        answer = call(
            "POST",
            webhook.address,
            body=body,
            headers=sent,
            allowed=settings.ALLOWED_NETWORKS,
            seconds=SECONDS,
        )
    except Unsealable:
        return Outcome(None, LOCKED_UP)
    except (NotCalled, CallFailed) as error:
        return Outcome(None, str(error))
    return Outcome(answer.status, _refused(answer))


def _refused(answer: Answer) -> str:
    """What the server said is not repeated: it may be anything."""
    if answer.is_good:
        return ""
    if 300 <= answer.status < 400:
        return f"The server leads elsewhere ({answer.status}), and nobody is followed."
    return f"The server answered {answer.status}."


def _failed(delivery: Delivery, webhook: Webhook, outcome: Outcome, moment: datetime) -> None:
    """Try it again later; the webhook is paused if nothing went right for a day."""
    since = webhook.failing_since or moment
    misses = 0 if outcome.status else min(webhook.misses + 1, MOST_TRIES)
    quiet_until = moment + pause_after(misses) if misses else None
    hook = Webhook.objects.filter(pk=webhook.pk)
    hook.update(failing_since=since, misses=misses, quiet_until=quiet_until)
    tries = delivery.tries + 1
    told = {"status": outcome.status, "error": outcome.error, "tries": tries}
    if moment - since >= GIVEN_UP_AFTER and hook.filter(paused_at__isnull=True).update(
        paused_at=moment, is_given_up=True
    ):
        _tell_administrators(webhook)
    elif tries >= MOST_TRIES:
        _end(delivery, State.FAILED, moment, **told)
        return
    due_at = moment + pause_after(tries)
    _still_waiting(delivery).update(tried_at=moment, due_at=due_at, **told)


def _end(delivery: Delivery, state: Delivery.State, moment: datetime, **told: object) -> None:
    values = {"error": "", "tried_at": moment, **told, "state": state, "ended_at": moment}
    _still_waiting(delivery).update(**values)


def _still_waiting(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=State.WAITING)


def _tell_administrators(webhook: Webhook) -> None:
    people = User.objects.filter(is_administrator=True, is_active=True, joined_at__isnull=False)
    for person in people.order_by("pk"):
        payload = {"webhook": webhook.pk, "person": person.pk}
        put_job("mail_webhook_paused", payload=payload, key=f"{webhook.pk} {person.pk}")


def forget_old(*, as_of: datetime) -> bool:
    """Delete what is older than `KEPT_FOR`, sent or not; whether anything is left."""
    Delivery.objects.filter(made_at__lt=as_of - KEPT_FOR).delete()
    return Delivery.objects.exists()

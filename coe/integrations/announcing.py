"""Who is told of an event: one delivery for each, written at once."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Q
from django.utils.timezone import now

from coe.accounts.models import Team
from coe.actions.models import Promise
from coe.documents.models import Document
from coe.integrations.bodies import Happened, chat_body, signed_body
from coe.integrations.models import Delivery, Webhook
from coe.jobs.models import Job
from coe.jobs.services import put_job
from coe.notices.daily import next_night
from coe.notices.events import OF_ITEMS, Event
from coe.publishing.models import Publication

CHAT_EVENTS = (Event.COE_PUBLISHED, Event.ITEM_LATE, Event.ITEM_ESCALATED)
"""What the chat of a team is told."""

NEAREST = """
WITH RECURSIVE above(id, distance) AS (
    SELECT %s::bigint, 0
    UNION ALL
    SELECT team.parent_id, distance + 1 FROM coe_team team JOIN above ON team.id = above.id
    WHERE team.parent_id IS NOT NULL
)
SELECT hook.id FROM above JOIN coe_webhook hook ON hook.team_id = above.id
ORDER BY distance LIMIT 1"""


@transaction.atomic
def deliver_to_all(payload: dict[str, Any]) -> None:
    """Write down what every webhook that wants to know is told of what was announced, and have it
    sent. Called once for each event, in a transaction that keeps it so."""
    documents = Document.objects.kept().select_related("incident")
    document = documents.filter(pk=payload["document"]).first()
    if document is None:
        return
    event = Event(payload["event"])
    hooks = [*_listening(event, document, payload)]
    if not hooks:
        return
    happened = [*_happened(event, document, payload)]
    made = [_delivery(hook, each) for each in happened for hook in hooks]
    Delivery.objects.bulk_create(made)
    for hook in hooks:
        put_sending(hook)
    put_forgetting()


def put_sending(webhook: Webhook) -> None:
    """Have what waits for `webhook` sent, after this transaction."""
    put_job("send_to_webhook", payload={"webhook": webhook.pk}, key=str(webhook.pk))


def put_what_is_owed() -> None:
    """Have sent what waits where no job is to send it: it failed for good, or died too often."""
    jobs = Job.objects.filter(kind="send_to_webhook", state=Job.State.WAITING)
    seen_to = set(jobs.values_list("key", flat=True))
    owed = Delivery.objects.filter(state=Delivery.State.WAITING).values("webhook")
    for hook in Webhook.objects.filter(pk__in=owed, paused_at__isnull=True).order_by("pk"):
        if str(hook.pk) not in seen_to:
            put_sending(hook)


def put_forgetting() -> None:
    put_job("forget_deliveries", payload={}, key="nightly", not_before=next_night(now()))


def _listening(event: Event, document: Document, payload: dict[str, Any]) -> Iterator[Webhook]:
    """Of a restricted COE only those who are to know of such: no chat ever."""
    wanted = Q(team__isnull=True, events__contains=[event.value])
    if document.is_restricted:
        wanted &= Q(tells_restricted=True)
    yield from Webhook.objects.filter(wanted).order_by("pk")
    is_for_chats = event in CHAT_EVENTS and not document.is_restricted
    if is_for_chats and (chat := chat_of(_team_of(event, document, payload))):
        yield chat


def _team_of(event: Event, document: Document, payload: dict[str, Any]) -> Team:
    """Whom it concerns: of items the team that readers are told of, which a correction that is
    written may have left."""
    if event not in OF_ITEMS:
        return document.incident.team
    items = Promise.objects.filter(document=document, uid__in=payload["items"])
    promise = items.select_related("team").order_by("pk").first()
    return promise.team if promise else document.incident.team


def chat_of(team: Team) -> Webhook | None:
    """The chat of `team`, or of the nearest one above that has one."""
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, [team.pk])
        found = cursor.fetchone()
    return Webhook.objects.select_related("team").get(pk=found[0]) if found else None


def _happened(event: Event, document: Document, payload: dict[str, Any]) -> Iterator[Happened]:
    current = document.publications.filter(state=Publication.State.CURRENT).first()
    promises: list[Promise | None] = [None]
    if event in OF_ITEMS:
        items = Promise.objects.filter(document=document, uid__in=payload["items"])
        promises = [*items.select_related("owner").order_by("pk")]
    for promise in promises:
        yield Happened(
            event=event,
            at=payload["at"],
            by=payload["by"],
            document=document,
            publication=current,
            promise=promise,
            facts=payload["facts"],
        )


def _delivery(webhook: Webhook, happened: Happened) -> Delivery:
    uid = uuid4()
    return Delivery(
        uid=uid,
        webhook=webhook,
        document=happened.document,
        event=happened.event.value,
        body=chat_body(happened) if webhook.is_chat else signed_body(happened, uid),
        version=happened.publication.version if happened.publication else None,
        is_restricted=happened.document.is_restricted,
    )

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from coe.database.kept import prepared_cursor
from coe.history.models import Action, HistoryEvent, HistoryText
from coe.web.versions import Conflict

if TYPE_CHECKING:
    from coe.accounts.models import User

Values = Mapping[str, Any]

APPEND = """
WITH event AS (
    INSERT INTO coe_historyevent
        (actor_id, action, document_id, subject, subject_key, version, content_hash, token)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (document_id, subject, subject_key, actor_id, token) WHERE token IS NOT NULL
        DO NOTHING
    RETURNING id, at
), text AS (INSERT INTO coe_historytext (event_id, content) SELECT id, %s::jsonb FROM event)
SELECT id, at FROM event"""
"""One statement for both, since every save waits for it."""


def record(
    action: Action,
    *,
    by: "User",
    subject: str,
    key: object,
    document_id: int | None = None,
    version: int | None = None,
    before: Values | None = None,
    after: Values | None = None,
    token: UUID | None = None,
) -> HistoryEvent:
    """Append one event and its text to the history.

    `token` names the attempt, where the client made one for it. Raises `Conflict` if this attempt
    of `by` is told already: what it wrote has been removed or written over since.

    Must be called inside the transaction of the change that it tells of, so that neither exists
    without the other. Raises `RuntimeError` elsewhere.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError("History is written in the transaction of the change it tells of.")
    content = json.dumps(
        {"before": dict(before or {}), "after": dict(after or {})},
        cls=DjangoJSONEncoder,
        sort_keys=True,
    )
    event = HistoryEvent(
        actor=by,
        action=action,
        document_id=document_id,
        subject=subject,
        subject_key=str(key),
        version=version,
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
        token=token,
    )
    told = (event.subject, event.subject_key, version, event.content_hash, token, content)
    with prepared_cursor() as cursor:
        cursor.execute(APPEND, [by.pk, action, document_id, *told])
        written = cursor.fetchone()
    if written is None:
        raise Conflict
    event.pk, event.at = written
    return event


@transaction.atomic
def redact_content(
    events: Collection[int], *, document_id: int, key: object, reason: str, by: "User"
) -> HistoryEvent:
    """Empty the texts of `events` of a document for good: somebody pasted a secret.

    Who did what when, and the hash, stay. That it was done is recorded with the reason and the
    events, and nothing of what they held. Raises `ValueError` without a reason or without events,
    or if one of them is no event of the document.
    """
    if not reason.strip() or not events:
        raise ValueError("To empty events takes a reason, and events.")
    texts = HistoryText.objects.filter(event__document=document_id, pk__in=events)
    if texts.update(content=None) != len(set(events)):
        raise ValueError("Only events of the one document can be emptied.")
    return record(
        Action.REDACTED,
        by=by,
        subject="document",
        key=key,
        document_id=document_id,
        after={"reason": reason, "events": sorted(events)},
    )


def as_written(values: Values) -> dict[str, Any]:
    """`values` as the history gives them back: moments and numbers are texts."""
    return dict(json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder)))


def changed(before: Values, after: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parts of `before` and `after` in which the two differ."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}

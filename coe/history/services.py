import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from coe.history.models import Action, HistoryEvent
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
    with connection.cursor() as cursor:
        cursor.execute(APPEND, [by.pk, action, document_id, *told])
        written = cursor.fetchone()
    if written is None:
        raise Conflict
    event.pk, event.at = written
    return event


def changed(before: Values, after: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parts of `before` and `after` in which the two differ."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}

"""Events of a COE at times of one's choice, as tests of its history need them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from coe.accounts.models import User
from coe.documents.models import Document
from coe.history.models import Action, HistoryEvent, HistoryText

MORNING = datetime(2100, 11, 14, 9, 12, tzinfo=UTC)
"""Long after everything that tests do through services."""


def saved(
    document: Document,
    by: User,
    minute: int,
    *,
    subject: str = "section",
    key: object = "summary",
    action: Action = Action.CHANGED,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> HistoryEvent:
    """An event so many minutes after `MORNING`, whatever the tables hold."""
    event = HistoryEvent.objects.create(
        at=MORNING + timedelta(minutes=minute),
        actor=by,
        action=action,
        document=document,
        subject=subject,
        subject_key=str(key),
        content_hash="0" * 64,
    )
    content = {"before": before or {}, "after": after or {}}
    HistoryText.objects.create(event=event, content=content)
    return event


def saved_often(document: Document, by: User, number: int, *, a_minute: int = 4) -> None:
    """So many saves of the summary, so many in a minute."""
    events = HistoryEvent.objects.bulk_create(
        HistoryEvent(
            at=MORNING + timedelta(minutes=place // a_minute),
            actor=by,
            action=Action.CHANGED,
            document=document,
            subject="section",
            subject_key="summary",
            version=place + 2,
            content_hash="0" * 64,
        )
        for place in range(number)
    )
    HistoryText.objects.bulk_create(
        HistoryText(
            event=event,
            content={"before": {"text": f"word {place}"}, "after": {"text": f"word {place + 1}"}},
        )
        for place, event in enumerate(events)
    )


def emptied(event: HistoryEvent) -> None:
    """As a redaction leaves it."""
    HistoryText.objects.filter(event=event).update(content=None)

"""Who waits for whom. Content is written under a shared lock of the document row, so that
writers do not wait for each other; whatever judges the whole COE takes the row alone.

Content writers must not update the document row itself: two of them would wait for each other.
"""

from uuid import UUID

from django.db import connection

from coe.documents.models import Document, DocumentRow, State
from coe.web.errors import StaleAnswer


class ReadOnly(StaleAnswer):
    """The COE is approved: its text stands until somebody reopens it."""

    def __init__(self) -> None:
        super().__init__(
            "This COE has been approved, so its text stands. Reopen it to write a correction."
        )


def lock_for_content(document: Document) -> None:
    """Keep the state of `document` as it is until the transaction ends, beside other writers.

    Raises `ReadOnly` if it is approved. Must be called inside a transaction, before the write.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM coe_document WHERE id = %s FOR SHARE", [document.pk])
        (state,) = cursor.fetchone()
    if state == State.APPROVED:
        raise ReadOnly


def lock_whole(document: Document) -> Document:
    """Take `document` alone until the transaction ends, and return it as it is now.

    Two statements: one that waited for the lock would still show the rows joined to it as they
    were before the wait.
    """
    Document.objects.select_for_update().only("pk").get(pk=document.pk)
    return Document.objects.with_readers_fields().get(pk=document.pk)


def lock_order(document: Document, kind: type[DocumentRow]) -> None:
    """Let one transaction at a time add, move or connect rows of one kind in `document`."""
    _lock_name(kind._meta.db_table, document.pk)


def lock_openings(uid: UUID) -> None:
    """Let one transaction at a time open the COE `uid`, so that a repeated request sees it."""
    _lock_name(f"open_coe {uid}", 0)


def _lock_name(name: str, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [name, key])

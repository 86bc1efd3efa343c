"""Who waits for whom. Content is written under a shared lock of the document row, so that
writers do not wait for each other; whatever judges the whole COE takes the row alone.

Content writers must not update the document row itself: two of them would wait for each other.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.http import Http404

from coe.database.kept import prepared_cursor
from coe.database.locks import lock_name
from coe.documents.models import Document, DocumentRow, Section, State
from coe.web.errors import StaleAnswer


class ReadOnly(StaleAnswer):
    """The COE is approved: its text stands until somebody reopens it."""

    def __init__(self) -> None:
        super().__init__(
            "This COE has been approved, so its text stands. Reopen it to write a correction."
        )


class Discarded(Http404):
    """The owner has thrown the draft away meanwhile: now it is as if it had never been there."""


def lock_for_content(document: Document) -> None:
    """Keep the state of `document` as it is until the transaction ends, beside other writers.

    Raises `ReadOnly` if it is approved and `Discarded` if it was thrown away. Must be called
    inside a transaction, before the write.
    """
    statement = "SELECT state, discarded_at FROM coe_document WHERE id = %s FOR SHARE"
    with connection.cursor() as cursor:
        cursor.execute(statement, [document.pk])
        state, discarded_at = cursor.fetchone()
    if discarded_at:
        raise Discarded
    if state == State.APPROVED:
        raise ReadOnly


WRITE_SECTION = """
WITH held AS MATERIALIZED (
    SELECT id FROM coe_document
    WHERE id = %s AND state <> %s AND discarded_at IS NULL FOR SHARE
)
UPDATE coe_section SET text = %s, version = version + 1 FROM held
WHERE coe_section.id = %s AND coe_section.version = %s AND coe_section.document_id = held.id"""


def write_section(section: Section, text: str) -> bool:
    """`lock_for_content` and the write over the version that `section` has, in one statement.

    Return whether it was written; `section` in memory is then brought up to date. Where it was
    not, nothing is known of why. Must be called inside a transaction.
    """
    over = (text, section.pk, section.version)
    with prepared_cursor() as cursor:
        cursor.execute(WRITE_SECTION, (section.document_id, State.APPROVED.value, *over))
        is_written = bool(cursor.rowcount)
    if is_written:
        section.text, section.version = text, section.version + 1
    return is_written


def lock_whole(document: Document) -> Document:
    """Take `document` alone until the transaction ends, and return it as it is now.

    Raises `Discarded` if it was thrown away.
    """
    fresh = lock_even_discarded(document)
    if fresh.discarded_at:
        raise Discarded
    return fresh


def lock_even_discarded(document: Document) -> Document:
    """`lock_whole`, also of a draft that was thrown away.

    Two statements: one that waited for the lock would still show the rows joined to it as they
    were before the wait.
    """
    Document.objects.select_for_update().only("pk").get(pk=document.pk)
    return Document.objects.with_readers_fields().get(pk=document.pk)


def keep_documents(keys: Collection[int]) -> None:
    """Wait for whoever has one of these documents alone, and keep everybody from it; whoever
    writes rows of several, which those who have one alone write as well, does so first."""
    statement = "SELECT FROM coe_document WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys)])


def lock_order(document: Document, kind: type[DocumentRow]) -> None:
    """Let one transaction at a time add, move or connect rows of one kind in `document`."""
    lock_name(kind._meta.db_table, document.pk)


def lock_openings(uid: UUID) -> None:
    """Let one transaction at a time open the COE `uid`, so that a repeated request sees it."""
    lock_name(f"open_coe {uid}")

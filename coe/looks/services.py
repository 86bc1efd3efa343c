"""Writing down what a person has seen. It is theirs alone, and no part of the history."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from coe.accounts.models import User
from coe.chronicle.sittings import PAUSE
from coe.documents.models import Document
from coe.history.known import Known
from coe.looks.models import Tick

NOTE = """
INSERT INTO coe_look AS look (document_id, user_id, before, before_at, seen, seen_at)
VALUES (%(document)s, %(user)s, %(seen)s, now(), %(seen)s, now())
ON CONFLICT (document_id, user_id) DO UPDATE SET
    before = CASE WHEN look.seen_at < now() - %(pause)s THEN look.seen ELSE look.before END,
    before_at = CASE WHEN look.seen_at < now() - %(pause)s
        THEN look.seen_at ELSE look.before_at END,
    seen = EXCLUDED.seen, seen_at = EXCLUDED.seen_at"""
"""One statement, since whoever reads waits for it."""

CATCH_UP = """
INSERT INTO coe_look (document_id, user_id, before, before_at, seen, seen_at)
VALUES (%(document)s, %(user)s, %(seen)s, now(), %(seen)s, now())
ON CONFLICT (document_id, user_id) DO UPDATE SET
    before = EXCLUDED.before, before_at = EXCLUDED.before_at,
    seen = EXCLUDED.seen, seen_at = EXCLUDED.seen_at"""


def note_look(document: Document, *, known: Known, by: User) -> None:
    """Write down that `by` had the working copy on the screen, with what these events made of it.

    `known` is asked before the page is read from the tables, so that it may show more than it is
    noted for and never less. What they are told of stays the same until they have been away for
    as long as ends a sitting: loading the page again takes nothing away.
    """
    _write(NOTE, document, known, by)


@transaction.atomic
def tick_all(
    document: Document, *, parts: Mapping[str, str], known: Known | None, by: User
) -> None:
    """Tick off all of `parts`, each for the digest that was on the screen.

    Where it was the working copy of now that was compared, `known` are the events whose outcome
    that was: from there on is told what changes next.
    """
    rows = [
        Tick(document=document, user=by, part=part, digest=digest, ticked_at=Now())
        for part, digest in parts.items()
    ]
    _store(rows)
    if known:
        _write(CATCH_UP, document, known, by)


def tick_part(document: Document, *, part: str, digest: str, by: User) -> None:
    """Tick off what the part says where it has this digest."""
    _store([Tick(document=document, user=by, part=part, digest=digest, ticked_at=Now())])


def untick_part(document: Document, *, part: str, by: User) -> None:
    """Take back the tick of `by`; without one nothing happens."""
    Tick.objects.filter(document=document, user=by, part=part).delete()


def _store(ticks: list[Tick]) -> None:
    Tick.objects.bulk_create(
        ticks,
        update_conflicts=True,
        unique_fields=["document", "user", "part"],
        update_fields=["digest", "ticked_at"],
    )


def _write(sql: str, document: Document, known: Known, by: User) -> None:
    values: dict[str, Any] = {
        "document": document.pk,
        "user": by.pk,
        "seen": str(known),
        "pause": PAUSE,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)

"""A clock that the tests set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import connection

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseEvent
from coe.actions.services import PromisedAction, keep_promises
from coe.documents.models import Document
from tests.documents.making import make_action


def promise_all(
    document: Document, *promised: tuple[str, User | None, date | None]
) -> dict[str, Promise]:
    """As if the COE were published with these corrections: title, owner, due date."""
    stated = []
    for title, owner, due_on in promised:
        item = make_action(document, title, owner_id=owner and owner.pk, due_on=due_on)
        stated.append(
            PromisedAction(uid=item.uid, title=title, due_on=due_on, priority=1, kind="detect")
        )
    keep_promises(document, promised=stated, by=document.owner)
    Document.objects.filter(pk=document.pk).update(current_version=1)
    kept = Promise.objects.with_readers_fields().filter(document=document)
    return {promise.title: promise for promise in kept}


def backdate(moment: datetime, *, after: int) -> None:
    """What happened to promises since there were so many events happened at that moment. The
    database refuses to rewrite a story, so its triggers rest."""
    recent = [*PromiseEvent.objects.order_by("pk").values_list("pk", flat=True)[after:]]
    with resting_triggers():
        PromiseEvent.objects.filter(pk__in=recent).update(at=moment)


@contextmanager
def resting_triggers() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


BREAKS = """
CREATE SEQUENCE crash_of_tests;
CREATE FUNCTION crash_of_tests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('crash_of_tests') > {after} THEN RAISE EXCEPTION 'the power is out'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER crash_of_tests BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION crash_of_tests();
"""
MENDS = """
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
DROP TRIGGER crash_of_tests ON {table};
DROP FUNCTION crash_of_tests();
DROP SEQUENCE crash_of_tests;
"""


@contextmanager
def breaking_at(table: str, *, after: int) -> Iterator[None]:
    """So many rows can be added to the table, then whoever adds one is thrown out."""
    with connection.cursor() as cursor:
        cursor.execute(BREAKS.format(table=table, after=after))
        yield
        cursor.execute(MENDS.format(table=table))

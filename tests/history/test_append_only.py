"""History is only ever added to: the database refuses anything else, whoever asks."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from coe.documents.models import Document
from coe.history.models import HistoryEvent, HistoryText
from tests.people import People

pytestmark = pytest.mark.django_db

REFUSAL = "is only ever added to"


def run(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)


@pytest.fixture
def event(document: Document) -> HistoryEvent:
    return HistoryEvent.objects.filter(document=document).order_by("pk")[0]


@pytest.mark.parametrize(
    "values",
    [
        {"at": datetime(2001, 1, 1, tzinfo=UTC)},
        {"action": "removed"},
        {"document": None},
        {"subject": "cause"},
        {"subject_key": "COE-2026-9999"},
        {"version": 7},
        {"content_hash": "0" * 64},
    ],
)
def test_no_part_of_an_event_can_be_changed(event: HistoryEvent, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        HistoryEvent.objects.filter(pk=event.pk).update(**values)


def test_nobody_can_be_made_the_one_who_did_it(event: HistoryEvent, people: People) -> None:
    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        HistoryEvent.objects.filter(pk=event.pk).update(actor=people.stranger)


def test_not_even_an_update_that_changes_nothing_is_taken(event: HistoryEvent) -> None:
    with pytest.raises(IntegrityError, match=REFUSAL):
        run("UPDATE coe_historyevent SET action = action WHERE id = %s", event.pk)


@pytest.mark.parametrize(
    ("table", "key"), [("coe_historyevent", "id"), ("coe_historytext", "event_id")]
)
def test_nothing_can_be_deleted(event: HistoryEvent, table: str, key: str) -> None:
    with pytest.raises(IntegrityError, match=f"{table} {REFUSAL}"):
        run(f"DELETE FROM {table} WHERE {key} = %s", event.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE coe_historytext",
        "TRUNCATE coe_historyevent, coe_historytext",
        "TRUNCATE coe_historyevent CASCADE",
        "TRUNCATE coe_document CASCADE",
        "TRUNCATE coe_user CASCADE",
    ],
)
def test_nothing_can_be_truncated_not_even_by_way_of_another_table(
    event: HistoryEvent, statement: str
) -> None:
    with pytest.raises(IntegrityError, match=REFUSAL):
        run(statement)

    assert HistoryEvent.objects.filter(pk=event.pk).exists()


def test_a_document_or_a_person_with_history_cannot_be_deleted_from_under_it(
    event: HistoryEvent,
) -> None:
    for statement, key in (
        ("DELETE FROM coe_document WHERE id = %s", event.document_id),
        ("DELETE FROM coe_user WHERE id = %s", event.actor_id),
    ):
        with pytest.raises(IntegrityError, match="violates foreign key"):
            run(statement, key)


def test_a_text_can_be_emptied_and_who_when_and_hash_stay(event: HistoryEvent) -> None:
    HistoryText.objects.filter(pk=event.pk).update(content=None)

    stored = HistoryEvent.objects.select_related("text").get(pk=event.pk)
    assert stored.text.content is None
    assert (stored.actor_id, stored.at, stored.content_hash) == (
        event.actor_id,
        event.at,
        event.content_hash,
    )


@pytest.mark.parametrize("content", ['{"before": {}, "after": {}}', "null", "{}", '""'])
def test_a_text_can_be_emptied_but_never_rewritten(event: HistoryEvent, content: str) -> None:
    statement = "UPDATE coe_historytext SET content = %s::jsonb WHERE event_id = %s"
    with pytest.raises(IntegrityError, match=REFUSAL):
        run(statement, content, event.pk)

    HistoryText.objects.filter(pk=event.pk).update(content=None)
    with pytest.raises(IntegrityError, match=REFUSAL):
        run(statement, content, event.pk)


def test_a_text_cannot_be_put_beside_another_event_not_even_an_emptied_one(
    event: HistoryEvent, document: Document
) -> None:
    bare = HistoryEvent.objects.create(
        actor=document.owner, action="changed", subject="x", subject_key="x", content_hash="0" * 64
    )
    statement = "UPDATE coe_historytext SET event_id = %s, content = NULL WHERE event_id = %s"

    with pytest.raises(IntegrityError, match=REFUSAL):
        run(statement, bare.pk, event.pk)


def test_an_event_has_one_text(event: HistoryEvent) -> None:
    with pytest.raises(IntegrityError, match="coe_historytext_pkey"), transaction.atomic():
        HistoryText.objects.create(event=event, content={})

"""What was judged and what was published stands in the database, whoever asks."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from coe.documents.models import Document
from coe.publishing.models import Publication
from coe.publishing.retracting import retract
from coe.snapshots.models import StoredSnapshot
from tests.people import People
from tests.reviews.steps import publish_draft

pytestmark = pytest.mark.django_db

Refused = Callable[[str], None]

COLUMNS = {
    "version": "7",
    "title": "'Another'",
    "severity": "4",
    "team": "'Another'",
    "owning_team_id": "owning_team_id + 1",
    "service_id": "1",
    "zone": "'Asia/Tokyo'",
    "impact_started_at": "now()",
    "resolved_in": "7",
    "is_resolved_about": "true",
    "envelope": "'{}'::jsonb",
    "published_at": "now() + interval '1 day'",
    "published_by_id": "published_by_id + 1",
    "snapshot_id": "snapshot_id + 1",
    "document_id": "document_id + 1",
    "id": "id + 1",
}


TABLES = ["coe_publication", "coe_publishedtext", "coe_storedsnapshot"]


def sql(statement: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


@pytest.fixture(autouse=True)
def published(document: Document, people: People) -> Publication:
    return publish_draft(document, people)


def test_every_column_of_a_publication_is_tried_here() -> None:
    columns = {field.column for field in Publication._meta.concrete_fields}
    assert columns == {*COLUMNS, "state"}


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_a_publication_changes(column: str) -> None:
    with pytest.raises(DatabaseError, match="a published version stands"):
        sql(f"UPDATE coe_publication SET {column} = {COLUMNS[column]}")


def test_only_its_state_changes(published: Publication) -> None:
    assert sql("UPDATE coe_publication SET state = 'superseded'") == 1
    published.refresh_from_db()
    assert published.state == Publication.State.SUPERSEDED


@pytest.mark.parametrize("end", ["superseded", "retracted"])
def test_a_version_ends_once(end: str) -> None:
    assert sql(f"UPDATE coe_publication SET state = '{end}'") == 1
    for other in {"current", "superseded", "retracted"} - {end}:
        with pytest.raises(DatabaseError, match=f"was {end} never becomes {other}"):
            sql(f"UPDATE coe_publication SET state = '{other}'")
    assert sql(f"UPDATE coe_publication SET state = '{end}'") == 1


def test_a_retraction_stands(document: Document, people: People) -> None:
    retract(document, version=1, reason="It is wrong.", by=people.owner)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for assignment in (
        "reason = 'It was right.'",
        "name = ''",
        "reason = '', user_id = user_id + 1",
    ):
        with pytest.raises(DatabaseError, match="a retraction stands"):
            sql(f"UPDATE coe_retraction SET {assignment}")
    assert sql("UPDATE coe_retraction SET reason = ''") == 1
    for statement in (
        "DELETE FROM coe_retraction",
        "TRUNCATE coe_retraction CASCADE",
    ):
        with pytest.raises(DatabaseError, match="only ever added to"):
            sql(statement)
    with pytest.raises(DatabaseError, match="current_after_retracted"):
        sql("UPDATE coe_document SET current_version = 1")


def test_its_state_does_not_take_another_change_along() -> None:
    with pytest.raises(DatabaseError, match="a published version stands"):
        sql("UPDATE coe_publication SET state = 'superseded', title = 'Another'")


@pytest.mark.parametrize(
    "assignment", ["content = '\\x00'", "digest = repeat('0', 64)", "taken_at = now()"]
)
def test_a_stored_snapshot_does_not_change(assignment: str) -> None:
    before = list(StoredSnapshot.objects.values_list("digest", "taken_at"))
    with pytest.raises(DatabaseError, match="only ever added to"):
        sql(f"UPDATE coe_storedsnapshot SET {assignment}")
    assert list(StoredSnapshot.objects.values_list("digest", "taken_at")) == before


def test_the_words_of_a_publication_do_not_change() -> None:
    with pytest.raises(DatabaseError, match="only ever added to"):
        sql("UPDATE coe_publishedtext SET words = ''")


@pytest.mark.parametrize("table", TABLES)
def test_none_can_be_deleted(table: str) -> None:
    with pytest.raises(DatabaseError, match="only ever added to"):
        sql(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_none_can_be_emptied(table: str) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # what this transaction still has to check goes first
    with pytest.raises(DatabaseError, match="only ever added to"):
        sql(f"TRUNCATE {table} CASCADE")


def test_a_coe_has_one_current_version_at_most(published: Publication) -> None:
    copy = (
        "document_id, snapshot_id, title, severity, team, zone, is_resolved_about, envelope, "
        "published_by_id, published_at"
    )
    with pytest.raises(DatabaseError, match="one_current_version"):
        sql(
            f"INSERT INTO coe_publication (version, state, {copy}) "
            f"SELECT 2, 'current', {copy} FROM coe_publication"
        )

"""The search for every acknowledged word sees what it is there to see."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from coe.documents.contents import Lesson
from coe.documents.models import Document, Section
from coe.documents.rows import add_row, remove_row, save_row
from coe.documents.services import save_section
from prove.checker import Finding, check
from prove.ledger import Ledger, Write
from tests.people import People

pytestmark = pytest.mark.django_db

UID = UUID("11111111-2222-3333-4444-555555555555")
IN_SECTION = Write("m1x1", "section", "summary")
IN_ROW = Write("m2x1", "lesson", str(UID))


@pytest.fixture
def written(document: Document, people: People) -> Document:
    """A section and a row, each with a word that was acknowledged."""
    section = Section.objects.get(document=document, slug="summary")
    save_section(section, version=1, text="pager m1x1 queue", by=people.owner)
    values = {"kind": Lesson.Kind.WELL, "text": "before"}
    row = add_row(Lesson, document=document, uid=UID, values=values, by=people.owner)
    save_row(row, version=1, values=values | {"text": "m2x1 alarm"}, by=people.contributor)
    return document


def searched(document: Document, *, removed: tuple[tuple[str, str], ...] = ()) -> Finding:
    connection.ensure_connection()
    ledger = Ledger(acknowledged=[IN_SECTION, IN_ROW], removed=list(removed))
    return check(connection.connection, document.reference, ledger)


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_nothing_is_found_where_every_word_is_in_its_place(written: Document) -> None:
    assert searched(written).lines() == []


def test_a_word_that_went_with_a_row_that_somebody_removed_is_not_lost(
    written: Document, people: People
) -> None:
    remove_row(Lesson.objects.get(uid=UID), version=2, by=people.owner)
    assert searched(written, removed=(("lesson", str(UID)),)).lines() == []


def test_a_word_that_was_written_over_is_lost_though_the_history_has_it(
    written: Document, people: People
) -> None:
    section = Section.objects.get(document=written, slug="summary")
    save_section(section, version=2, text="somebody else's words", by=people.contributor)
    assert searched(written).lines() == ["lost: m1x1 in section summary is in no text"]


def test_a_word_in_the_text_alone_is_missed_in_the_history(document: Document) -> None:
    execute("UPDATE coe_section SET text = 'm1x1' WHERE slug = 'summary'")
    connection.ensure_connection()
    found = check(connection.connection, document.reference, Ledger(acknowledged=[IN_SECTION]))
    assert found.lines() == ["lost: m1x1 in section summary is not in the history"]


def test_a_row_that_was_added_by_both_of_two_requests_is_doubled(
    written: Document, people: People
) -> None:
    values = {"kind": Lesson.Kind.WELL, "text": "m2x1 alarm"}
    add_row(Lesson, document=written, uid=uuid4(), values=values, by=people.contributor)
    assert searched(written).doubled == [
        f"m2x1 in lesson {UID} is in the text 2 times",
        f"m2x1 in lesson {UID} was written 2 times",
    ]


def test_a_row_that_comes_back_by_a_late_request_is_doubled(
    written: Document, people: People
) -> None:
    row = Lesson.objects.get(uid=UID)
    values = row.content()
    remove_row(row, version=2, by=people.owner)
    add_row(Lesson, document=written, uid=UID, values=values, by=people.contributor)
    found = searched(written, removed=(("lesson", str(UID)),))
    assert f"lesson {UID} was added 2 times" in found.doubled
    assert found.lost == [f"The removal of lesson {UID}: it is there"]


def test_a_version_that_nobody_wrote_is_a_gap(written: Document) -> None:
    execute("UPDATE coe_lesson SET version = 4 WHERE uid = %s", UID)
    assert searched(written).lines() == [f"broken: lesson {UID} is at 4, its history at 2"]


def test_a_change_that_does_not_start_from_the_one_before_it_is_told(
    written: Document, people: People
) -> None:
    execute("UPDATE coe_section SET text = 'unseen' WHERE slug = 'summary'")
    section = Section.objects.get(document=written, slug="summary")
    save_section(section, version=2, text="m1x1 again", by=people.owner)
    assert "section summary v3 is not over the last" in searched(written).broken


def test_two_rows_at_one_place_are_told(written: Document, people: People) -> None:
    values = {"kind": Lesson.Kind.WELL, "text": "another"}
    add_row(Lesson, document=written, uid=uuid4(), values=values, by=people.owner)
    execute("UPDATE coe_lesson SET position = 1024")
    assert searched(written).lines() == ["broken: Two rows at ('lesson', 1024)"]


def test_words_that_clashed_and_were_not_kept_are_lost(written: Document) -> None:
    connection.ensure_connection()
    ledger = Ledger(clashed=[Write("m7x7", "section", "summary")])
    found = check(connection.connection, written.reference, ledger)
    assert found.lines() == ["lost: m7x7 clashed in section and was not kept"]

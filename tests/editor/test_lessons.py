"""Lessons stand under the heading of their kind, and are ordered among those."""

from uuid import uuid4

from coe.documents.contents import Lesson
from coe.documents.models import Document
from coe.documents.rows import add_row
from tests.editor.writer import Writer
from tests.people import People


def test_a_lesson_changes_places_with_its_neighbour_under_the_same_heading(
    owner: Writer, document: Document, people: People
) -> None:
    told = (("well", "Kept calm"), ("badly", "Woke nobody"), ("well", "Wrote it down"))
    rows = {
        text: add_row(
            Lesson,
            document=document,
            uid=uuid4(),
            values={"kind": kind, "text": text},
            by=people.owner,
        )
        for kind, text in told
    }
    path = f"lessons/{rows['Wrote it down'].uid}/move/"
    assert owner.send(path, {"to": "up"}).status == 303
    lessons = Lesson.objects.filter(document=document, kind="well")
    assert [each.text for each in lessons] == ["Wrote it down", "Kept calm"]
    assert owner.send(path, {"to": "up"}).status == 303
    assert [each.text for each in Lesson.objects.filter(document=document)] == [
        "Wrote it down",
        "Woke nobody",
        "Kept calm",
    ]

"""What a thing said at a version, told again from its history."""

from typing import Any
from uuid import UUID

import pytest

from coe.documents.contents import Lesson
from coe.documents.models import Document
from coe.documents.rows import add_row, move_row, remove_row, save_row
from coe.documents.services import save_section
from coe.history.models import HistoryEvent
from coe.history.replay import content_at
from coe.timeline.models import Entry
from coe.timeline.services import MilestoneChange, save_milestones
from tests.documents.making import make_line, moment
from tests.people import People

pytestmark = pytest.mark.django_db

UID = UUID("3c1f0d5a-8e2b-4b7c-9a6d-2f4e6a8c0b1d")


def redact(document: Document, subject: str, version: int) -> None:
    event = HistoryEvent.objects.get(document=document, subject=subject, version=version)
    event.text.content = None
    event.text.save()


def write_summary(document: Document, *texts: str) -> None:
    section = document.sections.get(slug="summary")
    for text in texts:
        save_section(section, version=section.version, text=text, by=document.owner)


def summary_at(document: Document, version: int) -> dict[str, Any] | None:
    return content_at(document.pk, "section", "summary", version)


def test_a_section_is_told_at_every_version(document: Document) -> None:
    write_summary(document, "one", "two", "three")
    told = [summary_at(document, version) for version in range(1, 6)]
    assert told == [{"text": ""}, {"text": "one"}, {"text": "two"}, {"text": "three"}, None]


def test_of_what_nobody_has_saved_nothing_is_told(document: Document) -> None:
    assert summary_at(document, 1) is None


def test_a_row_is_told_whole_though_each_save_tells_a_part(
    document: Document, people: People
) -> None:
    line = make_line(document, "one")
    first = line.content()
    save_row(line, version=1, values={"text": "two"}, by=people.owner)
    save_row(line, version=2, values={"evidence": "https://a.example/"}, by=people.contributor)
    move_row(line, steps=1, among=Entry.objects.filter(document=document), by=people.owner)
    at = first["at"].strftime("%Y-%m-%dT%H:%M:%SZ")
    told = [content_at(document.pk, "entry", line.uid, version) for version in (1, 2, 3, 4)]
    assert told == [
        first | {"at": at},
        first | {"at": at, "text": "two"},
        first | {"at": at, "text": "two", "evidence": "https://a.example/"},
        None,
    ]


def test_what_was_set_before_the_history_began_is_told_by_what_replaced_it(
    document: Document,
) -> None:
    detected = document.incident.milestones.get(kind="detected")
    for version, clock in enumerate(("10:00", "10:05"), 1):
        change = MilestoneChange(detected, version, "recorded", moment(clock))
        save_milestones(document, changes=[change], by=document.owner)
    told = [content_at(document.pk, "milestone", "detected", version) for version in (1, 2, 3)]
    assert told == [
        {"state": "pending", "at": None},
        {"state": "recorded", "at": "2026-11-14T10:00:00Z"},
        {"state": "recorded", "at": "2026-11-14T10:05:00Z"},
    ]


def test_a_text_that_was_redacted_is_not_known_and_those_around_it_are(
    document: Document,
) -> None:
    write_summary(document, "one", "password", "three", "four")
    redact(document, "section", 3)
    told = [summary_at(document, version) for version in (1, 2, 3, 4, 5)]
    assert told == [
        {"text": ""},
        {"text": "one"},
        {"text": "password"},
        {"text": "three"},
        {"text": "four"},
    ]
    redact(document, "section", 4)
    assert [summary_at(document, version) for version in (2, 3, 4, 5)] == [
        {"text": "one"},
        None,
        {"text": "three"},
        {"text": "four"},
    ]


def test_fields_that_a_redacted_save_may_have_changed_are_not_known(
    document: Document, people: People
) -> None:
    line = make_line(document, "one")
    for version, text in enumerate(("password", "three", "four"), 1):
        save_row(line, version=version, values={"text": text}, by=people.owner)
    redact(document, "entry", 2)
    told = [content_at(document.pk, "entry", line.uid, version) for version in (1, 2, 3, 4)]
    assert [each and each["text"] for each in told] == ["one", None, None, None]


def test_a_row_that_was_added_again_is_told_from_there(document: Document, people: People) -> None:
    values = {"kind": "well", "text": "first life"}
    lesson = add_row(Lesson, document=document, uid=UID, values=values, by=people.owner)
    save_row(lesson, version=1, values={"text": "edited"}, by=people.owner)
    remove_row(lesson, version=2, by=people.owner)
    again = {"kind": "well", "text": "second life"}
    add_row(Lesson, document=document, uid=UID, values=again, by=people.owner)
    assert content_at(document.pk, "lesson", UID, 1) == again
    assert content_at(document.pk, "lesson", UID, 2) is None

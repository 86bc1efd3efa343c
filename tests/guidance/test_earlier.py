"""What the checks are told of other COEs: what everybody may read, and nothing else."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coe.documents.models import Document
from coe.guidance.queries import earlier_actions
from coe.guidance.recurrence import EarlierAction
from tests.people import People
from tests.reviews.steps import open_another, propose, publish_draft, reopen

pytestmark = pytest.mark.django_db

DUE = date(2026, 4, 1)


@pytest.fixture
def earlier(document: Document, people: People) -> Document:
    """Another COE, published with two action items, one of them without a day."""
    other = open_another(people, "Logs filled a disk")
    propose(other, "Alarm at 80 % full", by=people.owner, due_on=DUE)
    propose(other, "Some day", by=people.owner, due_on=None)
    publish_draft(other, people)
    return other


def told(document: Document) -> tuple[EarlierAction, ...]:
    return earlier_actions(document)


def test_what_another_coe_promises_with_a_day(document: Document, earlier: Document) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = told(document)
    assert found == (EarlierAction(earlier.reference, "Alarm at 80 % full", DUE),)
    assert len(captured) == 1


def test_a_coe_does_not_repeat_itself(earlier: Document) -> None:
    assert told(earlier) == ()


def test_a_draft_promises_nothing_and_a_correction_does_not_speak_yet(
    document: Document, earlier: Document, people: People
) -> None:
    propose(document, "Of a draft", by=people.owner, due_on=DUE)
    assert told(earlier) == ()
    reopen(earlier, by=people.owner)
    propose(earlier, "Of a correction", by=people.owner, due_on=DUE)
    assert [each.title for each in told(document)] == ["Alarm at 80 % full"]


@pytest.mark.parametrize("hidden", [{"is_restricted": True}, {"current_version": None}])
def test_what_somebody_may_not_read_is_told_to_nobody(
    document: Document, earlier: Document, hidden: dict[str, Any]
) -> None:
    """Not even to those who take part in it: the finding is shown to others as well."""
    Document.objects.filter(pk=earlier.pk).update(**hidden)
    assert told(document) == ()


def test_what_is_promised_no_longer_is_not_told(document: Document, earlier: Document) -> None:
    earlier.promises.update(dropped_at="2026-11-14T10:00Z")
    assert told(document) == ()

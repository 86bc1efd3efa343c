"""What the checks are told of other COEs: what everybody may read, and nothing else."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coe.actions.models import Promise
from coe.documents.models import Document
from coe.guidance.queries import earlier_actions
from coe.guidance.recurrence import EarlierAction
from tests.guidance.samples import SOUND, action
from tests.people import People
from tests.reviews.steps import open_another, propose, publish_draft, reopen

pytestmark = pytest.mark.django_db

DUE = date(2026, 4, 1)


@pytest.fixture
def earlier(document: Document, people: People) -> Document:
    """Another COE, published with two action items, one of them without a day."""
    other = open_another(people, "Logs filled a disk")
    propose(other, TITLE, by=people.owner, due_on=DUE)
    propose(other, f"{TITLE}, some day", by=people.owner, due_on=None)
    publish_draft(other, people)
    return other


TITLE = "Page when a disk is 80 % full"


def told(document: Document, *titles: str) -> tuple[EarlierAction, ...]:
    """What is told of others where it has these items, usually one that they have."""
    items = tuple(action(number, title=title) for number, title in enumerate(titles or (TITLE,), 1))
    return earlier_actions(document, replace(SOUND, actions=items))


def test_what_another_coe_promises_with_a_day(document: Document, earlier: Document) -> None:
    with CaptureQueriesContext(connection) as captured:
        found = told(document)
    assert found == (EarlierAction(earlier.reference, TITLE, DUE),)
    assert len(captured) == 1


def test_a_coe_does_not_repeat_itself(earlier: Document) -> None:
    assert told(earlier) == ()


def test_a_draft_promises_nothing_and_a_correction_does_not_speak_yet(
    document: Document, earlier: Document, people: People
) -> None:
    propose(document, f"{TITLE}: of a draft", by=people.owner, due_on=DUE)
    assert told(earlier) == ()
    reopen(earlier, by=people.owner)
    propose(earlier, f"{TITLE}: of a correction", by=people.owner, due_on=DUE)
    assert [each.title for each in told(document)] == [TITLE]


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


def test_of_thousands_of_promises_only_those_are_told_that_may_be_the_same(
    document: Document, earlier: Document
) -> None:
    """What is compared on each save grows with the items of a COE, not with an organisation."""
    Promise.objects.bulk_create(
        Promise(document=earlier, uid=uuid4(), due_on=DUE, priority=1, team=earlier.incident.team,
                title=f"Correct reason {number} of the incident")
        for number in range(5_000)
    )  # fmt: skip
    assert [each.title for each in told(document)] == [TITLE]
    assert told(document, "Correct reason 9999 of the outage") == ()
    again = told(document, "Correct reason 4711, as before", TITLE)
    assert [each.title for each in again] == [TITLE, "Correct reason 4711 of the incident"]


def test_without_an_item_that_says_enough_nothing_is_asked(
    document: Document, earlier: Document
) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert earlier_actions(document, replace(SOUND, actions=())) == ()
        assert told(document, "Page somebody") == ()
    assert len(captured) == 0

"""Answers to findings in the history: told in words, and nothing that a replay minds."""

import pytest

from coe.chronicle.replay import snapshot_at
from coe.chronicle.sittings import page_of_sittings
from coe.documents.models import Document
from coe.guidance.services import dismiss_finding, waive_finding
from coe.history.models import HistoryEvent
from coe.history.services import redact_content
from coe.policies.rules import Level
from coe.snapshots.build import build_snapshot
from tests.chronicle.pages import Reader
from tests.guidance.answering import NO_GRAPH, found, take_back, weigh
from tests.history.reading import latest
from tests.people import People
from tests.reviews.steps import fresh, write

pytestmark = pytest.mark.django_db
WHY = "The graph is in the dashboard of the bank."


@pytest.fixture
def answered(document: Document, people: People) -> Document:
    """The contributor dismissed a hint, gave a reason, gave another, and took that back."""
    weigh(document, COE121=Level.HINT, COE125=Level.REASON)
    by, graph = people.contributor, found(document, "COE125").key
    dismiss_finding(document, key=found(document, "COE121").key, by=by)
    first = waive_finding(document, key=graph, reason=WHY, by=by)
    waive_finding(document, key=graph, reason="It was lost.", over=first.digest, by=by)
    take_back(document, "COE125", by=by)
    return document


def newest(document: Document) -> int:
    return page_of_sittings(document).sittings[0].first


def test_a_sitting_says_how_many_findings_were_answered(answered: Document, people: People) -> None:
    told = Reader(people.owner, answered).history()
    assert "Contributor answered 2 findings, took back 1 answer to findings" in told


def test_each_answer_is_told_with_what_was_found_and_why_it_stays(
    answered: Document, people: People
) -> None:
    told = Reader(people.owner, answered).history(open=newest(answered))
    order = [
        "Dismissed a finding Found",
        f"Gave a reason Found {NO_GRAPH} Reason {WHY}",
        "Gave another reason Reason It was lost.",
        "Took back the answer to a finding",
    ]
    assert [told.index(each) for each in order] == sorted(told.index(each) for each in order)


def test_a_replay_is_the_text_whatever_was_answered(answered: Document, people: People) -> None:
    write(answered, "One in ten.", by=people.owner)
    assert snapshot_at(answered, latest(answered)) == build_snapshot(fresh(answered))


def test_an_answer_that_was_emptied_is_said_to_be(answered: Document, people: People) -> None:
    event = HistoryEvent.objects.filter(subject="finding")[1]
    redact_content([event.pk], document_id=answered.pk, key="x", reason="A token", by=people.admin)
    told = Reader(people.owner, answered).history(open=event.pk - 1)
    assert "Removed from the history A finding" in told
    assert WHY not in told

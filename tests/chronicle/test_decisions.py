"""Decisions on action items in the history: told in words, and nothing that a replay minds."""

import pytest

from coe.administration.redaction import find_secret, remove_secret
from coe.chronicle.replay import snapshot_at
from coe.chronicle.sittings import page_of_sittings
from coe.documents.models import Document
from coe.reviews.decisions import withdraw_decision
from coe.reviews.models import ItemDecision
from coe.snapshots.build import build_snapshot
from tests.chronicle.pages import Reader
from tests.history.reading import latest
from tests.people import People
from tests.reviews.deciding import Verdict, complete_item, decide, standing
from tests.reviews.steps import fresh, submit

pytestmark = pytest.mark.django_db
SECRET = "hunter2-hunter2"


@pytest.fixture
def decided(document: Document, people: People) -> Document:
    """The manager accepted one, changed one and rejected one, and took the first back."""
    by = people.manager
    alarm, logs, page = (
        complete_item(document, title, by=people.owner) for title in ("Alarm", "Logs", "Page")
    )
    submit(document, by=people.owner)
    first = decide(document, alarm, Verdict.ACCEPTED, by=by)
    values = {"owner_id": people.contributor.pk}
    decide(document, logs, Verdict.CHANGED, by=by, reason="They know it.", values=values)
    decide(document, page, Verdict.REJECTED, by=by, reason=f"It says {SECRET}.")
    withdraw_decision(document, uid=alarm.uid, decision=first.pk, by=by)
    return document


def test_a_sitting_says_how_many_were_decided(decided: Document, people: People) -> None:
    told = Reader(people.owner, decided).history()
    assert "changed 1 action item, decided 3 action items, took back 1 decision" in told


def test_each_decision_is_told_with_what_was_committed_and_why(
    decided: Document, people: People
) -> None:
    newest = page_of_sittings(decided).sittings[0].first
    told = Reader(people.owner, decided).history(open=newest)
    order = [
        "Accepted an action item Action item Alarm Owner Owner Due 18 Dec 2026",
        "Accepted an action item with changes Action item Logs Owner Contributor",
        f"Rejected an action item Action item Page Reason It says {SECRET}.",
        "Took back the decision on an action item",
    ]
    assert [told.index(each) for each in order] == sorted(told.index(each) for each in order)


def test_a_replay_is_the_text_whatever_was_decided(decided: Document, people: People) -> None:
    assert snapshot_at(decided, latest(decided)) == build_snapshot(fresh(decided))


def test_a_secret_is_taken_out_of_a_reason_and_the_decision_stands(
    decided: Document, people: People
) -> None:
    assert len(find_secret(decided, SECRET).events) == 1
    assert remove_secret(decided, secret=SECRET, reason="A password.", by=people.admin) == 1
    assert not find_secret(decided, SECRET).is_anywhere
    rejected = ItemDecision.objects.get(verdict=Verdict.REJECTED)
    assert (rejected.reason, rejected.proposal["title"]) == ("", "Page")
    assert rejected in standing(decided).values()


def test_a_secret_in_what_was_rejected_is_taken_out_and_it_stays_rejected(
    document: Document, people: People
) -> None:
    item = complete_item(document, f"Change {SECRET}", by=people.owner)
    submit(document, by=people.owner)
    decide(document, item, Verdict.REJECTED, by=people.manager, reason="Not now.")
    remove_secret(document, secret=SECRET, reason="A password.", by=people.admin)
    decision = ItemDecision.objects.get()
    assert (decision.proposal, decision.reason) == ({}, "Not now.")
    assert standing(document) == {item.uid: decision}

"""What a published version promises, and what becomes of it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from coe.accounts.models import User
from coe.actions.models import ActionItem, Priority, Promise
from coe.actions.services import hand_over_promises
from coe.documents.models import Document, State
from coe.documents.rows import remove_row, save_row
from coe.publishing.printables import printable
from coe.publishing.services import publish
from tests.people import People
from tests.reviews.deciding import Verdict, decide
from tests.reviews.steps import (
    approve,
    bring_to,
    fresh,
    open_another,
    propose,
    publish_draft,
    reopen,
    write,
)

DUE = date(2026, 4, 1)


def facts(promise: Promise) -> dict[str, Any]:
    names = ("title", "owner", "due_on", "priority", "kind", "dropped_at")
    return {name: getattr(promise, name) for name in names}


@pytest.fixture
def alarm(document: Document, people: People) -> ActionItem:
    return propose(
        document,
        "Alarm at 80 % full",
        by=people.owner,
        owner_id=people.contributor.pk,
        due_on=DUE,
        priority=Priority.P1,
        kind=ActionItem.Kind.DETECT,
    )


def test_nothing_is_promised_before_it_is_published(
    alarm: ActionItem, document: Document, people: People
) -> None:
    bring_to(document, State.APPROVED, people)
    assert not Promise.objects.exists()


def test_publishing_promises_every_correction_as_it_was_approved(
    alarm: ActionItem, document: Document, people: People
) -> None:
    propose(document, "Delete old logs daily", by=people.owner, owner_id=None)
    publish_draft(document, people)
    first, second = Promise.objects.filter(document=document).order_by("pk")
    assert first.uid == alarm.uid
    assert facts(first) == {
        "title": "Alarm at 80 % full",
        "owner": people.contributor,
        "due_on": DUE,
        "priority": 1,
        "kind": "detect",
        "dropped_at": None,
    }
    assert facts(second) == {
        "title": "Delete old logs daily",
        "owner": None,
        "due_on": None,
        "priority": 2,
        "kind": "",
        "dropped_at": None,
    }


def test_a_proposal_edited_in_a_correction_changes_no_promise_and_nothing_that_readers_see(
    alarm: ActionItem, document: Document, people: People
) -> None:
    publish_draft(document, people)
    seen = printable(fresh(document))
    promised = facts(Promise.objects.get())
    reopen(document, by=people.owner)
    values = {"title": "Alarm at 95 % full", "due_on": date(2027, 1, 1), "owner_id": None}
    save_row(alarm, version=1, values=values, by=people.owner)
    propose(document, "Something new", by=people.owner)
    now = printable(fresh(document))
    assert facts(Promise.objects.get()) == promised
    assert (now.snapshot, now.digest, now.envelope) == (seen.snapshot, seen.digest, seen.envelope)
    assert now.promises == seen.promises
    assert [each.title for each in now.snapshot.actions] == ["Alarm at 80 % full"]


def test_the_next_version_brings_the_promise_up_to_date(
    alarm: ActionItem, document: Document, people: People
) -> None:
    publish_draft(document, people)
    reopen(document, by=people.owner)
    values = {"title": "Alarm at 70 % full", "due_on": date(2026, 5, 1), "priority": 0}
    save_row(alarm, version=1, values=values, by=people.owner)
    before = Promise.objects.get()
    publish_draft(document, people)
    after = Promise.objects.get()
    assert (after.pk, after.promised_at) == (before.pk, before.promised_at)
    assert (after.title, after.due_on, after.priority) == (
        "Alarm at 70 % full",
        date(2026, 5, 1),
        0,
    )


def test_a_version_without_the_item_drops_the_promise_and_one_that_has_it_again_takes_it_up(
    alarm: ActionItem, document: Document, people: People
) -> None:
    publish_draft(document, people)
    reopen(document, by=people.owner)
    remove_row(alarm, version=1, by=people.owner)
    assert Promise.objects.open().count() == 1, "readers still have the version that promises it"
    started = datetime.now(UTC)
    publish_draft(document, people)
    dropped = Promise.objects.get()
    assert dropped.dropped_at is not None
    assert started <= dropped.dropped_at <= datetime.now(UTC)
    assert not Promise.objects.open().exists()
    assert printable(fresh(document)).promises == ()

    reopen(document, by=people.owner)
    ActionItem.objects.create(
        document=document, uid=alarm.uid, position=1, title="Alarm at 80 % full", due_on=DUE
    )
    publish_draft(document, people)
    taken_up = Promise.objects.get()
    assert (taken_up.pk, taken_up.dropped_at) == (dropped.pk, None)
    assert [each.uid for each in printable(fresh(document)).promises] == [alarm.uid]


def test_a_correction_of_one_coe_leaves_the_promises_of_another_alone(
    alarm: ActionItem, document: Document, people: People
) -> None:
    other = open_another(people, "Cards were refused")
    propose(other, "Retry with the second provider", by=people.owner)
    publish_draft(other, people)
    publish_draft(document, people)
    reopen(document, by=people.owner)
    remove_row(alarm, version=1, by=people.owner)
    publish_draft(document, people)
    assert [each.title for each in Promise.objects.open()] == ["Retry with the second provider"]


def test_promises_stand_in_the_order_of_their_due_dates(document: Document, people: People) -> None:
    propose(document, "No date", by=people.owner)
    propose(document, "Later", due_on=date(2026, 6, 1), by=people.owner)
    propose(document, "Sooner, less urgent", due_on=DUE, priority=3, by=people.owner)
    propose(document, "Sooner, urgent", due_on=DUE, priority=0, by=people.owner)
    publish_draft(document, people)
    titles = [each.title for each in printable(fresh(document)).promises]
    assert titles == ["Sooner, urgent", "Sooner, less urgent", "Later", "No date"]


def test_the_next_version_does_not_promise_in_the_name_of_somebody_who_left(
    alarm: ActionItem, document: Document, people: People
) -> None:
    publish_draft(document, people)
    hand_over_promises(of=people.contributor, to=people.colleague, by=people.admin)
    User.objects.filter(pk=people.contributor.pk).update(is_active=False)
    reopen(document, by=people.owner)
    write(document, "A typing error less.", by=people.owner)
    publish_draft(document, people)
    assert Promise.objects.get().owner == people.colleague


def test_what_was_rejected_is_no_promise_and_what_was_changed_is_one_as_it_was_committed(
    alarm: ActionItem, document: Document, people: People
) -> None:
    logs = propose(document, "Delete old logs daily", by=people.owner, owner_id=None)
    bring_to(document, State.IN_REVIEW, people)
    decide(document, alarm, Verdict.REJECTED, by=people.manager, reason="It rings already.")
    values = {"owner_id": people.colleague.pk, "due_on": date(2026, 6, 1)}
    decide(document, logs, Verdict.CHANGED, by=people.manager, reason="So.", values=values)
    approve(document, by=people.manager)
    publish(document, by=people.owner)
    promise = Promise.objects.get()
    assert (promise.title, promise.owner, promise.due_on) == (
        "Delete old logs daily",
        people.colleague,
        date(2026, 6, 1),
    )


def test_rejecting_in_a_correction_drops_the_promise_and_a_renamed_owner_does_not_bring_it_back(
    alarm: ActionItem, document: Document, people: People
) -> None:
    publish_draft(document, people)
    reopen(document, by=people.owner)
    bring_to(document, State.IN_REVIEW, people)
    decide(document, alarm, Verdict.REJECTED, by=people.manager, reason="It rings already.")
    write(document, "One customer in ten.", by=people.owner)
    approve(document, by=people.manager)
    User.objects.filter(pk=people.contributor.pk).update(name="Renamed")
    publish(document, by=people.owner)
    assert not Promise.objects.open().exists()

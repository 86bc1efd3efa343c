"""Promises: what a published version says will be done, and when that is late."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from coe.accounts.models import User
from coe.actions.models import ActionItem, Promise
from coe.actions.services import PromisedAction, hand_over_promises, keep_promises
from coe.documents.models import Document
from coe.documents.rows import remove_row, save_row
from tests.documents.making import make_action, make_document
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db


def promised(item: ActionItem, **more: object) -> PromisedAction:
    values = {
        "uid": item.uid,
        "title": item.title,
        "due_on": item.due_on,
        "priority": item.priority,
        "kind": item.kind,
    }
    return PromisedAction(**(values | more))  # type: ignore[arg-type]


def open_titles(document: Document) -> list[str]:
    promises = Promise.objects.open().filter(document=document).order_by("title")
    return list(promises.values_list("title", flat=True))


def test_a_version_promises_what_it_states_under_the_owner_of_the_proposal(
    document: Document, people: People
) -> None:
    item = make_action(
        document,
        "Add an alarm",
        owner_id=people.colleague.pk,
        due_on=date(2026, 12, 1),
        priority=0,
        kind="detect",
    )

    keep_promises(document, promised=[promised(item)], by=document.owner)

    promise = Promise.objects.get()
    assert (promise.uid, promise.title, promise.owner) == (
        item.uid,
        "Add an alarm",
        people.colleague,
    )
    assert (promise.due_on, promise.priority, promise.kind) == (date(2026, 12, 1), 0, "detect")
    assert promise.dropped_at is None


def test_a_promise_stands_while_its_proposal_is_edited_or_removed(
    document: Document, people: People
) -> None:
    item = make_action(document, "Add an alarm")
    keep_promises(document, promised=[promised(item)], by=document.owner)

    save_row(item, version=1, values={"title": "Do something else"}, by=people.owner)
    remove_row(item, version=2, by=people.owner)

    assert open_titles(document) == ["Add an alarm"]


def test_a_version_without_the_item_drops_the_promise_and_one_with_it_takes_it_up_again(
    document: Document,
) -> None:
    alarm, drill = make_action(document, "Add an alarm"), make_action(document, "Hold a drill")
    keep_promises(document, promised=[promised(alarm), promised(drill)], by=document.owner)
    first_made = Promise.objects.get(uid=alarm.uid).promised_at

    keep_promises(document, promised=[promised(drill)], by=document.owner)
    assert open_titles(document) == ["Hold a drill"]
    dropped_at = Promise.objects.get(uid=alarm.uid).dropped_at
    assert dropped_at is not None

    keep_promises(document, promised=[promised(drill)], by=document.owner)
    assert Promise.objects.get(uid=alarm.uid).dropped_at == dropped_at

    keep_promises(
        document,
        promised=[promised(drill), promised(alarm, title="Add two alarms")],
        by=document.owner,
    )
    assert open_titles(document) == ["Add two alarms", "Hold a drill"]
    assert Promise.objects.get(uid=alarm.uid).promised_at == first_made
    assert Promise.objects.count() == 2


def test_one_document_does_not_drop_the_promises_of_another(
    document: Document, people: People
) -> None:
    other = make_document(people.owner)
    keep_promises(other, promised=[promised(make_action(other, "Theirs"))], by=document.owner)

    keep_promises(document, promised=[], by=document.owner)

    assert open_titles(other) == ["Theirs"]


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        (datetime(2026, 12, 1, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 2, 7, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 2, 8, 0, tzinfo=UTC), True),
    ],
)
def test_a_promise_is_late_after_the_end_of_its_day_where_the_team_works(
    document: Document, moment: datetime, late: bool
) -> None:
    """The team is in Los Angeles, eight hours behind UTC in December."""
    item = make_action(document, "Add an alarm", due_on=date(2026, 12, 1))
    keep_promises(document, promised=[promised(item)], by=document.owner)

    assert Promise.objects.get().is_late_at(moment) is late


def test_a_promise_without_a_day_is_never_late(document: Document) -> None:
    keep_promises(
        document, promised=[promised(make_action(document, "Some day"))], by=document.owner
    )

    assert not Promise.objects.get().is_late_at(datetime(2100, 1, 1, tzinfo=UTC))


def test_handing_over_takes_the_open_promises_and_tells_each_once(
    document: Document, people: People
) -> None:
    mine = {"owner_id": people.colleague.pk}
    kept, dropped = make_action(document, "kept", **mine), make_action(document, "dropped", **mine)
    others = make_action(document, "others", owner_id=people.manager.pk)
    keep_promises(
        document, promised=[promised(kept), promised(dropped), promised(others)], by=document.owner
    )
    keep_promises(document, promised=[promised(kept), promised(others)], by=document.owner)
    since = latest(document)

    count = hand_over_promises(of=people.colleague, to=people.stranger, by=people.admin)

    assert count == 1
    owners = dict(Promise.objects.values_list("title", "owner__name"))
    assert owners == {"kept": "Stranger", "dropped": "Colleague", "others": "Manager"}
    assert told(document, since=since) == [
        (
            "handed_over",
            "promise",
            str(kept.uid),
            None,
            {"owner_id": people.colleague.pk},
            {"owner_id": people.stranger.pk},
        )
    ]


def test_a_promise_that_was_handed_over_stays_with_the_heir_when_a_correction_is_published(
    document: Document, people: People
) -> None:
    """The proposal still names somebody who left; they cannot keep a promise."""
    item = make_action(document, "Add an alarm", owner_id=people.colleague.pk)
    keep_promises(document, promised=[promised(item)], by=document.owner)
    hand_over_promises(of=people.colleague, to=people.stranger, by=people.admin)
    User.objects.filter(pk=people.colleague.pk).update(is_active=False)

    keep_promises(document, promised=[promised(item, title="Add two alarms")], by=document.owner)

    promise = Promise.objects.get()
    assert (promise.title, promise.owner) == ("Add two alarms", people.stranger)


def test_a_new_promise_of_somebody_who_has_left_is_theirs_until_it_is_handed_over(
    document: Document, people: People
) -> None:
    item = make_action(document, "Add an alarm", owner_id=people.colleague.pk)
    User.objects.filter(pk=people.colleague.pk).update(is_active=False)

    keep_promises(document, promised=[promised(item)], by=document.owner)

    assert Promise.objects.get().owner == people.colleague
    hand_over_promises(of=people.colleague, to=people.stranger, by=people.admin)
    keep_promises(document, promised=[promised(item)], by=document.owner)
    assert Promise.objects.get().owner == people.stranger


@pytest.mark.parametrize(
    ("published", "restricted", "readers"),
    [
        (False, False, set()),
        (True, False, {"owner", "contributor", "stranger", "admin"}),
        (True, True, {"owner", "contributor"}),
    ],
)
def test_promises_are_seen_exactly_as_their_publication(
    document: Document, people: People, published: bool, restricted: bool, readers: set[str]
) -> None:
    keep_promises(
        document, promised=[promised(make_action(document, "Add an alarm"))], by=document.owner
    )
    standing = {"current_version": 1 if published else None, "is_restricted": restricted}
    Document.objects.filter(pk=document.pk).update(**standing)

    asked = ("owner", "contributor", "stranger", "admin")
    seen = {kind for kind in asked if Promise.objects.visible_to(getattr(people, kind)).exists()}
    assert seen == readers


def test_a_document_makes_each_promise_once(document: Document) -> None:
    item = make_action(document, "Add an alarm")
    for _ in range(2):
        keep_promises(document, promised=[promised(item)], by=document.owner)

    assert Promise.objects.filter(uid=item.uid).count() == 1
    assert isinstance(Promise.objects.get().uid, UUID)

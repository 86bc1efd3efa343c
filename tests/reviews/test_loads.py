"""What the owners of action items have to do already: what counts, and for whose eyes."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import User
from coe.actions.models import ActionItem, Priority, Promise
from coe.documents.models import Document, State
from coe.reviews.items import items_in_room, not_rejected, with_loads
from coe.reviews.loads import Load, loads_of
from coe.snapshots.build import build_snapshot
from tests.people import People
from tests.reviews.deciding import Verdict, complete_item, decide
from tests.reviews.steps import (
    approve,
    bring_to,
    fresh,
    open_another,
    propose,
    publish_draft,
    reopen,
    submit,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DUE = date(2026, 12, 18)


@pytest.fixture
def other(people: People) -> Document:
    return open_another(people, "Backups were late")


def promise(document: Document, owner: User, due_on: date | None, **values: Any) -> Promise:
    given: dict[str, Any] = {"title": "Keep it", "priority": Priority.P2, "uid": uuid4()}
    given["team"] = document.incident.team
    Document.objects.filter(pk=document.pk).update(current_version=1)
    return Promise.objects.create(
        document=document, owner=owner, due_on=due_on, **{**given, **values}
    )


def load(document: Document, person: User, *, viewer: User) -> Load:
    here = ActionItem.objects.filter(document=document)
    loads = loads_of(document, here=here, viewer=viewer, at=NOON)
    return loads.get(person.pk, Load())


def titles(found: Load) -> list[str]:
    return [f"{each.title}{' late' if each.is_late else ''}" for each in found.all_of_it]


def test_open_promises_count_and_late_is_after_the_day_where_the_team_works(
    document: Document, other: Document, people: People
) -> None:
    """Storage works in Los Angeles: at noon in UTC its 22nd has begun, and not ended."""
    promise(other, people.colleague, date(2026, 11, 22), title="Today")
    promise(other, people.colleague, date(2026, 11, 21), title="Yesterday")
    promise(other, people.colleague, None, title="Some day")
    promise(other, people.colleague, DUE, title="Dropped", dropped_at=NOON)
    promise(other, people.owner, DUE, title="Of somebody else")
    found = load(document, people.colleague, viewer=people.manager)
    assert titles(found) == ["Yesterday late", "Today", "Some day"]
    assert found.late == 1


def test_what_other_coes_propose_counts_while_it_may_become_work(
    document: Document, other: Document, people: People
) -> None:
    person = people.colleague
    kept = complete_item(other, "Kept", by=people.owner, owner_id=person.pk)
    complete_item(other, "Refused", by=people.owner, owner_id=person.pk)
    assert titles(load(document, person, viewer=people.manager)) == [], "a draft asks nobody yet"
    submit(other, by=people.owner)
    refused = ActionItem.objects.get(title="Refused")
    decide(other, refused, Verdict.REJECTED, by=people.manager, reason="Too dear.")
    assert titles(load(document, person, viewer=people.manager)) == ["Kept"]
    decide(other, kept, Verdict.ACCEPTED, by=people.manager)
    approve(other, by=people.manager)
    assert titles(load(document, person, viewer=people.manager)) == ["Kept"]


def test_what_is_promised_and_proposed_again_in_a_correction_counts_once(
    document: Document, other: Document, people: People
) -> None:
    complete_item(other, "Alarm", by=people.owner, owner_id=people.colleague.pk)
    publish_draft(other, people)
    reopen(other, by=people.owner)
    submit(other, by=people.owner)
    found = load(document, people.colleague, viewer=people.manager)
    assert ([each.title for each in found.promises], found.proposed) == (["Alarm"], ())
    assert load(other, people.colleague, viewer=people.manager).is_nothing, "it is decided here"


@pytest.mark.parametrize(
    ("is_restricted", "viewer", "seen"),
    [
        (False, "manager", ["Promised", "Proposed"]),
        (False, "leader", ["Promised"]),
        (False, "stranger", ["Promised"]),
        (True, "owner", ["Promised", "Proposed"]),
        (True, "manager", []),
        (True, "director", []),
        (True, "leader", []),
        (True, "stranger", []),
    ],
)
def test_only_what_the_viewer_may_see_counts_and_nothing_tells_of_the_rest(
    is_restricted: bool,
    viewer: str,
    seen: list[str],
    document: Document,
    other: Document,
    people: People,
) -> None:
    propose(other, "Proposed", by=people.owner, owner_id=people.colleague.pk)
    promise(other, people.colleague, DUE, title="Promised")
    Document.objects.filter(pk=other.pk).update(is_restricted=is_restricted, state=State.IN_REVIEW)
    assert titles(load(document, people.colleague, viewer=getattr(people, viewer))) == seen


@pytest.mark.parametrize(
    ("due_on", "around"),
    [
        (date(2026, 12, 3), 0),
        (date(2026, 12, 4), 1),
        (date(2026, 12, 18), 1),
        (date(2027, 1, 1), 1),
        (date(2027, 1, 2), 0),
    ],
)
def test_due_around_is_two_weeks_before_and_after_both_days_included(
    due_on: date, around: int, document: Document, other: Document, people: People
) -> None:
    complete_item(document, "This one", by=people.owner, owner_id=people.colleague.pk, due_on=DUE)
    promise(other, people.colleague, due_on)
    room = items_in_room(fresh(document), build_snapshot(fresh(document)))
    loads = loads_of(document, here=not_rejected(room), viewer=people.manager, at=NOON)
    weight = with_loads(room, loads).items[0].weight
    assert weight is not None
    assert (weight.around, weight.since, weight.until) == (
        around,
        date(2026, 12, 4),
        date(2027, 1, 1),
    )


def test_items_of_this_coe_count_until_they_are_rejected(
    document: Document, people: People
) -> None:
    one, _ = (
        complete_item(document, title, by=people.owner, due_on=DUE) for title in ("One", "Two")
    )
    bring_to(document, State.IN_REVIEW, people)
    decide(document, one, Verdict.REJECTED, by=people.manager, reason="Too dear.")
    room = items_in_room(fresh(document), build_snapshot(fresh(document)))
    loads = loads_of(document, here=not_rejected(room), viewer=people.manager, at=NOON)
    weights = [each.weight for each in with_loads(room, loads).items]
    assert [each.around for each in weights if each] == [1, 0], "Two beside One, nothing beside Two"


def test_loads_take_two_queries_however_many_people(
    document: Document,
    other: Document,
    people: People,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for person in vars(people).values():
        promise(other, person, DUE)
    with django_assert_num_queries(2):
        loads = loads_of(document, here=[], viewer=people.manager, at=NOON)
    assert len(loads) == 8

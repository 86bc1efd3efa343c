"""A COE can be had as it stood right after any event of its history."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coe.accounts.models import User
from coe.chronicle.replay import snapshot_at
from coe.chronicle.state import State
from coe.documents.contents import Lesson
from coe.documents.models import Document, Section
from coe.documents.rows import move_row, remove_row
from coe.documents.services import save_section
from coe.history.models import Action, HistoryEvent, HistoryText
from coe.incidents.models import Service
from coe.snapshots.build import build_snapshot
from coe.snapshots.serialise import digest_of, to_bytes
from coe.snapshots.snapshot import Person, Snapshot
from coe.timeline.models import Entry
from coe.whys.services import remove_cause
from tests.chronicle.saves import saved, saved_often
from tests.chronicle.sessions import Session
from tests.documents.making import make_action, make_cause, make_document, make_line, moment
from tests.history.reading import latest
from tests.people import People

pytestmark = pytest.mark.django_db

QUERIES = 7
"""Which event is the latest; milestones and questions; rows and texts; people and teams."""


def now(document: Document) -> Snapshot:
    return build_snapshot(Document.objects.with_readers_fields().get(pk=document.pk))


def digest(snapshot: Snapshot) -> str:
    return digest_of(to_bytes(snapshot))


@settings(
    deadline=None,
    max_examples=3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.integers(0, 10_000))
def test_after_every_step_of_a_long_session_it_is_what_was_there_then(
    document: Document, people: People, seed: int
) -> None:
    with transaction.atomic():
        assert people.owner.team
        Service.objects.create(name="Uploads", team=people.owner.team)
        session = Session(document, [people.owner, people.contributor], seed)
        taken: dict[int, tuple[str, Snapshot]] = {}
        for _ in range(60):
            done = session.step()
            taken[latest(document)] = (done, now(document))
        for pk, (done, snapshot) in taken.items():
            replayed = snapshot_at(document, pk)
            assert replayed == snapshot, done
            assert digest(replayed) == digest(snapshot)
        transaction.set_rollback(True)


def test_a_move_that_replay_forgot_would_be_noticed(
    document: Document, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [make_line(document, text) for text in "abc"]
    entries = Entry.objects.filter(document=document)
    move_row(lines[2], steps=-1, among=entries, by=people.owner)
    assert snapshot_at(document, latest(document)) == now(document)

    monkeypatch.setattr(State, "_move", lambda self, event: None)

    assert snapshot_at(document, latest(document)) != now(document)


def test_before_a_cause_was_removed_the_action_item_answered_it(
    document: Document, people: People
) -> None:
    cause = make_cause(document, "why")
    make_action(document, "Add an alarm", cause_id=cause.pk)
    before, uid = latest(document), cause.uid
    remove_cause(cause, version=1, by=people.owner)

    assert snapshot_at(document, before).actions[0].cause == uid
    assert snapshot_at(document, latest(document)).actions[0].cause is None


def test_people_are_under_todays_names_also_those_who_have_left(
    document: Document, people: People
) -> None:
    User.objects.filter(pk=people.contributor.pk).update(name="Kim New", is_active=False)

    assert snapshot_at(document, latest(document)).contributors == (Person("Kim New", "Payments"),)


def test_a_key_that_nobody_has_is_said_to_be_unknown(document: Document, people: People) -> None:
    uid = uuid4()
    values = {"title": "Add an alarm", "owner_id": 10**9, "cause_id": 10**9, "place": 0}
    saved(document, people.owner, 0, subject="action", key=uid, action=Action.ADDED, after=values)
    facts = {"team_id": 10**9, "service_id": 10**9}
    saved(document, people.owner, 0, subject="document", key="x", after=facts)

    told = snapshot_at(document, latest(document))

    assert told.actions[0].owner == Person("Somebody who is not known", "")
    assert told.actions[0].cause is None
    assert (told.team, told.service) == ("A team that is not known", "A service that is not known")


def test_where_old_events_tell_no_place_the_order_is_that_of_today(
    document: Document, people: People
) -> None:
    uids = [uuid4() for _ in range(3)]
    for uid in uids:
        values = {"kind": "well", "text": str(uid)}
        saved(
            document, people.owner, 0, subject="lesson", key=uid, action=Action.ADDED, after=values
        )
    before = latest(document)
    for place, uid in enumerate((uids[2], uids[0])):
        Lesson.objects.create(document=document, uid=uid, position=place, kind="well", text="x")

    assert [each.uid for each in snapshot_at(document, before).lessons] == [
        uids[2],
        uids[0],
        uids[1],
    ]


def test_an_old_opening_tells_the_start_of_impact_to_the_minute(people: People) -> None:
    document = make_document(people.owner)
    saved(
        document,
        people.owner,
        0,
        subject="document",
        key=document.reference,
        action=Action.ADDED,
        after={"title": "Old", "impact_started": "2026-11-14T09:30:00Z"},
    )

    then = snapshot_at(document, latest(document))
    assert then.category == "outage"
    started = then.instants()["impact_started"]
    assert started == moment("09:30")


def test_what_was_emptied_is_known_again_from_what_later_saves_and_the_tables_tell(
    document: Document, people: People
) -> None:
    section = Section.objects.get(document=document, slug="summary")
    events = []
    for version, text in enumerate(("clean", "hunter2", "clean again"), start=1):
        save_section(section, version=version, text=text, by=people.owner)
        events.append(latest(document))
    for pk in events[1:]:
        HistoryText.objects.filter(pk=pk).update(content=None)

    texts = [snapshot_at(document, pk).section("summary") for pk in events]

    assert texts == ["clean", "(removed from the history)", "clean again"]
    assert snapshot_at(document, latest(document)) == now(document)


def test_a_row_of_which_everything_was_emptied_is_still_there_and_says_so(
    document: Document, people: People
) -> None:
    line = make_line(document, "hunter2")
    added = latest(document)
    remove_row(line, version=1, by=people.owner)
    HistoryText.objects.filter(event__document=document, pk__gte=added).update(content=None)

    told = snapshot_at(document, added).entries

    assert [(each.uid, each.text) for each in told] == [(line.uid, "(removed from the history)")]
    assert snapshot_at(document, latest(document)).entries == ()


def test_any_event_may_be_emptied_and_every_moment_can_still_be_had(
    document: Document, people: People
) -> None:
    session = Session(document, [people.owner, people.contributor], seed=7)
    for _ in range(60):
        session.step()
    events = list(HistoryEvent.objects.filter(document=document).values_list("pk", flat=True))
    HistoryText.objects.filter(pk__in=events[::3]).update(content=None)

    for pk in events[::5]:
        assert to_bytes(snapshot_at(document, pk))


def test_a_long_history_is_replayed_with_as_many_queries_as_a_short_one(
    document: Document, people: People, django_assert_num_queries: Any
) -> None:
    fresh = Document.objects.with_readers_fields().get(pk=document.pk)
    with django_assert_num_queries(QUERIES):
        snapshot_at(fresh, latest(document))
    saved_often(document, people.owner, 5_000)
    with django_assert_num_queries(QUERIES):
        told = snapshot_at(fresh, latest(document))
    assert told.section("summary") == "word 5000"

"""Building a snapshot: exactly the authored content, in its order, at a fixed price."""

from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.models import Document, Participant, Section
from coe.documents.rows import add_row, move_row
from coe.documents.services import (
    MilestoneChange,
    add_participant,
    save_milestones,
    save_section,
)
from coe.incidents.models import Incident, Milestone, Service
from coe.snapshots.build import build_snapshot
from coe.snapshots.models import StoredSnapshot
from coe.snapshots.serialise import from_bytes, to_bytes
from coe.snapshots.services import store_snapshot, take_snapshot
from coe.snapshots.snapshot import (
    ActionValue,
    CauseValue,
    EntryValue,
    MilestoneValue,
    Person,
    SectionValue,
    Snapshot,
)
from coe.text.instants import Precision
from coe.timeline.models import Entry
from coe.timeline.services import add_entry
from coe.whys.models import Cause, Explanation
from coe.whys.services import add_cause
from tests.documents.making import make_document, make_line, moment
from tests.people import People, make_person

pytestmark = pytest.mark.django_db

FIRST, SECOND = UUID(int=1), UUID(int=2)
TOP, BESIDE, BOTTOM = UUID(int=3), UUID(int=4), UUID(int=5)
ALARM, DRILL = UUID(int=6), UUID(int=7)


def fresh(document: Document) -> Document:
    return Document.objects.with_readers_fields().get(pk=document.pk)


@pytest.fixture
def written(document: Document, people: People) -> Document:
    """A document with something of everything."""
    by = people.owner
    service = Service.objects.create(name="Object storage", team=document.incident.team)
    Incident.objects.update(service=service)
    detected = Milestone.objects.get(incident=document.incident, kind="detected")
    diagnosed = Milestone.objects.get(incident=document.incident, kind="diagnosed")
    about = moment("09:41", precision=Precision.ABOUT)
    save_milestones(
        document,
        changes=[
            MilestoneChange(detected, 1, "recorded", about),
            MilestoneChange(diagnosed, 1, "not_applicable", None),
        ],
        by=by,
    )
    summary = Section.objects.get(document=document, slug="summary")
    save_section(summary, version=1, text="Uploads *failed*.", by=by)
    span = moment("09:37", end="09:55")
    add_entry(document, uid=SECOND, instant=moment("09:41"), text="The alarm went off", by=by)
    add_entry(document, uid=FIRST, instant=span, text="Errors", evidence="https://x.org", by=by)
    causes: dict[UUID, Cause] = {}
    for uid, text, explains in (
        (TOP, "The top", []),
        (BESIDE, "Beside it", []),
        (BOTTOM, "Under both", [BESIDE, TOP]),
    ):
        causes[uid] = add_cause(
            document,
            uid=uid,
            values={"text": text},
            explains=[causes[each] for each in explains],
            by=by,
        )
    for uid, values in (
        (
            ALARM,
            {
                "title": "Add an alarm",
                "done_when": "It rang.",
                "owner_id": people.leader.pk,
                "due_on": date(2026, 12, 1),
                "priority": 0,
                "kind": "detect",
                "cause_id": causes[BOTTOM].pk,
                "tracker": "https://tracker.example.org/1",
            },
        ),
        (DRILL, {"title": "Hold a drill"}),
    ):
        add_row(ActionItem, document=document, uid=uid, values=values, by=by)
    return document


def test_a_snapshot_holds_exactly_what_was_written(written: Document) -> None:
    pending = ("impact_started", "acknowledged", "mitigated", "resolved")
    milestones = {kind: MilestoneValue(kind, "pending", None) for kind in pending}

    assert build_snapshot(fresh(written)) == Snapshot(
        title="Uploads failed for one customer in ten",
        severity=2,
        service="Object storage",
        team="Storage",
        zone="America/Los_Angeles",
        owner=Person("Owner", "Storage"),
        contributors=(Person("Contributor", "Payments"),),
        milestones=(
            milestones["impact_started"],
            MilestoneValue("detected", "recorded", moment("09:41", precision=Precision.ABOUT)),
            milestones["acknowledged"],
            MilestoneValue("diagnosed", "not_applicable", None),
            milestones["mitigated"],
            milestones["resolved"],
        ),
        sections=(SectionValue("summary", "Uploads *failed*."), SectionValue("impact", "")),
        entries=(
            EntryValue(FIRST, moment("09:37", end="09:55"), "Errors", "https://x.org"),
            EntryValue(SECOND, moment("09:41"), "The alarm went off", ""),
        ),
        causes=(
            CauseValue(TOP, "The top", "", "hypothesis", "", ()),
            CauseValue(BESIDE, "Beside it", "", "hypothesis", "", ()),
            CauseValue(BOTTOM, "Under both", "", "hypothesis", "", (BESIDE, TOP)),
        ),
        actions=(
            ActionValue(
                ALARM,
                "Add an alarm",
                "It rang.",
                Person("Leader", "Leadership"),
                date(2026, 12, 1),
                0,
                "detect",
                BOTTOM,
                "https://tracker.example.org/1",
            ),
            ActionValue(DRILL, "Hold a drill", "", None, None, 2, "", None, ""),
        ),
        schema=1,
    )


def test_an_empty_draft_is_a_snapshot_too(document: Document) -> None:
    snapshot = build_snapshot(fresh(document))

    assert (snapshot.service, snapshot.entries, snapshot.causes, snapshot.actions) == (
        "",
        (),
        (),
        (),
    )
    assert [each.state for each in snapshot.milestones] == ["pending"] * 6
    assert snapshot.sections == (SectionValue("summary", ""), SectionValue("impact", ""))


def test_what_was_just_opened_and_what_is_read_from_the_tables_are_the_same_bytes(
    document: Document,
) -> None:
    """In memory the severity is still a member of its enumeration."""
    assert to_bytes(build_snapshot(document)) == to_bytes(build_snapshot(fresh(document)))


def test_rows_stand_in_their_order_and_moving_one_is_another_snapshot(
    written: Document, people: People
) -> None:
    before = take_snapshot(fresh(written))
    alarm = Entry.objects.get(uid=SECOND)
    move_row(alarm, steps=-1, among=Entry.objects.filter(document=written), by=people.owner)
    after = take_snapshot(fresh(written))

    assert [each.uid for each in before.snapshot.entries] == [FIRST, SECOND]
    assert [each.uid for each in after.snapshot.entries] == [SECOND, FIRST]
    assert before.digest != after.digest


@pytest.mark.parametrize(
    "values",
    [
        {"reference": "COE-1999-0007"},
        {"state": "approved"},
        {"is_restricted": True},
        {"current_version": 3},
    ],
)
def test_reference_state_restriction_and_version_are_not_inside(
    written: Document, values: dict[str, Any]
) -> None:
    before = take_snapshot(fresh(written))
    Document.objects.filter(pk=written.pk).update(**values)

    assert take_snapshot(fresh(written)).content == before.content
    assert written.reference.encode() not in before.content


def test_versions_positions_keys_and_addresses_are_not_inside(
    written: Document, people: People
) -> None:
    before = take_snapshot(fresh(written))
    Entry.objects.filter(uid=SECOND).update(version=9, position=99_999)
    User.objects.filter(pk=people.owner.pk).update(email="renamed@example.org")
    add_participant(written, user=people.manager, role=Participant.Role.REVIEWER, by=people.owner)

    assert take_snapshot(fresh(written)).content == before.content
    assert b"example.org/1" in before.content  # the tracker
    assert b"@" not in before.content


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("UPDATE coe_incident SET title = %s", ["Another title"]),
        ("UPDATE coe_incident SET severity = %s", [1]),
        ("UPDATE coe_incident SET service_id = %s", [None]),
        ("UPDATE coe_document SET zone = %s", ["UTC"]),
        ("UPDATE coe_section SET text = %s WHERE slug = 'impact'", ["x"]),
        ("UPDATE coe_milestone SET state = %s WHERE kind = 'resolved'", ["not_applicable"]),
        ("UPDATE coe_milestone SET precision = %s WHERE kind = 'detected'", ["minute"]),
        ("UPDATE coe_entry SET text = %s", ["x"]),
        ("UPDATE coe_entry SET evidence = %s", ["https://y.org"]),
        ("UPDATE coe_entry SET end_at = %s", [None]),
        ("UPDATE coe_cause SET text = %s", ["x"]),
        ("UPDATE coe_cause SET kind = %s", ["luck"]),
        ("UPDATE coe_cause SET confidence = %s", ["confirmed"]),
        ("UPDATE coe_cause SET evidence = %s", ["https://y.org"]),
        ("UPDATE coe_explanation SET is_primary = %s", [False]),
        ("UPDATE coe_actionitem SET title = %s", ["x"]),
        ("UPDATE coe_actionitem SET done_when = %s", ["x"]),
        ("UPDATE coe_actionitem SET owner_id = %s", [None]),
        ("UPDATE coe_actionitem SET due_on = %s", [None]),
        ("UPDATE coe_actionitem SET priority = %s", [3]),
        ("UPDATE coe_actionitem SET kind = %s", ["process"]),
        ("UPDATE coe_actionitem SET cause_id = %s", [None]),
        ("UPDATE coe_actionitem SET tracker = %s", ["https://y.org"]),
        ("DELETE FROM coe_participant WHERE role = %s", ["contributor"]),
    ],
)
def test_every_stored_word_of_content_counts_towards_the_digest(
    written: Document, statement: str, values: list[Any]
) -> None:
    before = take_snapshot(fresh(written)).digest
    with connection.cursor() as cursor:
        cursor.execute(statement, values)

    assert take_snapshot(fresh(written)).digest != before


def test_contributors_stand_in_the_order_of_names_that_is_the_same_on_every_server(
    document: Document, people: People
) -> None:
    """Lower case, byte by byte; neither capitals nor the language of the server come in."""
    for number, name in enumerate(("ab", "Abel", "a c", "Zoë")):
        person = make_person(f"contributor-{number}")
        User.objects.filter(pk=person.pk).update(name=name)
        role = Participant.Role.CONTRIBUTOR
        add_participant(document, user=person, role=role, by=people.owner)

    with CaptureQueriesContext(connection) as queries:
        snapshot = build_snapshot(fresh(document))

    names = [person.name for person in snapshot.contributors]
    assert names == ["a c", "ab", "Abel", "Contributor", "Zoë"]
    (statement,) = [each["sql"] for each in queries if '"coe_participant"."role"' in each["sql"]]
    assert "COLLATE" in statement


def test_building_takes_seven_queries_for_three_rows_of_each_kind_and_for_three_hundred(
    document: Document, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Contributors, milestones, sections, entries, edges, causes, actions."""
    for count in (3, 300):
        fill(document, people, count)
        read = fresh(document)
        with django_assert_num_queries(7):
            snapshot = build_snapshot(read)

        lengths = [len(rows) for rows in (snapshot.entries, snapshot.causes, snapshot.actions)]
        assert lengths == [count, count, count]
        assert sum(len(cause.explains) for cause in snapshot.causes) == count - 1


def fill(document: Document, people: People, count: int) -> None:
    """Make `count` rows of each kind, every cause explaining the one before it."""
    for kind in (ActionItem, Explanation, Cause, Entry):
        kind._default_manager.filter(document=document).delete()
    at = moment("09:30").at
    Entry.objects.bulk_create(
        Entry(document=document, position=n, at=at, text="x") for n in range(count)
    )
    causes = Cause.objects.bulk_create(
        Cause(document=document, position=n, text="x") for n in range(count)
    )
    Explanation.objects.bulk_create(
        Explanation(document=document, cause=cause, effect=effect, is_primary=True)
        for effect, cause in pairwise(causes)
    )
    owners = (people.owner, people.manager, people.leader)
    ActionItem.objects.bulk_create(
        ActionItem(document=document, position=n, title="x", owner=owners[n % 3], cause=cause)
        for n, cause in enumerate(causes)
    )


def test_a_document_with_rows_of_its_own_takes_none_of_another(
    written: Document, people: People
) -> None:
    other = make_document(people.owner)
    make_line(other, "elsewhere")

    assert b"elsewhere" not in take_snapshot(fresh(written)).content
    assert [each.text for each in build_snapshot(fresh(other)).entries] == ["elsewhere"]


# What is stored is the truth.


def test_the_same_bytes_are_stored_once_and_read_back_as_the_snapshot(written: Document) -> None:
    judged = take_snapshot(fresh(written))

    first, again = store_snapshot(written, judged), store_snapshot(written, judged)

    assert first.pk == again.pk
    stored = StoredSnapshot.objects.get()
    assert bytes(stored.content) == judged.content
    assert stored.digest == judged.digest
    assert from_bytes(bytes(stored.content)) == judged.snapshot


def test_the_database_refuses_to_change_or_delete_what_was_judged(written: Document) -> None:
    stored = store_snapshot(written, take_snapshot(fresh(written)))
    mine = StoredSnapshot.objects.filter(pk=stored.pk)

    with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
        mine.update(content=b"{}")
    with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
        mine.update(digest="0" * 64)
    with pytest.raises(IntegrityError, match="only ever added to"), transaction.atomic():
        mine.delete()

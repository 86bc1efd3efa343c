"""Building a snapshot: exactly the authored content, in its order, at a fixed price."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, DocumentRow, Participant, Section
from coe.documents.rows import add_row, move_row
from coe.documents.services import AnswerChange, add_participant, save_answers, save_section
from coe.incidents.models import Incident, Milestone, Service
from coe.policies.default_guide import QUESTIONS
from coe.policies.models import Question
from coe.snapshots.build import build_snapshot
from coe.snapshots.models import StoredSnapshot
from coe.snapshots.serialise import from_bytes, to_bytes
from coe.snapshots.services import store_snapshot, take_snapshot
from coe.snapshots.snapshot import (
    ActionValue,
    AnswerValue,
    CauseValue,
    EntryValue,
    FigureValue,
    LessonValue,
    MilestoneValue,
    Person,
    RelatedValue,
    SafeguardValue,
    SectionValue,
    Snapshot,
)
from coe.text.instants import Precision
from coe.timeline.models import Entry
from coe.timeline.services import Mark, MilestoneChange, add_entry, save_milestones
from coe.whys.models import Cause, Explanation, Safeguard
from coe.whys.services import add_cause
from tests.documents.making import make_document, make_line, moment
from tests.people import People, make_person

pytestmark = pytest.mark.django_db

FIRST, SECOND, MARKING = UUID(int=1), UUID(int=2), UUID(int=8)
TOP, BESIDE, BOTTOM = UUID(int=3), UUID(int=4), UUID(int=5)
ALARM, DRILL = UUID(int=6), UUID(int=7)
REQUESTS, CUSTOMERS, CANARY, NIGHT, TICKET = (UUID(int=number) for number in range(11, 16))


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
    Document.objects.filter(pk=document.pk).update(classification="confidential")
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
    add_entry(
        document,
        uid=MARKING,
        instant=about,
        text="Somebody looked",
        kind="detection",
        mark=Mark(detected, 2),
        by=by,
    )
    accepted = {"risk_reason": "It is rare.", "risk_approver_id": people.manager.pk}
    causes: dict[UUID, Cause] = {}
    for uid, values, explains in (
        (TOP, {"text": "The top", "answers": "mitigation"}, []),
        (BESIDE, {"text": "Beside it"}, []),
        (BOTTOM, {"text": "Under both", **accepted}, [BESIDE, TOP]),
    ):
        causes[uid] = add_cause(
            document,
            uid=uid,
            values=values,
            explains=[causes[each] for each in explains],
            by=by,
        )
    answer = Answer.objects.get(document=document, question__slug="found-by")
    save_answers(document, changes=[AnswerChange(answer, 1, "By an *alarm*.")], by=by)
    for kind, uid, more in (
        (
            ImpactFigure,
            REQUESTS,
            {
                "what": "Requests that failed",
                "amount": Decimal("12.5"),
                "unit": "%",
                "source": "measured",
                "basis": "The log",
            },
        ),
        (ImpactFigure, CUSTOMERS, {"what": "Customers"}),
        (
            Safeguard,
            CANARY,
            {"name": "Canary", "kind": "canary", "outcome": "missing", "why": "None"},
        ),
        (Lesson, NIGHT, {"kind": "lucky", "text": "It was night."}),
        (
            RelatedItem,
            TICKET,
            {"kind": "ticket", "title": "T-1", "url": "https://t.example.org/1", "note": "First"},
        ),
    ):
        add_row(kind, document=document, uid=uid, values=more, by=by)
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
        sections=(
            SectionValue("summary", "Uploads *failed*."),
            SectionValue("impact", ""),
            SectionValue("metrics", ""),
        ),
        entries=(
            EntryValue(FIRST, moment("09:37", end="09:55"), "Errors", "https://x.org", "", ""),
            EntryValue(SECOND, moment("09:41"), "The alarm went off", "", "", ""),
            EntryValue(
                MARKING,
                moment("09:41", precision=Precision.ABOUT),
                "Somebody looked",
                "",
                "detection",
                "detected",
            ),
        ),
        causes=(
            CauseValue(TOP, "The top", "", "hypothesis", "", (), "mitigation", "", None),
            CauseValue(BESIDE, "Beside it", "", "hypothesis", "", (), "happened", "", None),
            CauseValue(
                BOTTOM,
                "Under both",
                "",
                "hypothesis",
                "",
                (BESIDE, TOP),
                "happened",
                "It is rare.",
                Person("Manager", "Platform"),
            ),
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
        form="full",
        classification="confidential",
        guide=1,
        answers=tuple(
            AnswerValue(part, slug, question, "By an *alarm*." if slug == "found-by" else "")
            for part, slug, question, _ in QUESTIONS
        ),
        figures=(
            FigureValue(
                REQUESTS, "Requests that failed", Decimal("12.5"), "%", "measured", "The log"
            ),
            FigureValue(CUSTOMERS, "Customers", None, "", "estimated", ""),
        ),
        safeguards=(SafeguardValue(CANARY, "Canary", "canary", "missing", "None"),),
        lessons=(LessonValue(NIGHT, "lucky", "It was night."),),
        related=(RelatedValue(TICKET, "ticket", "T-1", "https://t.example.org/1", "First"),),
        schema=2,
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
    assert snapshot.sections == tuple(
        SectionValue(slug, "") for slug in ("summary", "impact", "metrics")
    )
    assert [each.text for each in snapshot.answers] == [""] * 19
    assert (snapshot.figures, snapshot.safeguards, snapshot.lessons, snapshot.related) == (
        (),
        (),
        (),
        (),
    )


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

    assert [each.uid for each in before.snapshot.entries] == [FIRST, SECOND, MARKING]
    assert [each.uid for each in after.snapshot.entries] == [SECOND, FIRST, MARKING]
    assert before.digest != after.digest


@pytest.mark.parametrize(
    "values",
    [
        {"reference": "COE-1999-0007"},
        {"state": "approved"},
        {"is_restricted": True},
        {"current_version": 3},
        {"discarded_at": moment("09:30").at},
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
    Entry.objects.filter(uid=MARKING).update(version=9, position=99_999)
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
        ("UPDATE coe_incident SET category = %s", ["near_miss"]),
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
        ("UPDATE coe_document SET form = %s", ["light"]),
        ("UPDATE coe_document SET classification = %s", ["public"]),
        ("UPDATE coe_guide SET version = %s", [7]),
        ("UPDATE coe_answer SET text = %s", ["x"]),
        ("UPDATE coe_question SET text = %s", ["x"]),
        ("UPDATE coe_question SET part = %s", ["impact"]),
        ("UPDATE coe_question SET slug = %s WHERE slug = 'found-by'", ["x"]),
        ("UPDATE coe_question SET position = position + %s WHERE slug = 'found-by'", [100]),
        ("UPDATE coe_section SET text = %s WHERE slug = 'metrics'", ["x"]),
        ("UPDATE coe_entry SET kind = %s", ["change"]),
        (
            "UPDATE coe_entry SET at = m.at, precision = m.precision, milestone_id = NULL "
            "FROM coe_milestone m WHERE m.id = milestone_id AND m.kind = %s",
            ["detected"],
        ),
        ("UPDATE coe_cause SET answers = %s", ["detection"]),
        ("UPDATE coe_cause SET risk_reason = %s", ["x"]),
        ("UPDATE coe_cause SET risk_approver_id = %s", [None]),
        ("UPDATE coe_impactfigure SET what = %s", ["x"]),
        ("UPDATE coe_impactfigure SET amount = %s", ["12.5001"]),
        ("UPDATE coe_impactfigure SET amount = %s", [None]),
        ("UPDATE coe_impactfigure SET unit = %s", ["x"]),
        ("UPDATE coe_impactfigure SET source = %s", ["measured"]),
        ("UPDATE coe_impactfigure SET basis = %s", ["x"]),
        ("UPDATE coe_impactfigure SET position = -position WHERE what = %s", ["Customers"]),
        ("UPDATE coe_safeguard SET name = %s", ["x"]),
        ("UPDATE coe_safeguard SET kind = %s", ["test"]),
        ("UPDATE coe_safeguard SET outcome = %s", ["held"]),
        ("UPDATE coe_safeguard SET why = %s", ["x"]),
        ("UPDATE coe_lesson SET kind = %s", ["well"]),
        ("UPDATE coe_lesson SET text = %s", ["x"]),
        ("UPDATE coe_relateditem SET kind = %s", ["page"]),
        ("UPDATE coe_relateditem SET title = %s", ["x"]),
        ("UPDATE coe_relateditem SET url = %s", ["https://y.org"]),
        ("UPDATE coe_relateditem SET note = %s", ["x"]),
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


def test_an_entry_that_marks_a_milestone_happened_when_the_milestone_did(
    written: Document, people: People
) -> None:
    detected = Milestone.objects.get(incident=written.incident, kind="detected")
    later = moment("10:02:30", precision=Precision.SECOND)
    change = MilestoneChange(detected, detected.version, "recorded", later)
    save_milestones(written, changes=[change], by=people.owner)

    snapshot = build_snapshot(fresh(written))

    (marking,) = [each for each in snapshot.entries if each.milestone]
    assert (marking.uid, marking.milestone, marking.instant) == (MARKING, "detected", later)
    assert snapshot.instants()["detected"] == later


def test_a_milestone_that_is_taken_back_leaves_its_entry_the_time_it_had(
    written: Document, people: People
) -> None:
    detected = Milestone.objects.get(incident=written.incident, kind="detected")
    change = MilestoneChange(detected, detected.version, "pending", None)
    save_milestones(written, changes=[change], by=people.owner)

    snapshot = build_snapshot(fresh(written))

    (left,) = [each for each in snapshot.entries if each.uid == MARKING]
    assert (left.milestone, left.instant) == ("", moment("09:41", precision=Precision.ABOUT))


def test_an_amount_is_the_same_bytes_however_many_places_were_typed(
    written: Document,
) -> None:
    contents = set()
    for typed in ("7", "7.0", "7.0000"):
        ImpactFigure.objects.filter(uid=REQUESTS).update(amount=Decimal(typed))
        contents.add(take_snapshot(fresh(written)).content)

    (content,) = contents
    assert b'"amount":"7"' in content


def test_building_takes_twelve_queries_for_three_rows_of_each_kind_and_for_three_hundred(
    document: Document, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Contributors, milestones, sections, entries, edges, causes, actions; answers, figures,
    safeguards, lessons, related items."""
    for count in (3, 300):
        fill(document, people, count)
        read = fresh(document)
        with django_assert_num_queries(12):
            snapshot = build_snapshot(read)

        lengths = {len(getattr(snapshot, name)) for name in ROWS}
        assert lengths == {count}
        assert sum(len(cause.explains) for cause in snapshot.causes) == count - 1


ROWS = ("entries", "causes", "actions", "figures", "safeguards", "lessons", "related")


SIMPLE: tuple[type[DocumentRow], ...] = (ImpactFigure, Safeguard, Lesson, RelatedItem)


def fill(document: Document, people: People, count: int) -> None:
    """Make `count` rows of each kind, every cause explaining the one before it."""
    for made in (ActionItem, Explanation, Cause, Entry):
        made._default_manager.filter(document=document).delete()
    at = moment("09:30").at
    Entry.objects.bulk_create(
        Entry(document=document, position=n, at=at, text="x") for n in range(count - 1)
    )
    milestone = Milestone.objects.get(incident=document.incident, kind="detected")
    Milestone.objects.filter(pk=milestone.pk).update(state="recorded", at=at)
    Entry.objects.create(document=document, position=count, milestone=milestone, text="x")
    for kind in SIMPLE:
        kind._default_manager.filter(document=document).delete()
        kind._default_manager.bulk_create(kind(document=document, position=n) for n in range(count))
    approvers = (people.manager, people.leader, None)
    causes = Cause.objects.bulk_create(
        Cause(document=document, position=n, text="x", risk_approver=approvers[n % 3])
        for n in range(count)
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


# Nothing that people write is left out.


HELD: dict[type[Model], tuple[type, str, str]] = {
    Document: (
        Snapshot,
        "incident owner guide form classification zone",
        # Where it is found, who sees it, how far it has come.
        "id uid reference state is_restricted current_version retracted_version created_at"
        " discarded_at",
    ),
    Incident: (
        Snapshot,
        "title severity category team service",
        # How it was registered before it had a COE, and whether one said that it needs none.
        "id uid opened_by opened_at version set_aside_at set_aside_by set_aside_reason",
    ),
    # Reviewers take part without being authors: which role counts is asked in the query.
    Participant: (Person, "document user role", "id"),
    Milestone: (MilestoneValue, "incident kind state at precision end_at", "id version"),
    # What was laid out for the author to begin with is no text of theirs.
    Section: (SectionValue, "document slug text", "id version composed"),
    # What a question hints at, and whom it is asked of, helps its author: no reader is told.
    Question: (AnswerValue, "guide part slug text position", "id hint severities categories team"),
    Answer: (AnswerValue, "document question text", "id version"),
    Entry: (
        EntryValue,
        "document uid position at precision end_at milestone kind text evidence",
        "id version",
    ),
    Cause: (
        CauseValue,
        "document uid position text kind confidence evidence answers risk_reason risk_approver",
        "id version",
    ),
    Explanation: (CauseValue, "document cause effect is_primary", "id"),
    Safeguard: (SafeguardValue, "document uid position name kind outcome why", "id version"),
    ActionItem: (
        ActionValue,
        "document uid position title done_when owner due_on priority kind cause tracker",
        "id version",
    ),
    ImpactFigure: (
        FigureValue,
        "document uid position what amount unit source basis",
        "id version",
    ),
    Lesson: (LessonValue, "document uid position kind text", "id version"),
    RelatedItem: (RelatedValue, "document uid position kind title url note", "id version"),
}
"""By model: the value that holds it, its fields that are held (the position as the order), and
those that are left out: keys, and the versions that detect conflicts."""
NOT_CONTENT = {"StoredSnapshot", "Publication", "SignOff", "Promise", "HistoryEvent", "Document"}
NOT_CONTENT |= {"Presence", "Waiver", "Round", "ItemDecision", "ReaderRole", "AuditEvent"}
NOT_CONTENT |= {"Notice", "Watch", "Thread", "Look", "Tick", "Meeting", "Retraction"}
NOT_CONTENT |= {"Delivery", "Serving"}
"""What belongs to a document without being its text: judgements, publications, memory, presence,
what was answered to findings, what is said about it, who reads it, what they have seen, who is told
and who met."""
VALUES: dict[type, str] = {
    Snapshot: "title severity service team zone owner contributors milestones sections entries "
    "causes actions form classification guide answers figures safeguards lessons related category "
    "schema",
    Person: "name role",
    MilestoneValue: "kind state instant",
    SectionValue: "slug text",
    AnswerValue: "part slug question text",
    EntryValue: "uid instant text evidence kind milestone",
    CauseValue: "uid text kind confidence evidence explains answers risk_reason risk_approver",
    SafeguardValue: "uid name kind outcome why",
    ActionValue: "uid title done_when owner due_on priority kind cause tracker",
    FigureValue: "uid what amount unit source basis",
    LessonValue: "uid kind text",
    RelatedValue: "uid kind title url note",
}


@pytest.mark.parametrize("model", HELD, ids=lambda model: model.__name__)
def test_every_field_of_what_people_write_is_held_or_left_out_for_a_reason(
    model: type[Model],
) -> None:
    """A new field fails here until the snapshot holds it, or it is named as left out."""
    _, held, left_out = HELD[model]
    there = [field.name for field in model._meta.concrete_fields]

    assert sorted(there) == sorted(held.split() + left_out.split())


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_the_values_of_a_snapshot_have_these_fields(value: type) -> None:
    assert [field.name for field in fields(value)] == VALUES[value].split()
    assert set(VALUES) == {value for value, _, _ in HELD.values()}


def test_every_kind_of_thing_that_belongs_to_a_document_is_held_or_is_no_content() -> None:
    """Also of the things that belong to one of those, like what explains what."""
    models = apps.get_app_config("coe").get_models()
    of_a_document = {
        model.__name__
        for model in models
        for field in model._meta.concrete_fields
        if field.related_model in (Document, Incident)
    }

    assert (
        of_a_document
        == {model.__name__ for model in HELD if model not in (Incident, Question)} | NOT_CONTENT
    )


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

"""Writing history: in the transaction of the change, with the hash of what was written."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from coe.documents.models import Document, Section
from coe.documents.rows import move_row, remove_row, save_row
from coe.documents.services import facts, save_facts, save_section
from coe.history.models import Action, HistoryEvent, HistoryText
from coe.history.services import changed, record
from coe.incidents.models import Milestone
from coe.timeline.models import Entry
from coe.timeline.services import MilestoneChange, add_entry, save_milestones
from coe.whys.services import add_cause, remove_cause, save_cause
from tests.documents.making import make_action, make_line, moment
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db


def test_an_event_says_who_did_what_to_which_thing(document: Document, people: People) -> None:
    event = record(
        Action.CHANGED,
        by=people.contributor,
        subject="section",
        key="summary",
        document_id=document.pk,
        version=2,
        before={"text": "old"},
        after={"text": "new"},
    )

    stored = HistoryEvent.objects.select_related("text").get(pk=event.pk)
    assert stored.actor == people.contributor
    assert stored.document == document
    assert told(document)[-1] == (
        "changed",
        "section",
        "summary",
        2,
        {"text": "old"},
        {"text": "new"},
    )
    with_clock = datetime.now(UTC) - stored.at
    assert abs(with_clock.total_seconds()) < 600


def test_the_hash_is_of_the_canonical_json_of_before_and_after(people: People) -> None:
    event = record(
        Action.CHANGED,
        by=people.owner,
        subject="x",
        key=UUID("44444444-4444-4444-8444-444444444444"),
        before={"text": "größer", "at": None},
        after={
            "text": 'he said "no"\n',
            "at": datetime(2026, 11, 14, 9, 30, tzinfo=UTC),
            "due_on": date(2026, 12, 1),
            "priority": 1,
            "uid": UUID("11111111-2222-3333-4444-555555555555"),
        },
    )

    written = (
        '{"after": {"at": "2026-11-14T09:30:00Z", "due_on": "2026-12-01", "priority": 1, '
        '"text": "he said \\"no\\"\\n", "uid": "11111111-2222-3333-4444-555555555555"}, '
        '"before": {"at": null, "text": "gr\\u00f6\\u00dfer"}}'
    )
    assert event.content_hash == hashlib.sha256(written.encode("ascii")).hexdigest()
    assert event.subject_key == "44444444-4444-4444-8444-444444444444"
    content: Any = HistoryText.objects.get(event=event).content
    assert content["before"] == {"text": "größer", "at": None}


def test_an_event_about_nothing_written_has_the_hash_of_two_empty_halves(people: People) -> None:
    event = record(Action.JOINED, by=people.owner, subject="person", key=people.owner.pk)

    assert event.content_hash == hashlib.sha256(b'{"after": {}, "before": {}}').hexdigest()
    assert event.document is None
    assert event.version is None


@pytest.mark.django_db(transaction=True)
def test_history_is_refused_outside_a_transaction(people: People) -> None:
    before = HistoryEvent.objects.count()

    with pytest.raises(RuntimeError, match="in the transaction of the change"):
        record(Action.CHANGED, by=people.owner, subject="x", key="x")

    assert HistoryEvent.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_leaves_no_history(document: Document, people: People) -> None:
    since = latest(document)

    with transaction.atomic():
        make_line(document, "undone")
        transaction.set_rollback(True)

    assert told(document, since=since) == []


@pytest.mark.django_db(transaction=True)
def test_a_change_whose_history_cannot_be_written_is_undone(
    document: Document, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = make_line(document, "stays")

    def refuse(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no room for history")

    monkeypatch.setattr("coe.documents.rows.record", refuse)
    with pytest.raises(RuntimeError, match="no room"):
        save_row(line, version=1, values={"text": "unheard"}, by=people.owner)

    stored = Entry.objects.get(pk=line.pk)
    assert (stored.text, stored.version) == ("stays", 1)


def test_changed_keeps_only_what_differs_and_asks_only_for_what_was_given() -> None:
    before = {"text": "a", "kind": "latent", "evidence": ""}

    assert changed(before, {"text": "b", "kind": "latent"}) == ({"text": "a"}, {"text": "b"})
    assert changed(before, {"text": "a"}) == ({}, {})
    assert changed(before, {"owner_id": 3}) == ({"owner_id": None}, {"owner_id": 3})
    assert changed({}, {}) == ({}, {})


def test_a_coe_is_told_from_its_opening_on_one_event_for_each_thing_done(
    document: Document, people: People
) -> None:
    by = people.owner
    section = Section.objects.get(document=document, slug="impact")
    detected = Milestone.objects.get(incident=document.incident, kind="detected")
    change = MilestoneChange(detected, 1, "recorded", moment("09:41"))

    save_facts(document, version=1, values=facts(document) | {"severity": 1}, by=by)
    save_milestones(document, changes=[change], by=by)
    save_section(section, version=1, text="One customer in ten.", by=by)
    first = add_entry(document, uid=UUID(int=1), instant=moment("09:37"), text="Errors", by=by)
    add_entry(document, uid=UUID(int=2), instant=moment("09:41"), text="Alarm", by=by)
    save_row(first, version=1, values={"text": "Errors rise"}, by=by)
    move_row(first, steps=1, among=Entry.objects.filter(document=document), by=by)
    why = add_cause(document, uid=UUID(int=3), values={"text": "Why"}, explains=[], by=by)
    more = add_cause(document, uid=UUID(int=4), values={"text": "And"}, explains=[], by=by)
    save_cause(more, version=1, values={"text": "And"}, explains=[why], by=by)
    item = make_action(document, "Add an alarm", cause_id=more.pk)
    remove_row(item, version=1, by=by)
    remove_cause(more, version=2, by=by)

    reference, contributor = document.reference, str(people.contributor.pk)
    uids = [str(UUID(int=number)) for number in range(5)]
    assert [
        (event.action, event.subject, event.key, event.version) for event in told(document)
    ] == [
        ("added", "document", reference, None),
        ("added", "participant", contributor, None),
        ("changed", "document", reference, 2),
        ("changed", "milestone", "detected", 2),
        ("changed", "section", "impact", 2),
        ("added", "entry", uids[1], 1),
        ("added", "entry", uids[2], 1),
        ("changed", "entry", uids[1], 2),
        ("moved", "entry", uids[1], 2),
        ("added", "cause", uids[3], 1),
        ("added", "cause", uids[4], 1),
        ("changed", "cause", uids[4], 2),
        ("added", "action", str(item.uid), 1),
        ("removed", "action", str(item.uid), 1),
        ("removed", "cause", uids[4], 2),
    ]

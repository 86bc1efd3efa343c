"""Action items as rows of a COE: the cause they answer is one of the same document."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from coe.actions.forms import ActionForm
from coe.actions.models import ActionItem
from coe.documents.models import Document
from coe.documents.rows import remove_row, save_row
from coe.policies.rules import GuideRules
from coe.web.versions import Conflict
from coe.whys.models import Cause
from coe.whys.services import remove_cause
from tests.documents.making import (
    make_action,
    make_cause,
    make_document,
    run_and_check,
    texts,
)
from tests.documents.rivals import Rival
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db

UID = UUID("55555555-5555-4555-8555-555555555555")


def typed(**values: Any) -> dict[str, Any]:
    return {"uid": str(uuid4()), "title": "Add an alarm", "priority": "1"} | values


def test_an_item_is_told_with_every_field_of_its_proposal(
    document: Document, people: People
) -> None:
    why = make_cause(document, "why")
    form = ActionForm(
        typed(
            uid=str(UID),
            done_when="It rang in a drill.",
            owner=str(people.colleague.pk),
            due_on="2026-12-01",
            kind="detect",
            cause=str(why.uid),
            tracker="https://tracker.example.org/1",
        ),
        document=document,
    )
    assert form.is_valid(), form.errors
    form.save(by=people.owner)

    assert told(document)[-1] == (
        "added",
        "action",
        str(UID),
        1,
        {},
        {
            "title": "Add an alarm",
            "done_when": "It rang in a drill.",
            "owner_id": people.colleague.pk,
            "due_on": "2026-12-01",
            "priority": 1,
            "kind": "detect",
            "cause_id": why.pk,
            "tracker": "https://tracker.example.org/1",
            "place": 0,
        },
    )


def test_a_save_that_changes_nothing_counts_no_version_and_tells_nothing(
    document: Document, people: People
) -> None:
    item = make_action(document, "Add an alarm", due_on=date(2026, 12, 1), priority=1)
    since = latest(document)
    sent = typed(uid=str(item.uid), due_on="2026-12-01", version="1")
    form = ActionForm(sent, document=document, row=ActionItem.objects.get(pk=item.pk))

    assert form.is_valid(), form.errors
    form.save(by=people.owner)

    assert ActionItem.objects.get(pk=item.pk).version == 1
    assert told(document, since=since) == []


def test_only_what_changed_is_told(document: Document, people: People) -> None:
    item = make_action(document, "Add an alarm", owner_id=people.colleague.pk)
    since = latest(document)

    values = {"title": "Add an alarm", "owner_id": people.manager.pk, "due_on": date(2026, 12, 1)}
    save_row(item, version=1, values=values, by=people.contributor)

    assert told(document, since=since) == [
        (
            "changed",
            "action",
            str(item.uid),
            2,
            {"owner_id": people.colleague.pk, "due_on": None},
            {"owner_id": people.manager.pk, "due_on": "2026-12-01"},
        )
    ]


def test_a_form_does_not_know_the_causes_of_another_document(
    document: Document, people: People
) -> None:
    foreign = make_cause(make_document(people.owner), "foreign")

    form = ActionForm(typed(cause=str(foreign.uid)), document=document)

    assert list(form.errors) == ["cause"]


def test_the_database_refuses_a_cause_of_another_document(
    document: Document, people: People
) -> None:
    here, there = make_cause(document, "here"), make_cause(make_document(people.owner), "there")
    item = make_action(document, "Add an alarm")
    statement = "UPDATE coe_actionitem SET cause_id = %s WHERE id = %s"

    with pytest.raises(IntegrityError, match="action_cause_in_document"):
        run_and_check(statement, [there.pk, item.pk])

    run_and_check(statement, [here.pk, item.pk])


def test_the_database_refuses_a_new_item_with_a_cause_of_another_document(
    document: Document, people: People
) -> None:
    there = make_cause(make_document(people.owner), "there")

    statement = (
        "INSERT INTO coe_actionitem (document_id, cause_id, uid, position, version, title, "
        "done_when, priority, kind, tracker) VALUES (%s, %s, %s, 1, 1, 'x', '', 2, '', '')"
    )

    with pytest.raises(IntegrityError, match="action_cause_in_document"):
        run_and_check(statement, [document.pk, there.pk, UID])


def test_removing_an_item_leaves_its_cause(document: Document, people: People) -> None:
    why = make_cause(document, "why")
    item = make_action(document, "Add an alarm", cause_id=why.pk)

    remove_row(item, version=1, by=people.owner)

    assert texts(document, ActionItem) == []
    assert texts(document, Cause) == ["why"]


@pytest.mark.django_db(transaction=True)
def test_an_item_for_a_cause_that_is_removed_meanwhile_is_a_conflict(
    document: Document, people: People
) -> None:
    why = make_cause(document, "why")
    form = ActionForm(typed(cause=str(why.uid)), document=document)
    assert form.is_valid(), form.errors
    remove_cause(Cause.objects.get(pk=why.pk), version=1, by=people.contributor)

    with pytest.raises(Conflict):
        form.save(by=people.owner)

    assert texts(document, ActionItem) == []


@pytest.mark.django_db(transaction=True)
def test_an_item_for_a_cause_whose_removal_is_in_flight_waits_and_is_a_conflict(
    document: Document, people: People
) -> None:
    why = make_cause(document, "why")

    def add() -> None:
        form = ActionForm(typed(cause=str(why.uid)), document=document)
        assert form.is_valid(), form.errors
        form.save(by=people.owner)

    with transaction.atomic():
        remove_cause(Cause.objects.get(pk=why.pk), version=1, by=people.contributor)
        rival = Rival(add)
        assert rival.is_held_up()

    with pytest.raises(Conflict):
        rival.finish()
    assert texts(document, ActionItem) == []


@pytest.mark.parametrize(
    ("typed_tracker", "kept"),
    [
        ("", ""),
        (" PRC-881 ", "PRC-881"),
        ("#4711", "#4711"),
        ("https://tracker.example.org/PRC-881", "https://tracker.example.org/PRC-881"),
        ("tracker.example.org/PRC-881", "https://tracker.example.org/PRC-881"),
        ("javascript:alert(1)", None),
        ("ftp//x", None),
        ("ftp://example.org/PRC-881", None),
        ("PRC-881\nPRC-882", None),
    ],
)
def test_a_ticket_is_named_by_its_key_or_its_address(
    document: Document, typed_tracker: str, kept: str | None
) -> None:
    form = ActionForm(typed(tracker=typed_tracker), document=document)
    assert form.is_valid() == (kept is not None)
    assert form.cleaned_data.get("tracker") == kept


GUIDE = GuideRules(due_days={0: 1, 1: 30, 2: 45})


def advised(document: Document, row: ActionItem | None = None) -> ActionForm:
    """A form as it is shown under a guide that has no limit for P3."""
    form = ActionForm(document=document, row=row)
    form.advise(GUIDE)
    return form


def test_a_priority_says_what_it_means_and_when_that_is_by_the_guide(document: Document) -> None:
    form = advised(document)
    assert [label for _, label in form.fields["priority"].choices] == [  # type: ignore[attr-defined]
        "P0: it could happen again tomorrow (1 day)",
        "P1: it could happen again soon (30 days)",
        "P2: it could happen again this year (45 days)",
        "P3: it is unlikely to happen again",
    ]


def test_the_due_day_stands_in_words_beside_the_field(document: Document) -> None:
    for sent, said in (("2026-12-11", "11 Dec 2026"), ("soon", "")):
        drawn = str(ActionForm(typed(due_on=sent), document=document)["due_on"])
        assert f'aria-hidden="true">{said}</span>' in drawn
        assert f'value="{sent}"' in drawn


def test_the_day_of_the_guide_is_proposed_for_a_new_item_and_kept_as_it_is_for_an_old_one(
    document: Document, people: People
) -> None:
    today = localdate(timezone=ZoneInfo(document.zone))
    form = advised(document)
    assert form["due_on"].value() == str(today + timedelta(days=45))
    assert json.loads(form.fields["priority"].widget.attrs["data-due"]) == {
        "0": str(today + timedelta(days=1)),
        "1": str(today + timedelta(days=30)),
        "2": str(today + timedelta(days=45)),
    }
    old = advised(document, make_action(document, "Old"))
    assert old["due_on"].value() is None
    assert "data-due" not in old.fields["priority"].widget.attrs


def test_the_owner_is_proposed_to_the_owner_of_the_coe_alone(
    document: Document, people: People
) -> None:
    forms = {person: ActionForm(document=document) for person in (people.owner, people.contributor)}
    for person, form in forms.items():
        form.propose_owner(person)
    assert forms[people.owner]["owner"].value() == people.owner.pk
    assert forms[people.contributor]["owner"].value() is None
    assert forms[people.owner].fields["owner"].empty_label == "Nobody yet"  # type: ignore[attr-defined]


def test_its_fields_stand_in_one_order_in_every_form(document: Document) -> None:
    assert [field.name for field in ActionForm(document=document).visible_fields()] == [
        "title",
        "owner",
        "priority",
        "due_on",
        "done_when",
        "kind",
        "cause",
        "tracker",
    ]

"""An approved COE stands: every way of writing in it is refused, and nothing is written."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest

from coe.actions.models import ActionItem
from coe.documents.locks import ReadOnly
from coe.documents.models import Document, Participant, Section
from coe.documents.rows import add_row, move_row, remove_row, save_row
from coe.documents.services import add_participant, facts, save_facts, save_section
from coe.incidents.models import Milestone
from coe.snapshots.services import take_snapshot
from coe.timeline.models import Entry
from coe.timeline.services import MilestoneChange, add_entry, save_entry, save_milestones
from coe.whys.models import Cause
from coe.whys.services import add_cause, remove_cause, save_cause
from tests.documents.making import approve, make_action, make_cause, make_line, moment
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Approved:
    """An approved COE with two of everything that can be moved."""

    document: Document
    people: People
    entry: Entry
    cause: Cause
    action: ActionItem


@pytest.fixture
def approved(document: Document, people: People) -> Approved:
    entry, _ = make_line(document, "first"), make_line(document, "second")
    cause, _ = make_cause(document, "a cause"), make_cause(document, "another")
    action, _ = make_action(document, "to do"), make_action(document, "to do as well")
    approve(document)
    return Approved(document, people, entry, cause, action)


def _add(coe: Approved) -> None:
    values = {"title": "slipped in"}
    add_row(ActionItem, document=coe.document, uid=uuid4(), values=values, by=coe.people.owner)


def _save(coe: Approved) -> None:
    save_row(coe.action, version=1, values={"title": "slipped in"}, by=coe.people.owner)


def _save_what_is_there(coe: Approved) -> None:
    save_row(coe.action, version=1, values={"title": "to do"}, by=coe.people.owner)


def _move(coe: Approved) -> None:
    among = ActionItem.objects.filter(document=coe.document)
    move_row(coe.action, steps=1, among=among, by=coe.people.owner)


def _remove(coe: Approved) -> None:
    remove_row(coe.action, version=1, by=coe.people.owner)


def _add_entry(coe: Approved) -> None:
    add_entry(
        coe.document, uid=uuid4(), instant=moment("09:00"), text="slipped in", by=coe.people.owner
    )


def _save_entry(coe: Approved) -> None:
    save_entry(
        coe.entry, version=1, instant=moment("09:30"), text="slipped in", by=coe.people.owner
    )


def _add_cause(coe: Approved) -> None:
    values = {"text": "slipped in"}
    add_cause(coe.document, uid=uuid4(), values=values, explains=[coe.cause], by=coe.people.owner)


def _save_cause(coe: Approved) -> None:
    save_cause(
        coe.cause, version=1, values={"text": "slipped in"}, explains=[], by=coe.people.owner
    )


def _remove_cause(coe: Approved) -> None:
    remove_cause(coe.cause, version=1, by=coe.people.owner)


def _save_section(coe: Approved) -> None:
    section = Section.objects.get(document=coe.document, slug="summary")
    save_section(section, version=1, text="slipped in", by=coe.people.owner)


def _save_facts(coe: Approved) -> None:
    values = facts(coe.document) | {"title": "slipped in"}
    save_facts(coe.document, version=1, values=values, by=coe.people.owner)


def _save_milestones(coe: Approved) -> None:
    milestone = Milestone.objects.get(incident=coe.document.incident, kind="detected")
    change = MilestoneChange(milestone, 1, "recorded", moment("09:30"))
    save_milestones(coe.document, changes=[change], by=coe.people.owner)


def _add_contributor(coe: Approved) -> None:
    """Contributors are named in the text that was approved."""
    role = Participant.Role.CONTRIBUTOR
    add_participant(coe.document, user=coe.people.colleague, role=role, by=coe.people.owner)


@pytest.mark.parametrize(
    "write",
    [
        _add,
        _save,
        _save_what_is_there,
        _move,
        _remove,
        _add_entry,
        _save_entry,
        _add_cause,
        _save_cause,
        _remove_cause,
        _save_section,
        _save_facts,
        _save_milestones,
        _add_contributor,
    ],
)
def test_an_approved_coe_refuses_every_write_and_stays_as_it_was_signed(
    approved: Approved, write: Callable[[Approved], None]
) -> None:
    signed = take_snapshot(Document.objects.get(pk=approved.document.pk)).content
    since = latest(approved.document)

    with pytest.raises(ReadOnly, match="has been approved"):
        write(approved)

    assert take_snapshot(Document.objects.get(pk=approved.document.pk)).content == signed
    assert told(approved.document, since=since) == []


@pytest.mark.parametrize("state", ["draft", "in_review", "changes_requested"])
def test_in_every_other_state_it_can_be_written(
    document: Document, people: People, state: str
) -> None:
    Document.objects.filter(pk=document.pk).update(state=state)

    make_line(document, "written")

    assert Entry.objects.get(document=document).text == "written"

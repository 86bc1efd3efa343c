"""An approval is of exactly the text that was on the screen."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.locks import ReadOnly
from coe.documents.models import Document, Participant, State
from coe.documents.rows import move_row, remove_row, save_row
from coe.documents.services import add_participant
from coe.history.models import Action, HistoryEvent
from coe.incidents.models import Milestone
from coe.reviews.models import SignOff
from coe.reviews.workflow import TextChanged, make_transition, standing_sign_offs
from coe.snapshots.models import StoredSnapshot
from coe.snapshots.serialise import from_bytes
from coe.timeline.services import MilestoneChange, add_entry, save_milestones
from coe.whys.services import add_cause
from tests.people import People
from tests.reviews.steps import (
    approve,
    ask_for_changes,
    bring_to,
    digest_on_screen,
    fresh,
    instant,
    propose,
    state_facts,
    submit,
    write,
)

Edit = Callable[[Document, People], None]


def edit_section(document: Document, people: People) -> None:
    write(document, "Uploads failed for one customer in nine.", by=people.contributor)


def edit_title(document: Document, people: People) -> None:
    state_facts(document, title="Uploads failed for one customer in nine", by=people.owner)


def edit_team(document: Document, people: People) -> None:
    state_facts(document, team_id=people.stranger.team_id, by=people.owner)


def edit_zone(document: Document, people: People) -> None:
    state_facts(document, zone="Asia/Tokyo", by=people.owner)


def edit_milestone(document: Document, people: People) -> None:
    detected = document.incident.milestones.get(kind=Milestone.Kind.DETECTED)
    change = MilestoneChange(detected, detected.version, "recorded", instant("2026-03-01 09:41"))
    save_milestones(document, changes=[change], by=people.owner)


def edit_timeline(document: Document, people: People) -> None:
    at = instant("2026-03-01 09:37")
    add_entry(document, uid=uuid4(), instant=at, text="Uploads fail.", by=people.owner)


def edit_causes(document: Document, people: People) -> None:
    values = {"text": "The disk was full.", "kind": "trigger", "confidence": "confirmed"}
    add_cause(document, uid=uuid4(), values=values, explains=[], by=people.owner)


def edit_actions(document: Document, people: People) -> None:
    propose(document, "Alarm at 80 % full", by=people.owner)


def edit_people(document: Document, people: People) -> None:
    role = Participant.Role.CONTRIBUTOR
    add_participant(document, user=people.colleague, role=role, by=people.owner)


EVERY_EDIT: list[Edit] = [
    edit_section,
    edit_title,
    edit_team,
    edit_zone,
    edit_milestone,
    edit_timeline,
    edit_causes,
    edit_actions,
    edit_people,
]


def name_of(edit: Edit) -> str:
    return edit.__name__


def test_the_approval_names_the_bytes_that_were_read(document: Document, people: People) -> None:
    write(document, "One customer in ten.", by=people.owner)
    submit(document, by=people.owner)
    on_screen = digest_on_screen(document)
    make_transition(
        document, to=State.APPROVED, by=people.manager, digest=on_screen, note="Clear and honest."
    )
    (signed,) = standing_sign_offs(document)
    assert signed.snapshot.digest == on_screen
    stored = from_bytes(bytes(signed.snapshot.content))
    assert stored.title == "Uploads failed for one customer in ten"
    assert stored.section("summary") == "One customer in ten."
    assert (signed.user, signed.name, signed.role) == (people.manager, "Manager", "Platform")
    assert (signed.verdict, signed.note) == ("approved", "Clear and honest.")
    event = HistoryEvent.objects.get(document=document, action=Action.APPROVED)
    assert event.text.content == {
        "before": {"state": "in_review"},
        "after": {
            "state": "approved",
            "digest": on_screen,
            "answers": "",
            "note": "Clear and honest.",
        },
    }


def test_the_name_and_the_role_are_those_of_the_day_of_signing(
    document: Document, people: People
) -> None:
    bring_to(document, State.APPROVED, people)
    User.objects.filter(pk=people.manager.pk).update(name="Renamed", is_leader=True)
    (signed,) = standing_sign_offs(document)
    assert (signed.name, signed.role) == ("Manager", "Platform")


@pytest.mark.parametrize("edit", EVERY_EDIT, ids=name_of)
def test_after_an_edit_in_between_nothing_is_judged(
    edit: Edit, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    on_screen = digest_on_screen(document)
    edit(fresh(document), people)
    # Where the COE moved to Payments, the manager above both teams judges it.
    judge = people.director if edit is edit_team else people.manager
    for verdict in (State.APPROVED, State.CHANGES_REQUESTED):
        with pytest.raises(TextChanged, match="Read it again"):
            make_transition(document, to=verdict, by=judge, digest=on_screen)
    assert SignOff.objects.count() == 0
    assert fresh(document).state == State.IN_REVIEW
    judged = (Action.APPROVED, Action.CHANGES_REQUESTED)
    assert not HistoryEvent.objects.filter(action__in=judged).exists()


def test_a_verdict_without_the_digest_of_the_text_is_refused(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    for digest in ("", "0" * 64, "nonsense"):
        with pytest.raises(TextChanged):
            make_transition(document, to=State.APPROVED, by=people.manager, digest=digest)
    assert (SignOff.objects.count(), fresh(document).state) == (0, State.IN_REVIEW)


def test_a_text_that_was_changed_and_changed_back_is_the_text_that_was_read(
    document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    submit(document, by=people.owner)
    on_screen = digest_on_screen(document)
    write(document, "One in nine.", by=people.owner)
    write(document, "One in ten.", by=people.owner)
    make_transition(document, to=State.APPROVED, by=people.manager, digest=on_screen)
    assert fresh(document).state == State.APPROVED


def test_moving_and_removing_rows_are_edits_too(document: Document, people: People) -> None:
    first = propose(document, "Alarm at 80 % full", by=people.owner)
    propose(document, "Delete old logs daily", by=people.owner)
    submit(document, by=people.owner)
    read = digest_on_screen(document)
    rows = ActionItem.objects.filter(document=document)
    move_row(first, steps=1, among=rows, by=people.owner)
    moved = digest_on_screen(document)
    remove_row(rows.get(uid=first.uid), version=1, by=people.owner)
    removed = digest_on_screen(document)
    assert len({read, moved, removed}) == 3
    for earlier in (read, moved):
        with pytest.raises(TextChanged):
            make_transition(document, to=State.APPROVED, by=people.manager, digest=earlier)


def test_a_changed_due_date_of_a_correction_is_an_edit(document: Document, people: People) -> None:
    item = propose(document, "Alarm at 80 % full", due_on=date(2026, 4, 1), by=people.owner)
    submit(document, by=people.owner)
    on_screen = digest_on_screen(document)
    save_row(item, version=1, values={"due_on": date(2026, 5, 1)}, by=people.owner)
    with pytest.raises(TextChanged):
        make_transition(document, to=State.APPROVED, by=people.manager, digest=on_screen)


def test_restriction_and_state_are_no_part_of_the_text(document: Document, people: People) -> None:
    before = digest_on_screen(document)
    state_facts(document, is_restricted=True, by=people.owner)
    submit(document, by=people.owner)
    assert digest_on_screen(document) == before


@pytest.mark.parametrize("edit", EVERY_EDIT, ids=name_of)
def test_what_was_approved_can_not_be_edited_until_it_is_reopened(
    edit: Edit, document: Document, people: People
) -> None:
    bring_to(document, State.APPROVED, people)
    approved = digest_on_screen(document)
    with pytest.raises(ReadOnly):
        edit(fresh(document), people)
    assert digest_on_screen(document) == approved
    make_transition(document, to=State.DRAFT, by=people.owner)
    edit(fresh(document), people)
    assert digest_on_screen(document) != approved


def test_who_asks_for_changes_signs_the_text_too_and_may_approve_the_next(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    first = digest_on_screen(document)
    ask_for_changes(document, by=people.manager, note="Say how many.")
    write(document, "1 204 of 12 000 customers.", by=people.owner)
    submit(document, by=people.owner)
    second = digest_on_screen(document)
    approve(document, by=people.manager)
    judged = SignOff.objects.filter(document=document).order_by("pk")
    assert [(each.verdict, each.snapshot.digest) for each in judged] == [
        ("changes_requested", first),
        ("approved", second),
    ]
    assert [each.snapshot.digest for each in standing_sign_offs(document)] == [second]


def test_the_text_is_kept_once_however_often_it_is_submitted(
    document: Document, people: People
) -> None:
    for _ in range(2):
        submit(document, by=people.owner)
        make_transition(document, to=State.DRAFT, by=people.owner)
    assert StoredSnapshot.objects.filter(document=document).count() == 1

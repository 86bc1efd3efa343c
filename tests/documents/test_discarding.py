"""Throwing a draft away and bringing it back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from coe.administration.services import hand_over_and_deactivate
from coe.documents.locks import Discarded
from coe.documents.models import Document, Participant, Section, State
from coe.documents.queries import discarded_drafts
from coe.documents.services import (
    add_participant,
    grow_document,
    open_coe,
    remove_participant,
    save_section,
)
from coe.publishing.services import publish
from coe.reviews.services import (
    bring_back_draft,
    discard_draft,
    hand_over_document,
    may_be_discarded,
)
from coe.reviews.workflow import make_transition
from coe.snapshots.services import take_snapshot
from coe.web.errors import StaleAnswer
from tests.documents.making import make_document, make_line, texts
from tests.documents.rivals import Rival
from tests.history.reading import Told, latest, told
from tests.people import People
from tests.reviews.steps import bring_to, fresh, publish_draft, reopen, state_facts, submit


def discard(document: Document, people: People) -> None:
    discard_draft(document, by=people.owner)


def age(document: Document, **ago: float) -> None:
    """Let it have been discarded that long ago."""
    when = now() - timedelta(**ago)
    Document.objects.filter(pk=document.pk).update(discarded_at=when)


def test_what_is_discarded_and_brought_back_is_what_it_was(
    document: Document, people: People
) -> None:
    make_line(document, "the first alarm")
    digest = take_snapshot(fresh(document)).digest
    since = latest(document)
    discard(document, people)
    bring_back_draft(document, by=people.owner)
    assert take_snapshot(fresh(document)).digest == digest
    assert document in Document.objects.working_copy_visible_to(people.contributor)
    reference = document.reference
    assert told(document, since=since) == [
        Told("discarded", "document", reference, None, {}, {}),
        Told("restored", "document", reference, None, {}, {}),
    ]


def test_doing_either_again_changes_nothing(document: Document, people: People) -> None:
    discard(document, people)
    when = fresh(document).discarded_at
    discard(document, people)
    assert fresh(document).discarded_at == when
    for _ in range(2):
        bring_back_draft(document, by=people.owner)
    assert [event.action for event in told(document)][-2:] == ["discarded", "restored"]


@pytest.mark.parametrize("name", ["contributor", "colleague", "manager", "leader", "admin"])
def test_nobody_but_the_owner_does_either(document: Document, people: People, name: str) -> None:
    somebody = getattr(people, name)
    with pytest.raises(PermissionDenied):
        discard_draft(document, by=somebody)
    discard(document, people)
    with pytest.raises(PermissionDenied):
        bring_back_draft(document, by=somebody)
    assert fresh(document).discarded_at is not None


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED])
def test_what_was_submitted_is_not_discarded(
    document: Document, people: People, state: State
) -> None:
    bring_to(document, state, people)
    with pytest.raises(StaleAnswer, match="asked to review"):
        discard(document, people)
    assert fresh(document).discarded_at is None


def test_what_was_taken_back_from_review_is_not_discarded_either(
    document: Document, people: People
) -> None:
    assert may_be_discarded(document)
    submit(document, by=people.owner)
    make_transition(document, to=State.DRAFT, by=people.owner, start=State.IN_REVIEW)
    assert not may_be_discarded(fresh(document))
    with pytest.raises(StaleAnswer):
        discard(document, people)


def test_a_correction_of_what_was_published_is_not_discarded(
    document: Document, people: People
) -> None:
    publish_draft(document, people)
    reopen(document, by=people.owner)
    with pytest.raises(StaleAnswer):
        discard(document, people)


def test_after_thirty_days_it_is_neither_listed_nor_brought_back(
    document: Document, people: People
) -> None:
    discard(document, people)
    age(document, days=29, hours=23)
    assert list(discarded_drafts(people.owner)) == [document]
    age(document, days=30, seconds=1)
    assert list(discarded_drafts(people.owner)) == []
    with pytest.raises(StaleAnswer, match="more than 30 days ago"):
        bring_back_draft(document, by=people.owner)
    assert fresh(document).discarded_at is not None


def test_the_discarded_drafts_are_the_owners_alone_the_last_one_first(
    document: Document, people: People
) -> None:
    other = make_document(people.owner)
    for each in (document, other):
        discard(each, people)
    assert list(discarded_drafts(people.owner)) == [other, document]
    assert list(discarded_drafts(people.contributor)) == []


def test_opening_it_again_from_the_same_form_says_that_it_was_discarded(
    document: Document, people: People
) -> None:
    discard(document, people)
    assert people.owner.team
    with pytest.raises(StaleAnswer, match=f"{document.reference} and discarded it"):
        open_coe(
            uid=document.uid,
            title="Again",
            severity=2,
            team=people.owner.team,
            zone="UTC",
            by=people.owner,
        )


def test_who_takes_over_from_somebody_gets_nothing_that_was_discarded(
    document: Document, people: People
) -> None:
    kept = make_document(people.owner)
    discard(document, people)
    hand_over_and_deactivate(person=people.owner, to=people.colleague, by=people.admin)
    assert fresh(kept).owner == people.colleague
    assert fresh(document).owner == people.owner
    assert list(discarded_drafts(people.colleague)) == []


def save_summary(document: Document, text: str, people: People) -> None:
    section = Section.objects.get(document=document, slug="summary")
    save_section(section, version=section.version, text=text, by=people.contributor)


CONTRIBUTOR = Participant.Role.CONTRIBUTOR
WRITES: dict[str, Callable[[Document, People], object]] = {
    "section": lambda document, people: save_summary(document, "late", people),
    "facts": lambda document, people: state_facts(document, title="late", by=people.owner),
    "row": lambda document, people: make_line(document, "late", by=people.contributor),
    "contributor": lambda document, people: add_participant(
        document, user=people.stranger, role=CONTRIBUTOR, by=people.owner
    ),
    "no contributor": lambda document, people: remove_participant(
        document, user=people.contributor, role=CONTRIBUTOR, by=people.owner
    ),
    "growth": lambda document, people: grow_document(document, by=people.owner),
    "owner": lambda document, people: hand_over_document(
        document, to=people.colleague, by=people.owner
    ),
    "submission": lambda document, people: submit(document, by=people.owner),
    "publication": lambda document, people: publish(document, by=people.owner),
}


@pytest.mark.parametrize("name", WRITES)
def test_every_write_finds_nothing_there(document: Document, people: People, name: str) -> None:
    discard(document, people)
    since = latest(document)
    with pytest.raises(Discarded):
        WRITES[name](document, people)
    assert told(document, since=since) == []


@pytest.mark.django_db(transaction=True)
def test_a_save_waits_for_a_discarding_in_flight_and_then_finds_nothing_there(
    document: Document, people: People
) -> None:
    with transaction.atomic():
        discard(document, people)
        rival = Rival(lambda: make_line(document, "slipped in", by=people.contributor))
        assert rival.is_held_up()
    with pytest.raises(Discarded):
        rival.finish()
    assert texts(document) == []


@pytest.mark.django_db(transaction=True)
def test_a_discarding_waits_for_a_save_in_flight_which_is_there_when_it_comes_back(
    document: Document, people: People
) -> None:
    uid = UUID("11111111-2222-3333-4444-555555555555")
    with transaction.atomic():
        make_line(document, "the last word", uid=uid, by=people.contributor)
        rival = Rival(lambda: discard_draft(document, by=people.owner))
        assert rival.is_held_up()
    rival.finish()
    assert fresh(document).discarded_at is not None
    bring_back_draft(document, by=people.owner)
    assert texts(document) == ["the last word"]


@pytest.mark.django_db(transaction=True)
def test_a_discarding_that_waited_for_a_submission_is_refused(
    document: Document, people: People
) -> None:
    with transaction.atomic():
        submit(document, by=people.owner)
        rival = Rival(lambda: discard_draft(document, by=people.owner))
        assert rival.is_held_up()
    with pytest.raises(StaleAnswer, match="asked to review"):
        rival.finish()
    assert fresh(document).discarded_at is None

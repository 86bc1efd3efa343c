"""Who takes part in a COE: added, removed, and the COE handed over to somebody else."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from coe.accounts.models import User
from coe.documents.locks import ReadOnly
from coe.documents.models import Document, Participant, State
from coe.documents.queries import is_author
from coe.documents.services import (
    add_contributor,
    add_participant,
    remove_contributor,
    remove_participant,
)
from coe.reviews.rules import approvers_of
from coe.reviews.services import hand_over_document
from coe.reviews.workflow import make_transition
from coe.snapshots.services import take_snapshot
from coe.web.errors import StaleAnswer
from tests.documents.making import approve
from tests.documents.rivals import at_once, kinds_of_errors
from tests.history.reading import Told, latest, told
from tests.people import People
from tests.reviews.steps import bring_to, fresh, submit

CONTRIBUTOR, REVIEWER = Participant.Role.CONTRIBUTOR, Participant.Role.REVIEWER


def parts(document: Document) -> set[tuple[str, str]]:
    """Who takes part beside the owner, and as what."""
    return set(document.participants.values_list("user__name", "role"))


def hand_over(document: Document, to: User, by: User) -> None:
    hand_over_document(document, to=to, by=by)


def test_a_contributor_who_is_added_writes_and_stands_in_the_text(
    document: Document, people: People
) -> None:
    add_participant(document, user=people.stranger, role=CONTRIBUTOR, by=people.owner)
    assert is_author(people.stranger, document)
    named = take_snapshot(document).snapshot.contributors
    assert [person.name for person in named] == ["Contributor", "Stranger"]


def test_a_contributor_who_is_removed_neither_writes_nor_reads_nor_stands_in_the_text(
    document: Document, people: People
) -> None:
    since = latest(document)
    remove_participant(document, user=people.contributor, role=CONTRIBUTOR, by=people.owner)
    assert not is_author(people.contributor, document)
    assert document not in Document.objects.working_copy_visible_to(people.contributor)
    assert take_snapshot(document).snapshot.contributors == ()
    key = str(people.contributor.pk)
    assert told(document, since=since) == [
        Told("removed", "participant", key, None, {"role": "contributor"}, {})
    ]


def test_removing_somebody_again_changes_nothing(document: Document, people: People) -> None:
    for _ in range(2):
        remove_participant(document, user=people.contributor, role=CONTRIBUTOR, by=people.owner)
    since = latest(document)
    remove_participant(document, user=people.stranger, role=CONTRIBUTOR, by=people.owner)
    assert told(document, since=since) == []
    assert parts(document) == set()


def test_removing_a_contributor_leaves_a_reviewer_who_is_the_same_person(
    document: Document, people: People
) -> None:
    add_participant(document, user=people.contributor, role=REVIEWER, by=people.owner)
    remove_participant(document, user=people.contributor, role=CONTRIBUTOR, by=people.owner)
    assert parts(document) == {("Contributor", "reviewer")}


def test_nobody_is_removed_from_what_is_approved(document: Document, people: People) -> None:
    approve(document)
    with pytest.raises(ReadOnly):
        remove_participant(document, user=people.contributor, role=CONTRIBUTOR, by=people.owner)
    assert parts(document) == {("Contributor", "contributor")}


def test_the_former_owner_becomes_a_contributor_and_the_contributor_the_owner(
    document: Document, people: People
) -> None:
    since = latest(document)
    hand_over(document, people.contributor, people.owner)
    assert fresh(document).owner == people.contributor
    assert parts(document) == {("Owner", "contributor")}
    assert is_author(people.owner, fresh(document))
    assert [
        (event.action, event.subject, event.before, event.after)
        for event in told(document, since=since)
    ] == [
        (
            "handed_over",
            "document",
            {"owner_id": people.owner.pk},
            {"owner_id": people.contributor.pk},
        ),
        ("removed", "participant", {"role": "contributor"}, {}),
        ("added", "participant", {}, {"role": "contributor"}),
    ]


@pytest.mark.parametrize("name", ["contributor", "colleague", "manager", "leader", "admin"])
def test_nobody_but_the_owner_hands_it_over(document: Document, people: People, name: str) -> None:
    since = latest(document)
    with pytest.raises(PermissionDenied):
        hand_over(document, people.stranger, getattr(people, name))
    assert fresh(document).owner == people.owner
    assert told(document, since=since) == []


def test_who_owned_it_until_a_moment_ago_does_not_hand_it_over_again(
    document: Document, people: People
) -> None:
    as_it_was = fresh(document)
    hand_over(document, people.colleague, people.owner)
    with pytest.raises(PermissionDenied):
        hand_over(as_it_was, people.stranger, people.owner)
    assert fresh(document).owner == people.colleague


def test_it_is_not_handed_to_its_owner_nor_to_somebody_who_left(
    document: Document, people: People
) -> None:
    User.objects.filter(pk=people.stranger.pk).update(is_active=False)
    for heir in (people.owner, people.stranger):
        with pytest.raises(ValidationError, match="cannot take over"):
            hand_over(document, heir, people.owner)
    assert fresh(document).owner == people.owner
    assert parts(document) == {("Contributor", "contributor")}


def test_what_is_approved_stays_with_its_owner_until_it_is_reopened(
    document: Document, people: People
) -> None:
    bring_to(document, State.APPROVED, people)
    digest = take_snapshot(fresh(document)).digest
    with pytest.raises(StaleAnswer, match="Reopen it, then hand it over"):
        hand_over(document, people.colleague, people.owner)
    assert take_snapshot(fresh(document)).digest == digest
    make_transition(document, to=State.DRAFT, by=people.owner)
    hand_over(document, people.colleague, people.owner)
    assert fresh(document).owner == people.colleague


def test_in_review_the_new_owner_does_not_approve_and_the_next_manager_may_read_it(
    document: Document, people: People
) -> None:
    Document.objects.filter(pk=document.pk).update(is_restricted=True)
    submit(document, by=people.owner)
    assert ("Director", "reviewer") not in parts(document)
    hand_over(document, people.manager, people.owner)
    assert approvers_of(fresh(document)) == [people.director]
    assert ("Director", "reviewer") in parts(document)
    assert document in Document.objects.working_copy_visible_to(people.director)


def test_in_review_it_is_not_handed_to_the_only_one_who_could_approve_it(
    document: Document, people: People
) -> None:
    for manager in (people.manager, people.director):
        User.objects.filter(pk=manager.pk).update(is_active=False)
    submit(document, by=people.owner)
    with pytest.raises(ValidationError, match="nobody could approve it"):
        hand_over(document, people.leader, people.owner)
    assert fresh(document).owner == people.owner
    assert parts(document) == {("Contributor", "contributor"), ("Leader", "reviewer")}


def test_in_review_nobody_hands_it_over_to_approve_it_themselves(
    document: Document, people: People
) -> None:
    hand_over(document, people.manager, people.owner)
    submit(document, by=people.manager)
    assert approvers_of(fresh(document)) == [people.director]
    with pytest.raises(ValidationError, match="you would approve what you submitted"):
        hand_over(document, people.owner, people.manager)
    assert fresh(document).owner == people.manager
    assert approvers_of(fresh(document)) == [people.director]


def test_who_owned_it_until_a_moment_ago_no_longer_decides_who_writes_it(
    document: Document, people: People
) -> None:
    as_it_was = fresh(document)
    hand_over(document, people.colleague, people.owner)
    before = parts(document)
    for person in (people.stranger, people.colleague):
        with pytest.raises(StaleAnswer, match="Somebody else owns this COE by now"):
            add_contributor(as_it_was, person=person, by=people.owner)
    with pytest.raises(StaleAnswer, match="Somebody else owns this COE by now"):
        remove_contributor(as_it_was, person=people.contributor, by=people.owner)
    with pytest.raises(StaleAnswer, match="owns this COE by now"):
        add_contributor(fresh(document), person=people.colleague, by=people.colleague)
    assert parts(document) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_hands_over_at_once_one_counts(document: Document, people: People) -> None:
    rivals = at_once(
        lambda: hand_over(document, people.colleague, people.owner),
        lambda: hand_over(document, people.stranger, people.owner),
    )
    assert kinds_of_errors(rivals) == ["PermissionDenied"]
    assert parts(document) == {("Contributor", "contributor"), ("Owner", "contributor")}


@pytest.mark.django_db(transaction=True)
def test_somebody_added_by_two_requests_at_once_takes_part_once(
    document: Document, people: People
) -> None:
    since = latest(document)
    rivals = at_once(
        *[
            lambda: add_participant(
                document, user=people.stranger, role=CONTRIBUTOR, by=people.owner
            )
        ]
        * 2
    )
    assert kinds_of_errors(rivals) == []
    assert [event.action for event in told(document, since=since)] == ["added"]

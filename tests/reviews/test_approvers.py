"""Who approves: the next manager up, never the owner; at the top any leader but the owner."""

import pytest

from coe.accounts.models import Team, User
from coe.administration.services import hand_over_and_deactivate
from coe.documents.models import Document, Participant, State
from coe.documents.services import hand_over_documents
from coe.history.models import HistoryEvent
from coe.reviews.models import SignOff
from coe.reviews.rules import approvers_of
from coe.reviews.workflow import NobodyApproves, make_transition
from coe.snapshots.models import StoredSnapshot
from tests.people import People, make_person
from tests.reviews.steps import (
    approve,
    digest_on_screen,
    fresh,
    open_another,
    state_facts,
    submit,
    without_managers,
)


def set_manager(team: str, manager: User | None) -> None:
    assert Team.objects.filter(name=team).update(manager=manager) == 1


def deactivate(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def test_a_team_without_a_manager_is_judged_by_the_next_manager_up(
    document: Document, people: People
) -> None:
    assert approvers_of(document) == [people.manager]


def test_the_manager_of_the_team_itself_comes_before_those_above(
    document: Document, people: People
) -> None:
    set_manager("Storage", people.colleague)
    assert approvers_of(document) == [people.colleague]


def test_a_manager_who_owns_the_coe_is_passed_over(document: Document, people: People) -> None:
    set_manager("Storage", people.owner)
    assert approvers_of(document) == [people.manager]
    set_manager("Platform", people.owner)
    assert approvers_of(document) == [people.director]


def test_a_manager_who_has_left_is_passed_over(document: Document, people: People) -> None:
    deactivate(people.manager)
    assert approvers_of(document) == [people.director]


def test_a_manager_of_another_branch_has_no_say(document: Document, people: People) -> None:
    without_managers()
    set_manager("Payments", people.stranger)
    assert approvers_of(document) == [people.leader]


def test_at_the_top_it_is_any_leader_but_the_owner_and_those_who_left(
    document: Document, people: People
) -> None:
    without_managers()
    chief = make_person("chief", is_leader=True)
    deactivate(make_person("former", is_leader=True))
    User.objects.filter(pk=people.owner.pk).update(is_leader=True)
    assert set(approvers_of(document)) == {people.leader, chief}


def test_where_every_manager_is_the_owner_or_gone_the_leaders_judge(
    document: Document, people: People
) -> None:
    set_manager("Platform", people.owner)
    deactivate(people.director)
    assert approvers_of(document) == [people.leader]


def test_leaders_have_no_say_where_a_manager_has(document: Document, people: People) -> None:
    assert people.leader not in approvers_of(document)


def test_it_follows_the_team_that_owns_the_incident_not_the_team_of_the_owner(
    people: People,
) -> None:
    set_manager("Payments", people.stranger)
    document = open_another(people, "Cards were refused", team=people.stranger.team)
    assert approvers_of(document) == [people.stranger]


def test_whoever_takes_over_a_coe_can_no_longer_approve_it(
    document: Document, people: People
) -> None:
    hand_over_documents(of=people.owner, to=people.manager, by=people.admin)
    assert approvers_of(fresh(document)) == [people.director]


@pytest.mark.parametrize("only_leader_is_owner", [False, True])
def test_with_nobody_to_judge_it_a_draft_stays_a_draft_and_says_why(
    only_leader_is_owner: bool, document: Document, people: People
) -> None:
    without_managers()
    User.objects.filter(pk=people.leader.pk).update(is_leader=False)
    User.objects.filter(pk=people.owner.pk).update(is_leader=only_leader_is_owner)
    events = HistoryEvent.objects.count()
    assert approvers_of(document) == []
    with pytest.raises(NobodyApproves, match="Nobody can approve this yet"):
        submit(document, by=people.owner)
    assert fresh(document).state == State.DRAFT
    assert HistoryEvent.objects.count() == events
    assert not StoredSnapshot.objects.exists()
    assert not Participant.objects.filter(role=Participant.Role.REVIEWER).exists()


def test_submitting_makes_the_approver_a_reviewer_once(document: Document, people: People) -> None:
    for _ in range(2):
        submit(document, by=people.owner)
        make_transition(document, to=State.DRAFT, by=people.owner)
    reviewers = Participant.objects.filter(document=document, role=Participant.Role.REVIEWER)
    assert [each.user for each in reviewers] == [people.manager]


def test_all_leaders_are_asked_and_any_one_of_them_approves(
    document: Document, people: People
) -> None:
    without_managers()
    chief = make_person("chief", is_leader=True)
    submit(document, by=people.owner)
    for leader in (people.leader, chief):
        assert document in Document.objects.working_copy_visible_to(leader)
    approve(document, by=chief)
    assert [each.user for each in SignOff.objects.all()] == [chief]


def test_the_approver_of_a_restricted_coe_sees_it_once_it_is_submitted_and_nobody_else(
    document: Document, people: People
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)

    def readers() -> set[str]:
        everybody = User.objects.all()
        visible = Document.objects.working_copy_visible_to
        return {each.name for each in everybody if visible(each).filter(pk=document.pk).exists()}

    assert readers() == {"Owner", "Contributor"}
    submit(document, by=people.owner)
    assert readers() == {"Owner", "Contributor", "Manager"}
    approve(document, by=people.manager)
    assert fresh(document).state == State.APPROVED


def test_a_manager_who_is_replaced_during_the_review_has_no_say_any_more(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    set_manager("Platform", people.director)
    assert approvers_of(document) == [people.director]
    digest = digest_on_screen(document)
    make_transition(document, to=State.APPROVED, by=people.director, digest=digest)
    assert fresh(document).state == State.APPROVED


def test_a_restricted_coe_is_never_left_with_an_approver_who_can_not_read_it(
    document: Document, people: People
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    submit(document, by=people.owner)
    hand_over_and_deactivate(person=people.manager, to=people.director, by=people.admin)
    (approver,) = approvers_of(fresh(document))
    assert approver == people.director
    assert Document.objects.working_copy_visible_to(approver).filter(pk=document.pk).exists()


def test_who_takes_over_from_a_leader_without_being_one_is_not_let_into_a_restricted_coe(
    document: Document, people: People
) -> None:
    without_managers()
    make_person("chief", is_leader=True)
    state_facts(document, is_restricted=True, by=people.owner)
    submit(document, by=people.owner)
    hand_over_and_deactivate(person=people.leader, to=people.stranger, by=people.admin)
    assert people.stranger not in approvers_of(fresh(document))
    assert document not in Document.objects.working_copy_visible_to(people.stranger)

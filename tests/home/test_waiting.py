"""Home: what waits for whom and what is with others, in every state of a COE."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import Team, User
from coe.accounts.saving import as_seen
from coe.accounts.services import change_team, team_facts
from coe.administration.services import hand_over_and_deactivate
from coe.documents.models import Document, Participant, State
from coe.documents.services import add_participant
from coe.history.models import Action, HistoryEvent
from coe.home.queries import promised, to_judge, to_publish, to_review, to_write, with_others
from coe.jobs.services import run_waiting_jobs
from coe.publishing.services import publish
from coe.reviews.reviewers import ask_reviewer
from coe.reviews.rules import Approvers
from tests.library.pages import get, words
from tests.people import People
from tests.reviews.steps import (
    approve,
    ask_for_changes,
    bring_to,
    open_another,
    propose,
    publish_draft,
    reopen,
    sign,
    state_facts,
    submit,
    without_managers,
    write,
)
from tests.reviews.test_states import PERSONS

WAITS = {
    State.DRAFT: {"owner": ["write"], "contributor": ["write"]},
    State.IN_REVIEW: {"manager": ["judge"]},
    State.CHANGES_REQUESTED: {"owner": ["write"], "contributor": ["write"]},
    State.APPROVED: {"owner": ["publish"]},
}

WITH_OTHERS: dict[State, dict[str, list[str]]] = {
    State.DRAFT: {},
    State.IN_REVIEW: {"owner": ["Manager"], "contributor": ["Manager"]},
    State.CHANGES_REQUESTED: {},
    State.APPROVED: {"contributor": ["Owner"]},
}


def what_waits(user: User) -> list[str]:
    lists = {
        "write": to_write(user),
        "judge": to_judge(user, Approvers()),
        "review": to_review(user, Approvers()),
        "publish": to_publish(user),
        "promised": promised(user),
    }
    return [name for name, found in lists.items() if found]


def who_has_it(people: People) -> dict[str, list[str]]:
    """Whom those who wrote a COE are waiting for, as they are told."""
    found = {name: with_others(getattr(people, name), Approvers()) for name in PERSONS}
    return {name: [*each[0].names] for name, each in found.items() if each}


def everybody(people: People) -> dict[str, list[str]]:
    waiting = {name: what_waits(getattr(people, name)) for name in PERSONS}
    return {name: lists for name, lists in waiting.items() if lists}


@pytest.mark.parametrize("state", State)
def test_each_state_waits_for_the_right_people_and_for_nobody_else(
    state: State, document: Document, people: People
) -> None:
    bring_to(document, state, people)
    assert everybody(people) == WAITS[state]
    assert who_has_it(people) == WITH_OTHERS[state]


def test_a_coe_waits_for_whoever_was_asked_until_they_have_signed_this_text(
    document: Document, people: People, client: Client
) -> None:
    ask_reviewer(document, person=people.stranger, by=people.owner)
    ask_reviewer(document, person=people.manager, by=people.owner)  # who approves it anyway
    assert what_waits(people.stranger) == []
    submit(document, by=people.owner)
    assert (what_waits(people.stranger), what_waits(people.manager)) == (["review"], ["judge"])
    assert f"{document.reference}: {document.incident.title}" in words(
        get(client, people.stranger, "/")
    )
    sign(document, by=people.stranger)
    assert what_waits(people.stranger) == []
    write(document, "One in nine.", by=people.owner)
    run_waiting_jobs()
    assert what_waits(people.stranger) == ["review"]
    ask_for_changes(document, by=people.manager)
    assert what_waits(people.stranger) == []


def test_a_published_coe_waits_for_nobody_but_those_who_promised(
    document: Document, people: People
) -> None:
    propose(document, "Alarm at 80 % full", owner_id=people.colleague.pk, by=people.owner)
    publish_draft(document, people)
    assert everybody(people) == {"colleague": ["promised"]}
    assert who_has_it(people) == {}


def test_a_correction_goes_the_same_way_as_the_first_text(
    document: Document, people: People
) -> None:
    publish_draft(document, people)
    reopen(document, by=people.owner)
    assert everybody(people) == WAITS[State.DRAFT]
    write(document, "One in nine.", by=people.owner)
    submit(document, by=people.owner)
    assert everybody(people) == WAITS[State.IN_REVIEW]
    state_facts(document, title="Another title", by=people.owner)
    approve(document, by=people.manager)
    assert everybody(people) == WAITS[State.APPROVED]
    publish(document, by=people.owner)
    assert everybody(people) == {}


def test_reopened_and_approved_without_an_edit_there_is_nothing_to_publish(
    document: Document, people: People
) -> None:
    publish_draft(document, people)
    reopen(document, by=people.owner)
    bring_to(document, State.APPROVED, people)
    assert everybody(people) == {}


def test_going_back_to_the_text_of_an_older_version_waits_to_be_published(
    document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    publish_draft(document, people)
    for text in ("One in nine.", "One in ten."):
        reopen(document, by=people.owner)
        write(document, text, by=people.owner)
        bring_to(document, State.APPROVED, people)
        assert everybody(people) == {"owner": ["publish"]}
        publish(document, by=people.owner)


def test_a_restricted_coe_waits_for_its_approver_all_the_same(
    document: Document, people: People
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    submit(document, by=people.owner)
    assert everybody(people) == {"manager": ["judge"]}


def test_a_promise_in_a_restricted_coe_is_shown_to_its_owner_if_they_may_read_it(
    document: Document, people: People
) -> None:
    propose(document, "Alarm", owner_id=people.contributor.pk, by=people.owner)
    propose(document, "Drill", owner_id=people.colleague.pk, by=people.owner)
    state_facts(document, is_restricted=True, by=people.owner)
    publish_draft(document, people)
    assert everybody(people) == {"contributor": ["promised"]}


def test_a_new_manager_finds_what_waits_for_approval_and_the_former_one_does_not(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    team = Team.objects.get(manager=people.manager)
    change_team(
        team=team,
        seen=as_seen(team_facts(team)),
        name=team.name,
        parent=team.parent,
        manager=people.colleague,
        zone=team.zone,
        by=people.admin,
    )
    assert everybody(people) == {"colleague": ["judge"]}


def test_who_takes_over_from_a_manager_who_leaves_finds_what_waits_for_approval(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    hand_over_and_deactivate(person=people.manager, to=people.colleague, by=people.admin)
    assert what_waits(people.colleague) == ["judge"]


def test_an_approver_who_takes_the_coe_over_is_not_asked_to_judge_it(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    hand_over_and_deactivate(person=people.owner, to=people.manager, by=people.admin)
    assert everybody(people) == {"director": ["judge"]}


def test_somebody_who_is_owner_and_contributor_sees_it_once(
    document: Document, people: People
) -> None:
    role = Participant.Role.CONTRIBUTOR
    add_participant(document, user=people.owner, role=role, by=people.owner)
    assert list(to_write(people.owner)) == [document]


def test_the_page_leads_to_where_the_work_is_done(
    document: Document, people: People, client: Client
) -> None:
    reference = document.reference
    page = get(client, people.owner, "/").content.decode()
    assert f'href="/coes/{reference}/edit/"' in page
    submit(document, by=people.owner)
    page = get(client, people.manager, "/").content.decode()
    assert f'href="/coes/{reference}/draft/"' in page
    assert "Nothing waits for you" in words(get(client, people.owner, "/"))
    welcome = "Nobody has written a COE here yet"
    assert welcome not in words(get(client, people.owner, "/"))
    assert welcome in words(get(client, people.stranger, "/"))


def test_a_contributor_who_approves_does_not_wait_for_themselves(
    document: Document, people: People
) -> None:
    role = Participant.Role.CONTRIBUTOR
    add_participant(document, user=people.manager, role=role, by=people.owner)
    submit(document, by=people.owner)
    assert set(who_has_it(people)) == {"owner", "contributor"}


def test_where_several_may_approve_all_of_them_are_named(
    document: Document, people: People, client: Client
) -> None:
    without_managers()
    User.objects.filter(pk=people.director.pk).update(is_leader=True)
    submit(document, by=people.owner)
    assert who_has_it(people)["owner"] == ["Director", "Leader"]
    assert "With Director or Leader, to decide, since" in words(get(client, people.owner, "/"))


def test_where_nobody_may_approve_any_more_that_is_said(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    without_managers()
    User.objects.update(is_leader=False)
    page = words(get(client, people.owner, "/"))
    assert "Nobody can approve it now: ask an administrator to name somebody. In review" in page
    assert "With , to" not in page


def test_it_is_with_others_since_it_last_came_to_them(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    ask_for_changes(document, by=people.manager)
    submit(document, by=people.owner)
    (waiting,) = with_others(people.owner, Approvers())
    submissions = HistoryEvent.objects.filter(action=Action.SUBMITTED).order_by("pk")
    assert waiting.since == submissions.values_list("at", flat=True)[1]
    assert waiting.since > submissions.values_list("at", flat=True)[0]
    page = words(get(client, people.owner, "/"))
    day = f"{waiting.since:%-d %b %Y}"
    assert f"In review With Manager, to decide, since {day}" in page
    assert "Nothing waits for you" in page


@pytest.mark.parametrize("each", [1, 6])
def test_home_takes_twenty_one_queries_however_much_waits(
    each: int, people: People, client: Client
) -> None:
    """The session, the person, one for each of the nine lists, the tree of teams, three for what
    one should know, and six for what is late."""
    manager = people.manager
    for number in range(each):
        open_another(people, f"Draft {number}", by=manager)
        approved = open_another(people, f"Approved {number}", by=manager)
        submit(approved, by=manager)
        approve(approved, by=people.director)
        submit(open_another(people, f"In review {number}"), by=people.owner)
        submit(open_another(people, f"Submitted {number}", by=manager), by=manager)
        published = open_another(people, f"Published {number}")
        propose(published, f"Promise {number}", by=people.owner, owner_id=manager.pk)
        publish_draft(published, people)
    client.force_login(manager)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/")
    for kind in ("Draft", "Approved", "In review", "Submitted", "Promise"):
        assert f"{kind} {each - 1}" in words(page)
    assert len(asked) == 21

"""Home: what waits for whom and what is with others, in every state of a COE."""

from copy import copy
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import Team, User
from coe.accounts.saving import as_seen
from coe.accounts.services import change_team, team_facts
from coe.actions.models import Promise, PromiseRequest, PromiseState
from coe.administration.services import hand_over_and_deactivate
from coe.discussion.services import add_message, resolve_thread
from coe.documents.models import Document, Participant, State
from coe.documents.services import add_participant
from coe.history.models import Action, HistoryEvent
from coe.home.queries import waiting_for, with_others
from coe.jobs.services import run_waiting_jobs
from coe.promises.requests import ask_for, decide_request
from coe.publishing.services import publish
from coe.reviews.reviewers import ask_reviewer
from coe.reviews.rules import Approvers
from tests.discussion.talk import ask
from tests.library.pages import get, words
from tests.people import People
from tests.promises.promising import in_state, make_promise
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
    State.IN_REVIEW: {"manager": ["approve"]},
    State.CHANGES_REQUESTED: {"owner": ["write"], "contributor": ["write"]},
    State.APPROVED: {"owner": ["write"]},  # to publish it
}

WITH_OTHERS: dict[State, dict[str, list[str]]] = {
    State.DRAFT: {},
    State.IN_REVIEW: {"owner": ["Manager"], "contributor": ["Manager"]},
    State.CHANGES_REQUESTED: {},
    State.APPROVED: {"contributor": ["Owner"]},
}


def what_waits(user: User) -> list[str]:
    waiting = waiting_for(user)
    lists = {
        "write": waiting.to_write,
        "answer": waiting.to_answer,
        "review": waiting.to_review,
        "approve": waiting.to_approve,
        "decide": waiting.to_decide,
        "finish": waiting.to_finish,
        "verify": waiting.to_verify,
    }
    found = [name for name, waits in lists.items() if waits]
    assert waiting.is_nothing == (not found)
    return found


def who_has_it(people: People) -> dict[str, list[str]]:
    """Whom those who wrote a COE are waiting for, as they are told."""
    found = {name: with_others(getattr(people, name), Approvers()) for name in PERSONS}
    return {name: [*each[0].names] for name, each in found.items() if each}


def beside(promise: Promise, title: str, **values: Any) -> Promise:
    """Another correction of the same COE."""
    another = copy(promise)
    another.pk, another.uid, another.title = None, uuid4(), title
    for name, value in values.items():
        setattr(another, name, value)
    another.save(force_insert=True)
    return another


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
    assert (what_waits(people.stranger), what_waits(people.manager)) == (["review"], ["approve"])
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
    assert everybody(people) == {"colleague": ["finish"]}
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
        assert everybody(people) == {"owner": ["write"]}
        publish(document, by=people.owner)


def test_a_restricted_coe_waits_for_its_approver_all_the_same(
    document: Document, people: People
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    submit(document, by=people.owner)
    assert everybody(people) == {"manager": ["approve"]}


def test_a_promise_in_a_restricted_coe_is_shown_to_its_owner_if_they_may_read_it(
    document: Document, people: People
) -> None:
    propose(document, "Alarm", owner_id=people.contributor.pk, by=people.owner)
    propose(document, "Drill", owner_id=people.colleague.pk, by=people.owner)
    state_facts(document, is_restricted=True, by=people.owner)
    publish_draft(document, people)
    assert everybody(people) == {"contributor": ["finish"]}


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
    assert everybody(people) == {"colleague": ["approve"]}


def test_who_takes_over_from_a_manager_who_leaves_finds_what_waits_for_approval(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    hand_over_and_deactivate(person=people.manager, to=people.colleague, by=people.admin)
    assert what_waits(people.colleague) == ["approve"]


def test_an_approver_who_takes_the_coe_over_is_not_asked_to_judge_it(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    hand_over_and_deactivate(person=people.owner, to=people.manager, by=people.admin)
    assert everybody(people) == {"director": ["approve"]}


def test_somebody_who_is_owner_and_contributor_sees_it_once(
    document: Document, people: People
) -> None:
    role = Participant.Role.CONTRIBUTOR
    add_participant(document, user=people.owner, role=role, by=people.owner)
    assert waiting_for(people.owner).to_write == [document]


def test_the_page_leads_to_where_the_work_is_done(
    document: Document, people: People, client: Client
) -> None:
    reference = document.reference
    page = get(client, people.owner, "/").content.decode()
    assert f'href="/coes/{reference}/edit/"' in page
    submit(document, by=people.owner)
    page = get(client, people.manager, "/").content.decode()
    assert f'href="/coes/{reference}/draft/"' in page
    assert "Nothing waits for you today" in words(get(client, people.owner, "/"))
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
    assert "With Director or Leader, to decide, since" in words(
        get(client, people.owner, "/elsewhere/")
    )


def test_where_nobody_may_approve_any_more_that_is_said(
    document: Document, people: People, client: Client
) -> None:
    submit(document, by=people.owner)
    without_managers()
    User.objects.update(is_leader=False)
    page = words(get(client, people.owner, "/elsewhere/"))
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
    page = words(get(client, people.owner, "/elsewhere/"))
    day = f"{waiting.since:%-d %b %Y}"
    assert f"In review With Manager, to decide, since {day}" in page
    assert "Nothing waits for you today" in words(get(client, people.owner, "/"))


def test_a_question_waits_for_the_authors_until_one_of_them_has_answered(
    document: Document, people: People
) -> None:
    thread = ask(document, by=people.colleague)
    authors = {"owner": ["write", "answer"], "contributor": ["write", "answer"]}
    assert everybody(people) == authors
    add_message(thread, uid=uuid4(), text="One in ten.", by=people.contributor)
    assert everybody(people) == WAITS[State.DRAFT] | {"colleague": ["answer"]}
    resolve_thread(thread, by=people.colleague)
    assert everybody(people) == WAITS[State.DRAFT]


def test_who_writes_another_coe_is_no_author_of_this_one(
    document: Document, people: People
) -> None:
    other = open_another(people, "Backups were late")
    role = Participant.Role.CONTRIBUTOR
    add_participant(other, user=people.colleague, role=role, by=people.owner)
    ask(document, by=people.colleague)
    assert "answer" in what_waits(people.owner)


def test_what_is_to_be_answered_is_named_by_its_question_with_the_last_word_below(
    document: Document, people: People, client: Client
) -> None:
    thread = ask(document, by=people.colleague)
    place = f"Question {document.reference}: {document.incident.title}"
    told = words(get(client, people.owner, "/"))
    assert f"To answer 1 How many were hit? Colleague {place}" in told
    add_message(thread, uid=uuid4(), text="One in ten.", by=people.contributor)
    told = words(get(client, people.colleague, "/"))
    assert f"To answer 1 How many were hit? Contributor: One in ten. {place}" in told


def test_who_is_called_by_name_is_waited_for_until_they_have_spoken(
    document: Document, people: People
) -> None:
    thread = ask(document, by=people.owner, text="How many, @Colleague?")
    assert everybody(people)["colleague"] == ["answer"]
    add_message(thread, uid=uuid4(), text="One in ten.", by=people.colleague)
    add_message(thread, uid=uuid4(), text="Thank you.", by=people.owner)
    assert "colleague" not in everybody(people)


def test_a_question_in_a_coe_that_one_may_no_longer_read_waits_for_nobody(
    document: Document, people: People
) -> None:
    thread = ask(document, by=people.colleague)
    add_message(thread, uid=uuid4(), text="One in ten.", by=people.owner)
    assert what_waits(people.colleague) == ["answer"]
    state_facts(document, is_restricted=True, by=people.owner)
    assert what_waits(people.colleague) == []


def test_what_the_owner_of_a_correction_asks_waits_for_who_decides_it(
    document: Document, people: People, client: Client
) -> None:
    promise = make_promise(document, people.colleague, due_on=date(2044, 1, 8))
    asked = ask_for(
        promise,
        kind=PromiseRequest.Kind.MOVE,
        wanted=date(2045, 1, 8),
        reason="Parts are late.",
        by=people.colleague,
    )
    waits = everybody(people)
    assert (waits["manager"], waits["colleague"]) == (["decide"], ["finish"])
    told = "Alarm at 80 % full To move from 8 Jan 2044 to 8 Jan 2045 Colleague asks"
    assert told in words(get(client, people.manager, "/"))
    decide_request(asked, is_granted=True, by=people.manager)
    assert "manager" not in everybody(people)


def test_what_is_done_waits_for_who_verifies_it_once_it_has_held_long_enough(
    document: Document, people: People
) -> None:
    promise = make_promise(document, people.colleague)
    done = PromiseState.DONE
    in_state(promise, done, finisher=people.colleague, held_for=29)
    assert "manager" not in everybody(people)
    in_state(promise, done, finisher=people.colleague, held_for=30)
    assert everybody(people)["manager"] == ["verify"]
    in_state(promise, done, finisher=people.manager, held_for=30)
    assert {"manager", "leader"}.isdisjoint(everybody(people))
    assert everybody(people)["director"] == ["verify"]


def test_what_is_late_stands_above_what_is_not(
    document: Document, people: People, client: Client
) -> None:
    promise = make_promise(document, people.colleague, "Soon", due_on=date(2044, 1, 8))
    beside(promise, "Late", due_on=date(2020, 1, 8))
    beside(promise, "Some day", due_on=None)
    told = words(get(client, people.colleague, "/"))
    places = [told.index(each) for each in ("Late Late", "Soon", "Some day")]
    assert places == sorted(places)


def test_of_many_corrections_the_nearest_are_told_and_the_way_to_all(
    document: Document, people: People, client: Client
) -> None:
    promise = make_promise(document, people.colleague, "Repair 0")
    for number in range(1, 26):
        beside(promise, f"Repair {number}")
    page = get(client, people.colleague, "/")
    assert "Repair 24 " in words(page)
    assert "Repair 25 " not in words(page)
    assert 'href="/actions/?owner=me">All of them' in page.content.decode()


@pytest.mark.parametrize("each", [1, 30])
def test_home_takes_eighteen_queries_however_much_waits(
    each: int,
    people: People,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """The session, the person, one for each of the seven lists, the teams, three for what one
    should know, and six for what is late. The leaders are asked where the tree of teams ends."""
    manager = people.manager
    for number in range(each):
        open_another(people, f"Draft {number}", by=manager)
        submit(open_another(people, f"In review {number}"), by=people.owner)
        asked_about = open_another(people, f"Asked {number}", by=people.director)
        ask_reviewer(asked_about, person=manager, by=people.director)
        submit(asked_about, by=people.director)
        ask(
            open_another(people, f"Told {number}", by=manager),
            by=people.owner,
            text=f"Why {number}?",
        )
    first = make_promise(open_another(people, "Published"), manager, "Promise")
    for number in range(each):
        beside(first, f"Promise {number}")
        done = beside(first, f"Done {number}", owner=people.owner)
        in_state(done, PromiseState.DONE, finisher=people.owner)
        wish = beside(first, f"Wish {number}", owner=people.owner)
        kind = PromiseRequest.Kind.WONT_DO
        PromiseRequest.objects.create(promise=wish, kind=kind, asked_by=people.owner, reason="So.")
    Promise.objects.filter(pk=first.pk).update(dropped_at=timezone.now())
    client.force_login(manager)
    with django_assert_num_queries(18):
        page = client.get("/")
    shown = min(each, 25) - 1
    assert f"Promise {shown}" in words(page)
    for told in ("Draft", "In review", "Asked", "Why", "Done", "Wish"):
        assert f"{told} {each - 1}" in words(page)

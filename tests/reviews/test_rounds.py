"""A round of review: every state, every person, every event beside the steps of the COE itself
(test_states.py), by hand; what opening and closing a round leaves behind.

done     it happened
stale    StaleAnswer: that is not possible in this state, whoever asks (or: who could, is too late)
denied   PermissionDenied: it is possible, and somebody else does it
"""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError

from coe.accounts.models import Team, User
from coe.documents.models import Document, Participant, State
from coe.editor.facts_form import SettledFactsForm
from coe.history.models import HistoryEvent
from coe.notices.models import Notice
from coe.policies.models import GuideReviewer
from coe.reviews.models import Reviewer, Round, SignOff
from coe.reviews.reviewers import ask_reviewer, excuse_reviewer, let_reviewer_go
from coe.reviews.rules import approvers_of
from coe.reviews.signing import sign_text
from coe.reviews.workflow import Withheld, make_transition
from coe.web.errors import StaleAnswer
from tests.people import People, make_person
from tests.reviews.rounds import ask, require
from tests.reviews.steps import (
    approve,
    ask_for_changes,
    bring_to,
    digest_on_screen,
    fresh,
    make_submittable,
    reopen,
    sign,
    state_facts,
    submit,
    without_managers,
    write,
)
from tests.reviews.test_states import PERSONS

EVERYBODY = (*PERSONS, "asked", "needed")
"""`asked` by the owner; `needed` too, and the approval waits for them."""

WHAT_IS_ALLOWED = """
                          owner contr. coll.  manag. direct leader strang admin  asked  needed
draft              sign   stale  stale  stale  stale  stale  stale  stale  stale  stale  stale
draft              ask    done   done   denied denied denied denied denied denied denied denied
draft              let_go done   done   denied denied denied denied denied denied denied denied
draft              excuse stale  stale  stale  stale  stale  stale  stale  stale  stale  stale
in_review          sign   denied denied denied denied denied denied denied denied done   done
in_review          ask    done   done   denied denied denied denied denied denied denied denied
in_review          let_go done   done   denied denied denied denied denied denied denied denied
in_review          excuse denied denied denied done   denied denied denied denied denied denied
changes_requested  sign   stale  stale  stale  stale  stale  stale  stale  stale  stale  stale
changes_requested  ask    done   done   denied denied denied denied denied denied denied denied
changes_requested  let_go done   done   denied denied denied denied denied denied denied denied
changes_requested  excuse stale  stale  stale  stale  stale  stale  stale  stale  stale  stale
approved           sign   stale  stale  stale  stale  stale  stale  stale  stale  stale  stale
approved           ask    stale  stale  denied denied denied denied denied denied denied denied
approved           let_go stale  stale  denied denied denied denied denied denied denied denied
approved           excuse stale  stale  stale  stale  stale  stale  stale  stale  stale  stale
"""
EVENTS = ("sign", "ask", "let_go", "excuse")
ALLOWED = {
    (state, event): dict(zip(EVERYBODY, outcomes, strict=True))
    for state, event, *outcomes in (line.split() for line in WHAT_IS_ALLOWED.split("\n")[2:-1])
}
REFUSALS: dict[str, type[Exception]] = {"stale": StaleAnswer, "denied": PermissionDenied}


def everything(document: Document) -> dict[str, Any]:
    """All that an event could leave behind."""
    return {
        "state": fresh(document).state,
        "rounds": list(Round.objects.order_by("pk").values()),
        "reviewers": list(Reviewer.objects.order_by("pk").values()),
        "sign-offs": list(SignOff.objects.order_by("pk").values()),
        "participants": list(Participant.objects.order_by("pk").values()),
        "history": HistoryEvent.objects.count(),
    }


def test_the_table_by_hand_has_every_state_and_every_event() -> None:
    assert set(ALLOWED) == set(product(State.values, EVENTS))


@pytest.mark.parametrize("state", State.values)
def test_only_the_right_person_does_it_and_a_refusal_leaves_no_trace(
    state: str, document: Document, people: People
) -> None:
    asked = ask(document, "asked", by=people.owner)
    needed = ask(document, "needed", by=people.owner)
    another = make_person("another")
    make_submittable(document)
    if state != State.DRAFT:
        submit(document, by=people.owner)
        require(document, needed)
    if state == State.APPROVED:
        sign(document, by=needed)
        approve(document, by=people.manager)
    if state == State.CHANGES_REQUESTED:
        ask_for_changes(document, by=people.manager)
    does: dict[str, Callable[[User], object]] = {
        "sign": lambda by: sign_text(document, digest=digest_on_screen(document), by=by),
        "ask": lambda by: ask_reviewer(document, person=another, by=by),
        "let_go": lambda by: let_reviewer_go(document, person=asked, by=by),
        "excuse": lambda by: excuse_reviewer(document, person=needed, reason="Away.", by=by),
    }
    everybody = {name: getattr(people, name) for name in PERSONS}
    everybody |= {"asked": asked, "needed": needed}
    before = everything(document)
    for (event, does_it), (name, by) in product(does.items(), everybody.items()):
        outcome = ALLOWED[state, event][name]
        if outcome == "done":
            with transaction.atomic():
                does_it(by)
                assert everything(document) != before, (event, name)
                transaction.set_rollback(True)
        else:
            with pytest.raises(REFUSALS[outcome]):
                does_it(by)
        assert everything(document) == before, (event, name)


def rounds(document: Document) -> list[tuple[int, str]]:
    return [(each.number, each.outcome) for each in document.rounds.all()]


def asked_in(document: Document) -> dict[str, str]:
    """Who is asked in the round that is open, and why."""
    reviewers = Reviewer.objects.filter(round__document=document, round__closed_at=None)
    return {each.name: each.why for each in reviewers}


def test_every_submission_is_a_round_of_its_own_that_ends_with_what_came_of_it(
    document: Document, people: People
) -> None:
    submit(document, by=people.contributor)
    assert rounds(document) == [(1, "")]
    make_transition(document, to=State.DRAFT, by=people.owner)
    submit(document, by=people.owner)
    ask_for_changes(document, by=people.manager)
    submit(document, by=people.owner)
    approve(document, by=people.manager)
    reopen(document, by=people.owner)
    submit(document, by=people.owner)
    assert rounds(document) == [
        (1, "withdrawn"),
        (2, "changes_requested"),
        (3, "approved"),
        (4, ""),
    ]


def test_a_round_keeps_the_text_that_was_submitted(document: Document, people: People) -> None:
    write(document, "One customer in ten.", by=people.owner)
    submit(document, by=people.owner)
    submitted = digest_on_screen(document)
    write(document, "One customer in nine.", by=people.owner)
    assert document.rounds.get().snapshot.digest == submitted != digest_on_screen(document)


def test_whom_the_authors_asked_is_asked_again_in_the_next_round(
    document: Document, people: People
) -> None:
    ask(document, "early", by=people.owner)
    submit(document, by=people.owner)
    ask(document, "late", by=people.contributor)
    expected = {"Manager": "approver", "Early": "asked", "Late": "asked"}
    assert asked_in(document) == expected
    ask_for_changes(document, by=people.manager)
    submit(document, by=people.owner)
    assert asked_in(document) == expected


def test_who_approves_no_longer_is_not_asked_in_the_next_round(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    ask_for_changes(document, by=people.manager)
    Team.objects.filter(name="Platform").update(manager=people.director)
    submit(document, by=people.owner)
    assert asked_in(document) == {"Director": "approver"}


def test_who_was_let_go_reads_a_restricted_coe_no_longer(
    document: Document, people: People
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    submit(document, by=people.owner)
    person = ask(document, "lawyer", by=people.owner)
    visible = Document.objects.working_copy_visible_to
    assert document in visible(person)
    let_reviewer_go(document, person=person, by=people.owner)
    assert document not in visible(person)
    assert asked_in(document) == {"Manager": "approver"}


def test_of_a_restricted_coe_the_owner_alone_asks(document: Document, people: People) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    with pytest.raises(PermissionDenied, match="its owner alone"):
        ask_reviewer(document, person=people.stranger, by=people.contributor)
    ask_reviewer(document, person=people.stranger, by=people.owner)


@pytest.mark.parametrize("name", ["owner", "contributor"])
def test_nobody_reviews_what_they_write(name: str, document: Document, people: People) -> None:
    with pytest.raises(ValidationError, match="do not review it as well"):
        ask_reviewer(document, person=getattr(people, name), by=people.owner)


def test_who_left_is_not_asked(document: Document, people: People) -> None:
    User.objects.filter(pk=people.stranger.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="Stranger is not here any more"):
        ask_reviewer(document, person=people.stranger, by=people.owner)


def test_who_is_let_go_is_asked_no_longer(document: Document, people: People) -> None:
    submit(document, by=people.owner)
    ask_reviewer(document, person=people.colleague, by=people.owner)
    assert Notice.objects.unseen_by(people.colleague).count() == 1
    let_reviewer_go(document, person=people.colleague, by=people.owner)
    assert not Notice.objects.unseen_by(people.colleague).exists()  # of a COE of their team


def test_who_signed_an_earlier_text_can_be_let_go(document: Document, people: People) -> None:
    submit(document, by=people.owner)
    person = ask(document, "asked", by=people.owner)
    sign(document, by=person)
    write(document, "One customer in nine.", by=people.owner)
    let_reviewer_go(document, person=person, by=people.owner)  # before any worker looked
    assert not document.participants.filter(user=person).exists()


def test_who_signed_and_who_approves_can_not_be_let_go(document: Document, people: People) -> None:
    submit(document, by=people.owner)
    person = ask(document, "asked", by=people.owner)
    sign(document, by=person)
    with pytest.raises(StaleAnswer, match="Asked has signed, so they stay"):
        let_reviewer_go(document, person=person, by=people.owner)
    with pytest.raises(StaleAnswer, match="Manager was not asked by the authors"):
        let_reviewer_go(document, person=people.manager, by=people.owner)


def test_asking_and_letting_go_again_change_nothing(document: Document, people: People) -> None:
    submit(document, by=people.owner)
    person = ask(document, "asked", by=people.owner)
    before = everything(document)
    ask_reviewer(document, person=person, by=people.owner)
    assert everything(document) == before
    let_reviewer_go(document, person=person, by=people.owner)
    before = everything(document)
    let_reviewer_go(document, person=person, by=people.owner)
    assert everything(document) == before


# Whom the guide names.


def name_in_guide(document: Document, person: User, **scope: Any) -> None:
    GuideReviewer.objects.create(guide=document.guide, naming="person", person=person, **scope)


def required(document: Document) -> set[str]:
    reviewers = Reviewer.objects.filter(round__document=document, round__closed_at=None)
    return {each.name for each in reviewers.filter(is_required=True)}


def test_whom_the_guide_names_has_to_sign_except_who_writes_or_approves_it(
    document: Document, people: People
) -> None:
    for person in (people.stranger, people.owner, people.contributor, people.manager):
        name_in_guide(document, person)
    name_in_guide(document, people.leader, severity=1)
    ask_reviewer(document, person=people.stranger, by=people.owner)
    submit(document, by=people.owner)
    assert asked_in(document) == {"Manager": "approver", "Stranger": "guide"}
    assert required(document) == {"Stranger"}


def test_a_coe_that_gets_worse_in_review_asks_whom_the_guide_names_for_that(
    document: Document, people: People
) -> None:
    name_in_guide(document, people.leader, severity=1)
    name_in_guide(document, people.stranger, severity=1)
    submit(document, by=people.owner)
    ask_reviewer(document, person=people.stranger, by=people.owner)
    assert required(document) == set()
    change_facts(document, by=people.owner, severity=1)
    assert asked_in(document) == {"Manager": "approver", "Stranger": "guide", "Leader": "guide"}
    assert required(document) == {"Stranger", "Leader"}


def change_facts(document: Document, *, by: User, **values: Any) -> None:
    """By the form of the workspace."""
    now = Document.objects.with_readers_fields().get(pk=document.pk)
    form = SettledFactsForm(document=now)
    sent = {name: value for name, value in form.initial.items() if value is not None}
    form = SettledFactsForm(sent | values, document=now)
    assert form.is_valid(), form.errors
    form.save(by=by)


# Dead ends.


def test_the_approver_of_another_team_sees_a_restricted_coe_that_moves_there_at_once(
    document: Document, people: People
) -> None:
    Team.objects.filter(name="Payments").update(manager=people.stranger)
    state_facts(document, is_restricted=True, by=people.owner)
    submit(document, by=people.owner)
    change_facts(document, by=people.owner, team=people.stranger.team_id)
    assert approvers_of(fresh(document)) == [people.stranger]
    assert document in Document.objects.working_copy_visible_to(people.stranger)
    assert asked_in(document) == {"Manager": "approver", "Stranger": "approver"}
    approve(document, by=people.stranger)


def test_who_has_to_sign_and_leaves_is_not_waited_for(document: Document, people: People) -> None:
    person = ask(document, "needed", by=people.owner)
    submit(document, by=people.owner)
    require(document, person)
    with pytest.raises(Withheld, match="Needed has not signed this text"):
        approve(document, by=people.manager)
    User.objects.filter(pk=person.pk).update(is_active=False)
    approve(document, by=people.manager)
    assert fresh(document).state == State.APPROVED


def test_a_coe_that_nobody_can_approve_any_more_waits_and_can_be_taken_back(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    without_managers()
    User.objects.update(is_leader=False)
    with pytest.raises(PermissionDenied):
        make_transition(
            document, to=State.APPROVED, by=people.manager, digest=digest_on_screen(document)
        )
    make_transition(document, to=State.DRAFT, by=people.owner)
    assert rounds(document) == [(1, "withdrawn")]


def test_who_was_replaced_as_the_approver_may_still_sign(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    Team.objects.filter(name="Platform").update(manager=people.director)
    assert sign(document, by=people.manager).verdict == SignOff.Verdict.SIGNED
    with pytest.raises(PermissionDenied):
        make_transition(
            document, to=State.APPROVED, by=people.manager, digest=digest_on_screen(document)
        )


# What the database refuses.


def test_a_round_that_is_closed_stands(document: Document, people: People) -> None:
    bring_to(document, State.CHANGES_REQUESTED, people)
    closed = document.rounds.get()
    with pytest.raises(DatabaseError, match="closed once"), transaction.atomic():
        Round.objects.filter(pk=closed.pk).update(outcome=Round.Outcome.APPROVED)
    with pytest.raises(ProtectedError):
        closed.delete()


def test_a_coe_has_one_open_round(document: Document, people: People) -> None:
    submit(document, by=people.owner)
    first = document.rounds.get()
    with pytest.raises(DatabaseError, match="one_open_round"), transaction.atomic():
        Round.objects.create(
            document=document, number=2, snapshot=first.snapshot, opened_by=people.owner
        )


def test_nobody_is_excused_without_a_reason(document: Document, people: People) -> None:
    person = ask(document, "needed", by=people.owner)
    submit(document, by=people.owner)
    require(document, person)
    with pytest.raises(ValidationError, match="Say why"):
        excuse_reviewer(document, person=person, reason=" ", by=people.manager)
    excuse_reviewer(document, person=person, reason="Away until Monday.", by=people.manager)
    with pytest.raises(StaleAnswer, match="Nobody waits for Needed any more"):
        excuse_reviewer(document, person=person, reason="Again.", by=people.manager)
    approve(document, by=people.manager)
    with pytest.raises(DatabaseError, match="excused_with_a_reason"), transaction.atomic():
        Reviewer.objects.filter(user=person).update(excused_reason="")

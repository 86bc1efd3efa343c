"""The life of the working copy: every state, every target, every kind of person, by hand.

done     the COE is in the other state afterwards
stale    StaleAnswer: there is no such step from here, whoever asks
denied   PermissionDenied: there is one, and somebody else takes it
"""

from dataclasses import fields
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from coe.documents.models import Document, Participant, State
from coe.history.models import Action, HistoryEvent
from coe.reviews.models import SignOff
from coe.reviews.workflow import make_transition, possible_transitions
from coe.snapshots.models import StoredSnapshot
from coe.web.errors import StaleAnswer
from tests.people import People
from tests.reviews.steps import bring_to, digest_on_screen, fresh, make_submittable

PERSONS = (
    "owner",
    "contributor",
    "colleague",
    "manager",
    "director",
    "leader",
    "stranger",
    "admin",
)

WHAT_IS_ALLOWED = """
draft              draft              stale  stale  stale  stale  stale  stale  stale  stale
draft              in_review          done   done   denied denied denied denied denied denied
draft              changes_requested  stale  stale  stale  stale  stale  stale  stale  stale
draft              approved           stale  stale  stale  stale  stale  stale  stale  stale
in_review          draft              done   denied denied denied denied denied denied denied
in_review          in_review          stale  stale  stale  stale  stale  stale  stale  stale
in_review          changes_requested  denied denied denied done   denied denied denied denied
in_review          approved           denied denied denied done   denied denied denied denied
changes_requested  draft              stale  stale  stale  stale  stale  stale  stale  stale
changes_requested  in_review          done   done   denied denied denied denied denied denied
changes_requested  changes_requested  stale  stale  stale  stale  stale  stale  stale  stale
changes_requested  approved           stale  stale  stale  stale  stale  stale  stale  stale
approved           draft              done   denied denied denied denied denied denied denied
approved           in_review          stale  stale  stale  stale  stale  stale  stale  stale
approved           changes_requested  stale  stale  stale  stale  stale  stale  stale  stale
approved           approved           stale  stale  stale  stale  stale  stale  stale  stale
"""

ALLOWED = {
    (state, target): dict(zip(PERSONS, outcomes, strict=True))
    for state, target, *outcomes in (line.split() for line in WHAT_IS_ALLOWED.split("\n") if line)
}

REFUSALS: dict[str, type[Exception]] = {"stale": StaleAnswer, "denied": PermissionDenied}

NAMED_IN_HISTORY = {
    ("draft", "in_review"): Action.SUBMITTED,
    ("changes_requested", "in_review"): Action.SUBMITTED,
    ("in_review", "draft"): Action.WITHDRAWN,
    ("in_review", "changes_requested"): Action.CHANGES_REQUESTED,
    ("in_review", "approved"): Action.APPROVED,
    ("approved", "draft"): Action.REOPENED,
}


def everything(document: Document) -> dict[str, Any]:
    """All that a step could leave behind."""
    return {
        "document": Document.objects.filter(pk=document.pk).values().get(),
        "sign-offs": list(SignOff.objects.order_by("pk").values()),
        "snapshots": StoredSnapshot.objects.count(),
        "participants": list(Participant.objects.order_by("pk").values()),
        "history": HistoryEvent.objects.count(),
    }


def test_the_table_by_hand_has_every_state_and_every_target() -> None:
    states = {"draft", "in_review", "changes_requested", "approved"}
    assert states == set(State.values)
    assert set(ALLOWED) == set(product(states, states))
    assert set(PERSONS) == {field.name for field in fields(People)}


@pytest.mark.parametrize(("state", "target"), ALLOWED)
def test_only_the_right_person_takes_a_step_and_a_refusal_leaves_no_trace(
    state: str, target: str, document: Document, people: People
) -> None:
    bring_to(document, State(state), people)
    digest, before = digest_on_screen(document), everything(document)
    for person, outcome in ALLOWED[state, target].items():
        by = getattr(people, person)
        if outcome == "done":
            with transaction.atomic():
                returned = make_transition(document, to=State(target), by=by, digest=digest)
                assert returned.state == fresh(document).state == target
                last = HistoryEvent.objects.filter(document=document).latest("pk")
                assert (last.action, last.actor) == (NAMED_IN_HISTORY[state, target], by)
                transaction.set_rollback(True)  # and now the next person
        else:
            with pytest.raises(REFUSALS[outcome]):
                make_transition(document, to=State(target), by=by, digest=digest)
        assert everything(document) == before, person


@pytest.mark.parametrize("state", State.values)
def test_the_buttons_that_are_offered_are_those_that_would_work(
    state: str, document: Document, people: People
) -> None:
    bring_to(document, State(state), people)
    for person in PERSONS:
        expected = {
            target
            for (start, target), outcomes in ALLOWED.items()
            if start == state and outcomes[person] == "done"
        }
        assert possible_transitions(getattr(people, person), fresh(document)) == expected, person


def test_a_stale_page_is_judged_by_what_is_stored_not_by_what_it_remembers(
    document: Document, people: People
) -> None:
    remembered = fresh(document)
    bring_to(document, State.APPROVED, people)
    before = everything(document)
    assert remembered.state == State.DRAFT
    for person in PERSONS:
        with pytest.raises(StaleAnswer, match="now “Approved”"):
            make_transition(remembered, to=State.IN_REVIEW, by=getattr(people, person))
    assert everything(document) == before


def test_reopening_drops_the_approval_and_keeps_it_on_record(
    document: Document, people: People
) -> None:
    bring_to(document, State.APPROVED, people)
    (signed,) = SignOff.objects.filter(document=document)
    assert signed.dropped_at is None
    make_transition(document, to=State.DRAFT, by=people.owner)
    (dropped,) = SignOff.objects.filter(document=document)
    assert dropped.pk == signed.pk
    assert dropped.dropped_at is not None


def test_the_same_text_can_be_submitted_again_after_it_was_taken_back(
    document: Document, people: People
) -> None:
    make_submittable(document)
    make_transition(document, to=State.IN_REVIEW, by=people.contributor)
    make_transition(document, to=State.DRAFT, by=people.owner)
    make_transition(document, to=State.IN_REVIEW, by=people.owner)
    assert fresh(document).state == State.IN_REVIEW
    asked = Participant.objects.filter(document=document, role=Participant.Role.REVIEWER)
    assert [each.user for each in asked] == [people.manager]

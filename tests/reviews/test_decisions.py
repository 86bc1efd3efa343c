"""The manager decides each action item, and what they decided stands while it says the same."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.actions.services import save_action
from coe.documents.models import Document, State
from coe.documents.rows import move_row, remove_row
from coe.history.models import HistoryEvent
from coe.reviews.decisions import (
    DecidedMeanwhile,
    ProposalChanged,
    accept_items,
    decide_item,
    withdraw_decision,
)
from coe.reviews.models import ItemDecision
from coe.web.errors import StaleAnswer
from tests.people import People
from tests.reviews.deciding import (
    DUE,
    Verdict,
    as_seen,
    complete_item,
    decide,
    open_titles,
    standing,
)
from tests.reviews.steps import (
    approve,
    ask_for_changes,
    bring_to,
    fresh,
    propose,
    reopen,
    submit,
    without_managers,
)
from tests.reviews.test_states import PERSONS

pytestmark = pytest.mark.django_db

WHAT_COMES_OF_IT = """
draft              accepted  complete    stale  stale  stale  stale  stale  stale  stale  stale
draft              accepted  incomplete  stale  stale  stale  stale  stale  stale  stale  stale
draft              changed   complete    stale  stale  stale  stale  stale  stale  stale  stale
draft              changed   incomplete  stale  stale  stale  stale  stale  stale  stale  stale
draft              rejected  complete    stale  stale  stale  stale  stale  stale  stale  stale
draft              rejected  incomplete  stale  stale  stale  stale  stale  stale  stale  stale
in_review          accepted  complete    denied denied denied done   denied denied denied denied
in_review          accepted  incomplete  denied denied denied asked  denied denied denied denied
in_review          changed   complete    denied denied denied done   denied denied denied denied
in_review          changed   incomplete  denied denied denied asked  denied denied denied denied
in_review          rejected  complete    denied denied denied done   denied denied denied denied
in_review          rejected  incomplete  denied denied denied done   denied denied denied denied
changes_requested  accepted  complete    stale  stale  stale  stale  stale  stale  stale  stale
changes_requested  accepted  incomplete  stale  stale  stale  stale  stale  stale  stale  stale
changes_requested  changed   complete    stale  stale  stale  stale  stale  stale  stale  stale
changes_requested  changed   incomplete  stale  stale  stale  stale  stale  stale  stale  stale
changes_requested  rejected  complete    stale  stale  stale  stale  stale  stale  stale  stale
changes_requested  rejected  incomplete  stale  stale  stale  stale  stale  stale  stale  stale
approved           accepted  complete    stale  stale  stale  stale  stale  stale  stale  stale
approved           accepted  incomplete  stale  stale  stale  stale  stale  stale  stale  stale
approved           changed   complete    stale  stale  stale  stale  stale  stale  stale  stale
approved           changed   incomplete  stale  stale  stale  stale  stale  stale  stale  stale
approved           rejected  complete    stale  stale  stale  stale  stale  stale  stale  stale
approved           rejected  incomplete  stale  stale  stale  stale  stale  stale  stale  stale
"""
"""asked: ValidationError, it lacks an owner or a day. The columns are PERSONS."""
ANSWERS: dict[type[Exception], str] = {
    StaleAnswer: "stale",
    PermissionDenied: "denied",
    ValidationError: "asked",
}


@pytest.fixture
def alarm(document: Document, people: People) -> ActionItem:
    return complete_item(
        document, "Alarm at 80 % full", by=people.owner, owner_id=people.contributor.pk
    )


@pytest.fixture
def logs(document: Document, people: People) -> ActionItem:
    """Nobody has said until when."""
    return propose(document, "Delete old logs daily", by=people.owner, owner_id=people.colleague.pk)


def attempt(document: Document, item: ActionItem, verdict: str, by: User) -> str:
    """What comes of it; nothing is left of it."""
    values = {"title": f"{item.title}, and say so"} if verdict == "changed" else None
    try:
        with transaction.atomic():
            decide(document, item, Verdict(verdict), by=by, reason="Because.", values=values)
            transaction.set_rollback(True)
    except tuple(ANSWERS) as error:
        return next(word for kind, word in ANSWERS.items() if isinstance(error, kind))
    return "done"


@pytest.mark.parametrize("state", State)
def test_every_state_person_verdict_and_proposal(
    state: State, alarm: ActionItem, logs: ActionItem, document: Document, people: People
) -> None:
    bring_to(document, state, people)
    items = {"complete": alarm, "incomplete": logs}
    rows = [row.split() for row in WHAT_COMES_OF_IT.strip().splitlines()]
    expected = {tuple(row[1:3]): row[3:] for row in rows if row[0] == state}
    assert len(expected) == 6
    found = {
        (verdict, kind): [
            attempt(fresh(document), items[kind], verdict, getattr(people, person))
            for person in PERSONS
        ]
        for verdict, kind in expected
    }
    assert found == expected


def test_what_is_accepted_is_committed_as_it_was_proposed(
    alarm: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    assert open_titles(document) == ["Alarm at 80 % full"]
    decide(document, alarm, Verdict.ACCEPTED, by=people.manager)
    decision = ItemDecision.objects.get()
    assert (decision.name, decision.role) == ("Manager", "Platform")
    assert (decision.owner, decision.due_on) == (people.contributor, DUE)
    assert decision.proposal["title"] == "Alarm at 80 % full"
    assert open_titles(document) == []


def test_what_the_manager_changes_is_an_edit_of_the_proposal_and_stands(
    logs: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    values = {"owner_id": people.contributor.pk, "due_on": date(2027, 1, 15)}
    decide(
        document, logs, Verdict.CHANGED, by=people.manager, reason="They know it.", values=values
    )
    logs.refresh_from_db()
    assert (logs.version, logs.owner, logs.due_on) == (2, people.contributor, date(2027, 1, 15))
    decision = ItemDecision.objects.get()
    assert (decision.owner, decision.due_on) == (people.contributor, date(2027, 1, 15))
    assert open_titles(document) == []
    said = HistoryEvent.objects.filter(document=document, actor=people.manager)
    assert list(said.order_by("pk").values_list("subject", "action")) == [
        ("action", "changed"),
        ("decision", "added"),
    ]


def test_a_reason_is_asked_for_where_one_says_no_or_otherwise(
    alarm: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    for verdict, values in ((Verdict.REJECTED, None), (Verdict.CHANGED, {"title": "Something"})):
        with pytest.raises(ValidationError) as refused:
            decide(document, alarm, verdict, by=people.manager, reason=" \n ", values=values)
        assert list(refused.value.message_dict) == ["reason"]
    with pytest.raises(ValidationError, match="Nothing is changed"):
        decide(document, alarm, Verdict.CHANGED, by=people.manager, reason="So.", values={})
    alarm.refresh_from_db()
    assert (alarm.title, ItemDecision.objects.count()) == ("Alarm at 80 % full", 0)


def test_nobody_who_has_left_is_committed(
    alarm: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    User.objects.filter(pk=people.contributor.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="Contributor is not here any more"):
        decide(document, alarm, Verdict.ACCEPTED, by=people.manager)


EDITS: dict[str, dict[str, Any]] = {
    "title": {"title": "Alarm at 70 % full"},
    "done when": {"done_when": "It rings."},
    "owner": {"owner_id": None},
    "due": {"due_on": None},
    "priority": {"priority": 0},
    "kind": {"kind": "detect"},
    "tracker": {"tracker": "PRC-881"},
}


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.REJECTED])
@pytest.mark.parametrize("values", EDITS.values(), ids=EDITS)
def test_a_decision_falls_with_any_word_of_the_proposal_and_stands_again_with_it(
    values: dict[str, Any],
    verdict: ItemDecision.Verdict,
    alarm: ActionItem,
    document: Document,
    people: People,
) -> None:
    submit(document, by=people.owner)
    decide(document, alarm, verdict, by=people.manager, reason="Because.")
    was = alarm.content()
    save_action(alarm, version=1, values=values, by=people.owner)
    assert open_titles(document) == [alarm.title]
    save_action(alarm, version=2, values=was, by=people.owner)
    assert open_titles(document) == []


def test_a_decision_stands_when_the_item_is_moved_or_its_owner_is_called_otherwise(
    alarm: ActionItem, logs: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    decide(document, alarm, Verdict.ACCEPTED, by=people.manager)
    rows = ActionItem.objects.filter(document=document)
    move_row(rows.get(pk=alarm.pk), steps=1, among=rows, by=people.owner)
    User.objects.filter(pk=people.contributor.pk).update(name="Renamed", team=people.owner.team)
    assert open_titles(document) == ["Delete old logs daily"]


def test_decisions_stand_in_the_next_round_where_nothing_was_changed(
    alarm: ActionItem, logs: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    decide(document, alarm, Verdict.ACCEPTED, by=people.manager)
    decide(document, logs, Verdict.REJECTED, by=people.manager, reason="It is done already.")
    ask_for_changes(document, by=people.manager)
    save_action(logs, version=1, values={"title": "Delete old logs hourly"}, by=people.owner)
    submit(document, by=people.owner)
    assert open_titles(document) == ["Delete old logs hourly"]
    decide(document, logs, Verdict.REJECTED, by=people.manager, reason="Still.")
    approve(document, by=people.manager)
    reopen(document, by=people.owner)
    submit(document, by=people.owner)
    assert open_titles(document) == []


def test_a_removed_item_has_no_decision_and_one_that_is_gone_cannot_be_decided(
    alarm: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    decide(document, alarm, Verdict.ACCEPTED, by=people.manager)
    seen = as_seen(document, alarm.uid)
    remove_row(alarm, version=1, by=people.owner)
    assert standing(document) == {}
    with pytest.raises(ProposalChanged):
        decide_item(document, uid=alarm.uid, verdict=Verdict.ACCEPTED, seen=seen, by=people.manager)


def test_what_was_not_on_the_screen_is_not_decided(
    alarm: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    seen = as_seen(document, alarm.uid)
    save_action(alarm, version=1, values={"due_on": date(2027, 6, 1)}, by=people.owner)
    for verdict in Verdict:
        with pytest.raises(ProposalChanged, match="“Alarm at 80 % full” was changed"):
            decide_item(
                document,
                uid=alarm.uid,
                verdict=verdict,
                seen=seen,
                reason="Because.",
                values={"title": "Something"},
                by=people.manager,
            )
    assert not ItemDecision.objects.exists()


@pytest.mark.parametrize("verdict", Verdict)
def test_pressing_twice_decides_once(
    verdict: ItemDecision.Verdict, alarm: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    seen = as_seen(document, alarm.uid)
    values = {"title": "Alarm at 60 % full"} if verdict == Verdict.CHANGED else None
    made = [
        decide_item(
            document,
            uid=alarm.uid,
            verdict=verdict,
            seen=seen,
            reason="Because.",
            values=values,
            by=people.manager,
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert HistoryEvent.objects.filter(subject="decision").count() == 1


def test_a_decision_is_not_replaced_by_who_has_not_seen_it(
    alarm: ActionItem, document: Document, people: People
) -> None:
    without_managers()
    submit(document, by=people.owner)
    seen = as_seen(document, alarm.uid)
    decide(document, alarm, Verdict.REJECTED, by=people.leader, reason="Too dear.")
    with pytest.raises(DecidedMeanwhile, match="Leader decided on “Alarm at 80 % full”"):
        decide_item(document, uid=alarm.uid, verdict=Verdict.ACCEPTED, seen=seen, by=people.leader)
    decide(document, alarm, Verdict.ACCEPTED, by=people.leader)
    assert [each.verdict for each in standing(document).values()] == ["accepted"]
    replaced = ItemDecision.objects.get(withdrawn_at__isnull=False)
    assert replaced.reason == "Too dear."


def test_a_decision_is_taken_back_once_and_only_the_one_that_is_there(
    alarm: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    first = decide(document, alarm, Verdict.REJECTED, by=people.manager, reason="Too dear.")
    with pytest.raises(PermissionDenied):
        withdraw_decision(document, uid=alarm.uid, decision=first.pk, by=people.owner)
    for _ in range(2):
        withdraw_decision(document, uid=alarm.uid, decision=first.pk, by=people.manager)
    assert open_titles(document) == ["Alarm at 80 % full"]
    told = HistoryEvent.objects.filter(subject="decision").order_by("pk")
    assert [each.action for each in told] == ["added", "removed"]
    second = decide(document, alarm, Verdict.ACCEPTED, by=people.manager)
    with pytest.raises(DecidedMeanwhile):
        withdraw_decision(document, uid=alarm.uid, decision=first.pk, by=people.manager)
    assert standing(document) == {alarm.uid: second}


def test_many_are_accepted_at_once_all_or_none(
    alarm: ActionItem, logs: ActionItem, document: Document, people: People
) -> None:
    third = complete_item(document, "Page at night", by=people.owner)
    submit(document, by=people.owner)
    seen = {each.uid: as_seen(document, each.uid) for each in (alarm, third)}
    save_action(third, version=1, values={"title": "Page by day"}, by=people.owner)
    with pytest.raises(ProposalChanged):
        accept_items(document, seen=seen, by=people.manager)
    assert not ItemDecision.objects.exists()
    with pytest.raises(ValidationError):
        accept_items(document, seen={logs.uid: as_seen(document, logs.uid)}, by=people.manager)
    seen[third.uid] = as_seen(document, third.uid)
    assert len(accept_items(document, seen=seen, by=people.manager)) == 2
    assert accept_items(document, seen=seen, by=people.manager) == []
    assert open_titles(document) == ["Delete old logs daily"]


def test_the_database_keeps_a_decision_as_it_was_given(
    alarm: ActionItem, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    decision = decide(document, alarm, Verdict.REJECTED, by=people.manager, reason="Too dear.")
    there = ItemDecision.objects.filter(pk=decision.pk)
    forged: list[dict[str, Any]] = [
        {"verdict": "accepted", "owner": people.owner, "due_on": DUE},
        {"reason": "Other words."},
        {"proposal": {"title": "Other"}},
        {"digest": "0" * 64},
    ]
    for values in forged:
        with pytest.raises(DatabaseError), transaction.atomic():
            there.update(**values)
    with pytest.raises(DatabaseError), transaction.atomic():
        there.delete()
    there.update(reason="", proposal={})
    withdraw_decision(document, uid=alarm.uid, decision=decision.pk, by=people.manager)
    with pytest.raises(DatabaseError), transaction.atomic():
        there.update(withdrawn_at=None)

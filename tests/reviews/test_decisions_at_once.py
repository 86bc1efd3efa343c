"""Two who decide at once, or somebody who decides while an author writes: nothing is decided that
nobody read, and nothing is replaced unseen."""

from collections.abc import Callable
from threading import Barrier

import pytest

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.actions.services import save_action
from coe.documents.models import Document
from coe.documents.rows import remove_row
from coe.reviews.decisions import (
    DecidedMeanwhile,
    ProposalChanged,
    accept_items,
    decide_item,
    withdraw_decision,
)
from coe.reviews.models import ItemDecision
from coe.web.versions import Conflict
from tests.documents.rivals import Rival
from tests.people import People, make_person
from tests.reviews.deciding import Verdict, as_seen, complete_item, decide, open_titles, standing
from tests.reviews.racing import held_back, overtaken
from tests.reviews.steps import submit, without_managers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alarm(document: Document, people: People) -> ActionItem:
    without_managers()
    item = complete_item(document, "Alarm at 80 % full", by=people.owner)
    make_person("chief", is_leader=True)
    submit(document, by=people.owner)
    return item


def deciding(
    document: Document, item: ActionItem, verdict: ItemDecision.Verdict, by: User
) -> Callable[[], object]:
    seen = as_seen(document, item.uid)
    values = {"title": f"{by.name}’s words"} if verdict == Verdict.CHANGED else None

    def decide() -> object:
        return decide_item(
            document,
            uid=item.uid,
            verdict=verdict,
            seen=seen,
            reason="Because.",
            values=values,
            by=by,
        )

    return decide


@pytest.mark.parametrize("verdicts", [(first, then) for first in Verdict for then in Verdict])
def test_of_two_leaders_who_decide_at_once_one_counts_and_the_other_is_told(
    verdicts: tuple[ItemDecision.Verdict, ItemDecision.Verdict],
    document: Document,
    people: People,
    alarm: ActionItem,
) -> None:
    leaders = User.objects.filter(is_leader=True).order_by("pk")
    works = [
        deciding(document, alarm, verdict, leader)
        for verdict, leader in zip(verdicts, leaders, strict=True)
    ]
    with held_back(document):
        racers = [Rival(work) for work in works]
        assert all(racer.is_held_up() for racer in racers)
    for racer in racers:
        racer.wait()
    (error,) = (racer.error for racer in racers if racer.error)
    assert isinstance(error, ProposalChanged | DecidedMeanwhile)
    (won,) = (each.result for each in racers if each.error is None)
    assert list(ItemDecision.objects.all()) == list(standing(document).values()) == [won]


@pytest.mark.parametrize("verdict", Verdict)
def test_a_decision_that_waited_for_an_edit_is_refused(
    verdict: ItemDecision.Verdict, document: Document, people: People, alarm: ActionItem
) -> None:
    late = overtaken(
        first=lambda: save_action(alarm, version=1, values={"title": "Page"}, by=people.owner),
        then=deciding(document, alarm, verdict, people.leader),
    )
    assert isinstance(late.error, ProposalChanged)
    assert open_titles(document) == ["Page"]


def test_a_decision_that_waited_for_a_removal_is_refused(
    document: Document, people: People, alarm: ActionItem
) -> None:
    late = overtaken(
        first=lambda: remove_row(alarm, version=1, by=people.owner),
        then=deciding(document, alarm, Verdict.ACCEPTED, people.leader),
    )
    assert isinstance(late.error, ProposalChanged)


def test_an_edit_that_waited_for_a_decision_lets_it_fall(
    document: Document, people: People, alarm: ActionItem
) -> None:
    overtaken(
        first=deciding(document, alarm, Verdict.ACCEPTED, people.leader),
        then=lambda: save_action(alarm, version=1, values={"title": "Page"}, by=people.owner),
    ).finish()
    assert open_titles(document) == ["Page"]


def test_an_edit_that_waited_for_a_change_by_the_leader_is_a_clash(
    document: Document, people: People, alarm: ActionItem
) -> None:
    author = overtaken(
        first=deciding(document, alarm, Verdict.CHANGED, people.leader),
        then=lambda: save_action(alarm, version=1, values={"title": "Page"}, by=people.owner),
    )
    assert isinstance(author.error, Conflict)
    assert ActionItem.objects.get().title == "Leader’s words"
    assert open_titles(document) == []


def test_of_taking_back_and_accepting_many_at_once_neither_is_lost_unseen(
    document: Document, people: People, alarm: ActionItem
) -> None:
    decision = decide(document, alarm, Verdict.REJECTED, by=people.leader, reason="Too dear.")
    seen = {alarm.uid: as_seen(document, alarm.uid)}
    late = overtaken(
        first=lambda: withdraw_decision(
            document, uid=alarm.uid, decision=decision.pk, by=people.leader
        ),
        then=lambda: accept_items(document, seen=seen, by=people.leader),
    )
    assert isinstance(late.error, DecidedMeanwhile)
    assert open_titles(document) == ["Alarm at 80 % full"]


def test_whoever_wins_a_free_race_what_stands_is_what_was_read(
    document: Document, people: People, alarm: ActionItem
) -> None:
    for turn in range(4):
        item = ActionItem.objects.get()
        start = Barrier(2)
        values = {"title": f"Alarm at {turn} % full"}

        def save(item: ActionItem = item, values: dict[str, str] = values) -> None:
            save_action(item, version=item.version, values=values, by=people.owner)

        decider = Rival(deciding(document, item, Verdict.ACCEPTED, people.leader), start=start)
        author = Rival(save, start=start)
        decider.wait()
        author.wait()
        assert author.error is None
        for uid, decision in standing(document).items():
            now = ActionItem.objects.get(uid=uid)
            assert decision.proposal["title"] == now.title
        assert open_titles(document) == [f"Alarm at {turn} % full"]

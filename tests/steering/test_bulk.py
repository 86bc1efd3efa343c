"""Many items at once: each is decided by its own rules, and of each it is said what came of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coe.accounts.models import User
from coe.actions.models import ActionItem, Promise, PromiseEvent, PromiseRequest
from coe.documents.models import Document
from coe.promises.holding import today_of
from coe.reviews.models import ItemDecision
from coe.reviews.proposals import proposal_digest, proposals_of, written
from coe.steering.items import Seen
from coe.steering.services import Result, hand_over_many, move_many
from tests.library.pages import get, table, words
from tests.people import People
from tests.promises.promising import fresh, story
from tests.reviews.steps import open_another, propose, submit
from tests.steering.making import beside, changed, promised, team

pytestmark = pytest.mark.django_db

DUE = date(2044, 1, 8)
LATER = date(2044, 3, 1)


@pytest.fixture
def mine(people: People) -> Promise:
    """The colleague's, which the manager decides about."""
    return changed(promised(people, people.colleague), due_on=DUE, title="Mine")


@pytest.fixture
def hidden(people: People) -> Promise:
    """The owner's, of a restricted COE that the manager may not read."""
    return changed(promised(people, people.owner, is_restricted=True), due_on=DUE, title="Hidden")


@pytest.fixture
def elsewhere(people: People) -> Promise:
    """Of Payments, which the manager may read and does not decide about."""
    there = promised(people, people.stranger, team=team("Payments"), by=people.stranger)
    return changed(there, due_on=DUE, title="Elsewhere")


def seen(*promises: Promise) -> list[Seen]:
    return [Seen(each.pk, each.due_on) for each in promises]


def values(*promises: Promise) -> list[str]:
    return [f"{each.pk}:{each.due_on or ''}" for each in promises]


def change(client: Client, user: User, **data: Any) -> Any:
    client.force_login(user)
    return client.post(reverse("team_change", args=[team("Storage").pk]), data)


def test_with_mixed_rights_each_is_told_of_and_none_holds_up_another(
    people: People, mine: Promise, hidden: Promise, elsewhere: Promise
) -> None:
    done = changed(beside(mine, title="Done"), state="done")
    told = move_many(
        seen(mine, hidden, elsewhere, done),
        to=LATER,
        by_days=0,
        reason="The vendor is late.",
        by=people.manager,
    )
    assert [(each.result, each.title) for each in told] == [
        (Result.DONE, "Mine"),
        (Result.REFUSED, ""),
        (Result.REFUSED, "Elsewhere"),
        (Result.REFUSED, "Done"),
    ]
    assert told[1].said == "There is no such item, or none that you may see."
    assert told[2].said == "The owner or whoever approves the COE moves this."
    assert "This is now “Done”" in told[3].said
    assert [fresh(each).due_on for each in (mine, hidden, elsewhere, done)] == [LATER] + [DUE] * 3
    assert PromiseEvent.objects.get(promise=mine).note == "The vendor is late."
    assert story(hidden) == story(elsewhere) == []


def test_by_days_each_is_moved_from_where_it_was_seen_and_from_today_where_that_is_past(
    people: People, mine: Promise
) -> None:
    other = beside(mine, due_on=DUE + timedelta(days=10))
    undated = beside(mine, due_on=None, first_due_on=None)
    past = changed(beside(mine), in_days=-20)
    move_many(seen(mine, other, undated, past), to=None, by_days=7, reason="So.", by=people.manager)
    days = [fresh(each).due_on for each in (mine, other, undated, past)]
    assert days == [
        DUE + timedelta(days=7),
        DUE + timedelta(days=17),
        today_of(mine) + timedelta(days=7),
        today_of(mine) + timedelta(days=7),
    ]
    (told,) = move_many(
        seen(mine), to=DUE.replace(year=2020), by_days=0, reason="So.", by=people.manager
    )
    assert told.result == Result.REFUSED


def test_what_was_moved_by_somebody_else_meanwhile_is_left_as_it_is(
    people: People, mine: Promise
) -> None:
    before = seen(mine)
    changed(mine, due_on=LATER)
    (told,) = move_many(before, to=DUE, by_days=0, reason="So.", by=people.manager)
    assert told.result == Result.REFUSED
    assert "was moved since" in told.said
    assert fresh(mine).due_on == LATER


def test_past_what_policy_lets_an_owner_do_alone_the_approver_is_asked(
    people: People, mine: Promise
) -> None:
    (told,) = move_many(seen(mine), to=LATER, by_days=0, reason="So.", by=people.colleague)
    assert (told.result, fresh(mine).due_on) == (Result.ASKED, DUE)
    assert PromiseRequest.objects.get(promise=mine).wanted == LATER
    (told,) = move_many(seen(mine), to=LATER, by_days=0, reason="So.", by=people.manager)
    assert (told.result, fresh(mine).due_on) == (Result.DONE, LATER)


def test_what_is_handed_over_goes_to_who_may_read_it_only(
    people: People, mine: Promise, hidden: Promise
) -> None:
    shown = changed(beside(hidden, title="Shown"), owner=people.owner)
    told = hand_over_many(
        seen(mine, hidden, shown), to=people.stranger, reason="You know it.", by=people.owner
    )
    assert [each.result for each in told] == [Result.REFUSED] * 3
    assert told[0].said == "The owner or whoever approves the COE hands this over."
    assert told[1].said == "Stranger may not read this COE. Choose somebody else."
    (told_one,) = hand_over_many(
        seen(mine), to=people.stranger, reason="You know it.", by=people.manager
    )
    assert (told_one.result, told_one.said) == (Result.DONE, "Handed over to Stranger.")
    assert fresh(mine).owner == people.stranger


def test_where_all_is_done_the_page_leads_back_and_says_so(
    people: People, client: Client, mine: Promise
) -> None:
    other = beside(mine, title="Other")
    told = change(
        client,
        people.manager,
        do="move",
        item=values(mine, other),
        due_on="2044-03-01",
        reason="The vendor is late.",
    )
    address = reverse("team_standing", args=[team("Storage").pk])
    assert (told.status_code, told["Location"]) == (303, address)
    assert "Moved: 2 items." in words(client.get(address))
    assert fresh(other).due_on == LATER


def test_where_some_were_not_the_page_says_which_and_why(
    people: People, client: Client, mine: Promise, hidden: Promise, elsewhere: Promise
) -> None:
    told = change(
        client,
        people.manager,
        do="hand_over",
        item=values(mine, elsewhere, hidden),
        to=people.owner.pk,
        reason="You know it.",
    )
    assert told.status_code == 200
    assert "Handed over: 1 of 3" in words(told)
    assert table(told) == [
        [
            "Elsewhere",
            elsewhere.document.reference,
            "Not done The owner or whoever approves the COE hands this over.",
        ],
        ["Not known", "", "Not done There is no such item, or none that you may see."],
        ["Mine", mine.document.reference, "Done Handed over to Owner."],
    ]
    assert "Hidden" not in words(told)
    assert hidden.document.reference not in words(told)


def in_one_line(page: Any) -> str:
    return " ".join(page.content.decode().split())


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"item": []}, "Tick the items that you mean."),
        ({"item": ["x:y"]}, "What was ticked did not come back whole. Tick it again."),
        ({"item": ["1:9999-12-31"]}, "What was ticked did not come back whole. Tick it again."),
        ({"reason": " "}, "Say why, so that whoever waits for them understands."),
        ({"due_on": ""}, "Choose the day, or say by how many days."),
        ({"days": "7"}, "Give a day or a number of days, not both."),
        ({"do": "hand_over"}, "Choose who does them from now on."),
        ({"do": "drop"}, "Select a valid choice."),
    ],
)
def test_what_is_lacking_is_said_with_everything_kept(
    people: People, client: Client, mine: Promise, lacking: dict[str, Any], sentence: str
) -> None:
    data = {"do": "move", "item": values(mine), "due_on": "2044-03-01", "reason": "Late <b>parts"}
    told = change(client, people.manager, **(data | lacking))
    page = in_one_line(told)
    assert told.status_code == 422
    assert sentence in words(told)
    if "reason" not in lacking:
        assert "Late &lt;b&gt;parts</textarea>" in page
    if "item" not in lacking:
        assert f'value="{values(mine)[0]}" data-walk-key="x" checked' in page
    assert fresh(mine).due_on == DUE


def test_all_of_a_page_can_be_ticked_without_a_script(
    people: People, client: Client, mine: Promise
) -> None:
    beside(mine, title="Other")
    address = reverse("team_standing", args=[team("Storage").pk])
    page = in_one_line(get(client, people.manager, f"{address}?tick=all"))
    assert page.count('data-walk-key="x" checked') == 2
    page = in_one_line(get(client, people.manager, address))
    assert page.count('data-walk-key="x" >') == 2


def test_only_what_one_may_change_has_a_box(
    people: People, client: Client, mine: Promise, elsewhere: Promise
) -> None:
    changed(beside(mine, title="Of the owner"), owner=people.owner)
    address = reverse("team_standing", args=[team("Storage").pk])
    for person, boxes in ((people.manager, 2), (people.colleague, 1), (people.leader, 0)):
        page = get(client, person, address).content.decode()
        assert page.count('data-walk-key="x"') == boxes
        assert ('name="do"' in page) == (boxes > 0)


# Accepting what is proposed


def reviewed(people: People, title: str, *titles: str, **values: Any) -> Document:
    """A COE in review that proposes these items, each owned and due."""
    document = open_another(people, title, **values)
    for each in titles:
        propose(document, each, by=values.get("by", people.owner), due_on=DUE)
    submit(document, by=values.get("by", people.owner))
    return document


def ticks(*documents: Document) -> list[str]:
    return [
        f"{document.pk}|{each.uid}|{written(each.version, proposal_digest(each), None)}"
        for document in documents
        for each in proposals_of(document)
    ]


def accept(client: Client, user: User, item: list[str]) -> Any:
    client.force_login(user)
    return client.post(reverse("team_accept", args=[team("Storage").pk]), {"item": item})


def test_the_manager_accepts_the_items_of_several_coes_at_once(
    people: People, client: Client
) -> None:
    first, second = (
        reviewed(people, "Uploads", "Alarm", "Drill"),
        reviewed(people, "Cards", "Retry"),
    )
    page = get(client, people.manager, reverse("team_standing", args=[team("Storage").pk]))
    assert all(each in page.content.decode() for each in ticks(first, second))
    told = accept(client, people.manager, ticks(first, second))
    assert told.status_code == 303
    assert set(ItemDecision.objects.values_list("verdict", "user")) == {
        ("accepted", people.manager.pk)
    }
    assert ItemDecision.objects.count() == 3


def test_of_a_coe_where_one_item_changed_the_others_are_accepted_all_the_same(
    people: People, client: Client
) -> None:
    document = reviewed(people, "Uploads", "Alarm", "Drill")
    before = ticks(document)
    ActionItem.objects.filter(title="Drill").update(done_when="It rings.", version=2)
    told = accept(client, people.manager, before)
    assert told.status_code == 200
    assert "Accepted: 1 of 2" in words(told)
    assert "“Drill” was changed since you opened this" in words(told)
    assert [each.proposal["title"] for each in ItemDecision.objects.all()] == ["Alarm"]


def test_who_does_not_approve_a_coe_accepts_nothing_of_it(people: People, client: Client) -> None:
    seen_by_all = reviewed(people, "Uploads", "Alarm")
    secret = reviewed(people, "Keys were leaked", "Rotate", is_restricted=True)
    page = get(client, people.colleague, reverse("team_standing", args=[team("Storage").pk]))
    assert "Alarm" in words(page)
    assert "Rotate" not in words(page)
    assert 'name="item"' not in page.content.decode()
    told = accept(client, people.colleague, ticks(seen_by_all, secret))
    assert "Accepted: 0 of 2" in words(told)
    assert "Somebody else decides this." in words(told)
    assert "There is no such item, or none that you may see." in words(told)
    assert "Rotate" not in words(told)
    assert not ItemDecision.objects.exists()


def test_what_lacks_an_owner_or_a_day_has_no_box_and_is_not_accepted(
    people: People, client: Client
) -> None:
    document = reviewed(people, "Uploads", "Alarm")
    ActionItem.objects.update(due_on=None)
    page = get(client, people.manager, reverse("team_standing", args=[team("Storage").pk]))
    assert 'name="item"' not in page.content.decode()
    told = accept(client, people.manager, ticks(document))
    assert "It has to be due on a day. Choose one." in words(told)


@pytest.mark.parametrize(
    "item", [[], ["x"], ["1|2|3"], ["1|7f9c24e8-3b12-4fef-91e0-5d2b4f0a8c11|"]]
)
def test_what_is_no_tick_of_ours_is_refused(
    people: People, client: Client, item: list[str]
) -> None:
    assert accept(client, people.manager, item).status_code == 422

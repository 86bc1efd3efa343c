"""The pages on which action items are decided, in the hands of those who use them."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.actions.services import save_action
from coe.documents.models import Document
from coe.reviews.items import items_in_room
from coe.reviews.models import ItemDecision
from coe.snapshots.build import build_snapshot
from tests.chronicle.pages import words
from tests.editor.writer import signed_in
from tests.people import People, make_person
from tests.reviews.deciding import DUE, Verdict, complete_item, decide, open_titles, standing
from tests.reviews.steps import ask_for_changes, fresh, propose, submit

pytestmark = pytest.mark.django_db


class Decider:
    """Somebody who looks at the action items of one COE and presses what is there."""

    def __init__(self, user: User, document: Document) -> None:
        self.client = signed_in(user)
        self.document = document

    def address(self, route: str, item: ActionItem | None = None) -> str:
        return reverse(route, args=[self.document.reference, *([item.uid] if item else [])])

    def page(self, item: ActionItem | None = None) -> HttpResponse:
        route = "coe_item" if item else "coe_items"
        return self.client.get(self.address(route, item))  # type: ignore[return-value]

    def seen(self, item: ActionItem) -> str:
        found = re.search(r'name="seen"\s+value="([^"]*)"', self.page(item).content.decode())
        assert found
        return found[1]

    def press(self, route: str, item: ActionItem, **data: Any) -> HttpResponse:
        data = {"seen": self.seen(item)} | data
        return self.client.post(self.address(route, item), data)  # type: ignore[return-value]


@pytest.fixture
def alarm(document: Document, people: People) -> ActionItem:
    return complete_item(document, "Alarm at 80 % full", by=people.owner)


@pytest.fixture
def logs(document: Document, people: People) -> ActionItem:
    return propose(document, "Delete old logs daily", by=people.owner, owner_id=None)


@pytest.fixture
def manager(alarm: ActionItem, logs: ActionItem, document: Document, people: People) -> Decider:
    submit(document, by=people.owner)
    return Decider(people.manager, document)


def test_accepting_leads_to_the_next_one(
    manager: Decider, alarm: ActionItem, logs: ActionItem
) -> None:
    answer = manager.press("coe_item_accept", alarm)
    assert answer.status_code == 303
    assert answer["Location"] == f"{manager.address('coe_items')}#item-{logs.uid}"
    told = words(manager.page())
    assert "Accepted. 1 left to decide." in told
    assert "1 of 2 waits for a decision." in told
    assert "Decided: 1 accepted, 0 accepted with changes, 0 rejected." in told
    assert "Accepted Owner commits to it by 18 Dec 2026 Manager (Platform)" in told


def test_what_is_incomplete_cannot_be_accepted_but_completed(
    manager: Decider, logs: ActionItem, people: People
) -> None:
    refused = manager.press("coe_item_accept", logs)
    assert refused.status_code == 422
    assert "Not accepted yet: 1 answer needs a look" in words(refused)
    for sentence in ("Somebody has to own it. Choose who.", "It has to be due on a day."):
        assert sentence in words(refused)
    given: dict[str, Any] = {
        "owner": people.colleague.pk,
        "due_on": "2026-12-01",
        "priority": "1",
        "title": "Delete old logs daily",
        "done_when": "",
    }
    refused = manager.press("coe_item_change", logs, **given, reason="")
    assert refused.status_code == 422
    assert "Say why it was changed" in words(refused)
    assert 'value="2026-12-01"' in refused.content.decode()
    assert (
        manager.press("coe_item_change", logs, **given, reason="It is urgent.").status_code == 303
    )
    logs.refresh_from_db()
    assert (logs.owner, logs.due_on, logs.priority) == (people.colleague, date(2026, 12, 1), 1)
    assert standing(manager.document)[logs.uid].verdict == "changed"


def test_changing_nothing_is_refused_in_a_sentence(manager: Decider, alarm: ActionItem) -> None:
    given = {
        "owner": alarm.owner_id,
        "due_on": str(DUE),
        "priority": alarm.priority,
        "title": alarm.title,
        "done_when": "",
        "reason": "So.",
    }
    refused = manager.press("coe_item_change", alarm, **given)
    assert refused.status_code == 422
    assert "Nothing is changed. Accept it as it is, or change something." in words(refused)


def test_rejecting_asks_for_a_reason_and_tells_it(
    manager: Decider, alarm: ActionItem, people: People
) -> None:
    refused = manager.press("coe_item_reject", alarm, reason="")
    assert refused.status_code == 422
    assert "Say why it is rejected" in words(refused)
    manager.press("coe_item_reject", alarm, reason="It rings already.")
    told = words(Decider(people.colleague, manager.document).page())
    assert "Rejected It rings already. Manager (Platform)" in told
    assert "What their owners have to do" not in told


def test_a_page_that_is_out_of_date_decides_nothing_and_gives_back_what_was_typed(
    manager: Decider, alarm: ActionItem, people: People
) -> None:
    seen = manager.seen(alarm)
    save_action(alarm, version=1, values={"title": "Alarm at 70 % full"}, by=people.owner)
    for route in ("coe_item_accept", "coe_item_change", "coe_item_reject"):
        data = {"reason": "Typed with care.", "owner": people.owner.pk, "due_on": "2026-12-01"}
        data |= {"priority": 1, "title": "Alarm twice", "done_when": "It rang once."}
        answer = manager.press(route, alarm, seen=seen, **data)
        assert answer.status_code == 409
        assert "“Alarm at 70 % full” was changed since you opened this." in words(answer)
        assert ("Typed with care." in words(answer)) is (route != "coe_item_accept")
        assert ("It rang once." in words(answer)) is (route == "coe_item_change")
    answer = manager.press("coe_item_accept", alarm, seen="forged")
    assert answer.status_code == 409
    assert not ItemDecision.objects.exists()


def test_what_is_ticked_is_accepted_at_once(
    manager: Decider, alarm: ActionItem, logs: ActionItem
) -> None:
    page = manager.page().content.decode()
    ticked = re.findall(
        r'type="checkbox"\s+name="item"\s+form="accept-many"\s+value="([^"]*)"', page
    )
    assert [each.partition("|")[0] for each in ticked] == [str(alarm.uid)]
    address = manager.address("coe_items_accept")
    assert manager.client.post(address, {"item": ["what", f"{uuid4()}|1"]}).status_code == 409
    assert manager.client.post(address, {"item": ticked}).status_code == 303
    assert open_titles(manager.document) == ["Delete old logs daily"]
    assert "Accepted 1 action item." in words(manager.page())


def test_a_decision_is_taken_back(manager: Decider, alarm: ActionItem, people: People) -> None:
    decision = decide(manager.document, alarm, Verdict.ACCEPTED, by=people.manager)
    for answered in (303, 303):
        data = {"decision": decision.pk}
        answer = manager.client.post(manager.address("coe_item_withdraw", alarm), data)
        assert answer.status_code == answered
    assert len(open_titles(manager.document)) == 2
    decide(manager.document, alarm, Verdict.ACCEPTED, by=people.manager)
    answer = manager.client.post(manager.address("coe_item_withdraw", alarm), {"decision": "x"})
    assert answer.status_code == 409


def test_what_was_changed_since_the_decision_is_told_word_by_word(
    manager: Decider, alarm: ActionItem, people: People
) -> None:
    decide(manager.document, alarm, Verdict.ACCEPTED, by=people.manager)
    ask_for_changes(manager.document, by=people.manager)
    values = {"title": "Alarm at 70 % full", "owner_id": people.contributor.pk, "due_on": None}
    save_action(alarm, version=1, values=values, by=people.owner)
    submit(manager.document, by=people.owner)
    told = words(manager.page())
    assert "Changed since it was decided. Manager: accepted." in told
    page = manager.page().content.decode()
    assert "Alarm at <del>80</del><ins>70</ins> % full" in page
    assert "<del>Owner (Storage)</del><ins>Contributor (Payments)</ins>" in page
    assert "<del>18 Dec 2026</del>" in page


def test_the_room_tells_of_each_item_how_it_stands(
    manager: Decider, alarm: ActionItem, logs: ActionItem, people: People
) -> None:
    decide(manager.document, alarm, Verdict.ACCEPTED, by=people.manager)
    decide(manager.document, logs, Verdict.REJECTED, by=people.manager, reason="It is done.")
    save_action(alarm, version=1, values={"title": "Alarm at 70 % full"}, by=people.owner)
    now = fresh(manager.document)
    room = items_in_room(now, build_snapshot(now))
    drawn = render_to_string(
        "reviews/items_in_room.html", {"items": room, "document": now, "may_decide": True}
    )
    told = " ".join(strip_tags(drawn).split())
    assert "Decide 1 action item" in told
    assert "A1 Alarm at 70 % full Owner, due 18 Dec 2026 Changed since it was decided" in told
    assert "A2 Delete old logs daily Nobody yet Rejected" in told


def test_an_item_that_is_not_there_is_nowhere(manager: Decider) -> None:
    address = reverse("coe_item", args=[manager.document.reference, uuid4()])
    assert manager.client.get(address).status_code == 404


def test_a_coe_without_action_items_says_so(document: Document, people: People) -> None:
    submit(document, by=people.owner)
    assert "Nothing to decide" in words(Decider(people.manager, document).page())


@pytest.mark.parametrize(("route", "queries"), [("coe_items", 20), ("coe_item", 21)])
def test_many_items_and_owners_take_as_many_queries_as_few(
    route: str,
    queries: int,
    document: Document,
    people: People,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    owners = [make_person(f"person{number}", people.owner.team) for number in range(50)]
    items = [
        ActionItem(
            document=document,
            uid=uuid4(),
            position=1024 * number,
            title=f"Item {number}",
            owner=owners[number % 50],
            due_on=DUE,
        )
        for number in range(300)
    ]
    ActionItem.objects.bulk_create(items[:1])
    submit(document, by=people.owner)
    manager = Decider(people.manager, document)
    manager.page()
    one = items[0] if route == "coe_item" else None
    with django_assert_num_queries(queries):
        manager.page(one)
    ActionItem.objects.bulk_create(items[1:])
    with django_assert_num_queries(queries):
        page = manager.page(one).content.decode()
    assert page.count('id="item-') == (300 if one is None else 0)

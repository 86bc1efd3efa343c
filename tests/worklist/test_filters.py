"""What the list is narrowed by, said once for every filter; and what it never tells."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from coe.accounts.models import Team
from coe.actions.models import Promise, PromiseRequest
from coe.documents.models import Document
from coe.incidents.models import Service
from coe.web.places import page_of
from coe.worklist.beginnings import gathering
from coe.worklist.orders import Group, Order, keys_of
from coe.worklist.queries import Wanted, catalogue, wanted_items, with_lines
from tests.library.pages import body, get, table, words
from tests.people import People
from tests.promises.promising import in_state, make_promise
from tests.reviews.steps import open_another, state_facts

pytestmark = pytest.mark.django_db


def made(people: People, document: Document, title: str, **values: Any) -> Promise:
    """A promise of `document` in any state, as if it had been published so."""
    standing = {"priority": 1, "team": people.owner.team, "owner": people.owner, "severity": 2}
    promise = Promise.objects.create(
        document=document, uid=uuid4(), title=title, **(standing | values)
    )
    Document.objects.filter(pk=document.pk).update(current_version=1)
    return promise


@pytest.fixture
def shelf(people: People, document: Document) -> dict[str, Promise]:
    """Ten items that differ in one thing each."""
    payments = Team.objects.get(name="Payments")
    uploads = Service.objects.create(name="Uploads", team=payments)
    other = open_another(people, "Cards were refused")
    far = date(2999, 1, 1)
    items = {
        "plain": made(people, document, "Plain", due_on=far),
        "late": made(people, document, "Late", due_on=date(2020, 1, 1)),
        "moved": made(people, document, "Moved", due_on=far, first_due_on=far, moves=2),
        "nobody": made(people, document, "Nobody", owner=None),
        "theirs": made(people, document, "Theirs", owner=people.stranger, team=payments),
        "uploads": made(people, document, "Slow", service=uploads, severity=1),
        "trigger": made(people, document, "Cause", cause_kind="trigger", kind="detect"),
        "urgent": made(people, other, "Urgent", priority=0, tracker="PRC-881"),
        "asked": made(people, document, "Asked", due_on=date(2998, 6, 1)),
        "started": made(people, document, "Started", state="in_progress"),
    }
    PromiseRequest.objects.create(
        promise=items["asked"], kind="wont_do", asked_by=people.owner, reason="It is gone"
    )
    return items


NARROWED = [
    ("q=moved", "moved"),
    ("q=prc-881", "urgent"),
    ("q=urg&priority=0", "urgent"),
    ("state=in_progress", "started"),
    ("owner=nobody", "nobody"),
    ("severity=1", "uploads"),
    ("kind=detect", "trigger"),
    ("cause=trigger", "trigger"),
    ("late=on", "late"),
    ("moved=on", "moved"),
    ("waiting=decision", "asked"),
    ("until=2020-01-01", "late"),
    ("since=2998-06-01&until=2998-06-01", "asked"),
    ("state=verified", ""),
    ("q=COE-9999", ""),
]


@pytest.mark.parametrize(("query", "name"), NARROWED)
def test_each_filter_leaves_what_it_says(
    query: str, name: str, shelf: dict[str, Promise], people: People, client: Client
) -> None:
    rows = table(get(client, people.manager, f"/actions/?{query}"))
    assert [row[0] for row in rows] == ([shelf[name].title] if name else [])


def test_a_team_stands_for_every_team_below_it(
    shelf: dict[str, Promise], people: People, client: Client
) -> None:
    count = {
        name: len(
            table(get(client, people.owner, f"/actions/?team={Team.objects.get(name=name).pk}"))
        )
        for name in ("Company", "Platform", "Storage", "Payments")
    }
    assert count == {"Company": 10, "Platform": 9, "Storage": 9, "Payments": 1}


def test_the_coe_the_service_and_the_owner_are_filters(
    shelf: dict[str, Promise], people: People, client: Client
) -> None:
    urgent, slow = shelf["urgent"], shelf["uploads"]
    for query, titles in (
        (f"coe={urgent.document.reference.lower()}", ["Urgent"]),
        (f"q={urgent.document.reference}", ["Urgent"]),
        (f"service={slow.service_id}", ["Slow"]),
        (f"owner={people.stranger.pk}", ["Theirs"]),
    ):
        assert [row[0] for row in table(get(client, people.owner, f"/actions/?{query}"))] == titles
    assert [row[0] for row in table(get(client, people.stranger, "/actions/?owner=me"))] == [
        "Theirs"
    ]


def test_what_waits_for_somebody_to_verify_it_is_what_is_done(
    people: People, document: Document, client: Client
) -> None:
    done = make_promise(document, people.owner, "Done it")
    in_state(done, "done", finisher=people.owner)
    assert table(get(client, people.owner, "/actions/")) == []
    rows = table(get(client, people.owner, "/actions/?waiting=verification"))
    assert [row[0] for row in rows] == ["Done it"]


def test_the_chips_say_what_is_on_and_lead_to_the_list_without_it(
    shelf: dict[str, Promise], people: People, client: Client
) -> None:
    page = get(client, people.owner, "/actions/?priority=1&late=on&until=2020-02-03&group=team")
    told = words(page)
    assert "1 action item fits these filters" in told
    assert "Priority P1 ×" in told
    assert "Due until 3 February 2020 ×" in told
    assert 'href="?priority=1&amp;until=2020-02-03&amp;group=team"' in body(page)  # without late


@pytest.mark.parametrize(
    ("group", "headings"),
    [
        ("team", ["Payments", "Storage"]),
        ("service", ["Uploads", "No service"]),
        ("owner", ["Owner", "Stranger", "Nobody yet"]),
        ("cause", ["Trigger", "No cause, or of no kind"]),
    ],
)
def test_groups_stand_below_their_names(
    group: str, headings: list[str], shelf: dict[str, Promise], people: People, client: Client
) -> None:
    page = get(client, people.owner, f"/actions/?group={group}")
    found = [
        part.split("</a>")[0].split(">")[-1] for part in body(page).split('scope="rowgroup"')[1:]
    ]
    assert found == headings
    assert len(table(page)) == 10


def many_kinds(people: People, document: Document) -> None:
    """120 items in every order and in every group, some in none."""
    owners = [people.owner, people.stranger, None]
    Promise.objects.bulk_create(
        Promise(
            document=document,
            uid=uuid4(),
            title=f"Item {each}",
            priority=each % 4,
            owner=owners[each % 3],
            due_on=date(2026, 1, 1 + each % 9) if each % 5 else None,
            first_due_on=date(2026, 1, 1),
            moves=each % 3,
            severity=(1 + each % 4) if each % 7 else None,
            cause_kind=("trigger", "", "luck")[each % 3],
            team=people.owner.team if each % 2 else people.stranger.team,
        )
        for each in range(120)
    )
    Document.objects.filter(pk=document.pk).update(current_version=1)


@pytest.mark.parametrize("sort", ["", "priority", "severity", "moved", "resting"])
@pytest.mark.parametrize("group", ["", "team", "cause", "service", "owner"])
def test_the_pages_together_hold_everything_once(
    sort: str, group: str, people: People, document: Document, client: Client
) -> None:
    many_kinds(people, document)
    address, seen = f"/actions/?sort={sort}&group={group}", []
    while address:
        page = get(client, people.owner, address)
        seen.append([row[0] for row in table(page)])
        _, _, after = body(page).partition('rel="next"')
        address = after.split('href="', 1)[1].split('"')[0].replace("&amp;", "&") if after else ""
        address = address and f"/actions/{address}"
    assert [len(each) for each in seen] == [50, 50, 20]
    assert len({title for each in seen for title in each}) == 120


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("group", [Group.TEAM, Group.SERVICE, Group.OWNER])
def test_a_page_from_the_beginnings_of_groups_is_the_page_of_all(
    order: Order, group: Group, people: People, document: Document
) -> None:
    """Forward to the end and back again, from every place where a page begins."""
    many_kinds(people, document)
    items = wanted_items(catalogue(people.owner), Wanted(state="any"), moment=timezone.now())
    keys, rows = keys_of(order, group), with_lines(items, group)
    gather = gathering(items, group=group, order=order)
    query, pages = QueryDict(mutable=True), 0
    while pages < 6:
        page, expected = (page_of(rows, keys, query, gather=each) for each in (gather, None))
        assert [each.pk for each in page.rows] == [each.pk for each in expected.rows]
        assert (page.before, page.after) == (expected.before, expected.after)
        pages += 1
        is_forward = pages < 3
        place = page.after if is_forward else page.before
        query = QueryDict(mutable=True)
        if place is None:
            break
        query["after" if is_forward else "before"] = str(place)
    assert pages == 5


def test_a_filter_that_is_not_understood_is_said_beside_it_and_the_others_hold(
    shelf: dict[str, Promise], people: People, client: Client
) -> None:
    page = get(client, people.owner, "/actions/?since=soon&late=on")
    assert page.status_code == 422
    assert [row[0] for row in table(page)] == ["Late"]
    assert "Choose a day, like 2026-11-22." in words(page)


def test_a_restricted_coe_is_in_no_filter_no_group_and_no_number(
    people: People, document: Document, client: Client
) -> None:
    """Nobody learns that the contributor owns something in a COE which is not theirs to read."""
    state_facts(document, is_restricted=True, by=people.owner)
    secret = make_promise(document, people.contributor, "Rotate the keys")
    for query in ("", "?group=owner", "?group=team", "?owner=nobody", "?q=rotate"):
        told = get(client, people.stranger, f"/actions/{query}")
        assert "Contributor" not in body(told)
        assert "Rotate" not in body(told)
        assert "0 action items" in words(told)
    assert "Rotate the keys" in body(get(client, people.contributor, "/actions/?group=owner"))
    assert (
        secret.document.reference
        not in b"".join(get(client, people.stranger, "/actions/table/")).decode()
    )


def test_what_is_dropped_is_nowhere(people: People, document: Document, client: Client) -> None:
    promise = make_promise(document, people.owner, "Given up")
    Promise.objects.filter(pk=promise.pk).update(dropped_at=promise.promised_at)
    assert table(get(client, people.owner, "/actions/?state=any")) == []


def ways(page: Any, title: str) -> list[tuple[str, str]]:
    """What one can do with an item: the key, and where it leads on its page."""
    row = body(page).split(f">{title}</a>", 1)[1].split("</tr>")[0]
    found = re.findall(r'href="([^"]*)"\s+data-walk-key="(.)"', row)
    return [(key, address.partition("?")[2]) for address, key in found]


@pytest.mark.parametrize(
    ("state", "person", "expected"),
    [
        ("accepted", "owner", "s d"),
        ("in_progress", "owner", "d"),
        ("did_not_hold", "owner", "s"),
        ("done", "owner", ""),
        ("verified", "stranger", ""),
        ("accepted", "manager", "a"),
        ("done", "manager", "a v n"),
        ("done", "contributor", "v n"),
        ("done", "stranger", ""),
    ],
)
def test_each_line_leads_to_what_the_person_may_do(
    state: str, person: str, expected: str, people: People, document: Document, client: Client
) -> None:
    promise = make_promise(document, people.owner, "Alarm")
    in_state(promise, state, finisher=people.owner)
    PromiseRequest.objects.create(
        promise=promise, kind="wont_do", asked_by=people.owner, reason="It is gone"
    )
    page = get(client, getattr(people, person), "/actions/?state=any")
    assert " ".join(key for key, _ in ways(page, "Alarm")) == expected


def test_a_way_leads_to_its_form_which_is_open(
    people: People, document: Document, client: Client
) -> None:
    promise = make_promise(document, people.owner, "Alarm")
    page = get(client, people.owner, "/actions/")
    assert ("d", "way=done#way-done") in ways(page, "Alarm")
    address = f"/coes/{document.reference}/actions/{promise.uid}/"
    closed = re.compile(r"<details[^>]*id=.way-done.")
    assert "open" not in closed.search(body(client.get(address))).group()  # type: ignore[union-attr]
    there = body(client.get(f"{address}?way=done"))
    assert "open" in closed.search(there).group()  # type: ignore[union-attr]

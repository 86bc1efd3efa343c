"""The ticket on the page of a promise: what is told of it, and the two forms."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document
from coe.trackers.models import NewTicket, Ticket, TicketState, Tracker
from tests.people import People
from tests.promises.promising import fresh, in_state
from tests.trackers.tracking import Jira, keep, name_ticket, tracker_at, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here_is_allowed")]

Ask = Callable[..., Any]
SITE = "https://tickets.example.com"
S = TicketState


@pytest.fixture
def page(promise: Promise) -> Ask:
    """Somebody looks at the page, or sends a form of it (`route`) with what they typed."""

    def ask(person: User, route: str = "promise", **typed: Any) -> HttpResponse:
        client = Client()
        client.force_login(person)
        address = reverse(route, args=[promise.document.reference, promise.uid])
        return client.get(address) if route == "promise" else client.post(address, typed)  # type: ignore[return-value]

    return ask


def words(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def know(promise: Promise, tracker: Tracker, **values: Any) -> None:
    """What was read of its ticket PRC-881 five minutes ago."""
    name_ticket(promise, "PRC-881")
    given = {"state": S.OPEN, "told": "To Do", "read_at": now() - timedelta(minutes=5), **values}
    Ticket.objects.create(promise=promise, tracker=tracker, key="PRC-881", **given)


def test_the_state_stands_beside_the_link_with_its_age(
    promise: Promise, people: People, page: Ask
) -> None:
    know(promise, keep(SITE, by=people.admin), told="In <b>Arbeit</b>", state=S.IN_PROGRESS)
    for person in (people.contributor, people.stranger):
        told = words(page(person))
        assert f'<a href="{SITE}/browse/PRC-881" rel="noopener noreferrer">PRC-881</a>' in told
        assert "In &lt;b&gt;Arbeit&lt;/b&gt;" in told
        assert "read <time datetime=" in told
        assert "5 minutes ago</time>" in told
        assert "Board" in told
    assert "Name another ticket" in words(page(people.contributor))
    assert "Name another ticket" not in words(page(people.stranger))


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ("accepted", S.DONE, "Board says that it is done. Here it is still to be done"),
        ("in_progress", S.DONE, "Board says that it is done. Here it is still to be done"),
        ("did_not_hold", S.DONE, "Board says that it is done. Here it is still to be done"),
        ("done", S.IN_PROGRESS, "Board still has it open."),
        ("verified", S.OPEN, "Board still has it open."),
        ("accepted", S.GONE, "Board has no such ticket, or its token may not see it."),
        ("accepted", S.OPEN, ""),
        ("done", S.DONE, ""),
        ("accepted", S.UNKNOWN, ""),
    ],
)
def test_where_both_say_otherwise_there_is_a_hint_and_nothing_moves(
    promise: Promise, people: People, page: Ask, here: str, there: S, said: str
) -> None:
    know(promise, keep(SITE, by=people.admin), state=there)
    in_state(promise, here, finisher=people.colleague)
    told = words(page(people.contributor))
    hints = ("says that it is done.", "still has it open.", "has no such ticket")
    assert [each for each in hints if each in told] == [each for each in hints if each in said]
    assert said in told
    assert fresh(promise).state == here


def test_what_was_read_of_another_ticket_is_not_told(
    promise: Promise, people: People, page: Ask
) -> None:
    know(promise, keep(SITE, by=people.admin), told="Parked")
    name_ticket(promise, "PRC-882")
    told = words(page(people.stranger))
    assert "PRC-882" in told
    assert "Parked" not in told


def test_what_could_not_be_read_is_told_beside_what_was(
    promise: Promise, people: People, page: Ask
) -> None:
    know(promise, keep(SITE, by=people.admin), error="The server took too long.")
    told = words(page(people.stranger))
    assert "To Do" in told
    assert "It could not be read the last time. The server took too long." in told


def test_a_ticket_is_named_over_the_one_that_was_seen(
    promise: Promise, people: People, page: Ask
) -> None:
    def name(link: str, seen: str = "", person: User = people.contributor) -> int:
        return int(page(person, "promise_ticket", tracker=link, seen=seen).status_code)

    assert name("PRC-881") == 303
    assert fresh(promise).tracker == "PRC-881"
    assert name("PRC-882", seen="") == 409
    assert name("PRC-882", seen="PRC-881", person=people.manager) == 303
    assert name("", seen="PRC-882") == 303
    assert fresh(promise).tracker == ""
    for person in (people.owner, people.stranger, people.leader):
        assert name("PRC-1", person=person) == 403
    answer = page(people.contributor, "promise_ticket", tracker="javascript://x", seen="")
    assert answer.status_code == 422
    assert "javascript://x" in words(answer), "what was typed is kept"
    assert fresh(promise).tracker == ""


def test_a_ticket_is_opened_from_the_page(promise: Promise, people: People, page: Ask) -> None:
    with tracker_at(Jira(), by=people.admin) as (tracker, _):
        assert "Open a ticket in Board" in words(page(people.contributor))
        answer = page(people.contributor, "promise_open_ticket", tracker=tracker.pk)
        assert answer.status_code == 303
        told = words(page(people.contributor))
        assert "A ticket is being opened in Board, for Contributor." in told
        assert "Open a ticket in Board" not in told
        work()
    told = words(page(people.contributor))
    assert ">PRC-900</a>" in told
    assert "Open a ticket" not in told
    assert "being opened" not in told
    again = page(people.contributor, "promise_open_ticket", tracker=tracker.pk)
    assert again.status_code == 409


def test_what_went_wrong_is_told_and_it_can_be_asked_again(
    promise: Promise, people: People, page: Ask
) -> None:
    tracker = keep(SITE, by=people.admin)
    given = {"tracker": tracker, "asked_by": people.contributor}
    NewTicket.objects.create(
        promise=promise, **given, ended_at=now(), error="The token may not do this (403)."
    )
    told = words(page(people.contributor))
    assert "The token may not do this (403)." in told
    assert "Open a ticket in Board" in told


def test_where_there_are_several_trackers_one_is_chosen(
    promise: Promise, people: People, page: Ask
) -> None:
    keep(SITE, by=people.admin)
    other = keep(SITE, by=people.admin, name="Alerts", project="OPS")
    silent = keep(SITE, by=people.admin, name="Silent", project="OLD", token="")
    told = words(page(people.contributor))
    assert told.index(">Alerts<") < told.index(">Board<")
    assert "Silent" not in told
    for nothing in ({}, {"tracker": silent.pk}, {"tracker": "x"}, {"tracker": 0}):
        assert page(people.contributor, "promise_open_ticket", **nothing).status_code == 422
    page(people.contributor, "promise_open_ticket", tracker=other.pk)
    assert NewTicket.objects.get().tracker == other


def test_of_a_restricted_coe_it_takes_a_word_that_it_is_meant(
    promise: Promise, people: People, page: Ask
) -> None:
    Document.objects.filter(pk=promise.document_id).update(is_restricted=True)
    tracker = keep(SITE, by=people.admin)
    assert "Open it although few may see this COE" in words(page(people.manager))
    refused = page(people.manager, "promise_open_ticket", tracker=tracker.pk)
    assert refused.status_code == 422
    assert "Say that this is meant" in words(refused)
    page(people.manager, "promise_open_ticket", tracker=tracker.pk, is_confirmed="on")
    assert NewTicket.objects.get().is_bare


@pytest.mark.parametrize(
    ("person", "free", "named"),
    [("contributor", 18, 17), ("manager", 14, 13), ("stranger", 12, 12)],
)
def test_the_page_asks_as_often_whatever_trackers_there_are(
    promise: Promise,
    people: People,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    person: str,
    free: int,
    named: int,
) -> None:
    """Where no ticket is named, whoever may open one is told where."""
    client.force_login(getattr(people, person))
    address = reverse("promise", args=[promise.document.reference, promise.uid])
    tracker = keep(SITE, by=people.admin)
    for number in range(3):
        with django_assert_num_queries(free):
            client.get(address)
        keep(SITE, by=people.admin, name=f"More {number}", project=f"MORE{number}")
    know(promise, tracker)
    with django_assert_num_queries(named):
        client.get(address)

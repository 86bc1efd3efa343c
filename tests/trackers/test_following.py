"""Reading tickets back from trackers that answer, refuse, hang, lie, are gone and come back."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries, Settings

from coe.actions.models import Promise, PromiseState
from coe.jobs.kinds import Lane
from coe.jobs.models import Job
from coe.jobs.regular import put_regular_jobs
from coe.jobs.services import run_waiting_jobs
from coe.promises.services import move_promise
from coe.promises.tickets import set_ticket
from coe.trackers.following import MOST_AT_ONCE, put_readings
from coe.trackers.models import Ticket, TicketState, Tracker
from coe.trackers.services import remove_tracker
from tests.integrations.hooks import listen, states
from tests.integrations.serving import GOOD, Behaviour, answers, drips, hangs, serving
from tests.people import People
from tests.promises.promising import fresh, in_state
from tests.trackers.samples import github_issue, jira_issue
from tests.trackers.tracking import (
    TOKEN,
    GitHub,
    Jira,
    again,
    beside,
    http,
    keep,
    name_ticket,
    paths,
    read,
    tracker_at,
    work,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here_is_allowed")]

S = TicketState
HTML = http(200, b"<!doctype html><title>Sign in</title>", "text/html")
HUGE = http(200, b'{"x": "' + b"x" * 1_000_000 + b'"}')
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"
ELSEWHERE = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("link", ["PRC-881", "{}/browse/PRC-881"])
def test_the_state_of_an_issue_in_jira_is_read_back(
    promise: Promise, people: People, link: str
) -> None:
    jira = Jira({"PRC-881": jira_issue(name="In Arbeit", category="indeterminate")})
    with tracker_at(jira, by=people.admin) as (tracker, served):
        name_ticket(promise, link.format(served.address))
        ticket = read(promise)
    assert ticket is not None
    assert (ticket.tracker, ticket.key) == (tracker, "PRC-881")
    assert (ticket.state, ticket.told, ticket.error) == (S.IN_PROGRESS, "In Arbeit", "")
    assert paths(served) == ["GET /rest/api/2/issue/PRC-881?fields=status,resolution"]
    (sent,) = served.requests
    assert f"\r\nAuthorization: Bearer {TOKEN}\r\n".encode() in sent
    stands = again(tracker)
    assert stands.answered_at is not None
    assert (stands.error, stands.failing_since) == ("", None)


def test_jiras_cloud_is_told_whose_the_token_is(promise: Promise, people: People) -> None:
    jira = Jira({"PRC-881": jira_issue()})
    account: dict[str, Any] = {"account": "bot@example.org", "token": "abc"}
    with tracker_at(jira, by=people.admin, **account) as (_, served):
        read(name_ticket(promise, "PRC-881"))
    assert b"\r\nAuthorization: Basic Ym90QGV4YW1wbGUub3JnOmFiYw==\r\n" in served.requests[0]


def test_the_state_of_an_issue_in_github_is_read_back(promise: Promise, people: People) -> None:
    github = GitHub({12: github_issue(12, "closed", "completed")})
    repository: dict[str, Any] = {"kind": "github", "project": "octo/shop"}
    with tracker_at(github, by=people.admin, **repository) as (_, served):
        ticket = read(name_ticket(promise, f"{served.address}/octo/shop/issues/12"))
    assert ticket is not None
    assert (ticket.key, ticket.state, ticket.told) == ("octo/shop#12", S.DONE, "Closed")
    assert paths(served) == ["GET /api/v3/repos/octo/shop/issues/12"]
    assert b"\r\nAccept: application/vnd.github+json\r\n" in served.requests[0]


def test_nothing_of_the_ticket_is_kept_but_its_state(promise: Promise, people: People) -> None:
    issue = jira_issue()
    issue["fields"] |= {"summary": "SECRET", "description": "SECRET", "labels": ["SECRET"]}
    with tracker_at(Jira({"PRC-881": issue}), by=people.admin):
        assert read(name_ticket(promise, "PRC-881"))
    assert "SECRET" not in str(Ticket.objects.values().get())


@pytest.mark.parametrize("status", [404, 410])
def test_a_ticket_that_is_not_there_is_gone(promise: Promise, people: People, status: int) -> None:
    with tracker_at(lambda *_: (status, {}), by=people.admin) as (tracker, _):
        ticket = read(name_ticket(promise, "PRC-881"))
    assert ticket is not None
    assert (ticket.state, ticket.error) == (S.GONE, "")
    assert again(tracker).failing_since is None


@pytest.mark.parametrize(
    ("behave", "error", "fails"),
    [
        (hangs, "The server took too long.", True),
        (drips, "The server took too long.", True),
        (answers(CUT), "The answer broke off.", True),
        (answers(HUGE), "The answer is longer than 1,000,000 bytes.", True),
        (answers(b"SSH-2.0\r\n"), "The server did not answer as a web server does.", True),
        (answers(http(503, {})), "The tracker answered 503.", True),
        (answers(http(401, {})), "The tracker does not take the token (401).", True),
        (answers(http(429, {})), "The tracker was asked too often (429).", True),
        (answers(http(403, {})), "The token may not do this (403).", False),
        (answers(HTML), "The tracker answered something that cannot be read.", False),
        (answers(http(200, b"[" * 50_000)), "answered something that cannot be read.", False),
        (answers(http(200, [1, 2])), "The tracker answered, and said no state.", False),
        (answers(http(200, {"fields": {"status": 3}})), "and said no state.", False),
        (answers(ELSEWHERE), "The tracker leads elsewhere (302), and nobody is followed.", False),
    ],
    ids=[
        "hangs",
        "drips",
        "breaks_off",
        "huge",
        "no_web_server",
        "503",
        "401",
        "429",
        "403",
        "html",
        "deep",
        "list",
        "wrong_types",
        "elsewhere",
    ],
)
def test_what_cannot_be_read_is_told_and_read_again_later(
    promise: Promise, people: People, behave: Behaviour, error: str, fails: bool
) -> None:
    begun = now()
    with tracker_at(behave, by=people.admin) as (tracker, _):
        ticket = read(name_ticket(promise, "PRC-881"), at=begun)
    assert ticket is not None
    assert (ticket.state, ticket.read_at, ticket.misses) == (S.UNKNOWN, None, 1)
    assert error in ticket.error
    assert ticket.due_at == begun + timedelta(seconds=10)
    stands = again(tracker)
    assert error in stands.error
    assert (stands.failing_since is not None) is fails
    assert not Job.objects.filter(state="failed").exists()


def test_one_that_is_gone_is_left_alone_and_what_was_read_stands(
    promise: Promise, people: People
) -> None:
    begun = now()
    jira = Jira({"PRC-881": jira_issue(), "PRC-882": jira_issue("PRC-882")})
    with tracker_at(jira, by=people.admin) as (tracker, served):
        assert read(name_ticket(promise, "PRC-881"), at=begun)
        port = int(served.address.rpartition(":")[2])
    other = beside(promise, "PRC-882")
    later = begun + timedelta(hours=2)
    missed = read(promise, at=later)
    assert missed is not None
    assert (missed.state, missed.told, missed.read_at) == (S.OPEN, "To Do", begun)
    assert missed.error == "The server refused the connection."
    assert again(tracker).quiet_until == later + timedelta(seconds=10)
    assert read(other, at=later) is None, "nobody asks it while it is left alone"
    assert read(other, at=later + timedelta(seconds=11)) is not None
    assert again(tracker).misses == 2
    jira.issues["PRC-881"] = jira_issue(name="Done", category="done")
    with tracker_at(jira, by=people.admin, port=port, name="Again", project="OPS"):
        back = read(promise, at=later + timedelta(hours=3))
    assert back is not None
    assert (back.state, back.error, back.misses) == (S.DONE, "", 0)
    assert (again(tracker).misses, again(tracker).failing_since) == (0, None)


def test_it_is_asked_at_longer_and_longer_intervals(promise: Promise, people: People) -> None:
    name_ticket(promise, "PRC-881")
    at, waited = now(), []
    with tracker_at(answers(HTML), by=people.admin):
        for _ in range(8):
            ticket = read(promise, at=at)
            assert ticket is not None
            waited.append(int((ticket.due_at - at).total_seconds()))
            at = ticket.due_at
    assert waited == [10, 30, 90, 270, 810, 2430, 7200, 7200]


def test_a_link_to_elsewhere_is_just_a_link(promise: Promise, people: People) -> None:
    with tracker_at(Jira(), by=people.admin) as (_, served):
        for link in ("OPS-1", "https://wiki.example.org/PRC-881", f"{served.address}/browse/OPS-1"):
            assert read(name_ticket(promise, link)) is None
            assert put_readings(as_of=now()) == 0
        assert paths(served) == []


def test_without_a_token_nothing_is_asked(promise: Promise, people: People) -> None:
    with tracker_at(Jira(), by=people.admin, token="") as (_, served):
        assert read(name_ticket(promise, "PRC-881")) is None
        assert put_readings(as_of=now()) == 0
        work()
    assert served.requests == []


def test_inside_the_network_nothing_is_asked_unless_it_is_allowed(
    promise: Promise, people: People, settings: Settings
) -> None:
    with tracker_at(Jira(), by=people.admin) as (tracker, served):
        settings.ALLOWED_NETWORKS = ()
        ticket = read(name_ticket(promise, "PRC-881"))
    assert ticket is not None
    assert "inside the network" in ticket.error
    assert served.requests == []
    assert again(tracker).failing_since is not None


def test_another_secret_key_is_told_and_asks_nobody(
    promise: Promise, people: People, settings: Settings
) -> None:
    with tracker_at(Jira(), by=people.admin) as (tracker, served):
        settings.SECRET_KEY = "another"
        ticket = read(name_ticket(promise, "PRC-881"))
    assert ticket is not None
    assert "Type it again." in ticket.error
    assert again(tracker).is_locked_up
    assert served.requests == []


@pytest.mark.parametrize("state", PromiseState)
def test_it_is_read_as_long_as_somebody_waits_for_it(
    promise: Promise, people: People, state: PromiseState
) -> None:
    keep("https://tickets.example.com", by=people.admin)
    in_state(name_ticket(promise, "PRC-881"), state, finisher=people.colleague)
    is_settled = state in (PromiseState.VERIFIED, PromiseState.WONT_DO)
    assert put_readings(as_of=now()) == (0 if is_settled else 1)


def test_a_pass_spreads_what_is_due_and_takes_the_oldest_first(
    promise: Promise, people: People
) -> None:
    keep("https://tickets.example.com", by=people.admin)
    for number in range(4):
        beside(promise, f"PRC-{number + 1}")
    at = now()
    assert put_readings(as_of=at) == 4
    due = Job.objects.filter(kind="read_ticket").order_by("due_at").values_list("due_at", flat=True)
    assert [int((each - at).total_seconds()) for each in due] == [0, 120, 240, 360]


def test_what_was_read_is_due_again_after_an_hour_and_another_ticket_at_once(
    promise: Promise, people: People
) -> None:
    at = now()
    jira = Jira({"PRC-881": jira_issue(), "PRC-882": jira_issue("PRC-882", "Done", "done")})
    with tracker_at(jira, by=people.admin):
        read(name_ticket(promise, "PRC-881"), at=at)
        assert put_readings(as_of=at + timedelta(minutes=59)) == 0
        assert put_readings(as_of=at + timedelta(minutes=61)) == 1
        name_ticket(promise, "PRC-882")
        assert put_readings(as_of=at + timedelta(minutes=1)) == 1
        ticket = read(promise, at=at + timedelta(minutes=1))
    assert ticket is not None
    assert (ticket.key, ticket.state) == ("PRC-882", S.DONE)
    assert put_readings(as_of=at + timedelta(hours=2)) == 0
    assert put_readings(as_of=at + timedelta(hours=7)) == 1


def test_a_pass_asks_as_often_for_many_as_for_few_and_takes_no_more_than_it_can(
    promise: Promise,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    assert MOST_AT_ONCE == 300
    keep("https://tickets.example.com", by=people.admin)
    for number in range(6):
        beside(promise, f"PRC-{number + 1}")
    monkeypatch.setattr("coe.trackers.following.MOST_AT_ONCE", 2)
    with django_assert_num_queries(6):
        # the transaction, trackers, promises, a job for each of two
        assert put_readings(as_of=now()) == 2


def test_the_worker_does_a_pass_every_ten_minutes(promise: Promise, people: People) -> None:
    jira = Jira({"PRC-881": jira_issue()})
    with tracker_at(jira, by=people.admin):
        name_ticket(promise, "PRC-881")
        put_regular_jobs(as_of=now() - timedelta(minutes=11))
        run_waiting_jobs(lane=Lane.DATABASE)
        work()
    assert Ticket.objects.get().state == S.OPEN


def test_a_ticket_that_somebody_names_is_read_at_once(promise: Promise, people: People) -> None:
    jira = Jira({"PRC-881": jira_issue()})
    with tracker_at(jira, by=people.admin):
        set_ticket(promise, tracker="PRC-881", by=people.contributor)
        work()
    assert Ticket.objects.get().state == S.OPEN


def test_a_tracker_that_is_removed_takes_along_what_was_read(
    promise: Promise, people: People
) -> None:
    with tracker_at(Jira({"PRC-881": jira_issue()}), by=people.admin) as (tracker, _):
        read(name_ticket(promise, "PRC-881"))
        remove_tracker(tracker=tracker, by=people.admin)
        assert not Ticket.objects.exists()
        assert read(promise) is None


def test_other_programs_are_told_while_a_tracker_hangs(promise: Promise, people: People) -> None:
    """Neither waits for the other, and nothing that happens is lost."""
    with tracker_at(hangs, by=people.admin) as (_, tracked), serving(answers(GOOD)) as told:
        webhook, _ = listen(told, by=people.admin)
        set_ticket(promise, tracker="PRC-881", by=people.contributor)
        move_promise(promise, to=PromiseState.IN_PROGRESS, by=people.contributor)
        run_waiting_jobs(lane=Lane.DATABASE)
        run_waiting_jobs(lane=Lane.CALL)
        assert states(webhook) == ["sent"]
        assert tracked.requests == []
        work()
    assert "took too long" in Ticket.objects.get().error
    assert fresh(promise).state == PromiseState.IN_PROGRESS


Act = Callable[[Client, Promise], Any]
ACTS: dict[str, Act] = {
    "reads": lambda client, promise: client.get(_address("promise", promise)),
    "names a ticket": lambda client, promise: client.post(
        _address("promise_ticket", promise), {"seen": "", "tracker": "PRC-881"}
    ),
    "wants a ticket": lambda client, promise: client.post(
        _address("promise_open_ticket", promise), {"tracker": Tracker.objects.get().pk}
    ),
    "starts it": lambda client, promise: client.post(
        _address("promise_step", promise), {"to": "in_progress", "start": "accepted"}
    ),
}


def _address(route: str, promise: Promise) -> str:
    return reverse(route, args=[promise.document.reference, promise.uid])


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "behave", [hangs, drips, answers(HTML), answers(b"")], ids=["hangs", "drips", "lies", "gone"]
)
def test_no_page_and_no_save_waits_for_a_tracker(
    promise: Promise, people: People, client: Client, behave: Behaviour, act: str
) -> None:
    client.force_login(people.contributor)
    with tracker_at(behave, by=people.admin) as (_, served):
        begun = time.monotonic()
        assert ACTS[act](client, promise).status_code in (200, 303)
        assert time.monotonic() - begun < 5
        assert served.requests == []

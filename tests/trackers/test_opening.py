"""Opening a ticket from a promise: once, whatever becomes of the worker and of the answer."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseState
from coe.documents.models import Document
from coe.history.models import HistoryEvent
from coe.jobs.models import Job
from coe.promises.tickets import ask_for_ticket, set_ticket
from coe.trackers.models import NewTicket, Ticket, TicketState, Tracker
from coe.trackers.opening import MOST_TRIES, RESTRICTED, UNSURE, open_wanted
from coe.web.errors import StaleAnswer
from tests.integrations.serving import Behaviour, answers, drips, hangs
from tests.people import People
from tests.promises.promising import fresh, in_state
from tests.trackers.samples import github_issue, jira_found
from tests.trackers.tracking import (
    GitHub,
    Jira,
    asked,
    http,
    paths,
    tracker_at,
    wish,
    work,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here_is_allowed")]

REPOSITORY: dict[str, Any] = {"kind": "github", "project": "octo/shop"}


def want(promise: Promise, people: People, **values: Any) -> NewTicket:
    tracker = Tracker.objects.get()
    return ask_for_ticket(promise, tracker=tracker, by=people.contributor, **values)


def try_at(promise: Promise, seconds: int) -> NewTicket:
    """What the job does so long after now."""
    with transaction.atomic():
        open_wanted(promise.pk, as_of=now() + timedelta(seconds=seconds))
    return wish(promise)


def marker(promise: Promise) -> str:
    return f"{promise.document.reference}-{promise.uid}"


def test_a_ticket_is_opened_in_jira_and_named_and_read(promise: Promise, people: People) -> None:
    jira = Jira()
    with tracker_at(jira, by=people.admin, issue_type="Aufgabe") as (_, served):
        want(promise, people)
        assert fresh(promise).tracker == ""
        work()
    (fields,) = jira.opened
    reference = promise.document.reference
    link = f"http://localhost:8000/coes/{reference}/actions/{promise.uid}/"
    assert fields == {
        "project": {"key": "PRC"},
        "issuetype": {"name": "Aufgabe"},
        "summary": "Alarm at 80 % full",
        "description": f"An action item of {reference}: {link}",
        "labels": [marker(promise)],
    }
    assert fresh(promise).tracker == f"{served.address}/browse/PRC-900"
    assert Ticket.objects.get().state == TicketState.OPEN
    ended = wish(promise)
    assert (ended.link, ended.error) == (fresh(promise).tracker, "")
    event = HistoryEvent.objects.filter(subject="promise").latest("pk")
    assert event.actor == people.contributor
    assert (event.text.content or {})["after"]["tracker"] == fresh(promise).tracker


def test_a_ticket_is_opened_in_github_and_named_and_read(promise: Promise, people: People) -> None:
    github = GitHub({7: github_issue(7, body="Something else", created_at="2026-01-01T00:00:00Z")})
    with tracker_at(github, by=people.admin, **REPOSITORY) as (_, served):
        want(promise, people)
        work()
    (given,) = github.opened
    assert given["title"] == "Alarm at 80 % full"
    assert given["body"].endswith(f"\n\n{marker(promise)}")
    assert fresh(promise).tracker == f"{served.address}/octo/shop/issues/8"
    assert Ticket.objects.get().key == "octo/shop#8"


@pytest.mark.parametrize("kind", [Jira, GitHub])
def test_pressed_twice_it_is_opened_once(promise: Promise, people: People, kind: Any) -> None:
    tracker = kind()
    given = REPOSITORY if kind is GitHub else dict[str, Any]()
    with tracker_at(tracker, by=people.admin, **given):
        first = want(promise, people)
        assert want(promise, people).pk == first.pk
        work()
        with pytest.raises(StaleAnswer):
            want(promise, people)
        work()
    assert len(tracker.opened) == 1


@pytest.mark.parametrize("kind", [Jira, GitHub])
def test_a_worker_that_dies_before_it_noted_the_ticket_finds_it_at_the_next_try(
    promise: Promise, people: People, kind: Any
) -> None:
    tracker = kind()
    given = REPOSITORY if kind is GitHub else dict[str, Any]()
    with tracker_at(tracker, by=people.admin, **given):
        want(promise, people)
        with transaction.atomic():
            open_wanted(promise.pk, as_of=now() + timedelta(seconds=1))
            transaction.set_rollback(True)
        assert (len(tracker.opened), wish(promise).is_waiting) == (1, True)
        work()
    assert len(tracker.opened) == 1
    assert fresh(promise).tracker.endswith(("/PRC-900", "/1"))


def test_jiras_cloud_has_its_search_elsewhere(promise: Promise, people: People) -> None:
    jira = Jira(search="/rest/api/2/search/jql")
    with tracker_at(jira, by=people.admin):
        want(promise, people)
        work()
        Promise.objects.update(tracker="")
        want(promise, people)
        work()
    assert len(jira.opened) == 1, "the one that was opened is found again"


def test_an_answer_that_is_lost_opens_no_second_one(promise: Promise, people: People) -> None:
    jira = Jira()

    def lost(method: str, path: str, body: Any) -> tuple[int, Any]:
        answer = jira(method, path, body)
        return (502, b"<html>") if method == "POST" else answer

    with tracker_at(lost, by=people.admin):
        want(promise, people)
        missed = try_at(promise, 1)
        assert (missed.tries, missed.error) == (1, "The tracker answered 502.")
        assert try_at(promise, 60).link.endswith("/browse/PRC-900")
    assert len(jira.opened) == 1


@pytest.mark.parametrize(
    "lie",
    [{"key": "OPS-1"}, {"key": 7}, [], {"key": "PRC-1/../../admin"}, b"<html>", None],
    ids=["another_project", "number", "list", "path", "html", "nothing"],
)
def test_one_that_lies_about_what_it_opened_is_asked_twice_and_no_more(
    promise: Promise, people: People, lie: Any
) -> None:
    posted: list[Any] = []

    def lies(method: str, path: str, body: Any) -> tuple[int, Any]:
        if method == "POST":
            posted.append(body)
            return 201, lie
        return 200, jira_found()

    with tracker_at(lies, by=people.admin):
        want(promise, people)
        for tries in range(1, MOST_TRIES):
            try_at(promise, tries * 10_000)
    assert len(posted) == 2
    ended = wish(promise)
    assert (ended.error, ended.is_waiting) == (UNSURE, False)
    assert fresh(promise).tracker == ""


@pytest.mark.parametrize(
    "behave",
    [
        hangs,
        drips,
        answers(b""),
        answers(http(200, b"<!doctype html>", "text/html")),
        answers(http(200, {"issues": 7})),
        answers(http(500, {})),
        answers(http(200, b'"' + b"x" * 1_000_001 + b'"')),
    ],
    ids=["hangs", "drips", "nothing", "html", "wrong_types", "500", "huge"],
)
def test_while_nobody_knows_whether_it_is_there_it_is_not_opened(
    promise: Promise, people: People, behave: Behaviour
) -> None:
    with tracker_at(behave, by=people.admin) as (_, served):
        want(promise, people)
        missed = try_at(promise, 1)
    assert {asked(each)[0] for each in served.requests} == {"GET"}
    assert (missed.tries, missed.sent, missed.is_waiting) == (1, 0, True)
    assert missed.error
    assert Job.objects.filter(kind="open_ticket", state="waiting").exists()
    assert not Job.objects.filter(state="failed").exists()


def test_one_that_is_gone_is_given_up_after_hours_and_can_be_asked_again(
    promise: Promise, people: People
) -> None:
    jira = Jira()
    with tracker_at(jira, by=people.admin) as (_, served):
        port = int(served.address.rpartition(":")[2])
        want(promise, people)
    for tries in range(MOST_TRIES):
        last = try_at(promise, (tries + 1) * 10_000)
    assert (last.is_waiting, last.error) == (False, "The server refused the connection.")
    with tracker_at(jira, by=people.admin, port=port, name="Other", project="OPS"):
        ask_for_ticket(promise, tracker=last.tracker, by=people.contributor)
        work()
    assert fresh(promise).tracker.endswith("/browse/PRC-900")


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_what_it_refuses_is_told_at_once(promise: Promise, people: People, status: int) -> None:
    def refuses(method: str, path: str, body: Any) -> tuple[int, Any]:
        return (status, {}) if method == "POST" else (200, jira_found())

    with tracker_at(refuses, by=people.admin):
        want(promise, people)
        work()
    ended = wish(promise)
    assert not ended.is_waiting
    assert f"{status}" in ended.error


@pytest.mark.parametrize("kind", [Jira, GitHub])
def test_what_bears_the_mark_of_another_is_not_taken(
    promise: Promise, people: People, kind: Any
) -> None:
    other = f"{promise.document.reference}-00000000-0000-4000-8000-000000000000"
    if kind is Jira:
        tracker: Any = Jira(labels={other: "PRC-1"})
    else:
        made = f"{now():%Y-%m-%dT%H:%M:%SZ}"
        tracker = GitHub({1: github_issue(1, body=f"See {other}", created_at=made)})
    given = REPOSITORY if kind is GitHub else dict[str, Any]()
    with tracker_at(tracker, by=people.admin, **given):
        want(promise, people)
        work()
    assert len(tracker.opened) == 1


def test_of_many_issues_only_those_since_then_are_looked_through(
    promise: Promise, people: People
) -> None:
    old = {
        number: github_issue(number, created_at="2026-01-01T00:00:00Z") for number in range(1, 500)
    }
    made = f"{now():%Y-%m-%dT%H:%M:%SZ}"
    github = GitHub(old | {each: github_issue(each, created_at=made) for each in range(500, 560)})
    with tracker_at(github, by=people.admin, **REPOSITORY) as (_, served):
        want(promise, people)
        work()
    listed = [each for each in paths(served) if each.startswith("GET") and "?" in each]
    assert len(listed) == 2
    assert len(github.opened) == 1


class TestRestricted:
    @pytest.fixture
    def hidden(self, promise: Promise) -> Promise:
        Document.objects.filter(pk=promise.document_id).update(is_restricted=True)
        return fresh(promise)

    def test_it_is_refused_until_somebody_says_that_it_is_meant(
        self, hidden: Promise, people: People
    ) -> None:
        jira = Jira()
        with tracker_at(jira, by=people.admin):
            with pytest.raises(ValidationError) as refused:
                want(hidden, people)
            assert "is_confirmed" in refused.value.message_dict
            want(hidden, people, is_confirmed=True)
            work()
        (fields,) = jira.opened
        assert fields["summary"] == hidden.document.reference
        assert "Alarm" not in str(fields)

    def test_what_was_restricted_meanwhile_is_not_told(
        self, promise: Promise, people: People
    ) -> None:
        jira = Jira()
        with tracker_at(jira, by=people.admin) as (_, served):
            want(promise, people)
            Document.objects.filter(pk=promise.document_id).update(is_restricted=True)
            work()
            assert paths(served) == []
        assert wish(promise).error == RESTRICTED


def test_rights_and_state_are_asked_again_when_it_is_opened(
    promise: Promise, people: People
) -> None:
    jira = Jira()
    with tracker_at(jira, by=people.admin):
        for change, back in (
            ({"tracker": "OPS-1"}, {"tracker": ""}),
            ({"dropped_at": now()}, {"dropped_at": None}),
            ({"state": PromiseState.WONT_DO}, {"state": PromiseState.ACCEPTED}),
        ):
            want(promise, people)
            Promise.objects.filter(pk=promise.pk).update(**change)
            work()
            assert not wish(promise).is_waiting
            assert wish(promise).error
            Promise.objects.filter(pk=promise.pk).update(**back)
        want(promise, people)
        User.objects.filter(pk=people.contributor.pk).update(is_active=False)
        work()
        assert "may not read the COE any more" in wish(promise).error
    assert jira.opened == []


@pytest.mark.django_db(transaction=True)
def test_who_names_a_ticket_while_one_is_opened_keeps_theirs(
    promise: Promise, people: People
) -> None:
    jira = Jira()

    def meanwhile(method: str, path: str, body: Any) -> tuple[int, Any]:
        if method == "POST":
            set_ticket(promise, tracker="OPS-7", by=people.contributor)
            connection.close()
        return jira(method, path, body)

    with tracker_at(meanwhile, by=people.admin) as (_, served):
        want(promise, people)
        work()
    assert fresh(promise).tracker == "OPS-7"
    ended = wish(promise)
    assert ended.link == f"{served.address}/browse/PRC-900"
    assert "names another ticket by now" in ended.error


def test_who_may_not_name_it_may_not_open_one(promise: Promise, people: People) -> None:
    with tracker_at(Jira(), by=people.admin) as (tracker, _):
        for person in (people.owner, people.colleague, people.stranger, people.admin):
            with pytest.raises(PermissionDenied):
                ask_for_ticket(promise, tracker=tracker, by=person)
        assert ask_for_ticket(promise, tracker=tracker, by=people.manager)


@pytest.mark.parametrize("state", [PromiseState.DONE, PromiseState.VERIFIED, PromiseState.WONT_DO])
def test_what_is_not_to_be_done_gets_none(
    promise: Promise, people: People, state: PromiseState
) -> None:
    in_state(promise, state, finisher=people.colleague)
    with tracker_at(Jira(), by=people.admin), pytest.raises(StaleAnswer):
        want(promise, people)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_opens_it(promise: Promise, people: People) -> None:
    """The second comes while the first waits for the tracker."""
    jira, is_asked, go_on = Jira(), threading.Event(), threading.Event()

    def slow(method: str, path: str, body: Any) -> tuple[int, Any]:
        if method == "POST":
            is_asked.set()
            go_on.wait(5)
        return jira(method, path, body)

    def first() -> None:
        try:
            try_at(promise, 1)
        finally:
            connection.close()

    with pytest.MonkeyPatch.context() as patch, tracker_at(slow, by=people.admin):
        patch.setattr("coe.trackers.asking.SECONDS", 10.0)
        want(promise, people)
        worker = threading.Thread(target=first)
        worker.start()
        assert is_asked.wait(5)
        set_is_free(promise, people)
        try_at(promise, 1)
        go_on.set()
        worker.join()
    assert len(jira.opened) == 1
    assert fresh(promise).tracker.endswith("/browse/PRC-900")


def set_is_free(promise: Promise, people: People) -> None:
    """No row is held while the tracker is asked: everybody goes on."""
    with transaction.atomic():
        Promise.objects.select_for_update(nowait=True).get(pk=promise.pk)
        Tracker.objects.select_for_update(nowait=True).get()
        NewTicket.objects.select_for_update(nowait=True).get(promise=promise)

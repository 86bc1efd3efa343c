"""What becomes of a call: servers that answer, refuse, hang, drip, lie, are gone and come back."""

import socket
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import now
from pytest_django import Settings

from coe.documents.models import Document
from coe.integrations import sending
from coe.integrations.announcing import put_sending
from coe.integrations.models import Delivery, Webhook
from coe.integrations.sending import forget_old, send_next
from coe.integrations.services import (
    pause_webhook,
    remove_webhook,
    renew_secret,
    resume_webhook,
    send_again,
    send_sample,
)
from coe.jobs.kinds import Lane
from coe.jobs.models import Job
from coe.jobs.regular import put_regular_jobs
from coe.jobs.services import run_waiting_jobs
from coe.notices.events import Event, announce
from tests.integrations.hooks import bodies, heads, listen, states, work
from tests.integrations.serving import GOOD, Behaviour, Served, answers, drips, hangs, serving
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here_is_allowed")]

BAD = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
LIES = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok"
ELSEWHERE = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
State = Delivery.State


@pytest.fixture(autouse=True)
def calls_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.4)


@pytest.fixture
def gone() -> Served:
    """An address at which nobody answers, until somebody does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    return Served(address)


def happen(document: Document, people: People, times: int = 1) -> None:
    """Something that webhooks are told of, and what a worker does about it."""
    with transaction.atomic():
        for _ in range(times):
            announce(Event.COE_SUBMITTED, document=document, by=people.owner)
    work()


def send(webhook: Webhook, at: datetime | None = None) -> None:
    with transaction.atomic():
        send_next(Webhook.objects.get(pk=webhook.pk), as_of=at)


def answering(*each: bytes) -> Behaviour:
    """The first request gets the first answer, and so on; the last is for all that follow."""
    rest = list(each)

    def behave(line: socket.socket, served: Served) -> None:
        what = rest.pop(0) if len(rest) > 1 else rest[0]
        answers(what)(line, served)

    return behave


@pytest.mark.parametrize(
    ("behave", "status", "error"),
    [
        (answers(BAD), 500, "The server answered 500."),
        (answers(ELSEWHERE), 302, "The server leads elsewhere (302), and nobody is followed."),
        (hangs, None, "The server took too long."),
        (drips, None, "The server took too long."),
        (answers(LIES), None, "The answer broke off."),
        (answers(b"SSH-2.0\r\n"), None, "The server did not answer as a web server does."),
    ],
    ids=["refuses", "leads_elsewhere", "hangs", "drips", "lies", "is_no_web_server"],
)
def test_what_did_not_arrive_is_told_and_waits_to_be_sent_again(
    behave: Behaviour, status: int | None, error: str, document: Document, people: People
) -> None:
    with serving(behave) as served:
        webhook, _ = listen(served, by=people.admin)
        happen(document, people)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.error) == (State.WAITING, status, error)
    assert (delivery.tries, len(served.requests)) == (1, 1)
    assert timedelta(seconds=5) < delivery.due_at - now() <= timedelta(seconds=10)
    assert Webhook.objects.get(pk=webhook.pk).failing_since is not None
    assert Job.objects.filter(kind="send_to_webhook", state="waiting").exists()
    assert not Job.objects.filter(state="failed").exists()


def test_it_is_sent_again_under_the_same_identity_until_it_arrives(
    document: Document, people: People
) -> None:
    with serving(answering(BAD, BAD, GOOD)) as served:
        webhook, _ = listen(served, by=people.admin)
        happen(document, people)
        for minutes in (1, 5):
            send(webhook, now() + timedelta(minutes=minutes))
        send(webhook, now() + timedelta(days=1))
    assert len(served.requests) == 3
    assert len({head["coe-delivery"] for head in heads(served)}) == 1
    assert bodies(served)[0] == bodies(served)[1] == bodies(served)[2]
    stamps = [int(head["coe-timestamp"]) for head in heads(served)]
    assert stamps == sorted(set(stamps)), "each call is signed for its own moment"
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.error) == (State.SENT, 3, "")
    assert Webhook.objects.get(pk=webhook.pk).failing_since is None


def test_no_event_is_lost_while_a_server_is_gone(
    document: Document, people: People, gone: Served
) -> None:
    webhook, _ = listen(gone, by=people.admin)
    happen(document, people, times=5)
    assert states(webhook) == ["waiting"] * 5
    port = int(gone.address.rpartition(":")[2])
    with serving(answers(GOOD), port=port) as served:
        at = now() + timedelta(minutes=1)
        Webhook.objects.update(quiet_until=None)
        for _ in range(6):
            send(webhook, at)
    assert states(webhook) == ["sent"] * 5
    uids = list(Delivery.objects.order_by("pk").values_list("uid", flat=True))
    assert sorted(each["id"] for each in bodies(served)) == sorted(map(str, uids))


def test_what_waits_is_sent_although_the_job_that_sends_it_failed_for_good(
    document: Document, people: People
) -> None:
    with serving(answers(GOOD)) as served:
        webhook, _ = listen(served, by=people.admin)
        with transaction.atomic():
            announce(Event.COE_SUBMITTED, document=document, by=people.owner)
        run_waiting_jobs(lane=Lane.DATABASE)
        sending_job = Job.objects.filter(kind="send_to_webhook")
        assert sending_job.update(state=Job.State.FAILED, ended_at=now()) == 1
        for _ in range(2):
            put_regular_jobs(as_of=now())
            run_waiting_jobs(as_of=now() + timedelta(hours=1))
    assert states(webhook) == ["sent"]
    assert len(served.requests) == 1


def test_a_server_that_hangs_is_left_alone_with_all_that_waits_for_it(
    document: Document, people: People
) -> None:
    """However much it is owed, it costs one call, and the others get theirs."""
    with serving(hangs) as hung, serving(answers(GOOD)) as well:
        listen(hung, by=people.admin)
        listen(well, by=people.admin)
        begun = time.monotonic()
        happen(document, people, times=20)
        taken = time.monotonic() - begun
    assert len(well.requests) == 20
    assert len(hung.requests) == 1
    assert taken < 10


def test_what_one_is_owed_for_long_holds_up_no_other(people: People) -> None:
    with serving(answers(GOOD)) as served:
        for name, owed in (("Owed much", 5), ("Owed little", 1)):
            webhook, _ = listen(served, by=people.admin, name=name)
            for _ in range(owed):
                Delivery.objects.create(webhook=webhook, event=name, body="{}")
            with transaction.atomic():
                put_sending(webhook)
        work()
    told = [head["coe-event"] for head in heads(served)]
    assert len(told) == 6
    assert told.index("Owed little") < 3


def test_what_a_server_refuses_waits_alone_and_the_next_is_sent(
    document: Document, people: People
) -> None:
    with serving(answering(BAD, GOOD)) as served:
        webhook, _ = listen(served, by=people.admin)
        happen(document, people, times=3)
    assert states(webhook) == ["waiting", "sent", "sent"]


def test_pages_and_saves_wait_for_no_server(document: Document, people: People) -> None:
    """What happens is written down and answered; only the worker calls."""
    with serving(hangs) as served:
        listen(served, by=people.admin)
        client = Client()
        client.force_login(people.admin)
        begun = time.monotonic()
        with transaction.atomic():
            announce(Event.COE_SUBMITTED, document=document, by=people.owner)
        assert client.get("/administration/webhooks/").status_code == 200
        assert time.monotonic() - begun < 2
        assert served.requests == []


def test_after_a_day_of_failures_it_is_paused_and_administrators_are_told(
    document: Document, people: People
) -> None:
    begun = now()
    with serving(answers(BAD)) as served:
        webhook, _ = listen(served, by=people.admin, name="Status page")
        happen(document, people, times=2)
        at = begun
        while not Webhook.objects.get(pk=webhook.pk).paused_at:
            at += timedelta(hours=1)
            assert at - begun < timedelta(hours=30)
            for _ in range(2):
                send(webhook, at)
        asked = len(served.requests)
        happen(document, people)
        send(webhook, at + timedelta(days=2))
        assert len(served.requests) == asked, "nobody is called while it is paused"
    assert timedelta(days=1) <= at - begun <= timedelta(hours=26)
    (told,) = mail.outbox
    assert told.to == ["admin@example.org"]
    assert told.subject == "A webhook is paused: Status page"
    assert f"/administration/webhooks/{webhook.pk}/" in str(told.body)
    with serving(answers(GOOD), port=int(served.address.rpartition(":")[2])) as served:
        resume_webhook(webhook=webhook, by=people.admin)
        work()
    assert states(webhook) == ["sent"] * 3, "nothing was lost meanwhile"


def test_one_success_begins_the_day_anew(document: Document, people: People) -> None:
    with serving(answering(BAD, GOOD, BAD)) as served:
        webhook, _ = listen(served, by=people.admin)
        happen(document, people)
        send(webhook, now() + timedelta(hours=23))
        happen(document, people)
        send(webhook, now() + timedelta(hours=23))
    assert len(served.requests) == 4
    assert Webhook.objects.get(pk=webhook.pk).paused_at is None


def test_what_is_refused_for_a_day_while_the_rest_arrives_is_given_up(
    document: Document, people: People
) -> None:
    with serving(answers(BAD)) as served:
        webhook, _ = listen(served, by=people.admin)
        happen(document, people)
        Delivery.objects.update(tries=17, due_at=now())
        send(webhook)
        assert states(webhook) == ["failed"]
        assert send_again(Delivery.objects.all(), by=people.admin) == 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.ended_at) == (State.WAITING, 0, None)


def test_a_worker_that_dies_after_the_call_sends_it_again_as_the_same(
    document: Document, people: People
) -> None:
    with serving(answers(GOOD)) as served:
        webhook, _ = listen(served, by=people.admin)
        pause_webhook(webhook=webhook, by=people.admin)
        happen(document, people)
        Webhook.objects.update(paused_at=None)
        with transaction.atomic():
            send_next(Webhook.objects.get())
            transaction.set_rollback(True)
        assert states(webhook) == ["waiting"]
        send(webhook)
        send(webhook)
    assert states(webhook) == ["sent"]
    first, second = heads(served)
    assert first["coe-delivery"] == second["coe-delivery"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_call_one_webhook_at_once(document: Document, people: People) -> None:
    """The other comes back later, and loses nothing by that."""
    with serving(answers(GOOD)) as served:
        webhook, _ = listen(served, by=people.admin)
        Delivery.objects.create(webhook=webhook, event="test", body="{}")
        with connection.copy().cursor() as other:
            other.execute("BEGIN")
            other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [sending.LOCKS, webhook.pk])
            send(webhook)
            other.execute("ROLLBACK")
            other.connection.close()
        assert served.requests == []
        later = Job.objects.get(kind="send_to_webhook", state="waiting")
        run_waiting_jobs(as_of=later.due_at)
    assert len(served.requests) == 1


def test_what_is_inside_the_network_is_not_called(
    document: Document, people: People, settings: Settings
) -> None:
    with serving(answers(GOOD)) as served:
        listen(served, by=people.admin)
        settings.ALLOWED_NETWORKS = ()
        happen(document, people)
    assert served.requests == []
    assert "inside the network" in Delivery.objects.get().error


def test_a_new_secret_signs_the_next_call(document: Document, people: People) -> None:
    with serving(answers(GOOD)) as served:
        webhook, first = listen(served, by=people.admin)
        happen(document, people)
        second = renew_secret(webhook=webhook, by=people.admin)
        happen(document, people)
    assert first != second
    assert len({head["coe-signature"] for head in heads(served)}) == 2
    for stored in (webhook.sealed_secret, webhook.sealed_address):
        assert first not in stored
        assert served.address not in stored


def test_another_key_of_the_installation_calls_nobody_and_says_so(
    document: Document, people: People, settings: Settings
) -> None:
    with serving(answers(GOOD)) as served:
        listen(served, by=people.admin)
        settings.SECRET_KEY = "another"
        happen(document, people)
    assert served.requests == []
    assert "COE_SECRET_KEY" in Delivery.objects.get().error


def test_what_is_removed_is_told_nothing_more(document: Document, people: People) -> None:
    with serving(answers(GOOD)) as served:
        webhook, _ = listen(served, by=people.admin)
        with transaction.atomic():
            announce(Event.COE_SUBMITTED, document=document, by=people.owner)
        remove_webhook(webhook=webhook, by=people.admin)
        work()
    assert served.requests == []
    assert not Delivery.objects.exists()


def test_a_test_says_nothing_and_arrives(people: People) -> None:
    with serving(answers(GOOD)) as served:
        webhook, _ = listen(served, by=people.admin)
        made = send_sample(webhook=webhook, by=people.admin)
        work()
    ((body,), (head,)) = bodies(served), heads(served)
    assert set(body) == {"id", "event", "at"}
    assert (body["id"], body["event"], head["coe-event"]) == (str(made.uid), "test", "test")


def test_what_is_a_month_old_is_forgotten(document: Document, people: People) -> None:
    with serving(answers(GOOD)) as served:
        listen(served, by=people.admin)
        happen(document, people, times=2)
    first = Delivery.objects.earliest("pk")
    old: dict[str, Any] = {"made_at": now() - timedelta(days=31)}
    Delivery.objects.filter(pk=first.pk).update(**old)
    assert forget_old(as_of=now())
    assert Delivery.objects.get().pk != first.pk
    assert not forget_old(as_of=now() + timedelta(days=31))

"""The real worker, killed at every bad moment: nothing is lost, and nothing is there twice."""

import signal
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from coe.accounts.mail import put_invitation
from coe.accounts.models import Team
from coe.jobs.models import Heartbeat, Job
from coe.jobs.services import LOST, MOST_LOST, put_job
from tests.accounts.conftest import make_invited
from tests.jobs.mail_server import MailServer, mail_server
from tests.jobs.workers import (
    NewWorker,
    Worker,
    at_gate,
    closed_gate,
    kill,
    kinds,
    new_worker,
    wait_until,
)

__all__ = ["kinds", "new_worker"]

pytestmark = pytest.mark.django_db(transaction=True)

State = Job.State


def put_team(name: str, **payload: str) -> None:
    with transaction.atomic():
        put_job("add_team", payload={"name": name, **payload})


def let_it_be_tried_again() -> None:
    """Without the pause of ten seconds."""
    Job.objects.filter(state=State.WAITING).update(due_at=Now())


def is_all_done() -> bool:
    return not Job.objects.exclude(state=State.DONE).exists()


def has_teams(least: int) -> bool:
    return Team.objects.count() >= least


def teams() -> list[str]:
    return sorted(Team.objects.values_list("name", flat=True))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_before_or_after_its_effect_a_job_is_done_once(
    new_worker: NewWorker, moment: str
) -> None:
    put_team("Search", waits=moment)
    with closed_gate():
        worker = new_worker()
        wait_until(at_gate)
        kill(worker)
        job = Job.objects.get()
        assert (job.state, job.tries, job.lost) == (State.WAITING, 1, 1)
        assert teams() == []
    let_it_be_tried_again()
    new_worker()
    wait_until(is_all_done)
    assert teams() == ["Search"]
    assert Job.objects.get().tries == 2


def test_a_worker_that_is_killed_again_and_again_does_everything_once(
    new_worker: NewWorker,
) -> None:
    names = [f"Team {number:03}" for number in range(120)]
    for name in names:
        put_team(name)
    kill(new_worker())  # at its very start
    for so_far in (1, 40, 80):
        worker = new_worker()
        wait_until(partial(has_teams, so_far))
        kill(worker)
        let_it_be_tried_again()
    new_worker()
    wait_until(is_all_done)
    assert teams() == names


def test_two_workers_at_once_do_everything_once(new_worker: NewWorker) -> None:
    names = [f"Team {number:03}" for number in range(120)]
    with closed_gate():
        put_team("A gate", waits="before")
        put_team("Another gate", waits="before")
        both = [new_worker("--once"), new_worker("--once")]
        wait_until(lambda: len(at_gate()) == 2)
        for name in names:
            put_team(name)
    assert [worker.wait(60) for worker in both] == [0, 0]
    assert teams() == ["A gate", "Another gate", *names]
    assert set(Job.objects.values_list("state", "tries")) == {(State.DONE, 1)}


def test_a_job_that_kills_its_worker_is_given_up_and_the_others_are_done(
    new_worker: NewWorker,
) -> None:
    with transaction.atomic():
        put_job("poison", payload={})
    put_team("Search")
    assert new_worker().wait(60) == -signal.SIGKILL
    poison = Job.objects.get(kind="poison")
    assert (poison.state, poison.tries, poison.lost) == (State.WAITING, 1, 1)
    Job.objects.filter(kind="poison").update(lost=MOST_LOST, due_at=Now())
    new_worker()
    wait_until(lambda: not Job.objects.filter(state=State.WAITING).exists())
    poison.refresh_from_db()
    assert (poison.state, poison.error) == (State.FAILED, LOST)
    assert teams() == ["Search"]


def test_a_worker_whose_connection_is_cut_lives_and_goes_on(new_worker: NewWorker) -> None:
    put_team("Search", waits="after")
    with closed_gate():
        worker = new_worker()
        wait_until(at_gate)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(unnest(%s))", [at_gate()])
        wait_until(lambda: not at_gate())
    let_it_be_tried_again()
    wait_until(is_all_done)
    assert teams() == ["Search"]
    assert worker.poll() is None


def test_a_worker_that_is_told_to_end_finishes_what_it_does_and_says_goodbye(
    new_worker: NewWorker,
) -> None:
    put_team("Search", waits="after")
    put_team("Payments")
    with closed_gate():
        worker = new_worker()
        wait_until(at_gate)
        wait_until(Heartbeat.objects.exists)
        worker.terminate()
        wait_until(lambda: not Heartbeat.objects.exists())
    assert worker.wait(30) == 0
    assert teams() == ["Search"]
    assert Job.objects.get(state=State.WAITING).payload["name"] == "Payments"


# Mail, whose effect is elsewhere


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def worker_of_mail(new_worker: NewWorker, server: MailServer) -> Worker:
    return new_worker(COE_EMAIL_URL=f"smtp+plain://127.0.0.1:{server.port}")


def kill_at(word: str, new_worker: NewWorker, server: MailServer) -> None:
    """Have a mail sent by a worker that is killed when the server has got this command."""
    ada = make_invited("Ada")
    with transaction.atomic():
        put_invitation(ada, by=ada)
    workers: list[Worker] = []
    server.before[word] = lambda: kill(workers[0])
    workers.append(worker_of_mail(new_worker, server))
    workers[0].wait(60)
    server.before.clear()


def test_killed_before_the_server_has_the_mail_it_is_sent_once(
    new_worker: NewWorker, server: MailServer
) -> None:
    kill_at("DATA", new_worker, server)
    assert server.mails == []
    let_it_be_tried_again()
    worker_of_mail(new_worker, server)
    wait_until(is_all_done)
    assert len(server.mails) == 1


def test_killed_after_it_is_noted_that_the_server_has_it_it_is_sent_once(
    new_worker: NewWorker, server: MailServer
) -> None:
    kill_at("QUIT", new_worker, server)
    assert is_all_done()
    assert len(server.mails) == 1


def test_killed_in_the_window_between_the_same_mail_is_sent_again(
    new_worker: NewWorker, server: MailServer
) -> None:
    kill_at("END", new_worker, server)
    let_it_be_tried_again()
    worker_of_mail(new_worker, server)
    wait_until(is_all_done)
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]

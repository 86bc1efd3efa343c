"""What is put is done once it is committed: once, later, or kept with what was wrong."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils.timezone import now

from coe.jobs.kinds import KINDS, Hopeless, Lane, TryAgain, job
from coe.jobs.models import Job
from coe.jobs.services import MOST_TRIES, pause_after, put_job, run_waiting_jobs
from coe.jobs.worker import tidy_up

pytestmark = pytest.mark.django_db

State = Job.State


@pytest.fixture
def done() -> Iterator[list[Any]]:
    """What jobs of the kinds `note`, `away`, `hopeless` and `faulty` were done with."""
    noted: list[Any] = []

    @job("note")
    def note(payload: dict[str, Any]) -> None:
        noted.append(payload["said"])

    @job("away")
    def away(payload: dict[str, Any]) -> None:
        noted.append("away")
        raise TryAgain("The server is away.")

    @job("hopeless")
    def hopeless(payload: dict[str, Any]) -> None:
        raise Hopeless("Nobody has this address.")

    @job("faulty")
    def faulty(payload: dict[str, Any]) -> None:
        Job.objects.filter(kind="note").delete()
        raise ValueError("a secret")

    yield noted
    for name in ("note", "away", "hopeless", "faulty"):
        del KINDS[name]


def test_what_waits_is_done_in_its_order_and_once(done: list[Any]) -> None:
    put_job("note", payload={"said": "one"})
    put_job("note", payload={"said": "two"})
    assert run_waiting_jobs() == 2
    assert run_waiting_jobs() == 0
    assert done == ["one", "two"]
    assert {(each.state, each.tries, each.error) for each in Job.objects.all()} == {
        (State.DONE, 1, "")
    }


def test_what_is_rolled_back_is_never_done(done: list[Any]) -> None:
    with transaction.atomic():
        put_job("note", payload={"said": "never"})
        transaction.set_rollback(True)
    assert run_waiting_jobs() == 0


def test_one_key_is_done_once_in_a_transaction(done: list[Any]) -> None:
    for _ in range(3):
        put_job("note", payload={"said": "7"}, key="7")
    put_job("note", payload={"said": "8"}, key="8")
    assert Job.objects.count() == 2
    run_waiting_jobs()
    assert done == ["7", "8"]


def test_one_key_of_many_transactions_is_done_once(done: list[Any]) -> None:
    for _ in range(3):
        put_job("note", payload={"said": "7"}, key="7")
        Job.objects.update(put_in=None)
    assert Job.objects.count() == 3
    run_waiting_jobs()
    assert done == ["7"]


def test_what_was_done_before_is_done_again(done: list[Any]) -> None:
    for _ in range(2):
        put_job("note", payload={"said": "7"}, key="7")
        run_waiting_jobs()
    assert done == ["7", "7"]


def test_nothing_is_done_before_its_time(done: list[Any]) -> None:
    tomorrow = now() + timedelta(days=1)
    put_job("note", payload={"said": "later"}, not_before=tomorrow)
    assert run_waiting_jobs() == 0
    assert run_waiting_jobs(as_of=tomorrow) == 1
    assert done == ["later"]


def test_what_fails_is_tried_again_after_a_longer_pause_each_time(done: list[Any]) -> None:
    put_job("away", payload={})
    started = now()
    for tries in (1, 2, 3):
        moment = Job.objects.get().due_at
        assert run_waiting_jobs(as_of=moment) == 1
        job = Job.objects.get()
        assert (job.state, job.tries, job.error) == (State.WAITING, tries, "The server is away.")
        assert job.due_at - moment == (timedelta(seconds=10) * 3 ** (tries - 1))
    assert run_waiting_jobs(as_of=started) == 0


def test_the_pauses_grow_to_two_hours_and_last_about_a_day_in_all() -> None:
    pauses = [pause_after(tries) for tries in range(1, MOST_TRIES)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=10), timedelta(hours=2))
    assert timedelta(hours=20) < sum(pauses, timedelta()) < timedelta(hours=30)


def test_after_the_last_try_it_is_kept_as_failed(done: list[Any]) -> None:
    put_job("away", payload={})
    Job.objects.update(tries=MOST_TRIES - 1)
    run_waiting_jobs()
    job = Job.objects.get()
    assert (job.state, job.error) == (State.FAILED, "The server is away.")
    assert job.ended_at is not None
    assert run_waiting_jobs(as_of=now() + timedelta(days=9)) == 0


def test_what_is_hopeless_is_tried_once(done: list[Any]) -> None:
    put_job("hopeless", payload={})
    run_waiting_jobs()
    job = Job.objects.get()
    assert (job.state, job.tries, job.error) == (State.FAILED, 1, "Nobody has this address.")


def test_a_fault_undoes_what_the_job_wrote_and_tells_administrators_no_details(
    done: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    put_job("faulty", payload={})
    put_job("note", payload={"said": "still here"})
    run_waiting_jobs()
    assert done == ["still here"]
    job = Job.objects.get(kind="faulty")
    assert job.state == State.WAITING
    assert job.error == (
        "Something unexpected went wrong (ValueError). The log of the worker has the details."
    )
    assert "a secret" in caplog.text


def test_a_job_of_a_kind_that_only_another_release_knows_is_left_to_it(done: list[Any]) -> None:
    Job.objects.create(kind="of_tomorrow")
    assert run_waiting_jobs() == 0
    assert Job.objects.get().tries == 0


def test_lanes_are_done_apart(done: list[Any]) -> None:
    put_job("note", payload={"said": "one"})
    assert run_waiting_jobs(lane=Lane.MAIL) == 0
    assert run_waiting_jobs(lane=Lane.DATABASE) == 1


def test_a_trigger_puts_a_job_as_a_service_does(done: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("""SELECT coe_put_job('note', '{"said": "from below"}', '7')""")
    put_job("note", payload={"said": "from below"}, key="7")
    run_waiting_jobs()
    assert done == ["from below"]


def test_what_is_done_or_failed_long_ago_is_deleted_and_what_waits_never() -> None:
    for state, ended_at in (
        (State.DONE, now() - timedelta(minutes=61)),
        (State.DONE, now() - timedelta(minutes=59)),
        (State.FAILED, now() - timedelta(days=91)),
        (State.FAILED, now() - timedelta(days=89)),
    ):
        Job.objects.create(kind="note", state=state, ended_at=ended_at)
    Job.objects.create(kind="note", put_at=now() - timedelta(days=999))
    tidy_up()
    assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == [
        State.DONE,
        State.FAILED,
        State.WAITING,
    ]

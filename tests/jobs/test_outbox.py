"""What is put is done once it is committed: once, later, or kept with what was wrong."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.timezone import now

from coe.jobs.kinds import KINDS, Hopeless, TryAgain, job
from coe.jobs.models import Job
from coe.jobs.services import put_job, run_waiting_jobs

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
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put_job("note", payload={"said": "never"})
        _ = 1 / 0
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

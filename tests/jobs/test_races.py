"""Two at once: what is put while a job runs is not lost, and a slow worker does nothing twice."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

from coe.accounts.models import Team
from coe.jobs import worker
from coe.jobs.kinds import KINDS, job
from coe.jobs.models import Job
from coe.jobs.services import put_job, run_waiting_jobs, take_job, try_job

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")


@pytest.fixture
def seen() -> Iterator[list[int]]:
    """How many teams each job of the kind `count_teams` saw."""
    counts: list[int] = []

    @job("count_teams")
    def count_teams(payload: dict[str, Any]) -> None:
        counts.append(Team.objects.count())

    yield counts
    del KINDS["count_teams"]


def elsewhere(work: Callable[[], T]) -> T:
    """Done by somebody with a connection of their own."""

    def close_after() -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(close_after).result(timeout=60)


def put() -> None:
    with transaction.atomic():
        put_job("count_teams", payload={}, key="all")


def test_a_job_is_put_in_the_transaction_that_causes_it(seen: list[int]) -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        put_job("count_teams", payload={})


def test_a_kind_that_nobody_knows_is_refused_where_it_is_put() -> None:
    with transaction.atomic(), pytest.raises(LookupError):
        put_job("count_tems", payload={})


def test_what_is_committed_after_a_job_of_its_key_ran_is_seen_by_another(seen: list[int]) -> None:
    put()
    with transaction.atomic():
        Team.objects.create(name="Search")
        put_job("count_teams", payload={}, key="all")
        assert elsewhere(run_waiting_jobs) == 1
    assert run_waiting_jobs() == 1
    assert seen == [0, 1]


def test_what_is_put_while_a_job_of_its_key_runs_is_done_after_it(seen: list[int]) -> None:
    put()
    taken = take_job(["count_teams"])
    assert taken is not None
    put()
    assert elsewhere(run_waiting_jobs) == 1
    try_job(taken)
    assert seen == [0, 0]
    assert run_waiting_jobs() == 0


def test_nobody_waits_for_another_who_puts_a_job_of_the_same_key(seen: list[int]) -> None:
    with transaction.atomic():
        put_job("count_teams", payload={}, key="all")
        elsewhere(put)
    assert run_waiting_jobs() == 1


def test_who_was_too_slow_leaves_it_to_who_took_it_after_them(seen: list[int]) -> None:
    put()
    slow = take_job(["count_teams"])
    assert slow is not None
    later = Job.objects.get().due_at
    quick = take_job(["count_teams"], as_of=later)
    assert quick is not None
    try_job(slow)
    assert seen == []
    try_job(quick)
    assert seen == [0]
    try_job(slow)
    assert seen == [0]


def test_a_worker_gives_itself_up_over_a_job_that_hangs(
    seen: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, stop = Event(), Event()

    def hang(payload: dict[str, Any]) -> None:
        goes_on.wait(60)

    KINDS["count_teams"] = replace(KINDS["count_teams"], run=hang)
    monkeypatch.setattr(worker, "LONGEST_SECONDS", 0.2)
    monkeypatch.setattr(worker, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(worker, "FINISHING_SECONDS", 0.1)
    put()
    assert worker.run_worker(stop) == worker.HUNG
    goes_on.set()
    for thread in threading.enumerate():
        if isinstance(thread, worker.LaneThread):
            thread.join(60)


def test_what_somebody_holds_is_taken_by_nobody_else(seen: list[int]) -> None:
    put()
    job = Job.objects.get()
    with transaction.atomic():
        Job.objects.select_for_update().get(pk=job.pk)
        assert elsewhere(lambda: take_job(["count_teams"])) is None
    assert take_job(["count_teams"]) == job

"""What is done every so often waits for its next time, once, whatever became of the time before."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from coe.jobs.kinds import KINDS, job
from coe.jobs.models import Job
from coe.jobs.regular import next_time, put_regular_jobs
from coe.jobs.services import run_waiting_jobs
from tests.documents.rivals import at_once
from tests.jobs.workers import kinds

__all__ = ["kinds"]

AT = datetime.fromisoformat("2100-01-01T10:20Z")
HOUR = timedelta(hours=1)


@pytest.fixture
def done(kinds: None) -> list[str]:
    found: list[str] = []

    @job("chime", every=HOUR)
    def chime(payload: dict[str, Any]) -> None:
        found.append("ding")

    return found


def waiting() -> list[str]:
    found = Job.objects.filter(kind="chime", state=Job.State.WAITING)
    return [f"{due_at:%H:%M}" for due_at in found.values_list("due_at", flat=True)]


@pytest.mark.django_db
def test_it_waits_for_the_next_full_hour_once(done: list[str]) -> None:
    for _ in range(3):
        put_regular_jobs(as_of=AT)
    assert waiting() == ["11:00"]


@pytest.mark.django_db
def test_when_it_was_done_it_is_put_again(done: list[str]) -> None:
    put_regular_jobs(as_of=AT)
    run_waiting_jobs(as_of=AT + HOUR)
    assert (done, waiting()) == (["ding"], [])
    put_regular_jobs(as_of=AT + HOUR)
    assert waiting() == ["12:00"]


@pytest.mark.django_db
def test_what_failed_for_good_does_not_end_it(done: list[str]) -> None:
    Job.objects.create(kind="chime", key="regular", state=Job.State.FAILED, ended_at=AT)
    put_regular_jobs(as_of=AT)
    assert waiting() == ["11:00"]


@pytest.mark.django_db(transaction=True)
def test_what_two_workers_put_is_done_as_one(done: list[str]) -> None:
    at_once(*[lambda: put_regular_jobs(as_of=AT)] * 2)
    run_waiting_jobs(as_of=AT + HOUR)
    assert (done, waiting()) == (["ding"], [])


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        (HOUR, "2100-01-01T11:00Z"),
        (timedelta(minutes=10), "2100-01-01T10:30Z"),
        (timedelta(days=1), "2100-01-02T00:00Z"),
    ],
)
def test_the_next_time_is_a_full_one(every: timedelta, expected: str) -> None:
    assert next_time(AT, every) == datetime.fromisoformat(expected)
    assert next_time(datetime.fromisoformat(expected), every) > datetime.fromisoformat(expected)


def test_the_product_looks_every_hour_whom_to_remind() -> None:
    assert KINDS["send_reminders"].every == HOUR

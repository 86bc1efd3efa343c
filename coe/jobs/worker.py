"""The worker: a thread for each lane that does what waits, and one that tells that it lives."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models.functions import Now
from django.utils.timezone import now

from coe.jobs.kinds import Lane, kinds_of
from coe.jobs.models import Heartbeat, Job
from coe.jobs.regular import put_regular_jobs
from coe.jobs.services import take_job, try_job

logger = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
OUTAGE_SECONDS: Final = 5.0
BEAT_SECONDS: Final = 5.0
LONGEST_SECONDS: Final = 300.0
"""A job that takes longer hangs: the worker gives itself up, and its job is tried by the next."""
FINISHING_SECONDS: Final = 8.0
"""How long a worker that is to end may finish what it is doing; what takes longer is done anew."""
DONE_KEPT: Final = timedelta(hours=1)
"""Nothing asks for it any more; and whoever asks for new passwords without end fills no disk."""
FAILED_KEPT: Final = timedelta(days=90)
BEATS_KEPT: Final = timedelta(days=1)
TIDY_SECONDS: Final = 600.0

HUNG = 70
"""What a worker ends with when it gave itself up."""


class LaneThread(threading.Thread):
    """Does the jobs of one lane, one after the other, until `stop` is set."""

    def __init__(self, lane: Lane, stop: threading.Event) -> None:
        super().__init__(name=f"jobs of the lane {lane}", daemon=True)
        self.kinds = kinds_of(lane)
        self.stop = stop
        self.busy_since: float | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.stop.wait(self._look())
        finally:
            connection.close()

    def is_hung(self) -> bool:
        since = self.busy_since
        return since is not None and time.monotonic() - since > LONGEST_SECONDS

    def _look(self) -> float:
        """Do what waits; how long to rest then."""
        with _outages_told("The outbox cannot be read"):
            close_old_connections()
            while not self.stop.is_set() and (job := take_job(self.kinds)):
                self._do(job)
            return LOOK_SECONDS
        return OUTAGE_SECONDS

    def _do(self, job: Job) -> None:
        self.busy_since = time.monotonic()
        try:
            try_job(job)
        finally:
            self.busy_since = None


def run_worker(stop: threading.Event) -> int:
    """Do what waits until `stop` is set, and return the code to end with.

    Any number of workers may run. While the database is away it is waited for.
    """
    lanes = [LaneThread(lane, stop) for lane in Lane]
    for lane in lanes:
        lane.start()
    code = _watch(lanes, stop, uuid4())
    stop.set()
    until = time.monotonic() + FINISHING_SECONDS
    for lane in lanes:
        lane.join(max(until - time.monotonic(), 0))
    return code


def _watch(lanes: list[LaneThread], stop: threading.Event, uid: UUID) -> int:
    """Tell that we live as long as every lane does; the code to end with."""
    tidy_at = time.monotonic()
    while not any(lane.is_hung() or not lane.is_alive() for lane in lanes):
        with _outages_told("The heartbeat cannot be written"):
            beat(uid)
            if time.monotonic() >= tidy_at:
                tidy_up()
                put_regular_jobs(as_of=now())
                tidy_at = time.monotonic() + TIDY_SECONDS
        if stop.wait(BEAT_SECONDS):
            with _outages_told("The heartbeat cannot be taken back"):
                Heartbeat.objects.filter(pk=uid).delete()
            return 0
    logger.critical("A job hangs or has ended its lane, so the worker ends.")
    return HUNG


@contextmanager
def _outages_told(what: str) -> Iterator[None]:
    """Go on without the database: it is tried again."""
    try:
        yield
    except (OperationalError, InterfaceError):
        logger.exception(what)
        connection.close()


def beat(uid: UUID) -> None:
    """Say that the worker of this identity lives."""
    close_old_connections()
    Heartbeat.objects.update_or_create(uid=uid, defaults={"beat_at": Now()})


def tidy_up() -> None:
    """Delete what is done for an hour, what failed three months ago, and old heartbeats."""
    done = Job.objects.filter(state=Job.State.DONE, ended_at__lt=Now() - DONE_KEPT)
    failed = Job.objects.filter(state=Job.State.FAILED, ended_at__lt=Now() - FAILED_KEPT)
    for old in (done, failed, Heartbeat.objects.filter(beat_at__lt=Now() - BEATS_KEPT)):
        old.delete()

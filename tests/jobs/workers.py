"""Real workers on the database of the test, and what is waited for of them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import pytest
from django.conf import settings
from django.db import connection

from coe.database import embedded
from coe.jobs.kinds import KINDS
from tests.jobs.kinds_of_tests import GATE, register
from tests.templates import address_of

PATIENCE_SECONDS = 60.0
Worker = subprocess.Popen[bytes]
NewWorker = Callable[..., Worker]


@pytest.fixture
def kinds() -> Iterator[None]:
    known = set(KINDS)
    register()
    yield
    for name in set(KINDS) - known:
        del KINDS[name]


@pytest.fixture
def new_worker(kinds: None) -> Iterator[NewWorker]:
    """Starts workers, processes of their own; whatever is left of them afterwards is killed."""
    started: list[Worker] = []
    conninfo = os.environ.get("DATABASE_URL") or embedded.address(settings.BASE_DIR)
    address = address_of(conninfo, connection.settings_dict["NAME"])

    def start(*arguments: str, **environment: str) -> Worker:
        command = [sys.executable, "-m", "tests.jobs.kinds_of_tests", "run_worker", *arguments]
        environment = {**os.environ, "DATABASE_URL": address, **environment}
        started.append(subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment))
        return started[-1]

    yield start
    for each in started:
        kill(each)


def kill(worker: Worker) -> None:
    """Without any chance to do anything more."""
    worker.kill()
    worker.wait()


def wait_until(happens: Callable[[], object]) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not happens():
        assert monotonic() < deadline, "it never happened"
        sleep(0.02)


@contextmanager
def closed_gate() -> Iterator[None]:
    """Jobs wait at the gate meanwhile (`tests.jobs.kinds_of_tests`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])


AT_GATE = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE 'SELECT pg_try_advisory_xact_lock_shared%'"""


def at_gate() -> list[int]:
    """The processes of the database whose clients wait at the gate."""
    with connection.cursor() as cursor:
        cursor.execute(AT_GATE)
        return [number for (number,) in cursor.fetchall()]

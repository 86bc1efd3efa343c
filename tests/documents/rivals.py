"""Two people at once: work in threads that have database connections of their own."""

from collections.abc import Callable
from threading import Barrier, Event, Thread
from time import monotonic

from django.db import connection, connections

PATIENCE = 20.0
"""Seconds after which a test that waits is wrong, whatever the machine is doing."""
HELD_UP_BY_US = """SELECT pg_backend_pid() = ANY(pg_blocking_pids(%(process)s)) OR EXISTS (
    SELECT FROM unnest(pg_blocking_pids(%(process)s)) AS ahead
    WHERE pg_backend_pid() = ANY(pg_blocking_pids(ahead)))"""


class Rival:
    """Somebody else, who starts `work` at once (or at the `start` barrier) and can be watched."""

    def __init__(self, work: Callable[[], object], *, start: Barrier | None = None) -> None:
        self.error: Exception | None = None
        self.result: object = None
        self._work, self._start = work, start
        self._process = 0
        self._connected, self._done = Event(), Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{PATIENCE:.0f}s'")
                cursor.execute("SELECT pg_backend_pid()")
                (self._process,) = cursor.fetchone()
            self._connected.set()
            if self._start:
                self._start.wait(PATIENCE)
            self.result = self._work()
        except Exception as error:
            self.error = error
        finally:
            connections.close_all()
            self._connected.set()
            self._done.set()

    def is_held_up(self) -> bool:
        """Watch until the work is done or waits for a lock of ours; tell whether it waits.

        Also behind somebody who waits for it.
        """
        assert self._connected.wait(PATIENCE)
        deadline = monotonic() + PATIENCE
        while not self._done.wait(0.01):
            with connection.cursor() as cursor:
                cursor.execute(HELD_UP_BY_US, {"process": self._process})
                (waits,) = cursor.fetchone()
            if waits:
                return True
            assert monotonic() < deadline, "neither done nor waiting for us"
        return False

    def finish(self) -> object:
        """What the work returned; raises what it raised."""
        self.wait()
        if self.error:
            raise self.error
        return self.result

    def wait(self) -> None:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the rival never came to an end"


def at_once(*works: Callable[[], object]) -> list[Rival]:
    """Let every one of `works` begin at the same moment, and return them when all have ended."""
    start = Barrier(len(works))
    rivals = [Rival(work, start=start) for work in works]
    for rival in rivals:
        rival.wait()
    return rivals


def kinds_of_errors(rivals: list[Rival]) -> list[str]:
    """What went wrong for whom, by the name of the exception, in alphabetical order."""
    return sorted(type(rival.error).__name__ for rival in rivals if rival.error)

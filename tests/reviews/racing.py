"""Two people at once: threads with connections of their own, met at a lock and not by luck."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import connection, connections, transaction

from coe.documents.locks import lock_whole
from coe.documents.models import Document

PATIENCE = 10
WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""


class Racer:
    """Something that somebody does in a thread of its own; what came of it is kept."""

    def __init__(self, deed: Callable[[], object]) -> None:
        self.error: BaseException | None = None
        self._deed = deed
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._deed()
        except Exception as error:  # whatever was raised is what the test asks about
            self.error = error
        finally:
            connections.close_all()

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def join(self) -> None:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "still waiting: the two wait for each other"


def wait_until_waiting(*racers: Racer) -> None:
    """Return once all `racers` wait for a lock in this database."""
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees one only
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= len(racers):
                return
            assert not any(racer.is_over for racer in racers), "did not wait for the other"
            Event().wait(0.01)
    raise AssertionError(f"{len(racers)} never waited at once")


@contextmanager
def held_back(document: Document) -> Iterator[None]:
    """Keep the document to oneself, so that everybody else arrives and waits at the same lock."""
    with transaction.atomic():
        lock_whole(document)
        yield


def overtaken(first: Callable[[], object], then: Callable[[], object]) -> Racer:
    """Do `first` but do not commit it until `then` waits for its lock; return how `then` ended."""
    with transaction.atomic():
        first()
        racer = Racer(then)
        wait_until_waiting(racer)
    racer.join()
    return racer

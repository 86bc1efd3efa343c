"""Putting a job into the outbox, and doing what waits there.

A try is two transactions. The first takes the job: it counts the try and says when the next one
would be. The second holds the row, does the job, and notes that it is done. So whoever dies on the
way leaves a job that is tried again, one that kills its worker is counted, and of two workers one
does it, however slow the other is.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import Error, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from coe.jobs.kinds import KINDS, Hopeless, Lane, TryAgain, kinds_of
from coe.jobs.models import Job

logger = logging.getLogger(__name__)

FIRST_PAUSE: Final = timedelta(seconds=10)
LONGEST_PAUSE: Final = timedelta(hours=2)
MOST_TRIES: Final = 18
"""With these pauses about a day: a mail server may be away for a night."""
MOST_LOST: Final = 5
"""How often a worker may die over one job: sooner than a job that says what is wrong."""

LOST = f"The worker ended {MOST_LOST} times in the middle of this job, so it is not tried again."
UNEXPECTED = "Something unexpected went wrong ({name}). The log of the worker has the details."

PUT = "SELECT coe_put_job(%s, %s::jsonb, %s, %s)"


def put_job(
    kind: str, *, payload: dict[str, Any], key: str = "", not_before: datetime | None = None
) -> None:
    """Have `kind` done with `payload` once this transaction is committed, and only then.

    Jobs of one kind and (non-empty) `key` that wait are done as one, so the payload has to follow
    from the key, and the job to look for itself what there is to do. One that was begun before is
    no longer waiting: what it may have missed is done again. Triggers call the same function of
    the database, `coe_put_job` (migration 0018).

    Raises `RuntimeError` outside a transaction and `LookupError` for a kind that nobody registered.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError("A job is put in the transaction that causes it.")
    if kind not in KINDS:
        raise LookupError(f"There is no kind of job called {kind}.")
    with connection.cursor() as cursor:
        plain = json.dumps(payload, cls=DjangoJSONEncoder)
        cursor.execute(PUT, [kind, plain, key, not_before])


def run_waiting_jobs(*, lane: Lane | None = None, as_of: datetime | None = None) -> int:
    """Do what is due, one after the other, and return how many tries that took.

    What fails stays, with what was wrong, and is due again later. `as_of` stands for the clock.
    """
    kinds = [*KINDS] if lane is None else kinds_of(lane)
    tries = 0
    while job := take_job(kinds, as_of=as_of):
        try_job(job)
        tries += 1
    return tries


@transaction.atomic
def take_job(kinds: list[str], *, as_of: datetime | None = None) -> Job | None:
    """Take the job of these kinds that is due first and that nobody else holds; None if none is.

    From here on it is due again after a pause, whatever becomes of us. Those of the same key that
    are due are done with it.
    """
    moment = as_of or Now()
    due = Job.objects.filter(state=Job.State.WAITING, due_at__lte=moment, kind__in=kinds)
    free = due.select_for_update(skip_locked=True).order_by("due_at", "pk")
    while job := free.first():
        if job.lost >= MOST_LOST:
            _end(job, Job.State.FAILED, LOST)
            continue
        _take_in(job, due)
        job.tries += 1
        Job.objects.filter(pk=job.pk).update(
            tries=job.tries,
            lost=job.lost + 1,
            tried_at=Now(),
            due_at=moment + pause_after(job.tries),
        )
        return job
    return None


def pause_after(tries: int) -> timedelta:
    """How long a job rests that was tried so often: ten seconds at first, then three times as
    long each time, up to two hours."""
    return min(FIRST_PAUSE * int(3 ** min(tries - 1, 12)), LONGEST_PAUSE)


def try_job(job: Job) -> None:
    """Do a job that was taken, and note in the same transaction that it is done.

    Nothing happens where it is somebody else's by now. The row is waited for: a worker that looks
    for what is due holds for a moment what it finds taken (PostgreSQL locks the new version of a
    row before it sees that it no longer fits). What it raises is noted and told; only an error of
    the database that keeps it from being noted is raised.
    """
    try:
        with transaction.atomic():
            held = Job.objects.select_for_update(no_key=True)
            if held.filter(pk=job.pk, state=Job.State.WAITING, tries=job.tries).first():
                KINDS[job.kind].run(job.payload)
                _end(job, Job.State.DONE, "")
    except Hopeless as error:
        _end(job, Job.State.FAILED, str(error))
    except TryAgain as error:
        _put_off(job, str(error))
    except Exception as error:
        logger.exception("The job %s %s could not be done.", job.kind, job.pk)
        if isinstance(error, Error) and not transaction.get_connection().is_usable():
            raise
        _put_off(job, UNEXPECTED.format(name=type(error).__name__))


def _take_in(job: Job, due: QuerySet[Job]) -> None:
    """Drop the others of its key: whatever they were put for is in the database by now."""
    if not job.key:
        return
    others = due.filter(kind=job.kind, key=job.key, tries=0).exclude(pk=job.pk)
    taken = list(others.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Job.objects.filter(pk__in=taken).delete()


def _put_off(job: Job, error: str) -> None:
    if job.tries >= MOST_TRIES:
        _end(job, Job.State.FAILED, error)
    else:
        _set(job, lost=0, error=error)


def _end(job: Job, state: Job.State, error: str) -> None:
    _set(job, state=state, lost=0, error=error, ended_at=Now())


def _set(job: Job, **values: Any) -> None:
    """Only while it is the try that we know of: another worker may be on with the next."""
    known = Job.objects.filter(pk=job.pk, state=Job.State.WAITING, tries=job.tries)
    known.update(**values)


def try_again(jobs: QuerySet[Job]) -> int:
    """Have jobs that failed or were put off tried now, as if they never had been; how many."""
    held = jobs.exclude(state=Job.State.DONE)
    return held.update(state=Job.State.WAITING, due_at=Now(), tries=0, lost=0, ended_at=None)

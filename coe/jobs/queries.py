"""How the outbox and its workers stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, QuerySet
from django.db.models.functions import Now

from coe.jobs.kinds import title_of
from coe.jobs.models import Heartbeat, Job

ALIVE_WITHIN: Final = timedelta(seconds=20)
"""Four beats of a worker (`coe.jobs.worker`)."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """The last heartbeat that there is: how long ago, and whether whose it is still lives."""

    beat_at: datetime
    started_at: datetime
    age: timedelta

    @property
    def is_alive(self) -> bool:
        return self.age < ALIVE_WITHIN

    @property
    def seconds(self) -> int:
        return max(int(self.age.total_seconds()), 0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one kind: how many, how many of them after a try that failed, how many whose
    time has come, since when, when the next is tried, and what was wrong with the one that was
    tried last."""

    kind: str
    count: int
    put_off: int
    due: int
    oldest_at: datetime
    next_at: datetime
    error: str

    @property
    def title(self) -> str:
        return title_of(self.kind)


def last_pulse() -> Pulse | None:
    """None where no worker has run for a day, or the last one ended in order."""
    age = ExpressionWrapper(Now() - F("beat_at"), output_field=DurationField())
    found = Heartbeat.objects.annotate(age=age).order_by("-beat_at")
    latest = found.values_list("beat_at", "started_at", "age").first()
    return Pulse(*latest) if latest else None


def waiting_by_kind() -> list[Waiting]:
    """What waits, kind by kind, whatever has waited longest first."""
    waiting = Job.objects.filter(state=Job.State.WAITING)
    wrong = waiting.exclude(error="").order_by("kind", "-tried_at").distinct("kind")
    errors = dict(wrong.values_list("kind", "error"))
    rows = waiting.values("kind").annotate(
        count=Count("pk"),
        put_off=Count("pk", filter=~Q(error="")),
        due=Count("pk", filter=Q(due_at__lte=Now())),
        oldest_at=Min("put_at"),
        next_at=Min("due_at"),
    )
    by_age = rows.order_by("oldest_at", "kind")
    return [Waiting(**row, error=errors.get(row["kind"], "")) for row in by_age]


def is_under_way(kind: str, key: str, *, since: datetime) -> bool:
    """Whether a job of this kind and key was tried and is tried again, or failed after `since`."""
    jobs = Job.objects.filter(kind=kind, key=key)
    is_put_off = Q(state=Job.State.WAITING) & ~Q(error="")
    return jobs.filter(is_put_off | Q(state=Job.State.FAILED, ended_at__gte=since)).exists()


def failed_jobs() -> QuerySet[Job]:
    """What is not tried again, the latest first."""
    return Job.objects.filter(state=Job.State.FAILED).order_by("-ended_at", "-pk")

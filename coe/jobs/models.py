"""The outbox: what is to be done after a transaction, written in that transaction."""

from django.db import models
from django.db.models.functions import Now

from coe.jobs.kinds import title_of


class Job(models.Model):
    """Something that a worker does once its transaction is in the database.

    `key` names what the job is about: waiting jobs of one kind and key are done as one. `due_at`
    is when it is tried (again). `tries` counts what was begun, `lost` those tries at the end of
    it of which nobody knows how they ended: the worker was killed, or the database was away.
    `put_in` is the number of the transaction that put it here.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, blank=True, db_default="")
    payload = models.JSONField(db_default={})
    state = models.CharField(max_length=10, choices=State, db_default=State.WAITING)
    put_at = models.DateTimeField(db_default=Now())
    put_in = models.BigIntegerField(null=True, blank=True)
    due_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(db_default=0)
    lost = models.PositiveSmallIntegerField(db_default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, db_default="")

    class Meta:
        indexes = (
            models.Index(
                "due_at", "id", condition=models.Q(state="waiting"), name="job_waiting_by_time"
            ),
            models.Index(
                "kind",
                "key",
                condition=models.Q(state="waiting") & ~models.Q(key=""),
                name="job_waiting_by_key",
            ),
            models.Index(
                "state",
                "ended_at",
                condition=~models.Q(state="waiting"),
                name="job_ended",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key or self.pk} {self.state}"

    @property
    def title(self) -> str:
        return title_of(self.kind)


class Heartbeat(models.Model):
    """That a worker lives: one row for each process, written every few seconds."""

    uid = models.UUIDField(primary_key=True)
    started_at = models.DateTimeField(db_default=Now())
    beat_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index("beat_at", name="heartbeat_by_time"),)

    def __str__(self) -> str:
        return f"{self.uid} {self.beat_at:%H:%M:%S}"

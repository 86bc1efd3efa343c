"""The meeting in which one COE is read in silence, then walked through."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from coe.documents.models import Document


class Phase(models.TextChoices):
    """How far a meeting has come: everybody reads, then it is walked through, then it is over."""

    READING = "reading", "Reading"
    WALKING = "walking", "Going through it"
    ENDED = "ended", "Ended"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def running(self) -> MeetingQuerySet:
        """Those that nobody has ended: one for a COE at most."""
        return self.filter(ended_at__isnull=True)


class Meeting(models.Model):
    """One review meeting about one COE.

    `uid` is made by the client that starts it: starting it twice makes it once. Everybody reads
    until `reading_until` (UTC), or until it is walked through from `walked_at`. `digest` is of the
    text as it was when it started. The presenter stands under the name that they had then;
    `present` is who else was there, a line each. `number` counts the meetings of the COE.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="meetings")
    uid: models.UUIDField[UUID, UUID] = models.UUIDField(default=uuid4, unique=True)
    number = models.PositiveIntegerField()
    presenter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    presenter_name = models.CharField(max_length=100)
    present = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=64)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    reading_until = models.DateTimeField()
    walked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="meeting_number_once"),
            models.UniqueConstraint(
                fields=("document",), condition=Q(ended_at__isnull=True), name="meeting_one_at_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="meeting_ends_after_its_start",
            ),
        )

    def __str__(self) -> str:
        return f"Meeting {self.number} on {self.document_id}"

    @property
    def phase(self) -> Phase:
        if self.ended_at:
            return Phase.ENDED
        return Phase.WALKING if self.walked_at else Phase.READING

    def seconds_to_read(self, moment: datetime) -> int:
        """How long everybody still reads at `moment`, in seconds; 0 once the time is over."""
        return max(0, round((self.reading_until - moment).total_seconds()))


class MeetingDecision(models.Model):
    """What a meeting decided, in a sentence, and about which part of the COE, if about one."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    uid: models.UUIDField[UUID, UUID] = models.UUIDField(default=uuid4)
    chapter = models.CharField(max_length=20, blank=True, default="")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("meeting", "uid"), name="meeting_decision_once"),
        )

    def __str__(self) -> str:
        return self.text[:60]

"""Corrections: the proposal that is written in a COE, and the promise it becomes."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from coe.accounts.models import User
from coe.documents.models import Document, DocumentRow
from coe.whys.models import Cause


class Priority(models.IntegerChoices):
    P0 = 0, "P0"
    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"


class ActionItem(DocumentRow):
    """A correction as it is proposed: what will be done, by whom, by when, against which cause.

    `tracker` is the key of a ticket ("PRC-881") or an address that starts with http.
    """

    class Kind(models.TextChoices):
        PREVENT = "prevent", "Prevent"
        DETECT = "detect", "Detect faster"
        MITIGATE = "mitigate", "Mitigate faster"
        LIMIT = "limit", "Limit the blast radius"
        PROCESS = "process", "Process"

    kind_of_row: ClassVar[str] = "action"
    most_in_light: ClassVar[int | None] = 3
    content_fields: ClassVar[tuple[str, ...]] = (
        "title",
        "done_when",
        "owner_id",
        "due_on",
        "priority",
        "kind",
        "cause_id",
        "tracker",
    )

    title = models.CharField(max_length=200)
    done_when = models.TextField(blank=True, default="")
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="proposed_actions"
    )
    due_on = models.DateField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.P2)
    kind = models.CharField(max_length=10, choices=Kind, blank=True, default="")
    cause = models.ForeignKey(Cause, models.SET_NULL, null=True, blank=True, related_name="actions")
    tracker = models.CharField(max_length=1000, blank=True, default="")

    class Meta(DocumentRow.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("document", "uid"), name="action_uid_once"),)

    def __str__(self) -> str:
        return self.title


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, user: User) -> PromiseQuerySet:
        """The promises of publications that `user` may read."""
        readable = Document.objects.visible_to(user).filter(current_version__isnull=False)
        return self.filter(document__in=readable)

    def open(self) -> PromiseQuerySet:
        """Those that the current publication still makes."""
        return self.filter(dropped_at__isnull=True)


class Promise(models.Model):
    """An action item as it was published: what the organisation said it would do.

    It shares its UUID with the proposal, but not its text: the proposal may be edited in a
    correction while the promise stands. A version that no longer has the item drops the promise.
    `changed_at` (UTC) is kept by the database (migration 0033), whatever changes the row.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="promises")
    uid = models.UUIDField()
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="promises")
    due_on = models.DateField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority)
    kind = models.CharField(max_length=10, choices=ActionItem.Kind, blank=True, default="")
    promised_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "uid"), name="promise_once"),)

    def __str__(self) -> str:
        return self.title

    def is_late_at(self, moment: datetime) -> bool:
        """Whether the due day had ended at `moment` where the owning team works."""
        zone = ZoneInfo(self.document.incident.team.zone)
        return self.due_on is not None and self.due_on < moment.astimezone(zone).date()

    @property
    def is_late(self) -> bool:
        return self.is_late_at(timezone.now())

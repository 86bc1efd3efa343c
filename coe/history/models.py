"""Who changed what and when. Rows are only ever added; the database refuses anything else."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Action(models.TextChoices):
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REOPENED = "reopened"
    PUBLISHED = "published"
    RETRACTED = "retracted"
    HANDED_OVER = "handed_over"
    DISCARDED = "discarded"
    RESTORED = "restored"
    INVITED = "invited"
    JOINED = "joined"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    SET_ASIDE = "set_aside"
    REDACTED = "redacted"
    SEARCHED = "searched"
    MET = "met"
    SIGNED = "signed"
    SIGNATURES_DROPPED = "signatures_dropped"
    EXCUSED = "excused"


class HistoryEvent(models.Model):
    """One save: who did what to which thing, and the hash of what it held.

    `subject` is the kind of thing (entry, section, incident, ...), `subject_key` its public
    identity within the document: a row's UUID, a section's slug. `token` is made by the client for
    one attempt to save: an attempt that is repeated because its answer was lost is known by it.
    """

    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(max_length=20, choices=Action)
    document = models.ForeignKey(
        "coe.Document", models.PROTECT, null=True, blank=True, related_name="history"
    )
    subject = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=64)
    version = models.PositiveIntegerField(null=True, blank=True)
    content_hash = models.CharField(max_length=64)
    token = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index("document", "subject", "subject_key", name="history_of_subject"),)
        constraints = (
            models.UniqueConstraint(
                fields=("document", "subject", "subject_key", "actor", "token"),
                condition=models.Q(token__isnull=False),
                name="attempt_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_key} {self.action}"


class HistoryText(models.Model):
    """What a saved thing held before and after: `{"before": {...}, "after": {...}}`.

    It lies beside its event so that it alone can be emptied when somebody pasted a secret.
    """

    event = models.OneToOneField(
        HistoryEvent, models.PROTECT, primary_key=True, related_name="text"
    )
    content = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"text of {self.event_id}"

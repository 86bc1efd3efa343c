from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from coe.documents.models import Document
from coe.snapshots.models import StoredSnapshot


class Publication(models.Model):
    """One immutable version of a COE. Only its state ever changes; the database refuses the rest.

    `envelope` is what stood around the text when it was published (coe.snapshots.printable).
    Title, severity and team are those of the snapshot, for lists.
    """

    class State(models.TextChoices):
        CURRENT = "current", "Current"
        SUPERSEDED = "superseded", "Superseded"

    document = models.ForeignKey(Document, models.PROTECT, related_name="publications")
    version = models.PositiveIntegerField()
    snapshot = models.ForeignKey(StoredSnapshot, models.PROTECT, related_name="publications")
    title = models.CharField(max_length=200)
    severity = models.PositiveSmallIntegerField()
    team = models.CharField(max_length=100)
    envelope = models.JSONField()
    state = models.CharField(max_length=12, choices=State, default=State.CURRENT)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=("document", "version"), name="version_once"),
            models.UniqueConstraint(
                fields=("document",), condition=Q(state="current"), name="one_current_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} version {self.version}"

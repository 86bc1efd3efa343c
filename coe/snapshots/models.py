from django.db import models
from django.db.models.functions import Now

from coe.documents.models import Document


class StoredSnapshot(models.Model):
    """The bytes that were judged. They are the truth: the digest is of them and never made anew."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="snapshots")
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("document", "digest"), name="snapshot_stored_once"),
        )

    def __str__(self) -> str:
        return self.digest[:12]

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from coe.documents.models import DocumentRow
from coe.incidents.models import InstantFields


class Entry(InstantFields, DocumentRow):
    """One line of the timeline: when, and what happened or was known then (Markdown)."""

    kind_of_row: ClassVar[str] = "entry"
    content_fields: ClassVar[tuple[str, ...]] = ("at", "precision", "end_at", "text", "evidence")

    at = models.DateTimeField()
    text = models.TextField()
    evidence = models.URLField(max_length=1000, blank=True, default="")

    class Meta(DocumentRow.Meta):
        abstract = False
        verbose_name_plural = "entries"
        constraints = (
            models.UniqueConstraint(fields=("document", "uid"), name="entry_uid_once"),
            models.CheckConstraint(
                condition=Q(end_at__isnull=True) | Q(end_at__gt=F("at")),
                name="entry_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]

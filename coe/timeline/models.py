from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from coe.documents.models import DocumentRow
from coe.incidents.models import InstantFields, Milestone
from coe.text.instants import Instant


class Entry(InstantFields, DocumentRow):
    """One line of the timeline: when, and what happened or was known then (Markdown).

    An entry that marks a milestone points to it and has no instant of its own: it happened when
    the milestone did.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", "Change"
        IMPACT = "impact", "Impact"
        DETECTION = "detection", "Detection"
        ENGAGEMENT = "engagement", "Engagement"
        DIAGNOSIS = "diagnosis", "Diagnosis"
        ATTEMPT = "attempt", "Mitigation tried"
        MITIGATION = "mitigation", "Mitigation"
        RESOLUTION = "resolution", "Resolution"
        COMMUNICATION = "communication", "Communication"
        NOTE = "note", "Note"

    kind_of_row: ClassVar[str] = "entry"
    content_fields: ClassVar[tuple[str, ...]] = (
        "at",
        "precision",
        "end_at",
        "milestone_id",
        "kind",
        "text",
        "evidence",
    )

    milestone = models.OneToOneField(
        Milestone, models.PROTECT, null=True, blank=True, related_name="entry"
    )
    kind = models.CharField(max_length=13, choices=Kind, blank=True, default="")
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
            models.CheckConstraint(
                condition=Q(at__isnull=True, end_at__isnull=True, milestone__isnull=False)
                | Q(at__isnull=False, milestone__isnull=True),
                name="entry_has_instant_or_milestone",
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def happened(self) -> Instant:
        """When it was: its own instant, or that of the milestone it marks."""
        instant = self.milestone.instant if self.milestone else self.instant
        assert instant is not None
        return instant

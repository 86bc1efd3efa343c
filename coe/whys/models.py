"""Causes, and which of them explains which: a graph without cycles."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from coe.documents.models import Document, DocumentRow


class Cause(DocumentRow):
    """One answer to a why. It explains other causes, or where it names none the impact itself."""

    class Kind(models.TextChoices):
        TRIGGER = "trigger", "Trigger"
        CONTRIBUTING = "contributing", "Contributing factor"
        LATENT = "latent", "Latent condition"
        SAFEGUARD = "safeguard", "Failed or missing safeguard"
        AMPLIFIER = "amplifier", "Amplifier"
        LUCK = "luck", "Luck: limited the damage"

    class Confidence(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        LIKELY = "likely", "Likely"
        HYPOTHESIS = "hypothesis", "Hypothesis"

    kind_of_row: ClassVar[str] = "cause"
    content_fields: ClassVar[tuple[str, ...]] = ("text", "kind", "confidence", "evidence")

    text = models.TextField()
    kind = models.CharField(max_length=12, choices=Kind, blank=True, default="")
    confidence = models.CharField(max_length=10, choices=Confidence, default=Confidence.HYPOTHESIS)
    evidence = models.URLField(max_length=1000, blank=True, default="")

    class Meta(DocumentRow.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(fields=("document", "uid"), name="cause_uid_once"),
            # The target of the composite keys that hold both ends of an edge in one document.
            models.UniqueConstraint(fields=("document", "id"), name="cause_in_document"),
        )

    def __str__(self) -> str:
        return self.text[:60]

    def content(self) -> dict[str, Any]:
        """With what it explains, the primary one first: the edges are part of the row."""
        edges = self.explains.order_by("-is_primary", "effect__position", "pk")
        explains = [str(edge.effect.uid) for edge in edges.select_related("effect")]
        return {**super().content(), "explains": explains}


class Explanation(models.Model):
    """`cause` is why `effect` happened. The primary effect is where the cause is drawn."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="explanations")
    cause = models.ForeignKey(Cause, models.CASCADE, related_name="explains")
    effect = models.ForeignKey(Cause, models.CASCADE, related_name="explained_by")
    is_primary = models.BooleanField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("cause", "effect"), name="explanation_once"),
            models.UniqueConstraint(
                fields=("cause",), condition=Q(is_primary=True), name="explanation_one_primary"
            ),
            models.CheckConstraint(
                condition=~Q(cause=F("effect")), name="explanation_not_of_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cause_id} explains {self.effect_id}"

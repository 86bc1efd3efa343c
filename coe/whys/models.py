"""Causes, and which of them explains which: a graph without cycles."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from coe.accounts.models import User
from coe.documents.models import Document, DocumentRow


class Cause(DocumentRow):
    """One answer to a why. It explains other causes, or where it names none the impact itself.

    `answers` is the question that its chain started from; it counts where the cause explains the
    impact itself. `risk_reason` is why nothing is done about it, where that was accepted, and
    `risk_approver` who accepted it.
    """

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

    class Asks(models.TextChoices):
        """The questions that every chain starts from."""

        HAPPENED = "happened", "Why did it happen?"
        DETECTION = "detection", "Why did detection take so long?"
        MITIGATION = "mitigation", "Why did mitigation take so long?"

    kind_of_row: ClassVar[str] = "cause"
    most_in_light: ClassVar[int | None] = 3
    content_fields: ClassVar[tuple[str, ...]] = (
        "text",
        "kind",
        "confidence",
        "evidence",
        "answers",
        "risk_reason",
        "risk_approver_id",
    )

    text = models.TextField()
    kind = models.CharField(max_length=12, choices=Kind, blank=True, default="")
    confidence = models.CharField(max_length=10, choices=Confidence, default=Confidence.HYPOTHESIS)
    evidence = models.URLField(max_length=1000, blank=True, default="")
    answers = models.CharField(max_length=10, choices=Asks, default=Asks.HAPPENED)
    risk_reason = models.TextField(blank=True, default="")
    risk_approver = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="accepted_risks"
    )

    class Meta(DocumentRow.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(fields=("document", "uid"), name="cause_uid_once"),
            # The target of the composite keys that hold both ends of an edge in one document.
            models.UniqueConstraint(fields=("document", "id"), name="cause_in_document"),
        )

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_risk_accepted(self) -> bool:
        """Whether somebody accepted the risk, and said why."""
        return bool(self.risk_reason and self.risk_approver_id)

    def effects(self) -> list[Cause]:
        """What it explains, the primary one first."""
        edges = self.explains.order_by("-is_primary", "effect__position", "pk")
        return [edge.effect for edge in edges.select_related("effect")]

    def content(self) -> dict[str, Any]:
        """With what it explains, the primary one first: the edges are part of the row."""
        return {**super().content(), "explains": [str(effect.uid) for effect in self.effects()]}


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


class Safeguard(DocumentRow):
    """A check that should have caught this: of which kind, whether it held, and why not."""

    class Kind(models.TextChoices):
        REVIEW = "review", "Code review"
        TEST = "test", "Test"
        STAGING = "staging", "Staging"
        CANARY = "canary", "Canary"
        ALARM = "alarm", "Alarm"
        RUNBOOK = "runbook", "Runbook"
        LIMIT = "limit", "Limit"
        OTHER = "other", "Other check"

    class Outcome(models.TextChoices):
        HELD = "held", "Held"
        FAILED = "failed", "Failed"
        MISSING = "missing", "Missing"

    kind_of_row: ClassVar[str] = "safeguard"
    content_fields: ClassVar[tuple[str, ...]] = ("name", "kind", "outcome", "why")

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind)
    outcome = models.CharField(max_length=8, choices=Outcome)
    why = models.TextField(blank=True, default="")

    class Meta(DocumentRow.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(fields=("document", "uid"), name="safeguard_uid_once"),
        )

    def __str__(self) -> str:
        return self.name

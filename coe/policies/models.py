from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Part(models.TextChoices):
    """The parts of a COE that are led by questions, in the order they are asked."""

    IMPACT = "impact", "Impact"
    DETECTION = "detection", "Detection"
    DIAGNOSIS = "diagnosis", "Diagnosis"
    MITIGATION = "mitigation", "Mitigation"
    PREVENTION = "prevention", "Prevention"


class Guide(models.Model):
    """One version of the questions that lead an author. A COE keeps the one it was opened with."""

    version = models.PositiveIntegerField(unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("version",)

    def __str__(self) -> str:
        return f"Guide {self.version}"


class Question(models.Model):
    """One question of a guide. `slug` names it across versions of the guide."""

    guide = models.ForeignKey(Guide, models.PROTECT, related_name="questions")
    part = models.CharField(max_length=12, choices=Part)
    slug = models.SlugField(max_length=40)
    text = models.CharField(max_length=200)
    hint = models.CharField(max_length=300, blank=True, default="")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("guide", "slug"), name="question_once"),
            models.UniqueConstraint(fields=("guide", "position"), name="question_position_once"),
        )

    def __str__(self) -> str:
        return self.text

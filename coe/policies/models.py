from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from coe.policies.rules import BY_NUMBER, Level, Limit


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


class CheckLevel(models.Model):
    """What a check weighs in a guide, where that is another than the check's own level.

    `check_id` is the id of a check (COE101). One that no check has any more weighs nothing.
    """

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="levels")
    check_id = models.CharField(max_length=6)
    level = models.CharField(max_length=6, choices=Level)

    class Meta:
        ordering = ("check_id",)
        constraints = (
            models.UniqueConstraint(fields=("guide", "check_id"), name="check_level_once"),
        )

    def __str__(self) -> str:
        return f"{self.check_id}: {self.get_level_display()}"


class GuideLimit(models.Model):
    """A limit of a guide, where it is another than the product's own (`GuideRules`).

    `of` is the severity or the priority that it holds for, null where it holds for all.
    """

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="limits")
    name = models.CharField(max_length=16, choices=Limit)
    of = models.PositiveSmallIntegerField(null=True, blank=True)
    value = models.PositiveIntegerField()

    class Meta:
        ordering = ("name", "of")
        constraints = (
            models.UniqueConstraint(
                fields=("guide", "name", "of"), nulls_distinct=False, name="guide_limit_once"
            ),
            models.CheckConstraint(
                condition=Q(name__in=BY_NUMBER, of__isnull=False)
                | (~Q(name__in=BY_NUMBER) & Q(of__isnull=True)),
                name="guide_limit_of_a_number_or_none",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_name_display()}: {self.value}"

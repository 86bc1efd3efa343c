"""What a COE holds beside its texts: answers, and the rows that have no room of their own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from coe.documents.models import Document, DocumentRow
from coe.policies.models import Question


class Answer(models.Model):
    """The answer (Markdown) to one question of the guide that the COE was opened with."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    text = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("question__position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("document", "question"), name="answer_once"),
        )

    def __str__(self) -> str:
        return f"{self.question}"


class ImpactFigure(DocumentRow):
    """One number of the impact: what was counted, how many of which unit, and on what basis.

    `amount` is null where it is not known yet.
    """

    class Source(models.TextChoices):
        MEASURED = "measured", "Measured"
        ESTIMATED = "estimated", "Estimated"

    kind_of_row: ClassVar[str] = "figure"
    content_fields: ClassVar[tuple[str, ...]] = ("what", "amount", "unit", "source", "basis")

    what = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField(max_length=10, choices=Source, default=Source.ESTIMATED)
    basis = models.TextField(blank=True, default="")

    class Meta(DocumentRow.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("document", "uid"), name="figure_uid_once"),)

    def __str__(self) -> str:
        return self.what


class Lesson(DocumentRow):
    """One thing that was learned (Markdown)."""

    class Kind(models.TextChoices):
        WELL = "well", "Went well"
        BADLY = "badly", "Went badly"
        LUCKY = "lucky", "Got lucky"
        SURPRISED = "surprised", "Surprised us"

    kind_of_row: ClassVar[str] = "lesson"
    content_fields: ClassVar[tuple[str, ...]] = ("kind", "text")

    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()

    class Meta(DocumentRow.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("document", "uid"), name="lesson_uid_once"),)

    def __str__(self) -> str:
        return self.text[:60]


class RelatedItem(DocumentRow):
    """Something elsewhere that belongs to the story. `url` is empty where a title says enough."""

    class Kind(models.TextChoices):
        TICKET = "ticket", "Ticket"
        FEEDBACK = "feedback", "Customer ticket or feedback"
        METRIC = "metric", "Metric or graph"
        PAGE = "page", "Page"
        DEPLOYMENT = "deployment", "Deployment"
        CHANGE = "change", "Change"
        COE = "coe", "Earlier COE"
        DOCUMENT = "document", "Document"

    kind_of_row: ClassVar[str] = "related"
    content_fields: ClassVar[tuple[str, ...]] = ("kind", "title", "url", "note")

    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=1000, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta(DocumentRow.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(fields=("document", "uid"), name="related_uid_once"),
        )

    def __str__(self) -> str:
        return self.title

"""That an action item serves other COEs than its home."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document


class ServingQuerySet(models.QuerySet["Serving"]):
    def standing(self) -> ServingQuerySet:
        """Those that nobody took away."""
        return self.filter(removed_at__isnull=True)


class Serving(models.Model):
    """That an action item of one COE, its home, serves another (`document`) as well.

    `note` says what it mends there, in words of that other COE: whoever reads it reads them. It is
    no text of either, is in no snapshot, and changes nothing about who decides over the item. Who
    took it away, and when, is in `removed_by` and `removed_at` (UTC).
    """

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="servings")
    document = models.ForeignKey(Document, models.PROTECT, related_name="servings")
    note = models.CharField(max_length=300, blank=True)
    linked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    linked_at = models.DateTimeField(db_default=Now())
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = ServingQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("promise", "document"),
                condition=Q(removed_at__isnull=True),
                name="serving_once",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="serving_is_removed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.promise_id} serves {self.document_id}"

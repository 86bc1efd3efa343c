"""What authors answered to findings: that one is dismissed, or why it may stand."""

import hashlib

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from coe.accounts.models import User
from coe.documents.models import Document


class Waiver(models.Model):
    """One finding that an author has handled without changing the text.

    It holds for exactly the finding with `key` (`Finding.key`): where what that is about changes,
    it is asked again. What was found is kept beside it, so that it can be told without the check.
    """

    class Kind(models.TextChoices):
        DISMISSED = "dismissed", "Dismissed"
        WAIVED = "waived", "Waived"

    document = models.ForeignKey(Document, models.CASCADE, related_name="waivers")
    key = models.CharField(max_length=64)
    check_id = models.CharField(max_length=6)
    panel = models.CharField(max_length=40)
    row = models.CharField(max_length=64, blank=True, default="")
    field = models.CharField(max_length=40, blank=True, default="")
    sentence = models.TextField()
    kind = models.CharField(max_length=9, choices=Kind)
    reason = models.TextField(blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("document", "key"), name="waiver_once"),
            models.CheckConstraint(
                condition=Q(kind="dismissed") | ~Q(reason=""), name="waiver_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.check_id}: {self.get_kind_display()}"

    @property
    def digest(self) -> str:
        """Names the reason, for whoever writes over it; empty where there is none."""
        return hashlib.sha256(self.reason.encode()).hexdigest() if self.reason else ""

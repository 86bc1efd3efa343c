from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from coe.documents.models import Document
from coe.snapshots.models import StoredSnapshot


class SignOff(models.Model):
    """A judgement of exactly the bytes in `snapshot`, by a person under the name they had then.

    It stands until the working copy is edited or reopened; then it is dropped, not deleted.
    `waivers` of an approval are what stood for a reason when it was given, as the plain form of
    `WaiverValue`; nothing is ever added to them.
    """

    class Verdict(models.TextChoices):
        APPROVED = "approved", "Approved"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"

    document = models.ForeignKey(Document, models.PROTECT, related_name="sign_offs")
    snapshot = models.ForeignKey(StoredSnapshot, models.PROTECT, related_name="sign_offs")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_offs")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict)
    note = models.TextField(blank=True, default="")
    waivers = models.JSONField(default=list, blank=True)
    signed_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.name}: {self.get_verdict_display()}"

from django.conf import settings
from django.db import models
from django.db.models import Q
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


class ItemDecision(models.Model):
    """What the approver decided of the proposal that the action item `uid` was, under the name
    they had then.

    It stands while the item says what it said: `digest` names that (coe.reviews.proposals), and
    `proposal` tells it, as the plain form of `ActionValue`. `owner` and `due_on` are what was
    committed; of a rejected item there is neither. Of one item at most one decision is not
    withdrawn. Reason and proposal can be emptied, for a secret that somebody pasted.
    """

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        CHANGED = "changed", "Accepted with changes"
        REJECTED = "rejected", "Rejected"

    document = models.ForeignKey(Document, models.PROTECT, related_name="item_decisions")
    uid = models.UUIDField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.TextField(blank=True, default="")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(db_default=Now())
    digest = models.CharField(max_length=64)
    proposal = models.JSONField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("document", "uid"),
                condition=Q(withdrawn_at__isnull=True),
                name="one_decision_of_an_item",
            ),
            models.CheckConstraint(
                condition=Q(verdict="rejected", owner__isnull=True, due_on__isnull=True)
                | (~Q(verdict="rejected") & Q(owner__isnull=False, due_on__isnull=False)),
                name="decision_commits_owner_and_date",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.get_verdict_display()}"

    @property
    def is_rejected(self) -> bool:
        return self.verdict == self.Verdict.REJECTED

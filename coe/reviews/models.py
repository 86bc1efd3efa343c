from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from coe.documents.models import Document
from coe.snapshots.models import StoredSnapshot


class Round(models.Model):
    """One time that a COE was submitted, up to what came of it.

    `snapshot` is what was submitted. `number` counts the rounds of a COE, corrections included.
    While it is open there is no `outcome`; what is closed stands as it is.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"
        WITHDRAWN = "withdrawn", "Taken back"

    document = models.ForeignKey(Document, models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    snapshot = models.ForeignKey(StoredSnapshot, models.PROTECT, related_name="rounds")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, default="")

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="round_number_once"),
            models.UniqueConstraint(
                fields=("document",), condition=Q(closed_at=None), name="one_open_round"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="round_closed_with_outcome",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id}: round {self.number}"


class Reviewer(models.Model):
    """Somebody who was asked to look at a COE in one round, under the name they had then.

    `is_required` where the guide asks for them: the approver waits for their signature, or excuses
    them with a reason. Who approves is worked out anew each time (`rules.py`); that somebody was
    asked as the approver is kept here.
    """

    class Why(models.TextChoices):
        APPROVER = "approver", "Approves it"
        GUIDE = "guide", "Asked by the guide"
        ASKED = "asked", "Asked"

    round = models.ForeignKey(Round, models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100, blank=True)
    why = models.CharField(max_length=10, choices=Why)
    is_required = models.BooleanField(default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    excused_at = models.DateTimeField(null=True, blank=True)
    excused_reason = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("round", "user"), name="reviewer_once_a_round"),
            models.CheckConstraint(
                condition=Q(excused_at=None, excused_by=None, excused_reason="")
                | (Q(excused_at__isnull=False, excused_by__isnull=False) & ~Q(excused_reason="")),
                name="excused_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} in {self.round}"


class SignOff(models.Model):
    """A judgement of exactly the bytes in `snapshot`, by a person under the name they had then.

    Everybody who was asked may sign; the approval of whoever approves comes last and ends the
    round. It stands until the working copy is edited or reopened; then it is dropped, not deleted.
    `waivers` of a signature are what stood for a reason when it was given, as the plain form of
    `WaiverValue`; nothing is ever added to them. `dissent` is why somebody signs without agreeing.
    """

    class Verdict(models.TextChoices):
        APPROVED = "approved", "Approved"
        SIGNED = "signed", "Signed"
        CHANGES_REQUESTED = "changes_requested", "Changes requested"

    document = models.ForeignKey(Document, models.PROTECT, related_name="sign_offs")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="sign_offs")
    snapshot = models.ForeignKey(StoredSnapshot, models.PROTECT, related_name="sign_offs")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_offs")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict)
    note = models.TextField(blank=True, default="")
    dissent = models.TextField(blank=True, default="")
    waivers = models.JSONField(default=list, blank=True)
    signed_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("round", "user"),
                condition=Q(dropped_at=None) & ~Q(verdict="changes_requested"),
                name="one_standing_signature",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.get_verdict_display()}"

    @property
    def is_approval(self) -> bool:
        """Whether it is the signature that approved the text."""
        return self.verdict == self.Verdict.APPROVED


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

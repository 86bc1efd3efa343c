"""Who read, exported or was refused what few may see. Rows are only ever added; the database
refuses anything else."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class AuditKind(models.TextChoices):
    READ = "read", "Read"
    EXPORTED = "exported", "Exported"
    REFUSED = "refused", "Refused"
    SEARCHED = "searched", "Searched by office"
    AUDIT_EXPORTED = "audit_exported", "Exported this log"


class AuditEvent(models.Model):
    """One request that was let in or turned away.

    `reference` is what was asked for; `document` is the COE of that reference, null where there is
    none. `is_restricted` (of the COE) and `is_administrator` (of who asked) are as they were then.
    `address` is the path of the request, without what was sent with it.

    The keys have no constraint: an insert would wait for whoever judges the COE, and the time
    that it took would tell of it.
    """

    at = models.DateTimeField(db_default=Now())
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    kind = models.CharField(max_length=16, choices=AuditKind)
    document = models.ForeignKey(
        "coe.Document",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    reference = models.CharField(max_length=20, blank=True, default="")
    is_restricted = models.BooleanField(default=False)
    is_administrator = models.BooleanField(default=False)
    method = models.CharField(max_length=8)
    address = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index("person", "id", name="audit_by_person"),
            models.Index("reference", "id", name="audit_by_reference"),
            models.Index("at", name="audit_by_moment"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"

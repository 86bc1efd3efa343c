from django.conf import settings
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from coe.accounts.models import Team
from coe.documents.models import Document
from coe.incidents.models import Service
from coe.snapshots.models import StoredSnapshot


class Publication(models.Model):
    """One immutable version of a COE. Only its state ever changes, from current to superseded or
    retracted; the database refuses the rest.

    `envelope` is what stood around the text when it was published (coe.snapshots.printable).
    What lists show and are filtered by stands beside it, as the snapshot says it: title, severity,
    team and service, the zone, when impact started (UTC), and how long it took to resolve (whole
    seconds, null where a milestone is missing or the pair is reversed).
    """

    class State(models.TextChoices):
        CURRENT = "current", "Current"
        SUPERSEDED = "superseded", "Superseded"
        RETRACTED = "retracted", "Retracted"

    document = models.ForeignKey(Document, models.PROTECT, related_name="publications")
    version = models.PositiveIntegerField()
    snapshot = models.ForeignKey(StoredSnapshot, models.PROTECT, related_name="publications")
    title = models.CharField(max_length=200)
    severity = models.PositiveSmallIntegerField()
    team = models.CharField(max_length=100)
    owning_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    zone = models.CharField(max_length=64, default="UTC")
    impact_started_at = models.DateTimeField(null=True)
    resolved_in = models.PositiveBigIntegerField(null=True)
    is_resolved_about = models.BooleanField(default=False)
    envelope = models.JSONField()
    state = models.CharField(max_length=12, choices=State, default=State.CURRENT)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=("document", "version"), name="version_once"),
            models.UniqueConstraint(
                fields=("document",), condition=Q(state="current"), name="one_current_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} version {self.version}"


class PublishedText(models.Model):
    """Some of the words of a publication, for searching; all rows together hold all of them.

    They are not stemmed: a COE may be written in any language, and a search is for the beginnings
    of words (coe.library.queries).
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="texts")
    words = SearchVectorField()

    def __str__(self) -> str:
        return f"Words of {self.publication_id}"


class Retraction(models.Model):
    """Why readers have nothing of a publication any more, nor of those before it.

    By a person under the name they had then. It stands: a corrected version is published over it,
    and what was retracted stays so. The reason alone can be emptied, for a pasted secret.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="retractions")
    publication = models.OneToOneField(Publication, models.PROTECT, related_name="retraction")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100, blank=True)
    reason = models.TextField()
    retracted_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"Retraction of {self.publication_id}"

"""Who has the workspace of a COE open, and where in it they are."""

from django.db import models

from coe.accounts.models import User
from coe.documents.models import Document


class Presence(models.Model):
    """Where one person was last seen in a workspace, in any of their tabs.

    `place` is the slug of a panel, empty while nothing has the focus. `seen_at` (UTC) is the
    moment of the last sign of life.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="presences")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    place = models.CharField(max_length=40, blank=True, default="")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "user"), name="presence_once"),)

    def __str__(self) -> str:
        return f"{self.user} at {self.place or 'nothing'}"

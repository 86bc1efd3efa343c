from django.conf import settings
from django.db import models

from coe.documents.models import Document


class Look(models.Model):
    """How far one person has seen a working copy. Nobody else is told.

    `seen` are the events (`coe.history.known.Known`) whose outcome they had on the screen when
    they last looked, at `seen_at` (UTC); `before` and `before_at` the same of the sitting before
    that: what they are told of is what changed since then. Events and no texts, so that what is
    removed from the history is kept nowhere else.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    before = models.TextField()
    before_at = models.DateTimeField()
    seen = models.TextField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "user"), name="look_once"),)

    def __str__(self) -> str:
        return f"{self.user} at {self.seen_at:%Y-%m-%d %H:%M}"


class Tick(models.Model):
    """A part of a working copy that one person ticked off: `digest` is of what it then said.

    It holds while the part says that, so that no later change is hidden by it.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="ticks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    part = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    ticked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("document", "user", "part"), name="tick_once"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.part}"

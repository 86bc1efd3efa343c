"""The views of the list of action items that people keep for themselves."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class SavedView(models.Model):
    """The filters of one list, under a name that its person gave it.

    Nobody else sees it, unless it is shared: then whoever is in the team of its person. `query` is the address of the list behind the question mark, as the list itself writes it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(default=False)

    class Meta:
        ordering = (Lower("name"), "pk")
        constraints = (
            models.UniqueConstraint("person", Lower("name"), name="saved_view_name_once"),
        )

    def __str__(self) -> str:
        return self.name

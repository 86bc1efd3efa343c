"""Who has the workspace of a COE open, and where in it they are."""

from collections.abc import Collection
from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Collate, JSONObject, Lower, Now

from coe.accounts.models import User
from coe.documents.models import Document, Participant

SEEN_FOR = timedelta(seconds=45)
"""How long a sign of life holds: three of those that a page sends, so that one may get lost.

Nothing else ends it. Whoever closes the page or signs out may still have it open elsewhere, and
is gone soon enough without being asked.
"""


def name_some(people: Collection[str]) -> str:
    """Somebody, or several in short: "Kim", "Kim and Sam", "Kim and 4 others"."""
    first, *others = people
    if len(others) > 1:
        return f"{first} and {len(others)} others"
    return " and ".join((first, *others))


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


def note_presence(document: Document, *, place: str, by: User) -> None:
    """Write down that `by` has the workspace open at this panel ("" for none), in one statement.

    By the clock of the database, as all that asks for it.
    """
    Presence.objects.bulk_create(
        [Presence(document=document, user=by, place=place, seen_at=Now())],
        update_conflicts=True,
        unique_fields=["document", "user"],
        update_fields=["place", "seen_at"],
    )


def with_others(documents: QuerySet[Document], *, asker: User) -> QuerySet[Document]:
    """Each COE with those beside `asker` who show signs of life in its workspace, as `others`."""
    seen = Presence.objects.filter(document=OuterRef("pk"), seen_at__gt=Now() - SEEN_FOR)
    others = seen.exclude(user=asker).order_by("user")
    return documents.annotate(
        others=ArraySubquery(others.values(seen=JSONObject(user="user_id", place="place")))
    )


def others_in(document: Document, *, asker: User) -> list[Presence]:
    """Those beside `asker` who are in the workspace now and may write in it, by name.

    Who was deactivated or removed in the meantime is not.
    """
    role = Participant.Role.CONTRIBUTOR
    parts = Participant.objects.filter(document=document, user=OuterRef("user"), role=role)
    writers = Q(user=document.owner_id) | Q(Exists(parts))
    seen = document.presences.filter(writers, user__is_active=True, seen_at__gt=Now() - SEEN_FOR)
    by_name = (Collate(Lower("user__name"), "C"), "user__pk")
    return list(seen.exclude(user=asker).select_related("user").order_by(*by_name))

"""Which action items of other COEs serve a COE, and which COEs an item serves, as somebody may
know it."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from coe.accounts.models import User
from coe.actions.models import DUE, TO_BE_DONE, Promise, PromiseState
from coe.documents.models import Document
from coe.promises.models import Serving
from coe.publishing.models import Publication

MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class Mended:
    """That an item of another COE serves one, as a reader of that one is told.

    `promise` is None to those who may not read its home: they are told nothing of it but that it
    is there, and the sentence (`note`), which is of the COE that they read.
    """

    key: int
    note: str
    name: str
    promise: Promise | None


def mended_elsewhere(document: Document, user: User) -> list[Mended]:
    """What serves `document`, which `user` may read, in the order in which it was linked."""
    seen = Promise.objects.visible_to(user).filter(pk=OuterRef("promise"))
    linked = Serving.objects.standing().filter(document=document).annotate(is_seen=Exists(seen))
    linked = linked.select_related("promise__owner", "promise__team", "promise__document")
    return [
        Mended(each.pk, each.note, each.name, each.promise if each.is_seen else None)  # type: ignore[attr-defined]
        for each in linked.order_by("pk")
    ]


def also_served(promise: Promise, user: User) -> QuerySet[Serving]:
    """The other COEs that `promise` serves and of which `user` may read something, each with the
    title that its readers have (`title`). Of others nothing is told, and they are not counted."""
    current = Publication.objects.filter(
        document=OuterRef("document"), state=Publication.State.CURRENT
    )
    title = Coalesce(Subquery(current.values("title")[:1]), F("document__incident__title"))
    served = Serving.objects.standing().filter(promise=promise)
    served = served.filter(document__in=Document.objects.visible_to(user))
    served = served.select_related("document").annotate(title=title)
    return served.order_by("document__reference")


def linkable(document: Document, user: User, *, words: str = "") -> QuerySet[Promise]:
    """The items of other COEs that `user` may read and that may still mend something in
    `document`: those in whose reference or title every one of `words` stands, what is still to be
    done first, and what is due latest before the rest."""
    linked = Serving.objects.standing().filter(document=document).values("promise")
    found = Promise.objects.standing().visible_to(user).exclude(state=PromiseState.WONT_DO)
    for word in words.split():
        found = found.filter(Q(document__reference__icontains=word) | Q(title__icontains=word))
    others = found.exclude(document=document).exclude(pk__in=linked)
    ordered = others.with_readers_fields().alias(is_to_do=Q(state__in=TO_BE_DONE))
    return ordered.order_by("-is_to_do", DUE.desc(), "priority", "pk")


def serving_of(document: Document, key: int) -> Serving:
    """A link to `document`, taken back or not; raises `Http404` where it has none of this key."""
    return get_object_or_404(document.servings.select_related("promise", "document"), pk=key)

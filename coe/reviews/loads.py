"""What somebody has to do already, for who commits more of it to them.

Only what the viewer may see is counted, and the page says so whoever looks: a number that what is
hidden goes into would tell of it when it moves.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef

from coe.accounts.models import User
from coe.actions.models import ActionItem, Promise
from coe.documents.models import Document, State
from coe.reviews.models import ItemDecision

AROUND = timedelta(weeks=2)
"""Before and after a due date, what else is due then: four weeks in all."""


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do: a promise, or an item that is proposed in another COE."""

    uid: UUID
    title: str
    reference: str
    due_on: date | None
    is_late: bool = False


@dataclass(frozen=True)
class Load:
    """What one person has to do beside the COE that is decided: `promises` that are open and what
    is `proposed`, each the nearest due first; `here` are the due dates of what this COE proposes
    to them, but for what was rejected."""

    promises: tuple[Work, ...] = ()
    proposed: tuple[Work, ...] = ()
    here: tuple[date | None, ...] = ()

    @cached_property
    def late(self) -> int:
        return sum(each.is_late for each in self.promises)

    @cached_property
    def is_nothing(self) -> bool:
        return not (self.promises or self.proposed)

    @cached_property
    def all_of_it(self) -> tuple[Work, ...]:
        return self.promises + self.proposed

    @cached_property
    def _days(self) -> list[date]:
        days = (*(each.due_on for each in self.all_of_it), *self.here)
        return sorted(day for day in days if day)

    def due_around(self, day: date) -> int:
        """How much is due in the four weeks around `day`, this COE included."""
        days = self._days
        return bisect_right(days, day + AROUND) - bisect_left(days, day - AROUND)


NOTHING = Load()


@dataclass
class _Gathered:
    promises: dict[int, list[Work]] = field(default_factory=lambda: defaultdict(list))
    proposed: dict[int, list[Work]] = field(default_factory=lambda: defaultdict(list))


def loads_of(
    document: Document,
    *,
    here: Iterable[ActionItem],
    viewer: User,
    at: datetime,
    people: Collection[int] | None = None,
) -> dict[int, Load]:
    """What `people` (by key; None is everybody) have to do, as far as `viewer` may see it.

    `here` are the items that `document` proposes; what it promises itself is no other work than
    these. Two queries, however many there are.
    """
    gathered = _Gathered()
    for promise in _promises(document, viewer, people):
        gathered.promises[promise.owner_id or 0].append(_promised(promise, at))
    for item in _proposals(document, viewer, people):
        gathered.proposed[item.owner_id or 0].append(_proposed(item))
    days: dict[int, list[date | None]] = defaultdict(list)
    for item in here:
        days[item.owner_id or 0].append(item.due_on)
    owners = {*gathered.promises, *gathered.proposed, *days}
    return {
        owner: Load(
            tuple(gathered.promises[owner]), tuple(gathered.proposed[owner]), tuple(days[owner])
        )
        for owner in owners
    }


def _promises(
    document: Document, viewer: User, people: Collection[int] | None
) -> Iterator[Promise]:
    promises = Promise.objects.visible_to(viewer).open().exclude(document=document)
    held = promises.filter(owner__isnull=False)
    held = held if people is None else held.filter(owner__in=people)
    yield from held.select_related("team", "document").order_by("due_on", "priority", "pk")


def _proposals(
    document: Document, viewer: User, people: Collection[int] | None
) -> Iterator[ActionItem]:
    """What other COEs propose that are with their reviewers or approved, unless it is promised
    already or was rejected there."""
    seen = Document.objects.working_copy_visible_to(viewer)
    others = seen.filter(state__in=(State.IN_REVIEW, State.APPROVED)).exclude(pk=document.pk)
    same = {"document": OuterRef("document"), "uid": OuterRef("uid")}
    rejected = ItemDecision.objects.filter(
        **same, verdict=ItemDecision.Verdict.REJECTED, withdrawn_at__isnull=True
    )
    items = ActionItem.objects.filter(
        ~Exists(Promise.objects.standing().filter(**same)),
        ~Exists(rejected),
        document__in=others,
        owner__isnull=False,
    )
    items = items if people is None else items.filter(owner__in=people)
    yield from items.select_related("document").order_by("due_on", "priority", "pk")


def _promised(promise: Promise, at: datetime) -> Work:
    is_late = promise.is_late_at(at)
    return Work(promise.uid, promise.title, promise.document.reference, promise.due_on, is_late)


def _proposed(item: ActionItem) -> Work:
    return Work(item.uid, item.title, item.document.reference, item.due_on)

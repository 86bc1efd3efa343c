"""What the checks are told of other COEs."""

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import combinations
from operator import and_, or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, Q, TextField, Value
from django.db.models.functions import Lower

from coe.actions.models import Promise
from coe.documents.models import Document
from coe.guidance.recurrence import EarlierAction, telling_parts
from coe.snapshots.snapshot import Snapshot

MOST_PROMISES = 5_000
"""The last of them by their due days are read; what is due earlier still is of another time."""


def earlier_actions(document: Document, snapshot: Snapshot) -> tuple[EarlierAction, ...]:
    """What other COEs promise as they are published, the last day first; one statement at most.

    Only what may be the same as an item of `snapshot`, which is what `document` says: what is read
    and compared grows with the items of a COE, not with the promises of an organisation.

    Only of COEs that everybody who is signed in may read. A finding is the same for all who read a
    COE, whoever wrote or submits it, and is answered and shown to those who review it: it must not
    name what one of them may not see. So neither a restricted COE nor a draft is asked.
    """
    items = {parts for each in snapshot.actions if (parts := telling_parts(each.title))}
    if not items:
        return ()
    alike = reduce(or_, map(_has_all_but_one, sorted(items)))
    promises = Promise.objects.standing().filter(
        _has_one_of_two(items),
        alike,
        due_on__isnull=False,
        document__current_version__isnull=False,
        document__is_restricted=False,
        document__discarded_at__isnull=True,
    )
    known = promises.exclude(document=document).order_by("-due_on", "pk")[:MOST_PROMISES]
    rows: Iterable[Any] = known.values_list("document__reference", "title", "due_on")
    return tuple(EarlierAction(*row) for row in rows)


class _LikeAny(Func):
    """Whether a text is like one of an array of patterns."""

    arg_joiner = " LIKE ANY ("
    template = "%(expressions)s)"
    output_field = BooleanField()


def _has_one_of_two(items: Iterable[Sequence[str]]) -> _LikeAny:
    """Nearly every title is ruled out by one look for the first two parts of all items at once."""
    likes = sorted({f"%{part}%" for parts in items for part in parts[:2]})
    return _LikeAny(Lower("title"), Value(likes, output_field=ArrayField(TextField())))


def _has_all_but_one(parts: Iterable[str]) -> Q:
    """A title without two of them has neither of a pair."""
    holds = (Q(title__icontains=each) for each in parts)
    return reduce(and_, (one | other for one, other in combinations(holds, 2)))

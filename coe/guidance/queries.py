"""What the checks are told of other COEs."""

from collections.abc import Iterable
from typing import Any

from coe.actions.models import Promise
from coe.documents.models import Document
from coe.guidance.recurrence import EarlierAction

MOST_PROMISES = 5_000
"""The last of them by their due days are read; what is due earlier still is of another time."""


def earlier_actions(document: Document) -> tuple[EarlierAction, ...]:
    """What other COEs promise as they are published, the last day first; one statement.

    Only of COEs that everybody who is signed in may read. A finding is the same for all who read a
    COE, whoever wrote or submits it, and is answered and shown to those who review it: it must not
    name what one of them may not see. So neither a restricted COE nor a draft is asked.
    """
    promises = Promise.objects.open().filter(
        due_on__isnull=False,
        document__current_version__isnull=False,
        document__is_restricted=False,
        document__discarded_at__isnull=True,
    )
    known = promises.exclude(document=document).order_by("-due_on", "pk")[:MOST_PROMISES]
    rows: Iterable[Any] = known.values_list("document__reference", "title", "due_on")
    return tuple(EarlierAction(*row) for row in rows)

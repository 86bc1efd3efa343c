"""The history of a COE as sittings: what one person saved without a long pause.

What brings the COE into another state stands by itself, as a landmark between them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import Collate, Lower

from coe.documents.models import Document, Participant
from coe.history.models import Action, HistoryEvent

PAUSE = timedelta(minutes=30)
"""After that a person who saves again has sat down anew."""
PAGE = 30
MOMENTS = 200
"""Of how many sittings the end is offered where two moments are chosen."""
LANDMARKS = (
    Action.SUBMITTED,
    Action.WITHDRAWN,
    Action.CHANGES_REQUESTED,
    Action.APPROVED,
    Action.REOPENED,
    Action.PUBLISHED,
    Action.RETRACTED,
    Action.HANDED_OVER,
    Action.DISCARDED,
    Action.RESTORED,
    Action.REDACTED,
    Action.SEARCHED,
    Action.SIGNED,
    Action.SIGNATURES_DROPPED,
    Action.EXCUSED,
)
"""What is done with the whole document."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A thing that was saved in a sitting, and what was done with it. Of those who take part the
    subject is participant or reviewer. What was brought back was restored as well; the facts then
    have the subject facts beside document."""

    subject: str
    key: str
    actions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sitting:
    """The saves of one person from the event `first` to the event `last`.

    Others may have saved in between. A landmark is one event, and `landmark` its action.
    """

    actor_id: int
    first: int
    last: int
    began_at: datetime
    ended_at: datetime
    saves: int
    landmark: str
    touched: tuple[Touched, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Sittings, the newest first; `before` is where the next page goes on, None on the last."""

    sittings: tuple[Sitting, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody in the history of a COE, and how often they saved."""

    pk: int
    name: str
    saves: int


def writers(document: Document) -> list[Writer]:
    """Everybody in the history, by name."""
    events = HistoryEvent.objects.filter(document=document)
    is_save = ~Q(action=Action.RESTORED) | Q(subject="document")
    counted = events.values("actor", "actor__name").annotate(saves=Count("pk", filter=is_save))
    ordered = counted.order_by(Collate(Lower("actor__name"), "C"), "actor")
    return [Writer(*each) for each in ordered.values_list("actor", "actor__name", "saves")]


def page_of_sittings(
    document: Document, *, by: int | None = None, before: int | None = None
) -> Page:
    """The sittings (of one person where `by` names them) that end before the event `before`."""
    found = _sittings(document, by=by, before=before, most=PAGE + 1)
    is_more = len(found) > PAGE
    return Page(tuple(found[:PAGE]), found[PAGE - 1].last if is_more else None)


def moments_of(document: Document) -> list[Sitting]:
    """The newest sittings and landmarks, without what was touched in them."""
    return _sittings(document, by=None, before=None, most=MOMENTS, is_told=False)


_NUMBERED = """
WITH told AS (
    SELECT id, at, actor_id, action, subject_key,
           CASE WHEN subject = 'participant' AND %(reviewer)s IN (
               SELECT content -> side ->> 'role' FROM coe_historytext,
                   (VALUES ('after'), ('before')) AS sides (side) WHERE event_id = id
           ) THEN 'reviewer' ELSE subject END AS subject,
           subject = 'document' AND action = ANY(%(landmarks)s) AS is_landmark
    FROM coe_historyevent
    WHERE document_id = %(document)s AND (%(by)s::bigint IS NULL OR actor_id = %(by)s)
), behind AS (
    SELECT *, at - LAG(at) OVER own < %(pause)s AND NOT is_landmark
              AND NOT LAG(is_landmark) OVER own AS goes_on
    FROM told WINDOW own AS (PARTITION BY actor_id ORDER BY id)
), numbered AS (
    SELECT *, COUNT(*) FILTER (WHERE goes_on IS NOT TRUE)
              OVER (PARTITION BY actor_id ORDER BY id) AS number
    FROM behind
), sitting AS (
    SELECT actor_id, number, MIN(id) AS first, MAX(id) AS last, MIN(at) AS began_at,
           MAX(at) AS ended_at,
           COUNT(*) FILTER (WHERE is_landmark OR action <> %(mark)s) AS saves,
           COALESCE(MAX(action) FILTER (WHERE is_landmark), '') AS landmark
    FROM numbered GROUP BY actor_id, number
    HAVING %(before)s::bigint IS NULL OR MAX(id) < %(before)s
    ORDER BY last DESC LIMIT %(most)s
)
"""
_ALONE = """
SELECT actor_id, first, last, began_at, ended_at, saves, landmark, NULL, NULL, NULL
FROM sitting ORDER BY last DESC
"""
_WITH_THINGS = """
SELECT actor_id, sitting.first, last, began_at, ended_at, saves, landmark,
       subject, subject_key, ARRAY_AGG(DISTINCT action::text)
FROM sitting JOIN numbered USING (actor_id, number)
GROUP BY actor_id, sitting.first, last, began_at, ended_at, saves, landmark, subject, subject_key
ORDER BY last DESC, MIN(id)
"""


def _sittings(
    document: Document, *, by: int | None, before: int | None, most: int, is_told: bool = True
) -> list[Sitting]:
    values: dict[str, Any] = {
        "document": document.pk,
        "by": by,
        "before": before,
        "pause": PAUSE,
        "most": most,
        "mark": Action.RESTORED.value,
        "reviewer": Participant.Role.REVIEWER.value,
        "landmarks": [each.value for each in LANDMARKS],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERED + (_WITH_THINGS if is_told else _ALONE), values)
        rows = cursor.fetchall()
    touched: dict[Any, list[Touched]] = {}
    for row in rows:
        things = touched.setdefault(row[:7], [])
        if row[7] is not None:
            things.append(Touched(row[7], row[8], frozenset(row[9])))
    return [replace(Sitting(*head), touched=tuple(things)) for head, things in touched.items()]

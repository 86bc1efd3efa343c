"""What a person has seen of a working copy, and what is new to them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Max, Min, Q

from coe.accounts.models import User
from coe.chronicle.queries import first_event
from coe.chronicle.state import FIELDS
from coe.documents.models import Document
from coe.history.known import Known, read_known
from coe.history.models import Action, HistoryEvent
from coe.looks.models import Look, Tick

ROUND = re.compile(r"round-([0-9]{1,9})")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})\Z")
ROUNDS = (
    Action.SUBMITTED,
    Action.WITHDRAWN,
    Action.CHANGES_REQUESTED,
    Action.APPROVED,
    Action.REOPENED,
    Action.PUBLISHED,
)
"""What begins or ends a round of review, and what comes of it."""

SUBJECTS = (*FIELDS, "participant")
WRITING = (Action.ADDED, Action.CHANGED, Action.MOVED, Action.REMOVED, Action.HANDED_OVER)
"""What may change the text of a COE: these deeds with these things."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """A moment in the review: round `number` (0 before the first), what was done, who and when."""

    pk: int
    number: int
    action: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Since:
    """A moment that a person has seen everything up to: the event `pk`, seen at `at` (UTC).

    `by_others` says whether somebody else saved something after it that stands in the text.
    """

    pk: int
    at: datetime
    by_others: bool


def look_of(document: Document, user: User) -> Look | None:
    return Look.objects.filter(document=document, user=user).first()


def since_last_look(look: Look) -> Since:
    """Up to where its person had seen everything when they last looked.

    That is the event before the first that they have not seen. Events are numbered before they
    are committed: where one came late, what was saved behind it and was seen is told again.
    """
    known = read_known(look.before) or Known()
    events = HistoryEvent.objects.filter(document=look.document_id)
    unseen = events.filter(pk__gt=known.settled).exclude(pk__in=known.recent)
    others = ~Q(actor=look.user_id) & Q(subject__in=SUBJECTS, action__in=WRITING)
    found = unseen.aggregate(first=Min("pk"), others=Count("pk", filter=others))
    last = known.last
    if found["first"] is not None and found["first"] < last:
        last = events.filter(pk__lt=found["first"]).aggregate(last=Max("pk"))["last"] or 0
    return Since(last, look.before_at, found["others"] > 0)


def opening_of(document: Document) -> int:
    """The event that opened the COE; 0 where none tells of it."""
    opened = first_event(document)
    return opened.pk if opened else 0


def event_named(document: Document, text: str) -> str:
    """The key of the event that an address names in another way; `text` itself where it does not.

    "round-2" is the submitting that began that round, and a moment with its offset the last event
    up to then.
    """
    if number := ROUND.fullmatch(text):
        begun = (each for each in landmarks(document) if each.action == Action.SUBMITTED)
        return next((str(each.pk) for each in begun if each.number == int(number[1])), text)
    try:
        at = datetime.fromisoformat(text).astimezone(UTC) if MOMENT.match(text) else None
    except (ValueError, OverflowError):
        return text
    events = HistoryEvent.objects.filter(document=document, at__lte=at) if at else None
    last = events.aggregate(last=Max("pk"))["last"] if events is not None else None
    return str(last) if last else text


def ticks_of(document: Document, user: User) -> dict[str, str]:
    """By part the digest of what it said when `user` ticked it off."""
    ticks = Tick.objects.filter(document=document, user=user)
    return dict(ticks.values_list("part", "digest"))


def landmarks(document: Document) -> list[Landmark]:
    """The rounds of review, the newest first; each submitting begins one."""
    events = HistoryEvent.objects.filter(document=document, subject="document", action__in=ROUNDS)
    found: list[Landmark] = []
    number = 0
    rows = events.order_by("pk").values_list("pk", "action", "actor__name", "at")
    for pk, action, name, at in rows:
        number += action == Action.SUBMITTED
        found.append(Landmark(pk, number, action, name, at))
    return found[::-1]

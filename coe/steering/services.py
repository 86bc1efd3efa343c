"""Deciding about many items at once, by the services that people decide about one with.

Each item is a transaction of its own, judged by its own rules. Of each it is told what was done,
or why nothing was: no item is done by half, and none holds up another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.documents.models import Document
from coe.promises.dates import assign_promise
from coe.promises.holding import today_of
from coe.promises.requests import move_or_ask
from coe.reviews.decisions import accept_items
from coe.reviews.proposals import Seen as SeenProposal
from coe.reviews.proposals import proposals_of
from coe.steering.items import Seen
from coe.web.errors import StaleAnswer

NOT_THERE = "There is no such item, or none that you may see."
NOT_YOURS = "Somebody else decides this."
REFUSALS = (PermissionDenied, StaleAnswer, ValidationError)


class Result(StrEnum):
    DONE = "done"
    ASKED = "asked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one item, in a sentence. Without `title` and `reference` where it is none that
    the person may see."""

    result: Result
    said: str
    title: str = ""
    reference: str = ""
    uid: UUID | None = None


def move_many(
    ticked: Iterable[Seen], *, to: date | None, by_days: int, reason: str, by: User
) -> list[Outcome]:
    """Move due dates to a day, or each `by_days` from where it was seen, from today where that is
    past or it had none. What its owner may not move alone is asked for, unless `by` approves it."""

    def move(promise: Promise, seen: Seen) -> tuple[Result, str]:
        today = today_of(promise)
        due_on = to or max(seen.due_on or today, today) + timedelta(days=by_days)
        asked = move_or_ask(promise, due_on=due_on, seen=seen.due_on, reason=reason, by=by)
        if asked:
            return Result.ASKED, f"Whoever approves its COE was asked for {_day(due_on)}."
        return Result.DONE, f"Now due on {_day(due_on)}."

    return _change_many(ticked, move, by=by)


def hand_over_many(ticked: Iterable[Seen], *, to: User, reason: str, by: User) -> list[Outcome]:
    """Hand items over to `to`."""

    def hand_over(promise: Promise, seen: Seen) -> tuple[Result, str]:
        assign_promise(promise, to=to, reason=reason, by=by)
        return Result.DONE, f"Handed over to {to.name}."

    return _change_many(ticked, hand_over, by=by)


def accept_many(ticked: Mapping[int, Mapping[UUID, SeenProposal]], *, by: User) -> list[Outcome]:
    """Accept proposed items as they were seen, by COE (its key): all of a COE at once, so that
    their owners are told once; where one of them cannot be, each by itself."""
    seen = Document.objects.working_copy_visible_to(by).filter(pk__in=ticked)
    documents = {each.pk: each for each in seen.order_by("pk")}
    outcomes = []
    for key, items in sorted(ticked.items()):
        document = documents.get(key)
        if document is None:
            outcomes += [Outcome(Result.REFUSED, NOT_THERE) for _ in items]
        else:
            outcomes += _accept(document, items, by=by)
    return outcomes


def _accept(document: Document, items: Mapping[UUID, SeenProposal], *, by: User) -> list[Outcome]:
    titles = dict(proposals_of(document).filter(uid__in=items).values_list("uid", "title"))
    try:
        accept_items(document, seen=items, by=by)
    except REFUSALS as error:
        if len(items) > 1:
            each = ({uid: seen} for uid, seen in items.items())
            return [outcome for one in each for outcome in _accept(document, one, by=by)]
        said = _why(error)
        result = Result.REFUSED
    else:
        said, result = "Accepted.", Result.DONE
    return [Outcome(result, said, titles.get(uid, ""), document.reference) for uid in items]


def _change_many(
    ticked: Iterable[Seen], change: Callable[[Promise, Seen], tuple[Result, str]], *, by: User
) -> list[Outcome]:
    """In the order in which they were ticked. `change` holds one item at a time."""
    asked = list(ticked)
    seen = Promise.objects.visible_to(by).filter(pk__in=[each.promise for each in asked])
    promises = {each.pk: each for each in seen.with_readers_fields()}
    return [_outcome(promises.get(each.promise), each, change) for each in asked]


def _outcome(
    promise: Promise | None, seen: Seen, change: Callable[[Promise, Seen], tuple[Result, str]]
) -> Outcome:
    if promise is None:
        return Outcome(Result.REFUSED, NOT_THERE)
    try:
        result, said = change(promise, seen)
    except REFUSALS as error:
        result, said = Result.REFUSED, _why(error)
    return Outcome(result, said, promise.title, promise.document.reference, promise.uid)


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return error.reason if isinstance(error, StaleAnswer) else str(error) or NOT_YOURS


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"

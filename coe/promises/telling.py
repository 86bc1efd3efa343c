"""Who is told of what becomes of a promise."""

from collections.abc import Iterable
from datetime import date

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseEvent, PromiseRequest
from coe.notices.models import OF_THE_CLOCK, Kind
from coe.notices.services import clear, tell
from coe.promises.rules import approvers_of_promise

Event = PromiseEvent.Kind

TOLD = {
    Event.DONE: Kind.PROMISE_DONE,
    Event.NOT_DONE: Kind.PROMISE_DONE,
    Event.VERIFIED: Kind.PROMISE_VERIFIED,
    Event.DID_NOT_HOLD: Kind.DID_NOT_HOLD,
    Event.WONT_DO: Kind.PROMISE_DECIDED,
    Event.TAKEN_UP: Kind.PROMISE_DECIDED,
}
"""What is told of a step; of the others its owner alone has to know, who takes them."""


def tell_of_step(promise: Promise, event: PromiseEvent.Kind, *, note: str, by: User) -> None:
    """Tell of a step who owns the promise or its COE, and who approves that; that something did
    not hold every leader as well, and that or that it is not done who owns a COE that counts on
    it."""
    if event not in (Event.STARTED, Event.PUT_BACK):
        _clear(OF_THE_CLOCK, promise)
    if event in (Event.WONT_DO, Event.DONE):
        _clear((Kind.PROMISE_ASKED,), promise)
    if kind := TOLD.get(event):
        people = _concerned(promise)
        if event == Event.DID_NOT_HOLD:
            people |= set(User.objects.filter(is_leader=True, is_active=True))
        if event in (Event.DID_NOT_HOLD, Event.WONT_DO):
            people |= _counting_on(promise)
        _tell(kind, promise, people, text=_about(promise, note), by=by)


def tell_of_move(promise: Promise, due_on: date, *, reason: str, by: User) -> None:
    _clear((Kind.PROMISE_ASKED, *OF_THE_CLOCK), promise)
    text = f"“{promise.title}” is now due on {due_on:%-d %B %Y}. {reason}"
    _tell(Kind.PROMISE_MOVED, promise, _concerned(promise), text=text, by=by)


def tell_of_handing_over(promise: Promise, *, was: User | None, reason: str, by: User) -> None:
    _clear((Kind.PROMISE_DUE, Kind.PROMISE_LATE), promise)
    people = [each for each in (promise.owner, was) if each]
    _tell(Kind.PROMISE_HANDED_OVER, promise, people, text=_about(promise, reason), by=by)


def tell_of_request(request: PromiseRequest, *, by: User) -> None:
    """Tell who decides it."""
    promise = request.promise
    people = approvers_of_promise(promise)
    _tell(Kind.PROMISE_ASKED, promise, people, text=_about(promise, request.reason), by=by)


def tell_of_decision(request: PromiseRequest, *, by: User) -> None:
    promise = request.promise
    _clear((Kind.PROMISE_ASKED,), promise)
    people = [each for each in (request.asked_by, promise.owner) if each]
    _tell(Kind.PROMISE_DECIDED, promise, people, text=_about(promise, request.note), by=by)


def _concerned(promise: Promise) -> set[User]:
    owners = {promise.document.owner} | ({promise.owner} if promise.owner else set())
    return owners | set(approvers_of_promise(promise))


def _counting_on(promise: Promise) -> set[User]:
    """Who owns another COE that it serves. Of those only who may see it are told."""
    served = promise.servings.filter(removed_at__isnull=True).values("document__owner")
    return set(User.objects.filter(pk__in=served))


def _about(promise: Promise, note: str) -> str:
    return f"“{promise.title}”. {note}".strip()


def _clear(kinds: Iterable[Kind], promise: Promise) -> None:
    """What was told of it is no longer so."""
    for kind in kinds:
        clear(kind, promise.document, anchor=str(promise.uid))


def _tell(kind: Kind, promise: Promise, people: Iterable[User], *, text: str, by: User) -> None:
    tell(
        kind,
        people=people,
        document=promise.document,
        by=by,
        text=text,
        anchor=str(promise.uid),
    )

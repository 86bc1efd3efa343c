"""Who is told of what becomes of a promise."""

from collections.abc import Iterable
from datetime import date

from coe.accounts.models import User
from coe.actions.life import clear_told, name_of_request
from coe.actions.models import Promise, PromiseEvent, PromiseRequest
from coe.notices.models import OF_THE_CLOCK, Kind
from coe.notices.services import tell
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
    not hold every leader as well."""
    if event not in (Event.STARTED, Event.PUT_BACK):
        clear_told(promise, OF_THE_CLOCK)
    if kind := TOLD.get(event):
        people = _concerned(promise)
        if event == Event.DID_NOT_HOLD:
            people |= set(User.objects.filter(is_leader=True, is_active=True))
        _tell(kind, promise, people, text=_about(promise, note), by=by)


def tell_of_move(promise: Promise, due_on: date, *, reason: str, by: User) -> None:
    text = f"“{promise.title}” is now due on {due_on:%-d %B %Y}. {reason}"
    _tell(Kind.PROMISE_MOVED, promise, _concerned(promise), text=text, by=by)


def tell_of_handing_over(promise: Promise, *, was: User | None, reason: str, by: User) -> None:
    people = [each for each in (promise.owner, was) if each]
    _tell(Kind.PROMISE_HANDED_OVER, promise, people, text=_about(promise, reason), by=by)


def tell_of_request(request: PromiseRequest) -> None:
    """Tell who decides it."""
    _ask(request, approvers_of_promise(request.promise))


def tell_who_decides_now(request: PromiseRequest) -> None:
    """Tell those who decide it, after others did, and were told nothing of it yet."""
    told = request.promise.document.notices.filter(
        kind=Kind.PROMISE_ASKED,
        key=name_of_request(request.promise, request.kind),
        at__gte=request.asked_at,
    )
    knowing = set(told.values_list("person", flat=True))
    people = approvers_of_promise(request.promise)
    _ask(request, [each for each in people if each.pk not in knowing])


def _ask(request: PromiseRequest, people: Iterable[User]) -> None:
    promise = request.promise
    _tell(
        Kind.PROMISE_ASKED,
        promise,
        people,
        text=_about(promise, request.reason),
        by=request.asked_by,
        key=name_of_request(promise, request.kind),
    )


def tell_of_decision(request: PromiseRequest, *, by: User) -> None:
    promise = request.promise
    people = [each for each in (request.asked_by, promise.owner) if each]
    _tell(Kind.PROMISE_DECIDED, promise, people, text=_about(promise, request.note), by=by)


def _concerned(promise: Promise) -> set[User]:
    owners = {promise.document.owner} | ({promise.owner} if promise.owner else set())
    return owners | set(approvers_of_promise(promise))


def _about(promise: Promise, note: str) -> str:
    return f"“{promise.title}”. {note}".strip()


def _tell(
    kind: Kind,
    promise: Promise,
    people: Iterable[User],
    *,
    text: str,
    by: User,
    key: str = "",
) -> None:
    tell(
        kind,
        people=people,
        document=promise.document,
        by=by,
        text=text,
        anchor=str(promise.uid),
        key=key,
    )

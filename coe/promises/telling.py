"""Who is told of what becomes of a promise."""

from collections.abc import Iterable
from datetime import date

from coe.accounts.models import User
from coe.actions.life import clear_told, name_of_request
from coe.actions.models import Promise, PromiseEvent, PromiseRequest
from coe.notices.models import OF_THE_CLOCK, Kind
from coe.notices.services import tell
from coe.promises.rules import deciders_of

Event = PromiseEvent.Kind

SAID = {
    Event.DONE: "It is done.",
    Event.NOT_DONE: "It is not done after all.",
    Event.WONT_DO: "It is not to be done any more.",
    Event.TAKEN_UP: "It is to be done after all.",
}
"""What the kind of the notice leaves open."""
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
        clear_told(promise, OF_THE_CLOCK)
    if kind := TOLD.get(event):
        people = _concerned(promise)
        if event == Event.DID_NOT_HOLD:
            people |= set(User.objects.filter(is_leader=True, is_active=True))
        if event in (Event.DID_NOT_HOLD, Event.WONT_DO):
            people |= _counting_on(promise)
        _tell(kind, promise, people, words=f"{SAID.get(event, '')} {note}", by=by)


def tell_of_move(promise: Promise, due_on: date, *, reason: str, by: User) -> None:
    was = f", and no longer on {_day(promise.due_on)}" if promise.due_on else ""
    words = f"It is due on {_day(due_on)}{was}. {reason}"
    _tell(Kind.PROMISE_MOVED, promise, _concerned(promise), words=words, by=by)


def tell_of_handing_over(promise: Promise, *, was: User | None, reason: str, by: User) -> None:
    people = [each for each in (promise.owner, was) if each]
    words = f"{promise.owner} owns it now. {reason}"
    _tell(Kind.PROMISE_HANDED_OVER, promise, people, words=words, by=by)


def tell_of_request(request: PromiseRequest) -> None:
    """Tell who decides it."""
    _ask(request, deciders_of(request.promise))


def tell_who_decides_now(request: PromiseRequest) -> None:
    """Tell those who decide it, after others did, and were told nothing of it yet."""
    told = request.promise.document.notices.filter(
        kind=Kind.PROMISE_ASKED,
        key=name_of_request(request.promise, request.kind),
        at__gte=request.asked_at,
    )
    knowing = set(told.values_list("person", flat=True))
    people = deciders_of(request.promise)
    _ask(request, [each for each in people if each.pk not in knowing])


def _ask(request: PromiseRequest, people: Iterable[User]) -> None:
    promise = request.promise
    _tell(
        Kind.PROMISE_ASKED,
        promise,
        people,
        words=f"{_question(request)} {request.reason}",
        by=request.asked_by,
        key=name_of_request(promise, request.kind),
    )


def tell_of_refusal(request: PromiseRequest, *, by: User) -> None:
    promise = request.promise
    people = [each for each in (request.asked_by, promise.owner) if each]
    if request.wanted:
        words = f"It is not moved to {_day(request.wanted)}. {request.note}"
    else:
        words = f"It is still to be done. {request.note}"
    _tell(Kind.PROMISE_DECIDED, promise, people, words=words, by=by)


def _concerned(promise: Promise) -> set[User]:
    owners = {promise.document.owner} | ({promise.owner} if promise.owner else set())
    return owners | set(deciders_of(promise))


def _question(request: PromiseRequest) -> str:
    if request.wanted is None:
        return "Leave it undone?"
    was = f" from {_day(request.promise.due_on)}" if request.promise.due_on else ""
    return f"Move its due date{was} to {_day(request.wanted)}?"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _counting_on(promise: Promise) -> set[User]:
    """Who owns another COE that it serves. Of those only who may see it are told."""
    served = promise.servings.filter(removed_at__isnull=True).values("document__owner")
    return set(User.objects.filter(pk__in=served))


def _tell(
    kind: Kind,
    promise: Promise,
    people: Iterable[User],
    *,
    words: str,
    by: User,
    key: str = "",
) -> None:
    tell(
        kind,
        people=people,
        document=promise.document,
        by=by,
        text=f"{promise.title}\n{words.strip()}",
        anchor=str(promise.uid),
        key=key,
    )

"""What the owner of a promise may not do alone: they ask, somebody else decides."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.life import add_event, name_of_request
from coe.actions.models import Promise, PromiseEvent, PromiseRequest, PromiseState
from coe.notices.models import Kind as Notice
from coe.notices.services import clear
from coe.promises.dates import move_due, refuse_day, refuse_settled, refuse_unexplained, write_due
from coe.promises.holding import hold, today_of
from coe.promises.policy import last_day_alone
from coe.promises.queries import ASKED
from coe.promises.rules import part_of
from coe.promises.services import enter_state, record_change
from coe.promises.states import TRANSITIONS
from coe.promises.telling import tell_of_refusal, tell_of_request, tell_who_decides_now
from coe.web.errors import StaleAnswer

Kind = PromiseRequest.Kind
Outcome = PromiseRequest.Outcome


@transaction.atomic
def ask_for(
    promise: Promise,
    *,
    kind: PromiseRequest.Kind,
    reason: str,
    wanted: date | None = None,
    by: User,
) -> PromiseRequest:
    """Ask for a later due date (`wanted`), or not to do `promise`, which `by` may see, at all.

    Only its owner asks. The same again is once. Raises `StaleAnswer` where it is not to be done
    any more or something else of the kind is asked already, `PermissionDenied` to others, and
    `ValidationError` by field without a reason or for a day that is no day to move to.
    """
    fresh = hold(promise)
    refuse_settled(fresh)
    if not part_of(by, fresh).is_owner:
        raise PermissionDenied("Only the owner of this asks for that.")
    if there := fresh.requests.filter(kind=kind, outcome="").first():
        if (there.asked_by_id, there.reason, there.wanted) == (by.pk, reason.strip(), wanted):
            return there
        raise StaleAnswer("This is asked for already. Take that back before you ask anew.")
    refuse_unexplained(reason)
    if kind == Kind.MOVE:
        _refuse_move(fresh, wanted)
    asked = PromiseRequest.objects.create(
        promise=fresh, kind=kind, asked_by=by, reason=reason.strip(), wanted=wanted
    )
    told = {"due_before": fresh.due_on, "due_after": wanted} if kind == Kind.MOVE else {}
    add_event(fresh, ASKED[kind], by=by, note=asked.reason, **told)
    _record(asked, by=by, note=asked.reason)
    tell_of_request(asked)
    return asked


def move_or_ask(
    promise: Promise, *, due_on: date, seen: date | None, reason: str, by: User
) -> PromiseRequest | None:
    """Move the due date of `promise`, which `by` may see, or ask for what its owner may not do
    alone, and return what was asked. Raises as `move_due` and `ask_for` do."""
    part = part_of(by, promise)
    is_alone = part.is_approver or due_on <= last_day_alone(promise, today=today_of(promise))
    if is_alone or not part.is_owner:
        move_due(promise, due_on=due_on, seen=seen, reason=reason, by=by)
        return None
    return ask_for(promise, kind=Kind.MOVE, wanted=due_on, reason=reason, by=by)


@transaction.atomic
def decide_request(
    request: PromiseRequest, *, is_granted: bool, note: str = "", by: User
) -> PromiseRequest:
    """Grant or refuse what was asked of a promise that `by` may see; what is granted is done.

    Who approves the COE decides, and never who owns the promise or asked. Raises `StaleAnswer`
    where it is not open any more or the day that is to be granted is past, `PermissionDenied` to
    others, `ValidationError` of `note` where a refusal gives no reason.
    """
    promise = hold(request.promise)
    fresh = _still_open(request)
    if not part_of(by, promise).is_approver or fresh.asked_by_id == by.pk:
        raise PermissionDenied("Who approves the COE decides this.")
    if not is_granted and not note.strip():
        raise ValidationError({"note": "Say why not, so that its owner understands."})
    if is_granted and fresh.wanted:
        _refuse_overtaken(promise, fresh.wanted)
    _close(fresh, Outcome.GRANTED if is_granted else Outcome.REFUSED, note=note.strip(), by=by)
    if is_granted:
        _grant(promise, fresh, by=by)
    else:
        add_event(promise, PromiseEvent.Kind.REFUSED, by=by, note=fresh.note)
        _record(fresh, by=by, note=fresh.note)
        tell_of_refusal(fresh, by=by)
    return fresh


@transaction.atomic
def ask_who_decides_now() -> None:
    """Let those who decide now, after a change to teams or people, know of what is open."""
    promises = Prefetch("promise", Promise.objects.with_readers_fields())
    asked = PromiseRequest.objects.filter(outcome="").select_related("asked_by")
    for request in asked.prefetch_related(promises):
        tell_who_decides_now(request)


@transaction.atomic
def withdraw_request(request: PromiseRequest, *, by: User) -> None:
    """Take back what was asked; again changes nothing.

    Who asked does so, or who owns the promise by now. Raises `StaleAnswer` where it was decided,
    `PermissionDenied` to others.
    """
    promise = hold(request.promise)
    fresh = PromiseRequest.objects.get(pk=request.pk)
    if fresh.outcome == Outcome.WITHDRAWN:
        return
    fresh = _still_open(request)
    if by.pk not in (fresh.asked_by_id, promise.owner_id):
        raise PermissionDenied("Who asked for this takes it back.")
    _close(fresh, Outcome.WITHDRAWN, by=by)
    add_event(promise, PromiseEvent.Kind.TAKEN_BACK, by=by)
    _record(fresh, by=by)


def _refuse_move(promise: Promise, wanted: date | None) -> None:
    if wanted is None:
        raise ValidationError({"due_on": "Say by when you will do it."})
    refuse_day(promise, wanted)


def _refuse_overtaken(promise: Promise, wanted: date) -> None:
    """Raise `StaleAnswer` where what was asked is no day to move to any more."""
    if wanted == promise.due_on or wanted < today_of(promise):
        raise StaleAnswer(
            f"{wanted:%-d %B %Y} is past, or it is due then already. Refuse this, and say by when."
        )


def _still_open(request: PromiseRequest) -> PromiseRequest:
    fresh = PromiseRequest.objects.select_related("promise__document", "asked_by").get(
        pk=request.pk
    )
    if fresh.outcome:
        raise StaleAnswer("Nobody waits for an answer to this any more. Look at it again.")
    return fresh


def _close(
    request: PromiseRequest, outcome: PromiseRequest.Outcome, *, note: str = "", by: User
) -> None:
    request.outcome, request.note = outcome, note
    request.decided_by, request.decided_at = by, now()
    fields = ("outcome", "note", "decided_by", "decided_at")
    request.save(update_fields=fields)
    name = name_of_request(request.promise, request.kind)
    clear(Notice.PROMISE_ASKED, request.promise.document, key=name)


def _grant(promise: Promise, request: PromiseRequest, *, by: User) -> None:
    if request.wanted:
        write_due(promise, request.wanted, reason=request.note or request.reason, by=by)
        return
    step = TRANSITIONS[PromiseState(promise.state), PromiseState.WONT_DO]
    note = request.note or request.reason
    enter_state(promise, PromiseState.WONT_DO, step, by=by, note=note)


def _record(request: PromiseRequest, *, by: User, note: str = "") -> None:
    after = {"asked": request.kind, "outcome": request.outcome, "wanted": request.wanted}
    said = {"note": note} if note else {}
    record_change(request.promise, by=by, before={}, after=after | said)

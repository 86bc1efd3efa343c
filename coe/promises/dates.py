"""When a promise is due and whose it is: moved by its owner, or by who decides over them."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from coe.accounts.models import User
from coe.actions.life import let_lapse, set_due, set_owner
from coe.actions.models import Promise, PromiseEvent, PromiseRequest
from coe.history.models import Action
from coe.history.services import record
from coe.promises.holding import hold, today_of
from coe.promises.policy import last_day_alone
from coe.promises.rules import part_of
from coe.promises.services import SUBJECT, record_change
from coe.promises.telling import tell_of_handing_over, tell_of_move, tell_who_decides_now
from coe.web.errors import StaleAnswer

NO_REASON = "Say why, so that whoever waits for it understands."


@transaction.atomic
def move_due(
    promise: Promise, *, due_on: date, seen: date | None, reason: str, by: User
) -> Promise:
    """Move the due date of `promise`, which `by` may see, over the one that was `seen`.

    Its owner does so up to `last_day_alone`, and so does who handed it over to them; who decides
    over them does as far as they like, which overtakes what its owner asked for. Raises
    `StaleAnswer` where it is not to be done any more or due on another day by now,
    `PermissionDenied` to others, and `ValidationError` by field without a reason, for a day that
    is past, the same, or beyond what the owner may.
    """
    fresh = hold(promise)
    refuse_settled(fresh)
    part = part_of(by, fresh)
    if not (part.is_owner or part.is_approver):
        raise PermissionDenied("The owner or whoever approves the COE moves this.")
    if fresh.due_on != seen:
        raise StaleAnswer("The due date was moved since you opened this. Look at it, then decide.")
    refuse_day(fresh, due_on)
    is_far = due_on > last_day_alone(fresh, today=today_of(fresh))
    if is_far and not part.is_approver:
        raise ValidationError({"due_on": "So far only who approves the COE moves it. Ask for it."})
    if is_far and _handed_it_over(fresh, by):
        raise ValidationError({"due_on": "You handed this over, so its owner asks for that first."})
    refuse_unexplained(reason)
    if part.is_approver:
        let_lapse(fresh, [PromiseRequest.Kind.MOVE])
    return write_due(fresh, due_on, reason=reason, by=by)


def _handed_it_over(promise: Promise, by: User) -> bool:
    """Whether it was theirs: nobody lends out what is their own to decide over it."""
    return promise.events.filter(
        kind=PromiseEvent.Kind.HANDED_OVER, by=by, owner_before=by
    ).exists()


def write_due(promise: Promise, due_on: date, *, reason: str, by: User) -> Promise:
    """Write the new due date of the held `promise`. The caller has asked whether that may be."""
    set_due(promise, due_on, by=by, note=reason.strip())
    record_change(
        promise,
        by=by,
        before={"due_on": promise.due_on},
        after={"due_on": due_on, "note": reason.strip()},
    )
    tell_of_move(promise, due_on, reason=reason.strip(), by=by)
    return Promise.objects.with_readers_fields().get(pk=promise.pk)


@transaction.atomic
def assign_promise(promise: Promise, *, to: User, reason: str, by: User) -> Promise:
    """Hand `promise`, which `by` may see, over to `to`; to whom it belongs is nothing.

    Its owner does so, or who decides over them. Raises `StaleAnswer` where it is not to be done
    any more, `PermissionDenied` to others, and `ValidationError` by field without a reason, or to
    somebody who is not here or may not read the COE.
    """
    heir = User.objects.select_for_update(no_key=True).get(pk=to.pk)
    fresh = hold(promise)
    refuse_settled(fresh)
    part = part_of(by, fresh)
    if not (part.is_owner or part.is_approver):
        raise PermissionDenied("The owner or whoever approves the COE hands this over.")
    if fresh.owner_id == heir.pk:
        return fresh
    if not heir.is_active:
        raise ValidationError({"to": f"{heir.name} is not here any more. Choose somebody else."})
    if not Promise.objects.visible_to(heir).filter(pk=fresh.pk).exists():
        raise ValidationError({"to": f"{heir.name} may not read this COE. Choose somebody else."})
    refuse_unexplained(reason)
    set_owner(fresh, heir, by=by, note=reason.strip())
    record(
        Action.HANDED_OVER,
        by=by,
        subject=SUBJECT,
        key=fresh.uid,
        document_id=fresh.document_id,
        before={"owner_id": fresh.owner_id},
        after={"owner_id": heir.pk, "title": fresh.title, "note": reason.strip()},
    )
    handed = Promise.objects.with_readers_fields().get(pk=fresh.pk)
    tell_of_handing_over(handed, was=fresh.owner, reason=reason.strip(), by=by)
    for asked in handed.requests.filter(outcome="").select_related("asked_by"):
        tell_who_decides_now(asked)
    return handed


def refuse_settled(promise: Promise) -> None:
    """Raise `StaleAnswer` where nobody has to do it any more."""
    if not promise.is_to_be_done:
        raise StaleAnswer(
            f"This is now “{promise.get_state_display()}”, so there is nothing to change about "
            "who does it, or when."
        )


def refuse_day(promise: Promise, due_on: date) -> None:
    """Raise `ValidationError` for a day that is no day to move to."""
    if due_on == promise.due_on:
        raise ValidationError({"due_on": "It is due on this day already. Choose another."})
    if due_on < today_of(promise):
        raise ValidationError({"due_on": "This day is past. Choose one that is to come."})


def refuse_unexplained(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})

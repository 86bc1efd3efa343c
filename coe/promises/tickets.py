"""The ticket of a promise in whatever tracker the team has."""

from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.promises.dates import refuse_settled
from coe.promises.holding import hold
from coe.promises.rules import Part, part_of
from coe.promises.services import record_change
from coe.trackers.following import put_reading
from coe.trackers.models import NewTicket, Tracker
from coe.trackers.opening import want_ticket
from coe.web.errors import StaleAnswer

NOT_THEIRS: Final = "The owner or whoever approves the COE names the ticket of this."
MOVED_ON: Final = "Somebody named another ticket since you opened this. Look at it, then decide."
NAMES_ONE: Final = "This names a ticket by now, so no other was opened."
UNCONFIRMED: Final = (
    "Say that this is meant: few may see this COE, and everybody who reads the tracker learns that "
    "it exists."
)


def may_name_ticket(part: Part) -> bool:
    """The owner of the promise, or who decides over them."""
    return part.is_owner or part.is_approver


@transaction.atomic
def set_ticket(promise: Promise, *, tracker: str, by: User, seen: str | None = None) -> Promise:
    """Name the ticket of `promise`, which `by` may see, by its key or its address, over the one
    that was `seen`; empty is none.

    Its owner does so, or who decides over them. Raises `PermissionDenied` to others, `StaleAnswer`
    where it is promised no more or names another ticket than was seen.
    """
    fresh = hold(promise)
    if not may_name_ticket(part_of(by, fresh)):
        raise PermissionDenied(NOT_THEIRS)
    if fresh.tracker == tracker:
        return fresh
    if seen is not None and fresh.tracker != seen:
        raise StaleAnswer(MOVED_ON)
    Promise.objects.filter(pk=fresh.pk).update(tracker=tracker)
    before, after = {"tracker": fresh.tracker}, {"tracker": tracker}
    record_change(fresh, by=by, before=before, after=after)
    if tracker:
        put_reading(fresh.pk)
    return Promise.objects.with_readers_fields().get(pk=fresh.pk)


@transaction.atomic
def ask_for_ticket(
    promise: Promise, *, tracker: Tracker, is_confirmed: bool = False, by: User
) -> NewTicket:
    """Have a ticket for `promise`, which `by` may see, opened in `tracker`; while one is waited
    for, again is once.

    Who names its ticket does so. Of a restricted COE only if that `is_confirmed`, and then its
    title is the reference alone. Raises `PermissionDenied` to others, `StaleAnswer` where it is
    not to be done any more or names a ticket, `ValidationError` by field.
    """
    fresh = hold(promise)
    if not may_name_ticket(part_of(by, fresh)):
        raise PermissionDenied(NOT_THEIRS)
    refuse_settled(fresh)
    if fresh.tracker:
        raise StaleAnswer(NAMES_ONE)
    if fresh.document.is_restricted and not is_confirmed:
        raise ValidationError({"is_confirmed": UNCONFIRMED})
    return want_ticket(fresh, tracker=tracker, is_bare=fresh.document.is_restricted, by=by)

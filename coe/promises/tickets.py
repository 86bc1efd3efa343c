"""The ticket of a promise in whatever tracker the team has."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.promises.holding import hold
from coe.promises.rules import part_of
from coe.promises.services import record_change


@transaction.atomic
def set_ticket(promise: Promise, *, tracker: str, by: User) -> Promise:
    """Name the ticket of `promise`, which `by` may see, by its key or its address; empty is none.

    Its owner does so, or who decides over them. Raises `PermissionDenied` to others, `StaleAnswer`
    where it is promised no more.
    """
    fresh = hold(promise)
    part = part_of(by, fresh)
    if not (part.is_owner or part.is_approver):
        raise PermissionDenied("The owner names the ticket of this, or who approves the COE.")
    if fresh.tracker != tracker:
        Promise.objects.filter(pk=fresh.pk).update(tracker=tracker)
        before, after = {"tracker": fresh.tracker}, {"tracker": tracker}
        record_change(fresh, by=by, before=before, after=after)
    return Promise.objects.with_readers_fields().get(pk=fresh.pk)

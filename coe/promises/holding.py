"""One promise, held while it is written."""

from datetime import date

from django.utils.timezone import now

from coe.actions.life import take
from coe.actions.models import Promise
from coe.web.errors import StaleAnswer

GONE = "The COE does not promise this any more, so nothing was done."


def hold(promise: Promise) -> Promise:
    """Take `promise` alone until the transaction ends, and return it as it is now.

    Raises `StaleAnswer` if it is promised no more.
    """
    take(promise)
    fresh = Promise.objects.with_readers_fields().get(pk=promise.pk)
    if fresh.dropped_at:
        raise StaleAnswer(GONE)
    return fresh


def today_of(promise: Promise) -> date:
    """Which day it is where the team works."""
    return now().astimezone(promise.zone).date()

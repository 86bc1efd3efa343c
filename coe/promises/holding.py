"""One promise, held while it is written."""

from datetime import date

from django.db import connection
from django.utils.timezone import now

from coe.actions.models import Promise
from coe.web.errors import StaleAnswer

GONE = "The COE does not promise this any more, so nothing was done."


def hold(promise: Promise) -> Promise:
    """Take `promise` alone until the transaction ends, and return it as it is now.

    Its COE is held before it, as whoever publishes does. Raises `StaleAnswer` if it is promised
    no more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM coe_document WHERE id = %s FOR KEY SHARE", [promise.document_id]
        )
    Promise.objects.select_for_update(no_key=True).only("pk").get(pk=promise.pk)
    fresh = Promise.objects.with_readers_fields().get(pk=promise.pk)
    if fresh.dropped_at:
        raise StaleAnswer(GONE)
    return fresh


def today_of(promise: Promise) -> date:
    """Which day it is where the team works."""
    return now().astimezone(promise.zone).date()

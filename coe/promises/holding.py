"""One promise, held while it is written."""

from datetime import date

from django.db import connection
from django.db.models import QuerySet
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


def hold_all(promises: QuerySet[Promise]) -> None:
    """Take all of `promises` alone until the transaction ends: first their COEs, and each kind in
    one order, so that nobody who does the same waits for whoever waits for them."""
    keys = list(promises.order_by("pk").values_list("pk", "document_id"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM coe_document WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",
            [sorted({document for _, document in keys})],
        )
    held = Promise.objects.filter(pk__in=[key for key, _ in keys]).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk"))


def today_of(promise: Promise) -> date:
    """Which day it is where the team works."""
    return now().astimezone(promise.zone).date()

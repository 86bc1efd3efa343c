"""Reading back how the tickets of promises stand: who is due, and one ticket at a time.

A pass looks which are due and puts a job for each, spread over the time until the next pass. What
cannot be read is read again later, at longer and longer intervals, and a tracker that cannot be
asked at all is left alone with all its tickets. So one that hangs costs a few seconds now and then.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from coe.actions.models import Promise
from coe.jobs.services import MOST_TRIES, pause_after, put_job
from coe.trackers.asking import Refused, TrackerFails
from coe.trackers.links import ticket_named
from coe.trackers.models import Ticket, TicketState, Tracker
from coe.trackers.questions import read_ticket
from coe.trackers.reading import Reading
from coe.trackers.standing import is_quiet, noted

PASS_EVERY: Final = timedelta(minutes=10)
READ_EVERY: Final = timedelta(hours=1)
CLOSED_EVERY: Final = timedelta(hours=6)
"""A ticket that is done or gone hardly changes."""
MOST_AT_ONCE: Final = 300
"""How many are read until the next pass; the others wait, those that are due longest first."""


@transaction.atomic
def put_readings(*, as_of: datetime) -> int:
    """Have every ticket that is due read before the next pass; how many there are."""
    due = sorted(_due(as_of))[:MOST_AT_ONCE]
    apart = PASS_EVERY * 0.8 / max(len(due), 1)
    for place, (_, promise) in enumerate(due):
        put_reading(promise, not_before=as_of + apart * place)
    return len(due)


def put_reading(promise: int, *, not_before: datetime | None = None) -> None:
    """Have the ticket of a promise read, if it names one of a tracker that is asked."""
    payload = {"promise": promise}
    put_job("read_ticket", payload=payload, key=str(promise), not_before=not_before)


def read_back(promise_pk: int, *, as_of: datetime) -> None:
    """Read the ticket of this promise, if it is due, and write down what the tracker says.

    No row is held while the tracker is asked. Must be called in a transaction, that of its job.
    """
    promise = Promise.objects.unsettled().filter(pk=promise_pk).select_related("ticket").first()
    named = ticket_named(promise.tracker, asked_trackers()) if promise else None
    if promise is None or named is None:
        return
    tracker, key = named
    before = _known(promise, tracker, key)
    if is_quiet(tracker, as_of) or (before and before.due_at > as_of):
        return
    try:
        with noted(tracker, as_of):
            reading = read_ticket(tracker, key)
    except (Refused, TrackerFails) as error:
        _keep(promise, tracker, key, _missed(before, str(error), as_of))
    else:
        _keep(promise, tracker, key, _read(reading, as_of))


def asked_trackers() -> list[Tracker]:
    """Those that have a token."""
    return list(Tracker.objects.exclude(sealed_token="").order_by("pk"))


def _due(as_of: datetime) -> Iterator[tuple[datetime, int]]:
    """Since when it is due, and which promise."""
    trackers = {each.pk: each for each in asked_trackers()}
    if not trackers:
        return
    named = Promise.objects.unsettled().exclude(tracker="")
    rows = named.values_list(
        "pk", "tracker", "promised_at", "ticket__tracker", "ticket__key", "ticket__due_at"
    )
    for pk, link, promised_at, tracker_pk, key, due_at in rows.iterator(chunk_size=1000):
        found = ticket_named(link, trackers.values())
        if found is None or is_quiet(found[0], as_of):
            continue
        is_known = (tracker_pk, key) == (found[0].pk, found[1])
        since = due_at if is_known else promised_at
        if since <= as_of:
            yield since, pk


def _known(promise: Promise, tracker: Tracker, key: str) -> Ticket | None:
    """What was read of this very ticket before."""
    ticket: Ticket | None = getattr(promise, "ticket", None)
    is_same = ticket is not None and (ticket.tracker_id, ticket.key) == (tracker.pk, key)
    return ticket if is_same else None


def _read(reading: Reading, moment: datetime) -> dict[str, Any]:
    is_closed = reading.state in (TicketState.DONE, TicketState.GONE)
    return {
        "state": reading.state,
        "told": reading.told,
        "read_at": moment,
        "due_at": moment + (CLOSED_EVERY if is_closed else READ_EVERY),
        "error": "",
        "misses": 0,
    }


def _missed(before: Ticket | None, error: str, moment: datetime) -> dict[str, Any]:
    """What was read before stands, with its age."""
    misses = min((before.misses if before else 0) + 1, MOST_TRIES)
    told = {"error": error, "misses": misses, "due_at": moment + pause_after(misses)}
    return told if before else {"state": TicketState.UNKNOWN, "told": "", "read_at": None, **told}


def _keep(promise: Promise, tracker: Tracker, key: str, values: dict[str, Any]) -> None:
    """Unless an administrator removed the tracker, or gave it another project, meanwhile."""
    same = Tracker.objects.filter(pk=tracker.pk, project=tracker.project, address=tracker.address)
    if same.select_for_update(no_key=True).exists():
        given = {"tracker": tracker, "key": key, **values}
        Ticket.objects.update_or_create(promise=promise, defaults=given)

"""Opening a ticket for a promise in a tracker: wanted in one transaction, opened by the worker.

Twice pressed is once: there is one row for a promise. Whoever opens a ticket looks first whether
one is there that bears the marker of the promise, so a worker that dies between the answer of the
tracker and the note of it here finds its ticket at the next try. What stays is a window of Jira's:
it finds a label a few seconds after it was given, and the next try comes ten seconds later. A
repository in which more than 300 issues were opened since then is not searched to its end.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.life import take
from coe.actions.models import Promise
from coe.history.models import Action
from coe.history.services import record
from coe.jobs.services import pause_after, put_job
from coe.trackers.asking import Refused, TrackerFails
from coe.trackers.following import put_reading
from coe.trackers.links import link_to
from coe.trackers.models import NewTicket, Tracker
from coe.trackers.questions import find_ticket, open_ticket
from coe.trackers.standing import noted

LOCKS: Final = 0x0C0F
"""Advisory locks of promises: two workers never open a ticket for one at once."""
MOST_TRIES: Final = 12
"""With the pauses of jobs about eight hours: whoever wants a ticket waits for it."""
MOST_SENT: Final = 2
"""How often a ticket is sent of which nobody says that it was opened, and which is not found."""
UNSURE = (
    "The tracker did not say whether it opened the ticket, and it is not found there. "
    "Look for it before you ask for another."
)
RESTRICTED = "The COE was restricted meanwhile, so nothing was opened."
HAS_ONE = "It names another ticket by now, so this one is linked nowhere."
NOT_WANTED = "It is not to be done any more, so nothing was opened."
NOT_THEIRS = "Who wanted it may not read the COE any more, so nothing was opened."


@dataclass(frozen=True, slots=True)
class Words:
    """What a ticket says."""

    title: str
    body: str
    marker: str


def want_ticket(promise: Promise, *, tracker: Tracker, is_bare: bool, by: User) -> NewTicket:
    """Have a ticket opened for the held `promise`, which names none. The caller has asked whether
    `by` may. While one is waited for, that is all."""
    there = NewTicket.objects.filter(promise=promise).first()
    if there and there.is_waiting:
        return there
    moment = now()
    wanted = {
        "tracker": tracker,
        "asked_by": by,
        "asked_at": moment,
        "is_bare": is_bare,
        "tries": 0,
        "sent": 0,
        "due_at": moment,
        "error": "",
        "link": "",
        "ended_at": None,
    }
    made, _ = NewTicket.objects.update_or_create(promise=promise, defaults=wanted)
    _put(made)
    return made


def open_wanted(promise_pk: int, *, as_of: datetime) -> None:
    """Open the ticket that is wanted for this promise, if it still is, or see to it that it is
    tried again.

    No row is held while the tracker is asked. Must be called in a transaction, that of its job.
    """
    if not _is_ours(promise_pk):
        return
    waiting = NewTicket.objects.select_related("tracker", "asked_by", "promise__document")
    wanted = waiting.filter(promise=promise_pk, ended_at__isnull=True).first()
    if wanted is None:
        return
    if wanted.due_at > as_of:
        _put(wanted)
        return
    if withheld := _withheld(wanted):
        _end(wanted, error=withheld)
        return
    try:
        with noted(wanted.tracker, as_of):
            key = _opened(wanted)
    except Refused as error:
        _missed(wanted, str(error), as_of, is_for_good=error.is_for_good)
    except TrackerFails as error:
        _missed(wanted, str(error), as_of)
    else:
        _link(wanted, link_to(wanted.tracker, key))


def words_for(wanted: NewTicket) -> Words:
    """Nothing that people wrote but the title, and of a restricted COE not even that. The marker
    is that of one promise of one COE."""
    promise = wanted.promise
    reference = promise.document.reference
    link = settings.PUBLIC_URL + reverse("promise", args=[reference, promise.uid])
    return Words(
        title=reference if wanted.is_bare else promise.title,
        body=f"An action item of {reference}: {link}",
        marker=f"{reference}-{promise.uid}",
    )


def _is_ours(promise_pk: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCKS, promise_pk])
        found: tuple[bool] = cursor.fetchone()
    return found[0]


def _put(wanted: NewTicket) -> None:
    key = wanted.promise_id
    put_job("open_ticket", payload={"promise": key}, key=str(key), not_before=wanted.due_at)


def _withheld(wanted: NewTicket) -> str:
    """Why it may not be opened any more; rights are asked again when it is."""
    promise = wanted.promise
    if promise.dropped_at or not promise.is_to_be_done:
        return NOT_WANTED
    if promise.tracker:
        return HAS_ONE
    if promise.document.is_restricted and not wanted.is_bare:
        return RESTRICTED
    by = wanted.asked_by
    is_theirs = by.is_active and Promise.objects.visible_to(by).filter(pk=promise.pk).exists()
    return "" if is_theirs else NOT_THEIRS


def _opened(wanted: NewTicket) -> str:
    """The key of its ticket, which may be there from a try before."""
    words, tracker = words_for(wanted), wanted.tracker
    if found := find_ticket(tracker, words.marker, since=wanted.first_at):
        return found
    if wanted.sent >= MOST_SENT:
        raise Refused(UNSURE, is_for_good=True)
    wanted.sent += 1
    return open_ticket(tracker, title=words.title, body=words.body, marker=words.marker)


def _missed(wanted: NewTicket, error: str, moment: datetime, *, is_for_good: bool = False) -> None:
    tries = wanted.tries + 1
    if is_for_good or tries >= MOST_TRIES:
        _end(wanted, error=error, tries=tries)
        return
    wanted.due_at = moment + pause_after(tries)
    told = {"tries": tries, "sent": wanted.sent, "error": error, "due_at": wanted.due_at}
    _waiting(wanted).update(**told)
    _put(wanted)


def _link(wanted: NewTicket, link: str) -> None:
    """Name it as the ticket of the promise, unless that names another by now."""
    take(wanted.promise)
    promise = Promise.objects.get(pk=wanted.promise_id)
    if promise.tracker:
        _end(wanted, error=HAS_ONE, link=link)
        return
    Promise.objects.filter(pk=promise.pk).update(tracker=link)
    record(
        Action.CHANGED,
        by=wanted.asked_by,
        subject="promise",
        key=promise.uid,
        document_id=promise.document_id,
        before={"tracker": ""},
        after={"title": promise.title, "tracker": link},
    )
    _end(wanted, link=link)
    put_reading(promise.pk)


def _end(wanted: NewTicket, **values: object) -> None:
    _waiting(wanted).update(**{"error": "", **values, "ended_at": now()})


def _waiting(wanted: NewTicket) -> QuerySet[NewTicket]:
    return NewTicket.objects.filter(pk=wanted.pk, ended_at__isnull=True)

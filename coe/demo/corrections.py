"""What became of the corrections that the demo's COEs promised.

Most that were due long ago were done in time and held. A month cannot pass while a demo is made, so
the days on which something was promised and done are moved back by hand; all else goes through the
services.
"""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseRequest, PromiseState
from coe.documents.models import Document
from coe.policies.rules import DEFAULT_RULES
from coe.promises.dates import move_due
from coe.promises.holding import today_of
from coe.promises.policy import first_day_to_verify
from coe.promises.requests import ask_for, decide_request
from coe.promises.rules import deciders_of
from coe.promises.services import Evidence, move_promise

OLD = date(2026, 10, 15)
"""What was due before was done by then, and held, where nothing else is told here."""
EARLY = timedelta(days=4)
SHOWN = "https://changes.example.com/{}"

STARTED = {
    "Spread the end of tokens over the hour",
    "List running maintenance beside releases on the page for responders",
    "Set the clock as a step of the runbook for replaced boards",
    "Take in one of a hundred reports of browsers, with an alarm on a rise",
}
DONE = {
    "Refuse queries longer than 60 seconds on the primary, except by name": (
        date(2026, 11, 10),
        "A query of 61 seconds was refused on the primary, and one that is named ran to its end.",
    ),
    "Let prices live ten minutes in a cache": (
        date(2026, 10, 19),
        "The oldest price in any cache was nine minutes and 58 seconds old, over a whole day.",
    ),
}
"""When it was done, and what that shows; nobody has said yet that it held."""
FAILED = {
    "Pause the emptying of disks while the slowest hundredth of reads is over 250 ms": (
        "stranger@example.com",
        "On 5 November disks of two racks were emptied while reads took 400 ms: the pause looks at "
        "the average of a rack, and one of them was fast.",
    ),
}
"""Who says that it did not hold, and why."""
MOVED = {
    "Page when an invoice is refused, at any hour": (
        date(2026, 12, 9),
        "The bank tells us of refusals by a new interface from 1 December; before, we would build "
        "against one that is switched off.",
    ),
}
UNWANTED = {
    "Send reminders to teams instead of people": (
        "The alarm as seen from outside, 14 days before, reaches the team already.",
        "Agreed: one way to hear of it is enough, and it is the one that cannot leave the company.",
    ),
    "Replace our own rule language with a table of conditions": (
        "Silent days and the alarm by kind of order found each of the last four rules that were "
        "wrong. The table would take a quarter.",
        "",
    ),
}
"""Why its owner asks not to do it; and why that was granted, empty where nobody decided yet."""


def live_on(document: Document) -> None:
    """Bring what the current version of `document` promises as far as it has come."""
    promises = Promise.objects.standing().filter(document=document).with_readers_fields()
    for promise in promises.order_by("due_on", "pk"):
        _date_back(promise)
        _live_on(promise)


def _date_back(promise: Promise) -> None:
    """It was promised so long before it is due as its priority allows, as far as that is past."""
    days = DEFAULT_RULES.due_days.get(promise.priority)
    if promise.due_on and days:
        noon = datetime.combine(promise.due_on - timedelta(days), time(12), promise.zone)
        Promise.objects.filter(pk=promise.pk).update(promised_at=min(noon, now()))


def _live_on(promise: Promise) -> None:
    title, owner, due = promise.title, promise.owner, promise.due_on
    if owner is None or due is None:
        return
    if title in STARTED:
        move_promise(promise, to=PromiseState.IN_PROGRESS, by=owner)
    elif title in DONE:
        _finish(promise, *DONE[title], by=owner)
    elif title in MOVED:
        _move(promise, *MOVED[title], by=owner)
    elif title in UNWANTED:
        _ask_not_to(promise, *UNWANTED[title], by=owner)
    elif due < OLD:
        _hold_up(promise, done_on=due - EARLY, by=owner)
        if title in FAILED:
            _fail(promise, *FAILED[title])


def _move(promise: Promise, day: date, reason: str, *, by: User) -> None:
    if day > today_of(promise):  # a demo that is made later has it late instead
        move_due(promise, due_on=day, seen=promise.due_on, reason=reason, by=by)


def _hold_up(promise: Promise, *, done_on: date, by: User) -> None:
    """Done, and shown to hold by who decides over it."""
    _finish(promise, done_on, "It does what was agreed: see how it was tried.", by=by)
    note = "Nothing of the kind came back since, and the check that would tell runs every day."
    verifier = deciders_of(promise)[0]
    move_promise(promise, to=PromiseState.VERIFIED, by=verifier, note=note)


def _finish(promise: Promise, done_on: date, note: str, *, by: User) -> None:
    evidence = Evidence(address=SHOWN.format(promise.uid.int % 9000 + 1000))
    move_promise(promise, to=PromiseState.DONE, by=by, note=note, evidence=evidence)
    Promise.objects.filter(pk=promise.pk).update(
        done_on=done_on, verify_from=first_day_to_verify(promise, done_on)
    )


def _fail(promise: Promise, email: str, note: str) -> None:
    by = User.objects.get_by_natural_key(email)
    move_promise(promise, to=PromiseState.DID_NOT_HOLD, by=by, note=note)


def _ask_not_to(promise: Promise, reason: str, granted: str, *, by: User) -> None:
    asked = ask_for(promise, kind=PromiseRequest.Kind.WONT_DO, reason=reason, by=by)
    if granted:
        decide_request(asked, is_granted=True, note=granted, by=deciders_of(promise)[0])

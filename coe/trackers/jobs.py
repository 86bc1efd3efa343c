"""What the worker does about trackers: reads tickets, opens them, tries a token."""

from typing import Any

from django.utils.timezone import now

from coe.jobs.kinds import Lane, job
from coe.trackers.asking import Refused, TrackerFails
from coe.trackers.following import PASS_EVERY, put_readings, read_back
from coe.trackers.models import Tracker
from coe.trackers.opening import open_wanted
from coe.trackers.questions import check
from coe.trackers.standing import noted


@job("read_tickets", title="See which tickets are to be read", every=PASS_EVERY)
def read_tickets(payload: dict[str, Any]) -> None:
    put_readings(as_of=now())


@job("read_ticket", title="Read the state of a ticket", lane=Lane.TRACK)
def read_ticket(payload: dict[str, Any]) -> None:
    read_back(payload["promise"], as_of=now())


@job("open_ticket", title="Open a ticket", lane=Lane.TRACK)
def open_ticket(payload: dict[str, Any]) -> None:
    open_wanted(payload["promise"], as_of=now())


@job("check_tracker", title="See whether a tracker answers", lane=Lane.TRACK)
def check_tracker(payload: dict[str, Any]) -> None:
    """How it went stands with the tracker, so it is not tried again by itself."""
    tracker = Tracker.objects.filter(pk=payload["tracker"]).first()
    if tracker is None:
        return
    try:
        with noted(tracker, now()):
            check(tracker)
    except (Refused, TrackerFails):
        return

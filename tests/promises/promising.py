"""A promise in whatever state a test begins with."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from coe.accounts.models import User
from coe.actions.models import FINISHED, Promise, PromiseEvent, PromiseState
from coe.actions.services import PromisedAction, keep_promises
from coe.documents.models import Document
from coe.promises.holding import today_of
from coe.promises.services import Evidence
from tests.documents.making import make_action

SHOWN = Evidence(address="https://example.org/alarms/7")


def make_promise(
    document: Document, owner: User, title: str = "Alarm at 80 % full", **values: Any
) -> Promise:
    """As if the COE were published with this one correction."""
    given: dict[str, Any] = {"due_on": date(2026, 12, 15), "priority": 1, "kind": "detect"}
    given |= values
    item = make_action(document, title, owner_id=owner.pk, **given)
    stated = {name: given[name] for name in ("due_on", "priority", "kind")}
    promised = PromisedAction(uid=item.uid, title=title, **stated)
    keep_promises(document, promised=[promised], by=document.owner)
    Document.objects.filter(pk=document.pk).update(current_version=1)
    return fresh(Promise.objects.get(uid=item.uid))


def fresh(promise: Promise) -> Promise:
    return Promise.objects.with_readers_fields().get(pk=promise.pk)


def in_state(promise: Promise, state: str, *, finisher: User, held_for: int = 30) -> Promise:
    """Set it to a state; what is finished was so by `finisher`, and may be verified if it held
    for 30 days."""
    written: dict[str, Any] = {"state": state, "state_since": timezone.now()}
    if state in FINISHED:
        done_on = today_of(promise) - timedelta(days=held_for)
        verify_from = done_on + timedelta(days=30)
        written |= {"done_on": done_on, "done_by": finisher, "verify_from": verify_from}
    if state == PromiseState.DID_NOT_HOLD:
        written["did_not_hold_at"] = timezone.now()
    Promise.objects.filter(pk=promise.pk).update(**written)
    return fresh(promise)


def story(promise: Promise) -> list[str]:
    """What happened to it, in order."""
    return [event.kind for event in PromiseEvent.objects.filter(promise=promise)]

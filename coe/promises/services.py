"""Bringing a promise from one state to the next: from accepted to shown to hold, and back."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.life import add_event, let_lapse
from coe.actions.models import (
    FINISHED,
    TO_BE_DONE,
    EvidenceFile,
    Promise,
    PromiseState,
)
from coe.history.models import Action
from coe.history.services import record
from coe.notices.events import Event, announce
from coe.promises.holding import hold, today_of
from coe.promises.policy import first_day_to_verify
from coe.promises.rules import part_of, refusal
from coe.promises.states import TRANSITIONS, Step
from coe.promises.telling import tell_of_step
from coe.web.errors import StaleAnswer

SUBJECT = "promise"
NO_EVIDENCE = "Show it: give an address, or add a file."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it may be kept: its bytes are what `media_type` says."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that something was done: an address, a file, or both."""

    address: str = ""
    file: Upload | None = None

    def __bool__(self) -> bool:
        return bool(self.address or self.file)


NOTHING_SHOWN = Evidence()


class TooEarly(StaleAnswer):
    """It has to hold for a while before somebody can say that it held."""

    def __init__(self, promise: Promise) -> None:
        super().__init__(
            f"This was done on {promise.done_on:%-d %B %Y} and has to hold until "
            f"{promise.verify_from:%-d %B %Y} before anybody says that it held."
        )


@transaction.atomic
def move_promise(
    promise: Promise,
    *,
    to: PromiseState,
    by: User,
    start: PromiseState | None = None,
    note: str = "",
    evidence: Evidence = NOTHING_SHOWN,
) -> Promise:
    """Bring `promise`, which `by` may see, to another state, and return it as it then is.

    `start` is the state in which the button was drawn. The row is held and everything is asked
    again. Raises `StaleAnswer` where that way does not lead from where it is, or it is promised no
    more; `TooEarly` where it has not held long enough; `PermissionDenied` to who may not; and
    `ValidationError` by field without the word or the evidence that the step asks for.
    """
    fresh = hold(promise)
    step = allowed_step(fresh, to=to, by=by, start=start)
    if to == PromiseState.VERIFIED and (fresh.verify_from or today_of(fresh)) > today_of(fresh):
        raise TooEarly(fresh)
    _refuse_unsaid(step, note, evidence)
    return enter_state(fresh, to, step, by=by, note=note.strip(), evidence=evidence)


def allowed_step(
    promise: Promise, *, to: PromiseState, by: User, start: PromiseState | None = None
) -> Step:
    """The step to `to`, if `by` may take it now without a request for it. Raises as
    `move_promise` does, but for the day and for what has to be said."""
    state = PromiseState(promise.state)
    step = TRANSITIONS.get((state, to))
    if step is None or start not in (None, state):
        raise StaleAnswer(f"This is now “{state.label}”, so that is no longer possible.")
    part = part_of(by, promise)
    if step.is_requested:
        raise PermissionDenied("Its owner asks for this, and who approves the COE decides it.")
    if not step.rule(part):
        raise PermissionDenied(refusal(step.rule, promise, part))
    return step


def enter_state(
    promise: Promise,
    to: PromiseState,
    step: Step,
    *,
    by: User,
    note: str = "",
    evidence: Evidence = NOTHING_SHOWN,
) -> Promise:
    """Write that the held `promise` is in another state now, and tell of it. The caller has asked
    whether it may be."""
    was = PromiseState(promise.state)
    _write(promise, to, by=by)
    event = add_event(
        promise,
        step.kind,
        by=by,
        state_before=was,
        state_after=to,
        note=note,
        evidence=evidence.address,
    )
    if evidence.file:
        EvidenceFile.objects.create(event=event, **_stored(evidence.file))
    if to not in TO_BE_DONE:
        let_lapse(promise)
    record_change(
        promise,
        by=by,
        before={"state": was},
        after={"state": to, **_said(note, evidence)},
    )
    fresh = Promise.objects.with_readers_fields().get(pk=promise.pk)
    tell_of_step(fresh, step.kind, note=note, by=by)
    announce(
        Event.ITEM_CHANGED,
        document=fresh.document,
        by=by,
        items=[fresh.uid],
        was=was.value,
        state=to.value,
    )
    return fresh


def record_change(
    promise: Promise, *, by: User, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Tell the history of the COE what became of the promise."""
    record(
        Action.CHANGED,
        by=by,
        subject=SUBJECT,
        key=promise.uid,
        document_id=promise.document_id,
        before=before,
        after={"title": promise.title, **after},
    )


def _refuse_unsaid(step: Step, note: str, evidence: Evidence) -> None:
    missing = {}
    if step.asks and not note.strip():
        missing["note"] = step.asks
    if step.is_shown and not evidence:
        missing["evidence"] = NO_EVIDENCE
    if missing:
        raise ValidationError(missing)


def _write(promise: Promise, to: PromiseState, *, by: User) -> None:
    written: dict[str, Any] = {"state": to, "state_since": now()}
    if to == PromiseState.DONE:
        today = today_of(promise)
        written |= {
            "done_on": today,
            "done_by": by,
            "verify_from": first_day_to_verify(promise, today),
        }
    elif to not in FINISHED:
        written |= {"done_on": None, "done_by": None, "verify_from": None}
    if to == PromiseState.VERIFIED:
        written["did_not_hold_at"] = None
    if to == PromiseState.DID_NOT_HOLD:
        written["did_not_hold_at"] = now()
    Promise.objects.filter(pk=promise.pk).update(**written)


def _stored(upload: Upload) -> dict[str, Any]:
    return {"name": upload.name, "media_type": upload.media_type, "content": upload.content}


def _said(note: str, evidence: Evidence) -> dict[str, str]:
    said = {"note": note, "evidence": evidence.address}
    return {name: text for name, text in said.items() if text}

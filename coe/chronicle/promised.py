"""What is told of promises: how far each is, when it is due, whose it is; and none of the words."""

from collections.abc import Iterator, Sequence
from datetime import date

from coe.actions.models import PromiseRequest, PromiseState
from coe.chronicle.events import Event
from coe.history.models import Action
from coe.promises import services, serving

PROMISE, SERVING = services.SUBJECT, serving.SUBJECT
STATES = {
    PromiseState.ACCEPTED: "is to be started",
    PromiseState.IN_PROGRESS: "is in progress",
    PromiseState.DONE: "is done",
    PromiseState.VERIFIED: "held",
    PromiseState.DID_NOT_HOLD: "did not hold",
    PromiseState.WONT_DO: "is not done",
}
ANSWERS = {
    PromiseRequest.Outcome.REFUSED: "Refused what was asked of",
    PromiseRequest.Outcome.WITHDRAWN: "Took back what was asked of",
}
ASKED = {
    PromiseRequest.Kind.MOVE: "Asked for a later due date of",
    PromiseRequest.Kind.WONT_DO: "Asked not to do",
}


def deeds_with_promises(done: Sequence[frozenset[str]]) -> Iterator[str]:
    """ "handed over 2 promises, updated 1 promise"."""
    for deed, action in (("handed over", Action.HANDED_OVER), ("updated", Action.CHANGED)):
        if count := sum(action in each for each in done):
            yield f"{deed} {count} promise{'' if count == 1 else 's'}"


def promise_told(event: Event) -> str:
    """What became of one promise."""
    after = event.after or {}
    title = f"“{after['title']}”" if after.get("title") else "a promise"
    if event.action == Action.HANDED_OVER:
        return f"Handed over {title}"
    if state := after.get("state"):
        return f"Said that {title} {STATES[PromiseState(state)]}"
    if answer := after.get("outcome"):
        return f"{ANSWERS[PromiseRequest.Outcome(answer)]} {title}"
    if asked := after.get("asked"):
        return f"{ASKED[PromiseRequest.Kind(asked)]} {title}"
    if due_on := after.get("due_on"):
        day = date.fromisoformat(due_on)
        return f"Moved {title} to {day.day} {day:%b %Y}"
    if "tracker" in after:
        return f"Named {'the ticket' if after['tracker'] else 'no ticket'} of {title}"
    return f"Updated {title}"


def deeds_with_servings(done: Sequence[frozenset[str]]) -> Iterator[str]:
    """ "linked 2 items that serve several COEs"."""
    for deed, action in (("linked", Action.ADDED), ("took back the link of", Action.REMOVED)):
        if count := sum(action in each for each in done):
            items = "item that serves" if count == 1 else "items that serve"
            yield f"{deed} {count} {items} several COEs"


def serving_told(event: Event) -> str:
    """That an item serves several COEs: at its home which item, where it serves the sentence."""
    after = event.after or {}
    is_over = event.action == Action.REMOVED
    if title := after.get("title"):
        return f"“{title}” serves another COE {'no more' if is_over else 'as well'}"
    said = f": {after['note']}" if after.get("note") else ""
    return f"{'No more mended' if is_over else 'Mended'} by an item of another COE{said}"

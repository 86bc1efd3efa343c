"""What somebody may do with an item of the list: ways to the form on its page, each with a key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from coe.actions.models import Promise, PromiseState
from coe.promises.rules import Part
from coe.promises.states import possible_steps

S = PromiseState


@dataclass(frozen=True, slots=True)
class Way:
    """`slug` names the form on the page of the item; what was asked stands above all forms."""

    key: str
    label: str
    slug: str = ""


START = Way("s", "Start", S.IN_PROGRESS.value)
DONE = Way("d", "Done", S.DONE.value)
HELD = Way("v", "It held", S.VERIFIED.value)
DID_NOT_HOLD = Way("n", "It did not hold", S.DID_NOT_HOLD.value)
DECIDE = Way("a", "Decide")


def ways_of(promise: Promise, part: Part, *, is_asked: bool, moment: datetime) -> Iterator[Way]:
    """What moves it on. Everything else is on its page."""
    possible = possible_steps(promise.state, part)
    if is_asked and part.is_approver:
        yield DECIDE
    if promise.is_to_be_done and S.IN_PROGRESS in possible:
        yield START
    if S.DONE in possible:
        yield DONE
    if S.VERIFIED in possible and _has_had_its_time(promise, moment):
        yield from (HELD, DID_NOT_HOLD)


def _has_had_its_time(promise: Promise, moment: datetime) -> bool:
    today = moment.astimezone(promise.zone).date()
    return (promise.verify_from or today) <= today

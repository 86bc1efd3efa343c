"""The life of a promise: one table of what leads from one state to the next."""

from collections.abc import Callable
from dataclasses import dataclass

from coe.actions.models import PromiseEvent, PromiseState
from coe.promises.rules import Part, is_approver, is_owner, may_doubt, may_take_up, may_verify

Kind = PromiseEvent.Kind
S = PromiseState


@dataclass(frozen=True, slots=True)
class Step:
    """Who may take it, and what the story calls it.

    `asks` is what is said to whoever takes it without a word, empty where none is needed. What
    `is_shown` takes evidence. What `is_requested` happens only where a request for it is granted.
    """

    rule: Callable[[Part], bool]
    kind: Kind
    asks: str = ""
    is_shown: bool = False
    is_requested: bool = False


_START = Step(is_owner, Kind.STARTED)
_DONE = Step(is_owner, Kind.DONE, "Say what the evidence shows.", is_shown=True)
_WONT_DO = Step(is_approver, Kind.WONT_DO, is_requested=True)
_DOUBT = Step(may_doubt, Kind.DID_NOT_HOLD, "Say what happened that it should have prevented.")

TRANSITIONS: dict[tuple[PromiseState, PromiseState], Step] = {
    (S.ACCEPTED, S.IN_PROGRESS): _START,
    (S.ACCEPTED, S.DONE): _DONE,
    (S.ACCEPTED, S.WONT_DO): _WONT_DO,
    (S.IN_PROGRESS, S.ACCEPTED): Step(is_owner, Kind.PUT_BACK),
    (S.IN_PROGRESS, S.DONE): _DONE,
    (S.IN_PROGRESS, S.WONT_DO): _WONT_DO,
    (S.DONE, S.IN_PROGRESS): Step(is_owner, Kind.NOT_DONE, "Say what is missing."),
    (S.DONE, S.VERIFIED): Step(may_verify, Kind.VERIFIED, "Say how one can tell that it held."),
    (S.DONE, S.DID_NOT_HOLD): _DOUBT,
    (S.VERIFIED, S.DID_NOT_HOLD): _DOUBT,
    (S.DID_NOT_HOLD, S.IN_PROGRESS): _START,
    (S.DID_NOT_HOLD, S.WONT_DO): _WONT_DO,
    (S.WONT_DO, S.ACCEPTED): Step(may_take_up, Kind.TAKEN_UP, "Say why it is done after all."),
}


def possible_steps(state: str, part: Part) -> set[PromiseState]:
    """The states to which somebody may bring a promise from `state`, without asking anybody."""
    return {
        end
        for (start, end), step in TRANSITIONS.items()
        if start == state and step.rule(part) and not step.is_requested
    }

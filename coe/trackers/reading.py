"""What an answer about a ticket says, whatever it is: pure, and sure of nothing."""

from dataclasses import dataclass
from typing import Any, Final

from coe.trackers.asking import Refused
from coe.trackers.links import JIRA_KEY
from coe.trackers.models import TicketState

MOST_TOLD: Final = 80
NO_STATE = "The tracker answered, and said no state."
ANOTHER = "The tracker answered about another ticket."
BY_CATEGORY: Final = {
    "new": TicketState.OPEN,
    "indeterminate": TicketState.IN_PROGRESS,
    "done": TicketState.DONE,
}
"""Jira's categories of states, which are the same in every installation and language."""
BY_NAME: Final = {
    "open": TicketState.OPEN,
    "to do": TicketState.OPEN,
    "new": TicketState.OPEN,
    "backlog": TicketState.OPEN,
    "reopened": TicketState.OPEN,
    "in progress": TicketState.IN_PROGRESS,
    "in review": TicketState.IN_PROGRESS,
    "done": TicketState.DONE,
    "closed": TicketState.DONE,
    "resolved": TicketState.DONE,
}
"""The states that Jira brings along, for one so old that it tells no category."""
NOT_DONE: Final = {
    "won't do",
    "won't fix",
    "wontfix",
    "duplicate",
    "cannot reproduce",
    "declined",
    "incomplete",
}
"""How Jira says that a ticket is closed and was not done."""
CLOSED_UNDONE: Final = {"not_planned": "Closed, not planned", "duplicate": "Closed, a duplicate"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A state in our words, and in those of the tracker."""

    state: TicketState
    told: str = ""


GONE: Final = Reading(TicketState.GONE)


def jira_reading(answer: Any) -> Reading:
    """What Jira says of one issue, with its `status` and `resolution`. Raises `Refused`."""
    fields = part(answer, "fields")
    status = part(fields, "status")
    name = told(text(status, "name"))
    category = text(part(status, "statusCategory"), "key").casefold()
    state = BY_CATEGORY.get(category) or BY_NAME.get(name.casefold())
    if not name and state is None:
        raise Refused(NO_STATE)
    resolution = told(text(part(fields, "resolution"), "name"))
    if state != TicketState.DONE:
        return Reading(state or TicketState.UNKNOWN, name)
    if resolution.replace("’", "'").casefold() in NOT_DONE:
        return Reading(TicketState.UNKNOWN, told(f"{name}: {resolution}"))
    return Reading(state, name)


def github_reading(answer: Any, number: str) -> Reading:
    """What GitHub says of the issue of this number. Raises `Refused`."""
    if str(part_of(answer, "number")) != number:
        raise Refused(ANOTHER)
    state = text(answer, "state")
    if state == "open":
        return Reading(TicketState.OPEN, "Open")
    if state != "closed":
        raise Refused(NO_STATE)
    reason = CLOSED_UNDONE.get(text(answer, "state_reason"))
    return Reading(TicketState.UNKNOWN, reason) if reason else Reading(TicketState.DONE, "Closed")


def jira_key(answer: Any, project: str) -> str:
    """The key of an issue of `project`; empty where the answer names none."""
    key = text(answer, "key")
    found = JIRA_KEY.fullmatch(key)
    is_ours = found is not None and found[1].casefold() == project.casefold()
    return f"{project}-{found[2]}" if found and is_ours else ""


def github_key(answer: Any, project: str) -> str:
    """The key of an issue of `project`; empty where the answer names none."""
    number = part_of(answer, "number")
    is_number = isinstance(number, int) and not isinstance(number, bool)
    return f"{project}#{number}" if is_number and 0 < number < 10**9 else ""


def part(value: Any, name: str) -> dict[str, Any]:
    """The object of this name within another, as far as there is one."""
    found = part_of(value, name)
    return found if isinstance(found, dict) else {}


def part_of(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def items(value: Any) -> list[Any]:
    """The list that it is; raises `Refused` where it is none."""
    if not isinstance(value, list):
        raise Refused("The tracker answered something that is no list.")
    return value


def text(value: Any, name: str) -> str:
    found = part_of(value, name)
    return found if isinstance(found, str) else ""


def told(words: str) -> str:
    """Words of a tracker, as they may stand in the database and on a page: one line of them."""
    shown = "".join(each if each.isprintable() else " " for each in words[: MOST_TOLD * 4])
    line = " ".join(shown.split())
    return line if len(line) <= MOST_TOLD else f"{line[: MOST_TOLD - 1]}…"

"""What is told of a discussion: that somebody spoke or settled something, and none of its words."""

from collections.abc import Iterator, Sequence

from coe.chronicle.events import Event
from coe.discussion.services import SUBJECT
from coe.history.models import Action

THREAD = SUBJECT


def deeds_with_threads(done: Sequence[frozenset[str]]) -> Iterator[str]:
    """ "spoke in 2 threads, settled or reopened 1 thread"."""
    for deed, action in (("spoke in", Action.ADDED), ("settled or reopened", Action.CHANGED)):
        if count := sum(action in each for each in done):
            yield f"{deed} {count} thread{'' if count == 1 else 's'}"


def spoken_of(event: Event) -> str:
    """What was done in one thread."""
    after = event.after or {}
    if event.action == Action.ADDED:
        return "Answered in a thread" if "message" in after else "Opened a thread"
    if after.get("is_open"):
        return "Reopened a thread"
    return "Took a suggestion over" if after.get("is_taken") else "Settled a thread"

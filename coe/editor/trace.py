"""Which action item answers which cause, and what is left over on both sides: pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from coe.actions.models import ActionItem
from coe.whys.graph import Branch
from coe.whys.models import Cause
from coe.whys.outlines import Place


@dataclass(frozen=True, slots=True)
class TracedAction:
    """An action item by its number among the others, and the cause that it answers."""

    number: str
    item: ActionItem
    answers: Branch[Cause] | None


@dataclass(frozen=True, slots=True)
class TracedCause:
    """A cause, and the action items that answer it."""

    place: Place
    actions: tuple[TracedAction, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """Both directions. The holes are the open ends of branches and the items without a cause."""

    causes: tuple[TracedCause, ...]
    actions: tuple[TracedAction, ...]

    @property
    def open_ends(self) -> int:
        return sum(each.place.is_open for each in self.causes)

    @property
    def loose_actions(self) -> int:
        return sum(each.answers is None for each in self.actions)


def trace(places: Iterable[Place], items: Iterable[ActionItem]) -> Trace:
    """The trace of a COE, from its causes as they are drawn and its action items in their order."""
    drawn = {place.cause.pk: place for place in places}
    actions = []
    for number, item in enumerate(items, 1):
        place = drawn.get(item.cause_id) if item.cause_id else None
        actions.append(TracedAction(f"A{number}", item, place.branch if place else None))
    by_cause: dict[int, list[TracedAction]] = {}
    for each in actions:
        if each.answers:
            by_cause.setdefault(each.answers.item.pk, []).append(each)
    causes = (TracedCause(place, tuple(by_cause.get(key, ()))) for key, place in drawn.items())
    return Trace(tuple(causes), tuple(actions))

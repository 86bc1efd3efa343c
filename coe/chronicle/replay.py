"""A COE as it stood right after any event of its history."""

from copy import deepcopy
from typing import Any

from coe.chronicle.events import Event, Thing, befores, events_until
from coe.chronicle.names import Names
from coe.chronicle.state import DOCUMENT, FIELDS, ROW_MODELS, State
from coe.chronicle.stored import stored_values
from coe.chronicle.values import Values
from coe.documents.models import Document
from coe.snapshots.snapshot import Snapshot


def snapshot_at(document: Document, pk: int) -> Snapshot:
    """`document` right after the event `pk` of its history, under today's names.

    Equal to the snapshot that was built then, with two exceptions: events from before their
    places were recorded leave the order of today, and what an emptied event alone knew is said to
    be removed. `pk` must not lie before the event that opened the COE.
    """
    return Replay(document, pk).snapshot()


class Replay:
    """The history of one COE, played up to an event and then on, event by event."""

    def __init__(self, document: Document, until: int) -> None:
        self.document = document
        self.names = Names(document)
        self.state = State()
        self.at = until
        events = events_until(document, until)
        self._learn(events)
        for event in events:
            self.state.apply(event)

    def prepare(self, events: list[Event]) -> None:
        """Look up everybody whom `events`, which will be applied, name."""
        self._learn(events)

    def apply(self, event: Event) -> None:
        self.state.apply(event)
        self.at = event.pk

    @property
    def is_opened(self) -> bool:
        """Whether there is a COE yet."""
        return DOCUMENT in self.state.things

    def snapshot(self) -> Snapshot:
        """All of it as it stands now in the replay."""
        return Values(self._whole(), self.names).snapshot()

    def value(self, thing: Thing) -> Any:
        """One thing as a snapshot holds it, None where it is not there."""
        return Values(self._whole({thing}), self.names).value(thing)

    def told_value(self, thing: Thing) -> Any:
        """`value` as the events so far tell it alone: without a look at later ones."""
        return Values(self.state, self.names).value(thing)

    def content(self, thing: Thing) -> dict[str, Any] | None:
        """The fields of one thing as the history writes them, None where it is not there."""
        is_row = thing[0] in ROW_MODELS
        values = self._whole({thing}).things.get(thing, None if is_row else {})
        return None if values is None else dict(values)

    def is_whole(self, thing: Thing) -> bool:
        """Whether no emptied event keeps a field of it back."""
        return not _missing(self._whole({thing}), thing)

    def _learn(self, events: list[Event]) -> None:
        held = [event.after for event in events if event.after]
        people = {int(each.key) for each in events if each.subject == "participant"}
        openers = {each.actor_id for each in events if each.subject == "document"}
        self.names.learn(held, people | openers)

    def _whole(self, only: set[Thing] | None = None) -> State:
        """The state, with what later saves and today's tables tell of what emptied events held."""
        things = self.state.holes.keys() & (only or self.state.holes.keys())
        open_things = {thing for thing in things if _missing(self.state, thing)}
        guessed = self.state.guessed if only is None else set()
        if not open_things and not guessed:
            return self.state
        state = deepcopy(self.state)
        if open_things:
            self._fill(state, open_things)
        for subject in guessed:
            _order_as_today(state, subject, self.document)
        return state

    def _fill(self, state: State, things: set[Thing]) -> None:
        is_over: set[Thing] = set()
        for thing, before in befores(self.document, self.at, things):
            if thing in is_over:
                continue
            if before is None:
                is_over.add(thing)
                continue
            for name in _missing(state, thing):
                if name in before:
                    state.things[thing][name] = before[name]
        today = stored_values(self.document, things - is_over)
        for thing, values in today.items():
            for name in _missing(state, thing):
                state.things[thing][name] = values[name]
        self.names.learn([state.things[thing] for thing in things])


def _missing(state: State, thing: Thing) -> list[str]:
    """The fields of a thing with a hole that are not known."""
    if thing not in state.holes:
        return []
    return [name for name in FIELDS[thing[0]] if name not in state.things[thing]]


def _order_as_today(state: State, subject: str, document: Document) -> None:
    """The order that the rows have now; what is no longer there stands at the end."""
    rows = ROW_MODELS[subject]._default_manager.filter(document=document)
    today = {str(uid): place for place, uid in enumerate(rows.values_list("uid", flat=True))}
    state.order[subject].sort(key=lambda key: today.get(key, len(today)))

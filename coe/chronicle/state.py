"""What a COE holds while its history is played again, as the history writes it."""

from dataclasses import dataclass, field
from typing import Any

from coe.actions.models import ActionItem
from coe.chronicle.events import Event, Thing
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import DocumentRow
from coe.history.models import Action
from coe.incidents.models import Category
from coe.timeline.models import Entry
from coe.whys.models import Cause, Safeguard

ROW_MODELS: dict[str, type[DocumentRow]] = {
    model.kind_of_row: model
    for model in (ImpactFigure, Entry, Safeguard, Cause, Lesson, ActionItem, RelatedItem)
}
"""The kinds of rows by their subject in the history."""
OF_GROUPS = {"cause", "lesson"}
"""What is moved among some of its kind: an older event tells the place among those alone."""
INSTANT = ("at", "precision", "end_at")
FIELDS: dict[str, tuple[str, ...]] = {
    "document": (
        *("title", "severity", "category", "team_id", "service_id", "zone"),
        *("classification", "is_restricted", "form", "owner_id"),
    ),
    "section": ("text",),
    "answer": ("text",),
    "milestone": ("state", *INSTANT),
    **{subject: model.content_fields for subject, model in ROW_MODELS.items()},
    "cause": (*Cause.content_fields, "explains"),
}
"""What each kind of thing consists of."""
DOCUMENT: Thing = ("document", "")
STARTED: Thing = ("milestone", "impact_started")


@dataclass
class State:
    """Values by thing, and the order of the rows of each kind.

    `holes` are things of which an emptied event told something, with what was known before:
    fields that no later event told again are missing in `things`. `guessed` are the kinds whose
    order older events did not tell.
    """

    things: dict[Thing, dict[str, Any]] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in ROW_MODELS})
    participants: set[tuple[int, str]] = field(default_factory=set)
    cause_keys: dict[int, str] = field(default_factory=dict)
    holes: dict[Thing, dict[str, Any]] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)

    def apply(self, event: Event) -> None:
        """Play one event; those that wrote nothing into the COE change nothing."""
        if event.subject in ROW_MODELS:
            self._apply_to_row(event)
        elif event.subject == "participant":
            self._apply_to_participant(event)
        elif event.subject == "document":
            self._apply_to_facts(event)
        elif event.subject in FIELDS and event.action == Action.CHANGED:
            self._write(event.thing, event.after)

    def thing_of(self, event: Event) -> Thing:
        """The thing that an event tells of; of the facts there is one, whatever the reference."""
        return DOCUMENT if event.subject in ("document", "facts") else event.thing

    def _write(self, thing: Thing, after: dict[str, Any] | None) -> None:
        values = self.things.setdefault(thing, {})
        if after is None:
            self.holes[thing] = {**self.holes.get(thing, {}), **values}
            self.things[thing] = {}
            return
        if thing[0] == "milestone" and values.get("at") and "at" in after and not after["at"]:
            values["was"] = {name: values.get(name) for name in INSTANT}
        known = (*FIELDS[thing[0]], "was")
        values.update({name: value for name, value in after.items() if name in known})

    def _apply_to_facts(self, event: Event) -> None:
        after = event.after
        if event.action == Action.ADDED:
            # Before its kind was written down, every incident was an outage.
            self._write(DOCUMENT, after and {"category": Category.OUTAGE.value, **after})
            self.things[DOCUMENT]["owner_id"] = event.actor_id
            started = after["impact_started"] if after else None
            if after is None:
                self._write(STARTED, None)
            elif started:
                # Before the precision was written down, the moment alone was.
                when = started if isinstance(started, dict) else {"at": started}
                unknown = {"precision": "minute", "end_at": None}
                self._write(STARTED, {"state": "recorded", **unknown, **when})
        elif event.action in (Action.CHANGED, Action.HANDED_OVER):
            self._write(DOCUMENT, after)

    def _apply_to_participant(self, event: Event) -> None:
        if event.action == Action.ADDED and event.after:
            self.participants.add((int(event.key), event.after["role"]))
        elif event.action == Action.REMOVED:
            self.participants.discard((int(event.key), event.role or ""))

    def _apply_to_row(self, event: Event) -> None:
        if event.action == Action.ADDED:
            self._add(event)
        elif event.action == Action.CHANGED:
            self._write(event.thing, event.after)
        elif event.action == Action.MOVED:
            self._move(event)
        elif event.action == Action.REMOVED:
            self.things.pop(event.thing, None)
            self.holes.pop(event.thing, None)
            if event.key in self.order[event.subject]:
                self.order[event.subject].remove(event.key)

    def _add(self, event: Event) -> None:
        order, after = self.order[event.subject], event.after or {}
        self.things[event.thing] = {}
        self.holes.pop(event.thing, None)
        self._write(event.thing, event.after)
        if "id" in after:
            self.cause_keys[after["id"]] = event.key
        if "place" not in after:
            self.guessed.add(event.subject)
        order.insert(after.get("place", len(order)), event.key)

    def _move(self, event: Event) -> None:
        after = event.after or {}
        places = after.get("places")
        if places is None:
            is_told = "place" in after and event.subject not in OF_GROUPS
            places = {event.key: after["place"]} if is_told else {}
            if not is_told:
                self.guessed.add(event.subject)
        order = [key for key in self.order[event.subject] if key not in places]
        for key, place in sorted(places.items(), key=lambda each: each[1]):
            order.insert(place, key)
        self.order[event.subject] = order

"""What bringing a text, a milestone, a row or the facts back would write, and what it cannot."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from coe.chronicle.adapting import adapt_row
from coe.chronicle.events import Thing
from coe.chronicle.facts import possible_facts
from coe.chronicle.places import Neighbours, Place, neighbours_of, place_again
from coe.chronicle.replay import Replay
from coe.chronicle.state import DOCUMENT, FIELDS, ROW_MODELS
from coe.chronicle.stored import stored_row
from coe.documents.contents import Answer
from coe.documents.models import Document, DocumentRow, Section
from coe.incidents.models import Milestone
from coe.timeline.models import Entry
from coe.web.errors import StaleAnswer

GONE = "Its text was removed from the history, so it cannot be brought back."
ROWS_OF = {
    "entry": "entries",
    "cause": "causes",
    "figure": "figures",
    "safeguard": "safeguards",
    "lesson": "lessons",
    "action": "actions",
    "related": "related",
}
"""By subject of a row: the field of a snapshot that holds such rows."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a thing would be written as, and sentences on where that is not quite what it was.

    It is what was there right after the event `moment`. `version` is that of what is there now. Of
    a row that would be added again `version` and `row` are None, `neighbours` say where it stood
    and `place` where it would stand now.
    """

    thing: Thing
    moment: int
    values: dict[str, Any]
    version: int | None
    row: DocumentRow | None = None
    notes: tuple[str, ...] = ()
    neighbours: Neighbours | None = None
    place: Place | None = None

    @property
    def digest(self) -> str:
        """Names what is said of it before anybody agrees: where it would stand, what it would lack
        (SHA-256, in hexadecimal); empty where nothing is said."""
        if not (self.notes or self.place):
            return ""
        between = (self.place.above, self.place.below) if self.place else None
        return hashlib.sha256(repr((self.notes, between)).encode()).hexdigest()


def plan_to_bring_back(replay: Replay, thing: Thing) -> Plan | None:
    """What writing `thing` as it is in `replay` would do; None where it is not there.

    Raises `StaleAnswer` where its text was emptied.
    """
    if replay.content(thing) is None or not replay.is_opened:
        return None
    if not replay.is_whole(thing):
        raise StaleAnswer(GONE)
    if thing == DOCUMENT:
        values, notes = possible_facts(replay)
        return Plan(thing, replay.at, values, replay.document.incident.version, notes=notes)
    if thing[0] in ROW_MODELS:
        return _plan_row(replay, thing)
    if thing[0] == "milestone":
        return _plan_milestone(replay, thing)
    content = replay.content(thing) or {}
    values = {name: content.get(name, "") for name in FIELDS[thing[0]]}
    return Plan(thing, replay.at, values, text_of(replay.document, thing).version)


def text_of(document: Document, thing: Thing) -> Section | Answer:
    subject, key = thing
    if subject == "section":
        return Section.objects.get(document=document, slug=key)
    return Answer.objects.select_related("question").get(document=document, question__slug=key)


def milestone_of(document: Document, thing: Thing) -> Milestone:
    return Milestone.objects.get(incident=document.incident_id, kind=thing[1])


def _plan_row(replay: Replay, thing: Thing) -> Plan:
    subject, key = thing
    document, uid = replay.document, UUID(key)
    row = stored_row(document, subject, key)
    values, notes = adapt_row(replay, thing, row)
    if row:
        return Plan(thing, replay.at, values, row.version, row, notes)
    neighbours = neighbours_of(uid, getattr(replay.snapshot(), ROWS_OF[subject]))
    place = place_again(document, ROW_MODELS[subject], neighbours, values)
    return Plan(thing, replay.at, values, None, notes=notes, neighbours=neighbours, place=place)


def _plan_milestone(replay: Replay, thing: Thing) -> Plan:
    value = replay.value(thing)
    milestone = milestone_of(replay.document, thing)
    notes = []
    if value.instant != milestone.instant and Entry.objects.filter(milestone=milestone).exists():
        notes.append(
            "The timeline entry that marks it takes this time along."
            if value.instant
            else "The timeline entry that marks it keeps its time, and marks nothing then."
        )
    values = {"state": value.state, "instant": value.instant}
    return Plan(thing, replay.at, values, milestone.version, notes=tuple(notes))

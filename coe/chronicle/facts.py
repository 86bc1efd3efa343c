"""The facts of a COE as they were: which can be brought back, and what they would change."""

from dataclasses import replace
from typing import Any

from coe.chronicle.replay import Replay
from coe.chronicle.state import DOCUMENT, State
from coe.chronicle.stored import stored_values
from coe.chronicle.values import Facts, Values
from coe.documents.forms import FactsForm
from coe.library.changes import LABELS
from coe.snapshots.comparison import FieldChange, RowChange, compare_each

COLUMNS = {
    "title": "title",
    "severity": "severity",
    "category": "category",
    "team": "team_id",
    "service": "service_id",
    "zone": "zone",
    "classification": "classification",
    "is_restricted": "is_restricted",
}
"""By the name of a fact: what the history calls it. These are the fields of the form of the facts;
who owns a COE and how much it asks for have ways of their own."""
WHO_READS = frozenset({"team", "is_restricted"})
"""The facts that decide who may read the COE."""


def possible_facts(replay: Replay) -> tuple[dict[str, Any], tuple[str, ...]]:
    """By name, those facts of `replay` that are others now and that the form of the facts would
    take; and a sentence for each that it would not."""
    then = replay.content(DOCUMENT) or {}
    refused = _form_of(replay, then).errors
    names = [each.name for each in changes_of_facts(replay)]
    notes = (
        f"{LABELS[name]} stays as it is: what it was then is not possible any more."
        for name in names
        if name in refused
    )
    possible = {name: then[COLUMNS[name]] for name in names if name not in refused}
    return possible, tuple(notes)


def changes_of_facts(replay: Replay) -> tuple[FieldChange, ...]:
    """What would change if every fact were what it is in `replay`."""
    stored = stored_values(replay.document, {DOCUMENT})
    replay.names.learn([stored[DOCUMENT]])
    now: Facts = Values(State(things=dict(stored)), replay.names).facts()
    then = replay.value(DOCUMENT)
    (row,) = compare_each([RowChange("facts", now, replace(then, owner=now.owner, form=now.form))])
    return row.fields


def _form_of(replay: Replay, then: dict[str, Any]) -> FactsForm:
    typed = {name: then[column] for name, column in COLUMNS.items()}
    version = replay.document.incident.version
    return FactsForm({**typed, "version": version}, document=replay.document)

"""What a person is shown when somebody else saved the same thing first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from coe.documents.models import Document
from coe.history.models import HistoryEvent


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which what was typed is not what is stored now."""

    label: str
    yours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class ConflictReport:
    """Who saved what in between. `is_removed` says that the thing is no longer there."""

    name: str
    at: datetime | None
    is_removed: bool
    differences: tuple[Difference, ...]


def report_conflict(
    document: Document, *, subject: str, key: object, typed: forms.Form, stored: forms.Form | None
) -> ConflictReport:
    """Tell the typed form from the stored one, and who wrote the latter.

    `stored` is None when the row was removed.
    """
    events = HistoryEvent.objects.filter(document=document, subject=subject, subject_key=str(key))
    last = events.select_related("actor").last()
    return ConflictReport(
        name=last.actor.name if last else "Somebody",
        at=last.at if last else None,
        is_removed=stored is None,
        differences=_differences(typed, stored) if stored else (),
    )


def was_there(document: Document, subject: str, key: object) -> bool:
    """Whether the history of the COE knows of such a thing."""
    events = HistoryEvent.objects.filter(document=document, subject=subject, subject_key=str(key))
    return events.exists()


def _differences(typed: forms.Form, stored: forms.Form) -> tuple[Difference, ...]:
    names = [bound.name for bound in stored.visible_fields()]
    pairs = ((typed[name], stored[name]) for name in names)
    shown = [(str(mine.label), _text(mine), _text(theirs)) for mine, theirs in pairs]
    return tuple(Difference(*row) for row in shown if row[1] != row[2])


def _text(bound: forms.BoundField) -> str:
    """What the field shows: the words of a choice, the text of anything else."""
    value: Any = bound.value()
    if value in (None, ""):
        return ""
    choices = getattr(bound.field, "choices", None)
    values = [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
    if choices is None:
        return ", ".join(values)
    labels = {str(key): str(label) for key, label in choices}
    return ", ".join(labels.get(each, each) for each in values)

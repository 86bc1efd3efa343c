"""What a person is shown when somebody else saved the same thing first, and the ways on.

Both texts are shown. Each way on is a form of its own that carries every field of the unit.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse

from coe.documents.forms import RowForm
from coe.editor.attempts import Attempt
from coe.editor.meeting import Meeting, Pairs, differing, pairs_of, typed_value
from coe.editor.merging import Make, Merged, merged_of
from coe.editor.panels import ROW_KINDS
from coe.history.models import Action
from coe.history.queries import last_change
from coe.history.services import record
from coe.text.difference import Piece, difference
from coe.web.versions import Conflict

PANELS = {kind.model: kind.panel for kind in ROW_KINDS.values()}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which what was typed is not what is stored now.

    What is removed stands only in what is stored, what is added only in what was typed.
    """

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Who saved one thing in between, and in what it differs from what was typed.

    `is_own` says that it was the same person, `is_removed` that it is no longer there.
    """

    name: str
    at: datetime | None
    is_own: bool
    is_removed: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """The reports of what clashed in a panel, and what each way on sends to `address`.

    Where the thing was removed there is nothing of theirs to take, or to merge with.
    """

    panel: str
    address: str
    reports: tuple[Report, ...]
    mine: Pairs
    theirs: Pairs = ()
    merged: Merged | None = None


def clash_of(
    attempt: Attempt,
    meetings: Sequence[Meeting],
    *,
    panel: str,
    mine: QueryDict,
    theirs: QueryDict | None,
    make: Make,
) -> Clash:
    """Tell of the meetings, and keep what was typed in the history whatever is chosen now.

    `mine` and `theirs` are what the unit would send over the stored versions; `make` gives its
    forms over such data.
    """
    for meeting in meetings:
        _set_aside(attempt, meeting)
    return Clash(
        panel,
        _address(attempt, meetings[0].typed),
        tuple(_report(attempt, meeting) for meeting in meetings),
        pairs_of(mine),
        pairs_of(theirs) if theirs else (),
        merged_of(attempt.document.pk, meetings, mine, make) if theirs else None,
    )


def _set_aside(attempt: Attempt, meeting: Meeting) -> None:
    """Once for an attempt, and in a transaction of its own: nothing else is written."""
    typed = meeting.typed
    names = [bound.name for bound in typed.visible_fields()]
    with suppress(Conflict), transaction.atomic():
        record(
            Action.SET_ASIDE,
            by=attempt.by,
            subject=meeting.subject,
            key=meeting.key,
            document_id=attempt.document.pk,
            version=max(meeting.over, 0),
            after={name: typed_value(typed, name) for name in names},
            token=attempt.token,
        )


def _address(attempt: Attempt, typed: forms.Form) -> str:
    """Where the typed text can be saved over what is stored now."""
    if not isinstance(typed, RowForm):
        return attempt.address
    reference, panel = attempt.document.reference, PANELS[typed.model]
    path = (
        reverse("row_write", args=[reference, panel, typed.row.uid])
        if typed.row
        else reverse("row_add", args=[reference, panel])
    )
    _, mark, query = attempt.address.partition("?")
    return f"{path}{mark}{query}"


def _report(attempt: Attempt, meeting: Meeting) -> Report:
    last = last_change(attempt.document.pk, meeting.subject, meeting.key)
    stored = meeting.stored
    return Report(
        name=last.actor.name if last else "Somebody",
        at=last.at if last else None,
        is_own=bool(last and last.actor_id == attempt.by.pk),
        is_removed=stored is None,
        differences=_differences(meeting.typed, stored) if stored else (),
    )


def _differences(typed: forms.Form, stored: forms.Form) -> tuple[Difference, ...]:
    pairs = [(stored[name], typed_value(typed, name)) for name in differing(typed, stored)]
    texts = [
        (str(bound.label), _words(bound, bound.value()), _words(bound, mine))
        for bound, mine in pairs
    ]
    size = sum(len(theirs) + len(mine) for _, theirs, mine in texts)
    return tuple(
        Difference(label, difference(theirs, mine, at_once=size)) for label, theirs, mine in texts
    )


def _words(bound: forms.BoundField, value: Any) -> str:
    """What the field shows: the words of a choice, the text of anything else."""
    if value in (None, ""):
        return ""
    choices = getattr(bound.field, "choices", None)
    values = [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
    if choices is None:
        return ", ".join(values)
    labels = {str(key): str(label) for key, label in choices}
    return ", ".join(labels.get(each, each) for each in values)

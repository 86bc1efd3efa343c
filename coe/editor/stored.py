"""What the workspace finds stored: its rows, and the forms of what is saved in strips."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coe.documents.contents import Answer
from coe.documents.forms import AnswerForm
from coe.documents.models import Document, DocumentRow
from coe.editor.panels import ROW_KINDS, RowKind
from coe.incidents.forms import MilestoneForm, zone_on_screen
from coe.incidents.models import Milestone


def answer_forms(document: Document, part: str, data: Any = None) -> list[AnswerForm]:
    """The forms of the questions of a part, filled from `data` where it is given."""
    answers = Answer.objects.filter(document=document, question__part=part)
    return [AnswerForm(data, answer=each) for each in answers.select_related("question")]


def milestone_forms(document: Document, data: Any = None, *, now: datetime) -> list[MilestoneForm]:
    """The forms of the strip in the order of the field, filled from `data` where it is given.

    Where no day is known yet, a time without one is the last such moment until `now`.
    """
    zone = ZoneInfo(zone_on_screen(data, document.zone))
    milestones = document.incident.milestones.select_related("entry")
    stored = {each.kind: each for each in milestones}
    known: list[date] = [
        each.at.astimezone(zone).date() for each in stored.values() if each.at is not None
    ]
    day = min(known) if known else None
    return [
        MilestoneForm(data, milestone=stored[kind], zone=zone, day=day, now=now)
        for kind in Milestone.Kind
    ]


def find_row(document: Document, uid: UUID) -> tuple[RowKind, DocumentRow] | None:
    """The row of `document` with this `uid` and its kind, whatever the kind is."""
    for kind in ROW_KINDS.values():
        row = kind.model._default_manager.filter(document=document, uid=uid).first()
        if row:
            return kind, row
    return None

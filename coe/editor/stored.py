"""What the workspace finds stored: its rows, and the forms of what is saved in strips."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coe.documents.contents import Answer
from coe.documents.forms import AnswerForm
from coe.documents.models import Document, DocumentRow
from coe.editor import contents
from coe.editor.panels import ROW_KINDS, RowKind
from coe.incidents.forms import MilestoneForm, zone_on_screen
from coe.incidents.models import Milestone, is_near_miss


def answer_forms(
    document: Document, part: str, sent: Collection[str], data: Any = None
) -> list[AnswerForm]:
    """The forms of those questions of a part whose fields were `sent`, filled from `data` where
    it is given.

    What was sent is taken also where the question is not asked any more: the severity may have
    changed since the page was opened. Where nothing was sent they are all there, and incomplete.
    """
    stored = Answer.objects.filter(document=document, question__part=part)
    forms = [AnswerForm(data, answer=each) for each in stored.select_related("question")]
    return [each for each in forms if each.add_prefix("version") in sent] or forms


def milestones_of(document: Document) -> list[Milestone]:
    """The milestones of a COE, each with the entry that marks it."""
    return contents.milestones.of(document.incident_id)


def milestone_forms(
    document: Document,
    data: Any = None,
    *,
    now: datetime,
    zone: str = "",
    milestones: Iterable[Milestone] | None = None,
) -> list[MilestoneForm]:
    """The forms of the strip in the order of the field, filled from `data` where it is given.

    Times are in `zone`, else in that which `data` was typed in, else in that of the COE. Where no
    day is known yet, a time without one is the last such moment until `now`. `milestones` are
    those of `milestones_of`, where they have been read already.
    """
    shown_zone = ZoneInfo(zone or zone_on_screen(data, document.zone))
    stored = {each.kind: each for each in milestones or milestones_of(document)}
    known: list[date] = [
        each.at.astimezone(shown_zone).date() for each in stored.values() if each.at is not None
    ]
    day = min(known) if known else None
    is_near = is_near_miss(document.incident.severity, document.incident.category)
    return [
        MilestoneForm(
            data, milestone=stored[kind], zone=shown_zone, day=day, now=now, is_near_miss=is_near
        )
        for kind in Milestone.Kind
    ]


def find_row(document: Document, uid: UUID) -> tuple[RowKind, DocumentRow] | None:
    """The row of `document` with this `uid` and its kind, whatever the kind is."""
    for kind in ROW_KINDS.values():
        row = kind.model._default_manager.filter(document=document, uid=uid).first()
        if row:
            return kind, row
    return None

"""Building a snapshot from the tables, in a number of queries that does not grow with the COE."""

from dataclasses import fields
from typing import TypeVar
from uuid import UUID

from django.db.models.functions import Collate, Lower

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.guiding import answers_in_sight
from coe.documents.models import Document, DocumentRow, Participant, SectionSlug
from coe.incidents.models import Milestone
from coe.snapshots.snapshot import (
    ActionValue,
    AnswerValue,
    CauseValue,
    EntryValue,
    FigureValue,
    LessonValue,
    MilestoneValue,
    Person,
    RelatedValue,
    SafeguardValue,
    SectionValue,
    Snapshot,
)
from coe.timeline.models import Entry
from coe.whys.models import Cause, Explanation, Safeguard

Value = TypeVar("Value", FigureValue, SafeguardValue, LessonValue, RelatedValue)


def build_snapshot(document: Document) -> Snapshot:
    """The working copy of `document` as a value.

    Under the lock of the whole document nobody writes meanwhile; without it, a save between two
    queries may be seen in part, so what is judged is always built under the lock.
    """
    incident = document.incident
    return Snapshot(
        title=incident.title,
        severity=incident.severity,
        category=incident.category,
        service=incident.service.name if incident.service else "",
        team=incident.team.name,
        zone=document.zone,
        owner=person(document.owner),
        contributors=_contributors(document),
        milestones=_milestones(document),
        sections=_sections(document),
        entries=_entries(document),
        causes=_causes(document),
        actions=_actions(document),
        form=document.form,
        classification=document.classification,
        guide=document.guide.version,
        answers=_answers(document),
        figures=_plain(FigureValue, ImpactFigure, document),
        safeguards=_plain(SafeguardValue, Safeguard, document),
        lessons=_plain(LessonValue, Lesson, document),
        related=_plain(RelatedValue, RelatedItem, document),
    )


def person(user: User) -> Person:
    """`user` under today's name and role."""
    return Person(user.name, user.role())


def _contributors(document: Document) -> tuple[Person, ...]:
    people = document.participants.filter(role=Participant.Role.CONTRIBUTOR)
    ordered = people.select_related("user__team").order_by(
        Collate(Lower("user__name"), "C"), "user__pk"
    )
    return tuple(person(each.user) for each in ordered)


def _milestones(document: Document) -> tuple[MilestoneValue, ...]:
    stored = {each.kind: each for each in document.incident.milestones.all()}
    return tuple(
        MilestoneValue(kind.value, stored[kind].state, stored[kind].instant)
        for kind in Milestone.Kind
    )


def _sections(document: Document) -> tuple[SectionValue, ...]:
    texts = {each.slug: each.text for each in document.sections.all()}
    return tuple(SectionValue(slug.value, texts.get(slug, "")) for slug in SectionSlug)


def _entries(document: Document) -> tuple[EntryValue, ...]:
    return tuple(
        EntryValue(
            uid=entry.uid,
            instant=entry.happened,
            text=entry.text,
            evidence=entry.evidence,
            kind=entry.kind,
            milestone=entry.milestone.kind if entry.milestone else "",
        )
        for entry in Entry.objects.filter(document=document).select_related("milestone")
    )


def _causes(document: Document) -> tuple[CauseValue, ...]:
    explains: dict[int, list[UUID]] = {}
    edges = Explanation.objects.filter(document=document).order_by(
        "-is_primary", "effect__position", "pk"
    )
    for cause_id, effect_uid in edges.values_list("cause_id", "effect__uid"):
        explains.setdefault(cause_id, []).append(effect_uid)
    return tuple(
        CauseValue(
            uid=cause.uid,
            text=cause.text,
            kind=cause.kind,
            confidence=cause.confidence,
            evidence=cause.evidence,
            explains=tuple(explains.get(cause.pk, ())),
            answers=cause.answers,
            risk_reason=cause.risk_reason,
            risk_approver=person(cause.risk_approver) if cause.risk_approver else None,
        )
        for cause in Cause.objects.filter(document=document).select_related("risk_approver__team")
    )


def _actions(document: Document) -> tuple[ActionValue, ...]:
    items = ActionItem.objects.filter(document=document).select_related("owner__team", "cause")
    return tuple(map(action_value, items))


def action_value(item: ActionItem) -> ActionValue:
    """One action item as it is proposed now."""
    return ActionValue(
        uid=item.uid,
        title=item.title,
        done_when=item.done_when,
        owner=person(item.owner) if item.owner else None,
        due_on=item.due_on,
        priority=item.priority,
        kind=item.kind,
        cause=item.cause.uid if item.cause else None,
        tracker=item.tracker,
    )


def _answers(document: Document) -> tuple[AnswerValue, ...]:
    """A question that is not asked of this COE and was not answered is no part of it."""
    answers = Answer.objects.filter(document=document).select_related("question")
    return tuple(
        AnswerValue(
            part=answer.question.part,
            slug=answer.question.slug,
            question=answer.question.text,
            text=answer.text,
        )
        for answer in answers_in_sight(document, answers)
    )


def _plain(kind: type[Value], model: type[DocumentRow], document: Document) -> tuple[Value, ...]:
    """The rows whose columns are called as the fields of their values."""
    names = [each.name for each in fields(kind)]
    rows = model._default_manager.filter(document=document)
    return tuple(kind(**{name: getattr(row, name) for name in names}) for row in rows)

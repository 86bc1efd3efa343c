"""Entering a whole COE as a draft, through the services that people use."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coe.accounts.models import Team, User
from coe.actions.services import add_action
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, DocumentRow, Form, Participant, Section
from coe.documents.rows import add_row
from coe.documents.services import (
    AnswerChange,
    add_participant,
    facts,
    open_coe,
    save_answers,
    save_facts,
    save_section,
)
from coe.incidents.models import Service
from coe.snapshots.snapshot import Person, Snapshot
from coe.timeline.services import Mark, MilestoneChange, add_entry, save_milestones
from coe.whys.models import Cause, Safeguard
from coe.whys.services import add_cause

People = Mapping[str, User]
"""Users by the names that a snapshot calls them."""


def enter_coe(snapshot: Snapshot, *, uid: UUID, people: People) -> Document:
    """Write what `snapshot` says as a new draft of its owner, and return it.

    Its team, service and people have to be there.
    """
    owner = people[snapshot.owner.name]
    document = _open(snapshot, uid, owner)
    for person in snapshot.contributors:
        role = Participant.Role.CONTRIBUTOR
        add_participant(document, user=people[person.name], role=role, by=owner)
    _write_course(snapshot, document, owner)
    _write_texts(snapshot, document, owner)
    for kind, rows in (
        (ImpactFigure, snapshot.figures),
        (Safeguard, snapshot.safeguards),
        (Lesson, snapshot.lessons),
        (RelatedItem, snapshot.related),
    ):
        _add_rows(kind, rows, document, owner)
    _write_causes_and_actions(snapshot, document, owner, people)
    return Document.objects.with_readers_fields().get(pk=document.pk)


def _open(snapshot: Snapshot, uid: UUID, owner: User) -> Document:
    document = open_coe(
        uid=uid,
        title=snapshot.title,
        severity=snapshot.severity,
        team=Team.objects.get(name=snapshot.team),
        service=Service.objects.get(name=snapshot.service) if snapshot.service else None,
        zone=ZoneInfo(snapshot.zone).key,
        impact_started=snapshot.instants().get("impact_started"),
        form=Form(snapshot.form),
        by=owner,
    )
    known = facts(document) | {"classification": snapshot.classification}
    save_facts(document, version=document.incident.version, values=known, by=owner)
    return document


def _write_course(snapshot: Snapshot, document: Document, owner: User) -> None:
    stored = {each.kind: each for each in document.incident.milestones.all()}
    changes = [
        MilestoneChange(stored[each.kind], stored[each.kind].version, each.state, each.instant)
        for each in snapshot.milestones
        if (each.state, each.instant) != (stored[each.kind].state, stored[each.kind].instant)
    ]
    save_milestones(document, changes=changes, by=owner)
    for entry in snapshot.entries:
        milestone = stored.get(entry.milestone)
        add_entry(
            document,
            uid=entry.uid,
            instant=entry.instant,
            text=entry.text,
            evidence=entry.evidence,
            kind=entry.kind,
            mark=Mark(milestone, milestone.version) if milestone else None,
            by=owner,
        )


def _write_texts(snapshot: Snapshot, document: Document, owner: User) -> None:
    for section in Section.objects.filter(document=document).select_related("document"):
        if text := snapshot.section(section.slug):
            save_section(section, version=section.version, text=text, by=owner)
    texts = {each.slug: each.text for each in snapshot.answers if each.text}
    changes = [
        AnswerChange(answer, answer.version, texts[answer.question.slug])
        for answer in document.answers.select_related("question")
        if answer.question.slug in texts
    ]
    save_answers(document, changes=changes, by=owner)


def _add_rows(
    kind: type[DocumentRow], rows: tuple[Any, ...], document: Document, owner: User
) -> None:
    for row in rows:
        values = asdict(row)
        add_row(kind, document=document, uid=values.pop("uid"), values=values, by=owner)


def _write_causes_and_actions(
    snapshot: Snapshot, document: Document, owner: User, people: People
) -> None:
    causes: dict[UUID | None, Cause] = {}
    for cause in snapshot.causes:
        values: dict[str, Any] = {
            "text": cause.text,
            "kind": cause.kind,
            "confidence": cause.confidence,
            "evidence": cause.evidence,
            "answers": cause.answers,
            "risk_reason": cause.risk_reason,
            "risk_approver_id": _key(cause.risk_approver, people),
        }
        effects = [causes[each] for each in cause.explains]
        causes[cause.uid] = add_cause(
            document, uid=cause.uid, values=values, explains=effects, by=owner
        )
    for action in snapshot.actions:
        add_action(
            document,
            uid=action.uid,
            values={
                "title": action.title,
                "done_when": action.done_when,
                "priority": action.priority,
                "kind": action.kind,
                "cause_id": causes[action.cause].pk if action.cause else None,
                "due_on": action.due_on,
                "owner_id": _key(action.owner, people),
                "tracker": action.tracker,
            },
            by=owner,
        )


def _key(person: Person | None, people: People) -> int | None:
    return people[person.name].pk if person else None

"""The demo COE: the object storage event of 28 February 2017, rebuilt from its public account.

The facts are Amazon's published summary; the sentences, the causes' order and the corrections'
owners and dates are ours, and the document says so. What it says is in `s3_content`.
"""

from typing import Any
from uuid import UUID, uuid5

from coe.accounts.models import User
from coe.actions.services import add_action
from coe.demo import s3_content as content
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Classification, Document, Participant, Section, SectionSlug, State
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
from coe.incidents.catalogue import add_service
from coe.incidents.models import Milestone, Service, Severity
from coe.publishing.services import publish
from coe.reviews.workflow import make_transition
from coe.snapshots.services import take_snapshot
from coe.text.instants import Instant, parse_instant
from coe.timeline.services import Mark, add_entry
from coe.whys.models import Cause, Safeguard
from coe.whys.services import add_cause

FAMILY = UUID("5f6c2a0e-9d2b-4a53-8d43-2f0d1c3a2017")
"""Row identities are made from this and a name, so that every installation has the same ones."""


def seed_s3(*, owner: User, colleague: User, manager: User, administrator: User) -> Document:
    """Write the demo COE as its owner, have it approved by the manager, and publish it.

    Doing it again returns the one that is there.
    """
    uid = _uid("document")
    if existing := Document.objects.filter(uid=uid).first():
        return existing
    document = _open(owner, administrator, uid)
    add_participant(document, user=colleague, role=Participant.Role.CONTRIBUTOR, by=owner)
    _write_course(document, owner)
    _write_texts(document, owner)
    _write_rows(document, owner)
    _write_causes_and_actions(document, owner, manager)
    make_transition(document, to=State.IN_REVIEW, by=owner)
    digest = take_snapshot(document).digest
    make_transition(document, to=State.APPROVED, by=manager, digest=digest)
    publish(document, by=owner, digest=digest)
    return document


def _uid(name: str) -> UUID:
    return uuid5(FAMILY, name)


def _instant(text: str) -> Instant:
    return parse_instant(text, zone=content.ZONE, day=content.DAY)


def _open(owner: User, administrator: User, uid: UUID) -> Document:
    team = owner.team
    assert team is not None
    service = Service.objects.filter(name="Object storage").first() or add_service(
        name="Object storage", team=team, by=administrator
    )
    document = open_coe(
        uid=uid,
        title=content.TITLE,
        severity=Severity.ONE,
        team=team,
        service=service,
        zone=content.ZONE.key,
        impact_started=_instant(content.MOMENTS[Milestone.Kind.IMPACT_STARTED]),
        by=owner,
    )
    known = facts(document) | {"classification": Classification.PUBLIC}
    save_facts(document, version=document.incident.version, values=known, by=owner)
    return Document.objects.with_readers_fields().get(pk=document.pk)


def _write_course(document: Document, owner: User) -> None:
    """The timeline; the entries at the time of a milestone mark it, and so record it."""
    stored = {Milestone.Kind(each.kind): each for each in document.incident.milestones.all()}
    marks = {
        when: Mark(stored[kind], stored[kind].version) for kind, when in content.MOMENTS.items()
    }
    for when, kind, text in content.ENTRIES:
        add_entry(
            document,
            uid=_uid(f"entry {when}"),
            instant=_instant(when),
            text=text,
            evidence=content.SOURCE,
            kind=kind,
            mark=marks.get(when),
            by=owner,
        )


def _write_texts(document: Document, owner: User) -> None:
    for slug, text in (
        (SectionSlug.IMPACT, content.IMPACT),
        (SectionSlug.METRICS, content.METRICS),
        (SectionSlug.SUMMARY, content.SUMMARY),
    ):
        section = Section.objects.get(document=document, slug=slug)
        save_section(section, version=section.version, text=text, by=owner)
    answers = document.answers.select_related("question")
    changes = [
        AnswerChange(answer, answer.version, content.ANSWERS[answer.question.slug])
        for answer in answers.filter(question__slug__in=content.ANSWERS)
    ]
    save_answers(document, changes=changes, by=owner)


def _write_rows(document: Document, owner: User) -> None:
    for kind, fields, rows in (
        (ImpactFigure, ("what", "amount", "unit", "source", "basis"), content.FIGURES),
        (Safeguard, ("name", "kind", "outcome", "why"), content.SAFEGUARDS),
        (Lesson, ("kind", "text"), content.LESSONS),
        (RelatedItem, ("kind", "title", "url", "note"), content.RELATED),
    ):
        for number, row in enumerate(rows, 1):
            uid = _uid(f"{kind.kind_of_row} {number}")
            values = dict(zip(fields, row, strict=True))
            add_row(kind, document=document, uid=uid, values=values, by=owner)


def _write_causes_and_actions(document: Document, owner: User, manager: User) -> None:
    causes: dict[str, Cause] = {}
    for name, asks, kind, confidence, explains, text in content.CAUSES:
        values: dict[str, Any] = {
            "text": text,
            "kind": kind,
            "confidence": confidence,
            "evidence": content.SOURCE,
            "answers": asks,
        }
        if reason := content.ACCEPTED.get(name):
            values |= {"risk_reason": reason, "risk_approver_id": manager.pk}
        effects = [causes[each] for each in explains]
        causes[name] = add_cause(
            document, uid=_uid(name), values=values, explains=effects, by=owner
        )
    for name, title, done_when, priority, action_kind, cause, due_on in content.ACTIONS:
        fields: dict[str, Any] = {
            "title": title,
            "done_when": done_when,
            "priority": priority,
            "kind": action_kind,
            "cause_id": causes[cause].pk,
            "due_on": due_on,
            "owner_id": owner.pk,
        }
        add_action(document, uid=_uid(name), values=fields, by=owner)

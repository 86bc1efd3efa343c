"""Entering a COE that was exported here or elsewhere: by the services that people write with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from coe.accounts.models import Team, User
from coe.accounts.placeholders import person_called
from coe.actions.models import ActionItem
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.locks import lock_openings
from coe.documents.models import Document, DocumentRow, Participant
from coe.documents.models import Form as Extent
from coe.documents.rows import add_rows
from coe.documents.services import (
    AnswerChange,
    add_participant,
    facts,
    open_coe,
    save_answers,
    save_facts,
    save_section,
)
from coe.exports.form import Form
from coe.history.models import Action
from coe.history.services import record
from coe.incidents.catalogue import service_called, services_called
from coe.incidents.models import Milestone, Service
from coe.policies.models import Guide
from coe.policies.services import current_guide
from coe.snapshots.serialise import digest_of, to_bytes
from coe.snapshots.services import take_snapshot
from coe.snapshots.snapshot import SCHEMA, Person, Snapshot
from coe.timeline.services import (
    MilestoneChange,
    PlacedEntry,
    append_entries,
    save_milestones,
)
from coe.whys.models import Cause, Safeguard
from coe.whys.services import add_causes

SIMPLE: dict[str, tuple[type[DocumentRow], tuple[str, ...]]] = {
    "figures": (ImpactFigure, ImpactFigure.content_fields),
    "safeguards": (Safeguard, Safeguard.content_fields),
    "lessons": (Lesson, Lesson.content_fields),
    "related": (RelatedItem, RelatedItem.content_fields),
}
"""The rows whose columns are the fields of their values."""


class CannotImport(ValueError):
    """This installation has no place for the COE. The message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The new draft, and sentences about what is not as it is in the file."""

    document: Document
    notes: tuple[str, ...]


@dataclass(slots=True)
class _People:
    """The people that a file names, each looked for once."""

    by: User
    found: dict[Person, User] = field(default_factory=dict)

    def of(self, person: Person) -> User:
        if person not in self.found:
            self.found[person] = person_called(person.name, role=person.role, by=self.by)
        return self.found[person]

    def key(self, person: Person | None) -> int | None:
        return self.of(person).pk if person else None


@transaction.atomic
def import_coe(
    form: Form,
    *,
    owner: User | None = None,
    team: Team | None = None,
    is_restricted: bool = False,
    uid: UUID | None = None,
) -> Imported:
    """Enter the COE of a file as a draft, by its owner, with the rows' identities of the file.

    `owner` and `team` take the place of those that the file names. `uid` is the identity of the
    document, which may not be there yet; None makes one. The reference is kept where it is free. A
    person is the one active account of that name and role, else a placeholder; a service that is
    not known is added, but not by a restricted COE: everybody reads the names of services. Raises
    `CannotImport`, and then nothing was entered.
    """
    snapshot = form.snapshot
    uid = uid or uuid4()
    lock_openings(uid)
    if Document.objects.filter(uid=uid).exists():
        raise CannotImport(f"The COE {uid} is here already.")
    team = team or _team(snapshot.team)
    by = owner or person_called(snapshot.owner.name, role=snapshot.owner.role, by=None)
    people = _People(by, {snapshot.owner: by} if owner is None else {})
    guide = _guide(snapshot)
    document = open_coe(
        uid=uid,
        title=snapshot.title,
        severity=snapshot.severity,
        category=snapshot.category,
        team=team,
        zone=snapshot.zone,
        by=by,
        service=_service(snapshot.service, team, by, is_restricted=is_restricted),
        impact_started=snapshot.instants().get(Milestone.Kind.IMPACT_STARTED),
        is_restricted=is_restricted,
        form=Extent(snapshot.form),
        guide=guide,
        reference=form.reference,
    )
    try:
        _write(document, snapshot, people, by)
    except ValidationError as error:
        raise CannotImport(" ".join(error.messages)) from error
    after = {"reference": form.reference, "digest": form.digest}
    record(
        Action.ADDED,
        by=by,
        subject="import",
        key=document.reference,
        document_id=document.pk,
        after=after,
    )
    return Imported(document, tuple(_notes(document, form, people)))


def _team(name: str) -> Team:
    team = Team.objects.filter(name=name).first()
    if team is None:
        raise CannotImport(f"There is no team “{name}” here. Name one of yours with --team.")
    return team


def _service(name: str, team: Team, by: User, *, is_restricted: bool) -> Service | None:
    if not name:
        return None
    if is_restricted and not services_called(name).exists():
        raise CannotImport(
            f"There is no service “{name}” here. A restricted COE does not add it, because "
            "everybody could read its name: ask an administrator to add it first."
        )
    return service_called(name, team=team, by=by)


def _guide(snapshot: Snapshot) -> Guide:
    """The guide that the file was written with, else that of today.

    Raises `CannotImport` where it does not ask what the file answers: an answer is never dropped.
    """
    known = current_guide()
    guide = Guide.objects.published().filter(version=snapshot.guide).first() or known
    asked = set(guide.questions.values_list("part", "slug"))
    for answer in snapshot.answers:
        if answer.text and (answer.part, answer.slug) not in asked:
            raise CannotImport(
                f"The file answers “{answer.question}” ({answer.part}, {answer.slug}), which "
                f"guide {guide.version} does not ask. Move that answer into a section first."
            )
    return guide


def _write(document: Document, snapshot: Snapshot, people: _People, by: User) -> None:
    if snapshot.classification != document.classification:
        values = facts(document) | {"classification": snapshot.classification}
        save_facts(document, version=document.incident.version, values=values, by=by)
    role = Participant.Role.CONTRIBUTOR
    for person in snapshot.contributors:
        if people.of(person) != by:
            add_participant(document, user=people.of(person), role=role, by=by)
    _write_texts(document, snapshot, by)
    _write_course(document, snapshot, by)
    for name, (kind, columns) in SIMPLE.items():
        rows = {
            row.uid: {column: getattr(row, column) for column in columns}
            for row in getattr(snapshot, name)
        }
        add_rows(kind, document=document, rows=rows, by=by)
    causes = _write_causes(document, snapshot, people, by)
    _write_actions(document, snapshot, people, causes, by)


def _write_texts(document: Document, snapshot: Snapshot, by: User) -> None:
    sections = {each.slug: each for each in document.sections.all()}
    for written in snapshot.sections:
        section = sections[written.slug]
        save_section(section, version=section.version, text=written.text, by=by)
    texts = {(each.part, each.slug): each.text for each in snapshot.answers if each.text}
    changes = [
        AnswerChange(answer, answer.version, texts[answer.question.part, answer.question.slug])
        for answer in document.answers.select_related("question")
        if (answer.question.part, answer.question.slug) in texts
    ]
    save_answers(document, changes=changes, by=by)


def _write_course(document: Document, snapshot: Snapshot, by: User) -> None:
    """The milestones first, so that entries find the times that they mark."""
    stored = {each.kind: each for each in document.incident.milestones.all()}
    changes = [
        MilestoneChange(stored[each.kind], stored[each.kind].version, each.state, each.instant)
        for each in snapshot.milestones
    ]
    save_milestones(document, changes=changes, by=by)
    entries = [
        PlacedEntry(
            uid=entry.uid,
            instant=entry.instant,
            text=entry.text,
            evidence=entry.evidence,
            kind=entry.kind,
            marks=stored[entry.milestone] if entry.milestone else None,
        )
        for entry in snapshot.entries
    ]
    append_entries(document, entries=entries, by=by)


def _write_causes(
    document: Document, snapshot: Snapshot, people: _People, by: User
) -> Mapping[UUID, Cause]:
    causes = {}
    for cause in snapshot.causes:
        values: dict[str, Any] = {
            name: getattr(cause, name)
            for name in ("text", "kind", "confidence", "evidence", "answers", "risk_reason")
        }
        causes[cause.uid] = {**values, "risk_approver_id": people.key(cause.risk_approver)}
    explains = {cause.uid: cause.explains for cause in snapshot.causes}
    return add_causes(document, causes=causes, explains=explains, by=by)


def _write_actions(
    document: Document,
    snapshot: Snapshot,
    people: _People,
    causes: Mapping[UUID, Cause],
    by: User,
) -> None:
    """Nobody else sees the causes yet, so that none can be removed meanwhile."""
    actions = {}
    for action in snapshot.actions:
        values: dict[str, Any] = {
            name: getattr(action, name)
            for name in ("title", "done_when", "due_on", "priority", "kind", "tracker")
        }
        values["owner_id"] = people.key(action.owner)
        values["cause_id"] = causes[action.cause].pk if action.cause else None
        actions[action.uid] = values
    add_rows(ActionItem, document=document, rows=actions, by=by)


def _notes(document: Document, form: Form, people: _People) -> list[str]:
    """What whoever imports should know: where the draft is not what was exported."""
    notes = []
    if form.reference and document.reference != form.reference:
        notes.append(f"{form.reference} is taken here, so this is {document.reference}.")
    digest = digest_of(to_bytes(form.snapshot))
    if form.digest and form.digest != digest:
        notes.append("The file was changed after it was exported.")
    notes += [
        f"{person.name} ({person.role or 'no role'}) is a placeholder: no account has that name "
        "and role."
        for person, user in people.found.items()
        if user.is_placeholder
    ]
    taken = take_snapshot(Document.objects.with_readers_fields().get(pk=document.pk))
    if names := _different(taken.snapshot, form.snapshot):
        notes.append(f"It is not quite what the file holds. Different here: {', '.join(names)}.")
    return notes


def _different(here: Snapshot, there: Snapshot) -> list[str]:
    """The fields of a snapshot that do not say the same. What the schema of `there` did not know
    and nobody has written here yet is no difference."""
    if there.schema < SCHEMA:
        known = {each.slug for each in there.sections}
        here = replace(
            here,
            schema=there.schema,
            answers=tuple(each for each in here.answers if each.text),
            sections=tuple(each for each in here.sections if each.text or each.slug in known),
        )
    names = [each.name for each in fields(Snapshot)]
    return [name for name in names if getattr(here, name) != getattr(there, name)]

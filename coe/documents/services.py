import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from coe.accounts.models import Team, User
from coe.documents.contents import Answer
from coe.documents.locks import (
    ReadOnly,
    lock_for_content,
    lock_openings,
    lock_whole,
    write_section,
)
from coe.documents.models import (
    Document,
    Form,
    Participant,
    ReferenceCounter,
    Section,
    SectionSlug,
    State,
)
from coe.history.models import Action
from coe.history.services import changed, record
from coe.incidents.models import Category, Incident, Service, instant_values
from coe.incidents.registering import hold_to_write
from coe.incidents.services import open_incident, take_over
from coe.policies.models import Guide
from coe.policies.services import current_guide
from coe.text.instants import Instant
from coe.web.converters import Reference
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict, held_at, save_over


@transaction.atomic
def open_coe(
    *,
    uid: UUID,
    title: str,
    severity: int,
    team: Team,
    zone: str,
    by: User,
    category: str = Category.OUTAGE,
    service: Service | None = None,
    impact_started: Instant | None = None,
    is_restricted: bool = False,
    form: Form = Form.FULL,
    guide: Guide | None = None,
    reference: str = "",
    incident: Incident | None = None,
) -> Document:
    """Open an incident and the document about it, owned by the person who opens it; or the document
    about an `incident` that is registered already, which takes on the facts given here.

    The document keeps the guide of today unless another is given: what is asked of its author
    stays the same.

    Opening the same `uid` again returns the document that is there; raises `Conflict` if it is
    somebody else's, `StaleAnswer` if it was discarded, or if the `incident` has a COE by now or was
    set aside. The reference takes the year (UTC) of the start of impact as known now, else of
    today; it is `reference` where that is given and free.
    """
    lock_openings(uid)
    if existing := _opened_before(uid, by):
        return existing
    known = impact_started.at if impact_started else datetime.now(UTC)
    guide = guide or current_guide()
    reference = _free_reference(reference) or next_reference(known.astimezone(UTC).year)
    stated: dict[str, Any] = {
        "title": title,
        "severity": severity,
        "category": category,
        "team": team,
        "service": service,
        "impact_started": impact_started,
    }
    document = Document.objects.create(
        uid=uid,
        reference=reference,
        incident=take_over(hold_to_write(incident, by=by), **stated)
        if incident
        else open_incident(**stated, by=by),
        owner=by,
        zone=zone,
        is_restricted=is_restricted,
        guide=guide,
        form=form,
    )
    _lay_out(document, guide)
    started = instant_values(impact_started) if impact_started else None
    after = {"form": form, "impact_started": started}
    record(
        Action.ADDED,
        by=by,
        subject="document",
        key=reference,
        document_id=document.pk,
        after=facts(document) | after,
    )
    return document


def _opened_before(uid: UUID, by: User) -> Document | None:
    """What `by` opened under `uid` already."""
    existing = Document.objects.filter(uid=uid).first()
    if existing and existing.owner_id != by.pk:
        raise Conflict
    if existing and existing.discarded_at:
        raise StaleAnswer(
            f"You opened this as {existing.reference} and discarded it. "
            "Bring it back at home, or open another COE from an empty form."
        )
    return existing


def _lay_out(document: Document, guide: Guide) -> None:
    """Every section and every question of `guide`, still empty."""
    Section.objects.bulk_create(Section(document=document, slug=slug) for slug in SectionSlug)
    Answer.objects.bulk_create(
        Answer(document=document, question=question) for question in guide.questions.all()
    )


def next_reference(year: int) -> str:
    """The next reference of a year, `COE-2026-0042`; a number is never given twice.

    Numbers that imported COEs brought along are left out. Two openings at once wait for each other
    on the counter's row.
    """
    counter, _ = ReferenceCounter.objects.get_or_create(year=year, defaults={"last": 0})
    while True:
        ReferenceCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
        counter.refresh_from_db()
        reference = f"COE-{year}-{counter.last:04d}"
        if not Document.objects.filter(reference=reference).exists():
            return reference


def _free_reference(wanted: str) -> str:
    """`wanted` if it is a reference that no COE has, else nothing.

    Whoever opens a COE of that year waits on the counter's row, and sees it taken afterwards.
    """
    if not re.fullmatch(Reference.regex, wanted):
        return ""
    year = int(wanted.split("-")[1])
    ReferenceCounter.objects.get_or_create(year=year, defaults={"last": 0})
    ReferenceCounter.objects.select_for_update().get(year=year)
    return "" if Document.objects.filter(reference=wanted).exists() else wanted


def facts(document: Document) -> dict[str, Any]:
    """What the head of a COE states, as history keeps it."""
    incident = document.incident
    return {
        "title": incident.title,
        "severity": incident.severity,
        "category": incident.category,
        "team_id": incident.team_id,
        "service_id": incident.service_id,
        "zone": document.zone,
        "classification": document.classification,
        "is_restricted": document.is_restricted,
    }


@transaction.atomic
def save_facts(document: Document, *, version: int, values: dict[str, Any], by: User) -> None:
    """Write the facts of a COE (see `facts`) over those that had `version` (the incident's).

    Raises `Conflict` if somebody else saved them, `ReadOnly` if the COE is approved.
    """
    fresh = lock_whole(document)
    if fresh.state == State.APPROVED:
        raise ReadOnly
    before, after = changed(facts(fresh), values)
    if fresh.incident.version == version and not after:
        return
    own = {name: values[name] for name in ("zone", "classification", "is_restricted")}
    save_over(
        fresh.incident,
        version=version,
        values={name: value for name, value in values.items() if name not in own},
    )
    Document.objects.filter(pk=fresh.pk).update(**own)
    record(
        Action.CHANGED,
        by=by,
        subject="document",
        key=fresh.reference,
        document_id=fresh.pk,
        version=fresh.incident.version,
        before=before,
        after=after,
    )


@transaction.atomic
def save_section(
    section: Section, *, version: int, text: str, by: User, token: UUID | None = None
) -> None:
    """Write the text of a section over the one that had `version`.

    Writing what is there changes nothing. Raises `Conflict` if somebody else saved it,
    `ReadOnly` if the COE is approved. `token` names the attempt (see `record`).

    What a version says never changes: if `section` was read at `version`, it tells what is written
    over, and the lock and the write are one statement, since somebody is typing.
    """
    before = section.text
    is_written = section.version == version and before != text and write_section(section, text)
    if not is_written:
        lock_for_content(section.document)
        before = held_at(section, version).text
        if before == text:
            return
        save_over(section, version=version, values={"text": text})
    record(
        Action.CHANGED,
        by=by,
        subject="section",
        key=section.slug,
        document_id=section.document_id,
        version=section.version,
        before={"text": before},
        after={"text": text},
        token=token,
    )


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What a person typed for one answer over the one that had `version`."""

    answer: Answer
    version: int
    text: str


@transaction.atomic
def save_answers(
    document: Document, *, changes: Iterable[AnswerChange], by: User, token: UUID | None = None
) -> None:
    """Write several answers of `document` at once, all or none.

    Writing what is there changes nothing. Raises `Conflict` if somebody else saved one of them,
    `ReadOnly` if the COE is approved. `token` names the attempt (see `record`).
    """
    lock_for_content(document)
    for change in changes:
        answer = change.answer
        before = held_at(answer, change.version).text
        if before == change.text:
            continue
        save_over(answer, version=change.version, values={"text": change.text})
        record(
            Action.CHANGED,
            by=by,
            subject="answer",
            key=answer.question.slug,
            document_id=document.pk,
            version=answer.version,
            before={"text": before},
            after={"text": change.text},
            token=token,
        )


@transaction.atomic
def add_participant(document: Document, *, user: User, role: Participant.Role, by: User) -> None:
    """Let somebody take part in a COE; adding them again changes nothing.

    Contributors stand in the text that is judged, so this is a write of content. Raises
    `ReadOnly` if the COE is approved.
    """
    lock_for_content(document)
    _, is_new = Participant.objects.get_or_create(document=document, user=user, role=role)
    if is_new:
        record(
            Action.ADDED,
            by=by,
            subject="participant",
            key=user.pk,
            document_id=document.pk,
            after={"role": role},
        )


@transaction.atomic
def remove_participant(document: Document, *, user: User, role: Participant.Role, by: User) -> None:
    """End somebody's part in a COE; removing them again changes nothing.

    A write of content, like adding them. Raises `ReadOnly` if the COE is approved.
    """
    lock_for_content(document)
    removed, _ = Participant.objects.filter(document=document, user=user, role=role).delete()
    if removed:
        record(
            Action.REMOVED,
            by=by,
            subject="participant",
            key=user.pk,
            document_id=document.pk,
            before={"role": role},
        )


@transaction.atomic
def add_contributor(document: Document, *, person: User, by: User) -> None:
    """Let `person` write in a COE that `by` owns; adding them again changes nothing.

    Raises `StaleAnswer` if `by` no longer owns it or `person` does, `ReadOnly` if it is approved.
    """
    _hold_owner(document, by)
    if document.owner_id == person.pk:
        raise StaleAnswer(f"{person.name} owns this COE by now.")
    add_participant(document, user=person, role=Participant.Role.CONTRIBUTOR, by=by)


@transaction.atomic
def remove_contributor(document: Document, *, person: User, by: User) -> None:
    """Let `person` write no longer in a COE that `by` owns; removing them again changes nothing.

    Raises `StaleAnswer` if `by` no longer owns it, `ReadOnly` if it is approved.
    """
    _hold_owner(document, by)
    remove_participant(document, user=person, role=Participant.Role.CONTRIBUTOR, by=by)


def _hold_owner(document: Document, by: User) -> None:
    """Keep the owner of `document` from changing; raise `StaleAnswer` if it is not `by`."""
    lock_for_content(document)
    document.refresh_from_db(fields=["owner"])
    if document.owner_id != by.pk:
        raise StaleAnswer("Somebody else owns this COE by now, and decides who writes it.")


@transaction.atomic
def grow_document(document: Document, *, by: User) -> None:
    """Make a light COE a full one, which it stays; growing it again changes nothing.

    Nothing that was written changes. Raises `ReadOnly` if the COE is approved.
    """
    fresh = lock_whole(document)
    if fresh.form == Form.FULL:
        return
    if fresh.state == State.APPROVED:
        raise ReadOnly
    Document.objects.filter(pk=fresh.pk).update(form=Form.FULL)
    record(
        Action.CHANGED,
        by=by,
        subject="document",
        key=fresh.reference,
        document_id=fresh.pk,
        before={"form": Form.LIGHT},
        after={"form": Form.FULL},
    )


@transaction.atomic
def hand_over_documents(*, of: User, to: User, by: User) -> int:
    """Make `to` the owner of every COE that `of` owns; return how many there were.

    What `of` has discarded stays theirs: only they can bring it back.
    """
    held = list(Document.objects.kept().select_for_update().filter(owner=of).order_by("pk"))
    for document in held:
        change_owner(document, to=to, by=by)
    return len(held)


@transaction.atomic
def change_owner(document: Document, *, to: User, by: User) -> None:
    """Write down that `document`, which the caller has locked, is owned by `to` from now on."""
    Document.objects.filter(pk=document.pk).update(owner=to)
    record(
        Action.HANDED_OVER,
        by=by,
        subject="document",
        key=document.reference,
        document_id=document.pk,
        before={"owner_id": document.owner_id},
        after={"owner_id": to.pk},
    )

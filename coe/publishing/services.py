from typing import Any

from django.contrib.postgres.search import SearchVector
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Value

from coe.accounts.models import User
from coe.actions.services import PromisedAction, keep_promises
from coe.documents.locks import lock_whole
from coe.documents.models import Document, State
from coe.history.models import Action
from coe.history.services import record
from coe.incidents.durations import time_to_resolve
from coe.jobs.services import put_job
from coe.notices.events import Event, announce
from coe.notices.models import Kind
from coe.notices.services import tell
from coe.publishing.models import Publication, PublishedText
from coe.publishing.printables import working_envelope
from coe.publishing.queries import concerned_with, has_to_be_approved_anew
from coe.reviews.decisions import standing_decisions
from coe.reviews.rules import is_approver, is_owner
from coe.reviews.workflow import TextChanged, signed_snapshot
from coe.snapshots.models import StoredSnapshot
from coe.snapshots.serialise import to_plain
from coe.snapshots.services import read_snapshot
from coe.snapshots.snapshot import Snapshot
from coe.snapshots.words import searched_texts
from coe.web.errors import StaleAnswer


def may_publish(user: User, document: Document) -> bool:
    """Whether `user` may publish the working copy now: approved, and not what readers have."""
    signed = signed_snapshot(document)
    if document.state != State.APPROVED or signed is None:
        return False
    is_decider = is_owner(user, document) or is_approver(user, document)
    is_spent = _is_out(document, signed) or has_to_be_approved_anew(document)
    return is_decider and not is_spent


@transaction.atomic
def publish(document: Document, *, by: User, digest: str | None = None) -> Publication:
    """Make the approved text the next version, and the one before it superseded.

    What is published are the bytes that were signed. `digest` is of the text on the screen where
    the button was, and must be theirs; None where there was no screen. Raises `PermissionDenied`
    to those who may not, `StaleAnswer` if the COE is not approved, shows another text by now, is
    published already, or was retracted since it was approved.
    """
    fresh = lock_whole(document)
    if not (is_owner(by, fresh) or is_approver(by, fresh)):
        raise PermissionDenied("The owner or the approver publishes a COE.")
    signed = signed_snapshot(fresh)
    if fresh.state != State.APPROVED or signed is None:
        raise StaleAnswer("This COE is not approved any more, so it was not published.")
    if digest not in (None, signed.digest):
        raise TextChanged
    if _is_out(fresh, signed):
        raise StaleAnswer("This text is published already.")
    if has_to_be_approved_anew(fresh):
        raise StaleAnswer(
            "This COE was retracted after it was approved, so it was not published. Reopen it, "
            "correct it, and have it approved again."
        )
    publication = _add_version(fresh, signed, by=by)
    promised = _promised(fresh, read_snapshot(signed).snapshot)
    known = set(fresh.promises.values_list("uid", flat=True))
    people = {*concerned_with(fresh)}
    keep_promises(fresh, promised=promised, by=by)
    record(
        Action.PUBLISHED,
        by=by,
        subject="document",
        key=fresh.reference,
        document_id=fresh.pk,
        version=publication.version,
        after={"digest": signed.digest},
    )
    put_job("print_coe", payload={"document": fresh.pk}, key=str(fresh.pk))
    people |= {*concerned_with(fresh)}
    tell(Kind.PUBLISHED, people=people, document=fresh, by=by)
    announce(Event.COE_PUBLISHED, document=fresh, by=by)
    accepted = [each.uid for each in promised if each.uid not in known]
    announce(Event.ITEM_ACCEPTED, document=fresh, by=by, items=accepted)
    return publication


def _is_out(document: Document, signed: StoredSnapshot) -> bool:
    """Whether the signed text is the publication that readers get."""
    current = document.publications.filter(state=Publication.State.CURRENT)
    return current.filter(snapshot=signed).exists()


def _add_version(document: Document, signed: StoredSnapshot, *, by: User) -> Publication:
    version = document.publications.count() + 1
    current = document.publications.filter(state=Publication.State.CURRENT)
    current.update(state=Publication.State.SUPERSEDED)
    judged = read_snapshot(signed)
    snapshot = judged.snapshot
    publication = Publication.objects.create(
        document=document,
        version=version,
        snapshot=signed,
        title=snapshot.title,
        severity=snapshot.severity,
        team=snapshot.team,
        **_listed(document, snapshot),
        envelope=to_plain(working_envelope(document, judged)),
        published_by=by,
    )
    PublishedText.objects.bulk_create(
        PublishedText(publication=publication, words=SearchVector(Value(text), config="simple"))
        for text in searched_texts(snapshot)
    )
    Document.objects.filter(pk=document.pk).update(current_version=version)
    return publication


def _listed(document: Document, snapshot: Snapshot) -> dict[str, Any]:
    """What lists show of the text. What is approved stands still: the incident's team and service
    are those that were signed, by whatever name."""
    instants = snapshot.instants()
    started = instants.get("impact_started")
    taken = time_to_resolve(instants)
    return {
        "owning_team": document.incident.team,
        "service": document.incident.service,
        "zone": snapshot.zone,
        "impact_started_at": started.at if started else None,
        "resolved_in": None if taken.is_reversed else taken.seconds,
        "is_resolved_about": taken.is_about,
    }


def _promised(document: Document, snapshot: Snapshot) -> list[PromisedAction]:
    """Every action item but those that were rejected. What is approved stands still, so the
    proposals are those that were decided, and their owners and dates are what was committed."""
    decisions = standing_decisions(document, snapshot)
    rejected = {uid for uid, each in decisions.items() if each.is_rejected}
    kinds = {cause.uid: cause.kind for cause in snapshot.causes}
    return [
        PromisedAction(
            uid=item.uid,
            title=item.title,
            due_on=item.due_on,
            priority=item.priority,
            kind=item.kind,
            cause_kind=kinds.get(item.cause, "") if item.cause else "",
            tracker=item.tracker,
        )
        for item in snapshot.actions
        if item.uid not in rejected
    ]

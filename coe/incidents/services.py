from typing import Any
from uuid import UUID

from django.db import transaction

from coe.accounts.models import Team, User
from coe.history.models import Action
from coe.history.services import changed, record
from coe.incidents.models import Category, Incident, Milestone, Service, instant_values
from coe.text.instants import Instant
from coe.web.versions import held_at, save_over


@transaction.atomic
def open_incident(
    *,
    title: str,
    severity: int,
    team: Team,
    service: Service | None,
    impact_started: Instant | None,
    by: User,
    category: str = Category.OUTAGE,
    uid: UUID | None = None,
) -> Incident:
    """Open an incident with all its milestones, of which only the start of impact may be known.

    It is registered, as one that may do without a COE, where it has a `uid`.
    """
    incident = Incident.objects.create(
        uid=uid,
        title=title,
        severity=severity,
        category=category,
        team=team,
        service=service,
        opened_by=by,
    )
    known = {Milestone.Kind.IMPACT_STARTED: impact_started}
    Milestone.objects.bulk_create(
        _milestone(incident, kind, known.get(kind)) for kind in Milestone.Kind
    )
    return incident


def _milestone(incident: Incident, kind: Milestone.Kind, instant: Instant | None) -> Milestone:
    state = Milestone.State.RECORDED if instant else Milestone.State.PENDING
    return Milestone(incident=incident, kind=kind, state=state, **instant_values(instant))


def take_over(
    incident: Incident,
    *,
    title: str,
    severity: int,
    category: str,
    team: Team,
    service: Service | None,
    impact_started: Instant | None,
) -> Incident:
    """Give a registered incident, which the caller holds, the facts with which its COE opens.

    One whose COE was discarded stays with that draft, which can be brought back; another with the
    same identity takes its place, and is returned.
    """
    facts: dict[str, Any] = {
        "title": title,
        "severity": severity,
        "category": category,
        "team": team,
        "service": service,
    }
    if Incident.objects.filter(pk=incident.pk, document__isnull=False).exists():
        Incident.objects.filter(pk=incident.pk).update(uid=None)
        return open_incident(
            **facts, uid=incident.uid, impact_started=impact_started, by=incident.opened_by
        )
    Incident.objects.filter(pk=incident.pk).update(**facts)
    state = Milestone.State.RECORDED if impact_started else Milestone.State.PENDING
    incident.milestones.filter(kind=Milestone.Kind.IMPACT_STARTED).update(
        state=state, **instant_values(impact_started)
    )
    incident.refresh_from_db()
    return incident


@transaction.atomic
def save_milestone(
    milestone: Milestone,
    *,
    version: int,
    state: str,
    instant: Instant | None,
    document_id: int,
    by: User,
    token: UUID | None = None,
) -> None:
    """Write a milestone over the one that had `version`; writing what is there changes nothing.

    Only a recorded milestone has an instant. Raises `Conflict` if somebody else saved it. The
    caller holds the lock for content of the document.
    """
    values = {"state": state, **instant_values(instant)}
    stored = held_at(milestone, version)
    before, after = changed({name: getattr(stored, name) for name in values}, values)
    if not after:
        return
    save_over(milestone, version=version, values=values)
    record(
        Action.CHANGED,
        by=by,
        subject="milestone",
        key=milestone.kind,
        document_id=document_id,
        version=milestone.version,
        before=before,
        after=after,
        token=token,
    )

"""Incidents before they have a COE: registered, and set aside where they need none."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from coe.accounts.models import Team, User
from coe.database.locks import lock_name
from coe.history.models import Action
from coe.history.services import changed, record
from coe.incidents.models import Incident, Milestone, Service
from coe.incidents.services import open_incident, take_over
from coe.text.instants import Instant
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict

HAS_ONE = "Somebody has opened a COE about this incident meanwhile."
SET_ASIDE = "Somebody has decided meanwhile that this incident needs no COE."
CHANGED = "Somebody has changed what is written of this incident meanwhile."
DRAFTED = "A draft about this incident was discarded, and what it states is part of that."
TAKEN_UP = "Somebody has decided meanwhile that this incident needs a COE after all."


@transaction.atomic
def register_incident(
    *,
    uid: UUID,
    title: str,
    severity: int,
    category: str,
    team: Team,
    service: Service | None,
    impact_started: Instant | None,
    by: User,
) -> Incident:
    """Write down that something happened, before anybody writes the COE about it.

    Registering the same `uid` again returns what is there; raises `Conflict` if somebody else
    registered it.
    """
    lock_name(f"register_incident {uid}")
    if existing := Incident.objects.filter(uid=uid).first():
        if existing.opened_by_id != by.pk:
            raise Conflict
        return existing
    incident = open_incident(
        uid=uid,
        title=title,
        severity=severity,
        category=category,
        team=team,
        service=service,
        impact_started=impact_started,
        by=by,
    )
    record(Action.ADDED, by=by, subject="incident", key=uid, after=_facts(incident))
    return incident


def may_change(user: User, incident: Incident) -> bool:
    """Whether `user` may say otherwise what happened, how bad it was and whose it is: who
    registered it, and who decides whether it needs a COE."""
    return incident.opened_by_id == user.pk or may_decide(user, incident)


def require_changer(user: User, incident: Incident) -> None:
    """Raise `PermissionDenied` if `user` may not change what is registered of an incident."""
    if not may_change(user, incident):
        raise PermissionDenied("Who registered the incident changes this, or who manages its team.")


@transaction.atomic
def change_incident(
    incident: Incident,
    *,
    version: int,
    title: str,
    severity: int,
    category: str,
    team: Team,
    service: Service | None,
    impact_started: Instant | None,
    by: User,
) -> Incident:
    """Write what is known of an incident over what had `version`; what is there changes nothing.

    Raises `PermissionDenied` if `by` may not, `StaleAnswer` if it has a COE by now, or a draft that
    was discarded and can be brought back, or if somebody changed it since.
    """
    require_changer(by, incident)
    fresh = hold_incident(incident)
    if Incident.objects.filter(pk=fresh.pk, document__isnull=False).exists():
        raise StaleAnswer(DRAFTED)
    if fresh.version != version:
        raise StaleAnswer(CHANGED)
    stood = _facts(fresh)
    written = take_over(
        fresh,
        title=title,
        severity=severity,
        category=category,
        team=team,
        service=service,
        impact_started=impact_started,
    )
    before, after = changed(stood, _facts(written))
    if after:
        written.version = version + 1
        written.save(update_fields=["version"])
        record(Action.CHANGED, by=by, subject="incident", key=fresh.uid, before=before, after=after)
    return written


def _facts(incident: Incident) -> dict[str, Any]:
    started = impact_start(incident)
    return {
        "title": incident.title,
        "severity": incident.severity,
        "category": incident.category,
        "team_id": incident.team_id,
        "service_id": incident.service_id,
        "impact_started": started and started.at,
    }


def may_decide(user: User, incident: Incident) -> bool:
    """Whether `user` may say that an incident needs no COE: who manages its team or a team above
    it, and leaders."""
    return user.is_leader or Team.objects.governed_by(user).filter(pk=incident.team_id).exists()


def require_decider(user: User, incident: Incident) -> None:
    """Raise `PermissionDenied` if `user` may not say that an incident needs no COE."""
    if not may_decide(user, incident):
        raise PermissionDenied("Whoever manages the team of the incident decides this.")


def hold_incident(incident: Incident) -> Incident:
    """Keep a registered incident as it is until the transaction ends, and read it anew.

    Raises `StaleAnswer` if it has a COE by now.
    """
    Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    fresh = Incident.objects.without_coe().filter(pk=incident.pk).first()
    if fresh is None:
        raise StaleAnswer(HAS_ONE)
    return fresh


def hold_to_write(incident: Incident, *, by: User) -> Incident:
    """`hold_incident` for `by` to open its COE.

    Raises `PermissionDenied` if they may not see it, `StaleAnswer` if it was set aside meanwhile.
    """
    fresh = hold_incident(incident)
    if not Incident.objects.visible_to(by).filter(pk=fresh.pk).exists():
        raise PermissionDenied
    if fresh.set_aside_at:
        raise StaleAnswer(SET_ASIDE)
    return fresh


@transaction.atomic
def set_aside_incident(incident: Incident, *, reason: str, by: User) -> None:
    """Decide that an incident needs no COE, because of `reason`; it stays in the list of those.

    Raises `PermissionDenied` if `by` may not, `StaleAnswer` if it has a COE by now or somebody
    decided before.
    """
    require_decider(by, incident)
    fresh = hold_incident(incident)
    if fresh.set_aside_at:
        raise StaleAnswer(SET_ASIDE)
    _write(fresh, set_aside_at=datetime.now(UTC), set_aside_by=by, set_aside_reason=reason)
    record(
        Action.CHANGED,
        by=by,
        subject="incident",
        key=incident.uid,
        before={"set_aside": ""},
        after={"set_aside": reason},
    )


@transaction.atomic
def take_up_incident(incident: Incident, *, by: User) -> None:
    """Decide that an incident that was set aside needs a COE after all.

    Raises `PermissionDenied` if `by` may not, `StaleAnswer` if it is not set aside any more.
    """
    require_decider(by, incident)
    fresh = hold_incident(incident)
    if not fresh.set_aside_at:
        raise StaleAnswer(TAKEN_UP)
    _write(fresh, set_aside_at=None, set_aside_by=None, set_aside_reason="")
    record(
        Action.CHANGED,
        by=by,
        subject="incident",
        key=incident.uid,
        before={"set_aside": fresh.set_aside_reason},
        after={"set_aside": ""},
    )


def impact_start(incident: Incident) -> Instant | None:
    """When its impact started, as far as that is known."""
    started = incident.milestones.filter(kind=Milestone.Kind.IMPACT_STARTED).first()
    return started.instant if started else None


def _write(incident: Incident, **values: Any) -> None:
    Incident.objects.filter(pk=incident.pk).update(**values)

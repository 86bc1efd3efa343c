"""Incidents and clocks as the tests need them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from coe.accounts.models import Team, User
from coe.documents.models import Document
from coe.documents.services import open_coe
from coe.incidents.models import Category, Incident, Milestone, Severity
from coe.incidents.registering import register_incident

DAY = datetime(2026, 11, 2, 18, tzinfo=UTC)
"""A Monday, also in Los Angeles: the day on which COEs of the tests are opened."""


def register(by: User, title: str = "Backups were empty", **said: Any) -> Incident:
    """An incident of the team of whoever registers it, unless another is said."""
    facts: dict[str, Any] = {
        "uid": uuid4(),
        "severity": Severity.THREE,
        "category": Category.OUTAGE,
        "team": by.team,
        "service": None,
        "impact_started": None,
    }
    return register_incident(title=title, by=by, **{**facts, **said})


def write_coe(incident: Incident, by: User, *, uid: UUID | None = None, **said: Any) -> Document:
    """Open the COE about a registered incident with the facts that are registered."""
    fresh = Incident.objects.get(pk=incident.pk)
    facts: dict[str, Any] = {
        "title": fresh.title,
        "severity": fresh.severity,
        "category": fresh.category,
        "team": fresh.team,
        "zone": "UTC",
    }
    return open_coe(uid=uid or uuid4(), by=by, incident=fresh, **{**facts, **said})


def mitigate(document: Document, at: datetime = DAY, *, kind: str = "mitigated") -> Document:
    """Say when it was mitigated; the COE was opened on `DAY`."""
    Document.objects.filter(pk=document.pk).update(created_at=DAY)
    milestones = document.incident.milestones.filter(kind=kind)
    to_the_minute = at.replace(second=0, microsecond=0)
    milestones.update(state=Milestone.State.RECORDED, at=to_the_minute)
    return Document.objects.select_related("incident__team").get(pk=document.pk)


def team(name: str) -> Team:
    return Team.objects.get(name=name)

"""The incidents of the demo that have no COE yet, registered by people of their teams."""

from dataclasses import dataclass
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from coe.accounts.models import Team, User
from coe.incidents.models import Category, Incident, Service, Severity
from coe.incidents.registering import register_incident
from coe.text.reading import parse_instant

FAMILY = UUID("9d4c7b1e-52a8-4f36-8e0d-6b3f1a7c2026")


@dataclass(frozen=True, slots=True)
class Unwritten:
    title: str
    service: str
    by: str
    severity: Severity
    started: str
    category: Category = Category.OUTAGE

    @property
    def uid(self) -> UUID:
        return uuid5(FAMILY, self.title)


UNWRITTEN = (
    Unwritten(
        "Restores from the archive waited nine hours for a tape robot",
        "Backups",
        "colleague@example.com",
        Severity.THREE,
        "2026-11-16 04:20",
    ),
    Unwritten(
        "A wrong weight nearly sent all traffic of Lisbon to one server",
        "Load balancing",
        "jonas.weber@example.com",
        Severity.FOUR,
        "2026-11-19 13:05",
        Category.NEAR_MISS,
    ),
)


def register_unwritten() -> None:
    """Register those that are missing; what is there stays as people left it."""
    there = set(Incident.objects.filter(uid__isnull=False).values_list("uid", flat=True))
    for each in UNWRITTEN:
        if each.uid not in there:
            _register(each)


def _register(told: Unwritten) -> None:
    service = Service.objects.get(name=told.service)
    team = Team.objects.get(pk=service.team_id)
    register_incident(
        uid=told.uid,
        title=told.title,
        severity=told.severity,
        category=told.category,
        team=team,
        service=service,
        impact_started=parse_instant(told.started, zone=ZoneInfo(team.zone), day=None),
        by=User.objects.get_by_natural_key(told.by),
    )

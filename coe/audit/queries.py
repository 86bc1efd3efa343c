"""Reading the audit, the newest first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from coe.audit.models import AuditEvent

PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """What the audit is narrowed by; what is empty narrows nothing. Days are those of UTC."""

    who: str = ""
    reference: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some events; `before` is where older ones go on, None on the last page."""

    events: tuple[AuditEvent, ...]
    before: int | None


def audit_events(filters: AuditFilters) -> QuerySet[AuditEvent]:
    """What fits, with who it was: found by a piece of their name or e-mail address."""
    found = AuditEvent.objects.select_related("person").order_by("-pk")
    if filters.who:
        name = Q(person__name__icontains=filters.who)
        found = found.filter(name | Q(person__email__icontains=filters.who))
    if filters.reference:
        found = found.filter(reference__startswith=filters.reference.upper())
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.is_restricted:
        found = found.filter(is_restricted=True)
    if filters.since:
        found = found.filter(at__gte=_begins(filters.since))
    if filters.until and filters.until < date.max:
        found = found.filter(at__lt=_begins(filters.until + timedelta(days=1)))
    return found


def page_of_events(filters: AuditFilters, *, before: int | None) -> AuditPage:
    """The newest that fit, of those older than the event `before`. One query."""
    found = audit_events(filters)
    if before is not None:
        found = found.filter(pk__lt=before)
    events = tuple(found[: PAGE + 1])
    is_more = len(events) > PAGE
    return AuditPage(events[:PAGE], events[PAGE - 1].pk if is_more else None)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

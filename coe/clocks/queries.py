"""What is late and what has no COE yet, as far as somebody may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404

from coe.accounts.models import User
from coe.clocks.reading import Clocks
from coe.documents.models import Document
from coe.incidents.models import Incident, IncidentQuerySet
from coe.incidents.registering import require_changer, require_decider
from coe.policies.clocks import Clock


def without_coe(user: User) -> QuerySet[Incident]:
    """The incidents that `user` may see and whose COE is to be written, the oldest first."""
    return _registered(user).to_write().order_by("opened_at", "pk")


def needing_none(user: User) -> QuerySet[Incident]:
    """The incidents that `user` may see and that need no COE, the last decision first."""
    set_aside = _registered(user).filter(set_aside_at__isnull=False)
    return set_aside.order_by("-set_aside_at", "-pk")


def _registered(user: User) -> IncidentQuerySet:
    shown = Incident.objects.without_coe().visible_to(user)
    return shown.select_related("team", "service", "opened_by", "set_aside_by")


def incident_in_sight(user: User, uid: UUID) -> Incident | Document:
    """A registered incident, or the COE about it, whichever is there for `user`; raises `Http404`
    as for one that is not there."""
    if incident := _registered(user).filter(uid=uid).first():
        return incident
    document = Document.objects.visible_to(user).filter(incident__uid=uid).first()
    if document is None:
        raise Http404
    return document


def decidable_incident(user: User, uid: UUID) -> Incident:
    """A registered incident of which `user` decides whether it needs a COE; raises `Http404` as for
    one that is not there, `PermissionDenied` where they may only see it.

    It may have a COE by now: then whatever they decide is stale.
    """
    found = incident_in_sight(user, uid)
    incident = found.incident if isinstance(found, Document) else found
    require_decider(user, incident)
    return incident


def changeable_incident(user: User, uid: UUID) -> Incident:
    """A registered incident of which `user` may say otherwise what happened; raises `Http404` and
    `PermissionDenied` likewise.

    It may have a COE by now, which says that itself.
    """
    found = incident_in_sight(user, uid)
    incident = found.incident if isinstance(found, Document) else found
    require_changer(user, incident)
    return incident


def incident_to_write(user: User, uid: str, *, is_sent: bool) -> Incident | None:
    """The registered incident whose COE `user` is about to open; None where none is named.

    Where the form `is_sent`, it may have a COE by now, which opening another one says. Raises
    `Http404` as for one that is not there.
    """
    if not uid:
        return None
    shown = Incident.objects.visible_to(user).select_related("team")
    try:
        return (shown if is_sent else shown.without_coe().to_write()).get(uid=uid)
    except (Incident.DoesNotExist, ValidationError) as error:
        raise Http404 from error


@dataclass(frozen=True, slots=True)
class LateCoe:
    """A COE that is late, and its clock."""

    document: Document
    clock: Clock


def late_coes(user: User, moment: datetime | None = None) -> list[LateCoe]:
    """The COEs that are late, of those whose working copy `user` may read; the latest first.

    The number of queries does not grow with their number.
    """
    running = Document.objects.working_copy_visible_to(user).filter(
        current_version__isnull=True, retracted_version__isnull=True
    )
    documents = list(running.select_related("incident__team", "owner").order_by("pk"))
    clocks = Clocks(moment).of(documents)
    timed = (LateCoe(each, clocks[each.pk]) for each in documents if each.pk in clocks)
    late = [each for each in timed if each.clock.is_late]
    return sorted(late, key=lambda each: -each.clock.days_late)

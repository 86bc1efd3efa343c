"""The catalogue of services: what is run for customers, and the team that runs it."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from coe.accounts.models import Team, User
from coe.accounts.saving import refuse_taken, refuse_unseen, require_administrator
from coe.history.models import Action
from coe.history.services import changed, record
from coe.incidents.models import Service

NAME_TAKEN = "There is a service of this name already."


def service_facts(service: Service) -> dict[str, Any]:
    """What is stated about a service, as history keeps it."""
    return {"name": service.name, "team_id": service.team_id}


@transaction.atomic
def add_service(*, name: str, team: Team, by: User) -> Service:
    """Add a service to the catalogue.

    Raises `PermissionDenied` if `by` is no administrator, `ValidationError` if the name is taken.
    """
    require_administrator(by)
    return _add(name, team, by)


@transaction.atomic
def service_called(name: str, *, team: Team, by: User) -> Service:
    """The service of this name in whatever case, added under `team` where there is none.

    For whoever operates the machine; nobody's office is asked for.
    """
    return services_called(name).first() or _add(name, team, by)


def services_called(name: str) -> QuerySet[Service]:
    """The service of this name in whatever case, or none."""
    return Service.objects.filter(_is_called(name))


def _is_called(name: str) -> Exact:
    """As the constraint compares names, which Django's iexact (UPPER) does not."""
    return Exact(Lower("name"), Lower(Value(name)))


def _add(name: str, team: Team, by: User) -> Service:
    service = Service(name=name, team=team)
    with refuse_taken("service_name_unique", field="name", sentence=NAME_TAKEN):
        service.save()
    record(Action.ADDED, by=by, subject="service", key=service.pk, after=service_facts(service))
    return service


@transaction.atomic
def change_service(*, service: Service, seen: str, name: str, team: Team, by: User) -> Service:
    """Write what is stated about a service over the facts that were `seen`; return the service.

    Writing what is there changes nothing. Raises `PermissionDenied` if `by` is no administrator,
    `Conflict` if somebody else changed it since, `ValidationError` if the name is taken.
    """
    require_administrator(by)
    fresh = Service.objects.select_for_update().get(pk=service.pk)
    before = service_facts(fresh)
    fresh.name, fresh.team = name, team
    old, new = changed(before, service_facts(fresh))
    if not new:
        return fresh
    refuse_unseen(before, seen=seen)
    with refuse_taken("service_name_unique", field="name", sentence=NAME_TAKEN):
        fresh.save(update_fields=list(new))
    record(Action.CHANGED, by=by, subject="service", key=fresh.pk, before=old, after=new)
    return fresh

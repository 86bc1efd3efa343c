"""Who may read a COE beside those who write and judge it: named by its owner, taken off again.

It is no part of the text, so it changes also while the COE is approved, and takes no lock that a
writer waits for.
"""

from typing import Any

from django.db import transaction

from coe.accounts.models import Team, User
from coe.documents.locks import lock_whole
from coe.documents.models import Document, Participant, ReaderRole
from coe.history.models import Action
from coe.history.services import record
from coe.web.errors import StaleAnswer


def hold_owned(document: Document, by: User) -> Document:
    """`document` alone, as it is now; raises `StaleAnswer` if `by` owns it no more."""
    fresh = lock_whole(document)
    if fresh.owner_id != by.pk:
        raise StaleAnswer("Somebody else owns this COE by now, and decides who reads it.")
    return fresh


@transaction.atomic
def name_reader(document: Document, *, person: User, by: User) -> None:
    """Let `person` read the COE that `by` owns; naming them again changes nothing.

    Raises `StaleAnswer` if `by` owns it no more, `Discarded` if it was thrown away.
    """
    fresh = hold_owned(document, by)
    role = Participant.Role.READER
    _, is_new = Participant.objects.get_or_create(document=fresh, user=person, role=role)
    if is_new:
        _record(Action.ADDED, fresh, f"person:{person.pk}", person.name, by=by)


@transaction.atomic
def drop_reader(document: Document, *, person: User, by: User) -> None:
    """Name `person` no longer among the readers; from their next request on it counts.

    What else they are to the COE stays. Raises as `name_reader` does.
    """
    fresh = hold_owned(document, by)
    named = fresh.participants.filter(user=person, role=Participant.Role.READER)
    removed, _ = named.delete()
    if removed:
        _record(Action.REMOVED, fresh, f"person:{person.pk}", person.name, by=by)


@transaction.atomic
def name_role(
    document: Document, *, kind: ReaderRole.Kind, team: Team | None = None, by: User
) -> None:
    """Let whoever has a role read the COE that `by` owns; naming it again changes nothing.

    `team` is whose, of every kind but leaders. Raises as `name_reader` does.
    """
    fresh = hold_owned(document, by)
    role, is_new = ReaderRole.objects.get_or_create(document=fresh, kind=kind, team=team)
    if is_new:
        _record(Action.ADDED, fresh, role.key, str(role), by=by)


@transaction.atomic
def drop_role(document: Document, *, role: ReaderRole, by: User) -> None:
    """Name a role no longer, which may be gone already. Raises as `name_reader` does."""
    fresh = hold_owned(document, by)
    removed, _ = fresh.reader_roles.filter(pk=role.pk).delete()
    if removed:
        _record(Action.REMOVED, fresh, role.key, str(role), by=by)


def _record(action: Action, document: Document, key: str, who: str, *, by: User) -> None:
    told: dict[str, Any] = {"subject": "reader", "key": key, "after": {"who": who}}
    record(action, by=by, document_id=document.pk, **told)

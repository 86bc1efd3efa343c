"""What every save of a person, a team or a service needs: who may, over what, under which name."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from coe.accounts.models import User
from coe.web.versions import Conflict


def require_administrator(person: User) -> None:
    """Raise `PermissionDenied` unless `person` is an administrator who was not deactivated."""
    if not (person.is_active and person.is_administrator):
        raise PermissionDenied("Only administrators keep people, teams and services.")


def as_seen(facts: Mapping[str, Any]) -> str:
    """The stored facts as a form carries them along, to say later what it was typed over.

    It takes the place of a version: the same facts are the same, whoever wrote them and how
    often, and what the form left alone can be told from what was changed in it.
    """
    return json.dumps(dict(facts), sort_keys=True)


def read_seen(seen: str) -> dict[str, Any]:
    """The facts that `as_seen` wrote; nothing if somebody wrote something else."""
    with suppress(ValueError):
        facts = json.loads(seen)
        return facts if isinstance(facts, dict) else {}
    return {}


def refuse_unseen(facts: Mapping[str, Any], *, seen: str) -> None:
    """Raise `Conflict` if the stored `facts` are not those that the form showed.

    The caller holds the lock on the row.
    """
    if as_seen(facts) != seen:
        raise Conflict


@contextmanager
def refuse_taken(constraint: str, *, field: str, sentence: str) -> Iterator[None]:
    """Turn a breach of the named unique constraint into a `ValidationError` of `field`.

    The database decides, so that of two saves of one name at once exactly one succeeds.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) != constraint:
            raise
        raise ValidationError({field: sentence}) from error

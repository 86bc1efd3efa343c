"""Finding the person that a document from elsewhere names."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from coe.accounts.models import User
from coe.history.models import Action
from coe.history.services import record


@transaction.atomic
def person_called(name: str, *, role: str, by: User | None) -> User:
    """Whoever is called `name` and has this role: the one active account, else a placeholder.

    Where several accounts fit nobody is guessed. A placeholder is made once for a name and a role.
    `by` is None where the person who acts is the one who is looked for.
    """
    active = User.objects.filter(is_active=True, name=name).select_related("team")
    found = [each for each in active if each.role() == role]
    return found[0] if len(found) == 1 else _placeholder(name, role, by)


def _placeholder(name: str, role: str, by: User | None) -> User:
    person, is_new = User.objects.get_or_create(
        is_placeholder=True,
        name=name,
        stored_role=role,
        defaults={"is_active": False, "password": make_password(None)},
    )
    if is_new:
        record(
            Action.ADDED,
            by=by or person,
            subject="person",
            key=person.pk,
            after={"name": name, "stored_role": role, "is_placeholder": True},
        )
    return person

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from coe.accounts import services as accounts
from coe.accounts.models import Team, User
from coe.accounts.saving import require_administrator
from coe.accounts.services import deactivate_person, hand_over_teams, lock_with_administrators
from coe.actions.services import hand_over_promises
from coe.administration.holdings import holdings
from coe.documents.models import Document
from coe.documents.services import hand_over_documents
from coe.jobs.models import Job
from coe.jobs.services import try_again
from coe.notices.models import Kind
from coe.notices.services import tell
from coe.promises.requests import ask_who_decides_now
from coe.reviews.services import ask_who_approves_now


@transaction.atomic
def hand_over_and_deactivate(*, person: User, to: User | None, by: User) -> None:
    """End somebody's access after giving all that they hold to `to`; all of it or nothing.

    A placeholder has no access that could end: then this only hands over.

    Raises `PermissionDenied` if `by` is no administrator any more, or was signed out by another
    one, `ValidationError` of `to` if there is something to take over and nobody to take it, and
    what `deactivate_person` raises.
    """
    rows = lock_with_administrators(person, by, *([to] if to else []))
    _require_still_administrator(rows[by.pk], by)
    if to is not None:
        _refuse_wrong_heir(person, rows[to.pk])
        handed = list(Document.objects.kept().filter(owner=person))
        hand_over_documents(of=person, to=to, by=by)
        for document in handed:
            tell(Kind.HANDED_OVER, people=[to], document=document, by=by)
        hand_over_promises(of=person, to=to, by=by)
        hand_over_teams(of=person, to=to, by=by)
    elif holdings(person, seen_by=by):
        raise ValidationError({"to": f"Say who takes over what {person.name} holds."})
    if not person.is_placeholder:
        deactivate_person(person=person, by=by)
    ask_who_approves_now(by=by)
    ask_who_decides_now()


@transaction.atomic
def change_team(*, by: User, **facts: Any) -> Team:
    """`accounts.services.change_team`, and let those approve who do so from now on."""
    team = accounts.change_team(by=by, **facts)
    ask_who_approves_now(by=by)
    ask_who_decides_now()
    return team


@transaction.atomic
def change_person(*, by: User, **facts: Any) -> User:
    """`accounts.services.change_person`, and let those approve who do so from now on."""
    person = accounts.change_person(by=by, **facts)
    ask_who_approves_now(by=by)
    ask_who_decides_now()
    return person


def try_jobs_again(jobs: QuerySet[Job], *, by: User) -> int:
    """`jobs.services.try_again`, for administrators; raises `PermissionDenied` to others."""
    require_administrator(by)
    return try_again(jobs)


def _require_still_administrator(fresh: User, by: User) -> None:
    require_administrator(fresh)
    if fresh.joined_at != by.joined_at:
        raise PermissionDenied("Another administrator ended your session in the meantime.")


def _refuse_wrong_heir(person: User, to: User) -> None:
    if to.pk == person.pk or not to.is_active:
        raise ValidationError({"to": f"{to.name} cannot take over. Choose somebody else."})

"""Changes to people and teams: each in one transaction with its history and its mail."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from coe.accounts.invitations import invited_person
from coe.accounts.mail import put_invitation, put_password_reset
from coe.accounts.models import Team, User
from coe.accounts.saving import refuse_taken, refuse_unseen, require_administrator
from coe.accounts.throttle import forgive_everywhere
from coe.history.models import Action
from coe.history.services import changed, record
from coe.web.errors import StaleAnswer

EMAIL_TAKEN = "Somebody with this e-mail address is here already."
TEAM_TAKEN = "There is a team of this name already."


def person_facts(person: User) -> dict[str, Any]:
    """What an administrator states about a person, as history keeps it."""
    return {
        "email": person.email,
        "name": person.name,
        "team_id": person.team_id,
        "is_leader": person.is_leader,
        "is_administrator": person.is_administrator,
    }


def lock_with_administrators(*people: User) -> dict[int, User]:
    """Lock these people and all administrators; return them by key as they are now.

    Always in one order, so that administrators who act on each other wait in turn.
    """
    concerned = Q(pk__in=[person.pk for person in people]) | Q(is_administrator=True)
    locked = User.objects.select_for_update(no_key=True).filter(concerned).order_by("pk")
    return {row.pk: row for row in locked}


@transaction.atomic
def create_administrator(*, email: str, name: str, password: str | None) -> User:
    """Add an administrator from the machine itself, where nobody has to be signed in.

    Without a password they are invited. Raises `ValidationError` if the address is taken.
    """
    person = User(email=email, name=name, is_administrator=True)
    if password is not None:
        person.joined_at = timezone.now()
    return _add(person, password, action=Action.ADDED, by=person)


@transaction.atomic
def invite_person(
    *,
    email: str,
    name: str,
    team: Team | None,
    is_leader: bool,
    is_administrator: bool,
    by: User,
    is_mailed: bool = True,
) -> User:
    """Add somebody who will choose a password by the link of their invitation, and mail it.

    Raises `PermissionDenied` if `by` is no administrator, `ValidationError` if the address is
    taken.
    """
    require_administrator(by)
    person = User(
        email=email, name=name, team=team, is_leader=is_leader, is_administrator=is_administrator
    )
    _add(person, None, action=Action.INVITED, by=by)
    if is_mailed:
        put_invitation(person, by=by)
    return person


@transaction.atomic
def renew_invitation(*, person: User, by: User) -> None:
    """Make a new link by which `person` chooses a password, and mail it.

    The link before, the present password and the sessions end. Raises `PermissionDenied` if `by`
    is no administrator, `StaleAnswer` if `person` was deactivated, `ValidationError` for oneself.
    """
    fresh = _lock_for(person, by=by)
    if fresh.pk == by.pk:
        raise ValidationError("You are signed in: change your own password instead.")
    if not fresh.is_active:
        raise StaleAnswer(f"{fresh.name} was deactivated. Reactivate them first.")
    _invite_again(fresh)
    record(Action.INVITED, by=by, subject="person", key=fresh.pk)
    put_invitation(fresh, by=by)


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> User:
    """Set the first password of the person whose open invitation `token` is; return them.

    Raises `StaleAnswer` if the invitation is no longer open. The form judged the password.
    """
    person = invited_person(token, lock=True)
    if person is None:
        raise StaleAnswer("This invitation was used or renewed, or it is more than 14 days old.")
    person.set_password(password)
    person.joined_at = timezone.now()
    person.save(update_fields=["password", "joined_at"])
    record(Action.JOINED, by=person, subject="person", key=person.pk)
    return person


@transaction.atomic
def change_password(*, person: User, password: str) -> None:
    """Set a new password of one's own; the other sessions end, a pause of sign-in is lifted."""
    person.set_password(password)
    person.save(update_fields=["password"])
    forgive_everywhere(person.email)
    record(
        Action.CHANGED, by=person, subject="person", key=person.pk, after={"password": "changed"}
    )


@transaction.atomic
def change_person(
    *,
    person: User,
    seen: str,
    email: str,
    name: str,
    team: Team | None,
    is_leader: bool,
    is_administrator: bool,
    by: User,
) -> User:
    """Write what is stated about a person over the facts that were `seen`; return the person.

    Writing what is there changes nothing. Raises `PermissionDenied` if `by` is no administrator,
    `Conflict` if somebody else changed the person since, `ValidationError` if the address is
    taken or nobody would be left to administrate.
    """
    fresh = _lock_for(person, by=by)
    before = person_facts(fresh)
    fresh.email, fresh.name, fresh.team = email, name, team
    fresh.is_leader, fresh.is_administrator = is_leader, is_administrator
    old, new = changed(before, person_facts(fresh))
    if not new:
        return fresh
    refuse_unseen(before, seen=seen)
    if "is_administrator" in new and not is_administrator:
        _refuse_last_administrator(fresh)
    with refuse_taken("user_email_unique", field="email", sentence=EMAIL_TAKEN):
        fresh.save(update_fields=list(new))
    record(Action.CHANGED, by=by, subject="person", key=fresh.pk, before=old, after=new)
    return fresh


@transaction.atomic
def deactivate_person(*, person: User, by: User) -> None:
    """End somebody's access: their password, sessions and links stop working at once.

    Raises `PermissionDenied` if `by` is no administrator, `StaleAnswer` if they were
    deactivated already, `ValidationError` for oneself and for the manager of a team.
    """
    fresh = _lock_for(person, by=by)
    if fresh.pk == by.pk:
        raise ValidationError("You cannot deactivate yourself. Ask another administrator.")
    if not fresh.is_active:
        raise StaleAnswer(f"{fresh.name} was deactivated already.")
    if fresh.managed_teams.exists():
        raise ValidationError(f"{fresh.name} manages a team. Hand it over first.")
    fresh.is_active = False
    fresh.set_unusable_password()
    fresh.save(update_fields=["is_active", "password"])
    record(Action.DEACTIVATED, by=by, subject="person", key=fresh.pk)


@transaction.atomic
def reactivate_person(*, person: User, by: User) -> None:
    """Let somebody back in by a new invitation; the password of before stays forgotten.

    Raises `PermissionDenied` if `by` is no administrator, `StaleAnswer` if they are active.
    """
    fresh = _lock_for(person, by=by)
    if fresh.is_active:
        raise StaleAnswer(f"{fresh.name} is active.")
    fresh.is_active = True
    fresh.save(update_fields=["is_active"])
    _invite_again(fresh)
    record(Action.REACTIVATED, by=by, subject="person", key=fresh.pk)
    put_invitation(fresh, by=by)


@transaction.atomic
def mail_password_reset(*, email: str) -> None:
    """Mail a link to choose a new password to whoever has this address and a password.

    Nothing tells whether somebody has it (`coe.accounts.mail`).
    """
    put_password_reset(email)


def team_facts(team: Team) -> dict[str, Any]:
    """What is stated about a team, as history keeps it."""
    return {
        "name": team.name,
        "parent_id": team.parent_id,
        "manager_id": team.manager_id,
        "zone": team.zone,
    }


@transaction.atomic
def add_team(*, name: str, parent: Team | None, manager: User | None, zone: str, by: User) -> Team:
    """Add a team to the tree.

    Raises `PermissionDenied` if `by` is no administrator, `ValidationError` if the name is taken.
    """
    require_administrator(by)
    _refuse_absent_manager(manager)
    team = Team(name=name, parent=parent, manager=manager, zone=zone)
    with refuse_taken("team_name_unique", field="name", sentence=TEAM_TAKEN):
        team.save()
    record(Action.ADDED, by=by, subject="team", key=team.pk, after=team_facts(team))
    return team


@transaction.atomic
def change_team(
    *,
    team: Team,
    seen: str,
    name: str,
    parent: Team | None,
    manager: User | None,
    zone: str,
    by: User,
) -> Team:
    """Write what is stated about a team over the facts that were `seen`; return the team.

    Writing what is there changes nothing. Raises `PermissionDenied` if `by` is no administrator,
    `Conflict` if somebody else changed the team since, `ValidationError` if the name is taken or
    the team would stand below itself.
    """
    require_administrator(by)
    teams = {row.pk: row for row in Team.objects.select_for_update().order_by("pk")}
    fresh = teams[team.pk]
    before = team_facts(fresh)
    fresh.name, fresh.parent, fresh.manager, fresh.zone = name, parent, manager, zone
    old, new = changed(before, team_facts(fresh))
    if not new:
        return fresh
    refuse_unseen(before, seen=seen)
    _refuse_absent_manager(manager)
    _refuse_cycle(fresh, teams)
    with refuse_taken("team_name_unique", field="name", sentence=TEAM_TAKEN):
        fresh.save(update_fields=list(new))
    record(Action.CHANGED, by=by, subject="team", key=fresh.pk, before=old, after=new)
    return fresh


@transaction.atomic
def hand_over_teams(*, of: User, to: User, by: User) -> int:
    """Make `to` the manager of every team that `of` manages; return how many there were."""
    require_administrator(by)
    held = list(Team.objects.select_for_update().filter(manager=of).order_by("pk"))
    for team in held:
        Team.objects.filter(pk=team.pk).update(manager=to)
        record(
            Action.HANDED_OVER,
            by=by,
            subject="team",
            key=team.pk,
            before={"manager_id": of.pk},
            after={"manager_id": to.pk},
        )
    return len(held)


def _add(person: User, password: str | None, *, action: Action, by: User) -> User:
    person.set_password(password)
    if password is None:
        person.invited_at = timezone.now()
    with refuse_taken("user_email_unique", field="email", sentence=EMAIL_TAKEN):
        person.save()
    record(action, by=by, subject="person", key=person.pk, after=person_facts(person))
    return person


def _invite_again(person: User) -> None:
    person.set_unusable_password()
    person.invited_at, person.joined_at = timezone.now(), None
    person.save(update_fields=["password", "invited_at", "joined_at"])


def _lock_for(person: User, *, by: User) -> User:
    """Lock `person` for a change by an administrator; return `person` as they are now.

    Raises `PermissionDenied` if `by` is none any more, or was signed out by another one, when the
    turn comes, and `StaleAnswer` if `person` is a placeholder.
    """
    rows = lock_with_administrators(person, by)
    require_administrator(rows[by.pk])
    if rows[by.pk].joined_at != by.joined_at:
        raise PermissionDenied("Another administrator ended your session in the meantime.")
    if rows[person.pk].is_placeholder:
        raise StaleAnswer(
            f"{person.name} is a name in an imported COE, and nobody who could sign in."
        )
    return rows[person.pk]


def _refuse_last_administrator(person: User) -> None:
    others = User.objects.filter(is_administrator=True, is_active=True, joined_at__isnull=False)
    if not others.exclude(pk=person.pk).exists():
        raise ValidationError(
            {"is_administrator": f"{person.name} is the last administrator. Name another first."}
        )


def _refuse_absent_manager(manager: User | None) -> None:
    if manager is not None and not manager.is_active:
        raise ValidationError({"manager": f"{manager.name} was deactivated. Choose another."})


def _refuse_cycle(team: Team, teams: dict[int, Team]) -> None:
    """Raise `ValidationError` if `team` is among the teams above itself; all rows are locked."""
    above: set[int] = set()
    parent_id = team.parent_id
    while parent_id is not None and parent_id not in above:
        above.add(parent_id)
        parent_id = teams[parent_id].parent_id
    if team.pk in above and team.parent is not None:
        sentence = f"{team.parent} is a part of {team.name}. Choose a team that is not below it."
        raise ValidationError({"parent": sentence})

"""The demo people and their teams: made once, all with one password, through the services."""

import os
from dataclasses import dataclass
from pathlib import Path
from secrets import choice

from django.conf import settings

from coe.accounts.invitations import invitation_token
from coe.accounts.models import Team, User
from coe.accounts.saving import as_seen
from coe.accounts.services import (
    accept_invitation,
    add_team,
    change_password,
    change_team,
    create_administrator,
    invite_person,
    team_facts,
)

COMPANY, PLATFORM, STORAGE, NETWORK = "Company", "Cloud Platform", "Storage", "Network"
PAYMENTS, STOREFRONT = "Payments", "Storefront"


@dataclass(frozen=True, slots=True)
class DemoTeam:
    """A team, the one it is part of, where it works, and the e-mail address of its manager."""

    name: str
    parent: str | None
    zone: str = "UTC"
    manager: str = ""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    name: str
    team: str | None
    role: str
    is_leader: bool = False


DEMO_TEAMS = (
    DemoTeam(COMPANY, None),
    DemoTeam(PLATFORM, COMPANY, manager="manager@example.com"),
    DemoTeam(STORAGE, PLATFORM),
    DemoTeam(NETWORK, PLATFORM, manager="priya.nair@example.com"),
    DemoTeam(PAYMENTS, COMPANY, "Europe/Berlin", "amara.obi@example.com"),
    DemoTeam(STOREFRONT, COMPANY, "Europe/Lisbon", "noor.haddad@example.com"),
)
"""The upper ones first. Storage has no manager of its own, so that the one above approves."""

ADMIN = DemoPerson(
    "admin@example.com", "Toni Admin", None, "keeps people, teams and services; reads no drafts"
)
DEMO_PEOPLE = (
    DemoPerson("owner@example.com", "Robin Owner", STORAGE, "writes a COE"),
    DemoPerson("colleague@example.com", "Kim Colleague", STORAGE, "works in the same team"),
    DemoPerson("manager@example.com", "Sam Manager", PLATFORM, "approves for Storage"),
    DemoPerson("leader@example.com", "Alex Leader", COMPANY, "approves at the top", is_leader=True),
    ADMIN,
)
STRANGER = DemoPerson("stranger@example.com", "Chris Stranger", PAYMENTS, "works elsewhere")
COWORKERS = (
    STRANGER,
    DemoPerson("ana.silva@example.com", "Ana Silva", STORAGE, "works in Storage"),
    DemoPerson("priya.nair@example.com", "Priya Nair", NETWORK, "manages Network"),
    DemoPerson("ines.duarte@example.com", "Ines Duarte", NETWORK, "works in Network"),
    DemoPerson("jonas.weber@example.com", "Jonas Weber", NETWORK, "works in Network"),
    DemoPerson("amara.obi@example.com", "Amara Obi", PAYMENTS, "manages Payments"),
    DemoPerson("tomas.rey@example.com", "Tomás Rey", PAYMENTS, "works in Payments"),
    DemoPerson("noor.haddad@example.com", "Noor Haddad", STOREFRONT, "manages Storefront"),
    DemoPerson("mei.tanaka@example.com", "Mei Tanaka", STOREFRONT, "works in Storefront"),
    DemoPerson("luca.rossi@example.com", "Luca Rossi", STOREFRONT, "works in Storefront"),
)
"""Those who write and approve the other COEs of the demo. Their sign-ins are not printed."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def demo_password() -> str:
    """The password of all demo people: COE_DEMO_PASSWORD, else one made once and kept."""
    return os.environ.get("COE_DEMO_PASSWORD") or _kept_password(
        settings.STATE_DIR / "demo_password"
    )


def create_demo_people() -> None:
    """Make the demo people and their teams where they are missing.

    Doing it again adds nothing and changes nothing, except that everybody's password is the one
    that is printed.
    """
    password = demo_password()
    admin = User.objects.with_email(ADMIN.email).first() or create_administrator(
        email=ADMIN.email, name=ADMIN.name, password=password
    )
    teams: dict[str | None, Team] = {}
    for demo in DEMO_TEAMS:
        teams[demo.name] = _team(demo, teams.get(demo.parent), by=admin)
    people = {
        demo.email: _person(demo, teams.get(demo.team), password, by=admin)
        for demo in (*DEMO_PEOPLE, *COWORKERS)
    }
    for demo in DEMO_TEAMS:
        if demo.manager and teams[demo.name].manager is None:
            _put_in_charge(teams[demo.name], people[demo.manager], by=admin)


def _team(demo: DemoTeam, parent: Team | None, *, by: User) -> Team:
    existing = Team.objects.filter(name=demo.name).first()
    return existing or add_team(name=demo.name, parent=parent, manager=None, zone=demo.zone, by=by)


def _put_in_charge(team: Team, manager: User, *, by: User) -> None:
    change_team(
        team=team,
        seen=as_seen(team_facts(team)),
        name=team.name,
        parent=team.parent,
        manager=manager,
        zone=team.zone,
        by=by,
    )


def _person(demo: DemoPerson, team: Team | None, password: str, *, by: User) -> User:
    person = User.objects.with_email(demo.email).first()
    if person is None:
        person = invite_person(
            email=demo.email,
            name=demo.name,
            team=team,
            is_leader=demo.is_leader,
            is_administrator=False,
            by=by,
            is_mailed=False,
        )
        return accept_invitation(token=invitation_token(person), password=password)
    if person.is_active and not person.check_password(password):
        change_password(person=person, password=password)
    return person


def _kept_password(path: Path) -> str:
    """Read the password in `path`, readable by its owner alone; make one where there is none.

    Two processes that start at once agree on one: the first to link its file wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        candidate = path.with_name(f"{path.name}.{os.getpid()}")
        candidate.touch(mode=0o600)
        candidate.write_text("-".join(_word() for _ in range(3)), encoding="ascii")
        try:
            os.link(candidate, path)
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    return path.read_text(encoding="ascii").strip()


def _word() -> str:
    return "".join(choice(_LETTERS) for _ in range(5))

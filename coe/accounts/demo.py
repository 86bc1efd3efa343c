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

COMPANY, PLATFORM, STORAGE, PAYMENTS = "Company", "Cloud Platform", "Storage", "Payments"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    name: str
    team: str | None
    role: str
    is_leader: bool = False


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

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def demo_password() -> str:
    """The password of all demo people: COE_DEMO_PASSWORD, else one made once and kept."""
    return os.environ.get("COE_DEMO_PASSWORD") or _kept_password(
        settings.STATE_DIR / "demo_password"
    )


def create_demo_people() -> None:
    """Make the demo people and their teams where they are missing.

    Doing it again adds nothing and changes nothing, except that everybody's password is the one
    that is printed. Storage has no manager of its own, so that the one above approves.
    """
    password = demo_password()
    admin = User.objects.with_email(ADMIN.email).first() or create_administrator(
        email=ADMIN.email, name=ADMIN.name, password=password
    )
    company = _team(COMPANY, None, by=admin)
    platform = _team(PLATFORM, company, by=admin)
    teams: dict[str | None, Team] = {
        COMPANY: company,
        PLATFORM: platform,
        STORAGE: _team(STORAGE, platform, by=admin),
        PAYMENTS: _team(PAYMENTS, company, by=admin),
    }
    people = {
        demo.email: _person(demo, teams.get(demo.team), password, by=admin)
        for demo in (*DEMO_PEOPLE, STRANGER)
    }
    if platform.manager is None:
        change_team(
            team=platform,
            seen=as_seen(team_facts(platform)),
            name=platform.name,
            parent=platform.parent,
            manager=people["manager@example.com"],
            zone=platform.zone,
            by=admin,
        )


def _team(name: str, parent: Team | None, *, by: User) -> Team:
    existing = Team.objects.filter(name=name).first()
    return existing or add_team(name=name, parent=parent, manager=None, zone="UTC", by=by)


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

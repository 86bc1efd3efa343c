"""The people of the tests, one of each kind, in a small tree of teams.

Company (no manager) > Platform (manager) > Storage (owner, contributor, colleague)
                     > Payments (stranger)
"""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.utils import timezone

from coe.accounts.models import Team, User
from coe.documents.models import Document, Participant
from coe.documents.services import add_participant, open_coe
from coe.incidents.models import Severity


@dataclass(frozen=True)
class People:
    owner: User
    contributor: User
    colleague: User
    manager: User
    director: User
    leader: User
    stranger: User
    admin: User


def make_person(name: str, team: Team | None = None, **flags: bool) -> User:
    """Somebody who can sign in, called after what they are to the COE."""
    person = _person(name, team, **flags)
    person.save()
    return person


def _person(name: str, team: Team | None = None, **flags: bool) -> User:
    person = User(email=f"{name}@example.org", name=name.capitalize(), team=team, **flags)
    person.joined_at = timezone.now()
    person.set_unusable_password()
    return person


@pytest.fixture
def people(db: None) -> People:
    """Stored in few statements: thousands of tests begin with them."""
    company = Team.objects.create(name="Company")
    platform = Team.objects.create(name="Platform", parent=company)
    storage = Team(name="Storage", parent=platform, zone="America/Los_Angeles")
    payments = Team(name="Payments", parent=company)
    Team.objects.bulk_create([storage, payments])
    made = People(
        owner=_person("owner", storage),
        contributor=_person("contributor", payments),
        colleague=_person("colleague", storage),
        manager=_person("manager", platform),
        director=_person("director", company),
        leader=_person("leader", is_leader=True),
        stranger=_person("stranger", payments),
        admin=_person("admin", is_administrator=True),
    )
    User.objects.bulk_create(vars(made).values())
    Team.objects.filter(pk=platform.pk).update(manager=made.manager)
    Team.objects.filter(pk=company.pk).update(manager=made.director)
    return made


@pytest.fixture
def document(people: People) -> Document:
    """A draft of the owner's, with one contributor."""
    team = people.owner.team
    assert team is not None
    document = open_coe(
        uid=uuid4(),
        title="Uploads failed for one customer in ten",
        severity=Severity.TWO,
        team=team,
        zone="America/Los_Angeles",
        by=people.owner,
    )
    role = Participant.Role.CONTRIBUTOR
    add_participant(document, user=people.contributor, role=role, by=people.owner)
    return document

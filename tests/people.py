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
    person = User(email=f"{name}@example.org", name=name.capitalize(), team=team, **flags)
    person.joined_at = timezone.now()
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def people(db: None) -> People:
    company = Team.objects.create(name="Company")
    platform = Team.objects.create(name="Platform", parent=company)
    storage = Team.objects.create(name="Storage", parent=platform, zone="America/Los_Angeles")
    payments = Team.objects.create(name="Payments", parent=company)
    made = People(
        owner=make_person("owner", storage),
        contributor=make_person("contributor", payments),
        colleague=make_person("colleague", storage),
        manager=make_person("manager", platform),
        director=make_person("director", company),
        leader=make_person("leader", is_leader=True),
        stranger=make_person("stranger", payments),
        admin=make_person("admin", is_administrator=True),
    )
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

"""People who can sign in, and a client for each."""

from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from coe.accounts.models import Team, User

PASSWORD = "blue-kettle-sings"


@cache
def hashed_password() -> str:
    """PASSWORD hashed once for the whole run: hashing is slow on purpose."""
    return make_password(PASSWORD)


def make_joined(name: str, *, team: Team | None = None, **flags: bool) -> User:
    """Somebody called `name` who has accepted their invitation; their password is PASSWORD."""
    person = User(email=f"{name.lower()}@example.org", name=name, team=team, **flags)
    person.password = hashed_password()
    person.joined_at = timezone.now()
    person.save()
    return person


def make_invited(name: str) -> User:
    """Somebody called `name` who has not accepted their invitation yet."""
    person = User(email=f"{name.lower()}@example.org", name=name, invited_at=timezone.now())
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def ada(db: None) -> User:
    return make_joined("Ada")


@pytest.fixture
def boss(db: None) -> User:
    return make_joined("Boss", is_administrator=True)


@pytest.fixture
def boss_client(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client

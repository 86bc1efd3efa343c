"""Seeding in tests: which COEs, and with passwords that are hashed without the usual patience."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings

from coe.accounts.models import User

PASSWORD = "a password of these tests"


@contextmanager
def quick_passwords() -> Iterator[None]:
    """The demo's password is one of the tests' own, so that no file is written for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COE_DEMO_PASSWORD", PASSWORD)
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            yield


def seed(*only: str) -> str:
    """Seed the COEs named, all where none is, and return what the command says."""
    said = StringIO()
    call_command("seed_demo", only=list(only), stdout=said)
    return said.getvalue()


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.com")

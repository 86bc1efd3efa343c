"""The demo, seeded once for all tests of a file, which change nothing in it."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from coe.documents.models import Document
from tests.demo.seeded import quick_passwords, seed


@pytest.fixture(scope="module")
def exemplary(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Document]:
    """The exemplary COE alone."""
    with django_db_blocker.unblock(), quick_passwords(), transaction.atomic():
        seed("s3_2017")
        yield Document.objects.get()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def whole_demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Every COE of the demo; the value is what the command said."""
    with django_db_blocker.unblock(), quick_passwords(), transaction.atomic():
        yield seed()
        transaction.set_rollback(True)

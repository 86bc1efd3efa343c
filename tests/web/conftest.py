"""One world for all tests of pages, built once; what a test does in it is undone."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from pytest_django.plugin import DjangoDbBlocker

from tests.permissions.world import World, standing_world, undone
from tests.web.pages import pages, refusals


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with standing_world(django_db_blocker) as world:
        yield world


@pytest.fixture(scope="package")
def shown(world: World) -> dict[str, HttpResponse]:
    """Each page once, by its name."""
    return {name: get() for name, get in pages(world).items()}


@pytest.fixture(scope="package")
def refused(world: World) -> dict[str, tuple[int, HttpResponse]]:
    """Each way of being refused once, with the status that it has to have."""
    found = {}
    for name, (status, get) in refusals(world).items():
        with undone():
            found[name] = (status, get())
    return found

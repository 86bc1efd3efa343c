import pytest

from coe.documents.models import Document
from tests.looks.walker import Walker
from tests.people import People


@pytest.fixture
def manager(people: People, document: Document) -> Walker:
    """Who has looked at the COE since it was opened."""
    walker = Walker(people.manager, document)
    walker.read()
    return walker

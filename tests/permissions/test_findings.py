"""Answers to what the checks find: by the authors of the COE, and in that COE alone."""

import pytest
from django.core.exceptions import PermissionDenied

from coe.guidance.models import Waiver
from coe.guidance.reading import examine
from coe.guidance.services import dismiss_finding, take_back_waiver
from tests.permissions.world import SIGNED_IN, World

pytestmark = pytest.mark.django_db

AUTHORS = ("owner", "contributor")


@pytest.mark.parametrize("person", [each for each in SIGNED_IN if each not in AUTHORS])
def test_nobody_but_the_authors_answers(world: World, person: str) -> None:
    document = world.cases["draft"].document
    key = examine(document).hints[0].key
    with pytest.raises(PermissionDenied):
        dismiss_finding(document, key=key, by=world.people[person])
    assert not Waiver.objects.filter(document=document).exists()


def test_an_answer_is_taken_back_in_the_coe_that_was_asked(world: World) -> None:
    mine, other = world.cases["draft"].document, world.cases["in_review"].document
    hints = ({each.key for each in examine(document).hints} for document in (mine, other))
    key = sorted(set.intersection(*hints))[0]
    dismiss_finding(other, key=key, by=world.people["owner"])
    take_back_waiver(mine, key=key, by=world.people["owner"])
    assert Waiver.objects.get(document=other).key == key

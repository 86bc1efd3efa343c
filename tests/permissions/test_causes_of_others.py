"""A cause is changed and answered through its own COE, and by those who may write there."""

from uuid import uuid4

import pytest
from django.urls import reverse

from coe.whys.models import Cause
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

VALID = {"kind": "latent", "confidence": "likely", "uid": str(uuid4()), "title": "x", "priority": 2}


@pytest.mark.parametrize("route", ["cause_nest", "cause_unnest", "cause_kind", "cause_answer"])
def test_a_cause_of_another_coe_cannot_be_changed_or_answered_through_ones_own(
    world: World, route: str
) -> None:
    mine, other = world.cases["draft"], world.cases["restricted_draft"]
    theirs = Cause.objects.get(document=other.document, text__startswith="Beside")
    before = theirs.content()
    address = reverse(route, args=[mine.reference, theirs.uid])

    response = world.client("owner").post(address, {"version": theirs.version, **VALID})

    assert response.status_code == 404
    stored = Cause.objects.get(pk=theirs.pk)
    assert (stored.content(), stored.version) == (before, theirs.version)
    assert not theirs.actions.filter(title=VALID["title"]).exists()

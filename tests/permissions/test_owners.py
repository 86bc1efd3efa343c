"""What only the owner of a COE does: the services refuse others by themselves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from coe.accounts.models import User
from coe.documents.locks import ReadOnly
from coe.documents.models import Document, Form, Participant
from coe.documents.services import add_participant, grow_document, remove_participant
from coe.reviews.services import bring_back_draft, discard_draft, hand_over_document
from coe.web.errors import StaleAnswer
from tests.permissions.world import SIGNED_IN, World, undone

pytestmark = pytest.mark.django_db

OTHERS = [person for person in SIGNED_IN if person != "owner"]
CALLS: dict[str, Callable[[World, Document, User], None]] = {
    "hand over": lambda world, document, by: hand_over_document(
        document, to=world.people["leader"], by=by
    ),
    "discard": lambda world, document, by: discard_draft(document, by=by),
    "bring back": lambda world, document, by: bring_back_draft(document, by=by),
}


@pytest.mark.parametrize("person", OTHERS)
@pytest.mark.parametrize("name", CALLS)
def test_nobody_else_does_it_whatever_they_are_to_the_coe(
    world: World, name: str, person: str
) -> None:
    document = world.cases["draft"].document
    with undone():
        if name == "bring back":
            discard_draft(document, by=world.people["owner"])
        with pytest.raises(PermissionDenied):
            CALLS[name](world, document, world.people[person])


@pytest.mark.parametrize("name", CALLS)
def test_the_owner_does_it(world: World, name: str) -> None:
    with undone():
        CALLS[name](world, world.cases["draft"].document, world.people["owner"])


def test_nobody_brings_back_what_was_discarded_long_ago(world: World) -> None:
    document, owner = world.cases["draft"].document, world.people["owner"]
    with undone():
        long_ago = now() - timedelta(days=31)
        Document.objects.filter(pk=document.pk).update(discarded_at=long_ago)
        with pytest.raises(StaleAnswer):
            bring_back_draft(document, by=owner)


def test_nobody_hands_over_what_is_approved(world: World) -> None:
    document = world.cases["approved"].document
    with undone(), pytest.raises(StaleAnswer) as refusal:
        CALLS["hand over"](world, document, world.people["owner"])
    assert "Reopen it, then hand it over." in refusal.value.reason


def test_nobody_grows_what_is_approved(world: World) -> None:
    document = world.cases["approved"].document
    with undone():
        Document.objects.filter(pk=document.pk).update(form=Form.LIGHT)
        with pytest.raises(ReadOnly):
            grow_document(document, by=world.people["owner"])


def test_whose_part_ends_is_that_person_in_that_coe_in_that_role(world: World) -> None:
    document, owner = world.cases["draft"].document, world.people["owner"]
    contributor = world.people["contributor"]
    role, other = Participant.Role.CONTRIBUTOR, Participant.Role.REVIEWER

    def parts() -> set[tuple[int, int, str]]:
        return set(Participant.objects.values_list("document", "user", "role"))

    with undone():
        add_participant(document, user=world.people["stranger"], role=role, by=owner)
        add_participant(document, user=contributor, role=other, by=owner)
        before = parts()
        remove_participant(document, user=contributor, role=role, by=owner)
        assert before - parts() == {(document.pk, contributor.pk, "contributor")}

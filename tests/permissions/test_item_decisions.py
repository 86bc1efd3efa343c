"""Who decides action items gets the forms; of what owners have to do, only what they may see."""

import re

import pytest
from django.urls import reverse

from coe.documents.models import Participant
from tests.permissions.world import SIGNED_IN, World

pytestmark = pytest.mark.django_db
DECIDES = {("in_review", "manager"), ("restricted_in_review", "manager")}


def page(world: World, situation: str, person: str, *, of_item: bool = False) -> str | None:
    case = world.cases[situation]
    arguments = [case.reference, *([case.action.uid] if of_item else [])]
    answer = world.client(person).get(
        reverse("coe_item" if of_item else "coe_items", args=arguments)
    )
    return answer.content.decode() if answer.status_code == 200 else None


@pytest.mark.parametrize("of_item", [False, True])
@pytest.mark.parametrize("person", SIGNED_IN)
def test_only_who_decides_gets_the_forms_and_the_loads(
    world: World, person: str, of_item: bool
) -> None:
    for situation in world.cases:
        text = page(world, situation, person, of_item=of_item)
        if text is None:
            continue
        decides = (situation, person) in DECIDES
        posts = set(re.findall(r'action="/coes/[^"]*/review/actions/[^"]*"', text))
        assert bool(posts) is decides, situation
        assert ("Only what you may see is counted" in text) is decides, situation


@pytest.mark.parametrize("of_item", [False, True])
def test_what_owners_have_to_do_is_told_as_far_as_who_decides_may_see_it(
    world: World, of_item: bool
) -> None:
    """The colleague is to do the item of every COE."""
    before = page(world, "in_review", "manager", of_item=of_item) or ""
    restricted = ("restricted_in_review", "restricted_published", "restricted_correction")
    for situation in restricted:
        assert f"Action {case_word(world, situation)}" in before
    hidden = [world.cases[situation].document for situation in restricted]
    Participant.objects.filter(document__in=hidden, user=world.people["manager"]).delete()
    after = page(world, "in_review", "manager", of_item=of_item) or ""
    for situation in restricted:
        assert f"Action {case_word(world, situation)}" not in after
    assert f"Action {case_word(world, 'published')}" in after
    for draft in ("draft", "changes_requested", "restricted_draft"):
        assert f"Action {world.cases[draft].word}" not in before


def case_word(world: World, situation: str) -> str:
    """What the promise says where there is one, else the proposal."""
    case = world.cases[situation]
    return case.published_word or case.word

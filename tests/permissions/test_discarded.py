"""A draft that its owner has discarded: to everybody it is as if it had never been there."""

import pytest
from django.urls import reverse

from coe.actions.models import Promise
from coe.documents.models import Document
from coe.documents.queries import discarded_drafts
from coe.reviews.services import discard_draft
from tests.permissions.table import coe_rows
from tests.permissions.test_every_address import ask
from tests.permissions.world import (
    SIGNED_IN,
    Case,
    World,
    address_arguments,
    plausible,
    undone,
)

pytestmark = pytest.mark.django_db

METHODS = sorted({(row.method, row.route) for row in coe_rows()})
OF_ITS_OWNER = {
    # Pressing the button once more leads home, where the draft can be brought back.
    ("GET", "coe_discard"): 303,
    ("POST", "coe_discard"): 303,
    ("POST", "coe_bring_back"): 303,
}
LISTS = ("elsewhere", "home", "coe_list", "action_list")


@pytest.fixture(params=["draft", "restricted_draft"])
def discarded(world: World, request: pytest.FixtureRequest) -> object:
    """A draft of the world while it is discarded."""
    with undone():
        case = world.cases[request.param]
        discard_draft(case.document, by=world.people["owner"])
        yield case


@pytest.mark.parametrize(("method", "route"), METHODS)
def test_every_address_answers_as_if_it_were_not_there(
    world: World, discarded: Case, method: str, route: str
) -> None:
    with undone():
        data = plausible(route, discarded, world)
    arguments = address_arguments(route, discarded.reference, discarded.entry.uid)
    address = reverse(route, kwargs=arguments)
    answers = {
        person: ask(world.client(person), method, address, data).status_code for person in SIGNED_IN
    }
    everybody = dict.fromkeys(SIGNED_IN, 404)
    assert answers == everybody | {"owner": OF_ITS_OWNER.get((method, route), 404)}


def without_what_was_searched(page: str, word: str) -> str:
    """The page without the word in its field and on the button that takes the filter away."""
    chip = f"Words</span> {word} <span"
    return page.replace(f'value="{word}"', "").replace(chip, "")


@pytest.mark.parametrize("person", SIGNED_IN)
def test_no_list_and_no_search_shows_it(world: World, discarded: Case, person: str) -> None:
    client = world.client(person)
    pages = [client.get(reverse(name)) for name in LISTS]
    pages.append(client.get(reverse("coe_list"), {"q": discarded.word}))
    pages.append(client.get(reverse("coe_list"), {"state": "draft"}))
    shown = [page.content.decode() for page in pages]
    if person == "owner":
        assert discarded.reference in shown[0].partition("Discarded drafts")[2]
        shown[0] = shown[0].partition("Discarded drafts")[0]
    for page in shown:
        assert discarded.reference not in page
        assert discarded.word not in without_what_was_searched(page, discarded.word)


@pytest.mark.parametrize("person", SIGNED_IN)
def test_nobody_else_can_be_shown_it_by_any_query(
    world: World, discarded: Case, person: str
) -> None:
    user = world.people[person]
    assert discarded.document not in Document.objects.visible_to(user)
    assert discarded.document not in Document.objects.working_copy_visible_to(user)
    assert not Promise.objects.visible_to(user).filter(document=discarded.document).exists()
    assert (discarded.document in discarded_drafts(user)) == (person == "owner")


def test_an_administrator_who_ends_the_access_of_its_owner_does_not_see_it(
    world: World, discarded: Case
) -> None:
    address = reverse("deactivate_person", args=[world.people["owner"].pk])
    page = world.client("admin").get(address).content.decode()
    assert world.cases["in_review"].reference in page
    assert discarded.reference not in page

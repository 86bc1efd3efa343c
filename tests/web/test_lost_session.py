"""Somebody whose session ended goes to sign in with the whole page, also from inside a panel."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.permissions.world import World

pytestmark = pytest.mark.django_db


def htmx(page: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}


@pytest.mark.parametrize("person", ["anonymous", "deactivated"])
def test_a_panel_is_not_filled_with_the_sign_in_page(world: World, person: str) -> None:
    page = reverse("coe_edit", args=[world.cases["draft"].reference])
    client = world.client(person)
    section = reverse("coe_section", args=[world.cases["draft"].reference, "summary"])
    for answer in (
        client.post(section, {"text": "x", "version": 1}, headers=htmx(page)),
        client.get(f"{page}?add=causes", headers=htmx(page)),
    ):
        assert answer.status_code == 200
        assert answer["HX-Redirect"] == f"{reverse('sign_in')}?next={page}"
        assert answer.content == b""


def test_after_signing_in_the_person_is_back_on_the_page_they_were_on(world: World) -> None:
    person = world.people["owner"]
    person.set_password("a password of length")
    person.save(update_fields=["password"])
    page = reverse("coe_edit", args=[world.cases["draft"].reference])
    client = Client()
    answer = client.post(f"{page}facts/", {}, headers=htmx(page))
    data = {"email": person.email, "password": "a password of length", "next": page}
    back = client.post(answer["HX-Redirect"], data)
    assert (back.status_code, back["Location"]) == (303, page)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/coes/", "//evil.example/", "javascript:alert(1)", "\\\\evil"],
)
def test_the_page_they_were_on_is_never_one_of_another_site(world: World, elsewhere: str) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": elsewhere}
    answer = world.client("anonymous").get(reverse("home"), headers=headers)
    assert answer["HX-Redirect"] == f"{reverse('sign_in')}?next=/"
    person = world.people["owner"]
    person.set_password("a password of length")
    person.save(update_fields=["password"])
    data = {"email": person.email, "password": "a password of length", "next": elsewhere}
    back = world.client("anonymous").post(reverse("sign_in"), data)
    assert (back.status_code, back["Location"]) == (303, reverse("home"))


def test_a_page_without_htmx_is_redirected(world: World) -> None:
    page = reverse("coe_list")
    answer = world.client("anonymous").get(page)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('sign_in')}?next={page}")


@pytest.mark.parametrize("header", ["X-Background", "X-Draft"])
@pytest.mark.parametrize("person", ["anonymous", "deactivated"])
def test_what_a_page_sends_by_itself_is_answered_with_a_sentence_for_the_page_that_stays(
    world: World, person: str, header: str
) -> None:
    address = reverse("coe_here", args=[world.cases["draft"].reference])
    answer = world.client(person).post(address, headers={header: "true"})
    text = answer.content.decode()
    assert answer.status_code == 401
    assert text.count("<div") == 1
    assert "data-signed-out" in text
    assert "You are signed out." in text
    assert f'href="{reverse("sign_in")}"' in text
    assert 'target="_blank"' in text

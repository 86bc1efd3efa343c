"""Somebody who has never seen a COE: what the product tells them, and where it leads them."""

import pytest
from django.test import Client
from django.urls import reverse

from coe.documents.models import Document
from tests.people import People

pytestmark = pytest.mark.django_db

WELCOME = "Nobody has written a COE here yet"


def page(client: Client, route: str) -> str:
    answer = client.get(reverse(route))
    assert answer.status_code == 200
    return answer.content.decode()


def test_where_no_coe_can_be_read_home_explains_what_one_is(client: Client, people: People) -> None:
    client.force_login(people.owner)
    home = page(client, "home")
    assert WELCOME in home
    for route in ("coe_new", "example", "glossary"):
        assert f'href="{reverse(route)}"' in home


def test_once_there_is_a_coe_home_says_what_waits(
    client: Client, people: People, document: Document
) -> None:
    client.force_login(people.owner)
    assert WELCOME not in page(client, "home")
    assert document.reference in page(client, "home")


def test_who_may_read_no_coe_is_told_what_one_is(
    client: Client, people: People, document: Document
) -> None:
    client.force_login(people.stranger)
    home = page(client, "home")
    assert WELCOME in home
    assert document.reference not in home


def test_the_explanation_leads_to_an_example_and_a_glossary(client: Client, people: People) -> None:
    client.force_login(people.stranger)
    about = page(client, "help")
    assert "It blames nobody" in " ".join(about.split())
    assert f'href="{reverse("example")}"' in about
    assert 'id="time-to-detect"' in page(client, "glossary")


def test_the_example_is_a_whole_coe_that_is_in_nobodys_list(client: Client, people: People) -> None:
    client.force_login(people.stranger)
    example = page(client, "example")
    assert "An example that comes with the product" in example
    assert "28 Feb 2017" in example
    assert not Document.objects.exists()

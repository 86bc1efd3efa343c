"""The drafts that a person has discarded, and the way to bring them back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from coe.documents.models import Document
from coe.reviews.services import discard_draft
from tests.library.pages import forms, get, words
from tests.people import People
from tests.reviews.steps import open_another

ELSEWHERE = "/elsewhere/"


@pytest.fixture
def discarded(document: Document, people: People) -> Document:
    discard_draft(document, by=people.owner)
    return document


def bring_back(document: Document) -> str:
    return reverse("coe_bring_back", args=[document.reference])


def test_the_owner_finds_it_with_a_button_that_brings_it_back(
    discarded: Document, people: People, client: Client
) -> None:
    page = get(client, people.owner, ELSEWHERE)
    assert "Discarded drafts" in words(page)
    assert list(forms(page)) == [bring_back(discarded)]
    assert ELSEWHERE in get(client, people.owner, "/").content.decode()
    assert client.post(bring_back(discarded)).status_code == 303
    assert "Discarded drafts" not in words(get(client, people.owner, ELSEWHERE))
    home = get(client, people.owner, "/").content.decode()
    assert reverse("coe_edit", args=[discarded.reference]) in home


@pytest.mark.parametrize("name", ["contributor", "colleague", "manager", "leader", "admin"])
def test_nobody_else_finds_it(
    discarded: Document, people: People, client: Client, name: str
) -> None:
    home = get(client, getattr(people, name), f"/?discarded={discarded.reference}")
    assert "was discarded" not in words(home)
    assert discarded.reference not in words(home)
    assert discarded.reference not in words(client.get(ELSEWHERE))


def test_it_waits_for_nobody(discarded: Document, people: People, client: Client) -> None:
    home = get(client, people.contributor, "/")
    assert "To write" not in words(home)


def test_only_the_one_of_just_now_is_offered_to_undo(
    discarded: Document, people: People, client: Client
) -> None:
    other = open_another(people, "Another outage")
    discard_draft(other, by=people.owner)
    home = get(client, people.owner, f"/?discarded={other.reference}")
    assert f"{other.reference} was discarded. Undo" in words(home)
    assert f"{discarded.reference} was discarded. Undo" not in words(home)
    for made_up in ("COE-1999-0001", "<b>", "%00", ""):
        assert "Undo" not in words(get(client, people.owner, f"/?discarded={made_up}"))


def test_after_thirty_days_the_button_of_an_old_page_says_so(
    discarded: Document, people: People, client: Client
) -> None:
    long_ago = now() - timedelta(days=31)
    Document.objects.filter(pk=discarded.pk).update(discarded_at=long_ago)
    assert "Discarded drafts" not in words(get(client, people.owner, ELSEWHERE))
    answer = client.post(bring_back(discarded))
    assert answer.status_code == 409
    assert "more than 30 days ago, so it cannot be brought back" in words(answer)

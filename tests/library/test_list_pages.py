"""The pages of the list: how it is sorted, where a page begins, what it costs."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coe.documents.models import Document
from coe.incidents.models import Incident
from tests.library.pages import body, get, table, words
from tests.library.shelves import many
from tests.people import People
from tests.reviews.steps import open_another

QUERIES = 10
"""The session, the person, teams, services, owners and years to choose from, how many fit, one
page of them, their publications, their milestones."""
OF_CLOCKS = 2
"""Where some are not published: when they were mitigated, and submitted."""
EVERYTHING = "?q=uploads&state=published&severity=2&category=outage&year=2020&sort=title"


def link(page: str, rel: str) -> str:
    """Where a link of the pagination leads, empty where there is none."""
    found = re.search(rf'rel="{rel}"\s+href="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def references(client: Client, query: str) -> list[str]:
    return [row[0] for row in table(client.get(f"/coes/{query}"))]


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(("query", "queries"), [("", QUERIES + OF_CLOCKS), (EVERYTHING, QUERIES)])
def test_ten_times_more_coes_take_no_more_queries(
    query: str, queries: int, people: People, client: Client
) -> None:
    many(people, 30)
    client.force_login(people.owner)
    assert queries_of(client, f"/coes/{query}") == queries
    many(people, 300, year=2021)
    assert queries_of(client, f"/coes/{query}") == queries


@pytest.mark.parametrize("sort", ["", "impact", "title", "severity", "reference", "published"])
def test_the_pages_together_hold_everything_once_there_and_back(
    sort: str, people: People, client: Client
) -> None:
    many(people, 120)
    client.force_login(people.owner)
    forth = [f"?sort={sort}"]
    pages = [references(client, forth[0])]
    while following := link(body(client.get(f"/coes/{forth[-1]}")), "next"):
        forth.append(following)
        pages.append(references(client, following))
    assert [len(each) for each in pages] == [50, 50, 20]
    assert len({each for page in pages for each in page}) == 120
    back = link(body(client.get(f"/coes/{forth[2]}")), "prev")
    assert references(client, back) == pages[1]
    back = link(body(client.get(f"/coes/{back}")), "prev")
    assert references(client, back) == pages[0]


def test_the_list_is_sorted_as_it_says(people: People, client: Client) -> None:
    first, second, third = many(people, 3)
    client.force_login(people.owner)
    expected = {
        "": [third, second, first],
        "impact": [third, second, first],
        "title": [first, second, third],
        "severity": [first, second, third],
        "reference": [third, second, first],
        "published": [third, first, second],
    }
    for sort, documents in expected.items():
        assert references(client, f"?sort={sort}") == [each.reference for each in documents], sort


def test_what_has_no_impact_start_stands_last(people: People, client: Client) -> None:
    many(people, 2)
    early = open_another(people, "Nobody knows when")
    client.force_login(people.owner)
    assert references(client, "")[-1] == early.reference


def test_references_are_sorted_as_numbers(people: People, client: Client) -> None:
    one, two, three = many(people, 3)
    for document, reference in ((one, "COE-2020-10000"), (two, "COE-2020-9999")):
        Document.objects.filter(pk=document.pk).update(reference=reference)
    client.force_login(people.owner)
    assert references(client, "?sort=reference") == [
        "COE-2020-10000",
        "COE-2020-9999",
        three.reference,
    ]


def test_a_page_stays_right_while_rows_are_added_before_it(people: People, client: Client) -> None:
    many(people, 60)
    client.force_login(people.owner)
    following = link(body(client.get("/coes/?sort=title")), "next")
    rest = references(client, following)
    open_another(people, "An early title")
    assert references(client, following) == rest


def test_a_page_stays_right_where_the_row_before_it_is_gone(people: People, client: Client) -> None:
    documents = many(people, 60)
    client.force_login(people.owner)
    following = link(body(client.get("/coes/")), "next")
    rest = references(client, following)
    last = documents[10]
    assert last.reference not in rest
    Document.objects.filter(pk=last.pk).update(discarded_at="2026-01-01T00:00:00Z")
    assert references(client, following) == rest


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        ("2030-01-01T00:00:00+20:00", "COE-2020-0002"),
        ("2030-01-01T00:00:00+00:00:00.5", "COE-2020-0002"),
        ("0001-01-01T00:00:00+20:00", "COE-2020-0002"),
        ("1999-01-01T00:00:00+20:00", ""),
        ("2030-01-01T00:00:00", "COE-2020-0002"),
    ],
)
def test_a_moment_of_any_offset_is_a_place_or_none(
    moment: str, first: str, people: People, client: Client
) -> None:
    many(people, 2)
    client.force_login(people.owner)
    found = references(client, f"?after=COE-2026-0001~{quote(moment)}")
    assert found[:1] == ([first] if first else [])


def test_the_pages_keep_the_filters(people: People, client: Client) -> None:
    many(people, 120)
    client.force_login(people.owner)
    page = client.get("/coes/?q=uploads&state=&severity=2&year=2020&sort=title")
    assert "30 COEs fit these filters" in words(page)
    first = client.get("/coes/?q=uploads&state=&sort=title")
    assert link(body(first), "next").startswith("?q=uploads&sort=title&after=COE-2020-")
    assert link(body(first), "prev") == ""


def test_paging_and_sorting_keep_the_kind_of_incident(people: People, client: Client) -> None:
    documents = many(people, 120)
    lost = [each.incident_id for each in documents[1::2][:59]]
    assert Incident.objects.filter(pk__in=lost).update(category="data_loss") == 59
    client.force_login(people.owner)
    page = client.get("/coes/?category=data_loss&sort=title")
    assert "59 COEs fit these filters" in words(page)
    following = link(body(page), "next")
    assert following.startswith("?category=data_loss&sort=title&after=COE-2020-")
    assert len(references(client, following)) == 9
    assert '<option value="data_loss" selected>' in body(client.get(f"/coes/{following}"))


def test_the_first_page_stands_where_what_was_before_is_gone(
    people: People, client: Client
) -> None:
    many(people, 60)
    page = get(client, people.owner, "/coes/")
    second = client.get("/coes/" + link(body(page), "next"))
    back = link(body(second), "prev")
    Document.objects.filter(reference="COE-2020-0060").update(discarded_at="2026-01-01T00:00:00Z")
    assert references(client, back)[0] == "COE-2020-0059"
    assert len(references(client, back)) == 50

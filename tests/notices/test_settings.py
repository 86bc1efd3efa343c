"""How somebody wants to be told, and what they watch."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coe.documents.models import Document
from coe.incidents.models import Service
from coe.notices.models import Delivery, Kind, Notice, NoticeSetting, Watch
from coe.notices.queries import daily_time, deliveries
from coe.notices.services import tell, watch
from tests.library.pages import forms, get, words
from tests.people import People, make_person
from tests.reviews.steps import open_another, publish_draft, reopen, state_facts

pytestmark = pytest.mark.django_db

SETTINGS = "/notices/settings/"


def filled(**values: Any) -> dict[str, Any]:
    """The form as it stands on the page of somebody who has chosen nothing."""
    usual = {
        "asked_to_review": "at_once",
        "answered": "daily",
        "mentioned": "at_once",
        "changes_requested": "at_once",
        "approval_dropped": "at_once",
        "approved": "at_once",
        "published": "daily",
        "handed_over": "at_once",
        "retracted": "at_once",
        "decided": "daily",
        "excused": "daily",
        "promise_done": "daily",
        "promise_verified": "daily",
        "did_not_hold": "at_once",
        "promise_moved": "daily",
        "promise_asked": "at_once",
        "promise_decided": "at_once",
        "promise_handed_over": "at_once",
        "promise_due": "daily",
        "promise_late": "daily",
        "promise_escalated": "at_once",
        "promise_to_verify": "daily",
    }
    return {**usual, "hour": 8, "zone": "", **values}


def test_the_page_shows_what_holds_and_keeps_what_is_chosen(people: People, client: Client) -> None:
    page = get(client, people.colleague, SETTINGS)
    assert {kind.value: page.context["form"][kind.value].value() for kind in Kind} == {
        name: value for name, value in filled().items() if name not in ("hour", "zone")
    }
    assert "Where my team works: America/Los_Angeles" in words(page)
    assert "colleague@example.org" in words(page)
    answer = client.post(SETTINGS, filled(mentioned="off", hour=17, zone="Asia/Tokyo"))
    assert (answer.status_code, answer["Location"]) == (303, SETTINGS)
    page = client.get(SETTINGS)
    assert page.context["form"]["mentioned"].value() == Delivery.OFF
    assert "Saved." in words(page)
    time = daily_time(people.colleague)
    assert (time.zone, time.hour) == ("Asia/Tokyo", 17)
    assert [each.kind for each in NoticeSetting.objects.all()] == [Kind.MENTIONED]


def test_what_was_chosen_can_be_taken_back(people: People, client: Client) -> None:
    client.force_login(people.colleague)
    client.post(SETTINGS, filled(mentioned="off", zone="Asia/Tokyo"))
    client.post(SETTINGS, filled())
    assert deliveries(people.colleague)[Kind.MENTIONED] == Delivery.AT_ONCE
    assert not NoticeSetting.objects.exists()
    assert daily_time(people.colleague).zone == "America/Los_Angeles"
    assert daily_time(make_person("nobody")).zone == "UTC"


@pytest.mark.parametrize(
    "wrong",
    [{"mentioned": "hourly"}, {"mentioned": ""}, {"hour": 24}, {"zone": "Mars/Olympus"}],
)
def test_what_is_no_choice_is_refused_and_the_rest_is_kept(
    wrong: dict[str, Any], people: People, client: Client
) -> None:
    client.force_login(people.colleague)
    answer = client.post(SETTINGS, filled(published="off", **wrong))
    assert answer.status_code == 422
    assert "Not saved yet: 1 answer needs a look" in words(answer)
    assert answer.context["form"]["published"].value() == "off"
    assert not NoticeSetting.objects.exists()


def test_what_waits_to_be_mailed_follows_the_choice(
    document: Document, people: People, client: Client
) -> None:
    for kind in (Kind.MENTIONED, Kind.APPROVED, Kind.ANSWERED):
        tell(kind, people=[people.colleague], document=document, by=people.owner)
    client.force_login(people.colleague)
    client.post(SETTINGS, filled(mentioned="daily", approved="off", answered="at_once"))
    assert dict(Notice.objects.values_list("kind", "delivery")) == {
        Kind.MENTIONED: Delivery.DAILY,
        Kind.APPROVED: Delivery.OFF,
        Kind.ANSWERED: Delivery.DAILY,
    }


def test_a_coe_is_watched_from_its_page_and_no_more(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    address = f"/coes/{document.reference}/"
    page = get(client, people.stranger, address)
    assert list(forms(page)) == []  # the button stands beside the downloads, above the text
    assert f'action="{address}watch/"' in page.content.decode()
    answer = client.post(f"{address}watch/", {"next": address})
    assert (answer.status_code, answer["Location"]) == (303, address)
    client.post(f"{address}watch/")
    assert Watch.objects.get().document == document
    assert f'action="{address}unwatch/"' in client.get(address).content.decode()
    assert document.reference in words(client.get(SETTINGS)).split("What you watch")[1]
    for _ in range(2):
        assert client.post(f"{address}unwatch/")["Location"] == address
    assert not Watch.objects.exists()


def test_a_page_with_another_button_is_another_page(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    address = f"/coes/{document.reference}/"
    client.force_login(people.stranger)
    client.get(address)
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    client.post(f"{address}watch/")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_is_always_ours(
    way: str, document: Document, people: People, client: Client
) -> None:
    client.force_login(people.owner)
    address = f"/coes/{document.reference}/"
    assert client.post(f"{address}watch/", {"next": way})["Location"] == address


def test_teams_and_services_are_watched_from_the_settings(people: People, client: Client) -> None:
    storage = people.owner.team
    assert storage
    service = Service.objects.create(name="Uploads", team=storage)
    client.force_login(people.stranger)
    assert client.post("/notices/watch/", {}).status_code == 422
    assert not Watch.objects.exists()
    given = {"team": storage.pk, "service": service.pk}
    assert client.post("/notices/watch/", given)["Location"] == f"{SETTINGS}#watched"
    shown = words(client.get(SETTINGS)).split("What you watch")[1]
    assert "2 You are told" in shown
    assert "Storage Team, and those below it Stop watching Storage" in shown
    of_team = Watch.objects.get(team=storage)
    for _ in range(2):
        assert client.post("/notices/unwatch/", {"watch": of_team.pk}).status_code == 303
    assert [each.service for each in Watch.objects.all()] == [service]


def test_nobody_ends_what_others_watch(people: People, client: Client) -> None:
    assert people.owner.team
    watch(people.owner.team, by=people.stranger)
    client.force_login(people.owner)
    client.post("/notices/unwatch/", {"watch": Watch.objects.get().pk})
    assert Watch.objects.count() == 1


def test_the_list_of_a_team_or_a_service_offers_to_watch_it(
    document: Document, people: People, client: Client
) -> None:
    storage = document.incident.team
    address = f"/coes/?team={storage.pk}"
    page = get(client, people.colleague, address)
    assert "Watch Storage" in words(page)
    client.post("/notices/watch/", {"team": storage.pk, "next": address})
    assert "Stop watching Storage" in words(client.get(address))
    assert "Watch " not in words(client.get("/coes/"))


def test_a_coe_that_one_may_no_longer_see_is_not_named_among_what_one_watches(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    watch(document, by=people.stranger)
    reopen(document, by=people.owner)
    state_facts(document, is_restricted=True, by=people.owner)
    assert document.reference not in words(get(client, people.stranger, SETTINGS))
    assert client.post(f"/coes/{document.reference}/watch/").status_code == 404


@pytest.mark.parametrize("number", [1, 20])
def test_the_page_takes_as_many_queries_for_one_as_for_many(
    number: int, people: People, client: Client
) -> None:
    """The session, the person, their choices, their time and zone with their team, what they
    watch, and the teams and services that there are."""
    storage = people.owner.team
    assert storage
    for each in range(number):
        watch(Service.objects.create(name=f"Service {each}", team=storage), by=people.owner)
        watch(open_another(people, f"Outage {each}"), by=people.owner)
    client.force_login(people.owner)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(SETTINGS)
    assert f"Service {number - 1}" in words(page)
    assert len(asked) == 10

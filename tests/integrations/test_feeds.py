"""The calendar of a person: what stands in it, who gets it, and when it ends."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import User
from coe.accounts.services import deactivate_person, reactivate_person
from coe.actions.models import ActionItem, Promise
from coe.documents.models import Document
from coe.integrations.feeds import make_feed, revoke_feed
from coe.integrations.models import CalendarFeed
from coe.publishing.retracting import retract
from tests.integrations.rfc5545 import Component, read_calendar
from tests.people import People
from tests.reviews.steps import propose, publish_draft, state_facts

pytestmark = pytest.mark.django_db

DUE = date(2026, 12, 3)


def path(link: str) -> str:
    return urlsplit(link).path


def fetch(link: str, **headers: Any) -> Any:
    return Client().get(path(link), headers=headers)


def events(link: str) -> list[Component]:
    answer = fetch(link)
    assert answer.status_code == 200
    return [each for each in read_calendar(answer.content).children if each.name == "VEVENT"]


def promise(document: Document, people: People, owner: User) -> ActionItem:
    item = propose(
        document, "Limit uploads, by size", by=people.owner, owner_id=owner.pk, due_on=DUE
    )
    publish_draft(document, people)
    return item


def sign_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_it_holds_what_one_promised_on_the_day_that_it_is_due(
    document: Document, people: People
) -> None:
    link = make_feed(by=people.stranger)
    assert events(link) == []
    item = promise(document, people, people.stranger)
    (event,) = events(link)
    assert event.text("SUMMARY") == "Limit uploads, by size"
    assert event.value("DTSTART") == "20261203"
    assert event.text("DESCRIPTION") == f"{document.reference}, P2"
    page = f"http://localhost:8000/coes/{document.reference}/actions/{item.uid}/"
    assert event.value("URL") == page
    assert events(make_feed(by=people.owner)) == [], "that is somebody else's"


def test_what_is_moved_is_the_same_event_later(document: Document, people: People) -> None:
    """Whatever changes the row, the database notes that it was changed."""
    promise(document, people, people.stranger)
    link = make_feed(by=people.stranger)
    (before,) = events(link)
    Promise.objects.update(promised_at=now() - timedelta(days=2))
    Promise.objects.update(due_on=date(2026, 12, 10))
    (after,) = events(link)
    assert after.value("UID") == before.value("UID")
    assert after.value("DTSTART") == "20261210"
    assert int(after.value("SEQUENCE")) > int(before.value("SEQUENCE"))
    changed_at = Promise.objects.get().changed_at
    Promise.objects.update(due_on=date(2026, 12, 10))
    assert Promise.objects.get().changed_at == changed_at, "nothing was changed"


def test_it_holds_only_what_its_person_may_see_now(document: Document, people: People) -> None:
    promise(document, people, people.stranger)
    link = make_feed(by=people.stranger)
    assert len(events(link)) == 1
    state_facts_of_published(document, people, is_restricted=True)
    assert events(link) == []


def state_facts_of_published(document: Document, people: People, **values: Any) -> None:
    Document.objects.filter(pk=document.pk).update(**values)


def test_of_a_restricted_coe_there_is_its_reference_alone(
    document: Document, people: People
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    promise(document, people, people.owner)
    (event,) = events(make_feed(by=people.owner))
    assert event.text("SUMMARY") == f"Action item of {document.reference}"


def test_what_is_retracted_is_gone_from_it(document: Document, people: People) -> None:
    promise(document, people, people.stranger)
    link = make_feed(by=people.stranger)
    retract(document, version=1, reason="Wrong numbers", by=people.owner)
    assert events(link) == []


def test_there_is_no_session_and_nothing_is_kept(document: Document, people: People) -> None:
    link = make_feed(by=people.stranger)
    answer = fetch(link)
    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"


def test_who_has_it_already_is_told_so(document: Document, people: People) -> None:
    promise(document, people, people.stranger)
    link = make_feed(by=people.stranger)
    tag = fetch(link)["ETag"]
    again = fetch(link, if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-store"
    Promise.objects.update(due_on=date(2026, 12, 10))
    assert fetch(link, if_none_match=tag).status_code == 200


def gone_alike(link: str) -> bool:
    """Whether it is answered as an address that nobody ever had."""
    answer, never = fetch(link), fetch("/feeds/nobodys/actions.ics")
    assert never.status_code == 404
    shown = [(each.status_code, each.content, dict(each.headers)) for each in (answer, never)]
    return shown[0] == shown[1]


def test_a_revoked_one_leads_nowhere(people: People) -> None:
    link = make_feed(by=people.stranger)
    revoke_feed(by=people.stranger)
    revoke_feed(by=people.stranger)
    assert gone_alike(link)


def test_a_new_one_ends_the_one_before(people: People) -> None:
    first, second = make_feed(by=people.stranger), make_feed(by=people.stranger)
    assert gone_alike(first)
    assert fetch(second).status_code == 200


def test_it_ends_with_the_access_of_its_person_and_does_not_come_back(people: People) -> None:
    link = make_feed(by=people.stranger)
    deactivate_person(person=people.stranger, by=people.admin)
    assert gone_alike(link)
    reactivate_person(person=people.stranger, by=people.admin)
    assert gone_alike(link)
    User.objects.filter(pk=people.stranger.pk).update(joined_at=now())
    assert gone_alike(link), "who joins again makes a new one"
    assert fetch(make_feed(by=User.objects.get(pk=people.stranger.pk))).status_code == 200


def test_of_the_secret_there_is_a_hash_alone(people: People) -> None:
    link = make_feed(by=people.stranger)
    token = path(link).split("/")[2]
    assert CalendarFeed.objects.get().token_hash == sha256(token.encode()).hexdigest()
    assert len(token) >= 43


def test_its_page_makes_shows_once_and_revokes_it(people: People) -> None:
    client = sign_in(people.stranger)
    assert "You have none." in client.get("/calendar/").content.decode()
    shown = client.post("/calendar/make/", follow=True)
    assert shown.redirect_chain == [("/calendar/", 303)]
    page = shown.content.decode()
    link = page.partition('<code class="secret__text">')[2].partition("<")[0]
    assert fetch(link).status_code == 200
    again = client.get("/calendar/")
    assert path(link) not in again.content.decode(), "it is shown once"
    assert "A calendar fetched it last" in again.content.decode()
    assert "no-store" in again["Cache-Control"]
    client.post("/calendar/revoke/")
    assert gone_alike(link)


def test_it_asks_the_same_for_one_item_as_for_many(
    document: Document, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    promise(document, people, people.stranger)
    link = make_feed(by=people.stranger)
    fetch(link)
    for many in (0, 30):
        Promise.objects.bulk_create(
            Promise(
                document=document,
                uid=sha256(str(each).encode()).hexdigest()[:32],
                title="More",
                team=document.incident.team,
                owner=people.stranger,
                due_on=DUE,
                priority=2,
            )
            for each in range(many)
        )
        with django_assert_num_queries(3):  # whose it is, that it was read, what is in it
            assert len(events(link)) == many + 1

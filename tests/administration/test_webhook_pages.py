"""The pages on which administrators keep webhooks and the chats of teams."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import Team, User
from coe.accounts.saving import as_seen
from coe.administration.redaction import find_secret, remove_secret
from coe.documents.models import Document
from coe.history.models import HistoryText
from coe.integrations.models import Delivery, Webhook
from coe.integrations.services import add_webhook, pause_webhook, set_chat, webhook_facts
from coe.jobs.services import run_waiting_jobs
from coe.notices.events import Event
from tests.people import People
from tests.reviews.steps import open_another, publish_draft, state_facts

pytestmark = pytest.mark.django_db

PAGE = "/administration/webhooks/"
ADDRESS = "https://hooks.example.com/in/T0-secret-part"


def admin(people: People) -> Client:
    client = Client()
    client.force_login(people.admin)
    return client


def make(by: User, **values: Any) -> Webhook:
    given: dict[str, Any] = {
        "name": "Status page",
        "address": ADDRESS,
        "events": ["coe.published"],
        "tells_restricted": False,
    }
    return add_webhook(**{**given, **values}, by=by)[0]


def paused(by: User, **values: Any) -> Webhook:
    """One that keeps what it should be told."""
    webhook = make(by, **values)
    pause_webhook(webhook=webhook, by=by)
    return webhook


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_one_is_added_and_its_secret_is_shown_once(people: People) -> None:
    client = admin(people)
    data = {"name": "Status page", "address": ADDRESS, "events": ["coe.published", "coe.retracted"]}
    answer = client.post(f"{PAGE}add/", data, follow=True)
    webhook = Webhook.objects.get()
    assert answer.redirect_chain == [(f"{PAGE}{webhook.pk}/", 303)]
    assert webhook.secret in words(answer)
    again = client.get(f"{PAGE}{webhook.pk}/")
    assert webhook.secret not in words(again)
    assert "no-store" in again["Cache-Control"]


def test_nothing_shows_or_keeps_address_and_secret_in_words(people: People) -> None:
    client = admin(people)
    webhook = make(people.admin)
    for address in ("", f"{webhook.pk}/", f"{webhook.pk}/edit/"):
        page = words(client.get(PAGE + address))
        assert "T0-secret-part" not in page
        assert webhook.secret not in page
    assert "hooks.example.com" in words(client.get(PAGE))
    told = " ".join(str(each.content) for each in HistoryText.objects.all())
    assert "hooks.example.com" in told
    assert "T0-secret-part" not in told
    assert webhook.secret not in told
    stored = " ".join(map(str, Webhook.objects.values().get().values()))
    assert "T0-secret-part" not in stored
    assert webhook.secret not in stored


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "Type the address."),
        ("http://hooks.example.com/", "begin with https://"),
        ("https://127.0.0.1/", "inside the network"),
        ("https://[::1]/", "inside the network"),
        ("https://169.254.169.254/latest/", "inside the network"),
        ("ftp://example.com/", "begins with https:// or http://"),
        ("https://user:pass@example.com/", "no name and password"),
    ],
)
def test_an_address_that_is_not_called_is_refused_with_a_sentence(
    people: People, address: str, said: str
) -> None:
    data = {"name": "Status page", "address": address, "events": ["coe.published"]}
    answer = admin(people).post(f"{PAGE}add/", data)
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="Status page"' in words(answer), "what was typed is kept"
    assert not Webhook.objects.exists()


def test_a_name_is_taken_once_and_events_are_those_that_there_are(people: People) -> None:
    make(people.admin)
    client = admin(people)
    data = {"name": "STATUS page", "address": ADDRESS, "events": ["coe.published"]}
    assert "There is a webhook of this name" in words(client.post(f"{PAGE}add/", data))
    answer = client.post(f"{PAGE}add/", {**data, "name": "Other", "events": ["coe.exploded"]})
    assert answer.status_code == 422
    assert Webhook.objects.count() == 1


def test_one_is_changed_over_what_was_seen_and_keeps_its_address(people: People) -> None:
    webhook = make(people.admin)
    client = admin(people)
    seen = as_seen(webhook_facts(webhook))
    data = {"name": "Board", "address": "", "events": ["coe.retracted"], "seen": seen}
    assert client.post(f"{PAGE}{webhook.pk}/edit/", data).status_code == 303
    fresh = Webhook.objects.get()
    assert (fresh.name, fresh.events, fresh.address) == ("Board", ["coe.retracted"], ADDRESS)
    stale = client.post(f"{PAGE}{webhook.pk}/edit/", {**data, "name": "Wall"})
    assert stale.status_code == 409
    assert Webhook.objects.get().name == "Board"


def test_one_is_paused_resumed_and_removed(people: People) -> None:
    webhook = make(people.admin)
    client = admin(people)
    client.post(f"{PAGE}{webhook.pk}/pause/")
    page = words(client.get(f"{PAGE}{webhook.pk}/"))
    assert "<strong>Paused</strong> since" in page
    assert "Send a test" not in page
    client.post(f"{PAGE}{webhook.pk}/resume/")
    assert Webhook.objects.get().paused_at is None
    client.post(f"{PAGE}{webhook.pk}/remove/")
    assert not Webhook.objects.exists()


def test_what_it_is_told_is_shown_but_for_restricted_coes(
    document: Document, people: People
) -> None:
    webhook = paused(people.admin, tells_restricted=True)
    publish_draft(document, people)
    run_waiting_jobs()
    client = admin(people)
    title = "Uploads failed for one customer in ten"
    assert title in words(client.get(f"{PAGE}{webhook.pk}/"))
    state_facts_now(document, is_restricted=True)
    page = words(client.get(f"{PAGE}{webhook.pk}/"))
    assert title not in page
    assert document.reference not in page
    assert "a COE that few may see" in page
    state_facts_now(document, is_restricted=False)
    Delivery.objects.update(is_restricted=True)
    assert title not in words(client.get(f"{PAGE}{webhook.pk}/")), "it was restricted then"


def state_facts_now(document: Document, **values: Any) -> None:
    Document.objects.filter(pk=document.pk).update(**values)


def test_a_stale_button_of_a_delivery_sends_nothing_twice(people: People) -> None:
    webhook = make(people.admin)
    delivery = Delivery.objects.create(
        webhook=webhook, event="test", body="{}", state=Delivery.State.SENT
    )
    again = f"{PAGE}deliveries/{delivery.pk}/again/"
    assert admin(people).post(again).status_code == 409
    Delivery.objects.update(state=Delivery.State.FAILED, tries=18)
    assert admin(people).post(again).status_code == 303
    assert Delivery.objects.get().state == Delivery.State.WAITING


def test_a_new_secret_is_shown_once_and_the_key_of_another_installation_is_told(
    people: People, settings: Any
) -> None:
    webhook = make(people.admin)
    client = admin(people)
    page = words(client.post(f"{PAGE}{webhook.pk}/secret/", follow=True))
    fresh = Webhook.objects.get()
    assert fresh.secret != webhook.secret
    assert fresh.secret in page
    settings.SECRET_KEY = "another"
    client = admin(people)
    assert "Address and secret cannot be read." in words(client.get(f"{PAGE}{webhook.pk}/"))


def test_the_chat_of_a_team_is_kept_on_its_page(people: People) -> None:
    team = people.owner.team
    assert team is not None
    client = admin(people)
    page = f"/administration/teams/{team.pk}/"
    assert "can be posted to a chat" in words(client.get(page))
    assert client.post(f"{page}chat/", {"address": ADDRESS}).status_code == 303
    webhook = Webhook.objects.get(team=team)
    assert webhook.address == ADDRESS
    assert "hooks.example.com" in words(client.get(page))
    assert "T0-secret-part" not in words(client.get(f"{page}chat/"))
    client.post(f"{page}chat/", {"address": "https://other.example.com/x"})
    assert Webhook.objects.get(team=team).host == "other.example.com"
    answer = client.post(f"{page}chat/", {"address": "https://10.0.0.1/"})
    assert answer.status_code == 422
    assert client.get(f"{PAGE}{webhook.pk}/").status_code == 302


def test_a_team_is_told_where_it_is_told_above_it(people: People) -> None:
    platform = Team.objects.get(name="Platform")
    set_chat(team=platform, address=ADDRESS, by=people.admin)
    team = people.owner.team
    assert team is not None
    page = words(admin(people).get(f"/administration/teams/{team.pk}/"))
    assert "For now it is posted to that of Platform." in page


def test_a_removed_secret_leaves_what_programs_are_told_of_that_coe(
    document: Document, people: People
) -> None:
    webhook = paused(people.admin)
    another = open_another(people, 'Nobody knows that "hunter2" is a word here')
    state_facts(document, title='Uploads "hunter2" failed', by=people.owner)
    for each in (document, another):
        publish_draft(each, people)
    run_waiting_jobs()
    secret = '"hunter2"'
    assert find_secret(document, secret).said == 1
    remove_secret(document, secret=secret, reason="A password", by=people.admin)
    delivery = Delivery.objects.get(webhook=webhook, document=document)
    assert (delivery.body, delivery.state) == ("", Delivery.State.WITHHELD)
    kept = Delivery.objects.get(webhook=webhook, document=another)
    assert "hunter2" in kept.body
    assert kept.state == Delivery.State.WAITING
    page = words(admin(people).get(f"{PAGE}{webhook.pk}/"))
    assert "A secret was removed from it" in page


def test_the_pages_ask_the_same_of_300_deliveries(
    document: Document, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    webhook = make(people.admin)
    client = admin(people)
    client.get(PAGE)
    for many in (1, 300):
        Delivery.objects.bulk_create(
            Delivery(webhook=webhook, event=Event.COE_PUBLISHED, body="{}", document=document)
            for _ in range(many)
        )
        with django_assert_num_queries(3):  # session, who; webhooks with their counts
            client.get(PAGE)
        with django_assert_num_queries(5):  # session, who; webhook; how many deliveries, which
            client.get(f"{PAGE}{webhook.pk}/")


def test_who_is_no_administrator_any_more_keeps_nothing(people: People) -> None:
    with pytest.raises(PermissionDenied):
        make(people.owner)

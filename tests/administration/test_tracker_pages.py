"""The pages on which administrators keep trackers."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from coe.accounts.saving import as_seen
from coe.history.models import HistoryText
from coe.jobs.kinds import Lane
from coe.jobs.services import run_waiting_jobs
from coe.trackers.models import Tracker
from coe.trackers.services import tracker_facts
from tests.integrations.hooks import here_is_allowed
from tests.people import People
from tests.trackers.tracking import GitHub, Jira, keep, tracker_at

__all__ = ["here_is_allowed"]

pytestmark = pytest.mark.django_db

PAGE = "/administration/trackers/"
JIRA = {
    "kind": "jira",
    "name": "Board",
    "address": "https://tickets.example.com/jira/",
    "project": "prc",
    "account": "bot@example.org",
    "issue_type": "",
    "token": "t0ken-secret",
}
SHOP = {"kind": "github", "address": "https://github.com", "project": "octo/shop"}


def admin(people: People) -> Client:
    client = Client()
    client.force_login(people.admin)
    return client


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_one_is_added_and_its_token_is_in_no_page_and_no_table(people: People) -> None:
    client = admin(people)
    answer = client.post(f"{PAGE}add/", JIRA, follow=True)
    tracker = Tracker.objects.get()
    assert answer.redirect_chain == [(f"{PAGE}{tracker.pk}/", 303)]
    assert (tracker.address, tracker.project) == ("https://tickets.example.com/jira", "PRC")
    assert (tracker.issue_type, tracker.token) == ("Task", "t0ken-secret")
    for address in ("", f"{tracker.pk}/", f"{tracker.pk}/edit/"):
        assert "t0ken-secret" not in words(client.get(PAGE + address))
    stored = f"{Tracker.objects.values().get()} {list(HistoryText.objects.values())}"
    assert "t0ken-secret" not in stored
    assert "tickets.example.com" in stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Type a name."),
        ({"kind": "trello"}, "trello"),
        ({"address": ""}, "Type the address."),
        ({"address": "http://tickets.example.com"}, "begin with https://"),
        ({"address": "https://127.0.0.1/"}, "inside the network"),
        ({"address": "https://169.254.169.254/latest/"}, "inside the network"),
        ({"address": "https://me:secret@tickets.example.com"}, "no name and password"),
        ({"address": "https://tickets.example.com/?os=x"}, "Leave away what follows"),
        ({"address": "https://api.github.com"}, "Type the address that people open"),
        ({"project": "PRC-881"}, "The key of a project in Jira"),
        ({"project": 'PRC" OR 1=1'}, "The key of a project in Jira"),
        ({**SHOP, "project": "shop"}, "A repository is its owner and its name"),
        ({**SHOP, "project": "octo/.."}, "A repository is its owner and its name"),
        ({**SHOP, "project": "octo/shop/../../user"}, "A repository is its owner and its name"),
        ({"token": "two words"}, "A token is one word"),
        ({"token": "t\u00f6ken"}, "A token is one word"),
        ({"account": "a:b"}, "An account is an e-mail address"),
    ],
)
def test_what_makes_no_tracker_is_refused_beside_its_field(
    people: People, typed: dict[str, str], said: str
) -> None:
    answer = admin(people).post(f"{PAGE}add/", JIRA | typed)
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="bot@example.org"' in words(answer) or "account" in typed
    assert "t0ken-secret" not in words(answer)
    assert not Tracker.objects.exists()


def test_a_name_and_a_project_are_taken_once(people: People) -> None:
    keep("https://tickets.example.com/jira", by=people.admin)
    client = admin(people)
    answer = client.post(f"{PAGE}add/", JIRA | {"name": "BOARD", "project": "OPS"})
    assert "There is a tracker of this name already." in words(answer)
    answer = client.post(f"{PAGE}add/", JIRA | {"name": "Other"})
    assert "There is a tracker for this project already." in words(answer)
    assert Tracker.objects.count() == 1


class TestChanging:
    @pytest.fixture
    def tracker(self, people: People) -> Tracker:
        client = admin(people)
        client.post(f"{PAGE}add/", JIRA)
        return Tracker.objects.get()

    def change(self, people: People, tracker: Tracker, **typed: str) -> Any:
        seen = as_seen(tracker_facts(tracker))
        data = {**JIRA, **tracker_facts(tracker), "token": "", "seen": seen, **typed}
        return admin(people).post(f"{PAGE}{tracker.pk}/edit/", data)

    def test_it_keeps_its_token_until_another_is_typed(
        self, people: People, tracker: Tracker
    ) -> None:
        assert self.change(people, tracker, name="Alerts").status_code == 303
        fresh = Tracker.objects.get()
        assert (fresh.name, fresh.token) == ("Alerts", "t0ken-secret")
        self.change(people, fresh, token="another")
        assert Tracker.objects.get().token == "another"
        self.change(people, Tracker.objects.get(), drops_token="on")
        assert not Tracker.objects.get().is_asked

    @pytest.mark.parametrize(
        "typed",
        [
            {"address": "https://evil.example.net"},
            {"account": "other@example.org"},
            {**SHOP, "address": "https://tickets.example.com/jira"},
        ],
    )
    def test_its_token_goes_nowhere_else_unless_it_is_typed_again(
        self, people: People, tracker: Tracker, typed: dict[str, str]
    ) -> None:
        refused = self.change(people, tracker, **typed)
        assert refused.status_code == 422
        assert "Type the token again" in words(refused)
        assert Tracker.objects.get().address == tracker.address
        assert self.change(people, tracker, **typed, token="another").status_code == 303

    def test_it_is_changed_over_what_was_seen(self, people: People, tracker: Tracker) -> None:
        Tracker.objects.update(name="Alerts")
        answer = self.change(people, tracker, name="Wall")
        assert answer.status_code == 409
        assert Tracker.objects.get().name == "Alerts"

    def test_it_is_removed(self, people: People, tracker: Tracker) -> None:
        client = admin(people)
        assert client.post(f"{PAGE}{tracker.pk}/remove/").status_code == 303
        assert not Tracker.objects.exists()
        assert client.post(f"{PAGE}{tracker.pk}/try/").status_code == 404


@pytest.mark.usefixtures("here_is_allowed")
@pytest.mark.parametrize(
    ("behave", "values"),
    [(Jira(), {}), (GitHub(), {"kind": "github", "project": "octo/shop"})],
    ids=["jira", "github"],
)
def test_a_test_shows_that_it_answers(people: People, behave: Any, values: dict[str, Any]) -> None:
    client = admin(people)
    with tracker_at(behave, by=people.admin, **values) as (tracker, served):
        assert "Not asked yet" in words(client.get(PAGE))
        assert client.post(f"{PAGE}{tracker.pk}/try/").status_code == 303
        assert served.requests == [], "a page asks nobody"
        run_waiting_jobs(lane=Lane.TRACK)
        assert len(served.requests) == 1
    assert "Reads back" in words(client.get(f"{PAGE}{tracker.pk}/"))


@pytest.mark.usefixtures("here_is_allowed")
@pytest.mark.parametrize(
    ("status", "body", "state", "said"),
    [
        (401, {}, "Failing", "The tracker does not take the token (401)."),
        (503, {}, "Failing", "The tracker answered 503."),
        (404, {}, "Refuses", "has no such project, or the token may not see it (404)."),
        (200, {"key": "OPS"}, "Refuses", "The tracker answered about another project."),
        (200, b"<html>Sign in</html>", "Refuses", "answered something that cannot be read."),
    ],
)
def test_a_test_shows_what_is_wrong(
    people: People, status: int, body: Any, state: str, said: str
) -> None:
    with tracker_at(lambda *_: (status, body), by=people.admin) as (tracker, _):
        run_waiting_jobs(lane=Lane.TRACK)
    told = words(admin(people).get(f"{PAGE}{tracker.pk}/"))
    assert said in told
    assert state in told
    assert "Sign in</html>" not in told


def test_how_each_stands_is_said(people: People, settings: Settings) -> None:
    keep("https://tickets.example.com", by=people.admin, token="")
    assert "Reads nothing back" in words(admin(people).get(PAGE))
    keep("https://tickets.example.com", by=people.admin, name="Other", project="OPS")
    client = admin(people)
    settings.SECRET_KEY = "another"
    client.force_login(people.admin)
    assert "Token lost" in words(client.get(PAGE))


def test_the_list_asks_as_often_for_many_as_for_one(
    people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = admin(people)
    keep("https://tickets.example.com", by=people.admin)
    for number in range(5):
        with django_assert_num_queries(3):
            client.get(PAGE)
        keep(
            "https://tickets.example.com", by=people.admin, name=f"T{number}", project=f"T{number}"
        )

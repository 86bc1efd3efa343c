"""Who may open the administrators' pages: administrators, and nobody else."""

import pytest
from django.test import Client

from coe.accounts.models import Team, User
from coe.history.models import HistoryEvent
from coe.incidents.models import Service
from tests.accounts.conftest import make_joined

PAGES = [
    "",
    "people/",
    "people/invite/",
    "people/{person}/",
    "people/{person}/deactivate/",
    "teams/",
    "teams/add/",
    "teams/{team}/",
    "services/",
    "services/add/",
    "services/{service}/",
]
WRITES = [
    "people/invite/",
    "people/{person}/",
    "people/{person}/invitation/",
    "people/{person}/deactivate/",
    "people/{person}/reactivate/",
    "teams/add/",
    "teams/{team}/",
    "services/add/",
    "services/{service}/",
]


@pytest.fixture
def keys(ada: User) -> dict[str, int]:
    team = Team.objects.create(name="Storage")
    service = Service.objects.create(name="Object storage", team=team)
    return {"person": ada.pk, "team": team.pk, "service": service.pk}


def address(path: str, keys: dict[str, int]) -> str:
    return "/administration/" + path.format(**keys)


@pytest.mark.parametrize("path", PAGES)
def test_administrators_read_every_page(
    boss_client: Client, keys: dict[str, int], path: str
) -> None:
    assert boss_client.get(address(path, keys)).status_code == (302 if path == "" else 200)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["leader", "manager", "member"])
def test_others_read_none(keys: dict[str, int], path: str, who: str) -> None:
    person = make_joined(who, is_leader=who == "leader")
    if who == "manager":
        Team.objects.filter(pk=keys["team"]).update(manager=person)
    client = Client()
    client.force_login(person)
    assert client.get(address(path, keys)).status_code == 403


@pytest.mark.parametrize("path", [*PAGES, "people/{person}/invitation/"])
def test_nobody_is_asked_to_sign_in(keys: dict[str, int], path: str) -> None:
    answer = Client().get(address(path, keys))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/administration/")


@pytest.mark.parametrize("path", WRITES)
def test_others_write_nothing(ada: User, keys: dict[str, int], path: str) -> None:
    client = Client()
    client.force_login(ada)
    assert client.post(address(path, keys), {"name": "Mine", "zone": "UTC"}).status_code == 403
    assert not HistoryEvent.objects.exists()


@pytest.mark.parametrize("path", ["people/{person}/invitation/", "people/{person}/reactivate/"])
def test_what_writes_is_not_read(boss_client: Client, keys: dict[str, int], path: str) -> None:
    assert boss_client.get(address(path, keys)).status_code == 405


@pytest.mark.parametrize(
    "path", ["people/999999/", "people/999999/deactivate/", "teams/999999/", "services/999999/"]
)
def test_what_is_not_there_is_404_to_administrators_and_403_to_others(
    boss_client: Client, ada: User, path: str
) -> None:
    assert boss_client.get(f"/administration/{path}").status_code == 404
    client = Client()
    client.force_login(ada)
    assert client.get(f"/administration/{path}").status_code == 403


def test_who_stopped_being_an_administrator_is_refused_at_once(
    boss: User, boss_client: Client
) -> None:
    User.objects.filter(pk=boss.pk).update(is_administrator=False)
    assert boss_client.get("/administration/people/").status_code == 403

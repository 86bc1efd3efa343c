import stat
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from coe.accounts.demo import COWORKERS, DEMO_PEOPLE, create_demo_people, demo_password
from coe.accounts.models import Team, User
from coe.history.models import HistoryEvent
from coe.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chosen_password(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setenv("COE_DEMO_PASSWORD", "demo")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a quick one


def test_the_demo_people_are_five_in_a_tree_of_teams_and_their_coworkers() -> None:
    create_demo_people()
    people = {
        person.email: (
            person.team.name if person.team else None,
            person.is_leader,
            person.is_administrator,
        )
        for person in User.objects.select_related("team")
    }
    assert people == {
        "owner@example.com": ("Storage", False, False),
        "colleague@example.com": ("Storage", False, False),
        "manager@example.com": ("Cloud Platform", False, False),
        "leader@example.com": ("Company", True, False),
        "admin@example.com": (None, False, True),
        "stranger@example.com": ("Payments", False, False),
        "ana.silva@example.com": ("Storage", False, False),
        "priya.nair@example.com": ("Network", False, False),
        "ines.duarte@example.com": ("Network", False, False),
        "jonas.weber@example.com": ("Network", False, False),
        "amara.obi@example.com": ("Payments", False, False),
        "tomas.rey@example.com": ("Payments", False, False),
        "noor.haddad@example.com": ("Storefront", False, False),
        "mei.tanaka@example.com": ("Storefront", False, False),
        "luca.rossi@example.com": ("Storefront", False, False),
    }
    assert {demo.email for demo in (*DEMO_PEOPLE, *COWORKERS)} == set(people)
    assert len(DEMO_PEOPLE) == 5


def test_every_team_has_a_manager_but_storage_whose_nearest_one_is_above_it() -> None:
    create_demo_people()
    teams = {
        team.name: (
            team.parent.name if team.parent else None,
            team.manager.email if team.manager else None,
        )
        for team in Team.objects.select_related("parent", "manager")
    }
    assert teams == {
        "Company": (None, None),
        "Cloud Platform": ("Company", "manager@example.com"),
        "Storage": ("Cloud Platform", None),
        "Network": ("Cloud Platform", "priya.nair@example.com"),
        "Payments": ("Company", "amara.obi@example.com"),
        "Storefront": ("Company", "noor.haddad@example.com"),
    }


def test_everybody_signs_in_with_the_one_password() -> None:
    create_demo_people()
    for demo in DEMO_PEOPLE:
        answer = Client().post("/accounts/login/", {"email": demo.email, "password": "demo"})
        assert answer.status_code == 303


def test_doing_it_again_changes_nothing() -> None:
    create_demo_people()
    before = (User.objects.count(), Team.objects.count(), HistoryEvent.objects.count())
    assert before == (15, 6, 39)
    create_demo_people()
    assert (User.objects.count(), Team.objects.count(), HistoryEvent.objects.count()) == before
    assert not Job.objects.exists()


def test_the_password_follows_the_one_that_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    create_demo_people()
    monkeypatch.setenv("COE_DEMO_PASSWORD", "another")
    create_demo_people()
    assert all(person.check_password("another") for person in User.objects.all())


def test_a_password_is_made_once_and_kept_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    monkeypatch.delenv("COE_DEMO_PASSWORD")
    settings.STATE_DIR = tmp_path / "var"
    made = demo_password()
    assert len(made) == 17
    assert demo_password() == made
    kept = tmp_path / "var" / "demo_password"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["demo_password"]

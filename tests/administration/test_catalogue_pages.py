"""The pages of teams and services."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import Team, User
from coe.accounts.saving import as_seen
from coe.accounts.services import team_facts
from coe.history.models import HistoryEvent
from coe.incidents.catalogue import add_service, change_service, service_facts
from coe.incidents.models import Service
from coe.web.versions import Conflict

TEAMS, SERVICES = "/administration/teams/", "/administration/services/"


@pytest.fixture
def company(db: None) -> Team:
    return Team.objects.create(name="Company")


@pytest.fixture
def storage(company: Team) -> Team:
    return Team.objects.create(name="Storage", parent=company)


@pytest.fixture
def service(storage: Team) -> Service:
    return Service.objects.create(name="Object storage", team=storage)


def team_form(team: Team, **values: Any) -> dict[str, Any]:
    facts = team_facts(team)
    form = {
        "seen": as_seen(facts),
        "name": team.name,
        "parent": team.parent_id or "",
        "manager": team.manager_id or "",
        "zone": team.zone,
    }
    return {**form, **values}


def service_form(service: Service, **values: Any) -> dict[str, Any]:
    seen = as_seen(service_facts(service))
    return {"seen": seen, "name": service.name, "team": service.team_id, **values}


def test_a_team_is_added_where_it_belongs(boss_client: Client, company: Team, ada: User) -> None:
    form = {"name": "Payments", "parent": company.pk, "manager": ada.pk, "zone": "Europe/Berlin"}
    answer = boss_client.post(f"{TEAMS}add/", form)
    assert (answer.status_code, answer["Location"]) == (303, TEAMS)
    team = Team.objects.get(name="Payments")
    assert (team.parent, team.manager, team.zone) == (company, ada, "Europe/Berlin")
    page = boss_client.get(TEAMS).content.decode()
    assert "Payments is in the tree." in page
    assert "In Company: " in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "COMPANY"),
        ("zone", "Mars/Olympus"),
        ("zone", ""),
        ("parent", "999999"),
        ("parent", "9" * 40),
        ("parent", "\x00"),
        ("manager", "x"),
    ],
)
def test_what_is_wrong_with_a_team_stands_at_its_field(
    boss_client: Client, company: Team, field: str, value: str
) -> None:
    form = {"name": "Payments", "parent": "", "manager": "", "zone": "UTC", field: value}
    answer = boss_client.post(f"{TEAMS}add/", form)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Team.objects.count() == 1


def test_a_circle_is_said_at_the_field_with_the_choice_kept(
    boss_client: Client, company: Team, storage: Team
) -> None:
    answer = boss_client.post(f"{TEAMS}{company.pk}/", team_form(company, parent=storage.pk))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "parent": ["Storage is a part of Company. Choose a team that is not below it."]
    }
    assert f'<option value="{storage.pk}" selected>' in answer.content.decode()


def test_somebody_deactivated_is_no_choice_of_a_manager(
    boss_client: Client, ada: User, storage: Team
) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    answer = boss_client.post(f"{TEAMS}{storage.pk}/", team_form(storage, manager=ada.pk))
    assert list(answer.context["form"].errors) == ["manager"]


def test_a_stale_form_of_a_team_undoes_nothing(
    boss_client: Client, ada: User, storage: Team
) -> None:
    stale = team_form(storage, zone="Asia/Tokyo")
    Team.objects.filter(pk=storage.pk).update(manager=ada, zone="Europe/Berlin")
    answer = boss_client.post(f"{TEAMS}{storage.pk}/", stale)
    assert answer.status_code == 409
    assert answer.context["form"].overtaken == ["Manager", "Time zone"]
    assert answer.context["form"].errors == {"zone": ["Somebody else made it “Europe/Berlin”."]}
    storage.refresh_from_db()
    assert (storage.manager, storage.zone) == (ada, "Europe/Berlin")


def test_the_tree_costs_three_queries_however_large(
    boss_client: Client, company: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for size in (3, 100):
        Team.objects.bulk_create(
            Team(name=f"Team {size}-{number}", parent=company) for number in range(size)
        )
        with django_assert_num_queries(3):  # session, who asks, all teams
            boss_client.get(TEAMS)


def test_a_service_is_added_and_changed_with_its_history(
    boss_client: Client, company: Team, storage: Team
) -> None:
    answer = boss_client.post(f"{SERVICES}add/", {"name": "Object storage", "team": company.pk})
    assert (answer.status_code, answer["Location"]) == (303, SERVICES)
    service = Service.objects.get()
    answer = boss_client.post(f"{SERVICES}{service.pk}/", service_form(service, team=storage.pk))
    assert (answer.status_code, answer["Location"]) == (303, SERVICES)
    service.refresh_from_db()
    assert service.team == storage
    assert [
        (event.action, event.subject, event.text.content)
        for event in HistoryEvent.objects.order_by("pk")
    ] == [
        (
            "added",
            "service",
            {"before": {}, "after": {"name": "Object storage", "team_id": company.pk}},
        ),
        (
            "changed",
            "service",
            {"before": {"team_id": company.pk}, "after": {"team_id": storage.pk}},
        ),
    ]


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "OBJECT storage"), ("team", ""), ("team", "x")]
)
def test_what_is_wrong_with_a_service_stands_at_its_field(
    boss_client: Client, service: Service, field: str, value: str
) -> None:
    form = {"name": "Queue", "team": service.team_id, field: value}
    answer = boss_client.post(f"{SERVICES}add/", form)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Service.objects.count() == 1


def test_renaming_a_service_to_a_taken_name_is_said_at_the_field(
    boss_client: Client, service: Service
) -> None:
    other = Service.objects.create(name="Queue", team=service.team)
    form = service_form(other, name="object STORAGE")
    answer = boss_client.post(f"{SERVICES}{other.pk}/", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"name": ["There is a service of this name already."]}


def test_a_stale_form_of_a_service_undoes_nothing(
    boss_client: Client, boss: User, service: Service, company: Team
) -> None:
    stale = service_form(service, name="Blob storage")
    change_service(
        service=service, seen=stale["seen"], name="Object storage", team=company, by=boss
    )
    answer = boss_client.post(f"{SERVICES}{service.pk}/", stale)
    assert answer.status_code == 409
    assert answer.context["form"].overtaken == ["Team"]
    with pytest.raises(Conflict):
        change_service(
            service=service, seen=stale["seen"], name="Blob storage", team=company, by=boss
        )


def test_services_cost_four_queries_however_many(
    boss_client: Client, storage: Team, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for size in (3, 300):
        Service.objects.bulk_create(
            Service(name=f"Service {size}-{number}", team=storage) for number in range(size)
        )
        with django_assert_num_queries(4):  # session, who asks, count, one page with teams
            boss_client.get(SERVICES)


def test_others_change_no_service(ada: User, service: Service) -> None:
    with pytest.raises(PermissionDenied):
        add_service(name="Queue", team=service.team, by=ada)
    with pytest.raises(PermissionDenied):
        change_service(
            service=service,
            seen=as_seen(service_facts(service)),
            name="Mine",
            team=service.team,
            by=ada,
        )


@pytest.mark.parametrize(
    ("page", "title"), [(TEAMS, "No teams yet"), (SERVICES, "No services yet")]
)
def test_an_empty_list_says_what_to_do_next(boss_client: Client, page: str, title: str) -> None:
    answer = boss_client.get(page).content.decode()
    assert title in answer
    assert f'href="{page}add/"' in answer

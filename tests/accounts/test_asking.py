"""A query whose SQL is kept answers everybody as the query itself would."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils.connection import ConnectionDoesNotExist
from django.utils.timezone import now

from coe.accounts.asking import Asking
from coe.accounts.models import Team, User
from tests.people import People, make_person


def managed(user: User, name: str) -> QuerySet[Team]:
    """The team of this name, if it is that of `user` or below one that they manage."""
    teams = Team.objects.governed_by(user)
    own = Team.objects.filter(pk=user.team_id) if user.team_id else Team.objects.none()
    return Team.objects.filter(pk__in=teams | own, name=name).select_related("manager")


def test_everybody_is_answered_as_by_the_query_itself(people: People) -> None:
    asking = Asking(managed)
    everybody = [*User.objects.all(), make_person("guest")]
    names = ["Company", "Platform", "Storage", "Payments", "Nobody's", "100 %s 'quoted' \\"]
    asked = {(who.name, name): asking.first(who, name) for who in everybody for name in names}
    wanted = {(who.name, name): managed(who, name).first() for who in everybody for name in names}
    assert asked == wanted
    assert {key for key, team in asked.items() if team} == {
        ("Owner", "Storage"),
        ("Colleague", "Storage"),
        ("Contributor", "Payments"),
        ("Stranger", "Payments"),
        ("Manager", "Platform"),
        ("Manager", "Storage"),
        ("Director", "Company"),
        ("Director", "Platform"),
        ("Director", "Storage"),
        ("Director", "Payments"),
    }


def test_what_is_selected_with_it_comes_in_the_same_statement(people: People) -> None:
    asking = Asking(managed)
    with CaptureQueriesContext(connection) as captured:
        team = asking.first(people.manager, "Platform")
        assert team
        assert team.manager
        assert (team.manager.name, team.zone) == ("Manager", "UTC")
    assert len(captured) == 1


def test_it_is_asked_anew_each_time(people: People) -> None:
    asking = Asking(managed)
    assert asking.first(people.owner, "Payments") is None
    Team.objects.filter(name="Payments").update(manager=people.owner)
    assert asking.first(people.owner, "Payments") is not None
    assert asking.columns(people.owner, "Storage") is not None
    assert asking.columns(people.stranger, "Storage") is None


def test_it_is_built_once_with_a_team_and_once_without(people: People) -> None:
    built: list[bool] = []

    def build(user: User, name: str) -> QuerySet[Team]:
        built.append(user.team_id is not None)
        return managed(user, name)

    asking = Asking(build)
    for person in (people.owner, people.leader, people.stranger, people.admin):
        asking.first(person, "Storage")
    assert built == [True, False]


def test_a_query_that_looks_at_more_of_a_person_is_refused(people: People) -> None:
    asking = Asking(lambda user: Team.objects.filter(name=user.name))
    with pytest.raises(ConnectionDoesNotExist):
        asking.first(people.owner)


def test_a_query_with_a_moment_in_it_is_refused(people: People) -> None:
    asking = Asking(lambda user: User.objects.filter(joined_at__lt=now()))
    with pytest.raises(ValueError, match="stand still"):
        asking.first(people.owner)

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from coe.accounts.models import Team, User
from coe.accounts.queries import in_tree_order, teams_with_counts
from coe.accounts.saving import as_seen
from coe.accounts.services import add_team, change_team, hand_over_teams, team_facts
from coe.history.models import HistoryEvent
from coe.web.versions import Conflict
from tests.accounts.conftest import make_joined


def add(name: str, *, by: User, parent: Team | None = None, manager: User | None = None) -> Team:
    return add_team(name=name, parent=parent, manager=manager, zone="UTC", by=by)


def change(team: Team, *, by: User, **values: Any) -> Team:
    facts: dict[str, Any] = {
        "seen": as_seen(team_facts(team)),
        "name": team.name,
        "parent": team.parent,
        "manager": team.manager,
        "zone": team.zone,
    }
    return change_team(team=team, by=by, **{**facts, **values})


def test_a_team_is_added_with_its_history(boss: User, ada: User) -> None:
    company = add("Company", by=boss)
    team = add("Storage", parent=company, manager=ada, by=boss)
    event = HistoryEvent.objects.last()
    assert event is not None
    assert (event.action, event.subject, event.subject_key) == ("added", "team", str(team.pk))
    assert event.text.content == {
        "before": {},
        "after": {
            "name": "Storage",
            "parent_id": company.pk,
            "manager_id": ada.pk,
            "zone": "UTC",
        },
    }


def test_two_teams_never_have_one_name_in_two_spellings(boss: User) -> None:
    add("Storage", by=boss)
    with pytest.raises(ValidationError) as refused:
        add("STORAGE", by=boss)
    assert refused.value.message_dict == {"name": ["There is a team of this name already."]}
    other = add("Payments", by=boss)
    with pytest.raises(ValidationError, match="of this name already"):
        change(other, by=boss, name="storage")


def test_a_team_never_stands_below_itself(boss: User) -> None:
    top = add("Company", by=boss)
    middle = add("Platform", parent=top, by=boss)
    low = add("Storage", parent=middle, by=boss)
    for parent in (top, middle, low):
        with pytest.raises(ValidationError) as refused:
            change(top, by=boss, parent=parent)
        assert list(refused.value.message_dict) == ["parent"]
    assert change(low, by=boss, parent=top).parent == top


def test_the_sentence_names_both_teams(boss: User) -> None:
    platform = add("Platform", by=boss)
    storage = add("Storage", parent=platform, by=boss)
    with pytest.raises(ValidationError) as refused:
        change(platform, by=boss, parent=storage)
    assert refused.value.messages == [
        "Storage is a part of Platform. Choose a team that is not below it."
    ]


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_no_circle() -> None:
    boss = make_joined("Boss", is_administrator=True)
    left, right = add("Left", by=boss), add("Right", by=boss)
    start = Barrier(2)

    def move(pair: tuple[Team, Team]) -> bool:
        team, parent = pair
        try:
            start.wait(timeout=30)
            change(team, by=boss, parent=parent)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(move, ((left, right), (right, left)))) == [False, True]


def test_a_change_over_facts_that_were_not_seen_is_a_conflict(boss: User) -> None:
    team = add("Storage", by=boss)
    seen = as_seen(team_facts(team))
    change(team, by=boss, zone="Europe/Berlin")
    with pytest.raises(Conflict):
        change(team, by=boss, seen=seen, name="Store")


def test_somebody_deactivated_manages_nothing(boss: User, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    ada.refresh_from_db()
    with pytest.raises(ValidationError, match="Ada was deactivated"):
        add("Storage", manager=ada, by=boss)
    team = add("Storage", by=boss)
    with pytest.raises(ValidationError, match="Ada was deactivated"):
        change(team, by=boss, manager=ada)


def test_all_teams_of_a_manager_are_handed_over(boss: User, ada: User) -> None:
    teams = [add(name, manager=ada, by=boss) for name in ("Storage", "Payments")]
    kept = add("Search", manager=boss, by=boss)
    before = HistoryEvent.objects.count()
    assert hand_over_teams(of=ada, to=boss, by=boss) == 2
    assert set(Team.objects.filter(manager=boss)) == {*teams, kept}
    events = HistoryEvent.objects.order_by("pk")[before:]
    assert [(event.action, event.subject_key) for event in events] == [
        ("handed_over", str(team.pk)) for team in teams
    ]


def test_others_change_no_team(boss: User, ada: User) -> None:
    team = add("Storage", by=boss)
    with pytest.raises(PermissionDenied):
        add("Payments", by=ada)
    with pytest.raises(PermissionDenied):
        change(team, by=ada, name="Mine")
    with pytest.raises(PermissionDenied):
        hand_over_teams(of=boss, to=ada, by=ada)


def test_the_tree_is_read_from_the_top_with_neighbours_by_name(boss: User) -> None:
    zebra = add("Zebra", by=boss)
    add("Company", by=boss)
    platform = add("Platform", parent=zebra, by=boss)
    add("storage", parent=platform, by=boss)
    add("Audio", parent=zebra, by=boss)
    tree = [
        (" > ".join(each.name for each in above), team.name)
        for above, team in in_tree_order(teams_with_counts())
    ]
    assert tree == [
        ("", "Company"),
        ("", "Zebra"),
        ("Zebra", "Audio"),
        ("Zebra", "Platform"),
        ("Zebra > Platform", "storage"),
    ]

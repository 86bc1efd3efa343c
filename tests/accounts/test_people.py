"""What the services do to people, whoever calls them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client

from coe.accounts.models import PersonState, Team, User
from coe.accounts.saving import as_seen
from coe.accounts.services import (
    add_team,
    change_person,
    deactivate_person,
    invite_person,
    person_facts,
    reactivate_person,
)
from coe.history.models import HistoryEvent
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict
from tests.accounts.conftest import PASSWORD, make_joined


def change(person: User, *, by: User, seen: str | None = None, **values: Any) -> User:
    facts: dict[str, Any] = {
        "email": person.email,
        "name": person.name,
        "team": person.team,
        "is_leader": person.is_leader,
        "is_administrator": person.is_administrator,
    }
    seen = as_seen(person_facts(person)) if seen is None else seen
    return change_person(person=person, seen=seen, by=by, **{**facts, **values})


def test_a_change_is_in_the_history_with_what_it_changed_and_nothing_else(
    ada: User, boss: User
) -> None:
    team = Team.objects.create(name="Storage")
    change(ada, by=boss, team=team, is_leader=True)
    ada.refresh_from_db()
    assert (ada.team, ada.is_leader) == (team, True)
    event = HistoryEvent.objects.get()
    assert (event.action, event.subject, event.actor) == ("changed", "person", boss)
    assert event.text.content == {
        "before": {"team_id": None, "is_leader": False},
        "after": {"team_id": team.pk, "is_leader": True},
    }


def test_writing_what_is_there_changes_nothing(ada: User, boss: User) -> None:
    change(ada, by=boss, seen="something old")
    assert not HistoryEvent.objects.exists()


def test_a_change_over_facts_that_were_not_seen_is_a_conflict(ada: User, boss: User) -> None:
    seen = as_seen(person_facts(ada))
    change(ada, by=boss, name="Ada L.")
    with pytest.raises(Conflict):
        change(ada, by=boss, seen=seen, is_leader=True)
    ada.refresh_from_db()
    assert (ada.name, ada.is_leader) == ("Ada L.", False)


def test_two_people_never_have_one_address_in_two_spellings(ada: User, boss: User) -> None:
    with pytest.raises(ValidationError) as refused:
        change(ada, by=boss, email="Boss@EXAMPLE.org")
    assert refused.value.message_dict == {
        "email": ["Somebody with this e-mail address is here already."]
    }


def test_an_address_is_found_in_any_case_but_not_by_a_letter_that_only_looks_alike(
    db: None,
) -> None:
    mike = make_joined("mike")
    assert User.objects.get_by_natural_key("MIKE@example.org") == mike
    assert not User.objects.with_email("m\u0131ke@example.org").exists()


def test_only_administrators_change_people(ada: User) -> None:
    with pytest.raises(PermissionDenied):
        change(ada, by=ada, is_leader=True)


def test_an_administrator_who_was_deactivated_meanwhile_changes_nobody(
    ada: User, boss: User
) -> None:
    User.objects.filter(pk=boss.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        change(ada, by=boss, is_leader=True)


def test_the_last_administrator_stays_one(boss: User) -> None:
    with pytest.raises(ValidationError) as refused:
        change(boss, by=boss, is_administrator=False)
    assert refused.value.message_dict == {
        "is_administrator": ["Boss is the last administrator. Name another first."]
    }


def test_somebody_who_was_only_invited_is_not_yet_another_administrator(boss: User) -> None:
    invite_person(
        email="new@example.org",
        name="New",
        team=None,
        is_leader=False,
        is_administrator=True,
        by=boss,
    )
    with pytest.raises(ValidationError, match="last administrator"):
        change(boss, by=boss, is_administrator=False)


def test_with_another_administrator_one_may_stop_being_one(boss: User) -> None:
    make_joined("Other", is_administrator=True)
    assert change(boss, by=boss, is_administrator=False).is_administrator is False


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_stop_at_once_leave_one() -> None:
    both = [make_joined(name, is_administrator=True) for name in ("One", "Two")]
    start = Barrier(2)

    def stop(person: User) -> bool:
        try:
            start.wait(timeout=30)
            change(person, by=person, is_administrator=False)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(stop, both)) == [False, True]
    assert User.objects.filter(is_administrator=True).count() == 1


def test_deactivating_ends_session_and_password_at_once(
    client: Client, ada: User, boss: User
) -> None:
    client.force_login(ada)
    deactivate_person(person=ada, by=boss)
    assert client.get("/").status_code == 302
    ada.refresh_from_db()
    assert ada.state == PersonState.DEACTIVATED
    assert not ada.has_usable_password()
    assert HistoryEvent.objects.get().action == "deactivated"


def test_coming_back_takes_a_new_invitation_and_revives_no_session(
    client: Client, ada: User, boss: User
) -> None:
    client.force_login(ada)
    deactivate_person(person=ada, by=boss)
    reactivate_person(person=ada, by=boss)
    assert client.get("/").status_code == 302
    ada.refresh_from_db()
    assert ada.state == PersonState.INVITED
    assert not ada.check_password(PASSWORD)
    assert list(HistoryEvent.objects.values_list("action", flat=True)) == [
        "deactivated",
        "reactivated",
    ]


def test_nobody_deactivates_themselves(boss: User) -> None:
    with pytest.raises(ValidationError, match="You cannot deactivate yourself"):
        deactivate_person(person=boss, by=boss)


def test_deactivating_twice_is_a_stale_button(ada: User, boss: User) -> None:
    deactivate_person(person=ada, by=boss)
    with pytest.raises(StaleAnswer, match="Ada was deactivated already"):
        deactivate_person(person=ada, by=boss)


def test_reactivating_somebody_active_is_a_stale_button(ada: User, boss: User) -> None:
    with pytest.raises(StaleAnswer, match="Ada is active"):
        reactivate_person(person=ada, by=boss)
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_a_manager_hands_over_the_team_before_leaving(ada: User, boss: User) -> None:
    add_team(name="Storage", parent=None, manager=ada, zone="UTC", by=boss)
    with pytest.raises(ValidationError, match="manages a team"):
        deactivate_person(person=ada, by=boss)


def test_others_deactivate_and_reactivate_nobody(ada: User, boss: User) -> None:
    with pytest.raises(PermissionDenied):
        deactivate_person(person=boss, by=ada)
    with pytest.raises(PermissionDenied):
        reactivate_person(person=boss, by=ada)

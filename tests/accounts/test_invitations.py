from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from coe.accounts.invitations import invitation_link, invitation_token, invited_person
from coe.accounts.models import PersonState, User
from coe.accounts.saving import as_seen
from coe.accounts.services import (
    accept_invitation,
    change_person,
    deactivate_person,
    invite_person,
    person_facts,
    renew_invitation,
)
from coe.history.models import HistoryEvent
from coe.jobs.models import Job
from coe.jobs.services import run_waiting_jobs
from coe.web.errors import StaleAnswer
from tests.accounts.conftest import PASSWORD, make_joined


def invite(by: User, email: str = "new@example.org", name: str = "Nia New") -> User:
    return invite_person(
        email=email, name=name, team=None, is_leader=False, is_administrator=False, by=by
    )


def address(person: User) -> str:
    return f"/accounts/invitation/{invitation_token(person)}/"


def test_an_invitation_is_mailed_with_its_link_and_its_end(boss: User, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://coe.example.org"
    person = invite(boss)
    run_waiting_jobs()
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    assert sent.subject == "Your access to Corrections of Error"
    assert sent.body.startswith("Hello Nia New,\n\nBoss invites you")
    assert f"\nhttps://coe.example.org{address(person)}\n" in sent.body
    assert person.invited_at is not None
    ends = person.invited_at + timedelta(days=14)
    assert f"until {ends.day} {ends:%B %Y, %H:%M} UTC" in sent.body


def test_nothing_is_mailed_if_the_invitation_is_rolled_back(boss: User) -> None:
    with pytest.raises(ValidationError):
        invite(boss, email="BOSS@example.org")
    assert not Job.objects.exists()
    assert User.objects.count() == 1


def test_no_link_waits_in_the_outbox_and_the_one_that_holds_is_mailed(boss: User) -> None:
    person = invite(boss)
    before = invitation_token(person)
    assert before not in str(Job.objects.get().payload)
    renew_invitation(person=person, by=boss)
    run_waiting_jobs()
    person.refresh_from_db()
    (sent,) = mail.outbox
    assert address(person) in sent.body
    assert before not in sent.body


def test_who_was_deactivated_meanwhile_gets_no_invitation(boss: User) -> None:
    deactivate_person(person=invite(boss), by=boss)
    run_waiting_jobs()
    assert mail.outbox == []


def test_the_invitation_is_in_the_history(boss: User) -> None:
    person = invite(boss)
    event = HistoryEvent.objects.get()
    assert (event.action, event.subject, event.subject_key) == ("invited", "person", str(person.pk))
    assert (event.actor, event.document) == (boss, None)
    assert event.text.content == {
        "before": {},
        "after": {
            "email": "new@example.org",
            "name": "Nia New",
            "team_id": None,
            "is_leader": False,
            "is_administrator": False,
        },
    }


def test_only_administrators_invite(ada: User) -> None:
    with pytest.raises(PermissionDenied):
        invite(ada)
    assert User.objects.count() == 1


def test_nobody_can_sign_in_before_they_chose_a_password(client: Client, boss: User) -> None:
    person = invite(boss)
    assert person.state == PersonState.INVITED
    assert not person.has_usable_password()


def test_the_link_asks_for_a_password_and_signs_in(client: Client, boss: User) -> None:
    person = invite(boss)
    page = client.get(address(person))
    assert page.status_code == 200
    assert "Welcome, Nia New" in page.content.decode()
    typed = {"password": "seven-green-doors", "password_again": "seven-green-doors"}
    answer = client.post(address(person), typed)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert client.session["_auth_user_id"] == str(person.pk)
    person.refresh_from_db()
    assert person.check_password("seven-green-doors")
    assert person.state == PersonState.ACTIVE
    assert HistoryEvent.objects.last().action == "joined"  # type: ignore[union-attr]


def test_looking_at_the_link_uses_nothing_up(client: Client, boss: User) -> None:
    person = invite(boss)
    for _ in range(3):
        assert client.get(address(person)).status_code == 200


def test_the_link_works_once(client: Client, boss: User) -> None:
    person = invite(boss)
    once = address(person)
    accept_invitation(token=invitation_token(person), password=PASSWORD)
    answer = client.get(once)
    assert answer.status_code == 410
    assert "This invitation is over" in answer.content.decode()
    assert client.post(once, {"password": "x" * 12, "password_again": "x" * 12}).status_code == 410


def test_renewing_revokes_the_link_before(client: Client, boss: User) -> None:
    person = invite(boss)
    before = address(person)
    renew_invitation(person=person, by=boss)
    person.refresh_from_db()
    assert address(person) != before
    assert client.get(before).status_code == 410
    assert client.get(address(person)).status_code == 200


def test_correcting_the_address_revokes_the_link_that_went_to_the_wrong_one(boss: User) -> None:
    person = invite(boss)
    before = invitation_token(person)
    change_person(
        person=person,
        seen=as_seen(person_facts(person)),
        email="right@example.org",
        name=person.name,
        team=None,
        is_leader=False,
        is_administrator=False,
        by=boss,
    )
    assert invited_person(before) is None


@pytest.mark.parametrize(("age", "is_open"), [(13.99, True), (14.01, False)])
def test_the_link_works_for_14_days(boss: User, age: float, is_open: bool) -> None:
    person = invite(boss)
    person.invited_at = timezone.now() - timedelta(days=age)
    person.save(update_fields=["invited_at"])
    assert (invited_person(invitation_token(person)) == person) is is_open


def test_showing_the_link_again_does_not_make_it_live_longer(boss: User) -> None:
    person = invite(boss)
    assert invitation_link(person) == invitation_link(User.objects.get(pk=person.pk))


def test_deactivating_ends_the_invitation(boss: User) -> None:
    person = invite(boss)
    token = invitation_token(person)
    deactivate_person(person=person, by=boss)
    assert invited_person(token) is None


@pytest.mark.parametrize(
    "forged",
    [
        "nonsense",
        "a:b",
        "%00",
        "x" * 5000,
        Signer(salt="invitation").sign("1"),
        Signer(salt="invitation").sign_object([1, "no fingerprint"]),
        Signer(salt="invitation").sign_object(["x", "y", "z"]),
        Signer(salt="other").sign_object([1, "x"]),
    ],
)
def test_a_forged_link_is_over_like_a_used_one(client: Client, boss: User, forged: str) -> None:
    assert client.get(f"/accounts/invitation/{forged}/").status_code == 410


def test_what_is_wrong_with_a_password_stands_at_its_field(client: Client, boss: User) -> None:
    person = invite(boss)
    answer = client.post(address(person), {"password": "short", "password_again": "other"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "password": [
            "This password is too short. It must contain at least 10 characters.",
        ],
    }
    answer = client.post(address(person), {"password": PASSWORD, "password_again": PASSWORD + "!"})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "password_again": ["This differs from the password above."]
    }
    person.refresh_from_db()
    assert person.state == PersonState.INVITED


def test_a_password_like_the_address_is_refused(client: Client, boss: User) -> None:
    person = invite(boss, email="wilhelmina.stone@example.org")
    typed = {"password": "wilhelmina.stone", "password_again": "wilhelmina.stone"}
    answer = client.post(address(person), typed)
    assert answer.status_code == 422
    assert "too similar to the email" in answer.content.decode()


def test_the_link_of_a_deactivated_person_cannot_be_renewed(boss: User) -> None:
    person = invite(boss)
    deactivate_person(person=person, by=boss)
    with pytest.raises(StaleAnswer, match="Reactivate them first"):
        renew_invitation(person=person, by=boss)


def test_a_new_link_for_somebody_who_lost_the_password_ends_their_sessions(
    client: Client, ada: User, boss: User
) -> None:
    client.force_login(ada)
    renew_invitation(person=ada, by=boss)
    assert client.get("/").status_code == 302
    ada.refresh_from_db()
    assert ada.state == PersonState.INVITED
    assert invited_person(invitation_token(ada)) == ada


def test_an_administrator_makes_no_link_for_themselves(boss: User) -> None:
    with pytest.raises(ValidationError, match="change your own password"):
        renew_invitation(person=boss, by=boss)


@pytest.mark.django_db(transaction=True)
def test_of_two_acceptances_at_once_one_succeeds() -> None:
    boss = make_joined("Boss", is_administrator=True)
    person = invite(boss)
    token, start = invitation_token(person), Barrier(2)

    def accept(password: str) -> str | None:
        try:
            start.wait(timeout=30)
            accept_invitation(token=token, password=password)
        except StaleAnswer:
            return None
        finally:
            connection.close()
        return password

    with ThreadPoolExecutor(2) as pool:
        (winner,) = filter(None, pool.map(accept, ("first-password-1", "second-password-2")))
    person.refresh_from_db()
    assert person.check_password(winner)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_others_access_at_once_do_not_both_succeed() -> None:
    one = make_joined("One", is_administrator=True)
    two = make_joined("Two", is_administrator=True)
    start = Barrier(2)

    def renew(pair: tuple[User, User]) -> bool:
        person, by = pair
        try:
            start.wait(timeout=30)
            renew_invitation(person=person, by=by)
        except PermissionDenied:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(renew, ((one, two), (two, one)))) == [False, True]


def test_the_end_of_an_invitation_is_counted_from_the_invitation() -> None:
    from coe.accounts.invitations import invitation_ends_at

    invited_at = datetime(2026, 11, 14, 9, 30, tzinfo=UTC)
    assert invitation_ends_at(User(invited_at=invited_at)) == datetime(
        2026, 11, 28, 9, 30, tzinfo=UTC
    )
    assert invitation_ends_at(User()) is None

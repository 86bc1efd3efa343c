import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from coe.accounts.models import SignInFailure, User
from coe.accounts.services import deactivate_person
from coe.history.models import HistoryEvent
from coe.jobs.models import Job
from coe.jobs.services import run_waiting_jobs
from tests.accounts.conftest import PASSWORD, make_joined

CHANGE, RESET = "/accounts/password/", "/accounts/password/reset/"
NEW = "seven-green-doors"
NEW_TWICE = {"password": NEW, "password_again": NEW}


def mailed_link(person: User, client: Client) -> str:
    """Ask for a new password and return the path of the link in the mail."""
    assert client.post(RESET, {"email": person.email}).status_code == 303
    run_waiting_jobs()
    found = re.search(
        r"http://localhost:\d+(/accounts/password/reset/\S+/)\n", str(mail.outbox[-1].body)
    )
    assert found is not None
    return found.group(1)


def test_a_password_is_changed_by_who_knows_the_present_one(client: Client, ada: User) -> None:
    client.force_login(ada)
    answer = client.post(CHANGE, {"present": PASSWORD, **NEW_TWICE})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    ada.refresh_from_db()
    assert ada.check_password(NEW)
    event = HistoryEvent.objects.get()
    assert (event.action, event.subject, event.actor) == ("changed", "person", ada)
    assert NEW not in str(event.text.content)


def test_changing_it_keeps_this_session_and_ends_the_others(client: Client, ada: User) -> None:
    other = Client()
    client.force_login(ada)
    other.force_login(ada)
    client.post(CHANGE, {"present": PASSWORD, **NEW_TWICE})
    assert client.get(CHANGE).status_code == 200
    assert other.get(CHANGE).status_code == 302


def test_a_wrong_present_password_changes_nothing(client: Client, ada: User) -> None:
    client.force_login(ada)
    answer = client.post(CHANGE, {"present": "not-the-one", **NEW_TWICE})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"present": ["This is not your present password."]}
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_guessing_the_present_password_is_paused_like_signing_in(client: Client, ada: User) -> None:
    client.force_login(ada)
    for _ in range(5):
        client.post(CHANGE, {"present": "not-the-one", **NEW_TWICE})
    answer = client.post(CHANGE, {"present": PASSWORD, **NEW_TWICE})
    assert answer.context["form"].errors == {
        "present": ["Too many tries went wrong. Try again in 15 minutes."]
    }


def test_a_new_password_by_mail_works_once(client: Client, ada: User) -> None:
    link = mailed_link(ada, client)
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert mail.outbox[-1].subject == "A new password for Corrections of Error"
    assert client.get(link).status_code == 200
    answer = client.post(link, NEW_TWICE, follow=True)
    assert answer.redirect_chain == [("/accounts/password/reset/done/", 303)]
    assert "Your password is changed" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.check_password(NEW)
    assert client.get(link).status_code == 410
    assert client.post(link, NEW_TWICE).status_code == 410


def test_the_answer_is_the_same_for_an_address_that_nobody_has(client: Client, ada: User) -> None:
    pages = [
        client.post(RESET, {"email": email}, follow=True)
        for email in ("ada@example.org", "nobody@example.org")
    ]
    run_waiting_jobs()
    assert pages[0].redirect_chain == pages[1].redirect_chain
    assert pages[0].content == pages[1].content
    assert [sent.to for sent in mail.outbox] == [["ada@example.org"]]


def test_whether_an_address_is_known_is_not_looked_up_while_somebody_waits(
    client: Client, ada: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for email in ("ada@example.org", "nobody@example.org"):
        with django_assert_num_queries(3) as asked:
            client.post(RESET, {"email": email})
        statements = [each["sql"] for each in asked.captured_queries]
        assert "coe_put_job" in statements[1]
        assert ("SAVEPOINT" in statements[0], "SAVEPOINT" in statements[2]) == (True, True)


def test_a_mail_server_that_is_away_uses_no_link_up(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", refuse)
        assert client.post(RESET, {"email": ada.email}).status_code == 303
        run_waiting_jobs()
    waiting = Job.objects.get()
    assert waiting.state == Job.State.WAITING
    assert "the connection was refused" in waiting.error
    run_waiting_jobs(as_of=waiting.due_at)
    assert [sent.to for sent in mail.outbox] == [["ada@example.org"]]


def test_a_link_that_nobody_waits_for_any_more_is_not_mailed(client: Client, ada: User) -> None:
    client.post(RESET, {"email": ada.email})
    job = Job.objects.get()
    job.payload["asked_at"] = (timezone.now() - timedelta(hours=1, seconds=1)).isoformat()
    job.save(update_fields=["payload"])
    run_waiting_jobs()
    assert mail.outbox == []
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert job.error == "Nobody waits for this mail any more: it was asked for over an hour ago."


def test_a_mailbox_gets_one_mail_in_five_minutes(client: Client, ada: User) -> None:
    for _ in range(3):
        client.post(RESET, {"email": "ada@example.org"})
    run_waiting_jobs()
    assert len(mail.outbox) == 1
    User.objects.update(reset_mailed_at=timezone.now() - timedelta(minutes=5, seconds=1))
    client.post(RESET, {"email": "ada@example.org"})
    run_waiting_jobs()
    assert len(mail.outbox) == 2


def test_who_was_only_invited_or_was_deactivated_gets_no_mail(
    client: Client, ada: User, boss: User
) -> None:
    invited = User(email="invited@example.org", name="Invited")
    invited.set_unusable_password()
    invited.save()
    deactivate_person(person=ada, by=boss)
    for email in ("invited@example.org", "ada@example.org"):
        assert client.post(RESET, {"email": email}).status_code == 303
    run_waiting_jobs()
    assert mail.outbox == []


def test_deactivating_ends_a_link_that_was_mailed(client: Client, ada: User, boss: User) -> None:
    link = mailed_link(ada, client)
    deactivate_person(person=ada, by=boss)
    assert client.get(link).status_code == 410


def test_a_link_is_over_after_four_hours(client: Client, ada: User, settings: Settings) -> None:
    link = mailed_link(ada, client)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(link).status_code == 410


def test_the_link_names_our_address_and_not_the_one_that_the_asker_claims(
    client: Client, ada: User, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_URL = "https://coe.example.org"
    client.post(RESET, {"email": ada.email}, headers={"host": "evil.example"})
    run_waiting_jobs()
    assert "evil.example" not in mail.outbox[0].body
    assert "https://coe.example.org/accounts/password/reset/" in mail.outbox[0].body


@pytest.mark.parametrize("forged", ["1/abc-def", "zzzzzzzzzzzzzzzz/abc-def", "-/x", "1/x"])
def test_a_forged_link_is_over(client: Client, ada: User, forged: str) -> None:
    assert client.get(f"{RESET}{forged}/").status_code == 410


def test_the_link_of_one_person_is_not_good_for_another(client: Client, ada: User) -> None:
    from django.utils.http import int_to_base36

    other = make_joined("Bob")
    token = mailed_link(ada, client).split("/")[-2]
    assert client.get(f"{RESET}{int_to_base36(other.pk)}/{token}/").status_code == 410


def test_a_new_password_by_mail_lifts_the_pause(client: Client, ada: User) -> None:
    link = mailed_link(ada, client)
    for _ in range(5):
        client.post("/accounts/login/", {"email": ada.email, "password": "not-the-one"})
    client.post(link, NEW_TWICE)
    assert not SignInFailure.objects.exists()
    answer = client.post("/accounts/login/", {"email": ada.email, "password": NEW})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "This password is too short. It must contain at least 10 characters."),
        ("password123", "This password is too common."),
        ("x" * 201, "This has 201 characters and 200 fit. Shorten it."),
    ],
)
def test_a_weak_or_endless_password_is_refused_with_a_sentence(
    client: Client, ada: User, password: str, sentence: str
) -> None:
    client.force_login(ada)
    typed = {"present": PASSWORD, "password": password, "password_again": password}
    answer = client.post(CHANGE, typed)
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors["password"]


def test_spaces_around_a_password_belong_to_it(client: Client, ada: User) -> None:
    client.force_login(ada)
    spaced = "  two words  "
    client.post(CHANGE, {"present": PASSWORD, "password": spaced, "password_again": spaced})
    ada.refresh_from_db()
    assert ada.check_password(spaced)
    assert not ada.check_password(spaced.strip())

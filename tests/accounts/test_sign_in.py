from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from coe.accounts.models import SignInFailure, User
from tests.accounts.conftest import PASSWORD, make_joined

LOGIN = "/accounts/login/"
WRONG = "The e-mail address and the password do not belong together."


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post(LOGIN, {"email": email, "password": password, **more})


def test_the_right_password_leads_home(client: Client, ada: User) -> None:
    answer = sign_in(client, "ada@example.org")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_the_address_may_be_typed_in_any_case(client: Client, ada: User) -> None:
    assert sign_in(client, "ADA@Example.org").status_code == 303


def test_the_page_that_was_asked_for_comes_after(client: Client, ada: User) -> None:
    asked = client.get("/actions/")
    assert asked["Location"] == "/accounts/login/?next=/actions/"
    assert '<input type="hidden" name="next" value="/actions/">' in (
        client.get(asked["Location"]).content.decode()
    )
    assert sign_in(client, "ada@example.org", next="/actions/")["Location"] == "/actions/"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "\x00"],
)
def test_a_page_elsewhere_never_comes_after(client: Client, ada: User, elsewhere: str) -> None:
    assert sign_in(client, "ada@example.org", next=elsewhere)["Location"] == "/"


def test_somebody_signed_in_is_sent_on(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert client.get(LOGIN)["Location"] == "/"
    assert client.get(LOGIN + "?next=/coes/")["Location"] == "/coes/"


@pytest.mark.parametrize("who", ["ada@example.org", "nobody@example.org", "gone@example.org"])
def test_a_wrong_password_an_unknown_address_and_a_deactivated_person_read_the_same(
    client: Client, ada: User, who: str
) -> None:
    make_joined("gone", is_active=False)
    answer = sign_in(client, who, PASSWORD if who == "gone@example.org" else "not-the-one")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert WRONG in page
    assert f'value="{who}"' in page
    assert "not-the-one" not in page
    assert "_auth_user_id" not in client.session


def test_an_unknown_address_costs_one_hash_like_a_known_one(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def spy(name: str) -> None:
        real = getattr(Argon2PasswordHasher, name)

        def note(*args: Any, **kwargs: Any) -> Any:
            hashed.append(name)
            return real(*args, **kwargs)

        monkeypatch.setattr(Argon2PasswordHasher, name, note)

    spy("encode")
    spy("verify")
    sign_in(client, "ada@example.org", "not-the-one")
    assert hashed == ["verify"]
    hashed.clear()
    sign_in(client, "nobody@example.org", "not-the-one")
    assert hashed == ["encode"]
    hashed.clear()
    invited = User(email="invited@example.org", name="Invited")
    invited.set_unusable_password()
    invited.save()
    sign_in(client, "invited@example.org", "not-the-one")
    assert hashed == ["encode"]


def test_nothing_typed_is_said_at_both_fields(client: Client, db: None) -> None:
    answer = sign_in(client, "", "")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "email": ["Type an e-mail address."],
        "password": ["Type a password."],
    }
    assert not SignInFailure.objects.exists()


def test_the_sixth_try_is_paused_and_says_for_how_long(client: Client, ada: User) -> None:
    for _ in range(5):
        assert sign_in(client, "ada@example.org", "not-the-one").status_code == 422
    answer = sign_in(client, "ada@example.org")
    assert answer.status_code == 429
    assert 840 < int(answer["Retry-After"]) <= 900
    assert "Too many tries went wrong. Try again in 15 minutes." in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_pause_reads_the_same_for_an_address_that_nobody_has(client: Client, db: None) -> None:
    for _ in range(5):
        sign_in(client, "nobody@example.org", "not-the-one")
    answer = sign_in(client, "nobody@example.org")
    assert answer.status_code == 429
    assert "Too many tries went wrong. Try again in 15 minutes." in answer.content.decode()


def test_signing_in_forgets_what_went_wrong(client: Client, ada: User) -> None:
    for _ in range(4):
        sign_in(client, "ada@example.org", "not-the-one")
    assert sign_in(client, "ada@example.org").status_code == 303
    assert not SignInFailure.objects.exists()


def test_signing_out_is_a_post_and_ends_the_session(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert client.get("/accounts/logout/").status_code == 405
    answer = client.post("/accounts/logout/", follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 303)]
    assert "You are signed out." in answer.content.decode()
    assert client.get("/").status_code == 302


def test_signing_in_needs_the_token_of_the_form(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "ada@example.org").status_code == 403


def test_the_sign_in_page_is_stored_nowhere(client: Client, db: None) -> None:
    assert "no-store" in client.get(LOGIN)["Cache-Control"]

"""Every text input of accounts and administration, fed what cannot be stored."""

import pytest
from django.test import Client

from coe.accounts.forms import NewPasswordForm, PasswordResetForm
from coe.accounts.invitations import invitation_token
from coe.accounts.models import Team, User
from coe.accounts.services import invite_person
from coe.administration.forms import PeopleFilter, PersonForm, ServiceForm, TeamForm
from coe.incidents.models import Service

HOSTILE = {
    "NUL": "a\x00b",
    "escape": "a\x1bb",
    "1 MB": "x" * 1_000_000,
    "1 MB of four bytes each": "\U0001f4a5" * 250_000,
}
INPUTS = [
    ("/accounts/login/", "email"),
    ("/accounts/login/", "password"),
    ("/accounts/invitation/{token}/", "password"),
    ("/accounts/invitation/{token}/", "password_again"),
    ("/accounts/password/", "present"),
    ("/accounts/password/", "password"),
    ("/accounts/password/", "password_again"),
    ("/accounts/password/reset/", "email"),
    ("/administration/people/invite/", "email"),
    ("/administration/people/invite/", "name"),
    ("/administration/people/invite/", "team"),
    ("/administration/people/{person}/", "email"),
    ("/administration/people/{person}/", "name"),
    ("/administration/people/{person}/", "team"),
    ("/administration/teams/add/", "name"),
    ("/administration/teams/add/", "parent"),
    ("/administration/teams/add/", "manager"),
    ("/administration/teams/add/", "zone"),
    ("/administration/teams/{team}/", "name"),
    ("/administration/services/add/", "name"),
    ("/administration/services/add/", "team"),
    ("/administration/services/{service}/", "name"),
]


@pytest.fixture
def places(boss: User, ada: User) -> dict[str, object]:
    invited = invite_person(
        email="new@example.org",
        name="New",
        team=None,
        is_leader=False,
        is_administrator=False,
        by=boss,
    )
    team = Team.objects.create(name="Storage")
    service = Service.objects.create(name="Object storage", team=team)
    return {
        "token": invitation_token(invited),
        "person": ada.pk,
        "team": team.pk,
        "service": service.pk,
    }


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize(("page", "field"), INPUTS)
def test_it_is_refused_at_its_field_with_a_sentence(
    boss_client: Client, places: dict[str, object], page: str, field: str, kind: str
) -> None:
    client = Client() if "login" in page or "invitation" in page else boss_client
    answer = client.post(page.format(**places), {field: HOSTILE[kind]})
    assert answer.status_code == 422
    (first, *_) = answer.context["form"].errors[field]
    assert first.endswith((".", ":"))


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_a_form_showed_may_be_anything(
    boss_client: Client, places: dict[str, object], ada: User, kind: str
) -> None:
    form = {"seen": HOSTILE[kind], "email": ada.email, "name": "Ada L."}
    assert boss_client.post(f"/administration/people/{ada.pk}/", form).status_code == 409


@pytest.mark.parametrize("raw", [b"%ED%A0%80", b"%FF%FE", b"%F0%9F%92", b"\xed\xa0\x80"])
@pytest.mark.parametrize(("page", "field"), INPUTS)
def test_bytes_that_are_no_text_are_never_a_fault_of_ours(
    boss_client: Client, places: dict[str, object], page: str, field: str, raw: bytes
) -> None:
    client = Client() if "login" in page or "invitation" in page else boss_client
    answer = client.post(
        page.format(**places),
        field.encode() + b"=" + raw,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 422


@pytest.mark.django_db
def test_half_a_character_is_refused_with_a_sentence() -> None:
    half = "a\ud800b"
    for form, field in (
        (PersonForm({"name": half}), "name"),
        (PersonForm({"email": half}), "email"),
        (TeamForm({"name": half}), "name"),
        (ServiceForm({"name": half}), "name"),
        (PeopleFilter({"q": half}), "q"),
        (PasswordResetForm({"email": half}), "email"),
        (NewPasswordForm(User(), {"password": half}), "password"),
    ):
        assert str(form.errors[field][0]).startswith(
            "Line 1 contains a character that arrived damaged"
        )

"""A name in an imported COE that nobody here has: no account, but what it holds is handed over."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coe.accounts.models import Team, User
from coe.accounts.placeholders import person_called
from coe.accounts.resets import person_of_reset, reset_link
from coe.accounts.services import change_person, reactivate_person, renew_invitation
from coe.actions.forms import ActionForm
from coe.actions.models import ActionItem
from coe.administration.services import hand_over_and_deactivate
from coe.documents.models import Document
from coe.web.errors import StaleAnswer
from tests.documents.making import make_action
from tests.people import People


@pytest.fixture
def jane(people: People) -> User:
    return person_called("Jane Doe", role="Search", by=people.admin)


@pytest.fixture
def administrator(people: People) -> Client:
    client = Client()
    client.force_login(people.admin)
    return client


@pytest.mark.parametrize(
    "values",
    [
        {"is_active": True},
        {"email": "jane@example.org"},
        {"password": "argon2$whatever"},
        {"is_leader": True},
        {"is_administrator": True},
        {"joined_at": timezone.now()},
        {"invited_at": timezone.now()},
        {"is_placeholder": False},
    ],
    ids=lambda values: next(iter(values)),
)
def test_the_database_lets_a_placeholder_become_no_account(
    jane: User, values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match="user_account_or_placeholder"), transaction.atomic():
        User.objects.filter(pk=jane.pk).update(**values)


def test_a_placeholder_belongs_to_no_team_and_an_account_has_an_address(
    people: People, jane: User
) -> None:
    for person, values in (
        (jane, {"team": Team.objects.first()}),
        (people.owner, {"email": ""}),
        (people.owner, {"stored_role": "Search"}),
    ):
        with (
            pytest.raises(IntegrityError, match="user_account_or_placeholder"),
            transaction.atomic(),
        ):
            User.objects.filter(pk=person.pk).update(**values)


def test_nobody_comes_in_as_a_placeholder(jane: User) -> None:
    assert authenticate(username="", password="") is None
    assert not User.objects.with_email("").exists()
    key, token = reset_link(jane).rstrip("/").split("/")[-2:]
    assert person_of_reset(key, token) is None


def test_a_placeholder_is_neither_invited_nor_reactivated_nor_changed(
    people: People, jane: User
) -> None:
    facts: dict[str, Any] = {"email": "j@example.org", "name": "J", "team": None}
    for act in (
        lambda: renew_invitation(person=jane, by=people.admin),
        lambda: reactivate_person(person=jane, by=people.admin),
        lambda: change_person(
            person=jane, seen="", is_leader=False, is_administrator=False, by=people.admin, **facts
        ),
    ):
        with pytest.raises(StaleAnswer, match="Jane Doe is a name in an imported COE"):
            act()


def test_it_stands_in_the_list_only_where_placeholders_are_asked_for(
    jane: User, administrator: Client
) -> None:
    everybody = administrator.get(reverse("people")).content.decode()
    placeholders = administrator.get(reverse("people"), {"state": "placeholder"}).content.decode()

    assert "Jane Doe" not in everybody
    assert "Jane Doe" in placeholders
    assert "owner@example.org" not in placeholders


def test_its_page_shows_what_it_holds_and_hands_it_over(
    document: Document, people: People, jane: User, administrator: Client
) -> None:
    Document.objects.update(owner=jane)
    page = administrator.get(reverse("person", args=[jane.pk]), follow=True)
    shown = page.content.decode()

    assert "Jane Doe (placeholder)" in shown
    assert document.reference in shown
    assert "Deactivate" not in shown
    address = reverse("deactivate_person", args=[jane.pk])
    administrator.post(address, {"to": people.colleague.pk})
    assert Document.objects.get().owner == people.colleague
    after = administrator.get(address).content.decode()
    assert "What Jane Doe held is handed over." in after
    assert "There is nothing to hand over." in after
    jane.refresh_from_db()
    assert jane.is_placeholder


def test_what_it_holds_goes_to_somebody_and_never_to_another_placeholder(
    document: Document, people: People, jane: User
) -> None:
    other = person_called("John Roe", role="", by=people.admin)
    Document.objects.update(owner=jane)

    with pytest.raises(ValidationError, match="cannot take over"):
        hand_over_and_deactivate(person=jane, to=other, by=people.admin)
    with pytest.raises(ValidationError, match="Say who takes over"):
        hand_over_and_deactivate(person=jane, to=None, by=people.admin)


@pytest.mark.parametrize("change", [{"is_administrator": False}, {"joined_at": timezone.now()}])
def test_who_was_an_administrator_when_the_page_was_opened_hands_nothing_over(
    document: Document, people: People, jane: User, change: dict[str, Any]
) -> None:
    Document.objects.update(owner=jane)
    User.objects.filter(pk=people.admin.pk).update(**change)

    with pytest.raises(PermissionDenied):
        hand_over_and_deactivate(person=jane, to=people.colleague, by=people.admin)
    assert Document.objects.get().owner == jane


def test_saving_an_action_item_does_not_lose_a_placeholder_who_owns_it(
    document: Document, people: People, jane: User
) -> None:
    make_action(document, "Add an alarm", owner=jane)
    item = ActionItem.objects.select_related("owner", "document").get()
    form = ActionForm(
        {"uid": item.uid, "version": 1, "title": "Add two", "owner": jane.pk, "priority": 2},
        document=document,
        row=item,
    )

    assert form.is_valid(), form.errors
    form.save(by=people.owner)
    assert ActionItem.objects.get().owner == jane

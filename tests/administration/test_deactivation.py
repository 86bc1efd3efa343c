"""Somebody leaves: what they hold is seen, handed over and stays readable only to who may read."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from coe.accounts.models import Team, User
from coe.accounts.services import deactivate_person
from coe.actions.models import Promise
from coe.administration.services import hand_over_and_deactivate
from coe.documents.models import Document
from coe.documents.services import open_coe
from coe.history.models import HistoryEvent
from tests.accounts.conftest import make_joined

SECRET = "The title of a draft that nobody told the administrators"


@pytest.fixture
def heir(db: None) -> User:
    return make_joined("Heir")


@pytest.fixture
def team(ada: User) -> Team:
    return Team.objects.create(name="Storage", manager=ada)


@pytest.fixture
def draft(ada: User, team: Team) -> Document:
    return open_coe(uid=uuid4(), title=SECRET, severity=2, team=team, zone="UTC", by=ada)


@pytest.fixture
def promise(ada: User, draft: Document) -> Promise:
    return Promise.objects.create(
        document=draft,
        uid=uuid4(),
        title="A promise of a draft",
        team=draft.incident.team,
        owner=ada,
        due_on=date(2027, 3, 1),
        priority=1,
    )


def page_of(person: User) -> str:
    return f"/administration/people/{person.pk}/deactivate/"


def test_an_administrator_learns_reference_and_state_and_no_word_of_a_draft(
    boss_client: Client, ada: User, draft: Document, promise: Promise
) -> None:
    page = boss_client.get(page_of(ada)).content.decode()
    assert draft.reference in page
    assert "Draft" in page
    assert SECRET not in page
    assert "A promise of a draft" not in page
    assert "Due 1 March 2027" in page
    assert f'href="/coes/{draft.reference}/"' not in page


def test_who_may_read_the_draft_sees_its_title_and_a_link(
    boss_client: Client, boss: User, ada: User, draft: Document
) -> None:
    User.objects.filter(pk=boss.pk).update(team=draft.incident.team)
    page = boss_client.get(page_of(ada)).content.decode()
    assert SECRET in page
    assert f'href="/coes/{draft.reference}/"' in page


def test_a_published_coe_is_linked_and_its_promises_are_named(
    boss_client: Client, ada: User, draft: Document, promise: Promise
) -> None:
    Document.objects.filter(pk=draft.pk).update(current_version=1)
    page = boss_client.get(page_of(ada)).content.decode()
    assert f'href="/coes/{draft.reference}/"' in page
    assert "A promise of a draft" in page
    assert SECRET not in page


def test_a_restricted_coe_stays_closed_though_it_is_published(
    boss_client: Client, ada: User, draft: Document, promise: Promise
) -> None:
    Document.objects.filter(pk=draft.pk).update(current_version=1, is_restricted=True)
    page = boss_client.get(page_of(ada)).content.decode()
    assert draft.reference in page
    assert f'href="/coes/{draft.reference}/"' not in page
    assert "A promise of a draft" not in page


def test_everything_goes_to_one_person_in_one_step(
    boss_client: Client, boss: User, ada: User, heir: User, team: Team, promise: Promise
) -> None:
    answer = boss_client.post(page_of(ada), {"to": heir.pk})
    assert (answer.status_code, answer["Location"]) == (303, f"/administration/people/{ada.pk}/")
    for row in (ada, team, promise, promise.document):
        row.refresh_from_db()
    assert promise.document.owner == promise.owner == team.manager == heir
    assert ada.is_active is False
    done = HistoryEvent.objects.filter(actor=boss).order_by("pk")
    assert [(event.action, event.subject) for event in done] == [
        ("handed_over", "document"),
        ("handed_over", "promise"),
        ("handed_over", "team"),
        ("deactivated", "person"),
    ]


def test_somebody_must_take_over_what_is_held(
    boss_client: Client, ada: User, draft: Document
) -> None:
    answer = boss_client.post(page_of(ada), {})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"to": ["Say who takes over."]}
    ada.refresh_from_db()
    assert ada.is_active is True


def test_who_holds_nothing_leaves_without_an_heir(boss_client: Client, ada: User) -> None:
    page = boss_client.get(page_of(ada)).content.decode()
    assert "There is nothing to hand over." in page
    assert 'name="to"' not in page
    assert boss_client.post(page_of(ada)).status_code == 303


def test_what_they_got_while_the_page_was_open_is_not_left_behind(
    boss: User, draft: Document
) -> None:
    with pytest.raises(ValidationError) as refused:
        hand_over_and_deactivate(person=draft.owner, to=None, by=boss)
    assert refused.value.message_dict == {"to": ["Say who takes over what Ada holds."]}
    draft.owner.refresh_from_db()
    assert draft.owner.is_active is True


@pytest.mark.parametrize("wrong", ["leaver", "gone", "nobody"])
def test_only_somebody_else_who_is_active_takes_over(
    boss_client: Client, boss: User, ada: User, heir: User, draft: Document, wrong: str
) -> None:
    deactivate_person(person=heir, by=boss)
    to = {"leaver": ada.pk, "gone": heir.pk, "nobody": 999999}[wrong]
    answer = boss_client.post(page_of(ada), {"to": to})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["to"]
    draft.refresh_from_db()
    assert draft.owner == ada


def test_an_heir_who_is_deactivated_meanwhile_gets_nothing(
    boss: User, ada: User, heir: User, draft: Document
) -> None:
    User.objects.filter(pk=heir.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="Heir cannot take over"):
        hand_over_and_deactivate(person=ada, to=heir, by=boss)
    draft.refresh_from_db()
    assert draft.owner == ada


def test_all_or_nothing(boss: User, heir: User, draft: Document, team: Team) -> None:
    """What was handed over goes back if the deactivation is refused."""
    Document.objects.filter(pk=draft.pk).update(owner=boss)
    with pytest.raises(ValidationError, match="You cannot deactivate yourself"):
        hand_over_and_deactivate(person=boss, to=heir, by=boss)
    draft.refresh_from_db()
    assert draft.owner == boss


def test_nobody_deactivates_themselves(boss_client: Client, boss: User) -> None:
    answer = boss_client.post(page_of(boss))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "You cannot deactivate yourself. Ask another administrator."
    ]
    assert page_of(boss) not in (
        boss_client.get(f"/administration/people/{boss.pk}/").content.decode()
    )


def test_deactivating_twice_answers_409(boss_client: Client, boss: User, ada: User) -> None:
    deactivate_person(person=ada, by=boss)
    answer = boss_client.post(page_of(ada))
    assert answer.status_code == 409
    assert "Ada was deactivated already." in answer.content.decode()


def test_others_hand_nothing_over(ada: User, heir: User, draft: Document) -> None:
    with pytest.raises(PermissionDenied):
        hand_over_and_deactivate(person=ada, to=heir, by=heir)
    draft.refresh_from_db()
    assert draft.owner == ada

"""The page on which administrators say whom a guide asks to review."""

from typing import Any

import pytest
from django.test import Client

from coe.accounts.models import Team, User
from coe.history.models import HistoryEvent
from coe.policies.comparison import digest_of_guide
from coe.policies.drafts import begin_draft
from coe.policies.models import Guide, GuideReviewer
from coe.policies.queries import guide_value, reviewers_named
from coe.policies.services import current_guide
from tests.people import make_person

DRAFT = "/administration/guide/2/"
PAGE = f"{DRAFT}reviewers/"


@pytest.fixture
def draft(boss: User) -> Guide:
    current_guide()
    return begin_draft(by=boss)


@pytest.fixture
def storage() -> Team:
    return Team.objects.create(name="Storage", manager=make_person("manager"))


def asked(guide: Guide, **situation: Any) -> list[str]:
    given = {"severity": 2, "category": "outage", "team_id": None, **situation}
    return [each.name for each in reviewers_named(guide.pk, **given)]


def test_a_person_and_a_role_are_named_for_some_coes(
    boss_client: Client, draft: Guide, storage: Team
) -> None:
    security = make_person("security")
    for_some = {"who": f"person:{security.pk}", "severity": "1", "category": "security"}
    answer = boss_client.post(PAGE, {**for_some, "team": storage.pk})
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    boss_client.post(PAGE, {"who": f"manager:{storage.pk}"})
    assert asked(draft) == ["Manager"]
    situation = {"severity": 1, "category": "security", "team_id": storage.pk}
    assert asked(draft, **situation) == ["Manager", "Security"]
    page = boss_client.get(PAGE).content.decode()
    assert "The manager of Storage" in page
    assert "now Manager" in page
    assert "Security, Sev 1, Storage" in page
    told = HistoryEvent.objects.filter(subject="guide_ruling").values_list("subject_key", flat=True)
    assert list(told) == [f"2/reviewers/person:{security.pk}", f"2/reviewers/manager:{storage.pk}"]


def test_what_is_wrong_stands_at_its_field_and_stays_typed(
    boss_client: Client, draft: Guide
) -> None:
    boss_client.post(PAGE, {"who": "leaders", "severity": "3"})
    for who, said in [
        ("", "Choose a person or a role."),
        ("person:0", "Choose one of those who are here now."),
        ("leaders", "The draft asks them to review the same COEs already."),
    ]:
        answer = boss_client.post(PAGE, {"who": who, "severity": "3"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert '<option value="3" selected>' in page
    assert draft.reviewers.count() == 1


def test_somebody_is_taken_out_of_the_draft_and_a_stale_button_says_so(
    boss_client: Client, draft: Guide
) -> None:
    boss_client.post(PAGE, {"who": "leaders"})
    button = {"step": "remove", "reviewer": GuideReviewer.objects.get().pk}
    assert boss_client.post(PAGE, button).status_code == 303
    assert not draft.reviewers.exists()
    assert boss_client.post(PAGE, button).status_code == 409


def test_what_changes_for_reviewers_is_told_and_published_with_the_draft(
    boss_client: Client, draft: Guide, storage: Team
) -> None:
    boss_client.post(PAGE, {"who": f"manager:{storage.pk}"})
    shown = boss_client.get(f"{DRAFT}publish/").content.decode()
    assert "The manager of Storage" in shown
    assert "<del>Not asked</del> <ins>Asked to review</ins>" in shown
    assert asked(current_guide()) == []
    boss_client.post(f"{DRAFT}publish/", {"seen": digest_of_guide(guide_value(draft))})
    assert asked(current_guide()) == ["Manager"]
    assert boss_client.get(PAGE).status_code == 409
    assert "The manager of Storage" in boss_client.get("/administration/guide/").content.decode()


def test_the_next_draft_names_the_same_reviewers(
    boss_client: Client, draft: Guide, boss: User
) -> None:
    boss_client.post(PAGE, {"who": "leaders"})
    boss_client.post(f"{DRAFT}publish/", {"seen": digest_of_guide(guide_value(draft))})
    assert guide_value(begin_draft(by=boss)) == guide_value(current_guide())
    assert Guide.objects.get(version=3).reviewers.count() == 1


def test_a_publication_that_was_made_ready_before_somebody_was_named_is_stale(
    boss_client: Client, draft: Guide
) -> None:
    seen = digest_of_guide(guide_value(draft))
    boss_client.post(PAGE, {"who": "leaders"})
    assert boss_client.post(f"{DRAFT}publish/", {"seen": seen}).status_code == 409


def test_who_was_deactivated_is_said_to_be_asked_no_more(boss_client: Client, draft: Guide) -> None:
    person = make_person("gone")
    boss_client.post(PAGE, {"who": f"person:{person.pk}"})
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert "Deactivated, not asked" in boss_client.get(DRAFT).content.decode()
    assert asked(draft) == []


def test_many_reviewers_take_no_more_queries(
    boss_client: Client, draft: Guide, storage: Team, django_assert_num_queries: Any
) -> None:
    rows = [{"naming": "person", "person": make_person(f"p{number}")} for number in range(20)]
    rows.append({"naming": "manager", "managed": storage})
    for row in rows:
        GuideReviewer.objects.create(guide=draft, **row)
    with django_assert_num_queries(12):
        boss_client.get(PAGE)

"""Whom a guide asks to review: people and roles, by severity, kind of incident and team."""

from typing import Any

import pytest
from django.db import IntegrityError

from coe.accounts.models import Team, User
from coe.policies.models import Guide, GuideReviewer
from coe.policies.queries import reviewers_named
from coe.policies.services import current_guide
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide(people: People) -> Guide:
    return current_guide()


@pytest.fixture
def storage(people: People) -> Team:
    return Team.objects.get(name="Storage")


def name_person(guide: Guide, person: User, **scope: Any) -> None:
    GuideReviewer.objects.create(guide=guide, naming="person", person=person, **scope)


def name_manager(guide: Guide, team: Team, **scope: Any) -> None:
    GuideReviewer.objects.create(guide=guide, naming="manager", managed=team, **scope)


def named(guide: Guide, team: Team | None, severity: int = 2, category: str = "outage") -> str:
    people = reviewers_named(
        guide.pk, severity=severity, category=category, team_id=team.pk if team else None
    )
    return " ".join(each.name.lower() for each in people)


def test_a_guide_that_names_nobody_asks_nobody(guide: Guide, storage: Team) -> None:
    assert named(guide, storage) == ""


def test_every_line_that_holds_adds_whom_it_names(
    guide: Guide, storage: Team, people: People
) -> None:
    platform = Team.objects.get(name="Platform")
    name_person(guide, people.stranger)
    name_person(guide, people.stranger, severity=2)
    name_person(guide, people.colleague, team=platform)
    name_person(guide, people.leader, category="security")
    name_person(guide, people.admin, severity=1, category="outage", team=storage)
    assert named(guide, storage) == "colleague stranger"
    assert named(guide, storage, severity=1) == "admin colleague stranger"
    assert named(guide, storage, category="security") == "colleague leader stranger"
    assert named(guide, Team.objects.get(name="Company")) == "stranger"
    assert named(guide, None) == "stranger"


def test_a_role_is_whoever_has_it_now(guide: Guide, storage: Team, people: People) -> None:
    """A team without an active manager is managed by the next one above."""
    name_manager(guide, storage)
    assert named(guide, storage) == "manager"
    Team.objects.filter(pk=storage.pk).update(manager=people.colleague)
    assert named(guide, storage) == "colleague"
    User.objects.filter(pk__in=(people.colleague.pk, people.manager.pk)).update(is_active=False)
    assert named(guide, storage) == "director"
    Team.objects.update(manager=None)
    assert named(guide, storage) == ""


def test_leaders_are_named_together(guide: Guide, storage: Team, people: People) -> None:
    GuideReviewer.objects.create(guide=guide, naming="leaders", severity=1)
    User.objects.filter(pk=people.director.pk).update(is_leader=True)
    assert named(guide, storage) == ""
    assert named(guide, storage, severity=1) == "director leader"


def test_who_has_left_is_not_asked(guide: Guide, storage: Team, people: People) -> None:
    name_person(guide, people.stranger)
    User.objects.filter(pk=people.stranger.pk).update(is_active=False)
    assert named(guide, storage) == ""


def test_another_version_of_the_guide_asks_others(
    guide: Guide, storage: Team, people: People
) -> None:
    name_person(Guide.objects.create(version=2, published_at=None), people.stranger)
    assert named(guide, storage) == ""


def test_it_is_one_query(
    guide: Guide, storage: Team, people: People, django_assert_num_queries: Any
) -> None:
    name_person(guide, people.stranger)
    name_manager(guide, storage)
    with django_assert_num_queries(1):
        found = reviewers_named(guide.pk, severity=2, category="outage", team_id=storage.pk)
        assert [each.role() for each in found] == ["Platform", "Payments"]


@pytest.mark.parametrize(
    "said",
    [
        {"naming": "person"},
        {"naming": "manager"},
        {"naming": "leaders", "severity": 5},
        {"naming": "leaders", "category": "fire"},
    ],
)
def test_a_line_that_names_nobody_is_refused(guide: Guide, said: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        GuideReviewer.objects.create(guide=guide, **said)

"""The services of the administrators refuse by themselves, whichever way they are reached."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from coe.accounts.models import User
from coe.accounts.placeholders import person_called
from coe.accounts.saving import as_seen
from coe.accounts.services import (
    add_team,
    change_person,
    change_team,
    deactivate_person,
    hand_over_teams,
    invite_person,
    person_facts,
    reactivate_person,
    renew_invitation,
    team_facts,
)
from coe.administration.services import hand_over_and_deactivate, try_jobs_again
from coe.incidents.catalogue import add_service, change_service, service_facts
from coe.integrations.models import Delivery
from coe.integrations.services import (
    add_webhook,
    change_webhook,
    pause_webhook,
    remove_webhook,
    renew_secret,
    resume_webhook,
    send_again,
    send_sample,
    set_chat,
    webhook_facts,
)
from coe.jobs.queries import failed_jobs
from coe.policies.comparison import digest_of_guide
from coe.policies.drafts import begin_draft, drop_draft, publish_draft
from coe.policies.editing import move_question, remove_question
from coe.policies.models import Guide
from coe.policies.queries import guide_value
from coe.trackers.services import (
    Stated,
    add_tracker,
    change_tracker,
    check_tracker,
    remove_tracker,
    tracker_facts,
)
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

Call = Callable[[World, User], object]

BOARD = "https://board.example.com/in"
SHOP = Stated("github", "Shop", "https://github.com", "octo/shop")

CALLS: dict[str, Call] = {
    "invite_person": lambda world, by: invite_person(
        email="n@example.org", name="N", team=None, is_leader=False, is_administrator=True, by=by
    ),
    "renew_invitation": lambda world, by: renew_invitation(person=world.people["leader"], by=by),
    "change_person": lambda world, by: change_person(
        person=world.people["stranger"],
        seen=as_seen(person_facts(world.people["stranger"])),
        email="stranger@example.org",
        name="Stranger",
        team=None,
        is_leader=True,
        is_administrator=True,
        by=by,
    ),
    "deactivate_person": lambda world, by: deactivate_person(person=world.people["leader"], by=by),
    "reactivate_person": lambda world, by: reactivate_person(
        person=world.people["deactivated"], by=by
    ),
    "add_team": lambda world, by: add_team(
        name="Search", parent=None, manager=None, zone="UTC", by=by
    ),
    "change_team": lambda world, by: change_team(
        team=world.teams["payments"],
        seen=as_seen(team_facts(world.teams["payments"])),
        name="Payments",
        parent=world.teams["company"],
        manager=world.people["stranger"],
        zone="UTC",
        by=by,
    ),
    "hand_over_teams": lambda world, by: hand_over_teams(
        of=world.people["manager"], to=world.people["leader"], by=by
    ),
    "hand_over_and_deactivate": lambda world, by: hand_over_and_deactivate(
        person=world.people["owner"], to=world.people["colleague"], by=by
    ),
    "add_service": lambda world, by: add_service(name="Search", team=world.teams["storage"], by=by),
    "change_service": lambda world, by: change_service(
        service=world.service,
        seen=as_seen(service_facts(world.service)),
        name="Downloads",
        team=world.teams["payments"],
        by=by,
    ),
    "begin_draft": lambda world, by: begin_draft(by=by),
    "drop_draft": lambda world, by: drop_draft(
        version=2, seen=digest_of_guide(guide_value(Guide.objects.get(version=2))), by=by
    ),
    "publish_draft": lambda world, by: publish_draft(
        version=2, seen=digest_of_guide(guide_value(Guide.objects.get(version=2))), by=by
    ),
    "move_question": lambda world, by: move_question(version=2, slug="who", steps=1, by=by),
    "remove_question": lambda world, by: remove_question(version=2, slug="who", by=by),
    "try_jobs_again": lambda world, by: try_jobs_again(failed_jobs(), by=by),
    "add_webhook": lambda world, by: add_webhook(
        name="Board", address=BOARD, events=["coe.published"], tells_restricted=True, by=by
    ),
    "change_webhook": lambda world, by: change_webhook(
        webhook=world.delivery.webhook,
        seen=as_seen(webhook_facts(world.delivery.webhook)),
        name="Board",
        address=BOARD,
        events=["coe.published"],
        tells_restricted=True,
        by=by,
    ),
    "set_chat": lambda world, by: set_chat(team=world.teams["payments"], address=BOARD, by=by),
    "renew_secret": lambda world, by: renew_secret(webhook=world.delivery.webhook, by=by),
    "pause_webhook": lambda world, by: pause_webhook(webhook=world.delivery.webhook, by=by),
    "resume_webhook": lambda world, by: resume_webhook(webhook=world.delivery.webhook, by=by),
    "send_sample": lambda world, by: send_sample(webhook=world.delivery.webhook, by=by),
    "send_again": lambda world, by: send_again(Delivery.objects.all(), by=by),
    "remove_webhook": lambda world, by: remove_webhook(webhook=world.delivery.webhook, by=by),
    "add_tracker": lambda world, by: add_tracker(stated=SHOP, token="", by=by),
    "change_tracker": lambda world, by: change_tracker(
        tracker=world.tracker,
        seen=as_seen(tracker_facts(world.tracker)),
        stated=SHOP,
        token="",
        drops_token=True,
        by=by,
    ),
    "check_tracker": lambda world, by: check_tracker(tracker=world.tracker, by=by),
    "remove_tracker": lambda world, by: remove_tracker(tracker=world.tracker, by=by),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("by", ["owner", "manager", "leader", "stranger"])
def test_who_is_no_administrator_is_refused(world: World, name: str, by: str) -> None:
    with pytest.raises(PermissionDenied):
        CALLS[name](world, world.people[by])


@pytest.mark.parametrize("name", CALLS)
def test_an_administrator_who_was_deactivated_is_refused(world: World, name: str) -> None:
    with pytest.raises(PermissionDenied):
        CALLS[name](world, User.objects.get(pk=world.people["deactivated"].pk))


@pytest.mark.parametrize("name", CALLS)
def test_an_administrator_is_not_refused(world: World, name: str) -> None:
    CALLS[name](world, world.people["admin"])


PERSON_CALLS = ["renew_invitation", "change_person", "deactivate_person", "reactivate_person"]


@pytest.mark.parametrize("name", PERSON_CALLS)
def test_it_counts_what_the_administrator_is_now(world: World, name: str) -> None:
    User.objects.filter(pk=world.people["admin"].pk).update(is_administrator=False)
    with pytest.raises(PermissionDenied):
        CALLS[name](world, world.people["admin"])


@pytest.mark.parametrize("name", PERSON_CALLS)
def test_an_administrator_whose_session_another_one_ended_is_refused(
    world: World, name: str
) -> None:
    User.objects.filter(pk=world.people["admin"].pk).update(joined_at=None)
    with pytest.raises(PermissionDenied):
        CALLS[name](world, world.people["admin"])


def test_nor_do_they_hand_over_what_a_placeholder_holds(world: World) -> None:
    placeholder = person_called("Jane Doe", role="Search", by=world.people["admin"])
    User.objects.filter(pk=world.people["admin"].pk).update(joined_at=None)
    with pytest.raises(PermissionDenied):
        hand_over_and_deactivate(
            person=placeholder, to=world.people["colleague"], by=world.people["admin"]
        )


def test_handing_over_changes_nothing_when_it_is_refused(world: World) -> None:
    with pytest.raises(PermissionDenied):
        CALLS["hand_over_and_deactivate"](world, world.people["stranger"])
    assert world.cases["draft"].document.owner_id == world.people["owner"].pk
    assert User.objects.get(pk=world.people["owner"].pk).is_active


def test_who_is_no_administrator_does_not_learn_whether_there_is_something_to_hand_over(
    world: World,
) -> None:
    with pytest.raises(PermissionDenied):
        hand_over_and_deactivate(person=world.people["owner"], to=None, by=world.people["stranger"])

"""Who judges a COE when the tree of teams is not the usual one, and on which text."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from coe.accounts.models import Team, User
from coe.documents.models import Document, Participant, State
from coe.publishing.services import publish
from coe.reviews.rules import approvers_of
from coe.reviews.workflow import NobodyApproves, TextChanged, make_transition
from coe.web.errors import StaleAnswer
from tests.permissions.world import Case, World

pytestmark = pytest.mark.django_db


def names(people: list[User]) -> set[str]:
    return {person.name.lower() for person in people}


def fresh(case: Case) -> Document:
    return Document.objects.with_readers_fields().get(pk=case.document.pk)


def approvers(world: World) -> set[str]:
    return names(approvers_of(fresh(world.cases["draft"])))


def manage(world: World, **managers: str | None) -> None:
    for team, person in managers.items():
        manager = world.people[person] if person else None
        Team.objects.filter(pk=world.teams[team].pk).update(manager=manager)


def test_the_nearest_manager_up_the_tree_decides(world: World) -> None:
    assert approvers(world) == {"manager"}
    manage(world, storage="colleague")
    assert approvers(world) == {"colleague"}


def test_a_manager_of_another_team_does_not_decide(world: World) -> None:
    manage(world, payments="stranger")
    assert approvers(world) == {"manager"}


def test_without_a_manager_the_next_one_up_decides(world: World) -> None:
    manage(world, platform=None)
    assert approvers(world) == {"director"}


def test_a_manager_who_was_deactivated_does_not_decide(world: World) -> None:
    User.objects.filter(pk=world.people["manager"].pk).update(is_active=False)
    assert approvers(world) == {"director"}


def test_whoever_owns_a_coe_does_not_decide_on_it(world: World) -> None:
    manage(world, storage="owner", platform="owner")
    assert approvers(world) == {"director"}


def test_at_the_top_any_leader_decides_who_is_active_and_not_the_owner(world: World) -> None:
    manage(world, platform=None, company=None)
    User.objects.filter(pk=world.people["owner"].pk).update(is_leader=True)
    assert approvers(world) == {"leader"}


def test_with_nobody_to_decide_it_is_not_submitted(world: World) -> None:
    manage(world, platform=None, company=None)
    User.objects.update(is_leader=False)
    with pytest.raises(NobodyApproves):
        make_transition(fresh(world.cases["draft"]), to=State.IN_REVIEW, by=world.people["owner"])


def test_an_owner_who_manages_the_team_cannot_approve_or_send_back(world: World) -> None:
    manage(world, platform="owner")
    case = world.cases["in_review"]
    for route in ("coe_approve", "coe_changes"):
        address = reverse(route, args=[case.reference])
        data = {"digest": case.digest, "note": "It is mine"}
        assert world.client("owner").post(address, data).status_code == 403


def test_the_approver_is_whoever_manages_now_not_whoever_was_asked(world: World) -> None:
    manage(world, platform="director")
    case = world.cases["in_review"]
    data = {"digest": case.digest, "note": ""}
    address = reverse("coe_approve", args=[case.reference])
    assert world.client("manager").post(address, data).status_code == 403
    assert world.client("director").post(address, data).status_code == 303


def test_being_a_reviewer_does_not_make_somebody_an_author(world: World) -> None:
    draft = world.cases["draft"]
    roles = Participant.objects.filter(document=draft.document, user=world.people["reviewer"])
    assert set(roles.values_list("role", flat=True)) == {"reviewer"}
    address = reverse("coe_edit", args=[draft.reference])
    assert world.client("reviewer").get(address).status_code == 403


def test_a_contributor_of_one_coe_writes_in_no_other(world: World) -> None:
    one, other = world.cases["draft"], world.cases["restricted_draft"]
    Participant.objects.filter(document=other.document).delete()
    address = reverse("coe_edit", args=[other.reference])
    assert world.client("contributor").get(address).status_code == 404
    Participant.objects.filter(document=one.document).delete()
    assert (
        world.client("contributor").get(reverse("coe_edit", args=[one.reference])).status_code
        == 404
    )


@pytest.mark.parametrize("route", ["coe_approve", "coe_changes"])
@pytest.mark.parametrize("digest", ["", "0" * 64, "published"])
def test_a_text_that_was_not_on_the_screen_is_not_judged(
    world: World, route: str, digest: str
) -> None:
    case = world.cases["in_review"]
    digest = world.cases["published"].digest if digest == "published" else digest
    data = {"digest": digest, "note": "Say more"}
    answer = world.client("manager").post(reverse(route, args=[case.reference]), data)
    assert answer.status_code == (409 if digest else 422)
    assert fresh(case).state == State.IN_REVIEW


def test_the_workflow_itself_refuses_who_may_not_decide(world: World) -> None:
    case = world.cases["in_review"]
    for name in ("owner", "contributor", "reviewer", "director", "admin"):
        with pytest.raises(PermissionDenied):
            make_transition(
                case.document, to=State.APPROVED, by=world.people[name], digest=case.digest
            )


def test_the_workflow_itself_refuses_a_text_that_changed(world: World) -> None:
    case = world.cases["in_review"]
    with pytest.raises(TextChanged):
        make_transition(
            case.document, to=State.APPROVED, by=world.people["manager"], digest="0" * 64
        )


def test_publishing_itself_refuses_who_may_not(world: World) -> None:
    for name in ("contributor", "colleague", "reviewer", "director", "admin"):
        with pytest.raises(PermissionDenied):
            publish(world.cases["approved"].document, by=world.people[name])


def test_publishing_refuses_a_text_that_was_not_on_the_screen(world: World) -> None:
    case = world.cases["approved"]
    address = reverse("coe_publish", args=[case.reference])
    for digest in ("", "0" * 64, world.cases["published"].digest):
        assert world.client("owner").post(address, {"digest": digest}).status_code == 409
    assert not fresh(case).publications.exists()


def test_what_is_published_is_what_was_signed_even_if_the_tables_changed_behind_it(
    world: World,
) -> None:
    case = world.cases["approved"]
    signed = case.digest
    case.document.sections.filter(slug="summary").update(text="Not what was approved")
    assert publish(case.document, by=world.people["owner"]).snapshot.digest == signed


def test_publishing_refuses_when_the_approval_was_dropped(world: World) -> None:
    case = world.cases["published"]
    case.document.sign_offs.update(dropped_at="2026-11-20T00:00:00Z")
    with pytest.raises(StaleAnswer):
        publish(case.document, by=world.people["owner"])

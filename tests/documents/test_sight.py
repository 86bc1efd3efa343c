"""Who may see a COE: the expected answers, written by hand, for each kind of person."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import Team, User
from coe.documents.models import Document, Participant
from coe.documents.queries import (
    is_author,
    is_editable,
    readable_document,
    readable_working_copy,
    writable_document,
)
from coe.documents.services import add_participant, hand_over_documents
from coe.incidents.models import Incident
from tests.documents.making import make_document
from tests.people import People, make_person

pytestmark = pytest.mark.django_db

KINDS = (
    "owner",
    "contributor",
    "colleague",
    "manager",
    "director",
    "leader",
    "stranger",
    "admin",
    "guest",
)
"""Everybody of tests.people, and a guest: somebody signed in who is in no team at all."""

DRAFT_READERS = {"owner", "contributor", "colleague", "manager", "director"}
NAMED = {"owner", "contributor"}

SIGHT = {
    # (is it published, is it restricted): (who reads something of it, who reads the working copy)
    (False, False): (DRAFT_READERS, DRAFT_READERS),
    (True, False): (set(KINDS), DRAFT_READERS),
    (False, True): (NAMED, NAMED),
    (True, True): (NAMED, NAMED),
}


def everybody(people: People) -> dict[str, User]:
    found = {kind: getattr(people, kind) for kind in KINDS if kind != "guest"}
    return found | {"guest": make_person("guest")}


def set_standing(document: Document, *, published: bool, restricted: bool) -> None:
    version = 1 if published else None
    standing = Document.objects.filter(pk=document.pk)
    standing.update(current_version=version, is_restricted=restricted)


def sees(user: User) -> bool:
    return Document.objects.visible_to(user).exists()


def sees_working_copy(user: User) -> bool:
    return Document.objects.working_copy_visible_to(user).exists()


@pytest.mark.parametrize(("published", "restricted"), list(SIGHT))
def test_everybody_sees_exactly_what_the_table_says(
    document: Document, people: People, published: bool, restricted: bool
) -> None:
    set_standing(document, published=published, restricted=restricted)
    persons = everybody(people)

    something = {kind for kind, user in persons.items() if sees(user)}
    working_copy = {kind for kind, user in persons.items() if sees_working_copy(user)}

    assert (something, working_copy) == SIGHT[published, restricted]


@pytest.mark.parametrize(("published", "restricted"), list(SIGHT))
def test_fetching_by_reference_answers_as_the_table_says_and_404_to_all_others(
    document: Document, people: People, published: bool, restricted: bool
) -> None:
    set_standing(document, published=published, restricted=restricted)
    something, working_copy = SIGHT[published, restricted]

    for kind, user in everybody(people).items():
        for fetch, readers in (
            (readable_document, something),
            (readable_working_copy, working_copy),
        ):
            if kind in readers:
                assert fetch(user, document.reference) == document
            else:
                with pytest.raises(Http404):
                    fetch(user, document.reference)


@pytest.mark.parametrize(("published", "restricted"), list(SIGHT))
def test_only_the_owner_and_contributors_write_others_who_read_the_draft_are_told_so(
    document: Document, people: People, published: bool, restricted: bool
) -> None:
    set_standing(document, published=published, restricted=restricted)

    answers = {}
    for kind, user in everybody(people).items():
        try:
            writable_document(user, document.reference)
            answers[kind] = "may"
        except PermissionDenied:
            answers[kind] = "403"
        except Http404:
            answers[kind] = "404"

    read_only = "404" if restricted else "403"
    assert answers == {
        "owner": "may",
        "contributor": "may",
        "colleague": read_only,
        "manager": read_only,
        "director": read_only,
        "leader": "404",
        "stranger": "404",
        "admin": "404",
        "guest": "404",
    }


def test_a_reference_that_does_not_exist_is_404_like_one_that_may_not_be_known(
    document: Document, people: People
) -> None:
    for reference in ("COE-1999-0001", document.reference):
        with pytest.raises(Http404) as told:
            readable_document(people.stranger, reference)
        assert str(told.value) == "There is nothing here that you may see."


@pytest.mark.parametrize("restricted", [False, True])
def test_a_reviewer_reads_the_draft_also_a_restricted_one_but_writes_nothing(
    document: Document, people: People, restricted: bool
) -> None:
    set_standing(document, published=False, restricted=restricted)
    role = Participant.Role.REVIEWER
    add_participant(document, user=people.leader, role=role, by=people.owner)

    assert readable_working_copy(people.leader, document.reference) == document
    assert not is_author(people.leader, document)
    with pytest.raises(PermissionDenied):
        writable_document(people.leader, document.reference)


def test_an_owner_who_also_contributes_reviews_and_is_of_the_team_finds_the_coe_once(
    document: Document, people: People
) -> None:
    for role in Participant.Role:
        add_participant(document, user=people.owner, role=role, by=people.owner)
        add_participant(document, user=people.manager, role=role, by=people.owner)
    set_standing(document, published=True, restricted=False)

    for user in (people.owner, people.manager, people.contributor):
        assert list(Document.objects.visible_to(user)) == [document]
        assert list(Document.objects.working_copy_visible_to(user)) == [document]


def test_a_contributor_of_one_coe_sees_nothing_of_another(
    document: Document, people: People
) -> None:
    make_document(people.owner)

    assert list(Document.objects.visible_to(people.contributor)) == [document]


def test_whoever_moves_to_another_team_loses_and_gains_sight_at_once(
    document: Document, people: People
) -> None:
    storage, payments = people.colleague.team, people.stranger.team
    User.objects.filter(pk=people.colleague.pk).update(team=payments)
    User.objects.filter(pk=people.stranger.pk).update(team=storage)
    people.colleague.refresh_from_db()
    people.stranger.refresh_from_db()

    assert not sees(people.colleague)
    assert sees(people.stranger)


def test_an_incident_that_is_given_to_another_team_is_seen_by_that_team_at_once(
    document: Document, people: People
) -> None:
    Incident.objects.update(team=people.stranger.team)

    assert sees(people.stranger)
    assert not sees(people.colleague)
    assert not sees(people.manager)
    assert sees(people.director)
    assert sees(people.owner)


def test_a_team_that_moves_in_the_tree_takes_its_coes_out_of_the_old_managers_sight(
    document: Document, people: People
) -> None:
    Team.objects.filter(name="Storage").update(parent=Team.objects.get(name="Company"))

    assert not sees(people.manager)
    assert sees(people.director)


def test_a_manager_who_is_replaced_loses_sight_and_the_new_one_has_it(
    document: Document, people: People
) -> None:
    Team.objects.filter(name="Platform").update(manager=people.stranger)

    assert not sees(people.manager)
    assert sees(people.stranger)


def test_a_deactivated_manager_does_not_cut_off_the_managers_above(
    document: Document, people: People
) -> None:
    User.objects.filter(pk=people.manager.pk).update(is_active=False)
    Team.objects.filter(name="Storage").update(manager=people.manager)

    assert sees_working_copy(people.director)


def test_a_deactivated_manager_who_is_still_signed_in_somewhere_gets_no_page(
    document: Document, people: People, client: Client
) -> None:
    """Sight itself does not ask who is active: whoever was deactivated is nobody any more."""
    client.force_login(people.manager)
    User.objects.filter(pk=people.manager.pk).update(is_active=False)

    answer = client.get(f"/coes/{document.reference}/")

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (
        302,
        "/accounts/login/",
    )


def test_a_manager_without_a_team_sees_what_is_below_and_nothing_beside(
    document: Document, people: People
) -> None:
    lone = make_person("lone")
    Team.objects.filter(name="Payments").update(manager=lone)
    assert not sees(lone)

    Team.objects.filter(name="Storage").update(manager=lone)
    assert sees(lone)


def test_a_circle_in_the_tree_of_teams_does_not_keep_anybody_waiting(
    document: Document, people: People
) -> None:
    Team.objects.filter(name="Company").update(parent=Team.objects.get(name="Storage"))

    assert sees(people.manager)
    assert sees(people.director)
    assert not sees(people.leader)


def test_a_coe_that_is_handed_over_leaves_the_former_owner_with_what_their_team_sees(
    document: Document, people: People
) -> None:
    hand_over_documents(of=people.owner, to=people.stranger, by=people.admin)
    set_standing(document, published=False, restricted=True)

    assert sees(people.stranger)
    assert not sees(people.owner)


def test_sight_is_one_query_whoever_asks_and_however_much_there_is(
    document: Document, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        make_document(people.owner, f"Outage {number}")

    for user in (people.owner, people.director, people.admin):
        with django_assert_num_queries(1):
            list(Document.objects.visible_to(user).with_readers_fields())


@pytest.mark.parametrize(
    ("state", "expected"),
    [("draft", True), ("in_review", True), ("changes_requested", True), ("approved", False)],
)
def test_a_coe_is_editable_until_it_is_approved(
    document: Document, state: str, expected: bool
) -> None:
    document.state = state

    assert is_editable(document) is expected

"""Who decides over corrections of which only few may know, asked of many at once."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import Team, User
from coe.actions.models import Promise, PromiseRequest, PromiseState
from coe.documents.models import Document, Participant
from coe.home.queries import to_verify
from coe.promises.rules import Deciders, deciders_of
from coe.reviews.rules import Approvers
from tests.home.test_waiting import beside
from tests.library.pages import get, words
from tests.people import People
from tests.promises.promising import fresh, in_state, make_promise
from tests.reviews.steps import open_another

pytestmark = pytest.mark.django_db


def restricted(people: People, number: int, *, owner: User, readers: list[User]) -> Promise:
    document = open_another(people, f"Uploads {number} failed")
    promise = make_promise(document, owner, f"Repair {number}")
    Document.objects.filter(pk=document.pk).update(is_restricted=True)
    for reader in readers:
        Participant.objects.create(document=document, user=reader, role=Participant.Role.REVIEWER)
    return fresh(promise)


def names(found: list[User]) -> list[str]:
    return [each.name for each in found]


def test_of_each_of_many_they_are_who_they_are_of_it_alone(
    people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The first COE says nothing about who reads the second."""
    one = restricted(people, 1, owner=people.colleague, readers=[people.manager])
    two = restricted(people, 2, owner=people.colleague, readers=[people.director])
    three = restricted(people, 3, owner=people.manager, readers=[people.manager, people.leader])
    four = restricted(people, 4, owner=people.colleague, readers=[people.stranger])
    open_to_all = make_promise(open_another(people, "Downloads failed"), people.colleague)
    all_of_them = [one, two, three, four, fresh(open_to_all)]
    with django_assert_num_queries(3):
        deciders = Deciders(all_of_them)
        found = [names(deciders.of(each)) for each in all_of_them]
    assert found == [["Manager"], ["Director"], ["Leader"], ["Manager"], ["Manager"]]
    assert found == [names(deciders_of(each)) for each in all_of_them]


def test_where_none_is_restricted_nobody_is_asked_what_they_may_know(
    document: Document, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    promise = make_promise(document, people.colleague)
    with django_assert_num_queries(1):
        assert names(Deciders([promise]).of(promise)) == ["Manager"]


def test_to_verify_are_asked_at_home_those_who_are_reminded(people: People) -> None:
    """The manager of the team may not know of it, so the director says whether it held."""
    hidden = restricted(people, 1, owner=people.colleague, readers=[people.director])
    hidden = in_state(hidden, PromiseState.DONE, finisher=people.colleague)
    assert names(Deciders([hidden]).verifiers(hidden)) == ["Director"]
    assert to_verify(people.director, Approvers()) == [hidden]
    assert to_verify(people.manager, Approvers()) == []


def test_a_correction_whose_draft_left_the_team_is_verified_where_readers_are_told_it_is(
    document: Document, people: People
) -> None:
    promise = make_promise(document, people.colleague)
    promise = in_state(promise, PromiseState.DONE, finisher=people.colleague)
    document.incident.team = Team.objects.get(name="Payments")
    document.incident.save()
    assert names(Deciders([promise]).verifiers(fresh(promise))) == ["Manager"]
    assert to_verify(people.manager, Approvers()) == [promise]
    assert to_verify(people.stranger, Approvers()) == []


@pytest.mark.parametrize("many", [2, 20])
def test_lists_of_restricted_ones_take_the_queries_of_a_few(
    many: int, people: People, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    manager = people.manager
    for number in range(many):
        first = restricted(people, number, owner=people.colleague, readers=[manager])
        wish = beside(first, f"Wish {number}", owner=people.colleague)
        kind = PromiseRequest.Kind.WONT_DO
        PromiseRequest.objects.create(
            promise=wish, kind=kind, asked_by=people.colleague, reason="So."
        )
        done = beside(first, f"Done {number}", owner=people.colleague)
        in_state(done, PromiseState.DONE, finisher=people.colleague)
    team = reverse("team_standing", args=[Team.objects.get(name="Storage").pk])
    for address, queries in (("/", 13), ("/actions/", 13), (team, 26)):
        get(client, manager, address)
        with django_assert_num_queries(queries):
            page = client.get(address)
        assert f"Wish {many - 1}" in words(page)

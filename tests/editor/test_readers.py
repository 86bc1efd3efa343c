"""The page on which the owner says who else may read a COE."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import Team
from coe.documents.models import Document, Participant, ReaderRole
from coe.reviews.models import Reviewer
from coe.reviews.reviewers import ask_reviewer
from tests.editor.writer import signed_in
from tests.people import People, make_person
from tests.reviews.steps import submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(people: People) -> Client:
    return signed_in(people.owner)


@pytest.fixture
def page(document: Document) -> str:
    Document.objects.filter(pk=document.pk).update(is_restricted=True)
    return f"/coes/{document.reference}/readers/"


def lines(owner: Client, page: str) -> list[tuple[str, str, str]]:
    return [(line.name, line.why, line.key) for line in owner.get(page).context["lines"]]


def test_a_person_and_a_role_are_named_and_taken_off(
    owner: Client, page: str, people: People
) -> None:
    storage = Team.objects.get(name="Storage")
    for who in (f"person:{people.stranger.pk}", f"managers:{storage.pk}", "leaders"):
        answer = owner.post(page, {"who": who})
        assert (answer.status_code, answer["Location"]) == (303, page)
    named = [
        ("Owner", "Owner", ""),
        ("Contributor", "Contributor", ""),
        ("Stranger", "Reader", f"reader:{people.stranger.pk}"),
        ("The managers of Storage", "Role", f"managers:{storage.pk}"),
        ("Every leader", "Role", "leaders"),
    ]
    assert lines(owner, page) == named
    shown = owner.get(page).content.decode()
    assert "now Director, Manager" in shown
    for _, _, key in named[2:]:
        assert owner.post(page, {"off": key}).status_code == 303
    assert lines(owner, page) == named[:2]


def test_who_reviews_is_asked_no_longer_once_taken_off(
    owner: Client, page: str, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    ask_reviewer(document, person=people.stranger, by=people.owner)
    assert owner.post(page, {"off": f"reviewer:{people.stranger.pk}"}).status_code == 303
    assert [each.name for each in Reviewer.objects.all()] == ["Manager"]


def test_the_page_takes_as_many_queries_however_many_review(
    owner: Client, page: str, document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    owner.get(page)
    taken = []
    for name in ("one", "two", "three"):
        ask_reviewer(document, person=make_person(name), by=people.owner)
        with CaptureQueriesContext(connection) as asked:
            owner.get(page)
        taken.append(len(asked))
    assert len(set(taken)) == 1, taken


def test_a_stale_button_says_that_it_was_done(owner: Client, page: str, people: People) -> None:
    answer = owner.post(page, {"off": f"reader:{people.stranger.pk}"})
    assert answer.status_code == 409
    assert "taken off already" in answer.content.decode()


def test_who_writes_is_taken_off_where_writers_are_kept(
    owner: Client, page: str, people: People
) -> None:
    assert owner.post(page, {"off": f"contributor:{people.contributor.pk}"}).status_code == 409
    assert Participant.objects.filter(user=people.contributor).exists()


@pytest.mark.parametrize("who", ["", "person:0", "managers:0", "everybody", "person:x"])
def test_somebody_who_is_not_offered_is_refused_at_the_field(
    owner: Client, page: str, who: str
) -> None:
    answer = owner.post(page, {"who": who})
    assert answer.status_code == 422
    assert 'class="field__errors"' in answer.content.decode()
    assert not ReaderRole.objects.exists()


def test_who_was_named_already_is_not_offered(owner: Client, page: str, people: People) -> None:
    owner.post(page, {"who": "leaders"})
    owner.post(page, {"who": f"person:{people.stranger.pk}"})
    offered = {value for value, _ in owner.get(page).context["form"].fields["who"].choices}
    taken = {f"person:{each.pk}" for each in (people.owner, people.contributor, people.stranger)}
    assert not offered & {"leaders", *taken}
    assert f"person:{people.colleague.pk}" in offered


def test_it_says_whether_others_read_it_as_well(
    owner: Client, page: str, document: Document
) -> None:
    assert "This COE is restricted." in owner.get(page).content.decode()
    Document.objects.filter(pk=document.pk).update(is_restricted=False)
    shown = owner.get(page).content.decode()
    assert "This COE is not restricted." in shown
    assert "The people of Storage" in shown


def test_the_history_tells_who_was_named_and_who_was_taken_off(
    owner: Client, page: str, people: People, document: Document
) -> None:
    owner.post(page, {"who": "leaders"})
    owner.post(page, {"off": "leaders"})
    history = f"/coes/{document.reference}/history/"
    told = owner.get(history).content.decode()
    assert "named 1 reader, took off 1 reader" in told


def test_a_reader_stands_among_the_people_of_the_workspace_and_can_become_a_contributor(
    owner: Client, page: str, people: People, document: Document
) -> None:
    owner.post(page, {"who": f"person:{people.stranger.pk}"})
    panel = owner.get(f"/coes/{document.reference}/edit/?section=facts").content.decode()
    assert '<span class="tag">Reader</span>' in panel
    assert page in panel
    add = f"/coes/{document.reference}/edit/people/add/"
    assert owner.post(add, {"person": people.stranger.pk}).status_code == 303
    roles = Participant.objects.filter(user=people.stranger).values_list("role", flat=True)
    assert set(roles) == {"reader", "contributor"}


def test_the_page_takes_the_same_queries_however_many_read_it(
    owner: Client, page: str, people: People
) -> None:
    counts = []
    for number in range(2):
        team = Team.objects.create(name=f"Team {number}")
        ReaderRole.objects.create(document=Document.objects.get(), kind="team", team=team)
        for each in range(5):
            owner.post(page, {"who": f"person:{make_person(f'p{number}{each}').pk}"})
        with CaptureQueriesContext(connection) as captured:
            owner.get(page)
        counts.append(len(captured))
    assert counts == [10, 10]

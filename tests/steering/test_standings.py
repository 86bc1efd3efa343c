"""How teams stand: what is counted, for whom, and in how many queries."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseRequest
from coe.promises.requests import ask_for
from coe.steering.queries import Standings, Tally
from tests.library.pages import get, table, words
from tests.people import People
from tests.reviews.steps import open_another, propose, settle, submit
from tests.steering.making import beside, changed, promised, team

pytestmark = pytest.mark.django_db

FAR = date(2044, 1, 8)


def counted(user: User) -> dict[str, Tally]:
    return {each.team.name: each.tally for each in Standings(user).all}


@pytest.fixture
def busy(people: People) -> Promise:
    """Of Storage: five items to do, of which one is late, two are due soon, and two were moved,
    three times in all; one done and one that held. In review two COEs with three items that
    nobody decided; one request. Of Payments one item, which is late."""
    first = promised(people, in_days=-1, moves=2, age=400)
    beside(first, in_days=0, moves=0, age=10)
    beside(first, in_days=14, moves=1, age=20)
    beside(first, in_days=15, moves=0, age=30)
    beside(first, due_on=None, moves=0, age=40)
    beside(first, state="done", moves=0)
    beside(first, state="verified", moves=0)
    beside(first, state="wont_do", moves=9, in_days=-9)
    reviewed = open_another(people, "Uploads failed")
    propose(reviewed, "Decided already", by=people.owner)
    submit(reviewed, by=people.owner)
    settle(reviewed)
    propose(reviewed, "Came later", by=people.owner)
    other = open_another(people, "Backups were empty")
    for title in ("Alarm", "Drill"):
        propose(other, title, by=people.owner)
    submit(other, by=people.owner)
    drop = PromiseRequest.Kind.WONT_DO
    ask_for(first, kind=drop, reason="It is not needed.", by=people.colleague)
    promised(people, people.stranger, team=team("Payments"), by=people.stranger, in_days=-3, age=3)
    return first


OF_STORAGE = Tally(
    open=5,
    due=2,
    late=1,
    moved=2,
    moves=3,
    unverified=1,
    proposed=3,
    asked=1,
    in_review=2,
    ages=(400, 10, 20, 30, 40),
)
OF_PAYMENTS = Tally(open=1, late=1, ages=(3,))


@pytest.mark.usefixtures("busy")
def test_a_team_is_counted_with_those_below_as_far_as_one_may_see_it(people: People) -> None:
    found = counted(people.manager)
    assert list(found) == ["Platform", "Storage"]
    assert told(found["Storage"]) == told(found["Platform"]) == told(OF_STORAGE)
    found = counted(people.director)
    assert list(found) == ["Company", "Payments", "Platform", "Storage"]
    assert told(found["Company"]) == told(OF_STORAGE + OF_PAYMENTS)
    assert told(found["Payments"]) == told(OF_PAYMENTS)
    assert list(counted(people.colleague)) == ["Storage"]
    assert list(counted(people.stranger)) == ["Payments"]
    assert counted(people.admin) == {}


def told(tally: Tally) -> tuple[object, ...]:
    """What was counted; ages in order."""
    numbers = (tally.open, tally.due, tally.late, tally.moved, tally.moves, tally.unverified)
    waiting = (tally.proposed, tally.asked, tally.in_review)
    return (*numbers, *waiting, sorted(tally.ages))


@pytest.mark.usefixtures("busy")
def test_a_leader_sees_every_team_but_no_draft(people: People) -> None:
    storage = counted(people.leader)["Storage"]
    assert (storage.open, storage.asked) == (5, 1)
    assert (storage.proposed, storage.in_review) == (0, 0)


def test_of_a_restricted_coe_who_may_not_read_it_is_told_nothing(
    people: People, client: Client
) -> None:
    hidden = promised(people, people.owner, is_restricted=True, in_days=-1)
    changed(hidden, title="Rotate the leaked keys")
    ask_for(hidden, kind=PromiseRequest.Kind.WONT_DO, reason="Done.", by=people.owner)
    assert counted(people.owner)["Storage"].late == 1
    for person in (people.manager, people.director, people.leader, people.colleague):
        assert told(counted(person)["Storage"]) == told(Tally())
        page = get(client, person, reverse("team_standing", args=[team("Storage").pk]))
        assert "Rotate the leaked keys" not in words(page)
        assert hidden.document.reference not in words(page)
        assert "0 open" in words(page)


def test_a_restricted_coe_in_review_is_counted_for_its_approver_alone(people: People) -> None:
    reviewed = open_another(people, "Keys were leaked", is_restricted=True)
    propose(reviewed, "Rotate them", by=people.owner)
    submit(reviewed, by=people.owner)
    assert (counted(people.manager)["Storage"].proposed) == 1
    for person in (people.director, people.leader, people.colleague):
        storage = counted(person)["Storage"]
        assert (storage.proposed, storage.in_review) == (0, 0)


@pytest.mark.usefixtures("busy")
def test_the_page_of_a_team_says_it_and_leads_to_the_lists(people: People, client: Client) -> None:
    storage = team("Storage").pk
    page = get(client, people.manager, reverse("team_standing", args=[storage]))
    said = words(page)
    for number in ("5 open", "1 late", "2 due in two weeks", "2 moved, 3 times in all"):
        assert number in said
    for number in ("1 to verify", "4 to decide", "2 COEs to approve", "0 late COEs"):
        assert number in said
    assert "Their median age is 30 days; the middle half are 20 to 40 days old" in said
    addresses = [f"?team={storage}", f"?team={storage}&late=on", f"?team={storage}&moved=on"]
    shown = [len(table(client.get(f"{reverse('action_list')}{each}"))) for each in addresses]
    assert shown == [5, 1, 2]


@pytest.mark.usefixtures("busy")
def test_what_is_late_stands_above_all_and_what_has_no_date_below(
    people: People, client: Client
) -> None:
    page = get(client, people.manager, reverse("team_standing", args=[team("Storage").pk]))
    due = [row[2] for row in rows_of(page)]
    assert ["Late" in each for each in due] == [True, False, False, False, False]
    assert due[-1] == "Not set"


def rows_of(page: object) -> list[list[str]]:
    """The rows of what is still to be done: those with a state."""
    text = page.content.decode().replace('<tr tabindex="-1" data-walk-item>', "<tr>")  # type: ignore[attr-defined]

    class Shown:
        content = text.encode()

    return [row for row in table(Shown()) if len(row) == 7]


@pytest.mark.parametrize(
    ("person", "name", "status"),
    [
        ("colleague", "Storage", 200),
        ("colleague", "Platform", 404),
        ("stranger", "Storage", 404),
        ("manager", "Storage", 200),
        ("manager", "Payments", 404),
        ("leader", "Company", 200),
        ("admin", "Storage", 404),
    ],
)
def test_a_team_that_is_not_in_sight_is_not_there(
    people: People, client: Client, person: str, name: str, status: int
) -> None:
    address = reverse("team_standing", args=[team(name).pk])
    assert get(client, getattr(people, person), address).status_code == status


def test_who_is_in_no_team_is_told_so(people: People, client: Client) -> None:
    assert "You are in no team" in words(get(client, people.admin, reverse("team_list")))


@pytest.mark.usefixtures("busy")
def test_the_list_of_teams_says_it_team_by_team(people: People, client: Client) -> None:
    rows = table(get(client, people.director, reverse("team_list")))
    assert rows[1] == ["Company › Payments", "1", "1", "0", "0×", "0", "0", "0", "3"]
    assert rows[3][1:] == ["5", "1", "2", "3×", "4", "2", "1", "30 (20 to 40)"]


@pytest.mark.parametrize("many", [3, 300])
def test_the_queries_do_not_grow(
    many: int,
    people: People,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Of the teams: the session, the person, and seven. Of a team besides: fourteen for incidents,
    late COEs and what did not hold, two for a page of items, the teams and their managers who
    approve, what is in review and asked, and the people to choose from."""
    first = promised(people)
    for number in range(many):
        beside(first, title=f"Repair {number}", age=number)
    for number in range(3 if many == 3 else 12):
        reviewed = open_another(people, f"Uploads failed {number}")
        propose(reviewed, "Alarm", by=people.owner)
        submit(reviewed, by=people.owner)
    client.force_login(people.manager)
    with django_assert_num_queries(9):
        client.get(reverse("team_list"))
    with django_assert_num_queries(30):
        client.get(reverse("team_standing", args=[team("Platform").pk]))

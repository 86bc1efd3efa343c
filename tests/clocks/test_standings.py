"""How teams stand: what is counted, for whom, and in how many queries."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.clocks.queries import late_coes
from coe.clocks.standings import Tally, standing_of, standings_of
from coe.documents.models import Document
from coe.incidents.models import Incident
from coe.incidents.registering import set_aside_incident
from tests.clocks.making import DAY, mitigate, register, team
from tests.library.pages import get, table, words
from tests.people import People
from tests.promises.promising import in_state, make_promise
from tests.reviews.steps import open_another, publish_draft

pytestmark = pytest.mark.django_db

LATER = DAY + timedelta(days=30)


def counted(user: User) -> dict[str, tuple[int, int, int, int]]:
    found = standings_of(user, moment=LATER)
    return {
        each.team.name: (each.tally.without, each.tally.late, each.tally.have, each.tally.lack)
        for each in found
    }


@pytest.fixture
def busy(people: People, document: Document) -> None:
    """Of Storage one late draft, one published COE, an incident without a COE and one that needs
    none; of Payments one incident without."""
    mitigate(document)
    published = mitigate(open_another(people, "Told to all"))
    publish_draft(published, people)
    register(people.owner)
    set_aside_incident(register(people.owner, "A drill"), reason="A drill", by=people.manager)
    register(people.stranger, "Paid twice")


@pytest.mark.usefixtures("busy")
def test_a_team_is_counted_with_those_below_as_far_as_one_may_see_it(people: People) -> None:
    storage, payments = (1, 1, 2, 1), (1, 0, 0, 1)
    both = (2, 1, 2, 2)
    assert counted(people.director) == {
        "Company": both,
        "Payments": payments,
        "Platform": storage,
        "Storage": storage,
    }
    assert counted(people.manager) == {"Platform": storage, "Storage": storage}
    assert counted(people.owner) == counted(people.colleague) == {"Storage": storage}
    assert counted(people.stranger) == {"Payments": payments}
    assert counted(people.admin) == {}
    of_leader = (1, 0, 1, 1)  # no draft opens to them
    assert counted(people.leader) == {
        "Company": (2, 0, 1, 2),
        "Payments": payments,
        "Platform": of_leader,
        "Storage": of_leader,
    }


@pytest.mark.usefixtures("busy")
def test_the_share_is_of_the_incidents_of_a_year(people: People) -> None:
    Incident.objects.filter(title="Told to all").update(opened_at=LATER - timedelta(days=366))
    Incident.objects.filter(title="Backups were empty").update(
        opened_at=LATER - timedelta(days=366)
    )
    assert counted(people.owner) == {"Storage": (1, 1, 1, 0)}


@pytest.mark.parametrize(
    ("tally", "share"),
    [
        (Tally(), None),
        (Tally(have=2), 100),
        (Tally(have=999, lack=1), 99),
        (Tally(have=6, lack=1), 86),
        (Tally(have=1, lack=999), 1),
        (Tally(lack=3), 0),
    ],
)
def test_a_share_is_rounded_but_a_hundred_only_where_none_is_without(
    tally: Tally, share: int | None
) -> None:
    assert tally.share == share


@pytest.mark.usefixtures("busy")
def test_a_published_coe_counts_for_the_team_that_its_readers_are_told(people: People) -> None:
    Incident.objects.filter(title="Told to all").update(team=team("Payments"))
    assert counted(people.director)["Storage"] == (1, 1, 2, 1)
    assert counted(people.director)["Payments"] == (1, 0, 0, 1)


@pytest.mark.usefixtures("busy")
def test_behind_the_numbers_of_a_team_stands_what_was_counted(people: People) -> None:
    found = standing_of(people.director, team("Platform").pk, moment=LATER)
    assert found
    assert [each.title for each in found.without] == ["Backups were empty"]
    assert [each.document.incident.title for each in found.late] == [
        "Uploads failed for one customer in ten"
    ]
    assert [each.team.name for each in found.below] == ["Storage"]
    assert standing_of(people.manager, team("Payments").pk) is None


@pytest.mark.usefixtures("busy")
def test_behind_the_numbers_of_a_team_stands_nothing_of_a_team_beside_it(people: People) -> None:
    late = mitigate(open_another(people, "Paid twice, again"))
    Incident.objects.filter(document=late).update(team=team("Payments"))
    payments = make_promise(late, people.stranger, "Pay once")
    Promise.objects.filter(pk=payments.pk).update(team=team("Payments"))
    in_state(payments, "did_not_hold", finisher=people.stranger)
    Document.objects.filter(pk=late.pk).update(current_version=None)
    beside = standing_of(people.director, team("Storage").pk, moment=LATER)
    assert beside
    assert [each.document.incident.title for each in beside.late] == [
        "Uploads failed for one customer in ten"
    ]
    Document.objects.filter(pk=late.pk).update(current_version=1)
    there = standing_of(people.director, team("Payments").pk, moment=LATER)
    beside = standing_of(people.director, team("Storage").pk, moment=LATER)
    assert there
    assert beside
    assert [each.title for each in there.failed] == ["Pay once"]
    assert beside.failed == ()


def test_what_failed_is_told_to_those_who_may_read_its_coe(people: People) -> None:
    hidden = open_another(people, "Keys were leaked", is_restricted=True)
    in_state(make_promise(hidden, people.owner), "did_not_hold", finisher=people.owner)
    storage = team("Storage").pk
    for person, told in ((people.owner, 1), (people.colleague, 0), (people.director, 0)):
        found = standing_of(person, storage, moment=LATER)
        assert found
        assert (len(found.failed), found.tally.failed) == (told, told)


def test_what_is_still_in_its_days_is_not_late(people: People, document: Document) -> None:
    mitigate(document)
    for moment, late in ((DAY, 0), (LATER, 1)):
        found = standing_of(people.owner, team("Storage").pk, moment=moment)
        assert found
        assert len(found.late) == len(late_coes(people.owner, moment)) == late


def test_the_queries_do_not_grow(
    people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (2, 20):
        for each in range(number):
            mitigate(open_another(people, f"Uploads {number} {each}"))
            register(people.owner, f"Backups {number} {each}")
        with django_assert_num_queries(13):
            standings_of(people.director, moment=LATER)


@pytest.mark.usefixtures("busy")
def test_the_pages_say_it_in_numbers_and_by_name(client: Client, people: People) -> None:
    page = get(client, people.manager, reverse("clock"))
    assert [row[1] for row in table(page)] == ["1", "1"]
    assert table(page)[1][0] == "Platform › Storage"
    assert "2 of 3 (67%)" in words(page)
    of_storage = words(client.get(reverse("team_clock", args=[team("Storage").pk])))
    assert "Of 3 incidents of the last year" in of_storage
    assert "2 have a COE (67%)" in of_storage
    assert "No COE yet 1 Backups were empty" in of_storage
    assert "You are in no team" in words(get(client, people.admin, reverse("clock")))

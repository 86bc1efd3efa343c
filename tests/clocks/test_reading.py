"""The clock of a COE as it is read: from what is known of it, its guide, its team."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from coe.clocks.queries import late_coes
from coe.clocks.reading import Clocks
from coe.documents.models import Document
from coe.policies.calendars import WEEKDAYS
from coe.policies.clocks import Clock
from coe.policies.models import GuideLimit, Holiday, TeamCalendar
from coe.publishing.retracting import retract
from tests.clocks.making import DAY, mitigate, team
from tests.library.pages import get, table, words
from tests.people import People
from tests.reviews.steps import (
    ask_for_changes,
    make_submittable,
    open_another,
    publish_draft,
    reopen,
    submit,
)

pytestmark = pytest.mark.django_db


def at(document: Document, day: date, hour: int = 20) -> Clock:
    """At that hour (UTC) of a day; the team is eight hours behind."""
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    fresh = Document.objects.select_related("incident__team").get(pk=document.pk)
    return Clocks(moment).of([fresh]).get(document.pk, Clock())


def days(clock: Clock) -> list[tuple[str, str]]:
    return [(each.step.value, str(each.on)) for each in clock.deadlines]


def test_it_runs_from_the_mitigation_in_the_zone_of_the_team(document: Document) -> None:
    assert days(at(document, date(2026, 11, 10))) == []
    mitigate(document, datetime(2026, 11, 3, 6, tzinfo=UTC))  # still Monday in Los Angeles
    assert days(at(document, date(2026, 11, 10))) == [
        ("draft", "2026-11-09"),
        ("publication", "2026-11-23"),
    ]
    assert not at(document, date(2026, 11, 10), hour=7).is_late
    assert at(document, date(2026, 11, 10), hour=8).is_late


def test_what_was_resolved_ends_it_where_the_mitigation_is_not_known(document: Document) -> None:
    mitigate(document, DAY + timedelta(days=1), kind="resolved")
    assert days(at(document, date(2026, 11, 3)))[0] == ("draft", "2026-11-10")
    mitigate(document)
    assert days(at(document, date(2026, 11, 3)))[0] == ("draft", "2026-11-09")


def test_what_is_entered_for_the_record_is_late_for_nobody(document: Document) -> None:
    mitigate(document, DAY - timedelta(days=366))
    assert days(at(document, date(2026, 11, 10))) == []
    mitigate(document, DAY - timedelta(days=364))
    assert at(document, date(2026, 11, 10)).is_late


def test_the_calendar_and_the_guide_of_the_team_hold(document: Document) -> None:
    mitigate(document)
    calendar = TeamCalendar.objects.create(team=team("Platform"))
    Holiday.objects.create(calendar=calendar, day=date(2026, 11, 4))
    guide, storage, payments = document.guide, team("Storage"), team("Payments")
    GuideLimit.objects.create(guide=guide, name="draft_days", value=3, team=storage)
    GuideLimit.objects.create(guide=guide, name="draft_days", value=9, team=payments)
    GuideLimit.objects.create(guide=guide, name="publication_days", value=6, severity=2)
    assert days(at(document, date(2026, 11, 2))) == [
        ("draft", "2026-11-06"),
        ("publication", "2026-11-11"),
    ]


def test_each_review_has_its_days_and_what_comes_back_has_only_those_of_its_publication(
    document: Document, people: People
) -> None:
    make_submittable(document)
    mitigate(document)
    submit(document, by=people.owner)
    opened = document.rounds.get().opened_at.astimezone(ZoneInfo("America/Los_Angeles")).date()
    assert dict(days(at(document, DAY.date()))) == {
        "publication": "2026-11-23",
        "review": str(WEEKDAYS.after_working_days(opened, 10)),
    }
    ask_for_changes(document, by=people.manager)
    assert days(at(document, DAY.date())) == [("publication", "2026-11-23")]


def test_what_readers_have_or_had_is_late_for_nobody(document: Document, people: People) -> None:
    mitigate(document)
    far = date(2027, 6, 1)
    assert at(document, far).is_late
    publication = publish_draft(document, people)
    assert days(at(document, far)) == []
    reopen(document, by=people.owner)
    assert days(at(document, far)) == []
    retract(document, version=publication.version, reason="It is wrong.", by=people.owner)
    assert days(at(document, far)) == []


def test_clocks_take_as_many_queries_for_forty_coes_as_for_four(
    people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (4, 36):
        for each in range(number):
            mitigate(open_another(people, f"Uploads {number} {each}"))
        with django_assert_num_queries(7):
            found = late_coes(people.owner, moment=DAY + timedelta(days=30))
    assert len(found) == 40


def test_late_are_only_those_whose_working_copy_one_may_read(
    document: Document, people: People
) -> None:
    mitigate(document)
    mitigate(open_another(people, "Kept to few", is_restricted=True))
    moment = DAY + timedelta(days=30)
    seen = {name: len(late_coes(person, moment)) for name, person in vars(people).items()}
    assert seen == {
        "owner": 2,
        "contributor": 1,
        "colleague": 1,
        "manager": 1,
        "director": 1,
        "leader": 0,
        "stranger": 0,
        "admin": 0,
    }


def test_the_list_is_narrowed_to_what_is_late_and_says_how_late(
    client: Client, document: Document, people: People
) -> None:
    mitigate(document, datetime.now(UTC) - timedelta(days=60))
    open_another(people, "Not mitigated yet")
    address = reverse("coe_list")
    everything = get(client, people.owner, address)
    assert len(table(everything)) == 2
    narrowed = client.get(address, {"clock": "late"})
    (late,) = table(narrowed)
    assert "1 COE fits these filters Remove the filter Due date Late" in words(narrowed)
    assert document.reference in late
    assert "working days late" in late[-1]
    assert "Late or not" in words(everything)
    assert "working days late" not in words(get(client, people.leader, address))
    nothing = get(client, people.leader, f"{address}?clock=late")
    assert table(nothing) == []
    assert "Nothing fits these filters" in words(nothing)
    assert get(client, people.owner, f"{address}?clock=soon").status_code == 422


def test_the_list_takes_one_more_query_for_each_kind_of_fact_and_none_for_each_coe(
    client: Client, people: People, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counted = []
    client.force_login(people.owner)
    for number in (3, 30):
        for each in range(number):
            mitigate(open_another(people, f"Uploads {number} {each}"))
        for query in ("", "?clock=late"):
            with django_assert_max_num_queries(60) as asked:
                client.get(reverse("coe_list") + query)
            counted.append(len(asked))
    assert counted[:2] == counted[2:]


def test_home_and_the_page_of_the_coe_say_it(
    client: Client, document: Document, people: People
) -> None:
    mitigate(document, datetime.now(UTC) - timedelta(days=60))
    home, page = reverse("home"), reverse("coe_draft", args=[document.reference])
    assert "working days late" in words(get(client, people.owner, home))
    read = words(client.get(page))
    assert "To be submitted by" in read
    assert "To be published by" in read
    assert read.count("working days late") == 2
    publish_draft(document, people)
    assert "To be published by" not in words(client.get(page))

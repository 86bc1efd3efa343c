"""The action items: what published COEs promise, and which promises are late."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coe.accounts.models import Team, User
from coe.actions.models import Promise
from coe.documents.models import Document, State
from coe.publishing.printables import printable
from tests.library.pages import get, table, words
from tests.people import People
from tests.reviews.steps import (
    bring_to,
    fresh,
    open_another,
    propose,
    publish_draft,
    reopen,
    state_facts,
)
from tests.reviews.test_states import PERSONS

MIDNIGHTS = [
    # due on, the last instant that is not late, the first that is: UTC, Los Angeles in brackets
    ("2026-01-15", "2026-01-16T07:59:59Z", "2026-01-16T08:00:00Z"),  # PST, 8 hours behind
    ("2026-07-15", "2026-07-16T06:59:59Z", "2026-07-16T07:00:00Z"),  # PDT, 7 hours behind
    ("2026-03-08", "2026-03-09T06:59:59Z", "2026-03-09T07:00:00Z"),  # the day of 23 hours
    ("2026-11-01", "2026-11-02T07:59:59Z", "2026-11-02T08:00:00Z"),  # the day of 25 hours
    ("2026-12-31", "2027-01-01T07:59:59Z", "2027-01-01T08:00:00Z"),  # the end of a year
    ("2028-02-28", "2028-02-29T07:59:59Z", "2028-02-29T08:00:00Z"),  # a leap day follows
]


EVERYTHING = "?q=repair&state=any&owner=me&since=2026-01-01&until=2029-12-31&priority=1&group=team"


def many(document: Document, people: People, number: int) -> None:
    """So many promises of one COE, due one day after the other."""
    Promise.objects.bulk_create(
        Promise(
            document=document,
            uid=uuid4(),
            title=f"Repair {each}",
            priority=1,
            owner=people.stranger,
            due_on=date(2026, 1, 1) + timedelta(days=each),
            team=people.owner.team,
        )
        for each in range(number)
    )


def promise(document: Document, title: str, people: People, due_on: date | None = None) -> Document:
    propose(document, title, due_on=due_on, by=people.owner)
    publish_draft(document, people)
    return document


def titles(client: Client, user: User) -> list[str]:
    return [row[0] for row in table(get(client, user, "/actions/"))]


@pytest.mark.parametrize(("due", "in_time", "late"), MIDNIGHTS)
def test_a_promise_is_late_when_its_day_has_ended_where_the_team_works(
    due: str, in_time: str, late: str, people: People
) -> None:
    document = open_another(people, "Cards were refused", zone="Asia/Tokyo")  # the text's zone
    promise(document, "Retry", people, date.fromisoformat(due))
    made = Promise.objects.select_related("document__incident__team").get()
    assert not made.is_late_at(datetime.fromisoformat(in_time))
    assert made.is_late_at(datetime.fromisoformat(late))


def test_the_instant_counts_and_not_the_zone_it_is_written_in(people: People) -> None:
    promise(open_another(people, "Cards were refused"), "Retry", people, date(2026, 1, 15))
    made = Promise.objects.get()
    assert not made.is_late_at(datetime.fromisoformat("2026-01-16T16:59:59+09:00"))
    assert made.is_late_at(datetime.fromisoformat("2026-01-16T17:00:00+09:00"))
    assert made.is_late_at(datetime.fromisoformat("2026-01-16T00:00:00-08:00"))


def test_a_promise_without_a_day_is_never_late(people: People) -> None:
    promise(open_another(people, "Cards were refused"), "Retry", people)
    assert not Promise.objects.get().is_late_at(datetime.fromisoformat("2999-01-01T00:00:00Z"))


@pytest.mark.parametrize(("due", "in_time", "late"), MIDNIGHTS[:1])
def test_the_pages_mark_it_at_the_same_instant(
    due: str,
    in_time: str,
    late: str,
    people: People,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    promise(open_another(people, "Cards were refused"), "Retry", people, date.fromisoformat(due))
    for moment, expected in ((in_time, "15 Jan 2026"), (late, "15 Jan 2026 Late")):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: datetime.fromisoformat(moment))
        client.logout()
        ((_, _, shown, *_),) = table(get(client, people.owner, "/actions/"))
        assert shown == expected
        assert ("Late" in words(get(client, people.owner, "/"))) == (moment == late)


def test_a_published_coe_says_which_of_its_promises_are_late(people: People) -> None:
    document = open_another(people, "Cards were refused")
    propose(document, "Long ago", due_on=date(2020, 1, 1), by=people.owner)
    propose(document, "Far away", due_on=date(2999, 1, 1), by=people.owner)
    publish_draft(document, people)
    shown = [(each.title, each.is_late) for each in printable(fresh(document)).promises]
    assert shown == [("Long ago", True), ("Far away", False)]


@pytest.mark.parametrize("state", State)
def test_a_proposal_is_no_promise_until_it_is_published(
    state: State, document: Document, people: People, client: Client
) -> None:
    propose(document, "Alarm at 80 % full", by=people.owner)
    bring_to(document, state, people)
    for name in PERSONS:
        assert titles(client, getattr(people, name)) == []
    assert "Nothing is promised yet" in words(client.get("/actions/"))


def test_what_is_published_is_promised_to_everybody_signed_in(
    document: Document, people: People, client: Client
) -> None:
    promise(document, "Alarm at 80 % full", people)
    for name in PERSONS:
        assert titles(client, getattr(people, name)) == ["Alarm at 80 % full"]


def test_what_a_restricted_coe_promises_is_seen_by_those_who_are_named_on_it(
    document: Document, people: People, client: Client
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    promise(document, "Alarm at 80 % full", people)
    seen = {name for name in PERSONS if titles(client, getattr(people, name))}
    assert seen == {"owner", "contributor", "manager"}


def test_a_correction_in_the_making_neither_adds_nor_takes_away(
    document: Document, people: People, client: Client
) -> None:
    promise(document, "Alarm at 80 % full", people)
    reopen(document, by=people.owner)
    propose(document, "Not promised yet", by=people.owner)
    assert titles(client, people.owner) == ["Alarm at 80 % full"]


def test_the_nearest_due_comes_first_and_what_has_no_day_last(
    document: Document, people: People, client: Client
) -> None:
    propose(document, "No day", by=people.owner)
    propose(document, "June", due_on=date(2026, 6, 1), by=people.owner)
    propose(document, "May, P3", due_on=date(2026, 5, 1), priority=3, by=people.owner)
    propose(document, "May, P0", due_on=date(2026, 5, 1), priority=0, by=people.owner)
    publish_draft(document, people)
    assert titles(client, people.stranger) == ["May, P0", "May, P3", "June", "No day"]


@pytest.mark.parametrize(("query", "queries"), [("", 11), (EVERYTHING, 12)])
@pytest.mark.parametrize("number", [1, 60, 1100])
def test_the_list_takes_as_many_queries_however_long_it_is(
    number: int, query: str, queries: int, document: Document, people: People, client: Client
) -> None:
    """The session, the person; which restricted COEs are theirs to read; teams, services and owners
    to choose from; how many fit, the page; what the person is to them: whose text they may read,
    and who approves; the person's views. Where they are grouped, what begins each group is one
    more, and where nobody manages a team, its leaders."""
    publish_draft(document, people)
    many(document, people, number)
    client.force_login(people.stranger)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/actions/{query}")
    assert len(table(page)) == min(number, 50)
    assert len(asked) == queries


ZONES = ("Pacific/Kiritimati", "UTC", "America/Los_Angeles", "Pacific/Niue")  # +14 to -11


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_the_database_calls_late_what_each_item_calls_late(
    hour: int, document: Document, people: People
) -> None:
    """Around midnight somewhere, at every hour: four teams, five days, a state that cannot be."""
    moment = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
    team = document.incident.team
    for place, zone in enumerate(ZONES):
        Team.objects.filter(pk=team.pk).update(zone=zone)
        Promise.objects.bulk_create(
            Promise(
                document=document,
                uid=uuid4(),
                title=zone,
                team=team,
                priority=1,
                state="accepted" if day else "wont_do",
                due_on=date(2026, 11, 19 + day) if day < 5 else None,
            )
            for day in range(6)
        )
        late = Promise.objects.late_at(moment, zones={zone, *ZONES[:place]})
        said = {
            each.pk for each in Promise.objects.with_readers_fields() if each.is_late_at(moment)
        }
        assert {each.pk for each in late} == said
        assert said


def test_lists_show_to_everybody_exactly_what_they_may_see(people: People) -> None:
    """Of a COE that all may read, one restricted, one that was never published, one discarded."""
    kinds: list[dict[str, Any]] = [
        {"current_version": 1},
        {"current_version": 1, "is_restricted": True},
        {"current_version": None},
        {"current_version": 1, "discarded_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ]
    for each in kinds:
        document = open_another(people, "Cards were refused")
        Document.objects.filter(pk=document.pk).update(**each)
        many(document, people, 1)
    counts = {}
    for name in PERSONS:
        person = getattr(people, name)
        walked = set(Promise.objects.walked_by(person).values_list("pk", flat=True))
        assert walked == set(Promise.objects.visible_to(person).values_list("pk", flat=True))
        counts[name] = len(walked)
    assert (counts["owner"], counts["stranger"]) == (2, 1)


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize(
    "place", ["0", "~~", "1~9~nonsense", "%00~1~2026-01-01", "9~99~0001-01-01"]
)
def test_a_place_that_makes_no_sense_is_the_start(
    name: str, place: str, document: Document, people: People, client: Client
) -> None:
    promise(document, "Alarm at 80 % full", people)
    answer = get(client, people.owner, f"/actions/?{name}={place}")
    assert [row[0] for row in table(answer)] == ["Alarm at 80 % full"]

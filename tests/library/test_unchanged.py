"""A page that is asked for again: 304 while it would look the same, drawn as soon as it would not.

Nothing may be shown that is out of date, so each of these tests is about one thing that a page
follows from, and changes that alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coe.accounts.models import Team, User
from coe.accounts.saving import as_seen
from coe.accounts.services import change_person, change_team, person_facts, team_facts
from coe.documents.models import Document, Section, State
from coe.documents.queries import writable_document
from coe.documents.rows import move_row
from coe.documents.services import (
    add_contributor,
    open_coe,
    remove_contributor,
    save_section,
)
from coe.guidance.services import waive_finding
from coe.history.models import Action, HistoryEvent
from coe.incidents.models import Severity
from coe.policies.rules import Level
from coe.reviews.workflow import make_transition
from coe.text.instants import Instant
from coe.timeline.models import Entry
from coe.timeline.services import add_entry
from tests.editor.conftest import new_cause, new_entry
from tests.editor.writer import signed_in
from tests.guidance.answering import found, weigh
from tests.people import People

PAGES = ("coe_edit", "coe_read", "coe_draft")
KEPT = 304
DRAWN = 200


@dataclass
class Tab:
    """A page in the browser of one person, asked for with what the answer before was tagged."""

    client: Client
    address: str
    tag: str = ""

    def ask(self, **headers: str) -> HttpResponse:
        if self.tag:
            headers["If-None-Match"] = self.tag
        answer = self.client.get(self.address, headers=headers)
        if answer.status_code in (KEPT, DRAWN) and not headers.get("HX-Request"):
            self.tag = answer.get("ETag", "")
        return answer  # type: ignore[return-value]

    def status(self) -> int:
        return self.ask().status_code


def open_tab(client: Client, document: Document, page: str = "coe_edit", query: str = "") -> Tab:
    """Asked for twice: with the first answer comes the token that pages with forms follow from."""
    tab = Tab(client, reverse(page, args=[document.reference]) + query)
    assert (tab.status(), tab.status()) == (DRAWN, DRAWN)
    assert tab.status() == KEPT
    return tab


@pytest.fixture
def owner(people: People) -> Client:
    return signed_in(people.owner)


@pytest.fixture
def tab(owner: Client, document: Document) -> Tab:
    return open_tab(owner, document)


def write(document: Document, by: User, text: str) -> None:
    section = Section.objects.get(document=document, slug="summary")
    save_section(section, version=section.version, text=text, by=by)


def rename(person: User, name: str, by: User) -> None:
    facts = person_facts(person)
    seen = as_seen(facts)
    del facts["team_id"]
    change_person(person=person, seen=seen, by=by, **{**facts, "team": person.team, "name": name})


@pytest.mark.parametrize("page", PAGES)
def test_an_unchanged_page_is_told_in_three_queries(
    owner: Client, document: Document, page: str
) -> None:
    """Session, person, and the COE with how much is told of it."""
    tab = open_tab(owner, document, page)
    with CaptureQueriesContext(connection) as captured:
        answer = tab.ask()
    assert (answer.status_code, answer.content, len(captured)) == (KEPT, b"", 3)
    assert answer["Cache-Control"] == "private, no-cache"
    assert {each.strip() for each in answer["Vary"].split(",")} == {"HX-Request", "Cookie"}


@pytest.mark.parametrize("page", PAGES)
def test_what_somebody_else_saved_is_shown(
    owner: Client, document: Document, people: People, page: str
) -> None:
    tab = open_tab(owner, document, page)
    write(document, people.contributor, "Uploads of one customer in ten failed")
    answer = tab.ask()
    assert answer.status_code == DRAWN
    assert "Uploads of one customer in ten failed" in answer.content.decode()
    assert tab.status() == KEPT


def an_entry(document: Document, people: People) -> None:
    new_entry(document, people.contributor)


def a_cause(document: Document, people: People) -> None:
    new_cause(document, people.contributor)


def a_move(document: Document, people: People) -> None:
    first = Entry.objects.filter(document=document).earliest("position")
    move_row(first, steps=1, among=Entry.objects.filter(document=document), by=people.owner)


def a_contributor(document: Document, people: People) -> None:
    add_contributor(document, person=people.colleague, by=people.owner)


def a_name(document: Document, people: People) -> None:
    rename(people.contributor, "Somebody Else", people.admin)


def a_manager(document: Document, people: People) -> None:
    team = Team.objects.get(name="Platform")
    seen = as_seen(team_facts(team))
    manager = people.director
    change_team(
        team=team,
        seen=seen,
        name=team.name,
        parent=team.parent,
        manager=manager,
        zone=team.zone,
        by=people.admin,
    )


WRITES: list[Callable[[Document, People], None]] = [
    an_entry,
    a_cause,
    a_move,
    a_contributor,
    a_name,
    a_manager,
]


@pytest.mark.parametrize("write", WRITES, ids=lambda each: each.__name__)
def test_every_kind_of_write_is_shown(
    owner: Client, document: Document, people: People, write: Callable[[Document, People], None]
) -> None:
    new_entry(document, people.owner, "First", 1)
    new_entry(document, people.owner, "Second", 2)
    tab = open_tab(owner, document)
    write(document, people)
    assert (tab.status(), tab.status()) == (DRAWN, KEPT)


def test_an_event_that_is_committed_late_counts(
    tab: Tab, document: Document, people: People
) -> None:
    """A transaction takes its key, another commits behind it, and then the first commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('coe_historyevent', 'id'))")
        (key,) = cursor.fetchone()
    write(document, people.contributor, "Committed first")
    assert (tab.status(), tab.status()) == (DRAWN, KEPT)
    last = HistoryEvent.objects.latest("pk").pk
    HistoryEvent.objects.create(
        pk=key,
        actor=people.contributor,
        action=Action.CHANGED,
        document=document,
        subject="section",
        subject_key="impact",
        content_hash="",
    )
    assert key < last
    assert tab.status() == DRAWN


def test_what_is_written_elsewhere_changes_nothing(tab: Tab, people: People) -> None:
    assert people.stranger.team is not None
    open_coe(
        uid=uuid4(),
        title="Payments were late",
        severity=Severity.THREE,
        team=people.stranger.team,
        zone="UTC",
        by=people.stranger,
    )
    assert tab.status() == KEPT


def test_sections_one_at_a_time_are_another_page(tab: Tab) -> None:
    tab.client.post(f"{tab.address}sections/", {"sections": "one"})
    assert (tab.status(), tab.status()) == (DRAWN, KEPT)


def test_the_tag_of_one_address_does_not_fit_another(tab: Tab) -> None:
    other = Tab(tab.client, f"{tab.address}?zone=UTC", tab.tag)
    assert other.status() == DRAWN


def test_htmx_gets_its_panel(tab: Tab) -> None:
    there = Tab(tab.client, f"{tab.address}?close=timeline", tab.tag)
    panel = there.ask(**{"HX-Request": "true"})
    assert (panel.status_code, panel.get("ETag", "").startswith("W/")) == (DRAWN, False)
    assert "<html" not in panel.content.decode()


def test_who_lost_access_is_refused(document: Document, people: People) -> None:
    client = signed_in(people.contributor)
    tab = open_tab(client, document)
    remove_contributor(document, person=people.contributor, by=people.owner)
    assert tab.status() == 404


def test_the_tag_of_one_person_is_no_use_to_another(
    tab: Tab, document: Document, people: People
) -> None:
    theirs = Tab(signed_in(people.contributor), tab.address)
    theirs.status()
    theirs.tag = tab.tag
    assert theirs.status() == DRAWN
    assert Tab(signed_in(people.stranger), tab.address, tab.tag).status() == 404
    assert Tab(Client(), tab.address, tab.tag).status() == 302


def test_signing_in_again_draws_the_page_with_its_new_token(tab: Tab, people: People) -> None:
    tab.client.logout()
    tab.client.force_login(people.owner)
    assert tab.status() == DRAWN


def test_a_message_is_shown_once(tab: Tab, document: Document) -> None:
    section = Section.objects.get(document=document, slug="summary")
    sent = {"text": "Said", "version": section.version}
    tab.client.post(f"{tab.address}sections/summary/", sent)
    told = tab.ask()
    assert "notice--success" in told.content.decode()
    assert not told.get("ETag", "").startswith("W/")
    after = tab.ask()
    assert (after.status_code, "notice--success" in after.content.decode()) == (DRAWN, False)
    assert tab.status() == KEPT


def test_an_entry_in_the_future_will_be_in_the_past(
    owner: Client, document: Document, people: People
) -> None:
    tab = open_tab(owner, document)
    soon = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=1)
    add_entry(document, uid=uuid4(), instant=Instant(soon), text="Release", by=people.owner)
    assert "In the future" in tab.ask().content.decode()
    assert [tab.status(), tab.status()] == [DRAWN, DRAWN]


class Clock(datetime):
    at = datetime(2026, 3, 14, 23, 44, 59, tzinfo=UTC)

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return cls.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Clock]]:
    before = Clock.at
    monkeypatch.setattr("coe.library.unchanged.datetime", Clock)
    yield Clock
    Clock.at = before


@pytest.mark.parametrize("page", PAGES)
def test_a_new_day_is_shown_wherever_it_begins(
    owner: Client, document: Document, page: str, clock: type[Clock]
) -> None:
    """Zones are off by quarters of an hour at the least, so a day may begin at each."""
    tab = open_tab(owner, document, page)
    clock.at += timedelta(seconds=1)
    assert (tab.status(), tab.status()) == (DRAWN, KEPT)
    clock.at += timedelta(minutes=14, seconds=59)
    assert tab.status() == KEPT
    clock.at += timedelta(seconds=1)
    assert tab.status() == DRAWN


def test_a_deployment_draws_every_page(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coe.library.unchanged.our_version", lambda: "the next one")
    assert (tab.status(), tab.status()) == (DRAWN, KEPT)


def test_nothing_is_kept_while_templates_are_written(tab: Tab, settings: Any) -> None:
    settings.DEBUG = True
    assert [tab.status(), tab.status()] == [DRAWN, DRAWN]


def test_those_who_may_write_are_found_as_they_are_let_in(
    document: Document, people: People
) -> None:
    def is_let_in(person: User) -> bool:
        try:
            return bool(writable_document(person, document.reference))
        except (Http404, PermissionDenied):
            return False

    everybody = User.objects.all()
    found = {each.name for each in everybody if Document.objects.writable_by(each).exists()}
    assert found == {each.name for each in everybody if is_let_in(each)}
    assert found == {"Owner", "Contributor"}


def test_what_follows_from_other_coes_is_drawn_each_time(
    document: Document, people: People
) -> None:
    """Whoever judges reads the findings, and the authors the reasons for which some stand."""
    weigh(document, COE125=Level.REASON)
    address = reverse("coe_draft", args=[document.reference])
    assert open_tab(signed_in(people.owner), document, "coe_draft").tag
    waive_finding(document, key=found(document, "COE125").key, reason="Lost.", by=people.owner)
    make_transition(document, to=State.IN_REVIEW, by=people.owner)
    for person in (people.owner, people.manager):
        tab = Tab(signed_in(person), address)
        assert [tab.status() for _ in range(3)] == [DRAWN] * 3


def test_findings_alone_are_drawn_each_time(document: Document, people: People) -> None:
    weigh(document)
    make_transition(document, to=State.IN_REVIEW, by=people.owner)
    assert open_tab(signed_in(people.owner), document, "coe_draft").tag
    tab = Tab(signed_in(people.manager), reverse("coe_draft", args=[document.reference]))
    assert [tab.status() for _ in range(3)] == [DRAWN] * 3

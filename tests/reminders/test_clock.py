"""A quarter, in steps of three hours: each reminder once, each escalation once, no date moved.

It begins on Monday, 1 February 2044. In Los Angeles, where Storage works, clocks are set forward on
13 March; in Berlin, where Payments counts its working days, on 27 March. Payments does not work on
21 March, 15 and 18 April. The worker stands still from 29 February to 2 March; on 9 March it
breaks off in the middle. The guide is changed on 2 March.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from coe.accounts.models import Team, User
from coe.accounts.services import deactivate_person
from coe.actions.models import Promise, PromiseEvent, PromiseRequest, PromiseState
from coe.documents.models import Document, Participant
from coe.documents.services import open_coe
from coe.incidents.models import Severity
from coe.notices.models import OF_THE_CLOCK, Notice
from coe.policies.models import GuideLimit, Holiday, TeamCalendar
from coe.promises.dates import assign_promise, move_due
from coe.promises.requests import ask_for, decide_request
from coe.promises.services import move_promise
from coe.reminders.models import Reminder
from coe.reminders.services import send_reminders
from tests.people import People
from tests.promises.promising import SHOWN, fresh
from tests.reminders.clocks import backdate, breaking_at, promise_all

pytestmark = pytest.mark.django_db

Told = tuple[str, str, str, str]
BEGIN, END = datetime(2044, 2, 1, tzinfo=UTC), datetime(2044, 5, 2, tzinfo=UTC)
STILL_FROM, STILL_TO = datetime(2044, 2, 29, 20, tzinfo=UTC), datetime(2044, 3, 2, 12, tzinfo=UTC)
STEP = timedelta(hours=3)
CRASH = datetime(2044, 3, 9, 15, tzinfo=UTC)

EXPECTED: list[Told] = [
    ("02-08", "promise_due", "In time", "Contributor"),
    ("02-26", "promise_due", "Restricted", "Contributor"),
    ("03-02", "promise_due", "Late", "Contributor"),  # of 1 March, when the worker stood still
    ("03-03", "promise_due", "Left", "Colleague"),
    ("03-03", "promise_due", "Restricted", "Contributor"),
    ("03-05", "promise_late", "Restricted", "Contributor"),
    ("03-07", "promise_due", "Late", "Contributor"),
    # Colleague has left on 8 March.
    ("03-09", "promise_due", "Left", "Manager"),
    ("03-09", "promise_due", "Paid late", "Stranger"),
    ("03-09", "promise_late", "Late", "Contributor"),
    ("03-11", "promise_late", "Left", "Manager"),
    ("03-12", "promise_late", "Restricted", "Contributor"),
    ("03-13", "promise_due", "Moved", "Contributor"),
    ("03-13", "promise_to_verify", "In time", "Manager"),
    ("03-15", "promise_escalated", "Late", "Manager"),
    ("03-16", "promise_late", "Late", "Contributor"),
    ("03-17", "promise_due", "Paid late", "Stranger"),
    ("03-17", "promise_escalated", "Left", "Manager"),
    ("03-18", "promise_late", "Left", "Manager"),
    ("03-19", "promise_late", "Restricted", "Contributor"),
    # Until 21 March nobody above may know of the restricted one; then its manager is told.
    ("03-21", "promise_escalated", "Restricted", "Manager"),
    ("03-22", "promise_late", "Paid late", "Stranger"),
    ("03-23", "promise_late", "Late", "Contributor"),
    ("03-25", "promise_late", "Left", "Owner"),
    ("03-26", "promise_late", "Restricted", "Contributor"),
    ("03-29", "promise_escalated", "Late", "Director"),
    ("03-29", "promise_late", "Paid late", "Stranger"),
    ("03-30", "promise_escalated", "Paid late", "Director"),
    ("03-30", "promise_late", "Late", "Contributor"),
    ("04-05", "promise_due", "Paid", "Stranger"),
    ("04-05", "promise_late", "In time", "Contributor"),  # it did not hold on 4 April
    ("04-05", "promise_late", "Paid late", "Stranger"),
    ("04-06", "promise_late", "Late", "Contributor"),
    ("04-11", "promise_escalated", "In time", "Manager"),
    ("04-12", "promise_late", "In time", "Contributor"),
    ("04-12", "promise_late", "Paid late", "Stranger"),
    ("04-13", "promise_due", "Moved", "Contributor"),
    ("04-13", "promise_due", "Paid", "Stranger"),
    ("04-19", "promise_due", "Moved", "Contributor"),
    ("04-19", "promise_late", "Paid", "Stranger"),
    ("04-21", "promise_escalated", "Paid late", "Leader"),
    ("04-21", "promise_late", "Paid late", "Stranger"),
    ("04-26", "promise_late", "Paid", "Stranger"),
    ("04-27", "promise_escalated", "Paid", "Director"),
    ("04-27", "promise_to_verify", "Restricted", "Manager"),
    ("04-28", "promise_late", "Paid late", "Stranger"),
]
"""Written by hand from a calendar: the day where the team works, what, of which, to whom."""


@pytest.fixture
def quarter(document: Document, people: People) -> "Quarter":
    return Quarter(document, people)


class Quarter:
    """Eight promises, and what people do with them and with the rest."""

    def __init__(self, document: Document, people: People) -> None:
        self.people = people
        self.restricted = open_one(people.owner, people.owner.team)
        paid = open_one(people.stranger, pays(people))
        role = Participant.Role.CONTRIBUTOR
        Participant.objects.create(document=self.restricted, user=people.contributor, role=role)
        mine, theirs = people.contributor, people.stranger
        self.promises = {
            **promise_all(
                document,
                ("In time", mine, date(2044, 2, 15)),
                ("Late", mine, date(2044, 3, 8)),
                ("Moved", mine, date(2044, 3, 20)),
                ("Left", people.colleague, date(2044, 3, 10)),
                ("Some day", mine, None),
            ),
            **promise_all(self.restricted, ("Restricted", mine, date(2044, 3, 4))),
            **promise_all(
                paid, ("Paid", theirs, date(2044, 4, 14)), ("Paid late", theirs, date(2044, 3, 18))
            ),
        }

    def events(self) -> dict[datetime, Callable[[], object]]:
        """What happens, right after the pass of that hour."""
        return {
            at(2, 12): lambda: self.done("In time", date(2044, 2, 12)),
            at(3, 2): self.other_policy,
            at(3, 8): self.restrict_and_leave,
            at(3, 14): lambda: self.move("Moved", date(2044, 4, 20)),
            at(3, 20): self.verify_and_hand_over,
            at(3, 21, hour=12): self.name_reader,
            at(3, 26): lambda: self.wont_do("Left"),
            at(3, 28): lambda: self.done("Restricted", date(2044, 3, 28)),
            at(4, 4): lambda: self.fail("In time"),
            at(4, 10): lambda: self.done("Late", date(2044, 4, 10)),
            at(4, 15): lambda: self.done("In time", date(2044, 4, 15)),
            at(4, 20): lambda: self.done("Moved", date(2044, 4, 20)),
        }

    def promise(self, title: str) -> Promise:
        return fresh(self.promises[title])

    def done(self, title: str, day: date) -> None:
        promise = self.promise(title)
        assert promise.owner
        if promise.state == PromiseState.DID_NOT_HOLD:
            move_promise(promise, to=PromiseState.IN_PROGRESS, by=promise.owner)
        given: dict[str, Any] = {"note": "It rang.", "evidence": SHOWN, "by": promise.owner}
        move_promise(promise, to=PromiseState.DONE, **given)
        rows = Promise.objects.filter(pk=promise.pk)
        rows.update(done_on=day, verify_from=day + timedelta(days=30))

    def verify(self, title: str) -> None:
        rows = Promise.objects.filter(pk=self.promises[title].pk)
        rows.update(verify_from=date(2020, 1, 1))
        promise = self.promise(title)
        move_promise(promise, to=PromiseState.VERIFIED, note="None since.", by=self.people.manager)

    def verify_and_hand_over(self) -> None:
        self.verify("In time")
        self.hand_over("Left")

    def fail(self, title: str) -> None:
        given: dict[str, Any] = {"note": "It happened again.", "by": self.people.stranger}
        move_promise(self.promise(title), to=PromiseState.DID_NOT_HOLD, **given)

    def move(self, title: str, to: date) -> None:
        promise = self.promise(title)
        given: dict[str, Any] = {
            "seen": promise.due_on,
            "reason": "No part.",
            "by": self.people.manager,
        }
        move_due(promise, due_on=to, **given)

    def hand_over(self, title: str) -> None:
        given: dict[str, Any] = {
            "to": self.people.owner,
            "reason": "They left.",
            "by": self.people.manager,
        }
        assign_promise(self.promise(title), **given)

    def wont_do(self, title: str) -> None:
        kind = PromiseRequest.Kind.WONT_DO
        asked = ask_for(self.promise(title), kind=kind, reason="Gone.", by=self.people.owner)
        decide_request(asked, is_granted=True, by=self.people.manager)

    def other_policy(self) -> None:
        """Shorter limits in the guide, and a day off on which something is due."""
        for name, value in {"verify_days": 1, "move_days": 1}.items():
            guide = self.restricted.guide
            GuideLimit.objects.create(guide=guide, name=name, value=value)
        GuideLimit.objects.create(guide=self.restricted.guide, name="due_days", of=1, value=3)

    def restrict_and_leave(self) -> None:
        Document.objects.filter(pk=self.restricted.pk).update(is_restricted=True)
        deactivate_person(person=self.people.colleague, by=self.people.admin)

    def name_reader(self) -> None:
        role = Participant.Role.READER
        named: dict[str, Any] = {
            "document": self.restricted,
            "user": self.people.manager,
            "role": role,
        }
        Participant.objects.create(**named)


def at(month: int, day: int, *, hour: int = 18) -> datetime:
    return datetime(2044, month, day, hour, tzinfo=UTC)


def open_one(owner: User, team: Team | None) -> Document:
    assert team
    title, zone = "Another failed", "Europe/Berlin"
    return open_coe(uid=uuid4(), title=title, severity=Severity.TWO, team=team, zone=zone, by=owner)


def pays(people: People) -> Team:
    """Payments, which works in Berlin and counts working days."""
    team = people.stranger.team
    assert team
    team.zone = "Europe/Berlin"
    team.save(update_fields=["zone"])
    calendar = TeamCalendar.objects.create(team=team, counts_working_days=True)
    for day in (date(2044, 3, 21), date(2044, 4, 15), date(2044, 4, 18)):
        Holiday.objects.create(calendar=calendar, day=day)
    return team


def hours() -> Iterator[datetime]:
    now = BEGIN
    while now < END:
        if not STILL_FROM <= now < STILL_TO:
            yield now
        now += STEP


def passed(now: datetime) -> list[Told]:
    """What one pass tells, by the day where the team works."""
    last = Notice.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    send_reminders(as_of=now)
    return sorted(told_since(last, now))


def told_since(last: int, now: datetime) -> Iterator[Told]:
    notices = Notice.objects.filter(pk__gt=last, kind__in=OF_THE_CLOCK)
    for notice in notices.select_related("person"):
        promise = Promise.objects.with_readers_fields().get(uid=notice.anchor)
        day = now.astimezone(promise.zone)
        assert day.hour >= 7
        yield f"{day:%m-%d}", notice.kind, promise.title, notice.person.name


def assert_broken_off() -> None:
    """Of two that were due one was told, and of the other there is no trace."""
    rows = Reminder.objects.filter(promise__title__in=("Late", "Left"), days=1)
    kinds = [(row.promise.title, row.kind) for row in rows.order_by("pk")]
    assert kinds == [("Late", "due"), ("Late", "late")]


def test_a_quarter(quarter: Quarter) -> None:
    events, told = quarter.events(), list[Told]()
    for now in hours():
        if now == CRASH:
            with breaking_at("coe_notice", after=1), pytest.raises(ExceptionGroup):
                send_reminders(as_of=now)
            assert_broken_off()
            told.append(("03-09", "promise_late", "Late", "Contributor"))
        told += passed(now)
        if happens := events.get(now.replace(minute=0)):
            known = PromiseEvent.objects.count()
            happens()
            backdate(now, after=known)
    assert sorted(told) == EXPECTED
    due = dict(Promise.objects.values_list("title", "due_on"))
    assert due == {title: promise.due_on for title, promise in quarter.promises.items()} | {
        "Moved": date(2044, 4, 20)
    }
    assert dict(Promise.objects.values_list("title", "moves")) == {
        title: int(title == "Moved") for title in due
    }

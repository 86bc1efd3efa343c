"""The mail of a week: one a person, on Monday in the morning where they are.

14 March 2044 is a Monday; on the 13th clocks in Los Angeles are set forward.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from coe.accounts.models import Team, User
from coe.actions.models import Promise, PromiseEvent
from coe.documents.models import Document, Participant
from coe.jobs.models import Job
from coe.notices.queries import deliveries
from coe.notices.services import choose_mails
from coe.promises.dates import move_due
from coe.reminders.models import Digest
from coe.reminders.services import send_reminders
from coe.reminders.weekly import mail_week, people_to_mail, week_due
from tests.documents.rivals import at_once
from tests.library.pages import get
from tests.notices.mails import latest
from tests.notices.test_settings import filled
from tests.people import People
from tests.reminders.clocks import backdate, promise_all

MONDAY = date(2044, 3, 14)
MORNING = datetime(2044, 3, 14, 8, tzinfo=UTC)
LATE, SOON, LATER = date(2044, 3, 10), date(2044, 3, 16), date(2044, 5, 1)


def mails(person: User, at: datetime) -> int:
    before = len(mail.outbox)
    mail_week(User.objects.get(pk=person.pk), as_of=at)
    return len(mail.outbox) - before


@pytest.fixture
def promises(document: Document, people: People) -> dict[str, Promise]:
    """Of Storage: one late, one due on Wednesday, one done and unverified, one moved, one quiet."""
    mine = people.contributor
    made = promise_all(
        document,
        ("Late one", mine, LATE),
        ("Due one", None, SOON),
        ("Done one", mine, LATE),
        ("Moved one", mine, date(2044, 4, 1)),
        ("Quiet one", mine, LATER),
    )
    done: dict[str, Any] = {"done_on": date(2044, 2, 1), "verify_from": MONDAY, "done_by": mine}
    Promise.objects.filter(pk=made["Done one"].pk).update(state="done", **done)
    moved: dict[str, Any] = {
        "due_on": LATER,
        "seen": date(2044, 4, 1),
        "reason": "No part.",
        "by": people.manager,
    }
    known = PromiseEvent.objects.count()
    move_due(made["Moved one"], **moved)
    backdate(MORNING - timedelta(days=2), after=known)
    return made


@pytest.mark.django_db
def test_it_says_what_is_late_due_unverified_and_moved(
    promises: dict[str, Promise], document: Document, people: People
) -> None:
    assert mails(people.manager, MORNING) == 1
    assert mail.outbox[-1].subject == "Action items in the week of 14 March 2044"
    told, at = document.reference, f"  http://localhost:8000/coes/{document.reference}/actions"
    link = {title: f"{at}/{promise.uid}/" for title, promise in promises.items()}
    assert latest() == "\n".join(
        [
            "Hello Manager,",
            "",
            "This is how they stand.",
            "",
            "Platform: 4 open",
            "",
            "Late: 1",
            "",
            "- Late one",
            f"  {told}, was due on 10 March 2044, Contributor",
            link["Late one"],
            "",
            "Due this week: 1",
            "",
            "- Due one",
            f"  {told}, is due on 16 March 2044, nobody’s",
            link["Due one"],
            "",
            "Done, and waiting for somebody to say whether they held: 1",
            "",
            "- Done one",
            f"  {told}, was done on 1 February 2044, Contributor",
            link["Done one"],
            "",
            "Moved in the last seven days: 1",
            "",
            "- Moved one",
            f"  {told}, from 1 April 2044 to 1 May 2044, Contributor",
            link["Moved one"],
            "",
            "--",
            "Choose which mails you get, and when: http://localhost:8000/notices/settings/",
        ]
    )


@pytest.mark.django_db
def test_who_manages_a_team_and_who_leads_get_one(
    promises: dict[str, Promise], people: People
) -> None:
    assert [person.name for person in people_to_mail(as_of=MORNING)] == [
        "Director",
        "Leader",
        "Manager",
    ]
    send_reminders(as_of=MORNING)
    send_reminders(as_of=MORNING)
    assert Job.objects.filter(kind="mail_week").count() == 3


@pytest.mark.django_db
def test_who_manages_teams_below_each_other_gets_them_as_one(
    promises: dict[str, Promise], people: People
) -> None:
    Team.objects.update(manager=people.manager)
    User.objects.filter(pk=people.manager.pk).update(is_leader=True)
    assert mails(people.manager, MORNING) == 1
    assert [digest.team and digest.team.name for digest in Digest.objects.order_by("pk")] == [
        "Company",
        None,
    ]


@pytest.mark.django_db
def test_it_comes_once_a_week_and_where_nothing_is_to_be_said_not_at_all(
    promises: dict[str, Promise], document: Document, people: People
) -> None:
    times = [MORNING + timedelta(hours=hours) for hours in (0, 0, 1, 30)]
    assert [mails(people.manager, time) for time in times] == [1, 0, 0, 0]
    assert mails(people.manager, MORNING + timedelta(days=7)) == 1
    Promise.objects.update(
        state="accepted", due_on=LATER, done_on=None, done_by=None, verify_from=None
    )
    assert mails(people.manager, MORNING + timedelta(days=14)) == 0
    assert list(Digest.objects.order_by("week").values_list("lines", flat=True)) == [4, 3, 0]
    assert people.manager not in people_to_mail(as_of=MORNING + timedelta(days=14, hours=1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2044-03-14T14:59Z", None),  # 07:59 in Los Angeles; of the week before it is too late
        ("2044-03-14T15:00Z", MONDAY),
        ("2044-03-17T06:59Z", MONDAY),
        ("2044-03-17T07:00Z", None),  # Thursday
        ("2044-03-07T15:59Z", None),  # before the clocks are set 08:00 is 16:00 UTC
        ("2044-03-07T16:00Z", date(2044, 3, 7)),
    ],
)
def test_it_is_due_on_monday_at_the_hour_of_the_daily_mail(
    at: str, expected: date | None, people: People
) -> None:
    person = people.manager
    zone = "America/Los_Angeles"
    choose_mails(deliveries=deliveries(person), zone=zone, hour=8, by=person)
    assert week_due(person, datetime.fromisoformat(at)) == expected


@pytest.mark.django_db
def test_nobody_is_told_of_what_they_may_not_see(
    promises: dict[str, Promise], document: Document, people: People
) -> None:
    Document.objects.update(is_restricted=True)
    assert [mails(person, MORNING) for person in (people.manager, people.leader)] == [0, 0]
    role = Participant.Role.READER
    Participant.objects.create(document=document, user=people.director, role=role)
    assert mails(people.director, MORNING) == 1
    assert f"- {document.reference}, was due on 10 March 2044" in latest()
    assert "Late one" not in latest()


@pytest.mark.django_db
def test_who_has_left_or_wants_none_gets_none(
    promises: dict[str, Promise], people: People, client: Client
) -> None:
    User.objects.filter(pk=people.leader.pk).update(is_active=False)
    get(client, people.manager, "/notices/settings/")
    assert client.post("/notices/settings/", filled(wants_week="")).status_code == 303
    assert [person.name for person in people_to_mail(as_of=MORNING)] == ["Director"]
    assert client.post("/notices/settings/", filled(wants_week="on")).status_code == 303
    assert [person.name for person in people_to_mail(as_of=MORNING)] == ["Director", "Manager"]


@pytest.mark.django_db
def test_only_who_gets_it_is_asked_whether_they_want_it(people: People, client: Client) -> None:
    shown = [
        "wants_week" in get(client, person, "/notices/settings/").context["form"].fields
        for person in (people.manager, people.leader, people.colleague)
    ]
    assert shown == [True, True, False]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_send_it_once(promises: dict[str, Promise], people: People) -> None:
    rivals = at_once(*[lambda: mail_week(people.manager, as_of=MORNING)] * 3)
    assert [rival.error for rival in rivals] == [None] * 3
    assert (len(mail.outbox), Digest.objects.count()) == (1, 1)

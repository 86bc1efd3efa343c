"""The mail of a day: once, at its hour, late or at the same time from two sides."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.db.models import F

from coe.accounts.models import Team, User
from coe.documents.models import Document
from coe.jobs.kinds import Lane
from coe.jobs.models import Job
from coe.jobs.services import run_waiting_jobs
from coe.notices.mail import mail_day
from coe.notices.models import DailyMail, Delivery, Kind, Notice
from coe.notices.queries import deliveries
from coe.notices.services import choose_mails, forget_seen, gather, see, tell
from tests.documents.rivals import Rival
from tests.notices.mails import latest
from tests.people import People
from tests.reviews.steps import open_another, publish_draft, state_facts


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@transaction.atomic
def gathered(document: Document, people: People, at: str, kind: Kind = Kind.ANSWERED) -> None:
    """The colleague, who works in Los Angeles, is told at that time; it waits for their mail."""
    tell(kind, people=[people.colleague], document=document, by=people.owner, text="Nine?")
    notice = Notice.objects.latest("pk")
    notice.at = moment(at)
    notice.save(update_fields=["at"])


def mails(person: User, at: str) -> int:
    """How many mails a run at that time sends."""
    before = len(mail.outbox)
    mail_day(User.objects.get(pk=person.pk), as_of=moment(at))
    return len(mail.outbox) - before


def put_for(at: str) -> list[str]:
    """Whose mail is due at that time, by their names."""
    Job.objects.all().delete()
    gather(as_of=moment(at))
    keys = Job.objects.filter(kind="mail_day").values_list("payload__person", flat=True)
    return sorted(User.objects.filter(pk__in=[*keys]).values_list("name", flat=True))


@pytest.mark.django_db
def test_it_comes_at_eight_where_the_team_works(document: Document, people: People) -> None:
    gathered(document, people, "2026-11-22T03:00Z")  # 21 November, 19:00 there
    assert mails(people.colleague, "2026-11-22T15:59Z") == 0
    assert mails(people.colleague, "2026-11-22T16:00Z") == 1
    assert mail.outbox[-1].subject == (
        f"One thing to know about {document.reference}: {document.incident.title}"
    )
    assert latest() == (
        "Hello Colleague,\n"
        "\n"
        "This came since your last mail, and you have not seen it yet.\n"
        "\n"
        f"{document.reference}: {document.incident.title}\n"
        "\n"
        "- Owner wrote to you in the discussion.\n"
        "> Nine?\n"
        "\n"
        f"http://localhost:8000/coes/{document.reference}/draft/\n"
        "\n"
        "--\n"
        "Choose which mails you get, and when: http://localhost:8000/notices/settings/"
    )


@pytest.mark.django_db
def test_it_comes_once_however_often_it_is_asked_for(document: Document, people: People) -> None:
    gathered(document, people, "2026-11-22T03:00Z")
    assert [mails(people.colleague, f"2026-11-22T16:{minute}Z") for minute in (10, 10, 25)] == [
        1,
        0,
        0,
    ]
    gathered(document, people, "2026-11-22T17:00Z")
    assert mails(people.colleague, "2026-11-22T23:00Z") == 0
    assert mails(people.colleague, "2026-11-23T16:00Z") == 1


@pytest.mark.django_db
def test_a_late_run_sends_it_and_the_next_day_is_in_time_again(
    document: Document, people: People
) -> None:
    """The worker stood still from one day's hour until the next morning."""
    gathered(document, people, "2026-11-22T03:00Z")
    assert mails(people.colleague, "2026-11-23T14:00Z") == 1
    assert DailyMail.objects.get().day.isoformat() == "2026-11-22"
    gathered(document, people, "2026-11-23T14:30Z")
    assert mails(people.colleague, "2026-11-23T16:00Z") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hour", "before", "due"),
    [
        # 8 March 2026: 02:00 to 03:00 is left out. 1 November: 01:00 to 02:00 is there twice.
        (2, "2026-03-08T09:59Z", "2026-03-08T10:00Z"),
        (1, "2026-11-01T07:59Z", "2026-11-01T08:00Z"),
    ],
)
def test_in_the_nights_in_which_clocks_are_set_it_comes_once(
    hour: int, before: str, due: str, document: Document, people: People
) -> None:
    person = people.colleague
    choose_mails(deliveries=deliveries(person), zone="", hour=hour, by=person)
    gathered(document, people, (moment(before) - timedelta(hours=2)).isoformat())
    assert mails(person, before) == 0
    assert mails(person, due) == 1
    again = moment(due)
    for minutes in (15, 60, 75, 120):
        gathered(document, people, (again + timedelta(minutes=minutes - 5)).isoformat())
        assert mails(person, (again + timedelta(minutes=minutes)).isoformat()) == 0
    assert mails(person, (again + timedelta(hours=25)).isoformat()) == 1


@pytest.mark.django_db
def test_whoever_moves_west_gets_no_second_mail_of_the_same_day(
    document: Document, people: People
) -> None:
    person = people.colleague
    choose_mails(deliveries=deliveries(person), zone="Asia/Tokyo", hour=8, by=person)
    gathered(document, people, "2026-11-21T20:00Z")
    assert mails(person, "2026-11-21T23:00Z") == 1  # 22 November in Tokyo
    choose_mails(deliveries=deliveries(person), zone="America/Los_Angeles", hour=8, by=person)
    gathered(document, people, "2026-11-22T01:00Z")
    assert mails(person, "2026-11-22T16:00Z") == 0  # 22 November in Los Angeles as well
    assert mails(person, "2026-11-23T16:00Z") == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_once_one_sends_it(document: Document, people: People) -> None:
    gathered(document, people, "2026-11-22T03:00Z")
    with transaction.atomic():
        assert mails(people.colleague, "2026-11-22T16:00Z") == 1
        rival = Rival(lambda: mails(people.colleague, "2026-11-22T16:00Z"))
        assert rival.is_held_up(), "did not wait for the other"
    assert rival.finish() == 0
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_where_the_first_run_fails_the_other_sends_it(document: Document, people: People) -> None:
    gathered(document, people, "2026-11-22T03:00Z")
    with transaction.atomic():
        mails(people.colleague, "2026-11-22T16:00Z")
        rival = Rival(lambda: mails(people.colleague, "2026-11-22T16:00Z"))
        assert rival.is_held_up()
        transaction.set_rollback(True)
    assert rival.finish() == 1
    assert DailyMail.objects.count() == 1
    assert Notice.objects.get().mailed_at == moment("2026-11-22T16:00Z")


@pytest.mark.django_db
def test_what_is_told_while_it_is_sent_comes_with_the_next(
    document: Document, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that began before the mail was written may be committed behind it."""
    gathered(document, people, "2026-11-22T03:00Z")

    def slow(self: EmailBackend, messages: Sequence[EmailMessage]) -> int:
        gathered(document, people, "2026-11-22T15:59Z")
        return len(messages)

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", slow)
        mails(people.colleague, "2026-11-22T16:00Z")
    assert mails(people.colleague, "2026-11-23T16:00Z") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("is_hopeless", [True, False])
def test_a_mail_that_cannot_be_sent_is_put_once_a_day(
    is_hopeless: bool, document: Document, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = SMTPRecipientsRefused({"a@example.com": (550 if is_hopeless else 450, b"No")})

    def refuse(self: EmailBackend, messages: Sequence[EmailMessage]) -> int:
        raise refused

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    today = datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0)
    if today > datetime.now(UTC):
        today -= timedelta(days=1)
    gathered(document, people, (today - timedelta(hours=2)).isoformat())
    Job.objects.all().delete()
    for quarter in range(3):
        gather(as_of=today + timedelta(minutes=15 * quarter))
        run_waiting_jobs(lane=Lane.MAIL)
    assert Job.objects.filter(kind="mail_day").count() == 1
    gather(as_of=today + timedelta(days=1))
    assert Job.objects.filter(kind="mail_day").count() == (2 if is_hopeless else 1)


@pytest.mark.django_db
def test_what_may_no_longer_be_seen_is_neither_in_it_nor_in_the_next(
    document: Document, people: People
) -> None:
    other = open_another(people, "Cards were refused")
    gathered(document, people, "2026-11-22T03:00Z")
    gathered(other, people, "2026-11-22T03:00Z")
    state_facts(document, is_restricted=True, by=people.owner)
    assert mails(people.colleague, "2026-11-22T16:00Z") == 1
    assert "Cards were refused" in latest()
    assert document.reference not in latest()
    state_facts(document, is_restricted=False, by=people.owner)
    assert mails(people.colleague, "2026-11-23T16:00Z") == 0
    assert Notice.objects.unseen_by(people.colleague).count() == 2


@pytest.mark.django_db
def test_nothing_is_sent_to_who_saw_it_all_or_was_deactivated(
    document: Document, people: People
) -> None:
    gathered(document, people, "2026-11-22T03:00Z")
    User.objects.filter(pk=people.colleague.pk).update(is_active=False)
    assert put_for("2026-11-22T16:00Z") == []
    assert mails(people.colleague, "2026-11-22T16:00Z") == 0
    User.objects.filter(pk=people.colleague.pk).update(is_active=True)
    Notice.objects.update(delivery=Delivery.DAILY)
    see(document, by=people.colleague)
    assert mails(people.colleague, "2026-11-23T16:00Z") == 0
    assert mail.outbox == []


@pytest.mark.django_db
def test_of_restricted_coes_and_of_several_it_names_what_may_be_named(
    document: Document, people: People
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    other = open_another(people, "Cards were refused")
    publish_draft(other, people)
    Notice.objects.all().delete()
    for coe in (document, other, other):
        tell(Kind.PUBLISHED, people=[people.owner], document=coe, by=people.contributor, text="Key")
    Notice.objects.update(at=F("at") - timedelta(days=2))
    assert mails(people.owner, datetime.now(UTC).isoformat()) == 1
    assert mail.outbox[-1].subject == "3 things to know about 2 COEs"
    assert f"\n{document.reference}\n\n- Contributor published it.\n\nhttp" in latest()
    assert f"\n{other.reference}: Cards were refused\n\n- Contributor published it.\n" in latest()
    assert latest().count("> Key") == 2


@pytest.mark.django_db
def test_it_is_looked_whose_mail_is_due_while_anything_waits(
    document: Document, people: People
) -> None:
    Team.objects.filter(members=people.manager).update(zone="Europe/Berlin")
    tell(Kind.ANSWERED, people=[people.manager], document=document, by=people.owner)
    gathered(document, people, "2026-11-22T03:00Z")
    Notice.objects.update(at=moment("2026-11-22T03:00Z"))
    assert put_for("2026-11-22T06:45Z") == []
    assert put_for("2026-11-22T07:00Z") == ["Manager"]
    again = Job.objects.get(kind="gather_notices")
    assert again.due_at == moment("2026-11-22T07:15Z")
    assert put_for("2026-11-22T16:00Z") == ["Colleague", "Manager"]
    for person in (people.manager, people.colleague):
        assert mails(person, "2026-11-22T16:00Z") == 1
    assert put_for("2026-11-22T16:15Z") == []
    assert not Job.objects.filter(kind="gather_notices").exists()


@pytest.mark.django_db
def test_the_hundredth_and_all_after_it_are_counted(document: Document, people: People) -> None:
    for _ in range(130):
        gathered(document, people, "2026-11-22T03:00Z")
    assert mails(people.colleague, "2026-11-22T16:00Z") == 1
    assert mail.outbox[-1].subject.startswith("130 things to know about COE-")
    assert latest().count("- Owner wrote to you in the discussion.") == 100
    assert "And 30 more, at http://localhost:8000/\n" in latest()


@pytest.mark.django_db
def test_what_was_seen_is_forgotten_after_ninety_days_and_nothing_else(
    document: Document, people: People
) -> None:
    for days in (89, 91, None):
        gathered(document, people, "2026-01-01T00:00Z")
        notice = Notice.objects.latest("pk")
        notice.seen_at = moment("2026-11-22T00:00Z") - timedelta(days=days) if days else None
        notice.save(update_fields=["seen_at"])
    DailyMail.objects.create(
        person=people.colleague, day="2026-01-01", sent_at=moment("2026-01-01T00:00Z")
    )
    forget_seen(as_of=moment("2026-11-22T00:00Z"))
    assert Notice.objects.count() == 2
    assert Notice.objects.filter(seen_at=None).count() == 1
    assert not DailyMail.objects.exists()

"""What administrators are told of the outbox, and what they can do about it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from coe.jobs.models import Heartbeat, Job

pytestmark = pytest.mark.django_db

PAGE = "/administration/jobs/"
State = Job.State


def words(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


def failed(**values: object) -> Job:
    given = {"kind": "invitation", "state": State.FAILED, "tries": 18, "ended_at": now()}
    return Job.objects.create(**{**given, **values})


def put_off(kind: str = "invitation", error: str = "The mail server is away.") -> Job:
    later = now() + timedelta(hours=2)
    return Job.objects.create(kind=kind, tries=3, error=error, due_at=later, tried_at=now())


def test_an_empty_outbox_and_no_worker_are_said_to_be(boss_client: Client) -> None:
    page = words(boss_client)
    assert "No worker is running." in page
    assert "no mail goes out" in page
    assert "Nothing has failed." in page
    assert "Nothing waits" in page


def test_a_worker_that_was_heard_just_now_is_running(boss_client: Client) -> None:
    Heartbeat.objects.create(uid=uuid4())
    page = words(boss_client)
    assert "The worker is running." in page
    assert "No worker is running" not in page


def test_a_worker_that_was_not_heard_for_a_while_is_said_to_be_gone(boss_client: Client) -> None:
    Heartbeat.objects.create(uid=uuid4(), beat_at=now() - timedelta(minutes=4, seconds=30))
    put_off()
    page = words(boss_client)
    assert "No worker is running, so what waits below stays where it is." in page
    assert "4 min" in page


def test_what_failed_stands_there_with_its_error_and_is_tried_again(boss_client: Client) -> None:
    job = failed(error="The mail server takes no mail for <ada@example.org>.")
    page = words(boss_client)
    assert "Mail an invitation" in page
    assert "The mail server takes no mail for &lt;ada@example.org&gt;." in page
    answer = boss_client.post(f"{PAGE}{job.pk}/again/")
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    job.refresh_from_db()
    assert (job.state, job.tries, job.ended_at) == (State.WAITING, 0, None)
    assert job.due_at <= now()


def test_a_stale_button_changes_nothing(boss_client: Client) -> None:
    job = put_off()
    assert boss_client.post(f"{PAGE}{job.pk}/again/").status_code == 409
    assert Job.objects.get() == job
    assert Job.objects.get().due_at == job.due_at


def test_all_that_failed_is_tried_again_at_once(boss_client: Client) -> None:
    for _ in range(3):
        failed()
    done = Job.objects.create(kind="invitation", state=State.DONE, ended_at=now())
    answer = boss_client.post(f"{PAGE}again/", follow=True)
    assert "3 jobs are tried again now." in answer.content.decode()
    assert Job.objects.filter(state=State.WAITING).count() == 3
    done.refresh_from_db()
    assert done.state == State.DONE
    again = boss_client.post(f"{PAGE}again/", follow=True)
    assert "There was nothing left to try again." in again.content.decode()


def test_a_pause_of_one_kind_is_ended_and_the_others_go_on(boss_client: Client) -> None:
    mail, other = put_off(), put_off("print_coe")
    boss_client.post(f"{PAGE}invitation/now/")
    due = Job.objects.filter(due_at__lte=now())
    assert [each.pk for each in due] == [mail.pk]
    assert Job.objects.get(pk=other.pk).due_at == other.due_at


def test_what_waits_is_told_kind_by_kind(boss_client: Client) -> None:
    for _ in range(2):
        put_off(error="The mail server is away.")
    Job.objects.create(kind="invitation")
    Job.objects.create(kind="of_tomorrow")
    page = words(boss_client)
    assert "2 of them were tried in vain and will be tried again." in page
    assert "The mail server is away." in page
    assert "of_tomorrow" in page


def test_of_a_mail_server_that_is_away_it_is_said_that_all_mail_waits(boss_client: Client) -> None:
    for _ in range(2):
        put_off(error="The mail server is away.")
    assert "All were tried in vain and will be tried again." in words(boss_client)


def test_the_page_asks_the_same_of_300_jobs(
    boss_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(2):
        Job.objects.bulk_create(
            Job(kind="invitation", state=state, error="e", ended_at=now())
            for state in (State.FAILED, State.WAITING)
            for _ in range(150)
        )
        with django_assert_num_queries(7):  # session, who; pulse; waiting, why; failed, how many
            boss_client.get(PAGE)

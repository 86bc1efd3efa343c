"""One reminder: once, to whom it concerns, and only while it is so."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseState
from coe.actions.services import keep_promises
from coe.documents.models import Document, Participant
from coe.jobs.models import Job
from coe.notices.models import OF_THE_CLOCK, Kind, Notice
from coe.notices.services import tell
from coe.policies.models import GuideLimit
from coe.promises.dates import assign_promise, move_due
from coe.promises.services import move_promise
from coe.reminders.models import Reminder
from coe.reminders.queries import promises_to_remind_of
from coe.reminders.services import put_reminders, remind, send_reminders
from tests.documents.rivals import at_once
from tests.library.pages import get, words
from tests.notices.mails import arrived, latest
from tests.people import People
from tests.promises.promising import SHOWN, fresh, make_promise
from tests.reminders.clocks import promise_all
from tests.reviews.racing import overtaken

DUE = date(2044, 3, 15)
SOON, LATE, MONTH_LATE = (
    datetime(2044, 3, 8, 20, tzinfo=UTC),
    datetime(2044, 3, 16, 20, tzinfo=UTC),
    datetime(2044, 4, 15, 20, tzinfo=UTC),
)


@pytest.fixture
def promise(document: Document, people: People) -> Promise:
    """Of the contributor, in a COE of the owner that the manager approves, due on 15 March 2044."""
    return make_promise(document, people.contributor, due_on=DUE)


def told() -> list[tuple[str, str]]:
    """What stands unseen because a day came, and whom it waits for."""
    notices = Notice.objects.filter(kind__in=OF_THE_CLOCK, seen_at=None).order_by(
        "kind", "person_id"
    )
    return [(notice.kind, notice.person.name) for notice in notices.select_related("person")]


@pytest.mark.django_db
def test_it_says_which_day_and_of_what(promise: Promise, people: People) -> None:
    assert send_reminders(as_of=SOON) == 1
    notice = Notice.objects.get(kind=Kind.PROMISE_DUE)
    assert (notice.person, notice.by) == (people.contributor, None)
    assert notice.text == "Alarm at 80 % full\nIt is due on 15 March 2044."
    send_reminders(as_of=LATE)
    notice = Notice.objects.get(kind=Kind.PROMISE_LATE)
    assert notice.text == "Alarm at 80 % full\nIt was due on 15 March 2044 and is not done."


@pytest.mark.django_db
def test_a_second_pass_tells_nothing(promise: Promise) -> None:
    assert [send_reminders(as_of=MONTH_LATE) for _ in range(3)] == [3, 0, 0]
    assert told() == [
        ("promise_escalated", "Manager"),
        ("promise_escalated", "Director"),
        ("promise_late", "Contributor"),
    ]


@pytest.mark.django_db
def test_what_is_told_anew_takes_the_place_of_what_was_told(promise: Promise) -> None:
    for days in (0, 8, 15):
        send_reminders(as_of=SOON + timedelta(days=days))
        assert len([kind for kind, name in told() if name == "Contributor"]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("state", [*PromiseState, "dropped"])
def test_only_what_is_to_be_done_is_late(
    state: str, promise: Promise, document: Document, people: People
) -> None:
    if state in PromiseState:
        finished: dict[str, Any] = {}
        if state in ("done", "verified"):
            day = date(2044, 3, 10)
            finished = {
                "done_on": day,
                "done_by": people.contributor,
                "verify_from": date.max,
            }
        Promise.objects.update(state=state, **finished)
    else:
        keep_promises(document, promised=[], by=people.owner)
    expected = 3 if state in ("accepted", "in_progress", "did_not_hold") else 0
    assert send_reminders(as_of=MONTH_LATE) == expected


@pytest.mark.django_db
def test_what_is_done_moved_handed_over_or_dropped_takes_back_what_was_told(
    promise: Promise, document: Document, people: People
) -> None:
    def after(step: object) -> list[tuple[str, str]]:
        point = transaction.savepoint()
        assert callable(step)
        step()
        left = told()
        transaction.savepoint_rollback(point)
        return left

    send_reminders(as_of=MONTH_LATE)
    by, all_of_it = people.contributor, told()
    done: dict[str, Any] = {
        "to": PromiseState.DONE,
        "note": "It rang.",
        "evidence": SHOWN,
        "by": by,
    }
    assert after(lambda: move_promise(promise, to=PromiseState.IN_PROGRESS, by=by)) == all_of_it
    assert after(lambda: move_promise(promise, **done)) == []
    to: dict[str, Any] = {
        "due_on": date(2044, 6, 1),
        "seen": DUE,
        "reason": "No part.",
        "by": people.manager,
    }
    assert after(lambda: move_due(promise, **to)) == []
    handed: dict[str, Any] = {"to": people.colleague, "reason": "Yours.", "by": by}
    assert after(lambda: assign_promise(promise, **handed)) == all_of_it[:2]
    assert after(lambda: keep_promises(document, promised=[], by=people.owner)) == []


@pytest.mark.django_db
def test_a_moved_date_is_reminded_of_anew(promise: Promise, people: People) -> None:
    send_reminders(as_of=SOON)
    moved: dict[str, Any] = {"due_on": DUE + timedelta(30), "seen": DUE, "reason": "No part."}
    move_due(promise, **moved, by=people.manager)
    assert send_reminders(as_of=SOON) == 0
    assert send_reminders(as_of=SOON + timedelta(days=30)) == 1
    assert sorted(Reminder.objects.values_list("days", "due_on")) == [
        (7, DUE),
        (7, DUE + timedelta(days=30)),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("owner", ["nobody", "left", "blind"])
def test_where_its_owner_cannot_be_told_its_manager_is(
    owner: str, promise: Promise, people: People
) -> None:
    if owner == "nobody":
        Promise.objects.update(owner=None)
    elif owner == "left":
        User.objects.filter(pk=people.contributor.pk).update(is_active=False)
    else:
        Document.objects.update(is_restricted=True)
        Participant.objects.filter(user=people.contributor).delete()
        role = Participant.Role.READER
        Participant.objects.create(document=promise.document, user=people.manager, role=role)
    send_reminders(as_of=LATE)
    assert told() == [("promise_late", "Manager")]
    whose = {"nobody": "Nobody owns it.", "left": "Its owner is Contributor, who has left."}
    text = Notice.objects.get(kind=Kind.PROMISE_LATE).text
    assert text.endswith(whose.get(owner, "Its owner is Contributor."))


@pytest.mark.django_db
def test_one_person_is_told_one_thing_at_a_time(promise: Promise, people: People) -> None:
    """Who manages the team is told that it is late because its owner has left, and in the same
    late pass that it is late for long: the heavier is told."""
    User.objects.filter(pk=people.contributor.pk).update(is_active=False)
    send_reminders(as_of=MONTH_LATE)
    assert told() == [("promise_escalated", "Manager"), ("promise_escalated", "Director")]
    assert send_reminders(as_of=MONTH_LATE) == 0


@pytest.mark.django_db
def test_who_owns_it_is_never_who_it_is_escalated_to(document: Document, people: People) -> None:
    make_promise(document, people.manager, due_on=DUE)
    send_reminders(as_of=MONTH_LATE)
    assert told() == [
        ("promise_escalated", "Director"),
        ("promise_escalated", "Leader"),
        ("promise_late", "Manager"),
    ]


@pytest.mark.django_db
def test_who_did_it_is_not_asked_whether_it_held(document: Document, people: People) -> None:
    promise = make_promise(document, people.contributor, due_on=DUE)
    day = date(2044, 3, 10)
    done: dict[str, Any] = {"state": "done", "done_on": day, "verify_from": date(2044, 4, 9)}
    Promise.objects.update(**done, done_by=people.manager)
    assert send_reminders(as_of=datetime(2044, 4, 8, 20, tzinfo=UTC)) == 0
    assert send_reminders(as_of=datetime(2044, 4, 9, 20, tzinfo=UTC)) == 1
    assert told() == [("promise_to_verify", "Director")]
    text = Notice.objects.get(kind=Kind.PROMISE_TO_VERIFY).text
    assert text == "Alarm at 80 % full\nManager did it on 10 March 2044."
    assert fresh(promise).state == "done"


@pytest.mark.django_db
def test_the_mail_says_it_and_where(promise: Promise, client: Client) -> None:
    send_reminders(as_of=MONTH_LATE)
    name = f"{promise.document.reference}: {promise.document.incident.title}"
    item = f"Alarm at 80 % full ({promise.document.reference})"
    assert arrived() == [
        ("director", f"Long overdue: {item}"),
        ("manager", f"Long overdue: {item}"),
    ]
    link = f"http://localhost:8000/coes/{promise.document.reference}/actions/{promise.uid}/"
    assert latest() == (
        "Hello Manager,\n"
        "\n"
        f"An action item of {promise.document.reference} is long overdue:\n"
        "\n"
        "Alarm at 80 % full\n"
        f"in {name}\n"
        "\n"
        "> It was due on 15 March 2044 and is not done. Its owner is Contributor.\n"
        "\n"
        f"{link}\n"
        "\n"
        "Help its owner, hand it over to somebody else, or move its due date and say why.\n"
        "\n"
        "--\n"
        "Choose which mails you get, and when: http://localhost:8000/notices/settings/"
    )


@pytest.mark.django_db
def test_it_waits_at_home_until_its_page_was_opened(
    promise: Promise, people: People, client: Client
) -> None:
    send_reminders(as_of=LATE)
    page = get(client, people.contributor, "/")
    assert "An action item is late." in words(page)
    assert "was due on 15 March 2044" in words(page)
    get(client, people.contributor, f"/coes/{promise.document.reference}/actions/{promise.uid}/")
    assert told() == []


@pytest.mark.django_db
def test_the_worker_reminds_of_each_in_a_job_of_its_own(document: Document, people: People) -> None:
    today = datetime.now(UTC).date()
    promise_all(
        document,
        ("One", people.contributor, today - timedelta(days=3)),
        ("Two", people.contributor, today - timedelta(days=3)),
    )
    Promise.objects.update(promised_at=datetime.now(UTC) - timedelta(days=60))
    noon = datetime.now(UTC).replace(hour=23)
    for _ in range(3):
        put_reminders(as_of=noon)
    assert Job.objects.filter(kind="remind").count() == 2


@pytest.mark.django_db
def test_where_one_fails_the_others_are_told(document: Document, people: People) -> None:
    names = ("One", "Two", "Three")
    promises = promise_all(document, *((name, people.contributor, DUE) for name in names))
    broken = f"CHECK (promise_id <> {promises['Two'].pk})"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE coe_reminder ADD CONSTRAINT broken_of_tests {broken}")
    with pytest.raises(ExceptionGroup, match="2 were told") as failed:
        send_reminders(as_of=LATE)
    assert [type(each) for each in failed.value.exceptions] == [IntegrityError]
    reminded = Reminder.objects.values_list("promise__title", flat=True)
    assert sorted(reminded) == ["One", "Three"]


@pytest.mark.django_db
def test_the_command_is_one_pass(promise: Promise, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("send_reminders", "--at", "2044-03-16T20:00Z")
    call_command("send_reminders", "--at=2044-03-16T20:00Z")
    assert capsys.readouterr().out == "1 reminder told.\n0 reminders told.\n"
    with pytest.raises(CommandError, match="in which zone"):
        call_command("send_reminders", "--at", "2044-03-16T20:00")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 40])
def test_looking_takes_the_same_queries_however_many_there_are(
    number: int, document: Document, people: People, django_assert_num_queries: object
) -> None:
    assert callable(django_assert_num_queries)
    promise_all(document, *[(f"No. {each}", people.contributor, DUE) for each in range(number)])
    with django_assert_num_queries(5):
        assert len([*promises_to_remind_of(as_of=LATE)]) == number


@pytest.mark.django_db
def test_what_was_told_stands(promise: Promise) -> None:
    send_reminders(as_of=LATE)
    for change in (
        lambda: Reminder.objects.update(days=9),
        lambda: Reminder.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_only_that_a_day_has_come_is_of_nobodys_doing(document: Document, people: People) -> None:
    with (
        pytest.raises(IntegrityError, match="notice_of_somebody_or_the_clock"),
        transaction.atomic(),
    ):
        tell(Kind.HANDED_OVER, people=[people.owner], document=document, by=None)


@pytest.mark.django_db(transaction=True)
def test_two_passes_at_once_tell_it_once(document: Document, people: People) -> None:
    promise_all(document, *[(f"No. {each}", people.contributor, DUE) for each in range(8)])
    rivals = at_once(*[lambda: send_reminders(as_of=LATE)] * 3)
    assert [rival.error for rival in rivals] == [None] * 3
    assert sum(rival.result for rival in rivals if isinstance(rival.result, int)) == 8
    assert (Reminder.objects.count(), len(told())) == (8, 8)


@pytest.mark.django_db(transaction=True)
def test_what_is_done_while_somebody_is_to_be_reminded_is_not_late(
    promise: Promise, people: People
) -> None:
    a_century = 36500
    guide = promise.document.guide
    GuideLimit.objects.create(guide=guide, name="verify_days", value=a_century)
    done: dict[str, Any] = {"to": PromiseState.DONE, "note": "It rang.", "evidence": SHOWN}
    rival = overtaken(
        lambda: move_promise(promise, **done, by=people.contributor),
        lambda: remind(promise.pk, as_of=LATE),
    )
    assert rival.finish() == 0
    assert told() == []

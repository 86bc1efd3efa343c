"""What other programs are told of the life of an action item: by its services and by the clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from coe.accounts.models import Team, User
from coe.actions.models import Promise, PromiseRequest, PromiseState
from coe.documents.models import Document
from coe.integrations.services import set_chat
from coe.jobs.models import Job
from coe.promises.dates import move_due
from coe.promises.requests import ask_for, decide_request
from coe.promises.services import move_promise
from coe.reminders.services import send_reminders
from coe.web.errors import StaleAnswer
from tests.integrations.hooks import bodies, listen, raw_bodies, work
from tests.integrations.serving import GOOD, Served, answers, serving
from tests.people import People
from tests.promises.promising import SHOWN, fresh, make_promise
from tests.reviews.steps import open_another, propose, publish_draft, state_facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here_is_allowed")]

DUE = date(2044, 3, 15)
A_DAY, A_WEEK, TWO_WEEKS, A_MONTH = (
    datetime(2044, 3, 15, 20, tzinfo=UTC) + timedelta(days=days) for days in (1, 8, 15, 31)
)
TITLE = "Limit uploads by size"


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(answers(GOOD)) as server:
        yield server


def promised(document: Document, people: People) -> Promise:
    """Of the contributor, published and told of; nobody listened yet."""
    values: dict[str, Any] = {"owner_id": people.contributor.pk, "due_on": DUE}
    propose(document, TITLE, by=people.owner, **values)
    publish_draft(document, people)
    work()
    return fresh(Promise.objects.get())


def step(promise: Promise, to: str, by: User, **more: Any) -> None:
    move_promise(fresh(promise), to=PromiseState(to), by=by, note="So.", **more)


def changes(served: Served) -> list[tuple[str | None, str, str]]:
    """Who is said to have brought it from which state to which."""
    told = [body for body in bodies(served) if body["event"] == "action_item.changed"]
    return [(body["by"], body["facts"]["was"], body["facts"]["state"]) for body in told]


def events(served: Served) -> list[str]:
    return [body["event"] for body in bodies(served)]


def test_a_program_is_told_of_each_step_and_by_whom(
    document: Document, people: People, served: Served
) -> None:
    promise = promised(document, people)
    listen(served, by=people.admin)
    step(promise, "in_progress", people.contributor)
    step(promise, "done", people.contributor, evidence=SHOWN)
    work()
    step(promise, "did_not_hold", people.stranger)
    work()
    assert changes(served) == [
        ("Contributor", "accepted", "in_progress"),
        ("Contributor", "in_progress", "done"),
        ("Stranger", "done", "did_not_hold"),
    ]
    last = bodies(served)[-1]["action_item"]
    address = f"http://localhost:8000/coes/{document.reference}/actions/{promise.uid}/"
    assert (last["state"], last["url"], last["title"]) == ("did_not_hold", address, TITLE)


def test_of_two_coes_that_came_from_one_file_only_the_one_is_told_of(
    document: Document, people: People, served: Served
) -> None:
    """Their items have the same identity, like their text."""
    promise = promised(document, people)
    another = make_promise(open_another(people, "The same, elsewhere"), people.contributor)
    Promise.objects.filter(pk=another.pk).update(uid=promise.uid)
    listen(served, by=people.admin)
    step(promise, "in_progress", people.contributor)
    work()
    told = [body["coe"]["reference"] for body in bodies(served)]
    assert told == [document.reference]


def test_what_is_granted_changes_its_state_and_what_is_refused_does_not(
    document: Document, people: People, served: Served
) -> None:
    promise = promised(document, people)
    listen(served, by=people.admin)
    for is_granted in (False, True):
        kind = PromiseRequest.Kind.WONT_DO
        asked = ask_for(promise, kind=kind, reason="No part.", by=people.contributor)
        decide_request(asked, is_granted=is_granted, note="So.", by=people.manager)
    work()
    assert changes(served) == [("Manager", "accepted", "wont_do")]


def test_a_step_that_is_refused_is_told_to_nobody(
    document: Document, people: People, served: Served
) -> None:
    promise = promised(document, people)
    listen(served, by=people.admin)
    with pytest.raises(StaleAnswer):
        step(promise, "verified", people.manager)
    assert not Job.objects.filter(kind="announce", state=Job.State.WAITING).exists()
    work()
    assert served.requests == []


def test_the_clock_tells_once_that_it_is_late_and_each_time_that_it_is_escalated(
    document: Document, people: People, served: Served
) -> None:
    """Nobody did it, so nobody is named; its owner is reminded each week, programs are not."""
    promised(document, people)
    listen(served, by=people.admin)
    told = []
    for moment in (A_DAY, A_DAY, A_WEEK, TWO_WEEKS, A_MONTH, A_MONTH):
        send_reminders(as_of=moment)
        work()
        told.append(len(served.requests))
    assert told == [1, 1, 2, 2, 3, 3]
    assert events(served) == ["action_item.late", *["action_item.escalated"] * 2]
    for body in bodies(served):
        assert (body["by"], body["action_item"]["title"]) == (None, TITLE)
        assert body["action_item"]["due_on"] == "2044-03-15"


def test_what_is_late_again_after_its_date_was_moved_is_told_again(
    document: Document, people: People, served: Served
) -> None:
    promise = promised(document, people)
    listen(served, by=people.admin)
    send_reminders(as_of=A_DAY)
    later = DUE + timedelta(days=90)
    move_due(promise, due_on=later, seen=DUE, reason="No part.", by=people.manager)
    send_reminders(as_of=A_DAY + timedelta(days=90))
    work()
    assert events(served) == ["action_item.late", "action_item.late"]
    days = [body["action_item"]["first_due_on"] for body in bodies(served)]
    assert days == ["2044-03-15"] * 2


def test_a_pass_that_comes_late_tells_that_it_is_late_and_escalated(
    document: Document, people: People, served: Served
) -> None:
    promised(document, people)
    listen(served, by=people.admin)
    send_reminders(as_of=A_MONTH)
    work()
    assert sorted(events(served)) == ["action_item.escalated"] * 2 + ["action_item.late"]


def test_the_chat_of_the_team_is_told_by_the_clock_and_led_to_the_item(
    document: Document, people: People, served: Served
) -> None:
    promise = promised(document, people)
    team = people.owner.team
    assert team is not None
    set_chat(team=team, address=f"{served.address}/services/T0/B0/x", by=people.admin)
    document.incident.team = Team.objects.get(name="Payments")  # as a draft has it by now
    document.incident.save(update_fields=["team"])
    step(promise, "in_progress", people.contributor)
    for moment in (A_DAY, A_WEEK, TWO_WEEKS):
        send_reminders(as_of=moment)
        work()
    address = f"http://localhost:8000/coes/{document.reference}/actions/{promise.uid}/"
    tail = f"{TITLE} (<{address}|{document.reference}>, was due 15 March 2044, Contributor)"
    assert [body["text"] for body in bodies(served)] == [
        f"Late: {tail}",
        f"Brought to the manager: {tail}",
    ]


def test_an_item_that_an_earlier_version_promised_takes_no_word_to_the_chat_of_its_team(
    document: Document, people: People, served: Served
) -> None:
    """The second version drops the first item, and is of another team."""
    make_promise(document, people.contributor, "Of the first version")
    document.incident.team = Team.objects.get(name="Payments")
    document.incident.save(update_fields=["team"])
    make_promise(document, people.contributor, due_on=DUE)
    team = people.owner.team
    assert team is not None
    set_chat(team=team, address=f"{served.address}/services/T0/B0/x", by=people.admin)
    send_reminders(as_of=A_MONTH)
    work()
    assert served.requests == []


def test_of_a_restricted_coe_neither_programs_nor_chats_are_told_a_word(
    document: Document, people: People, served: Served
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    promise = promised(document, people)
    listen(served, by=people.admin)
    team = people.owner.team
    assert team is not None
    set_chat(team=team, address=f"{served.address}/services/T0/B0/x", by=people.admin)
    step(promise, "in_progress", people.contributor)
    send_reminders(as_of=A_MONTH)
    work()
    assert served.requests == []


def test_who_is_to_know_of_restricted_coes_is_told_what_they_are_told_of_others_and_no_note(
    document: Document, people: People, served: Served
) -> None:
    state_facts(document, is_restricted=True, by=people.owner)
    promise = promised(document, people)
    listen(served, by=people.admin, tells_restricted=True)
    note = "The password is hunter2."
    move_promise(promise, to=PromiseState.DONE, by=people.contributor, note=note, evidence=SHOWN)
    work()
    assert changes(served) == [("Contributor", "accepted", "done")]
    assert bodies(served)[0]["coe"]["is_restricted"] is True
    assert b"hunter2" not in raw_bodies(served)[0]
    assert SHOWN.address.encode() not in raw_bodies(served)[0]

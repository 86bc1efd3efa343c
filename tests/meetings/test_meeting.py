"""A meeting about one COE: everybody reads, it is walked through, what was decided stays."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import User
from coe.administration.redaction import find_secret, remove_secret
from coe.discussion.models import Subject, Thread
from coe.discussion.places import WHOLE, Place
from coe.discussion.services import Said, open_thread
from coe.documents.models import Document, State
from coe.history.models import Action, HistoryEvent
from coe.meetings.models import Meeting, MeetingDecision, Phase
from coe.meetings.services import (
    add_decision,
    end_meeting,
    read_longer,
    remove_decision,
    start_meeting,
    walk_through,
)
from coe.web.errors import StaleAnswer
from tests.documents.rivals import Rival
from tests.library.pages import get, words
from tests.people import People
from tests.reviews.racing import held_back
from tests.reviews.steps import bring_to, publish_draft, write


def begin(document: Document, by: User, *, uid: UUID | None = None, minutes: int = 15) -> Meeting:
    return start_meeting(document, uid=uid or uuid4(), presenter=by, minutes=minutes, by=by)


def now_is(meeting: Meeting) -> Meeting:
    return Meeting.objects.get(pk=meeting.pk)


def page(client: Client, person: User, document: Document, at: str = "") -> str:
    address = reverse("coe_meeting", args=[document.reference])
    return words(get(client, person, f"{address}?at={at}"))


def test_everybody_reads_until_the_time_that_the_server_knows(
    document: Document, people: People, client: Client
) -> None:
    meeting = begin(document, people.owner, minutes=20)
    assert meeting.phase == Phase.READING
    assert meeting.reading_until - meeting.started_at == timedelta(minutes=20)
    answer = get(client, people.colleague, reverse("coe_meeting", args=[document.reference]))
    seconds = answer.context["seconds"]
    assert 1190 <= seconds <= 1200
    assert f'data-seconds="{seconds}"' in answer.content.decode()
    assert "Reading in silence" in words(answer)


def test_more_time_is_given_from_now_where_the_time_was_over(
    document: Document, people: People
) -> None:
    meeting = begin(document, people.owner, minutes=5)
    ended = now() - timedelta(minutes=10)
    Meeting.objects.filter(pk=meeting.pk).update(reading_until=ended)
    read_longer(meeting, by=people.manager)
    assert 295 <= now_is(meeting).seconds_to_read(now()) <= 300
    read_longer(meeting, by=people.manager)
    assert 595 <= now_is(meeting).seconds_to_read(now()) <= 600


def test_what_is_decided_stands_beside_its_part_and_in_the_record(
    document: Document, people: People, client: Client
) -> None:
    meeting = begin(document, people.owner)
    walk_through(meeting, by=people.manager)
    client.force_login(people.manager)
    address = reverse("coe_meeting_decide", args=[document.reference])
    sent = {
        "meeting": 1,
        "uid": uuid4(),
        "chapter": "timeline",
        "text": "Page the team after 5 minutes.",
    }
    answer = client.post(address, sent)
    assert answer["Location"] == f"/coes/{document.reference}/meeting/?at=timeline"
    client.post(address, sent)
    assert "Page the team after 5 minutes." in page(client, people.director, document, "timeline")
    assert "Page the team" not in page(client, people.director, document, "impact")
    ended = client.post(reverse("coe_meeting_end", args=[document.reference]))
    assert ended.status_code == 403
    client.force_login(people.owner)
    end = reverse("coe_meeting_end", args=[document.reference])
    ended = client.post(end, {"meeting": 1}, follow=True)
    said = words(ended)
    assert said.count("Page the team after 5 minutes.") == 1
    assert "Timeline Page the team after 5 minutes." in said
    assert "Presented by Owner" in said


def test_a_page_that_is_gone_back_to_loses_no_other_decision(
    document: Document, people: People, client: Client
) -> None:
    begin(document, people.owner)
    client.force_login(people.owner)
    address = reverse("coe_meeting_decide", args=[document.reference])
    sent = {"meeting": 1, "uid": uuid4(), "chapter": ""}
    assert client.post(address, {**sent, "text": "Page earlier."}).status_code == 303
    answer = client.post(address, {**sent, "text": "Page twice."})
    assert answer.status_code == 409
    assert "Page twice." in words(answer)
    assert [each.text for each in MeetingDecision.objects.all()] == ["Page earlier."]


@pytest.mark.parametrize("step", ["longer", "walk", "decide", "undo", "end"])
def test_a_page_of_an_earlier_meeting_does_nothing_in_the_next(
    step: str, document: Document, people: People, client: Client
) -> None:
    end_meeting(begin(document, people.owner), by=people.owner)
    meeting = begin(document, people.owner)
    client.force_login(people.owner)
    sent = {"meeting": 1, "uid": uuid4(), "chapter": "", "text": "Page twice."}
    answer = client.post(reverse(f"coe_meeting_{step}", args=[document.reference]), sent)
    assert answer.status_code == 409
    assert now_is(meeting).reading_until == meeting.reading_until
    assert now_is(meeting).phase == Phase.READING
    assert not MeetingDecision.objects.exists()


def test_who_was_there_is_given_back_where_another_meeting_runs(
    document: Document, people: People, client: Client
) -> None:
    begin(document, people.manager)
    client.force_login(people.owner)
    sent = {"uid": uuid4(), "presenter": people.owner.pk, "minutes": 15, "present": "Ana, Bo"}
    answer = client.post(reverse("coe_meeting_start", args=[document.reference]), sent)
    assert answer.status_code == 409
    assert "Ana, Bo" in words(answer)


def test_a_decision_that_says_nothing_is_asked_for_again_and_what_else_was_chosen_stays(
    document: Document, people: People, client: Client
) -> None:
    walk_through(begin(document, people.owner), by=people.owner)
    client.force_login(people.owner)
    address = reverse("coe_meeting_decide", args=[document.reference])
    answer = client.post(address, {"meeting": 1, "uid": uuid4(), "chapter": "causes", "text": " "})
    assert answer.status_code == 422
    assert '<option value="causes" selected>' in answer.content.decode()


def test_a_decision_can_be_taken_back_while_the_meeting_goes_on(
    document: Document, people: People
) -> None:
    meeting, key = begin(document, people.owner), uuid4()
    add_decision(meeting, uid=key, text="Wrong words", by=people.owner)
    remove_decision(meeting, uid=key, by=people.manager)
    remove_decision(meeting, uid=key, by=people.manager)
    assert not meeting.decisions.exists()
    end_meeting(meeting, by=people.owner)
    with pytest.raises(StaleAnswer):
        remove_decision(meeting, uid=key, by=people.owner)


STEPS = {
    "longer": lambda meeting, by: read_longer(meeting, by=by),
    "walk": lambda meeting, by: walk_through(meeting, by=by),
    "decide": lambda meeting, by: add_decision(meeting, uid=uuid4(), text="So be it", by=by),
    "undo": lambda meeting, by: remove_decision(meeting, uid=uuid4(), by=by),
    "end": lambda meeting, by: end_meeting(meeting, by=by),
}
POSSIBLE = {
    Phase.READING: {"longer", "walk", "decide", "undo", "end"},
    Phase.WALKING: {"walk", "decide", "undo", "end"},
    Phase.ENDED: set[str](),
}
HOLDERS = {"owner", "contributor", "manager"}


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_in_each_phase_by_everybody(
    document: Document, people: People, phase: Phase, step: str
) -> None:
    for name, person in vars(people).items():
        meeting = begin(document, people.owner)
        if phase == Phase.WALKING:
            walk_through(meeting, by=people.owner)
        if phase == Phase.ENDED:
            end_meeting(meeting, by=people.owner)
        outcome: type[Exception] | None = None
        try:
            STEPS[step](meeting, person)
        except (StaleAnswer, PermissionDenied) as error:
            outcome = type(error)
        expected = None if step in POSSIBLE[phase] else StaleAnswer
        assert outcome == (expected if name in HOLDERS else PermissionDenied), name
        if now_is(meeting).phase != Phase.ENDED:
            end_meeting(meeting, by=people.owner)


@pytest.mark.parametrize("state", State)
def test_a_meeting_changes_neither_state_nor_text(
    document: Document, people: People, state: State
) -> None:
    bring_to(document, state, people)
    meeting = begin(document, people.owner)
    add_decision(meeting, uid=uuid4(), text="Look again in May.", by=people.owner)
    end_meeting(meeting, by=people.owner)
    fresh = Document.objects.get(pk=document.pk)
    assert fresh.state == state
    assert begin(fresh, people.owner).digest == meeting.digest


def test_what_was_published_can_be_met_about(document: Document, people: People) -> None:
    publish_draft(document, people)
    assert begin(document, people.manager).number == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_start_at_once_are_in_one_meeting(document: Document, people: People) -> None:
    with held_back(document):
        first = Rival(lambda: begin(document, people.owner))
        second = Rival(lambda: begin(document, people.manager))
        assert first.is_held_up()
        assert second.is_held_up()
    first.wait()
    second.wait()
    assert [type(each.error) for each in (first, second)].count(StaleAnswer) == 1
    assert Meeting.objects.filter(document=document).count() == 1


def test_starting_twice_by_one_click_is_once(document: Document, people: People) -> None:
    key = uuid4()
    assert begin(document, people.owner, uid=key) == begin(document, people.owner, uid=key)


def test_a_text_that_changes_meanwhile_is_said_to(
    document: Document, people: People, client: Client
) -> None:
    meeting = begin(document, people.owner)
    assert "was changed since the meeting began" not in page(client, people.owner, document)
    write(document, "Another text.", by=people.owner)
    assert "was changed since the meeting began" in page(client, people.owner, document)
    end_meeting(meeting, by=people.owner)
    record = reverse("coe_meeting_record", args=[document.reference, 1])
    assert "changed since" in words(get(client, people.owner, record))


def test_the_history_tells_of_the_meeting(
    document: Document, people: People, client: Client
) -> None:
    meeting = begin(document, people.owner)
    add_decision(meeting, uid=uuid4(), text="Page earlier", by=people.owner)
    end_meeting(meeting, by=people.owner)
    history = reverse("coe_history", args=[document.reference])
    said = words(get(client, people.owner, history))
    assert "ended a meeting about it" in said
    assert "led a meeting about it" in said
    assert HistoryEvent.objects.filter(action=Action.MET).count() == 1


def test_the_handout_has_the_items_to_decide_on_and_room_for_notes(
    document: Document, people: People, client: Client
) -> None:
    address = reverse("coe_meeting_handout", args=[document.reference])
    answer = get(client, people.manager, address)
    assert "It proposes none." in words(answer)
    assert answer.content.decode().count('<div class="handout__lines" aria-hidden="true">') == 1


def test_what_was_said_about_a_part_is_gone_through_with_it(
    document: Document, people: People, client: Client
) -> None:
    for place, text in (
        (Place(Subject.SECTION, "impact"), "How many were hit?"),
        (WHOLE, "Who pays for this?"),
    ):
        said = Said(kind=Thread.Kind.QUESTION, text=text)
        open_thread(document, uid=uuid4(), place=place, said=said, by=people.manager)
    walk_through(begin(document, people.owner), by=people.owner)
    assert "How many were hit?" in page(client, people.owner, document, "impact")
    assert "Who pays" not in page(client, people.owner, document, "impact")
    assert "How many" not in page(client, people.owner, document)
    assert "Who pays for this?" in page(client, people.owner, document)
    handout = reverse("coe_meeting_handout", args=[document.reference])
    printed = words(get(client, people.owner, handout))
    assert "How many were hit?" in printed
    assert "Who pays for this?" in printed


def test_the_walk_costs_the_same_whatever_was_decided(
    document: Document,
    people: People,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    meeting = begin(document, people.owner)
    walk_through(meeting, by=people.owner)
    client.force_login(people.owner)
    address = reverse("coe_meeting", args=[document.reference])
    client.get(address)
    for count in (1, 40):
        for _ in range(count):
            add_decision(meeting, uid=uuid4(), text="Decided", by=people.owner)
        with django_assert_num_queries(24):
            client.get(address)


def test_a_secret_that_a_meeting_wrote_down_is_taken_out(
    document: Document, people: People, client: Client
) -> None:
    meeting = start_meeting(
        document,
        uid=uuid4(),
        presenter=people.owner,
        minutes=5,
        present="Ana, hunter2",
        by=people.owner,
    )
    add_decision(meeting, uid=uuid4(), text="Change hunter2 today.", by=people.owner)
    add_decision(meeting, uid=uuid4(), text="Page earlier.", by=people.owner)
    end_meeting(meeting, by=people.owner)
    found = find_secret(document, "hunter2")
    assert found.said == 2
    remove_secret(document, secret="hunter2", reason="A password", by=people.admin)
    record = reverse("coe_meeting_record", args=[document.reference, 1])
    said = words(get(client, people.owner, record))
    assert "hunter2" not in said
    assert "What was written here was removed." in said
    assert "Page earlier." in said

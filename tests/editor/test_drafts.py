"""Saving while one types: what the browser is told, and that a repeated attempt is one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coe.documents.models import Document, Form, Participant
from coe.documents.services import remove_participant
from coe.history.models import HistoryEvent
from coe.reviews.services import discard_draft
from coe.timeline.models import Entry
from coe.whys.models import Cause
from tests.documents.making import approve, texts
from tests.documents.rivals import at_once
from tests.editor.conftest import new_cause, new_entry
from tests.editor.kinds import ADDS, CAUSE, EDITS, LINE, Kind
from tests.editor.writer import Answer, Writer, signed_in
from tests.people import People

DRAFTED = [kind for kind in EDITS if kind.panel != "facts"]
SUMMARY = "sections/summary/"
TOKEN = UUID("5e7a1b9c-0d2f-4c3a-8b6e-1f2d3c4b5a69")
STATEMENTS_OF_A_SECTION = 7
"""By hand: session, person, section with its COE; BEGIN, the text over its version under the lock
of the COE, the event with its text, COMMIT. In life one more asks whether the connection still
holds, which Django does not count."""


def hidden(answer: Answer) -> dict[str, str]:
    """The hidden fields that the answer hands back."""
    inputs = [attributes for tag, attributes in answer.reader.tags if tag == "input"]
    return {each["name"]: each["value"] for each in inputs}


def mark(answer: Answer, name: str) -> dict[str, str]:
    """The attributes of the one element that says what kind of answer it is."""
    (found,) = (attributes for _, attributes in answer.reader.tags if name in attributes)
    return found


def summary(document: Document) -> tuple[int, str]:
    section = document.sections.get(slug="summary")
    return section.version, section.text


def aside(document: Document) -> list[tuple[str, dict[str, Any]]]:
    """What is kept beside the text in the history, by whose."""
    events = HistoryEvent.objects.filter(document=document, action="set_aside")
    kept = events.select_related("text", "actor")
    return [(event.actor.name, (event.text.content or {})["after"]) for event in kept]


@pytest.mark.parametrize("kind", DRAFTED, ids=str)
def test_a_draft_is_stored_and_answered_with_what_the_form_goes_on_from(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    before = kind.stored(document)
    sent = owner.form(kind.path, kind.query) | kind.typed
    answer = owner.draft(kind.path, sent)
    assert (answer.status, len(mark(answer, "data-saved")["data-at"])) == (200, 5)
    assert kind.stored(document) != before
    more = {kind.main: "2026-11-14 03:00" if kind.panel == "milestones" else "And more"}
    assert owner.draft(kind.path, sent | hidden(answer) | more).status == 200


@pytest.mark.parametrize("kind", [*DRAFTED, *ADDS], ids=str)
def test_an_attempt_that_is_repeated_is_acknowledged_again_and_writes_nothing(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    sent = owner.form(kind.path, kind.query) | kind.typed
    first = owner.draft(kind.path, sent, token=TOKEN)
    events = HistoryEvent.objects.count()
    second = owner.draft(kind.path, sent, token=TOKEN)
    assert (first.status, second.status) == (200, 200)
    assert hidden(first) == hidden(second)
    assert HistoryEvent.objects.count() == events


@pytest.mark.parametrize("kind", ADDS, ids=str)
def test_a_new_row_goes_on_at_an_address_of_its_own(
    owner: Writer, document: Document, kind: Kind
) -> None:
    sent = owner.form(kind.path, kind.query) | kind.typed
    answer = owner.draft(kind.path, sent)
    address = mark(answer, "data-address")["data-address"]
    assert address == owner.address(f"{kind.panel}/{sent['uid'][0]}/")
    path = address.removeprefix(owner.page_address)
    more = f"{kind.typed[kind.main]} and more"
    answer = owner.draft(path, sent | hidden(answer) | {kind.main: more})
    assert (answer.status, hidden(answer)) == (200, {"version": "2"})
    assert [text.endswith("and more") for text in kind.stored(document)] == [True]


def test_one_person_may_go_on_as_fast_as_they_like(owner: Writer, document: Document) -> None:
    fields = {"version": "1"}
    for text in ("a", "ab", "abc"):
        answer = owner.draft(SUMMARY, fields | {"text": text})
        fields = hidden(answer)
    assert summary(document) == (4, "abc")


def test_saving_what_is_there_is_acknowledged_and_leaves_no_trace(
    owner: Writer, document: Document
) -> None:
    owner.draft(SUMMARY, {"version": 1, "text": "One"})
    events = HistoryEvent.objects.count()
    answer = owner.draft(SUMMARY, {"version": 2, "text": "One\r\n"})
    assert (answer.status, hidden(answer)) == (200, {"version": "2"})
    assert HistoryEvent.objects.count() == events


def test_one_autosave_of_a_section_takes_few_statements(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    """Counted with what Django counts; a service's transaction inside that of the test is a
    savepoint and its release, where it is BEGIN and COMMIT in life."""
    for version, writer in enumerate((owner, contributor), 1):
        with CaptureQueriesContext(connection) as captured:
            answer = writer.draft(SUMMARY, {"version": version, "text": f"By {version}"})
        assert answer.status == 200
        said = [each["sql"].split()[0] for each in captured]
        assert (said.count("SAVEPOINT"), said.count("RELEASE")) == (1, 1)
        assert len(said) == STATEMENTS_OF_A_SECTION


def test_what_is_wrong_is_said_by_field_and_nothing_is_stored(
    owner: Writer, document: Document, action: Any
) -> None:
    path, query = f"actions/{action.uid}/", f"?row={action.uid}"
    answer = owner.draft(path, owner.form(path, query) | {"title": "", "due_on": "soon"})
    said = {each["data-for"] for _, each in answer.reader.tags if "data-for" in each}
    assert (answer.status, said) == (422, {"title", "due_on"})
    mark(answer, "data-refused")
    strip = owner.form("milestones/") | {"detected-when": "at noon"}
    answer = owner.draft("milestones/", strip)
    assert (answer.status, mark(answer, "data-for")["data-for"]) == (422, "detected-when")


def test_a_light_coe_that_is_full_says_so_beside_the_form(
    owner: Writer, document: Document, people: People
) -> None:
    Document.objects.filter(pk=document.pk).update(form=Form.LIGHT)
    sent = owner.form("causes/add/", "?add=causes") | CAUSE
    for number in range(3):
        new_cause(document, people.owner, f"Cause {number}")
    answer = owner.draft("causes/add/", sent)
    assert (answer.status, mark(answer, "data-for")["data-for"]) == (422, "")
    assert "A light COE has at most 3 causes" in answer.text


def test_the_next_why_is_one_cause_however_often_it_is_sent(
    owner: Writer, document: Document, cause: Cause
) -> None:
    query = f"?add=causes&under={cause.uid}"
    sent = owner.form("causes/add/", query) | {"text": "Nobody had tested it"}
    for _ in range(2):
        assert owner.draft("causes/add/", sent, token=TOKEN).status == 200
    below = Cause.objects.get(document=document, uid=sent["uid"][0])
    assert below.content()["explains"] == [str(cause.uid)]
    assert texts(document, Cause) == ["Why", "Nobody had tested it"]


def test_minutes_after_the_entry_before_do_not_add_up_with_each_save(
    owner: Writer, document: Document, entry: Entry
) -> None:
    sent = owner.form("timeline/add/", "?add=timeline") | {"line": "+5m Alarm again"}
    answer = owner.draft("timeline/add/", sent)
    path = mark(answer, "data-address")["data-address"].removeprefix(owner.page_address)
    for line in ("+5m Alarm again, louder", "+5m Alarm again, louder still"):
        answer = owner.draft(path, sent | hidden(answer) | {"line": line})
        assert answer.status == 200
    added = Entry.objects.get(uid=sent["uid"][0])
    assert added.happened.at - entry.happened.at == timedelta(minutes=5)
    assert added.text == "Alarm again, louder still"


def test_a_marked_milestone_does_not_get_in_the_way_of_the_next_save(
    owner: Writer, document: Document, entry: Entry
) -> None:
    path, query = f"timeline/{entry.uid}/", f"?row={entry.uid}"
    sent = owner.form(path, query) | {"milestone": "detected.1"}
    for text in ("One", "Two"):
        answer = owner.draft(path, sent | {"text": text})
        assert answer.status == 200
        sent |= hidden(answer)
    assert Entry.objects.filter(pk=entry.pk, milestone__kind="detected").exists()


# Repeated attempts


def test_a_repeated_attempt_goes_on_from_its_own_version_not_from_that_of_others(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    """Else the next save would overwrite what the other wrote, unseen."""
    mine = {"version": 1, "text": "Mine"}
    owner.draft(SUMMARY, mine, token=TOKEN)
    contributor.draft(SUMMARY, {"version": 2, "text": "Theirs"})
    answer = owner.draft(SUMMARY, mine, token=TOKEN)
    assert (answer.status, hidden(answer)) == (200, {"version": "2"})
    assert owner.draft(SUMMARY, {"version": 2, "text": "Mine, more"}).status == 409
    assert summary(document) == (3, "Theirs")


def test_a_repeated_attempt_does_not_add_again_what_somebody_removed(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    sent = owner.form("timeline/add/", "?add=timeline") | LINE
    path = f"timeline/{sent['uid'][0]}/"
    owner.draft("timeline/add/", sent, token=TOKEN)
    assert contributor.send(f"{path}remove/", {"version": 1}).status == 303
    assert owner.draft("timeline/add/", sent, token=TOKEN).status == 200
    assert texts(document) == []
    clash = owner.draft(path, sent | {"version": "1", "line": "2026-11-14 02:20 Traffic"})
    assert clash.status == 409
    assert clash.reader.way("mine").attributes["action"] == owner.address("timeline/add/")


def test_a_repeated_attempt_is_acknowledged_also_when_writing_is_over(
    owner: Writer, document: Document
) -> None:
    mine = {"version": 1, "text": "Mine"}
    owner.draft(SUMMARY, mine, token=TOKEN)
    approve(document)
    assert owner.draft(SUMMARY, mine, token=TOKEN).status == 200
    answer = owner.draft(SUMMARY, {"version": 2, "text": "More"})
    assert answer.status == 409
    assert "This COE has been approved" in answer.text
    mark(answer, "data-stopped")


def test_a_name_that_was_used_before_saves_no_other_words(
    owner: Writer, document: Document
) -> None:
    """A browser that names two attempts alike is wrong; it is never told that both are stored."""
    owner.draft(SUMMARY, {"version": 1, "text": "One"}, token=TOKEN)
    answer = owner.draft(SUMMARY, {"version": 2, "text": "Two"}, token=TOKEN)
    assert answer.status != 200
    assert summary(document) == (2, "One")


def test_an_attempt_of_somebody_else_is_not_mine(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    contributor.draft(SUMMARY, {"version": 1, "text": "Theirs"}, token=TOKEN)
    assert owner.draft(SUMMARY, {"version": 1, "text": "Mine"}, token=TOKEN).status == 409


def test_the_same_words_as_somebody_else_stored_are_stored(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    contributor.draft(SUMMARY, {"version": 1, "text": "One\ntwo"})
    answer = owner.draft(SUMMARY, {"version": 1, "text": "One\r\ntwo "})
    assert (answer.status, hidden(answer)) == (200, {"version": "2"})
    assert aside(document) == []


def test_an_answer_that_says_the_same_lets_the_others_of_the_strip_through(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    path = "questions/detection/"
    mine = owner.form(path) | {"found-by-text": "A customer.", "sooner-text": "Yes."}
    contributor.save(path, **{"found-by-text": "A customer."})
    answer = owner.draft(path, mine, token=TOKEN)
    assert answer.status == 200
    assert hidden(answer)["found-by-version"] == "2"
    assert document.answers.get(question__slug="sooner").text == "Yes."


# Where nothing can be saved


@pytest.mark.parametrize("token", ["", "x", "7", "{}", "5e7a1b9c"])
def test_an_attempt_without_a_proper_name_is_a_bad_request(
    owner: Writer, document: Document, token: str
) -> None:
    answer = owner.send_bytes(SUMMARY, b"version=1&text=x", **{"X-Draft": token})
    assert (answer.status, summary(document)) == (400, (1, ""))


def test_a_lost_session_is_told_to_sign_in_in_another_tab(document: Document) -> None:
    answer = Writer(Client(), document).draft(SUMMARY, {"version": 1, "text": "x"})
    assert answer.status == 401
    mark(answer, "data-signed-out")
    assert 'target="_blank"' in answer.text


def test_a_page_from_before_signing_in_again_gets_the_token_that_counts_now(
    owner: Writer, document: Document, people: People
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.owner)
    writer = Writer(strict, document)
    answer = writer.draft(SUMMARY, {"version": 1, "text": "x"})
    assert answer.status == 403
    assert mark(answer, "data-out-of-date")["data-person"] == str(people.owner.pk)
    headers = {"X-CSRFToken": hidden(answer)["csrfmiddlewaretoken"], "X-Draft": str(TOKEN)}
    assert writer.send_bytes(SUMMARY, b"version=1&text=x", **headers).status == 200


def test_access_that_was_taken_away_ends_it(
    owner: Writer, contributor: Writer, document: Document, people: People
) -> None:
    """Whoever sees the draft without writing it is told 403, everybody else 404."""
    role = Participant.Role.CONTRIBUTOR
    remove_participant(document, user=people.contributor, role=role, by=people.owner)
    for writer, status in (
        (contributor, 404),
        (Writer(signed_in(people.colleague), document), 403),
    ):
        for path in (SUMMARY, "questions/detection/", "timeline/add/"):
            answer = writer.draft(path, {"version": 1, "text": "x"})
            assert (path, answer.status) == (path, status)
            mark(answer, "data-stopped")
    assert summary(document) == (1, "")


def test_what_was_discarded_meanwhile_ends_it(owner: Writer, document: Document) -> None:
    discard_draft(document, by=document.owner)
    answer = owner.draft(SUMMARY, {"version": 1, "text": "x"})
    assert answer.status == 404
    mark(answer, "data-stopped")


# At once


@pytest.mark.django_db(transaction=True)
def test_a_double_click_and_a_repeated_request_at_once_are_one_row_and_one_save(
    owner: Writer, document: Document
) -> None:
    again = Writer(signed_in(document.owner), document)
    sent = owner.form("timeline/add/", "?add=timeline") | LINE
    attempts = at_once(
        lambda: owner.draft("timeline/add/", sent, token=TOKEN).status,
        lambda: again.draft("timeline/add/", sent, token=TOKEN).status,
    )
    assert [each.result for each in attempts] == [200, 200]
    assert len(texts(document)) == 1
    text = {"version": 1, "text": "Once"}
    attempts = at_once(
        lambda: owner.draft(SUMMARY, text, token=TOKEN).status,
        lambda: again.draft(SUMMARY, text, token=TOKEN).status,
    )
    assert [each.result for each in attempts] == [200, 200]
    assert summary(document) == (2, "Once")
    assert HistoryEvent.objects.filter(document=document, token=TOKEN).count() == 2


@pytest.mark.django_db(transaction=True)
def test_moving_goes_on_while_somebody_adds(
    owner: Writer, contributor: Writer, document: Document, people: People
) -> None:
    new_entry(document, people.owner, "one", 10)
    second = new_entry(document, people.owner, "two", 11)
    sent = contributor.form("timeline/add/", "?add=timeline") | {"line": "2026-11-14 03:00 three"}
    works = at_once(
        lambda: owner.send(f"timeline/{second.uid}/move/", {"to": "up"}).status,
        lambda: contributor.draft("timeline/add/", sent).status,
    )
    assert [each.result for each in works] == [303, 200]
    assert texts(document) == ["two", "one", "three"]

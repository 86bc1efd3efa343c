"""The ways on from a clash: keep mine, take theirs, or both; whatever is chosen, both survive."""

from typing import Any
from uuid import UUID

import pytest

from coe.documents.models import Document
from coe.history.models import HistoryEvent
from coe.timeline.models import Entry
from tests.editor.kinds import EDITS, Kind
from tests.editor.test_drafts import SUMMARY, TOKEN, aside, hidden, mark, summary
from tests.editor.writer import HTMX, Answer, Writer
from tests.people import People

ROWS = [kind for kind in EDITS if kind.is_row]
BASE = "The disk was full. Nobody saw the alarm for an hour."
MINE = "The root disk was full. Nobody saw the alarm for an hour."
THEIRS = "The disk was full. Nobody saw the alarm for two hours."
BOTH = "The root disk was full. Nobody saw the alarm for two hours."


@pytest.fixture
def clash(owner: Writer, contributor: Writer, document: Document) -> Answer:
    """The owner and the contributor have changed different places of one text."""
    owner.draft(SUMMARY, {"version": 1, "text": BASE})
    contributor.draft(SUMMARY, {"version": 2, "text": THEIRS})
    answer = owner.draft(SUMMARY, {"version": 2, "text": MINE}, token=TOKEN)
    assert answer.status == 409
    mark(answer, "data-clash")
    return answer


def take(writer: Writer, answer: Answer, way: str) -> int:
    """Press the button of a way on, without any script."""
    form = answer.reader.way(way)
    path = form.attributes["action"].removeprefix(writer.page_address)
    return writer.send(path, form.fields).status


def test_a_clash_shows_who_and_when_and_the_words_that_differ(clash: Answer) -> None:
    words = " ".join(clash.text.split())
    assert "Contributor saved this on " in words
    assert "<ins>root </ins>" in words or "<ins> root</ins>" in words
    assert "<del>an hour</del><ins>two hours</ins>" not in words
    assert "<del>two hours</del><ins>an hour</ins>" in words


@pytest.mark.parametrize(("way", "text"), [("mine", MINE), ("theirs", THEIRS), ("merged", BOTH)])
def test_each_way_on_is_a_plain_form(
    owner: Writer, document: Document, clash: Answer, way: str, text: str
) -> None:
    assert take(owner, clash, way) == 303
    assert summary(document)[1] == text


def test_whatever_is_chosen_both_texts_are_in_the_history(
    owner: Writer, document: Document, clash: Answer
) -> None:
    take(owner, clash, "theirs")
    assert aside(document) == [("Owner", {"text": MINE})]
    told = HistoryEvent.objects.filter(document=document, subject="section", action="changed")
    assert [(event.text.content or {})["after"]["text"] for event in told] == [BASE, THEIRS]


def test_an_attempt_that_is_repeated_is_kept_beside_once(
    owner: Writer, document: Document, clash: Answer
) -> None:
    again = owner.draft(SUMMARY, {"version": 2, "text": MINE}, token=TOKEN)
    assert again.status == 409
    assert len(aside(document)) == 1


def test_a_way_on_clashes_again_if_somebody_was_faster_again(
    owner: Writer, contributor: Writer, document: Document, clash: Answer
) -> None:
    contributor.draft(SUMMARY, {"version": 3, "text": "A third text"})
    assert take(owner, clash, "merged") == 409
    assert summary(document)[1] == "A third text"
    assert aside(document)[-1] == ("Owner", {"text": BOTH})


def test_where_both_changed_the_same_words_the_merge_is_left_to_the_person(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    owner.draft(SUMMARY, {"version": 1, "text": BASE})
    contributor.draft(SUMMARY, {"version": 2, "text": THEIRS})
    mine = BASE.replace("an hour", "a day")
    answer = owner.draft(SUMMARY, {"version": 2, "text": mine})
    assert "Both changed the same place" in answer.text
    form = answer.reader.way("merged")
    assert form.fields["text"] == [mine]
    edited = form.fields | {"text": BASE.replace("an hour", "hours, perhaps a day")}
    assert owner.send(SUMMARY, edited).status == 303
    assert summary(document)[1].endswith("hours, perhaps a day.")


def test_no_merge_is_offered_over_a_text_that_was_redacted(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    owner.draft(SUMMARY, {"version": 1, "text": BASE})
    contributor.draft(SUMMARY, {"version": 2, "text": THEIRS})
    for event in HistoryEvent.objects.filter(document=document, subject="section"):
        event.text.content = None
        event.text.save()
    answer = owner.draft(SUMMARY, {"version": 2, "text": MINE})
    assert answer.reader.way("merged").fields["text"] == [MINE]
    assert "Save both" not in answer.text


def test_another_tab_of_mine_is_told_as_mine(owner: Writer, document: Document) -> None:
    owner.draft(SUMMARY, {"version": 1, "text": "In one tab"})
    answer = owner.draft(SUMMARY, {"version": 1, "text": "In the other tab"})
    assert answer.status == 409
    assert "You, in another tab, saved this" in " ".join(answer.text.split())


def test_a_clash_without_a_script_has_the_same_ways_on(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    for by_htmx in (False, HTMX):
        version, _ = summary(document)
        contributor.draft(SUMMARY, {"version": version, "text": f"Theirs {version}"})
        sent = {"version": version, "text": f"Mine {version}"}
        answer = owner.send(SUMMARY, sent, by_htmx=by_htmx)
        assert answer.status == 409
        assert take(owner, answer, "mine") == 303
        assert summary(document) == (version + 2, f"Mine {version}")
    assert [after["text"] for _, after in aside(document)] == ["Mine 1", "Mine 3"]


@pytest.mark.parametrize("kind", ROWS, ids=str)
def test_taking_theirs_changes_nothing_of_a_row(
    owner: Writer, contributor: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    mine = owner.form(kind.path, kind.query) | {kind.main: "Mine"}
    contributor.save(kind.path, kind.query, **kind.typed)
    answer = owner.draft(kind.path, mine)
    events = HistoryEvent.objects.count()
    assert answer.status == 409
    assert take(owner, answer, "theirs") == 303
    assert kind.stored(document) == [kind.typed[kind.main]]
    assert HistoryEvent.objects.count() == events


@pytest.mark.parametrize("kind", ROWS, ids=str)
def test_a_row_that_was_removed_meanwhile_can_be_added_again(
    owner: Writer, contributor: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    mine = owner.form(kind.path, kind.query) | kind.typed
    assert contributor.send(f"{kind.path}remove/", {"version": 1}).status == 303
    answer = owner.draft(kind.path, mine)
    assert answer.status == 409
    assert "Contributor removed this" in " ".join(answer.text.split())
    assert take(owner, answer, "mine") == 303
    assert kind.stored(document) == [kind.typed[kind.main]]


def test_two_fields_of_one_row_are_merged(
    owner: Writer, contributor: Writer, document: Document, action: Any
) -> None:
    path, query = f"actions/{action.uid}/", f"?row={action.uid}"
    mine = owner.form(path, query) | {"title": "Add an alarm for disks"}
    contributor.save(path, query, due_on="2027-01-15", priority="1")
    answer = owner.draft(path, mine)
    assert "Save both" in answer.text
    assert take(owner, answer, "merged") == 303
    action.refresh_from_db()
    assert (action.title, str(action.due_on), action.priority) == (
        "Add an alarm for disks",
        "2027-01-15",
        1,
    )


def test_the_time_of_an_entry_is_compared_in_the_zone_that_it_was_typed_in(
    owner: Writer, contributor: Writer, document: Document, entry: Entry
) -> None:
    path, query = f"timeline/{entry.uid}/", f"?row={entry.uid}&zone=UTC"
    mine = owner.form(f"{path}?zone=UTC", query) | {"text": "Mine"}
    assert mine["when"] == ["2026-11-14 10:14"]
    contributor.save(path, f"?row={entry.uid}", text="Theirs")
    answer = owner.draft(f"{path}?zone=UTC", mine)
    assert answer.status == 409
    assert "<h4>When</h4>" not in answer.text
    assert take(owner, answer, "theirs") == 303
    assert Entry.objects.get(pk=entry.pk).at == entry.at


def test_only_the_answers_that_clash_are_set_aside_and_taken_over(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    path = "questions/detection/"
    mine = owner.form(path) | {"found-by-text": "A customer.", "sooner-text": "Yes."}
    contributor.save(path, **{"found-by-text": "An alarm."})
    answer = owner.draft(path, mine)
    assert answer.status == 409
    assert aside(document) == [("Owner", {"text": "A customer."})]
    assert take(owner, answer, "theirs") == 303
    stored = document.answers.exclude(text="").order_by("question__slug")
    assert list(stored.values_list("question__slug", "text")) == [
        ("found-by", "An alarm."),
        ("sooner", "Yes."),
    ]


def test_a_milestone_that_both_set_is_shown_in_the_zone_of_the_screen(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    mine = owner.form("milestones/") | {"detected-when": "2026-11-14 02:15"}
    contributor.save("milestones/", **{"detected-when": "2026-11-14 02:20"})
    Document.objects.filter(pk=document.pk).update(zone="Asia/Tokyo")
    answer = owner.draft("milestones/", mine)
    assert answer.status == 409
    assert take(owner, answer, "mine") == 303
    detected = document.incident.milestones.get(kind="detected")
    assert str(detected.at) == "2026-11-14 10:15:00+00:00"


def test_a_new_row_whose_first_words_came_through_goes_on_at_that_row(
    owner: Writer, document: Document
) -> None:
    """The answer was lost, and the page with it: the words are sent under another name."""
    uid = UUID("9b2d6c1e-4a5f-4e8b-9c7d-0a1b2c3d4e5f")
    sent = {"uid": str(uid), "kind": "well", "text": "One"}
    owner.draft("lessons/add/", sent)
    answer = owner.draft("lessons/add/", sent | {"text": "One and two"})
    assert answer.status == 409
    form = answer.reader.way("mine")
    assert form.attributes["action"] == owner.address(f"lessons/{uid}/")
    assert hidden(answer)["version"] == "1"
    assert take(owner, answer, "mine") == 303


def test_people_are_not_told_of_moves_as_saves(
    owner: Writer, contributor: Writer, document: Document, entry: Entry, people: People
) -> None:
    path, query = f"timeline/{entry.uid}/", f"?row={entry.uid}"
    mine = owner.form(path, query) | {"text": "Mine"}
    contributor.save(path, query, text="Theirs")
    owner.save("timeline/add/", "?add=timeline", line="2026-11-14 05:00 Later")
    assert owner.send(f"{path}move/", {"to": "down"}).status == 303
    answer = owner.draft(path, mine)
    assert "Contributor saved this" in " ".join(answer.text.split())

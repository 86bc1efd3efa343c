"""Saving, by a plain form and by HTMX."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from coe.documents.models import Document, State
from coe.history.models import Action, HistoryEvent
from coe.timeline.models import Entry
from coe.whys.models import Cause
from tests.editor.conftest import new_cause, new_entry
from tests.editor.kinds import ADDS, EDITS, Kind
from tests.editor.writer import HTMX, PLAIN, Answer, Writer
from tests.people import People

# The stop of the rail that a panel stands in, where it is called otherwise.
STOPS = {"figures": "impact", "questions-detection": "detection"}

FRESH: dict[tuple[str, str], list[str]] = {
    ("safeguards", "kind"): [],
    ("safeguards", "outcome"): ["failed"],
    ("lessons", "kind"): ["well"],
    ("related", "kind"): [],
}
"""What an empty form starts with, by panel and field. Everything else is empty."""


def fresh_form(kind: Kind, document: Document) -> dict[str, list[str]]:
    """What the typed fields of an empty form start with; an action item of the default priority is
    due in 60 days of the zone of its COE."""
    due = localdate(timezone=ZoneInfo(document.zone)) + timedelta(60)
    begun = FRESH | {("actions", "due_on"): [str(due)]}
    return {name: begun.get((kind.panel, name), [""]) for name in kind.typed}


def first(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", EDITS, ids=str)
def test_a_plain_save_leads_back_to_its_panel(
    owner: Writer, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    answer = owner.save(kind.path, kind.query, **kind.typed)
    assert (answer.status, answer.response["Location"]) == (
        303,
        f"{owner.page_address}?section={STOPS.get(kind.panel, kind.panel)}#{kind.panel}",
    )
    assert "Saved." in owner.open().text


@pytest.mark.parametrize("kind", EDITS, ids=str)
def test_a_save_by_htmx_answers_with_its_panel_alone(
    owner: Writer, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    sent = owner.form(kind.path, kind.query) | kind.typed
    answer = owner.send(kind.path, sent, by_htmx=HTMX)
    assert answer.status == 200
    assert answer.is_panel(kind.panel)
    assert "Saved" in answer.text


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("kind", EDITS, ids=str)
def test_what_was_typed_is_stored_and_comes_back(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind, by_htmx: bool
) -> None:
    kind = kind.on(rows)
    before = kind.stored(document)
    owner.send(kind.path, owner.form(kind.path, kind.query) | kind.typed, by_htmx=by_htmx)
    assert kind.stored(document) != before
    shown = owner.form(kind.path, kind.query)
    assert {name: first(shown[name]) for name in kind.typed} == kind.typed


@pytest.mark.parametrize("kind", EDITS, ids=str)
def test_saving_what_is_there_changes_nothing_and_leaves_no_trace(
    owner: Writer, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    owner.save(kind.path, kind.query, **kind.typed)
    before, events = owner.form(kind.path, kind.query), HistoryEvent.objects.count()
    assert owner.save(kind.path, kind.query).status == 303
    after = owner.form(kind.path, kind.query)
    token = "csrfmiddlewaretoken"
    assert {**after, token: ""} == {**before, token: ""}
    assert HistoryEvent.objects.count() == events


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("kind", ADDS, ids=str)
def test_adding_a_row_opens_the_form_for_the_next_one(
    owner: Writer, document: Document, kind: Kind, by_htmx: bool
) -> None:
    sent = owner.form(kind.path, kind.query) | kind.typed
    answer = owner.send(kind.path, sent, by_htmx=by_htmx)
    if by_htmx:
        assert answer.status == 200
        assert answer.is_panel(kind.panel)
        again = answer
    else:
        stop = STOPS.get(kind.panel, kind.panel)
        where = f"?section={stop}&add={kind.panel}#{kind.panel}"
        assert (answer.status, answer.response["Location"]) == (303, owner.page_address + where)
        again = owner.open(f"?add={kind.panel}")
    assert len(kind.stored(document)) == 1
    fresh = again.form(owner.address(kind.path)).fields
    assert fresh["uid"] != sent["uid"]
    assert {name: fresh[name] for name in kind.typed} == fresh_form(kind, document)


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("kind", ADDS, ids=str)
def test_a_form_sent_twice_adds_one_row(
    owner: Writer, document: Document, kind: Kind, by_htmx: bool
) -> None:
    sent = owner.form(kind.path, kind.query) | kind.typed
    statuses = [owner.send(kind.path, sent, by_htmx=by_htmx).status for _ in range(2)]
    assert statuses == ([200, 200] if by_htmx else [303, 303])
    assert len(kind.stored(document)) == 1
    assert HistoryEvent.objects.filter(document=document, version=1, action="added").count() == 1


@pytest.mark.parametrize("kind", ADDS, ids=str)
def test_what_was_typed_after_the_answer_got_lost_is_not_swallowed(
    owner: Writer, document: Document, kind: Kind
) -> None:
    """The row was added, the answer never came, the person typed on and sent the form again."""
    name = kind.main
    sent = owner.form(kind.path, kind.query) | kind.typed
    owner.send(kind.path, sent, by_htmx=HTMX)
    more = f"{kind.typed[name]} and one thing more"
    answer = owner.send(kind.path, sent | {name: more}, by_htmx=HTMX)
    is_stored = [text.endswith("one thing more") for text in kind.stored(document)] == [True]
    is_shown_as_not_saved = answer.status == 409 and "and one thing more" in answer.text
    assert is_stored or is_shown_as_not_saved


@pytest.mark.parametrize("kind", [each for each in EDITS if each.panel != "milestones"], ids=str)
def test_rtl_emoji_and_combining_marks_come_back_byte_for_byte(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    text = "אבג \u200fمرحبا‎ 👩🏽‍🚒 e\u0301 \u00a0ﬁ 𝔘 \u202eevil\u202c ½"
    name = kind.main
    assert owner.save(kind.path, kind.query, **(kind.typed | {name: text})).status == 303
    assert kind.stored(document) in (text, [text])
    assert first(owner.form(kind.path, kind.query)[name]).encode() == text.encode()


def test_line_ends_of_a_browser_are_stored_as_one_kind(owner: Writer, document: Document) -> None:
    owner.save("sections/summary/", text="one\r\ntwo\r\n\r\n- three\r\n")
    assert document.sections.get(slug="summary").text == "one\ntwo\n\n- three"


def test_a_zone_that_does_not_exist_is_an_error_at_its_field(owner: Writer) -> None:
    answer = owner.save("facts/", zone="Mars/Olympus_Mons")
    assert answer.status == 422
    form = answer.form(owner.address("facts/"))
    assert "Mars/Olympus_Mons is not one of the available choices" in answer.errors_at("zone", form)


def test_facts_show_what_they_were_saved_as(owner: Writer, document: Document) -> None:
    answer = owner.save("facts/", title="Later title", severity="1", zone="Asia/Tokyo")
    assert answer.status == 303
    fresh = Document.objects.with_readers_fields().get(pk=document.pk)
    assert (fresh.incident.title, fresh.incident.severity, fresh.zone) == (
        "Later title",
        1,
        "Asia/Tokyo",
    )


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_rows_move_up_and_down_and_stay_at_the_edges(
    owner: Writer, document: Document, people: People, by_htmx: bool
) -> None:
    texts = ["one", "two", "three"]
    entries = [new_entry(document, people.owner, text, minute) for minute, text in enumerate(texts)]

    def move(place: int, to: str) -> list[str]:
        path = f"timeline/{entries[place].uid}/move/"
        answer = owner.send(path, {"to": to}, by_htmx=by_htmx)
        assert answer.status == (200 if by_htmx else 303)
        assert answer.is_panel("timeline") or not by_htmx
        rows = Entry.objects.filter(document=document)
        assert set(rows.values_list("version", flat=True)) == {1}
        return [row.text for row in rows]

    assert move(2, "up") == ["one", "three", "two"]
    assert move(2, "up") == ["three", "one", "two"]
    assert move(2, "up") == ["three", "one", "two"]
    assert move(0, "down") == ["three", "two", "one"]
    assert move(0, "down") == ["three", "two", "one"]


def test_a_cause_moves_among_those_that_explain_the_same(
    owner: Writer, document: Document, people: People
) -> None:
    top = new_cause(document, people.owner, "top")
    new_cause(document, people.owner, "below one", top)
    other = new_cause(document, people.owner, "other top")
    below = new_cause(document, people.owner, "below two", top)
    assert owner.send(f"causes/{below.uid}/move/", {"to": "up"}).status == 303
    assert owner.send(f"causes/{other.uid}/move/", {"to": "up"}).status == 303
    text = owner.open().text
    places = [text.index(f"> {words}<") for words in ("other top", "top", "below two", "below one")]
    assert places == sorted(places)


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("kind", [each for each in EDITS if each.is_row], ids=str)
def test_a_row_is_removed(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind, by_htmx: bool
) -> None:
    path = f"{kind.panel}/{rows[kind.panel].uid}/remove/"
    answer = owner.send(path, owner.form(path, kind.on(rows).buttons), by_htmx=by_htmx)
    assert answer.status == (200 if by_htmx else 303)
    assert answer.is_panel(kind.panel) or not by_htmx
    assert kind.stored(document) == []


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("kind", [each for each in EDITS if each.is_row], ids=str)
def test_a_second_click_on_remove_is_no_error_and_removes_nothing_else(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind, by_htmx: bool
) -> None:
    path = f"{kind.panel}/{rows[kind.panel].uid}/remove/"
    sent = owner.form(path, kind.on(rows).buttons)
    owner.send(path, sent)
    answer = owner.send(path, sent, by_htmx=by_htmx)
    assert answer.status == (200 if by_htmx else 303)
    removed = HistoryEvent.objects.filter(document=document, action=Action.REMOVED)
    assert [event.subject_key for event in removed] == [str(rows[kind.panel].uid)]


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_a_row_that_another_removed_does_not_move_and_the_page_says_so(
    owner: Writer, document: Document, entry: Entry, by_htmx: bool
) -> None:
    path = f"timeline/{entry.uid}/"
    owner.send(f"{path}remove/", {"version": entry.version})
    answer = owner.send(f"{path}move/", {"to": "up"}, by_htmx=by_htmx)
    assert answer.status == 409
    assert "Somebody has removed this row meanwhile." in answer.text


def test_a_row_is_not_removed_over_a_version_that_is_not_its_own(
    owner: Writer, document: Document, entry: Entry
) -> None:
    path = f"timeline/{entry.uid}/"
    owner.save(path, f"?row={entry.uid}", text="Written since")
    owner.client.raise_request_exception = False
    versions = ("", "1", "x", "-1", "2.0", "9" * 30, "9" * 5000, "²", "\x00")
    answers = {version: owner.send(f"{path}remove/", {"version": version}) for version in versions}
    assert {version: answer.status for version, answer in answers.items()} == dict.fromkeys(
        versions, 409
    )
    assert Entry.objects.filter(document=document).exists()


def test_removing_a_cause_keeps_those_that_explained_it(
    owner: Writer, document: Document, people: People
) -> None:
    top = new_cause(document, people.owner, "top")
    middle = new_cause(document, people.owner, "middle", top)
    deep = new_cause(document, people.owner, "deep", middle)
    path = f"causes/{middle.uid}/remove/"
    assert owner.send(path, owner.form(path)).status == 303
    assert Cause.objects.get(pk=deep.pk).content()["explains"] == [str(top.uid)]


def approve(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(state=State.APPROVED)


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize("kind", [*EDITS, *ADDS], ids=str)
def test_what_was_approved_in_the_meantime_stands_and_the_answer_says_so(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind, by_htmx: bool
) -> None:
    kind = kind.on(rows)
    sent = owner.form(kind.path, kind.query) | kind.typed
    before = kind.stored(document)
    approve(document)
    answer = owner.send(kind.path, sent, by_htmx=by_htmx)
    assert answer.status == 409
    assert "This COE has been approved, so its text stands." in answer.text
    assert kind.stored(document) == before


@pytest.mark.parametrize("what", ["move", "remove"])
def test_a_row_of_what_was_approved_is_neither_moved_nor_removed(
    owner: Writer, document: Document, entry: Entry, what: str
) -> None:
    approve(document)
    answer = owner.send(f"timeline/{entry.uid}/{what}/", {"to": "up", "version": 1})
    assert answer.status == 409
    assert "This COE has been approved, so its text stands." in answer.text
    assert Entry.objects.get(pk=entry.pk).position == entry.position


@pytest.mark.parametrize("kind", [*EDITS, *ADDS], ids=str)
def test_a_refusal_fits_where_htmx_puts_it(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    """409 is swapped into the panel: a whole page there would be a page inside a page."""
    kind = kind.on(rows)
    sent = owner.form(kind.path, kind.query) | kind.typed
    approve(document)
    answer = owner.send(kind.path, sent, by_htmx=HTMX)
    takes_the_whole_page = answer.response.headers.get("HX-Retarget") == "body"
    assert takes_the_whole_page or answer.is_panel(kind.panel)


@pytest.mark.parametrize("kind", [*EDITS, *ADDS], ids=str)
def test_a_refusal_shows_what_was_typed(
    owner: Writer, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    kind = kind.on(rows)
    sent = owner.form(kind.path, kind.query) | kind.typed
    approve(document)
    for by_htmx in (PLAIN, HTMX):
        answer = owner.send(kind.path, sent, by_htmx=by_htmx)
        assert [text for text in kind.typed.values() if text not in answer.text] == []


UNKNOWN = "7f9c24e8-3b12-4fef-91e0-5d2b4f0a8c11"


NOWHERE: list[tuple[str, dict[str, Any]]] = [
    ("nothing/add/", {}),
    ("facts/add/", {}),
    (f"nothing/{UNKNOWN}/", {}),
    (f"nothing/{UNKNOWN}/move/", {"to": "up"}),
    (f"nothing/{UNKNOWN}/remove/", {"version": 1}),
    (f"timeline/{UNKNOWN}/move/", {"to": "up"}),
    (f"timeline/{UNKNOWN}/remove/", {"version": 1}),
    ("timeline/not-a-uuid/", {}),
    ("sections/nothing/", {"text": "x", "version": 1}),
    ("questions/nothing/", {}),
    ("questions/summary/", {}),
]


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_what_is_not_there_is_not_found(owner: Writer, by_htmx: bool) -> None:
    answers = {path: owner.send(path, data, by_htmx=by_htmx).status for path, data in NOWHERE}
    assert answers == {path: 404 for path, _ in NOWHERE}


@pytest.mark.parametrize("kind", [each for each in EDITS if each.is_row], ids=str)
def test_a_row_that_never_was_there_is_not_found(owner: Writer, kind: Kind) -> None:
    """Only a row that somebody removed is a conflict: its text may be added again."""
    chosen = {"confidence": "likely", "priority": 2, "source": "measured"}
    data = {"uid": UNKNOWN, "version": 1, **chosen, **kind.typed}
    assert owner.send(f"{kind.panel}/{UNKNOWN}/", data).status == 404


def test_a_row_is_not_found_in_the_panel_of_another_kind(owner: Writer, entry: Entry) -> None:
    assert owner.send(f"causes/{entry.uid}/move/", {"to": "up"}).status == 404
    assert owner.send(f"causes/{entry.uid}/remove/", {"version": 1}).status == 404


@pytest.mark.parametrize("to", ["", "sideways", "UP", "\x00"])
def test_a_direction_that_is_none_is_not_found(owner: Writer, entry: Entry, to: str) -> None:
    assert owner.send(f"timeline/{entry.uid}/move/", {"to": to}).status == 404


@pytest.mark.parametrize(
    "query", ["row=x", f"row={UNKNOWN}", "close=x", "add=nothing", "row=", "row=%00"]
)
def test_an_address_that_asks_for_nothing_that_is_there_shows_the_page(
    owner: Writer, query: str
) -> None:
    assert "Add an entry" in owner.open(f"?{query}").text


@pytest.mark.parametrize(
    ("query", "panel"),
    [
        ("add=causes", "causes"),
        ("add=actions", "actions"),
        ("row=ROW", "timeline"),
        ("close=ROW", "timeline"),
    ],
)
def test_htmx_gets_the_panel_that_it_opens_or_closes(
    owner: Writer, entry: Entry, query: str, panel: str
) -> None:
    address = f"{owner.page_address}?{query.replace('ROW', str(entry.uid))}"
    answer = Answer(owner.client.get(address, headers={"HX-Request": "true"}))  # type: ignore[arg-type]
    assert answer.status == 200
    assert answer.is_panel(panel)


def test_submitting_stands_on_the_page_for_who_may(owner: Writer, document: Document) -> None:
    submit = reverse("coe_submit", args=[document.reference])
    assert f'action="{submit}"' in owner.open().text

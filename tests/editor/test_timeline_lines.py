"""The timeline on the workspace: one line adds an entry, gaps are explained, the zone is a view."""

import re
from typing import Any

import pytest

from coe.accounts.models import User
from coe.documents.models import Document
from coe.timeline.models import Entry
from tests.editor.conftest import new_entry
from tests.editor.writer import HTMX, PLAIN, Answer, Writer
from tests.people import People
from tests.web.pages import Form

ADD = "timeline/add/"


def stored(document: Document) -> list[tuple[str, str]]:
    """The moments (UTC) and words of the timeline, in its order."""
    entries = Entry.objects.filter(document=document).select_related("milestone")
    return [(f"{each.happened.at:%d %H:%M}", each.text) for each in entries]


def add(owner: Writer, line: str, *, by_htmx: bool = PLAIN, **more: Any) -> Answer:
    return owner.send(ADD, owner.form(ADD) | {"line": line} | more, by_htmx=by_htmx)


def times(answer: Answer) -> list[str]:
    found = re.findall(r'class="entry__time">(.*?)</span>', answer.text)
    return [re.sub("<[^>]+>", "", each) for each in found]


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_one_line_after_the_other_builds_the_timeline(
    owner: Writer, document: Document, by_htmx: bool
) -> None:
    lines = ["2026-11-14 23:50 alarm", "+5m paged", "00:10 calm", "~23:52 a customer calls"]
    assert {add(owner, each, by_htmx=by_htmx).status for each in lines} == {200 if by_htmx else 303}
    assert stored(document) == [
        ("15 07:50", "alarm"),
        ("15 07:55", "paged"),
        ("15 08:10", "calm"),
        ("16 07:52", "a customer calls"),
    ]


def test_after_adding_the_cursor_is_back_in_an_empty_line(owner: Writer) -> None:
    answer = add(owner, "2026-11-14 10:42 alarm", by_htmx=HTMX)
    form = answer.form(owner.address(ADD))
    assert "data-focus" in answer.attributes("line", form)
    assert form.fields["line"] == [""]
    back = add(owner, "2026-11-14 10:43 alarm").response["Location"]
    page = owner.open(back[back.index("?") : back.index("#")])
    assert "data-focus" in page.attributes("line", page.form(owner.address(ADD)))


def test_what_a_line_follows_is_what_its_form_showed(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    add(owner, "2026-11-14 10:00 first")
    mine = owner.form(ADD)
    add(contributor, "2026-11-15 18:00 theirs")
    owner.send(ADD, mine | {"line": "+5m mine"})
    assert ("14 18:05", "mine") in stored(document)


def test_a_line_that_cannot_be_read_is_kept_with_its_details(owner: Writer) -> None:
    answer = add(owner, "at noon alarm", kind="detection", evidence="https://a.example/1")
    form = answer.form(owner.address(ADD))
    assert answer.errors_at("line", form) == "Start with the time, like 10:42 alarm fired."
    assert (form.fields["line"], form.fields["kind"]) == (["at noon alarm"], ["detection"])
    assert re.search(r'<details class="fold" open>', answer.text)


def test_kinds_and_milestones_are_said_beside_the_entry(owner: Writer, document: Document) -> None:
    add(owner, "2026-11-14 02:20 alarm", kind="detection", milestone="detected.1")
    text = owner.open().text
    assert '<span class="tag">Detection</span>' in text
    assert "Marks: Detected" in text
    assert "Marked in the timeline:" in text
    assert document.incident.milestones.get(kind="detected").state == "recorded"


def test_a_marked_milestone_is_offered_to_nobody_else_and_stays_with_its_entry(
    owner: Writer, document: Document
) -> None:
    add(owner, "2026-11-14 02:20 alarm", milestone="detected.1")
    (entry,) = Entry.objects.filter(document=document)
    assert 'value="detected.2"' not in owner.open().text
    path, query = f"timeline/{entry.uid}/", f"?row={entry.uid}"
    assert owner.form(path, query)["milestone"] == ["detected"]
    owner.save(path, query, when="02:25", text="alarm rang")
    assert f"{document.incident.milestones.get(kind='detected').at:%H:%M}" == "10:25"


def test_a_milestone_that_was_marked_meanwhile_is_a_question_and_the_words_are_kept(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    mine = owner.form(ADD) | {"line": "2026-11-14 02:20 mine", "milestone": "detected.1"}
    add(contributor, "2026-11-14 02:21 theirs", milestone="detected.1")
    answer = owner.send(ADD, mine)
    form = answer.form(owner.address(ADD))
    assert "marked or changed meanwhile" in answer.errors_at("milestone", form)
    assert form.fields["line"] == ["2026-11-14 02:20 mine"]
    assert stored(document) == [("14 10:21", "theirs")]


def test_a_line_that_marks_a_milestone_sent_twice_is_there_once(
    owner: Writer, document: Document
) -> None:
    mine = owner.form(ADD) | {"line": "2026-11-14 02:20 mine", "milestone": "detected.1"}
    for _ in range(2):
        assert owner.send(ADD, mine).status == 303
    assert stored(document) == [("14 10:20", "mine")]
    answer = owner.send(ADD, mine | {"line": "2026-11-14 02:20 mine, and more"})
    assert answer.status == 409
    path = f"timeline/{Entry.objects.get(document=document).uid}/"
    assert owner.send(path, answer.form(owner.address(path)).fields).status == 303
    assert stored(document) == [("14 10:20", "mine, and more")]
    assert Entry.objects.get(document=document).milestone is not None


def gap_form(answer: Answer) -> Form:
    (found,) = [form for form in answer.reader.forms if "gap" in form.fields]
    return found


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_a_gap_stands_between_the_rows_and_opens_a_line_inside_it(
    owner: Writer, document: Document, people: People, by_htmx: bool
) -> None:
    for minute in (0, 15, 45):
        new_entry(document, people.owner, f"At {minute}", minute)
    page = owner.open()
    assert page.text.count('class="timeline__gap"') == 1
    assert "30 min without an entry" in page.text
    name = "hx-get" if by_htmx else "href"
    (link,) = re.findall(rf'{name}="([^"#]*gap=[^"#]*)', page.text)
    headers = {"HX-Request": "true"} if by_htmx else {}
    response = owner.client.get(link.replace("&amp;", "&"), headers=headers)
    answer = Answer(response)  # type: ignore[arg-type]
    assert answer.is_panel("timeline") == by_htmx
    explaining = gap_form(answer)
    assert explaining.fields["line"] == ["02:15-02:45 "]

    refused = owner.send(ADD, explaining.fields | {"line": "02:15-02:45"}, by_htmx=by_htmx)
    kept = gap_form(refused)
    assert (refused.status, kept.fields["gap"]) == (422, explaining.fields["gap"])
    assert kept.fields["line"] == ["02:15-02:45"]

    sent = kept.fields | {"line": "02:15-02:45 waiting"}
    saved = owner.send(ADD, sent, by_htmx=by_htmx)
    assert stored(document)[-2] == ("14 10:15", "waiting")
    if by_htmx:
        assert "without an entry" not in saved.text
    else:
        assert saved.response["Location"].endswith(f"?section=timeline#row-{sent['uid'][0]}")


def test_a_gap_that_somebody_else_closed_leaves_the_typed_line_in_the_form_below(
    owner: Writer, document: Document, people: People
) -> None:
    rows = [new_entry(document, people.owner, f"At {minute}", minute) for minute in (0, 45)]
    page = owner.open(f"?section=timeline&gap={rows[1].uid}")
    sent = gap_form(page).fields | {"line": "what I typed"}
    new_entry(document, people.owner, "At 30", 30)
    rows[1].delete()
    answer = owner.send(ADD, sent, by_htmx=HTMX)
    assert answer.form(owner.address(ADD)).fields["line"] == ["what I typed"]


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_a_row_out_of_order_is_put_in_its_place(
    owner: Writer, document: Document, people: People, by_htmx: bool
) -> None:
    rows = [new_entry(document, people.owner, f"At {minute}", minute) for minute in (10, 20)]
    assert "Put in its place" not in owner.open().text
    owner.send(f"timeline/{rows[1].uid}/move/", {"to": "up"})
    page = owner.open()
    assert "Earlier than the entry above" in page.text
    path = f"timeline/{rows[0].uid}/place/"
    assert owner.address(path) in page.text
    assert owner.send(path, {}, by_htmx=by_htmx).status == (200 if by_htmx else 303)
    owner.send(f"timeline/{rows[1].uid}/place/", {})
    assert [text for _, text in stored(document)] == ["At 10", "At 20"]


def test_a_row_that_was_removed_is_not_put_in_its_place(owner: Writer, entry: Entry) -> None:
    path = f"timeline/{entry.uid}/place/"
    entry.delete()
    assert owner.send(path, {}).status == 404


def test_another_zone_shows_other_clocks_and_changes_no_moment(
    owner: Writer, document: Document, people: People
) -> None:
    new_entry(document, people.owner)
    before = stored(document)
    own, utc = owner.open("?section=timeline"), owner.open("?section=timeline&zone=UTC")
    assert (times(own), times(utc)) == (["02:14"], ["10:14"])
    assert "the COE keeps America/Los_Angeles" in utc.text
    assert times(owner.open("?section=timeline&zone=berlin")) == ["11:14"]
    assert stored(document) == before


def test_a_zone_that_does_not_exist_is_said_and_the_own_one_is_shown(
    owner: Writer, entry: Entry
) -> None:
    page = owner.open("?section=timeline&zone=Mars/<b>Olympus")
    assert "There is no zone called “Mars/&lt;b&gt;Olympus”." in page.text
    assert times(page) == ["02:14"]


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_what_is_typed_in_another_zone_is_read_in_it_and_the_zone_stays(
    owner: Writer, document: Document, people: People, by_htmx: bool
) -> None:
    new_entry(document, people.owner)
    page = owner.open("?section=timeline&zone=UTC")
    path = f"{ADD}?zone=UTC"
    sent = page.form(owner.address(path)).fields | {"line": "10:20 second"}
    answer = owner.send(path, sent, by_htmx=by_htmx)
    if by_htmx:
        assert times(answer) == ["10:14", "10:20"]
    else:
        assert "zone=UTC" in answer.response["Location"]
    assert stored(document) == [("14 10:14", "Alarm"), ("14 10:20", "second")]


def test_a_row_of_a_long_timeline_is_light(
    owner: Writer, document: Document, people: People
) -> None:
    def size(count: int, by: User) -> int:
        for number in range(count):
            new_entry(document, by, "Alarm", number % 60)
        return len(owner.open("?section=timeline").text)

    first = size(1, people.owner)
    assert (size(50, people.owner) - first) / 50 < 1100

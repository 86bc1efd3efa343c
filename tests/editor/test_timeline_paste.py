"""Many lines pasted at once: looked through, corrected, and added in one go."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coe.documents.models import Document, State
from coe.timeline.models import Entry
from tests.editor.writer import Answer, Writer

PASTE, LINES = "timeline/paste/", "timeline/lines/"
NOTES = """2026-11-14
- 02:10 first errors
  and more of them
- 02:20 UTC+1 the vendor tells us
- 25:00 never
- 02:30 calm
"""


def stored(document: Document) -> list[tuple[str, str]]:
    entries = Entry.objects.filter(document=document)
    return [(f"{each.happened.at:%d %H:%M}", each.text) for each in entries]


def paste(owner: Writer, lines: str) -> Answer:
    return owner.send(PASTE, owner.form(PASTE) | {"lines": lines})


def fields(owner: Writer, answer: Answer) -> dict[str, Any]:
    found = answer.form(owner.address(LINES)).fields
    return {name: values for name, values in found.items() if values}


def test_pasted_lines_are_shown_as_they_were_understood_and_nothing_is_saved(
    owner: Writer, document: Document
) -> None:
    answer = paste(owner, NOTES)
    assert answer.status == 200
    sent = fields(owner, answer)
    assert [sent[f"when-{number}"][0] for number in range(4)] == [
        "2026-11-14 02:10",
        "2026-11-13 17:20",
        "25:00",
        "2026-11-14 02:30",
    ]
    assert sent["text-0"] == ["first errors\n  and more of them"]
    assert "25:00 is not a time of day" in answer.text
    assert stored(document) == []


def test_corrected_and_left_out_the_rest_is_added_in_one_go_and_only_once(
    owner: Writer, document: Document
) -> None:
    sent = fields(owner, paste(owner, NOTES))
    sent |= {"when-1": "+5m", "when-2": "02:25 ", "text-2": "rolled back", "out-3": "on"}
    for _ in range(2):
        answer = owner.send(LINES, sent)
        assert answer.status == 303
        assert answer.response["Location"] == f"{owner.page_address}?section=timeline#timeline"
    assert stored(document) == [
        ("14 10:10", "first errors\n  and more of them"),
        ("14 10:15", "the vendor tells us"),
        ("14 10:25", "rolled back"),
    ]


def test_what_still_cannot_be_read_keeps_everything_from_being_added_and_all_that_was_typed(
    owner: Writer, document: Document
) -> None:
    sent = fields(owner, paste(owner, NOTES))
    sent |= {"text-0": "other words", "text-3": " ", "out-1": "on", "when-2": "later"}
    answer = owner.send(LINES, sent)
    assert answer.status == 422
    again = fields(owner, answer)
    assert (again["text-0"], again["when-2"]) == (["other words"], ["later"])
    assert again["batch"] == sent["batch"]
    assert "“later” is not a time that can be read." in answer.text
    assert "Say what happened then, or leave the line out." in answer.text
    assert answer.attributes("out-1", answer.form(owner.address(LINES))).get("checked") is not None
    assert stored(document) == []


def test_words_that_changed_after_the_lines_were_added_are_not_swallowed(
    owner: Writer, document: Document
) -> None:
    sent = fields(owner, paste(owner, "2026-11-14 02:10 one"))
    owner.send(LINES, sent)
    answer = owner.send(LINES, sent | {"text-0": "other words"})
    assert answer.status == 409
    assert "other words" in answer.text
    assert stored(document) == [("14 10:10", "one")]


def test_all_left_out_is_nothing_to_add(owner: Writer) -> None:
    sent = fields(owner, paste(owner, "2026-11-14 02:10 one"))
    answer = owner.send(LINES, sent | {"out-0": "on"})
    assert answer.status == 422
    assert "there is nothing to add" in answer.text


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("", "Paste some lines first"),
        ("2026-11-14", "There is no line with a time in it."),
        ("a\x00b", "Line 1 contains a control character"),
        ("2026-11-14 10:00 x\n" * 401, "These are 401 entries and 400 fit at once."),
    ],
)
def test_what_cannot_be_looked_through_is_kept_with_a_sentence(
    owner: Writer, lines: str, sentence: str
) -> None:
    answer = paste(owner, lines)
    assert answer.status == 422
    assert sentence in answer.text


@pytest.mark.parametrize(
    "junk", [{}, {"batch": "x", "count": "1"}, {"count": "1"}, {"batch": "x" * 9}]
)
def test_a_preview_that_is_none_adds_nothing(
    owner: Writer, document: Document, junk: dict[str, str]
) -> None:
    assert owner.send(LINES, junk).status == 422
    assert stored(document) == []


def test_control_characters_are_refused_beside_their_line(
    owner: Writer, document: Document
) -> None:
    sent = fields(owner, paste(owner, "2026-11-14 02:10 one"))
    for name in ("when-0", "text-0"):
        answer = owner.send(LINES, sent | {name: "a\x00b"})
        assert answer.status == 422
        assert "contains a control character (U+0000)" in answer.text
    assert stored(document) == []


def test_what_is_approved_takes_no_lines(owner: Writer, document: Document) -> None:
    given, sent = owner.form(PASTE), fields(owner, paste(owner, "2026-11-14 02:10 one"))
    Document.objects.filter(pk=document.pk).update(state=State.APPROVED)
    assert owner.send(PASTE, given | {"lines": "2026-11-14 02:10 one"}).status == 409
    assert owner.send(LINES, sent).status == 409
    assert stored(document) == []


def test_four_hundred_lines_go_through_at_once(owner: Writer, document: Document) -> None:
    notes = "\n".join(f"2026-11-14 {n // 60:02}:{n % 60:02} entry {n} 👩🏽‍🚒" for n in range(400))
    with CaptureQueriesContext(connection) as read:
        sent = fields(owner, paste(owner, notes))
    with CaptureQueriesContext(connection) as written:
        assert owner.send(LINES, sent).status == 303
    told = [each for each in written if "coe_history" in each["sql"]]
    assert (len(read) < 50, len(written) - len(told) < 25, len(told)) == (True, True, 400)
    assert len(stored(document)) == 400
    assert owner.open("?section=timeline").text.count('class="entry__time"') == 400

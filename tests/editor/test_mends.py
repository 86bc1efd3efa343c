"""Each mend that a finding offers, followed to its end: then what was found is gone."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from coe.accounts.models import Team
from coe.documents.models import Document, Form, Section
from coe.editor.findings import Board, Shown
from coe.editor.mends import CORRECTIONS as CORRECTING
from coe.editor.mends import OPENINGS
from coe.exports.form import Form as FileForm
from coe.guidance import registry
from coe.history.models import HistoryEvent
from coe.importers.services import import_coe
from coe.snapshots.snapshot import EntryValue, Snapshot
from coe.timeline.models import Entry
from tests.editor.writer import HTMX, Answer, Writer, signed_in
from tests.guidance.samples import (
    ACTIONS,
    CAUSES,
    ENTRIES,
    SOUND,
    answered,
    cause,
    moments,
    written,
)
from tests.people import People

LASTED = "On 3 March 2025 the outage lasted 40 minutes. 2,300 customers could not pay."


def told(*entries: EntryValue, base: Snapshot = SOUND) -> Snapshot:
    return replace(base, entries=entries)


@pytest.fixture
def laid_down(people: People) -> "LayDown":
    return LayDown(people)


class LayDown:
    """Lays a snapshot down as a draft of the owner's."""

    def __init__(self, people: People) -> None:
        self.people = people

    def __call__(self, snapshot: Snapshot) -> Writer:
        team = Team.objects.get(name="Payments")
        document = import_coe(FileForm(snapshot, "", ""), owner=self.people.owner, team=team)
        fresh = Document.objects.with_readers_fields().get(pk=document.document.pk)
        return Writer(signed_in(self.people.owner), fresh)


def found(writer: Writer, check: str) -> list[Shown]:
    return [each for each in Board(writer.document).open if each.check.id == check]


def opened(writer: Writer, check: str) -> str:
    """The query of the form that the mend of the only finding of `check` opens."""
    (shown,) = found(writer, check)
    assert shown.opening is not None
    page = writer.client.get(writer.address("findings/"))
    assert shown.opening.address in unescape(page.content.decode())
    return shown.opening.query


SLOW = replace(
    moments(base=answered(detection=""), detected="15:00", acknowledged="15:01"),
    causes=(CAUSES[0], CAUSES[1], CAUSES[3]),
    actions=(ACTIONS[0], ACTIONS[2]),
)
"""Nobody saw it for 58 minutes, and nothing says why."""


@pytest.mark.parametrize(
    ("check", "snapshot"),
    [
        ("COE161", replace(SOUND, causes=(), actions=())),
        ("COE163", replace(SOUND, causes=CAUSES[:2], actions=ACTIONS[:1])),
        ("COE163", replace(SOUND, causes=CAUSES[:1], actions=())),
        ("COE165", replace(SOUND, causes=(CAUSES[0], *CAUSES[2:]), actions=ACTIONS[1:])),
        ("COE152", SLOW),
        (
            "COE154",
            replace(
                moments(base=answered(mitigation=""), mitigated="17:54", resolved="17:54"),
                causes=CAUSES[:3],
                actions=ACTIONS[:2],
            ),
        ),
    ],
)
def test_asking_why_opens_the_form_for_a_cause_in_its_place(
    laid_down: LayDown, check: str, snapshot: Snapshot
) -> None:
    writer = laid_down(snapshot)
    query = opened(writer, check)
    panel = Answer(writer.client.get(writer.page_address + query, headers={"HX-Request": "true"}))  # type: ignore[arg-type]
    assert panel.is_panel("causes")
    assert "data-focus" in panel.text
    sent = writer.form("causes/add/", query) | {"text": "Because nobody had asked."}
    assert writer.send("causes/add/", sent).status == 303
    assert found(writer, check) == []


def test_a_branch_that_stops_is_answered_by_an_action_item(laid_down: LayDown) -> None:
    stopping = replace(SOUND, causes=(*CAUSES, cause(9, explains=[2])))
    writer = laid_down(stopping)
    query = opened(writer, "COE162")
    uid = query.removeprefix("?answer=")
    sent = writer.form(f"causes/{uid}/answer/", query) | {"title": "Refuse the value"}
    assert writer.send(f"causes/{uid}/answer/", sent).status == 303
    assert found(writer, "COE162") == []


def test_a_slow_detection_gets_an_action_item_that_detects(laid_down: LayDown) -> None:
    writer = laid_down(SLOW)
    query = opened(writer, "COE180")
    sent = writer.form("actions/add/", query)
    assert sent["kind"] == ["detect"]
    sent |= {"title": "Add an alarm by bank"}
    assert writer.send("actions/add/", sent).status == 303
    assert found(writer, "COE180") == []


@pytest.mark.parametrize(
    ("check", "left_out", "line", "milestone"),
    [
        ("COE143", 7, "2025-03-03 15:54 ", "resolved"),
        ("COE145", 3, "2025-03-03 14:12 ", "acknowledged"),
    ],
)
def test_an_entry_at_a_milestone_begins_with_its_time_and_marks_it(
    laid_down: LayDown, check: str, left_out: int, line: str, milestone: str
) -> None:
    entries = (*ENTRIES[:left_out], *ENTRIES[left_out + 1 :])
    writer = laid_down(told(*entries))
    query = opened(writer, check)
    sent = writer.form("timeline/add/", query)
    assert sent["line"] == [line]
    assert sent["milestone"][0].partition(".")[0] == milestone
    sent["line"] = line + "All was normal, as the graph showed."
    assert writer.send("timeline/add/", sent).status == 303
    assert found(writer, check) == []
    entry = Entry.objects.get(document=writer.document, text__startswith="All was normal")
    assert entry.milestone is not None
    assert entry.milestone.kind == milestone


@pytest.mark.parametrize(
    ("zone", "line"),
    [("UTC", "2025-03-03 14:12-14:50 "), ("Asia/Kolkata", "2025-03-03 19:42-20:20 ")],
)
def test_a_gap_is_explained_by_an_entry_that_fills_it(
    laid_down: LayDown, zone: str, line: str
) -> None:
    writer = laid_down(told(*ENTRIES[:4], *ENTRIES[5:], base=replace(SOUND, zone=zone)))
    query = opened(writer, "COE144")
    sent = writer.form("timeline/add/", query)
    assert sent["line"] == [line]
    sent["line"] = line + "Waited for access."
    assert writer.send("timeline/add/", sent).status == 303
    assert found(writer, "COE144") == []


def test_a_preset_for_the_line_of_another_milestone_or_none_opens_an_empty_line(
    laid_down: LayDown,
) -> None:
    writer = laid_down(SOUND)
    for kind in ("resolved", "nonsense", ""):  # marked already, unknown, none
        sent = writer.form("timeline/add/", f"?add=timeline&milestone={kind}")
        assert sent.get("line", [""]) == [""]
        assert sent["milestone"] == [""]


CORRECTIONS = {
    "COE111": ("It was detected at 14:11. Then it was over.", "It was detected at 14:10."),
    "COE113": (LASTED, "the outage lasted 1 h 52 min."),
    "COE114": ("For 1 h 52 min 2,301 customers could not pay.", "2,300 customers could not pay."),
}


@pytest.mark.parametrize("check", CORRECTIONS)
@pytest.mark.parametrize("by_htmx", [False, HTMX])
def test_a_number_of_the_summary_is_put_right(
    laid_down: LayDown, check: str, by_htmx: bool
) -> None:
    wrong, right = CORRECTIONS[check]
    writer = laid_down(written(summary=wrong))
    (shown,) = found(writer, check)
    answer = writer.send("findings/mend/", {"key": shown.key, "at": "panel"}, by_htmx=by_htmx)
    section = Section.objects.get(document=writer.document, slug="summary")
    assert right in section.text
    assert found(writer, check) == []
    if by_htmx:
        assert answer.is_panel("summary")
        assert answer.response["HX-Trigger"] == '{"saved": {}}'
    else:
        assert answer.response["Location"].endswith("?section=summary#summary")
    event = HistoryEvent.objects.filter(document=writer.document, subject="section").last()
    assert event is not None
    assert (event.action, event.version) == ("changed", section.version)
    content: Any = event.text.content
    assert content["after"] == {"text": section.text}


def test_only_the_place_that_is_wrong_is_put_right(laid_down: LayDown) -> None:
    """What the same words say elsewhere, over white space and with marks, stays."""
    text = "The check runs every 40 minutes.\n\nThe **outage** lasted 40\nminutes. It was noticed."
    writer = laid_down(written(summary=text))
    (shown,) = found(writer, "COE113")
    assert writer.send("findings/mend/", {"key": shown.key}).status == 303
    section = Section.objects.get(document=writer.document, slug="summary")
    assert section.text == (
        "The check runs every 40 minutes.\n\nThe **outage** lasted 1 h 52 min. It was noticed."
    )


def test_words_that_stand_otherwise_are_left_to_the_author(laid_down: LayDown) -> None:
    writer = laid_down(written(summary="The outage lasted 40 *minutes*. It was noticed."))
    (shown,) = found(writer, "COE113")
    answer = writer.send("findings/mend/", {"key": shown.key})
    assert answer.status == 409
    assert "“40 minutes” could not be replaced by itself." in answer.text
    section = Section.objects.get(document=writer.document, slug="summary")
    assert "40 *minutes*" in section.text


def test_what_was_mended_meanwhile_is_stale(laid_down: LayDown) -> None:
    writer = laid_down(written(summary=LASTED))
    (shown,) = found(writer, "COE113")
    writer.save("sections/summary/", text="The outage lasted 1 h 52 min.")
    for by_htmx in (False, HTMX):
        answer = writer.send("findings/mend/", {"key": shown.key, "at": "panel"}, by_htmx=by_htmx)
        assert answer.status == 409
        assert "the text has changed since" in answer.text
    for key in ("", "x" * 64, "a" * 64, "\x00"):
        assert writer.send("findings/mend/", {"key": key}).status == 409


def test_a_finding_whose_mend_opens_a_form_is_not_written_by_itself(laid_down: LayDown) -> None:
    writer = laid_down(replace(SOUND, causes=(), actions=()))
    (shown,) = found(writer, "COE161")
    assert writer.send("findings/mend/", {"key": shown.key}).status == 409


def test_a_light_coe_that_is_full_is_offered_no_form(laid_down: LayDown) -> None:
    chain = (cause(1), cause(2, explains=[1]), cause(3, explains=[2]))
    light = replace(SOUND, form=Form.LIGHT, entries=(), causes=chain, actions=())
    writer = laid_down(light)
    (alone,) = found(writer, "COE163")
    assert alone.opening is None
    assert alone.finding.mend is not None
    (branch,) = found(writer, "COE162")
    assert branch.opening is not None


def test_every_mend_that_a_check_offers_is_known() -> None:
    """And no other: by the sources of the checks."""
    sources = (file.read_text() for file in Path(registry.__file__).parent.glob("*.py"))
    named = {name for text in sources for name in re.findall(r'Mend\(\s*"(\w+)"', text)}
    written_in_full = {"ask_why", "make_action", "add_entry", "explain_gap"}
    assert (
        named
        == set(OPENINGS) | CORRECTING
        == written_in_full
        | {
            "copy_time",
            "copy_duration",
            "copy_figure",
        }
    )

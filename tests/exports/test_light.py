"""The light form on paper: each thing once, on one page if it is ordinary, and without holes."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pypdf import PdfReader

from coe.exports.measure import Face, lines_of
from coe.exports.pdf import html_of
from coe.snapshots.printable import Printable
from coe.text.durations import describe_duration
from coe.whys.outlines import question_texts
from tests.exports import lights, samples
from tests.exports.reading import (
    elements,
    heights,
    letters,
    outline,
    page_texts,
    printed_whole,
    words,
)

FOOT = 20 / 25.4 * 72
"""Of the page, in points: below stands the foot line alone."""
NAMES = ("ordinary", "draft", "long", "rich")


@cache
def printed(name: str) -> PdfReader:
    made: Printable = getattr(lights, name)()
    return printed_whole(made)


def of_kind(reader: PdfReader, kind: str) -> list[Any]:
    return [element for found, element in elements(reader) if found == kind]


def told(name: str) -> str:
    return " ".join(page_texts(printed(name)))


@pytest.mark.parametrize("name", ["ordinary", "draft"])
def test_an_ordinary_light_coe_is_one_page(name: str) -> None:
    (page,) = page_texts(printed(name))
    assert len(lights.SUMMARY.split()) == 150
    assert len(lights.IMPACT.split()) == 60
    assert "Correction of Error · Light COE Internal COE-2017-0007" in page
    assert "Page 1 of 1" in page


def test_it_tells_each_thing_once_and_in_its_order() -> None:
    page = told("ordinary")
    things = (
        "Severity Service Team Owner Published",
        "Drawn to scale. Times in America/Los_Angeles",
        f"Summary {words(lights.SUMMARY)}",
        f"Impact {words(lights.IMPACT)}",
        *(f"C{number} {words(text)}" for number, text in enumerate(lights.CAUSES, 1)),
        *(
            f"A{number} {title} · Done when {done_when} Robin Marsh 1 Apr 2017 P1"
            for number, (title, done_when) in enumerate(lights.ACTIONS, 1)
        ),
        "People Written by Robin Marsh (Storage). Approved by Samira Holm (Head of storage) on "
        "2 Mar 2017, 08:20 PST (UTC\N{MINUS SIGN}08:00), who read text "
        f"{samples.DIGEST[:12]}, this one.",
    )
    assert [page.count(each) for each in things] == [1] * len(things)
    assert sorted(things, key=page.index) == list(things)
    for once in (
        "Switch the trial",
        "Answered by A3",
        "Answered by A1",
        "Answered by A2",
        "Accepted, late",
    ):
        assert page.count(once) == 1, once
    assert "Contents" not in page
    assert "Promises" not in page


def test_a_draft_says_in_a_line_that_nobody_has_approved_it() -> None:
    assert "Written by Robin Marsh (Storage). Nobody has approved this text yet." in told("draft")
    assert "Draft, not published" in told("draft")
    assert "As of" not in told("draft")
    assert "As of 9 Mar 2017: 0 of 3 verified, 1 late" in told("ordinary")


def test_a_longer_one_goes_on_without_holes() -> None:
    """Every page but the last is full to a few lines."""
    assert len(printed("long").pages) == 2
    for name in ("long", "rich"):
        *full, _ = printed(name).pages
        for page in full:
            lowest = min(height for height in heights(page) if height > FOOT)
            assert lowest < FOOT + 45, name


@pytest.mark.parametrize("name", NAMES)
def test_nothing_stands_in_the_margin_but_the_foot_line(name: str) -> None:
    reader = printed(name)
    for number, (page, text) in enumerate(zip(reader.pages, page_texts(reader), strict=True), 1):
        assert len([height for height in heights(page) if height < FOOT]) == 1
        assert f"COE-2017-0007 · {'Draft' if name == 'draft' else 'Version 1'} · text" in text
        assert f"Page {number} of {len(reader.pages)}" in text


def test_its_outline_names_every_block() -> None:
    assert outline(printed("ordinary")) == [
        (1, lights.ordinary().snapshot.title),
        (2, "Summary"),
        (2, "Impact"),
        (2, "Causes"),
        (3, "Why did it happen?"),
        (3, "Why did detection take 15 min?"),
        (2, "Action items"),
        (2, "People"),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_tagged_like_the_full_form(name: str) -> None:
    reader = printed(name)
    catalog: Any = reader.root_object
    assert str(catalog["/MarkInfo"]["/Marked"]) == "True"
    assert 'pdfuaid:part="1"' in catalog["/Metadata"].get_object().get_data().decode()
    assert len(of_kind(reader, "H1")) == 1
    assert all(str(each.get("/Alt", "")) for each in of_kind(reader, "Figure"))
    for table in of_kind(reader, "Table"):
        assert str(table["/K"][0].get_object()["/S"]) == "/THead"
    heads = {str(each["/ID"]) for each in of_kind(reader, "TH")}
    for cell in of_kind(reader, "TD"):
        named = {str(each) for each in cell["/A"]["/Headers"]}
        assert named
        assert named <= heads
    below = {str(each.get_object()["/S"]) for held in of_kind(reader, "L") for each in held["/K"]}
    assert below == {"/LI"}


def test_it_is_read_in_the_order_of_the_page() -> None:
    kinds = [kind for kind, _ in elements(printed("ordinary")) if kind in {"H1", "H2", "H3", "L"}]
    assert kinds == ["H1", *["H2"] * 3, "H3", "L", "L", "H3", "L", *["H2"] * 2]


def test_nothing_is_lost_of_what_a_coe_may_hold() -> None:
    """One that was imported may hold all that a full one does."""
    text, snapshot = letters(printed("rich")), samples.SNAPSHOT
    held = (
        *(answer.text for answer in snapshot.answers if "*" not in answer.text),
        *(answer.question for answer in snapshot.answers if answer.text),
        *(figure.what for figure in snapshot.figures),
        *(figure.basis for figure in snapshot.figures),
        *(check.name for check in snapshot.safeguards),
        *(check.why for check in snapshot.safeguards),
        *(item.title for item in snapshot.related),
        *(item.url for item in snapshot.related),
        *(action.title for action in snapshot.actions),
        *(action.done_when for action in snapshot.actions),
        *(action.tracker for action in snapshot.actions),
        *(cause.risk_reason for cause in snapshot.causes),
        *(entry.text for entry in snapshot.entries if "`" not in entry.text),
        *(entry.evidence for entry in snapshot.entries),
        "The share of failed requests stood at",
        "Four teams came within minutes.",
        "Hypothesis, not confirmed",
    )
    assert [each for each in held if "".join(each.split()) not in text] == []


def test_what_an_earlier_text_promised_stands_apart_and_the_others_with_their_action_items() -> (
    None
):
    text = told("rich")
    assert text.count("Promised in an earlier version, as of 9 March 2017.") == 1
    assert text.count("Count the hosts") == 1
    assert all(text.count(action.title) == 1 for action in samples.SNAPSHOT.actions)


def test_a_cause_of_more_than_a_paragraph_keeps_its_blocks() -> None:
    listed = replace(
        samples.LIGHT.snapshot.causes[0], text="Two things:\n\n- a disk\n- a **limit**"
    )
    html = html_of(
        replace(samples.LIGHT, snapshot=replace(samples.LIGHT.snapshot, causes=(listed,)))
    )
    assert '<div class="prose cause-words"><p>Two things:</p>' in html
    assert '<span class="cause-words">' not in html
    assert '<span class="cause-words">The new' in html_of(lights.draft())


@pytest.mark.parametrize("seconds", [0, 59, 3_599, 86_399, 364 * 86_400 + 86_399, 3_999 * 86_400])
def test_a_question_at_the_side_takes_no_more_lines_than_it_has_room_for(seconds: int) -> None:
    for start in ("detection", "mitigation"):
        title = f"Why did {start} take {describe_duration(seconds, about=True)}?"
        assert lines_of(title, 25.0, Face(8.0)) <= 3
    assert max(lines_of(each, 25.0, Face(8.0)) for each in question_texts(()).values()) <= 3


def test_an_empty_one_says_quietly_what_is_missing() -> None:
    bare = replace(samples.LIGHT, snapshot=replace(samples.EMPTY.snapshot, form="light"))
    assert html_of(bare).count("Not written yet.") == 4
    assert "Not written yet." not in html_of(replace(lights.ordinary(), snapshot=bare.snapshot))

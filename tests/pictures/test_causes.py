"""The diagram of the causes, measured on the boxes of what was drawn."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coe.exports.report import report
from coe.pictures.causes import MOST_COLUMNS, Sheet, causes_picture
from coe.pictures.graph import Part, divided, nodes_of
from coe.snapshots.snapshot import Snapshot
from tests.exports.samples import EMPTY, PUBLISHED, SNAPSHOT
from tests.pictures import boxes
from tests.pictures.samples import CAUSES, cause, explained

TALLEST = 810


def check(snapshot: Snapshot) -> None:
    """Nothing overlaps, all fit a page, and every cause and edge is there exactly once."""
    picture = causes_picture(snapshot)
    for drawing in picture.drawings:
        assert boxes.faults(drawing) == []
        assert float(Tree.fromstring(drawing).attrib["height"]) <= TALLEST
    shown = Counter(
        each.text for drawing in picture.drawings for each in boxes.Sheet(drawing).of("accent")
    )
    assert shown == {f"C{number}": 1 for number in range(1, len(snapshot.causes) + 1)}
    assert edges_shown(snapshot) == edges_of(snapshot)
    assert lines_drawn(picture.drawings) == lines_due(snapshot)


def edges_of(snapshot: Snapshot) -> Counter[tuple[str, str]]:
    return Counter((node.number, effect) for node in nodes_of(snapshot) for effect in node.explains)


def edges_shown(snapshot: Snapshot) -> Counter[tuple[str, str]]:
    """Lines, words where the other end is in another drawing, and lines to a head."""
    found: Counter[tuple[str, str]] = Counter()
    for part in divided(nodes_of(snapshot), lambda part: Sheet(part).fits):
        sheet = Sheet(part)
        found.update(sheet.edges)
        for number, effects in sheet.stubs.items():
            found.update((number, effect) for effect in effects)
        for node in part.nodes:
            found.update((node.number, each) for each in node.explains if each in part.heads)
    return found


def lines_drawn(drawings: Sequence[str]) -> tuple[int, int]:
    """The curves between causes, and the straight lines to what a drawing starts from."""
    ways = [each.attrib["d"] for svg in drawings for each in boxes.Sheet(svg).of("edge")]
    curved = sum("C" in way for way in ways)
    return curved, len(ways) - curved


def lines_due(snapshot: Snapshot) -> tuple[int, int]:
    parts = divided(nodes_of(snapshot), lambda part: Sheet(part).fits)
    return sum(len(Sheet(part).edges) for part in parts), sum(len(part.roots) for part in parts)


@pytest.mark.parametrize("name", CAUSES)
def test_every_cause_and_edge_is_drawn_once_and_nothing_overlaps(name: str) -> None:
    check(CAUSES[name])


@st.composite
def graphs(draw: st.DrawFn) -> Snapshot:
    """Causes of which each explains some that came before, or the impact."""
    causes = []
    for number in range(draw(st.integers(1, 25))):
        earlier = st.integers(0, number - 1) if number else st.nothing()
        effects = draw(st.lists(earlier, max_size=3, unique=True)) if number else []
        asks = draw(st.sampled_from(["happened", "detection", "mitigation"]))
        text = draw(st.sampled_from(["Short", "A few words about what lay below " * 4, "w" * 200]))
        causes.append(cause(number, *effects, asks=asks, text=text))
    return explained(*draw(st.permutations(causes)))


@settings(deadline=None, max_examples=25)
@given(graphs())
def test_every_cause_and_edge_of_any_graph_is_drawn_once(snapshot: Snapshot) -> None:
    check(snapshot)


def test_a_planted_edge_through_a_cause_is_found() -> None:
    drawing = causes_picture(SNAPSHOT).svg
    line = '<path class="picture__edge" d="M10 10 L600 400" />'
    assert any("frame" in each for each in boxes.faults(drawing.replace("</svg>", line + "</svg>")))


def test_the_title_counts_and_ends_as_a_sentence_does() -> None:
    assert "1 cause, C1, below Why did it happen? The list" in causes_picture(CAUSES["one"]).svg
    assert "?." not in causes_picture(SNAPSHOT).svg.split("</title>")[0]


def test_a_cause_of_which_the_words_are_its_number_is_told_from_a_question() -> None:
    part = Part({"C1": "C1", "Why did it happen?": None}, ())
    assert [Sheet(part).cards[each].name for each in part.heads] == ["C1 goes on", "The impact"]


def test_without_causes_there_is_no_picture() -> None:
    assert causes_picture(EMPTY.snapshot).drawings == ()


def test_numbers_are_those_that_readers_see() -> None:
    nodes = {node.number: node.words for node in nodes_of(SNAPSHOT)}
    waiting = [node for chain in report(PUBLISHED).chains for node in chain.nodes]
    seen = {}
    while waiting:
        node = waiting.pop()
        seen[node.reference.number] = node.cause.text
        waiting += node.children
    assert nodes == seen


def test_lines_join_as_many_pairs_as_there_are_edges() -> None:
    """Eight causes of S3: five explain a cause, one of them two; three answer a question."""
    sheet = boxes.Sheet(causes_picture(SNAPSHOT).svg)
    curved = [each for each in sheet.of("edge") if "C" in each.attrib["d"]]
    assert (len(curved), len(sheet.of("edge"))) == (6, 9)
    assert [each.get("stroke-dasharray") for each in curved].count("5 3") == 1


def test_kinds_confidence_and_ends_differ_without_colour() -> None:
    snapshot = replace(
        explained(
            cause(0, kind="trigger"),
            cause(1, 0, kind="luck", confidence="likely"),
            cause(2, 0, kind="", confidence="hypothesis", risk="Accepted."),
        )
    )
    sheet = boxes.Sheet(causes_picture(snapshot).svg)
    assert "Trigger" in sheet.words
    assert "Luck: limited the damage" in sheet.words
    assert "Likely · open: nothing answers it" in sheet.words
    assert "Hypothesis · risk accepted" in sheet.words
    assert len(sheet.of("sign", "sign-open")) == 2
    dashes = {each.get("stroke-dasharray") for each in sheet.of("frame")}
    assert {None, "8 3", "1.5 2.5"} <= dashes


def test_an_open_end_of_a_publication_is_neither_drawn_open_nor_spoken_of() -> None:
    picture = causes_picture(CAUSES["one"], names_open_ends=False)
    sheet = boxes.Sheet(picture.svg)
    assert "pen:" not in sheet.words
    assert (
        picture.text == "C1 (latent condition, confirmed) explains the impact (Why did it happen?)."
    )
    (frame,) = sheet.of("frame")
    assert frame.attrib["d"].endswith("Z")
    working = boxes.Sheet(causes_picture(CAUSES["one"]).svg)
    assert len(working.of("frame")) == 3  # three sides, and the two that run out


def test_corrections_stand_at_the_causes_that_they_answer() -> None:
    assert "Answered by A1, A2" in boxes.Sheet(causes_picture(SNAPSHOT).svg).words


def test_a_chain_that_is_too_deep_goes_on_in_a_drawing_of_its_own() -> None:
    drawings = causes_picture(CAUSES["ten deep"]).drawings
    sheets = [boxes.Sheet(each) for each in drawings]
    assert [re.findall(r"C\d+ goes on", each.words) for each in sheets] == [
        [],
        ["C4 goes on"],
        ["C8 goes on"],
    ]
    assert [each.words.lower().count("goes on below") for each in sheets] == [1, 1, 0]
    assert MOST_COLUMNS == 4


def test_sixty_causes_are_divided_in_reading_order_on_few_pages() -> None:
    drawings = causes_picture(CAUSES["sixty"]).drawings
    assert 4 <= len(drawings) <= 10
    for drawing in drawings:
        assert drawing.startswith("<svg")
        assert 'role="img"' in drawing


def test_the_words_say_what_explains_what() -> None:
    text = causes_picture(SNAPSHOT).text
    assert "C1 (trigger, confirmed) explains the impact (Why did it happen?)." in text
    assert "C8 (contributing factor, likely) explains C5, C2. Answered by A4." in text
    assert "C7 (contributing factor, hypothesis) explains C6. The risk is accepted." in text

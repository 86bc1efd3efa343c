"""The words below the strip: never over each other, never off the sheet, near their marks."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from coe.exports.columns import NARROWEST, UNITS, columns_for
from coe.exports.measure import Face
from coe.incidents.models import Milestone
from coe.snapshots.printable import Printable
from coe.snapshots.snapshot import MilestoneValue
from coe.text.instants import Instant
from tests.exports import lights, samples
from tests.exports.reading import elements, printed_whole
from tests.pictures.boxes import Box

PLACES = st.lists(st.floats(1, 99), max_size=4).map(lambda inner: (1.0, *sorted(inner), 99.0))
"""As the strip has them: the first and the last milestone stand at its ends."""
CROWDED = {
    "at the right": (0, 970, 985, 1000),
    "at both ends": (0, 5, 20, 600, 970, 1000),
    "six at the right": (0, 940, 970, 980, 990, 1000),
    "spread": (0, 200, 400, 600, 800, 1000),
}
"""Minutes after impact started at which the milestones stand, in their order."""


@settings(deadline=None)
@given(PLACES)
def test_columns_fill_the_sheet_and_never_overlap(places: tuple[float, ...]) -> None:
    columns = columns_for(places)
    assert len(columns) == len(places)
    assert columns[0].start == 0
    assert all(a.start + a.width == b.start for a, b in pairwise(columns))
    assert columns[-1].start + columns[-1].width == UNITS
    assert all(each.width >= NARROWEST for each in columns)


@settings(deadline=None)
@given(PLACES)
def test_no_line_is_longer_than_the_words_beside_it_make_it(places: tuple[float, ...]) -> None:
    """Others take 15 percent each, and one that would break its words another 10 and a step."""
    for place, column in zip(places, columns_for(places), strict=True):
        assert 1 <= column.anchor <= 99
        assert abs(column.anchor - place) <= (len(places) - 1) * 15 + 15


def test_one_moment_and_several_at_once_stand_at_the_left() -> None:
    assert [each.anchor for each in columns_for((1.0,))] == [1.0]
    assert [each.anchor for each in columns_for((1.0, 1.0))] == [1.0, 16.0]
    assert columns_for(()) == ()


def test_words_stand_at_their_marks_where_there_is_room() -> None:
    spread = columns_for((1.0, 37.0, 63.0, 99.0))
    assert [each.anchor for each in spread] == [1.0, 37.5, 62.5, 99.0]
    assert [each.side for each in spread] == ["start", "middle", "middle", "end"]


def test_marks_at_the_right_end_have_their_words_set_to_the_right_and_to_the_left_at_the_left() -> (
    None
):
    right = columns_for((1.0, 97.0, 98.0, 99.0))
    assert [each.anchor for each in right] == [1.0, 69.0, 84.0, 99.0]
    assert [each.side for each in right] == ["start", "end", "end", "end"]
    left = columns_for((1.0, 2.0, 3.0, 99.0))
    assert [each.anchor for each in left] == [1.0, 16.0, 31.0, 99.0]
    assert [each.side for each in left] == ["start", "start", "start", "end"]


def test_every_milestone_has_its_own_column_and_its_name_fits_into_the_narrowest() -> None:
    assert len(Milestone.Kind) * NARROWEST <= UNITS
    room = 170 * NARROWEST / UNITS - 3
    assert all(Face(7.5).width(str(each.label)) < room for each in Milestone.Kind)


def lasting(*minutes: int) -> Printable:
    """A COE whose milestones are recorded so many minutes after its impact started."""
    kinds: tuple[str, ...] = (
        "impact_started",
        "detected",
        "acknowledged",
        "diagnosed",
        "mitigated",
        "resolved",
    )
    if len(minutes) == 4:
        kinds = ("impact_started", "detected", "mitigated", "resolved")
    first = samples.at("01:00").at
    recorded = tuple(
        MilestoneValue(kind, "recorded", Instant(first + timedelta(minutes=each)))
        for kind, each in zip(kinds, minutes, strict=True)
    )
    sample = lights.draft()
    return replace(sample, snapshot=replace(sample.snapshot, milestones=recorded))


@cache
def printed(name: str) -> PdfReader:
    return printed_whole(lasting(*CROWDED[name]))


def boxes(reader: PdfReader) -> list[Box]:
    """Every run of words between the strip and the block below it, from the bytes of the page."""
    found: list[Box] = []

    def note(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        words = text.strip()
        if words and not cm[1]:
            x, y = cm[0] * tm[4] + cm[4], cm[3] * tm[5] + cm[5]
            points = size * abs(tm[3] * cm[3])
            face = "semibold" if font and "Semi" in str(font["/BaseFont"]) else "regular"
            wide = Face(points, face).width(words) / 25.4 * 72
            found.append(Box(x, -y - 0.8 * points, x + wide, -y + 0.2 * points, words))

    reader.pages[0].extract_text(visitor_text=note)
    top = next(each.top for each in found if each.what == "Impact started")
    bottom = next(each.top for each in found if each.what.startswith("Drawn to scale"))
    return [each for each in found if top <= each.top < bottom]


def faults(shown: list[Box]) -> list[str]:
    left, right = 20 / 25.4 * 72, 190 / 25.4 * 72
    over = [
        f"{a.what!r} over {b.what!r}"
        for number, a in enumerate(shown)
        for b in shown[number + 1 :]
        if a.meets(b)
    ]
    off = (each for each in shown if each.left < left - 1 or each.right > right + 1)
    return over + [f"{each.what!r} off the sheet" for each in off]


@pytest.mark.parametrize("name", CROWDED)
def test_on_paper_nothing_is_over_a_label_or_off_the_sheet(name: str) -> None:
    shown = boxes(printed(name))
    assert len(shown) >= 2 * len(CROWDED[name])
    assert faults(shown) == []


def test_a_planted_overlap_is_found() -> None:
    shown = boxes(printed("at the right"))
    first = shown[0]
    planted = replace(first, left=first.left + 3, right=first.right + 600, what="Planted")
    assert f"'{first.what}' over 'Planted'" in faults([*shown, planted])
    assert "'Planted' off the sheet" in faults([*shown, planted])


def test_the_words_of_a_crowd_at_the_right_end_are_set_to_the_right() -> None:
    """Detected and mitigated stand in the right half, below the marks, and end at one edge."""
    shown = {each.what: each for each in boxes(printed("at the right"))}
    middle = 105 / 25.4 * 72
    for name in ("Detected", "Mitigated", "Resolved"):
        assert shown[name].left > middle
    assert shown["Resolved"].right == pytest.approx(190 / 25.4 * 72, abs=1)


def test_the_table_of_the_strip_keeps_its_heads() -> None:
    table = next(each for kind, each in elements(printed("at both ends")) if kind == "Table")
    parts: Any = table["/K"]
    assert str(parts[0].get_object()["/S"]) == "/THead"

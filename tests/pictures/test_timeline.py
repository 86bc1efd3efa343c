"""The timeline to scale, measured on the boxes of what was drawn."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coe.pictures.scale import Scale
from coe.pictures.timeline import timeline_picture
from coe.text.instants import Instant
from tests.exports.samples import EMPTY, SNAPSHOT
from tests.pictures.boxes import SVG, Sheet, faults, shape_box
from tests.pictures.samples import CROWDED, PRECURSOR, TIMELINES, course, minutes

TALLEST = 830
"""What a page of paper has room for below the heading and the note."""
NAMES = ("impact_started", "detected", "acknowledged", "mitigated", "resolved")


@pytest.mark.parametrize("name", TIMELINES)
def test_nothing_is_over_a_label_or_off_the_sheet(name: str) -> None:
    picture = timeline_picture(TIMELINES[name])
    (wide,), (narrow,) = picture.drawings, picture.narrow
    assert faults(wide) == []
    assert faults(narrow) == []
    assert (Sheet(wide).width, Sheet(narrow).width) == (642, 358)
    assert Sheet(wide).height <= TALLEST


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.integers(-3000, 3000) | st.integers(0, 20), max_size=70),
    st.lists(st.none() | st.integers(-60, 3000), min_size=5, max_size=5),
)
def test_nothing_is_over_a_label_in_any_course(entries: list[int], ends: list[int | None]) -> None:
    known = {name: end for name, end in zip(NAMES, ends, strict=True) if end is not None}
    picture = timeline_picture(course(entries, **known))
    for drawing in (*picture.drawings, *picture.narrow):
        assert faults(drawing) == []
    assert bool(picture.drawings) == bool(entries or known)


def test_a_planted_overlap_is_found() -> None:
    drawing = timeline_picture(SNAPSHOT).svg
    assert faults(drawing) == []
    for planted, fault in (
        ('<text x="300" y="45" font-size="11">Planted</text>', "'Impact started' over 'Planted'"),
        ('<text x="630" y="400" font-size="11">Planted</text>', "'Planted' off the sheet"),
        (
            '<path class="picture__leader" d="M200 0 L640 400" />',
            "leader through 'was the only way back.'",
        ),
        ('<circle class="picture__mark" cx="300" cy="42" r="3" />', "a mark over 'Impact started'"),
    ):
        assert fault in faults(drawing.replace("</svg>", f"{planted}</svg>"))


def test_without_any_moment_there_is_no_picture() -> None:
    picture = timeline_picture(EMPTY.snapshot)
    assert (picture.drawings, picture.narrow, picture.svg) == ((), (), "")


def test_moments_stand_to_scale() -> None:
    """Marks are as far apart as the moments: an hour, then two, then four."""
    sheet = Sheet(timeline_picture(course([0, 60, 180, 420])).svg)
    middles = sorted((each.top + each.bottom) / 2 for each in sheet.marks)
    hour = middles[1] - middles[0]
    assert middles[2] - middles[1] == pytest.approx(2 * hour, abs=0.3)
    assert middles[3] - middles[2] == pytest.approx(4 * hour, abs=0.3)


def test_a_crowded_hour_is_magnified_and_every_entry_keeps_its_label() -> None:
    sheet = Sheet(timeline_picture(CROWDED).svg)
    assert len(sheet.of("lens")) == 1
    for number in range(44):
        assert f"No. {number}: Operators" in sheet.words
    lens = {round(each.left + each.right) for each in sheet.marks if each.left > 180}
    assert len(lens) <= 2  # dots and diamonds, all on one line


def test_too_many_entries_share_labels_and_none_is_left_out() -> None:
    sheet = Sheet(timeline_picture(TIMELINES["300 entries"]).svg)
    counted = [int(each) for each in _before(sheet.words, "entries, from")]
    alone = sum(f"No. {number}: Operators" in sheet.words for number in (0, 225))
    assert sum(counted) + alone == 300


def _before(words: str, phrase: str) -> list[str]:
    return [part.rsplit(" ", 2)[-2] for part in words.split(phrase)[:-1]]


def test_phases_lie_between_the_milestones_that_are_known() -> None:
    drawing = timeline_picture(SNAPSHOT)
    words = Sheet(drawing.svg).words
    assert "Impact to detection about 4 min" in words
    assert "Detection to mitigation about 3 h 37 min" in words
    assert "Mitigation to recovery 36 min" in words
    assert "Acknowledged: not applicable. Diagnosed: not known yet." in words
    published = timeline_picture(SNAPSHOT, is_published=True)
    assert "Diagnosed: not known." in Sheet(published.svg).words
    assert "Diagnosed: not known." in published.text
    assert drawing.text.startswith("Impact to detection: about 4 min (09:37 on 28 Feb 2017 to")


def test_phases_within_a_crowded_stretch_are_drawn_beside_it_to_its_scale() -> None:
    for drawing in (timeline_picture(PRECURSOR).svg, timeline_picture(PRECURSOR).narrow[0]):
        sheet = Sheet(drawing)
        (lens,) = (shape_box(each) for each in sheet.of("lens"))
        ends = ("detection", "engagement", "mitigation", "recovery")
        bars = [
            max((shape_box(each) for each in sheet.of(f"phase-{end}")), key=lambda box: box.left)
            for end in ends
        ]
        assert all(lens.left < bar.left and bar.right < lens.right - 5 for bar in bars)
        minute = (lens.bottom - lens.top) / 70
        heights = [bar.bottom - bar.top for bar in bars]
        assert heights == pytest.approx(
            [17 * minute, 7 * minute, 28 * minute, 18 * minute], rel=0.1
        )


def test_a_phase_without_a_minute_is_not_said_to_take_no_seconds() -> None:
    picture = timeline_picture(course([0, 9], impact_started=3, detected=3, mitigated=9))
    assert "Impact to detection: within the same minute (" in picture.text
    assert "0 s" not in Sheet(picture.svg).words


def test_phases_too_short_to_be_drawn_stand_in_words_alone() -> None:
    sheet = Sheet(timeline_picture(course([-60 * 24 * 30, 0], impact_started=0, resolved=9)).svg)
    assert "Impact to recovery 9 min" in sheet.words
    assert sheet.of("phase-recovery") == []
    assert len(sheet.of("leader")) == 3  # those of what happened


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (0, "28 Feb 2017, times in"),
        (60 * 24 * 3, "28 Feb to 3 Mar 2017, times in"),
        (-60 * 24 * 20, "8 to 28 Feb 2017, times in"),
        (-60 * 24 * 60, "30 Dec 2016 to 28 Feb 2017, times in"),
    ],
)
def test_the_days_that_it_covers_stand_above_it(until: float, said: str) -> None:
    picture = timeline_picture(course([0, until]))
    assert said in Sheet(picture.svg).words
    assert said.partition(",")[0] in Sheet(picture.narrow[0]).words


def test_reversed_milestones_are_said_to_be_and_drawn_hollow() -> None:
    picture = timeline_picture(TIMELINES["reversed milestones"])
    assert "detection is 30 min before impact: check both times" in picture.text
    assert "recovery is 20 min before mitigation (" in picture.text
    assert len(Sheet(picture.svg).of("reversed")) == 2


def test_approximate_moments_and_spans_look_different_from_exact_ones() -> None:
    sheet = Sheet(timeline_picture(TIMELINES["spans and guesses"]).svg)
    circles = [each.get("class") for each in sheet.root.iter(f"{SVG}circle")]
    spans = [each.get("stroke-dasharray") for each in sheet.root.iter(f"{SVG}rect")]
    assert circles.count("picture__mark-open") == 1
    assert circles.count("picture__mark") == 1
    assert spans == [None, "2 1.6"]


def test_gaps_of_more_than_a_quarter_of_an_hour_are_marked() -> None:
    (gaps,) = Sheet(timeline_picture(course([0, 15, 31, 200])).svg).of("gap")
    assert gaps.attrib["d"].count("M") == 2
    assert "2 h 49 min without an entry" in timeline_picture(course([0, 15, 31, 200])).svg


def test_ticks_are_round_times_of_the_wall_clock() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")  # 5 h 45 min from UTC
    start = datetime(2026, 3, 1, 9, 10, tzinfo=kathmandu)
    scale = Scale(start, start + timedelta(hours=2), 0, 400)
    labels = [tick.label for tick in scale.ticks(kathmandu, apart=90)]
    assert labels == ["09:30", "10:00", "10:30", "11:00"]


@pytest.mark.parametrize(
    ("length", "labels"),
    [
        (timedelta(seconds=10), ["09:00:00", "09:00:05", "09:00:10"]),
        (timedelta(hours=18), ["12:00", "18:00", "29 Mar"]),
        (timedelta(weeks=3), ["4 Apr", "11 Apr", "18 Apr"]),
    ],
)
def test_ticks_go_from_seconds_to_weeks(length: timedelta, labels: list[str]) -> None:
    """On the night when the clocks in Berlin went forward."""
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 28, 9, 0, tzinfo=zone)
    ticks = Scale(start, start + length, 0, 300).ticks(zone, apart=80)
    assert [tick.label for tick in ticks] == labels


def test_the_same_snapshot_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    script = (
        "import django; django.setup()\n"
        "from hashlib import sha256\n"
        "from coe.pictures.causes import causes_picture\n"
        "from coe.pictures.timeline import timeline_picture\n"
        "from tests.pictures.samples import CAUSES, CROWDED\n"
        "drawn = timeline_picture(CROWDED).svg + causes_picture(CAUSES['sixty']).svg\n"
        "print(sha256(drawn.encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "coe.settings"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_words_are_escaped_and_what_xml_cannot_hold_is_left_out() -> None:
    drawing = timeline_picture(TIMELINES["hard words"]).svg
    assert "<script" not in drawing
    assert "\u0007" not in drawing
    assert "\u202e" not in drawing
    assert "style=" not in drawing
    assert "a &amp; b &lt; c &gt; d" in drawing


def test_a_span_that_ends_last_stays_on_the_sheet() -> None:
    entries = (replace(SNAPSHOT.entries[0], instant=Instant(minutes(0), end=minutes(9999))),)
    assert faults(timeline_picture(replace(SNAPSHOT, entries=entries)).svg) == []

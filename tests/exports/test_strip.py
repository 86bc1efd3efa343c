"""The strip of milestones: to scale, in the order of time, and honest about what is missing."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from coe.exports.report import report
from coe.exports.strip import Phase, Strip, in_words
from coe.snapshots.snapshot import MilestoneValue
from tests.exports import samples
from tests.exports.samples import at

ZONE = ZoneInfo(samples.SNAPSHOT.zone)


def strip(**recorded: str) -> Strip:
    """Of the milestones that are recorded at a clock of one day; the others are not known yet."""
    milestones = tuple(
        MilestoneValue(each.kind, "recorded", at(recorded[each.kind]))
        if each.kind in recorded
        else MilestoneValue(each.kind, "pending", None)
        for each in samples.SNAPSHOT.milestones
    )
    snapshot = replace(samples.SNAPSHOT, milestones=milestones)
    return report(replace(samples.PUBLISHED, snapshot=snapshot)).strip


def test_marks_stand_to_scale_and_their_words_below_them() -> None:
    shown = strip(impact_started="10:00", detected="10:01", mitigated="10:30", resolved="11:40")
    assert [each.label for each in shown.stops] == [
        "Impact started",
        "Detected",
        "Mitigated",
        "Resolved",
    ]
    assert [each.place for each in shown.stops] == [1.0, 1.98, 30.4, 99.0]
    assert [each.column.anchor for each in shown.stops] == [1.0, 16.0, 41.0, 99.0]
    assert [each.column.side for each in shown.stops] == ["start", "start", "start", "end"]


def test_each_stop_says_what_it_took_and_the_first_of_a_day_which_day_it_is() -> None:
    shown = strip(impact_started="10:00", detected="10:01", diagnosed="10:02", resolved="11:40")
    assert [each.duration and each.duration.seconds for each in shown.stops] == [
        None,
        60,
        None,
        6000,
    ]
    assert [bool(each.day) for each in shown.stops] == [True, False, False, False]


def test_where_there_are_several_days_each_stop_says_its_own() -> None:
    days = {"impact_started": 24, "detected": 26, "acknowledged": 26, "resolved": 28}
    milestones = tuple(
        MilestoneValue(kind, "recorded", at("10:00", day)) for kind, day in days.items()
    )
    shown = report(
        replace(samples.PUBLISHED, snapshot=replace(samples.SNAPSHOT, milestones=milestones))
    ).strip
    assert [each.day and each.day.day for each in shown.stops] == [24, 26, 26, 28]
    assert "Acknowledged 10:00 on 26 Feb 2017" in in_words(shown, ZONE)


def test_phases_follow_each_other_and_a_missing_end_hands_its_time_to_the_next() -> None:
    whole = strip(impact_started="10:00", detected="10:50", mitigated="11:00", resolved="11:40")
    assert whole.phases == (
        Phase("undetected", 1.0, 50.0),
        Phase("unmitigated", 50.0, 59.8),
        Phase("unresolved", 59.8, 99.0),
    )
    undetected = strip(impact_started="10:00", mitigated="11:00", resolved="11:40")
    assert [each.name for each in undetected.phases] == ["unmitigated", "unresolved"]
    assert undetected.phases[0].start == 1.0
    assert strip(detected="10:00", mitigated="11:00").phases == ()


def test_what_is_out_of_order_stands_where_it_was_and_no_phase_runs_backwards() -> None:
    shown = strip(impact_started="10:30", detected="10:00", mitigated="11:30", resolved="11:00")
    assert [each.label for each in shown.stops] == [
        "Detected",
        "Impact started",
        "Resolved",
        "Mitigated",
    ]
    assert all(each.start <= each.end for each in shown.phases)
    assert shown.stops[0].duration is not None
    assert shown.stops[0].duration.is_reversed


def test_one_moment_and_none_are_no_scale() -> None:
    assert [each.place for each in strip(detected="10:00").stops] == [1.0]
    assert [each.place for each in strip(detected="10:00", resolved="10:00").stops] == [1.0, 1.0]
    assert strip().stops == ()
    assert [(each.state, each.names) for each in strip(detected="10:00").absent] == [
        ("Not known yet", "impact started, acknowledged, diagnosed, mitigated, resolved")
    ]


def test_its_words_name_every_mark() -> None:
    shown = strip(impact_started="10:00", resolved="11:40")
    assert in_words(shown, ZONE) == (
        "The milestones to scale: Impact started 10:00 on 28 Feb 2017, Resolved 11:40"
    )


def test_what_took_no_time_to_the_minute_is_said_in_words() -> None:
    shown = strip(impact_started="10:00", detected="10:15", acknowledged="10:15")
    assert [each.took for each in shown.stops] == ["", "15 min to detect", "within the same minute"]

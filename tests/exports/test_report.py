"""How a COE is numbered and arranged for paper."""

from dataclasses import replace
from datetime import UTC, date, datetime

from coe.exports.report import CauseNode, report
from coe.snapshots.snapshot import CauseValue, EntryValue, MilestoneValue
from coe.text.instants import Instant, Precision
from tests.exports import samples
from tests.exports.samples import at, uid

Tree = dict[str, "Tree"]


def cause(number: int, *explains: int) -> CauseValue:
    return CauseValue(
        uid(number), f"Cause {number}", "", "likely", "", tuple(uid(n) for n in explains)
    )


def nodes_of(*causes: CauseValue) -> tuple[CauseNode, ...]:
    snapshot = replace(samples.SNAPSHOT, causes=causes, actions=())
    return report(replace(samples.PUBLISHED, snapshot=snapshot)).causes


def drawn(nodes: tuple[CauseNode, ...]) -> Tree:
    return {f"{each.reference.number} {each.cause.text}": drawn(each.children) for each in nodes}


def every(nodes: tuple[CauseNode, ...]) -> list[CauseNode]:
    return [found for node in nodes for found in (node, *every(node.children))]


def test_causes_are_numbered_as_they_stand_on_the_page() -> None:
    nodes = nodes_of(cause(1), cause(2), cause(3, 1), cause(4, 3), cause(5, 2), cause(6, 1))
    assert drawn(nodes) == {
        "C1 Cause 1": {"C2 Cause 3": {"C3 Cause 4": {}}, "C4 Cause 6": {}},
        "C5 Cause 2": {"C6 Cause 5": {}},
    }


def test_a_shared_cause_is_drawn_once_and_says_what_else_it_explains() -> None:
    nodes = nodes_of(cause(1), cause(2), cause(3, 2, 1))
    assert drawn(nodes) == {"C1 Cause 1": {}, "C2 Cause 2": {"C3 Cause 3": {}}}
    shared = nodes[1].children[0]
    assert [reference.number for reference in shared.explains] == ["C1"]
    assert not shared.is_displaced


def test_a_cause_of_something_unknown_stands_at_the_top() -> None:
    assert drawn(nodes_of(cause(1, 99))) == {"C1 Cause 1": {}}


def test_a_long_chain_stops_indenting_and_names_what_it_explains() -> None:
    nodes = nodes_of(cause(1), *(cause(number, number - 1) for number in range(2, 2_001)))
    found = every(nodes)
    assert [node.reference.number for node in found] == [f"C{n}" for n in range(1, 2_001)]
    assert not found[5].is_displaced
    assert found[6].is_displaced
    assert [reference.number for reference in found[6].explains] == ["C6"]


def test_corrections_and_causes_refer_to_each_other() -> None:
    arranged = report(samples.PUBLISHED)
    numbers = {node.reference.number: node for node in every(arranged.causes)}
    for correction in arranged.corrections:
        assert correction.cause is not None
        answered = numbers[correction.cause.number]
        assert answered.cause.uid == correction.action.cause
        assert correction.reference in answered.answers


def test_timeline_is_one_history_of_entries_and_milestones() -> None:
    snapshot = replace(
        samples.SNAPSHOT,
        milestones=(
            MilestoneValue("impact_started", "recorded", at("23:50", day=27)),
            MilestoneValue("detected", "recorded", at("00:10")),
            MilestoneValue("mitigated", "recorded", at("00:10")),
            MilestoneValue("resolved", "pending", None),
        ),
        entries=tuple(
            EntryValue(uid(number), at(clock, day), f"{clock} came {number}", "")
            for number, (clock, day) in enumerate([("00:10", 28), ("00:10", 28), ("23:40", 27)])
        ),
    )
    days = report(replace(samples.PUBLISHED, snapshot=snapshot)).days
    assert [day.day for day in days] == [date(2017, 2, 27), date(2017, 2, 28)]
    rows = [
        (line.since, line.milestones, line.entry.text if line.entry else None)
        for day in days
        for line in day.lines
    ]
    assert rows == [
        (-600, (), "23:40 came 2"),
        (0, ("Impact started",), None),
        (1200, ("Detected", "Mitigated"), "00:10 came 0"),
        (1200, (), "00:10 came 1"),
    ]
    assert days[0].lines[0].is_before_impact
    assert days[0].lines[0].distance == 600


def test_without_start_of_impact_nothing_has_elapsed() -> None:
    snapshot = replace(samples.SNAPSHOT, milestones=())
    lines = report(replace(samples.PUBLISHED, snapshot=snapshot)).days[0].lines
    assert {line.since for line in lines} == {None}


def test_offset_names_both_when_the_clocks_changed() -> None:
    def entry(number: int, day: int) -> EntryValue:
        moment = datetime(2017, 3, day, 20, tzinfo=UTC)
        return EntryValue(uid(number), Instant(moment, Precision.MINUTE, None), "", "")

    snapshot = replace(samples.SNAPSHOT, milestones=(), entries=(entry(1, 11), entry(2, 12)))
    both = report(replace(samples.PUBLISHED, snapshot=snapshot)).offset
    assert both == "UTC\N{MINUS SIGN}08:00 and UTC\N{MINUS SIGN}07:00"
    india = replace(snapshot, zone="Asia/Kolkata")
    assert report(replace(samples.PUBLISHED, snapshot=india)).offset == "UTC+05:30"
    assert report(samples.EMPTY).offset == ""


def test_days_are_those_of_the_zone() -> None:
    evening = datetime(2017, 3, 3, 1, 0, tzinfo=UTC)
    envelope = replace(samples.PUBLISHED.envelope, published_at=evening)
    arranged = report(replace(samples.PUBLISHED, envelope=envelope, as_of=evening))
    assert arranged.published_on == arranged.as_of == date(2017, 3, 2)


def test_front_shows_as_many_corrections_as_its_page_has_room_for() -> None:
    short = report(samples.PUBLISHED)
    assert len(short.front_corrections) == 6
    assert short.further_corrections == 0
    assert short.is_front_one_page
    long = report(samples.hard())
    assert len(long.front_corrections) == 3
    assert long.further_corrections == 9
    assert not long.is_front_one_page


def test_standing_and_watermark_follow_the_state() -> None:
    assert (report(samples.PUBLISHED).standing, report(samples.PUBLISHED).watermark) == (
        "Version 1",
        "",
    )
    assert report(samples.DRAFT).standing == "Draft"
    assert report(samples.DRAFT).watermark == "Draft, not published"

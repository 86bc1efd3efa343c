"""How a COE is numbered and arranged for paper."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from coe.exports.causes import CauseNode
from coe.exports.report import Report, report
from coe.snapshots.printable import PromiseValue
from coe.snapshots.snapshot import CauseValue, EntryValue, MilestoneValue, Snapshot
from coe.text.instants import Instant, Precision
from tests.exports import samples
from tests.exports.samples import at, uid

Tree = dict[str, "Tree"]


def cause(number: int, *explains: int, answers: str = "happened") -> CauseValue:
    effects = tuple(uid(n) for n in explains)
    return CauseValue(uid(number), f"Cause {number}", "", "likely", "", effects, answers)


def nodes_of(*causes: CauseValue) -> tuple[CauseNode, ...]:
    snapshot = replace(samples.SNAPSHOT, causes=causes, actions=())
    chains = report(replace(samples.PUBLISHED, snapshot=snapshot)).chains
    return tuple(node for chain in chains for node in chain.nodes)


def drawn(nodes: tuple[CauseNode, ...]) -> Tree:
    return {f"{each.reference.number} {each.cause.text}": drawn(each.children) for each in nodes}


def of(snapshot: Snapshot, *, is_published: bool = True) -> Report:
    base = samples.PUBLISHED if is_published else samples.DRAFT
    return report(replace(base, snapshot=snapshot))


def titles(snapshot: Snapshot, *, is_published: bool = True) -> list[str]:
    """The parts that follow on the front, as they are numbered."""
    chapters = of(snapshot, is_published=is_published).chapters
    return [f"{each.number} {each.title}{' (empty)' * each.is_empty}" for each in chapters]


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
    numbers = {
        node.reference.number: node
        for node in every(tuple(node for chain in arranged.chains for node in chain.nodes))
    }
    for correction in arranged.corrections:
        assert correction.cause is not None
        answered = numbers[correction.cause.number]
        assert answered.cause.uid == correction.action.cause
        assert correction.reference in answered.answers


def test_causes_stand_under_the_question_that_their_chain_answers() -> None:
    snapshot = replace(
        samples.SNAPSHOT,
        actions=(),
        causes=(
            cause(1, answers="mitigation"),
            cause(2, answers="detection"),
            cause(3, 1, answers="happened"),
            cause(4),
            cause(5, answers="mitigation"),
        ),
    )
    chains = {chain.title: drawn(chain.nodes) for chain in of(snapshot).chains}
    assert chains == {
        "Why did it happen?": {"C1 Cause 4": {}},
        "Why did detection take about 4 min?": {"C2 Cause 2": {}},
        "Why did mitigation take 3 h 41 min?": {
            "C3 Cause 1": {"C4 Cause 3": {}},
            "C5 Cause 5": {},
        },
    }


@pytest.mark.parametrize(
    ("milestones", "asked"),
    [
        ({}, ["so long?", "so long?"]),
        ({"impact_started": "09:37"}, ["so long?", "so long?"]),
        ({"impact_started": "09:37", "detected": "10:05"}, ["28 min?", "so long?"]),
        ({"impact_started": "09:37", "detected": "09:37"}, ["so long?", "so long?"]),
        ({"impact_started": "09:37", "detected": "09:30"}, ["so long?", "so long?"]),
        ({"detected": "10:05", "mitigated": "13:18"}, ["so long?", "so long?"]),
        ({"impact_started": "09:37", "mitigated": "13:18"}, ["so long?", "3 h 41 min?"]),
    ],
)
def test_a_question_says_how_long_it_took_where_that_is_known(
    milestones: dict[str, str], asked: list[str]
) -> None:
    recorded = tuple(
        MilestoneValue(kind, "recorded", at(clock)) for kind, clock in milestones.items()
    )
    chains = of(replace(samples.SNAPSHOT, milestones=recorded)).chains
    first, *others = [chain.title for chain in chains]
    assert first == "Why did it happen?"
    starts = ("Why did detection take ", "Why did mitigation take ")
    assert others == [start + end for start, end in zip(starts, asked, strict=True)]


def test_what_was_signed_before_chains_named_their_question_is_put_under_none() -> None:
    first = replace(samples.SNAPSHOT, schema=1)
    assert [chain.title for chain in of(first).chains] == [""]


def test_an_end_is_open_until_something_is_done_or_the_risk_is_accepted() -> None:
    action = replace(samples.SNAPSHOT.actions[0], cause=uid(3))
    causes = (
        cause(1),
        cause(2, 1),
        cause(3, 1),
        replace(cause(4, 1), risk_reason="Rare."),
        cause(5, 2, 4),
    )
    snapshot = replace(samples.SNAPSHOT, causes=causes, actions=(action,))
    nodes = every(tuple(node for chain in of(snapshot).chains for node in chain.nodes))
    assert {node.cause.text for node in nodes if node.is_open} == {"Cause 5"}


ALL_PARTS = [
    "1 Impact",
    "2 Metrics",
    "3 Timeline",
    "4 Incident questions",
    "5 Safeguards",
    "6 Causes",
    "7 Lessons",
    "8 Action items",
    "9 Related items",
    "10 People",
    "11 Promises",
]


def test_the_kind_of_incident_is_a_fact_where_it_was_no_outage() -> None:
    breach = of(replace(samples.SNAPSHOT, category="security"))
    assert [(each.label, each.value) for each in breach.facts] == [
        ("Severity", "Sev 1"),
        ("Kind", "Security"),
        ("Service", "Simple Storage Service"),
        ("Team", "Storage"),
        ("Owner", samples.OWNER.name),
        ("Published", "Version 1"),
    ]
    assert [each.label for each in of(samples.SNAPSHOT).facts] == [
        *("Severity", "Service", "Team", "Owner", "Published")
    ]


def test_the_parts_stand_in_the_order_they_are_read() -> None:
    assert titles(samples.SNAPSHOT) == ALL_PARTS


@pytest.mark.parametrize(
    ("values", "gone"),
    [
        ({"safeguards": ()}, {"Safeguards"}),
        ({"lessons": ()}, {"Lessons"}),
        ({"causes": ()}, {"Causes"}),
        ({"related": samples.SNAPSHOT.related[1:3]}, {"Related items"}),
        ({"related": (), "sections": samples.SNAPSHOT.sections[:2]}, {"Metrics", "Related items"}),
        ({"answers": samples.EMPTY.snapshot.answers}, {"Incident questions"}),
        ({"answers": samples.SNAPSHOT.answers[:2]}, {"Incident questions"}),
        ({"sections": samples.SNAPSHOT.sections[:1]}, set()),
        ({"entries": ()}, set()),
        ({"entries": (), "milestones": ()}, {"Timeline"}),
    ],
)
def test_what_holds_nothing_is_no_part_of_a_publication(
    values: dict[str, Any], gone: set[str]
) -> None:
    left = [title.split(" ", 1)[1] for title in titles(replace(samples.SNAPSHOT, **values))]
    assert left == [part for each in ALL_PARTS if (part := each.split(" ", 1)[1]) not in gone]


def test_a_working_copy_says_what_is_still_to_be_written() -> None:
    assert titles(samples.EMPTY.snapshot, is_published=False)[:9] == [
        "1 Impact (empty)",
        "2 Metrics (empty)",
        "3 Timeline (empty)",
        "4 Incident questions (empty)",
        "5 Safeguards (empty)",
        "6 Causes (empty)",
        "7 Lessons (empty)",
        "8 Action items (empty)",
        "9 People",
    ]


def test_a_light_coe_has_only_what_it_holds_and_says_that_it_is_light() -> None:
    light = report(samples.LIGHT)
    assert (light.form, report(samples.DRAFT).form) == ("Light COE", "")
    assert not light.shows_waiting
    assert [f"{each.title}{' (empty)' * each.is_empty}" for each in light.chapters] == [
        "Impact",
        "Causes",
        "Action items (empty)",
        "People",
    ]
    assert titles(replace(samples.LIGHT.snapshot, lessons=samples.LESSONS))[2:3] == ["3 Lessons"]


def test_questions_without_an_answer_wait_apart() -> None:
    arranged = report(samples.DRAFT)
    detection = arranged.questions[0]
    assert [each.text for each in detection.answered] == ["By an alarm of the **front end**."]
    assert [each.question for each in detection.waiting] == [
        "Should it have been found sooner, and by what?"
    ]
    assert [each.title for each in arranged.questions] == [
        "Detection",
        "Diagnosis",
        "Mitigation",
        "Prevention",
    ]
    assert arranged.shows_waiting
    assert not report(samples.PUBLISHED).shows_waiting


def test_related_items_stand_where_they_are_looked_for_and_once() -> None:
    arranged = report(samples.PUBLISHED)
    places = (arranged.from_customers, arranged.metrics, arranged.related)
    assert [[(each.kind, each.item.title) for each in links] for links in places] == [
        [("Customer ticket or feedback", "Letter of a customer")],
        [("Metric or graph", "Failed requests")],
        [("Change", "Removal of servers"), ("Earlier COE", "COE-2015-0031")],
    ]


def test_lessons_are_grouped_by_kind_in_one_order() -> None:
    groups = [
        (group.title, [each.text for each in group.lessons])
        for group in report(samples.PUBLISHED).lessons
    ]
    assert groups == [
        ("Went well", ["Four teams came within *minutes*.", "Nothing was lost."]),
        ("Got lucky", ["It was a quiet morning."]),
    ]


def test_a_milestone_stands_with_the_entry_that_marks_it_and_not_with_another_of_that_time() -> (
    None
):
    snapshot = replace(
        samples.SNAPSHOT,
        milestones=(
            MilestoneValue("impact_started", "recorded", at("09:00")),
            MilestoneValue("detected", "recorded", at("09:10")),
            MilestoneValue("mitigated", "recorded", at("09:10")),
        ),
        entries=(
            EntryValue(uid(1), at("09:10"), "First", "", "note"),
            EntryValue(uid(2), at("09:10"), "Second", "", "detection", "detected"),
        ),
    )
    (day,) = of(snapshot).days
    assert [
        (line.milestones, line.kind, line.entry.text if line.entry else "") for line in day.lines
    ] == [
        (("Impact started",), "", ""),
        (("Mitigated",), "Note", "First"),
        (("Detected",), "Detection", "Second"),
    ]


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


def test_standing_and_watermark_follow_the_state() -> None:
    assert (report(samples.PUBLISHED).standing, report(samples.PUBLISHED).watermark) == (
        "Version 1",
        "",
    )
    assert report(samples.DRAFT).standing == "Draft"
    assert report(samples.DRAFT).watermark == "Draft, not published"


def light_of(promises: tuple[PromiseValue, ...]) -> Report:
    """A light publication that made these promises."""
    snapshot = replace(samples.SNAPSHOT, form="light")
    return report(replace(samples.PUBLISHED, snapshot=snapshot, promises=promises))


def test_a_light_coe_tells_its_promises_once_unless_one_is_of_an_earlier_text() -> None:
    made = samples.PUBLISHED.promises
    own = {each.uid for each in samples.SNAPSHOT.actions}
    kept = tuple(each for each in made if each.uid in own)
    assert kept
    earlier = replace(kept[0], uid=uid(99))
    assert "promises" not in [each.slug for each in light_of(kept).chapters]
    assert "promises" in [each.slug for each in light_of((*kept, earlier)).chapters]


def absent(**known: str) -> list[str]:
    """What the strip of a light COE says is not known yet."""
    milestones = tuple(
        MilestoneValue(each.kind, "recorded", at(known[each.kind]))
        if each.kind in known
        else MilestoneValue(each.kind, "pending", None)
        for each in samples.SNAPSHOT.milestones
    )
    shown = of(replace(samples.SNAPSHOT, form="light", milestones=milestones))
    return [each.names for each in shown.strip.absent]


def test_a_light_coe_says_of_a_milestone_that_it_is_not_known_only_where_it_asks_for_it() -> None:
    assert absent(impact_started="09:37", detected="09:45", mitigated="10:00") == []
    assert absent(impact_started="09:37", mitigated="10:00") == ["detected"]
    assert absent(impact_started="09:37") == ["detected, mitigated, resolved"]

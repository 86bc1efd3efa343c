"""The timeline: from before detection to normal, without holes, with proof, without names."""

from dataclasses import replace

import pytest

from coe.policies.rules import DEFAULT_RULES
from coe.snapshots.snapshot import EntryValue, RelatedValue, Snapshot
from coe.text.instants import Precision
from tests.guidance.samples import (
    ENTRIES,
    GRAPH,
    MANAGER,
    SOUND,
    at,
    cause,
    entry,
    found,
    moments,
    rows,
    said,
    uid,
    written,
)


def told(*entries: EntryValue, base: Snapshot = SOUND) -> Snapshot:
    return replace(base, entries=entries)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, ["The timeline has no entries; a story has at least 3."]),
        (1, ["The timeline has one entry; a story has at least 3."]),
        (2, ["The timeline has 2 entries; a story has at least 3."]),
        (3, []),
    ],
)
def test_a_story_has_three_entries(count: int, expected: list[str]) -> None:
    assert said("COE141", told(*ENTRIES[:count])) == expected


def test_the_guide_says_how_many_entries_make_a_story() -> None:
    rules = replace(DEFAULT_RULES, fewest_entries=9)
    assert len(said("COE141", SOUND, rules=rules)) == 1


def test_it_begins_before_detection() -> None:
    late = told(*ENTRIES[2:])
    assert said("COE142", late) == [
        "The first entry, at 14:10, is not before detection. What set it off?"
    ]
    assert rows("COE142", late) == [str(uid(102))]
    assert said("COE142", told(*ENTRIES[1:])) == []


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert said("COE142", told(*reversed(ENTRIES))) == []
    assert said("COE143", told(*reversed(ENTRIES))) == []
    assert said("COE144", told(*reversed(ENTRIES))) == []


def test_a_detection_that_is_not_known_or_copied_from_the_start_is_found_elsewhere() -> None:
    late = told(*ENTRIES[3:])
    assert said("COE142", moments(base=late, detected=None)) == []
    assert said("COE142", moments(base=late, impact_started="14:10")) == []
    assert said("COE142", moments(base=late, impact_started=None))
    assert said("COE142", told()) == []


def test_it_ends_at_normal() -> None:
    early = told(*ENTRIES[:-1])
    (finding,) = found("COE143", early)
    assert finding.sentence == (
        "The last entry is at 15:00, and it was resolved at 15:54. What happened then?"
    )
    assert finding.mend is not None
    assert (finding.mend.name, finding.mend.label, finding.mend.data) == (
        "add_entry",
        "Add an entry at “resolved”",
        (("milestone", "resolved"),),
    )


def test_a_span_may_reach_to_normal_and_later_entries_may_follow() -> None:
    assert said("COE143", told(*ENTRIES[:-1], entry(9, "15:00-15:54"))) == []
    assert said("COE143", told(*ENTRIES[:-1], entry(9, "15:00-15:53")))
    assert said("COE143", told(*ENTRIES, entry(9, "17:00"))) == []


def test_normal_is_the_mitigation_while_it_is_not_resolved() -> None:
    open_one = moments(base=told(*ENTRIES[:-2]), resolved=None)
    (sentence,) = said("COE143", open_one)
    assert "it was mitigated at 15:00" in sentence
    assert said("COE143", moments(base=told(*ENTRIES[:-1]), resolved=None)) == []
    assert said("COE143", moments(base=open_one, mitigated=None)) == []
    assert said("COE143", told()) == []


def test_a_gap_in_the_response_is_asked_about() -> None:
    gap = told(*ENTRIES[:4], *ENTRIES[5:])
    (finding,) = found("COE144", gap)
    assert finding.sentence == (
        "Nothing is written for 38 min, from 14:12 to 14:50. What was waited for, or tried?"
    )
    assert finding.place.row == str(uid(105))
    assert finding.mend is not None
    assert (finding.mend.name, finding.mend.label, dict(finding.mend.data)) == (
        "explain_gap",
        "Add an entry from 14:12",
        {"at": "2025-03-03T14:12:00Z", "end": "2025-03-03T14:50:00Z"},
    )


@pytest.mark.parametrize(("clock", "count"), [("14:27", 0), ("14:28", 1)])
def test_a_gap_is_longer_than_the_guide_allows(clock: str, count: int) -> None:
    """From 14:12 it is 15 minutes, or one more."""
    assert (
        len(said("COE144", told(*ENTRIES[:4], entry(9, clock + "-14:50"), *ENTRIES[5:]))) == count
    )


def test_what_nobody_had_noticed_yet_and_what_came_after_are_no_gaps() -> None:
    assert said("COE144", SOUND) == []  # 54 minutes from mitigated to resolved
    slow = moments(base=told(*(each for each in ENTRIES if each.uid != uid(102))), detected="14:12")
    assert said("COE144", slow) == []
    unseen = moments(base=told(*ENTRIES[:2], *ENTRIES[5:]), detected="14:48", acknowledged="14:49")
    assert said("COE144", unseen) == []
    assert said("COE144", moments(mitigated=None, resolved=None)) == []
    assert said("COE144", moments(detected=None, impact_started=None)) == []
    assert said("COE144", told()) == []


def test_while_detection_is_not_known_the_response_begins_with_the_impact() -> None:
    gap = moments(base=told(*ENTRIES[:2], *ENTRIES[5:]), detected=None, acknowledged=None)
    assert said("COE144", gap) == [
        "Nothing is written for 48 min, from 14:02 to 14:50. What was waited for, or tried?"
    ]


def test_without_an_entry_at_its_end_a_gap_belongs_to_the_timeline() -> None:
    gap = told(*ENTRIES[:4], ENTRIES[-1])
    assert rows("COE144", gap) == [""]


@pytest.mark.parametrize(("clock", "count"), [("16:41", 0), ("16:42", 1)])
def test_in_a_long_response_a_gap_is_a_tenth_of_it(clock: str, count: int) -> None:
    """From 14:10 to 15:00 on the next day: a tenth is 149 minutes, which 14:12 to 16:41 is."""
    night = [entry(30 + hour, f"{hour:02}:00") for hour in (18, 20, 22)]
    morning = [
        replace(entry(60 + hour, "00:00"), instant=at(f"{hour:02}:00", 4))
        for hour in range(0, 15, 2)
    ]
    day = moments(
        base=told(*ENTRIES[2:4], entry(20, clock), *night, *morning),
        diagnosed="",
        mitigated=at("15:00", 4),
        resolved="",
    )
    assert len(said("COE144", day)) == count


def test_of_many_gaps_the_three_longest_are_told_in_their_order() -> None:
    clocks = ("14:12", "14:29", "14:48", "15:06", "15:26", "16:00")
    holes = told(*(entry(number, clock) for number, clock in enumerate(clocks)))
    day = moments(base=holes, diagnosed="", mitigated="16:00", resolved="")
    assert [each.split(",")[0] for each in said("COE144", day)] == [
        "Nothing is written for 19 min",
        "Nothing is written for 20 min",
        "Nothing is written for 34 min",
    ]


def test_an_entry_stands_at_each_milestone() -> None:
    (finding,) = found("COE145", moments(acknowledged="14:13"))
    assert finding.sentence == "“Acknowledged” is recorded at 14:13, where no entry stands."
    assert finding.place.row == "acknowledged"
    assert finding.mend is not None
    assert finding.mend.data == (("milestone", "acknowledged"),)


def test_a_span_over_it_or_an_approximate_time_near_it_will_do() -> None:
    for clock in ("14:20", "14:30", "14:45"):
        assert said("COE145", moments(acknowledged=clock)) == []
    assert len(said("COE145", moments(acknowledged="14:46"))) == 1
    assert len(said("COE145", moments(acknowledged="14:19"))) == 1
    for clock, count in (("15:10", 0), ("15:11", 1), ("13:48", 0), ("13:47", 1)):
        about = at(clock, precision=Precision.ABOUT)
        assert len(said("COE145", moments(mitigated=about))) == count
    loose = told(
        *ENTRIES, replace(entry(9, "15:20"), instant=at("15:20", precision=Precision.ABOUT))
    )
    assert said("COE145", moments(base=loose, mitigated="15:30")) == []
    assert len(said("COE145", moments(base=loose, mitigated="15:31"))) == 1


def test_without_a_timeline_its_entries_are_not_missed_one_by_one() -> None:
    assert said("COE145", told()) == []


BARE = written(base=told(*(replace(each, evidence="") for each in ENTRIES)), metrics="None.")


def test_something_links_to_what_proves_the_impact() -> None:
    (finding,) = found("COE146", BARE)
    assert finding.sentence == (
        "No link shows the impact. Add one to the entry at 14:02, to a graph or a log."
    )
    assert (finding.place.row, finding.place.field) == (str(uid(101)), "evidence")


@pytest.mark.parametrize("number", [1, 6, 7])
def test_evidence_of_its_start_or_end_is_enough(number: int) -> None:
    entries = [
        replace(each, evidence=GRAPH if each.uid == uid(100 + number) else "") for each in ENTRIES
    ]
    assert said("COE146", replace(BARE, entries=tuple(entries))) == []


def test_evidence_of_something_else_is_not() -> None:
    entries = [replace(each, evidence=GRAPH if each.uid == uid(100) else "") for each in ENTRIES]
    assert len(said("COE146", replace(BARE, entries=tuple(entries)))) == 1


def test_a_link_in_the_text_a_linked_graph_or_the_section_of_graphs_will_do() -> None:
    linked = [
        replace(each, text=f"[Graph]({GRAPH})" if each.milestone else each.text)
        for each in BARE.entries
    ]
    assert said("COE146", replace(BARE, entries=tuple(linked))) == []
    assert said("COE146", written(base=BARE, metrics=GRAPH)) == []
    graph = RelatedValue(uid(701), "metric", "Refused payments", GRAPH, "")
    assert said("COE146", replace(BARE, related=(graph,))) == []
    assert said("COE146", replace(BARE, related=(replace(graph, url=""),)))
    assert said("COE146", replace(BARE, related=(replace(graph, kind="document"),)))


def test_an_entry_of_the_kind_impact_proves_it_as_well() -> None:
    marks = replace(BARE, entries=(entry(0, "13:58", kind="change"), entry(1, "14:02")))
    assert said("COE146", marks) == []  # nothing says that impact was there
    shown = replace(BARE, entries=(entry(0, "13:58"), entry(1, "14:02", kind="impact")))
    assert rows("COE146", shown) == [str(uid(101))]


def test_a_near_miss_proves_nothing() -> None:
    assert said("COE146", replace(BARE, severity=4)) == []
    assert said("COE146", replace(BARE, severity=3))


def test_entries_and_causes_name_roles() -> None:
    named = told(*ENTRIES, entry(9, "16:00", "Kim Peer **rolled** back."))
    (finding,) = found("COE147", named)
    assert finding.sentence == "The entry at 16:00 names Kim Peer. Name the role."
    assert (finding.place.row, finding.place.field) == (str(uid(109)), "text")
    blamed = replace(SOUND, causes=(*SOUND.causes, cause(9, text="Robin Owner forgot it.")))
    assert said("COE147", blamed) == ["C3 names Robin Owner. Name the role."]


@pytest.mark.parametrize(
    "text", ["Kim deployed.", "Kim Peerless is a band.", "The owner deployed.", "kim peer"]
)
def test_what_is_no_full_name_of_somebody_who_takes_part(text: str) -> None:
    assert said("COE147", told(*ENTRIES, entry(9, "16:00", text))) == []


def test_the_owner_of_an_action_item_and_who_accepts_a_risk_are_people_too() -> None:
    alone = replace(SOUND, contributors=(), actions=SOUND.actions[1:2])
    named = told(*ENTRIES, entry(9, "16:00", "Kim Peer came."), base=alone)
    assert len(said("COE147", named)) == 1
    risk = cause(9, risk_reason="It is rare.", risk_approver=MANAGER)
    accepted = replace(SOUND, causes=(*SOUND.causes, risk))
    assert len(
        said("COE147", told(*ENTRIES, entry(9, "16:00", "Sam Manager came."), base=accepted))
    )
    assert said("COE147", told(*ENTRIES, entry(9, "16:00", "Sam Manager came."))) == []


def test_one_word_is_no_name() -> None:
    one = replace(SOUND, owner=replace(SOUND.owner, name="Will"))
    assert said("COE147", told(*ENTRIES, entry(9, "16:00", "Will it hold?"), base=one)) == []

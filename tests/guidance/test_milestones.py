"""The milestones: known, in order, not copied, not in the future."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.guidance.samples import AS_OF, ENTRIES, SOUND, answered, at, entry, found, moments, said

SAME = "Impact start and detection are both at 14:10. Say where the start is known from."


def test_the_start_of_the_impact_has_to_be_known() -> None:
    (finding,) = found("COE131", moments(impact_started=None))
    assert (finding.level, finding.place.row) == ("blocks", "impact_started")


def test_it_may_be_said_not_to_apply() -> None:
    assert said("COE131", moments(impact_started="")) == []
    assert said("COE131", moments(detected=None)) == []


@pytest.mark.parametrize(
    ("kind", "label", "part"),
    [
        ("detected", "Detected", "detection"),
        ("acknowledged", "Acknowledged", "detection"),
        ("diagnosed", "Diagnosed", "diagnosis"),
    ],
)
def test_a_milestone_is_known_or_its_part_says_why_not(kind: str, label: str, part: str) -> None:
    unknown = moments({kind: None})
    assert said("COE132", unknown) == []  # every question of the part has an answer
    (finding,) = found("COE132", answered(base=unknown, **{part: ""}))
    assert finding.sentence == f"“{label}” is not known yet. If it does not apply, say so."
    assert finding.place.row == kind
    assert said("COE132", answered(base=moments({kind: ""}), **{part: ""})) == []


def test_one_open_question_is_enough_to_doubt_it() -> None:
    some = answered(base=moments(diagnosed=None))
    answers = tuple(
        replace(each, text="" if each.slug == "slowed" else "x") for each in some.answers
    )
    assert len(said("COE132", replace(some, answers=answers))) == 1


def test_a_guide_without_the_part_lets_nothing_pass() -> None:
    bare = replace(moments(diagnosed=None), answers=())
    assert len(said("COE132", bare)) == 1
    assert said("COE132", replace(bare, form="light")) == []


@pytest.mark.parametrize("kind", ["mitigated", "resolved"])
def test_the_end_has_to_be_known_whatever_is_answered(kind: str) -> None:
    assert len(said("COE132", moments({kind: None}))) == 1


def test_a_light_coe_is_asked_for_its_three_milestones_alone() -> None:
    """The detection, and one of the two ends; the start has a check of its own."""

    def asked(*kinds: str) -> list[str]:
        unknown = moments(dict.fromkeys(kinds))
        return [each.place.row for each in found("COE132", replace(unknown, form="light"))]

    assert asked("mitigated") == asked("resolved") == []
    assert asked("mitigated", "resolved") == ["mitigated", "resolved"]
    assert asked("acknowledged", "diagnosed") == []
    assert asked("detected") == ["detected"]


def test_the_start_has_a_check_of_its_own() -> None:
    assert said("COE132", moments(impact_started=None)) == []


def test_reversed_milestones() -> None:
    assert said("COE133", moments(detected="13:40")) == [
        "“Detected” is 22 min before impact started. Check both times."
    ]
    (finding,) = found("COE133", moments(acknowledged="14:09"))
    assert finding.sentence == "“Acknowledged” is 1 min before detected. Check both times."
    assert finding.place.row == "acknowledged"


def test_recovery_before_the_mitigation_is_legitimate_and_so_is_the_same_minute() -> None:
    assert said("COE133", moments(resolved="14:55")) == []
    assert said("COE133", moments(acknowledged="14:10")) == []
    assert said("COE133", moments(mitigated=None)) == []


def test_the_start_is_not_copied_from_the_detection() -> None:
    (finding,) = found("COE134", moments(impact_started="14:10"))
    assert (finding.sentence, finding.place.row) == (SAME, "impact_started")


def test_a_minute_apart_is_not_copied_and_a_near_miss_has_no_impact() -> None:
    assert said("COE134", moments(impact_started="14:09")) == []
    assert said("COE134", replace(moments(impact_started="14:10"), severity=4)) == []
    assert said("COE134", replace(moments(impact_started="14:10"), severity=3)) == [SAME]
    assert said("COE134", moments(impact_started="14:10", detected=None)) == []


def test_nothing_happens_in_the_future() -> None:
    later = moments(resolved=at("15:54", 13))
    assert said("COE135", later) == ["“Resolved” is in the future. Check its date."]
    assert said("COE135", later, as_of=datetime(2025, 3, 13, 15, 54, tzinfo=UTC)) == []


def test_an_entry_in_the_future_is_told_once() -> None:
    late = replace(entry(9, "16:00"), instant=at("16:00", 13))
    assert said("COE135", replace(SOUND, entries=(*ENTRIES, late))) == [
        "The entry at 16:00 is in the future. Check its date."
    ]
    just_now = replace(late, instant=at("09:00", 10))
    assert said("COE135", replace(SOUND, entries=(*ENTRIES, just_now))) == []
    marking = replace(ENTRIES[-1], instant=at("15:54", 13))
    later = moments(resolved=at("15:54", 13))
    assert len(said("COE135", replace(later, entries=(*ENTRIES[:-1], marking)))) == 1
    assert at("16:00").at < AS_OF

"""The questions of the guide, and what took long without an explanation."""

from dataclasses import replace

import pytest

from coe.policies.rules import DEFAULT_RULES
from coe.snapshots.snapshot import Snapshot
from tests.guidance.samples import SOUND, answered, at, cause, found, moments, said


def leaving(*slugs: str) -> Snapshot:
    """The sound COE without the answers to these questions."""
    return replace(
        SOUND,
        answers=tuple(
            replace(each, text=" " if each.slug in slugs else each.text) for each in SOUND.answers
        ),
    )


def test_a_question_without_an_answer() -> None:
    (finding,) = found("COE151", leaving("slowed"))
    assert finding.sentence == (
        "1 of 3 questions on diagnosis is not answered, the first: “What slowed the diagnosis "
        "down?”"
    )
    assert (finding.place.panel, finding.place.row) == ("questions-diagnosis", "slowed")


def test_each_part_is_told_once() -> None:
    assert said("COE151", leaving("confirmed", "runbook", "known")) == [
        "2 of 4 questions on mitigation are not answered, the first: “How was full recovery "
        "confirmed?”",
        "1 of 4 questions on prevention is not answered, the first: “Was a known backlog item the "
        "fix? Why was it not done?”",
    ]


def test_what_was_not_affected_has_a_check_of_its_own() -> None:
    assert said("COE151", leaving("unaffected")) == []
    assert len(said("COE151", leaving("unaffected", "who"))) == 1


def test_a_guide_without_questions_asks_nothing() -> None:
    assert said("COE151", replace(SOUND, answers=())) == []


def unexplained(part: str, asks: str, **clocks: str) -> Snapshot:
    """The sound COE without the answers of a part and without the chain of its question."""
    bare = answered(base=moments(clocks), **{part: ""})
    return replace(bare, causes=tuple(each for each in bare.causes if each.answers != asks))


@pytest.mark.parametrize(
    ("identity", "part", "asks", "clocks", "sentence"),
    [
        (
            "COE152",
            "detection",
            "detection",
            {"detected": "14:18"},
            "Detection took 16 min, longer than the 15 min of the guide, and nothing says why.",
        ),
        (
            "COE153",
            "diagnosis",
            "",
            {"diagnosed": "15:11"},
            "Diagnosis took 1 h 1 min, longer than the 1 h of the guide, and nothing says why.",
        ),
        (
            "COE154",
            "mitigation",
            "mitigation",
            {"mitigated": "16:11"},
            "Mitigation took 2 h 1 min, longer than the 2 h of the guide, and nothing says why.",
        ),
    ],
)
def test_what_took_longer_than_the_limit_of_its_severity(
    identity: str, part: str, asks: str, clocks: dict[str, str], sentence: str
) -> None:
    (finding,) = found(identity, unexplained(part, asks, **clocks))
    assert finding.sentence == sentence
    assert finding.place.panel == f"questions-{part}"
    mend = finding.mend and (finding.mend.name, finding.mend.data)
    assert mend == (("ask_why", (("answers", asks),)) if asks else None)


@pytest.mark.parametrize(
    ("identity", "part", "asks", "clocks"),
    [
        ("COE152", "detection", "detection", {"detected": "14:17"}),
        ("COE153", "diagnosis", "", {"diagnosed": "15:10"}),
        ("COE154", "mitigation", "mitigation", {"mitigated": "16:10"}),
        ("COE152", "detection", "detection", {"detected": ""}),
        ("COE153", "diagnosis", "", {"diagnosed": ""}),
        ("COE154", "mitigation", "mitigation", {"mitigated": ""}),
    ],
)
def test_what_took_as_long_as_the_limit_or_is_not_known(
    identity: str, part: str, asks: str, clocks: dict[str, str]
) -> None:
    assert said(identity, unexplained(part, asks, **clocks)) == []


SLOW = (
    ("COE152", "detection", "detection", {"detected": "14:40"}),
    ("COE153", "diagnosis", "", {"diagnosed": "16:00"}),
    ("COE154", "mitigation", "mitigation", {"mitigated": "17:00"}),
)


@pytest.mark.parametrize(("identity", "part", "asks", "clocks"), SLOW)
def test_one_answer_explains_it(
    identity: str, part: str, asks: str, clocks: dict[str, str]
) -> None:
    slow = unexplained(part, asks, **clocks)
    last = [each for each in slow.answers if each.part == part][-1]
    one = tuple(replace(each, text="Why.") if each == last else each for each in slow.answers)
    assert said(identity, slow)
    assert said(identity, replace(slow, answers=one)) == []


@pytest.mark.parametrize(("identity", "part", "asks", "clocks"), [SLOW[0], SLOW[2]])
def test_a_chain_of_causes_explains_it(
    identity: str, part: str, asks: str, clocks: dict[str, str]
) -> None:
    slow = unexplained(part, asks, **clocks)
    chain = replace(slow, causes=(*slow.causes, cause(9, answers=asks)))
    assert said(identity, chain) == []
    below = replace(slow, causes=(*slow.causes, cause(9, answers=asks, explains=[1])))
    assert said(identity, below)  # what a cause further down says of its question does not count


def test_a_guide_without_questions_leaves_it_to_the_causes() -> None:
    slow = unexplained("detection", "detection", detected="14:40")
    assert said("COE152", replace(slow, answers=()))


@pytest.mark.parametrize(
    ("severity", "minutes"),
    [(1, 10), (2, 15), (3, 60), (4, 24 * 60)],
)
def test_the_limit_of_detection_depends_on_the_severity(severity: int, minutes: int) -> None:
    def detected_after(count: int) -> Snapshot:
        hours, rest = divmod(2 + count, 60)
        day, hour = divmod(14 + hours, 24)
        slow = unexplained("detection", "detection", detected="14:02")
        instant = at(f"{hour:02}:{rest:02}", 3 + day)
        return replace(moments(base=slow, detected=instant), severity=severity)

    assert said("COE152", detected_after(minutes)) == []
    assert len(said("COE152", detected_after(minutes + 1))) == 1


def test_a_guide_may_leave_a_severity_without_a_limit() -> None:
    rules = replace(DEFAULT_RULES, slow_detection={1: 10})
    slow = unexplained("detection", "detection", detected="14:40")
    assert said("COE152", slow, rules=rules) == []


def test_mitigation_counts_from_detection_or_from_the_impact_while_that_is_not_known() -> None:
    late = unexplained("mitigation", "mitigation", detected="16:00", mitigated="16:30")
    assert said("COE154", late) == []
    unknown = moments(base=late, detected="")
    assert said("COE154", unknown) == [
        "Mitigation took 2 h 28 min, longer than the 2 h of the guide, and nothing says why."
    ]

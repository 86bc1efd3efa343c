"""The causes and the safeguards that should have held."""

from dataclasses import replace

import pytest

from coe.policies.rules import DEFAULT_RULES, Asking
from coe.snapshots.snapshot import CauseValue, SafeguardValue, Snapshot
from tests.guidance.samples import (
    CAUSES,
    MANAGER,
    OWNER,
    SAFEGUARDS,
    SOUND,
    action,
    cause,
    findings,
    found,
    rows,
    said,
    uid,
)


def because(*causes: CauseValue, base: Snapshot = SOUND) -> Snapshot:
    """The sound COE with other causes, each of which an action item answers."""
    actions = tuple(replace(action(each.uid.int - 201), cause=each.uid) for each in causes)
    return replace(base, causes=causes, actions=actions)


def test_no_safeguard_is_named() -> None:
    (finding,) = found("COE155", replace(SOUND, safeguards=()))
    assert finding.place.panel == "safeguards"
    assert said("COE155", replace(SOUND, safeguards=SAFEGUARDS[1:])) == []


@pytest.mark.parametrize(
    ("outcome", "why", "expected"),
    [
        ("failed", " ", ["“Alarm on refused payments” is said to have failed. Why?"]),
        ("missing", "", ["“Alarm on refused payments” is said to have been missing. Why?"]),
        ("missing", "Nobody asked for it.", []),
        ("held", "", []),
    ],
)
def test_a_safeguard_that_did_not_hold_has_a_reason(
    outcome: str, why: str, expected: list[str]
) -> None:
    safeguard = replace(SAFEGUARDS[0], outcome=outcome, why=why)
    findings = found("COE156", replace(SOUND, safeguards=(safeguard,)))
    assert [each.sentence for each in findings] == expected
    assert {(each.place.row, each.place.field) for each in findings} <= {(str(uid(501)), "why")}


def test_what_a_guide_does_not_ask_for_is_looked_at_as_soon_as_it_is_there() -> None:
    hidden = replace(DEFAULT_RULES, sections={"safeguards": Asking.HIDDEN})
    failed = replace(SAFEGUARDS[0], outcome="failed", why="")

    def told(*safeguards: SafeguardValue) -> set[str]:
        weak = replace(SOUND, safeguards=safeguards)
        found_there = findings(weak, rules=hidden)
        return {each.check for each in found_there if each.place.panel == "safeguards"}

    assert told() == set()
    assert told(failed) == {"COE156"}


def test_there_is_a_cause() -> None:
    (finding,) = found("COE161", replace(SOUND, causes=(), actions=()))
    assert finding.level == "blocks"
    assert finding.mend is not None
    assert finding.mend.data == (("answers", "happened"),)
    assert said("COE161", because(cause(1))) == []


def test_a_branch_that_just_stops() -> None:
    stopping = replace(SOUND, causes=(*CAUSES, cause(9, explains=[2])))
    (finding,) = found("COE162", stopping)
    assert finding.sentence == (
        "C3 “The reason with the number 9 in the test.” has no cause below it, no action item and "
        "no accepted risk."
    )
    assert finding.place.row == str(uid(209))
    assert finding.mend is not None
    assert (finding.mend.name, finding.mend.data) == ("make_action", (("cause", str(uid(209))),))


def test_an_accepted_risk_an_action_item_or_luck_closes_a_branch() -> None:
    accepted = cause(9, explains=[2], risk_reason="Rare.", risk_approver=MANAGER)
    assert said("COE162", replace(SOUND, causes=(*CAUSES, accepted))) == []
    answered = replace(SOUND.actions[0], cause=uid(209))
    ending = replace(
        SOUND, causes=(*CAUSES, cause(9, explains=[2])), actions=(*SOUND.actions, answered)
    )
    assert said("COE162", ending) == []
    assert said("COE162", replace(SOUND, causes=(*CAUSES, cause(9, "luck")))) == []
    assert said("COE162", replace(SOUND, causes=(*CAUSES, cause(9, ""))))


def test_long_causes_are_cut_in_a_sentence() -> None:
    text = "a **word** " * 12
    (sentence,) = said("COE162", replace(SOUND, causes=(*CAUSES, cause(9, text=text))))
    assert sentence.startswith(
        "C3 “a word a word a word a word a word a word a word a word a…” has"
    )
    (finding,) = found("COE162", replace(SOUND, causes=(*CAUSES, cause(9, text=text))))
    assert "a word a wo…” has" in finding.about  # an answer that was given holds on
    exact = replace(SOUND, causes=(*CAUSES, cause(9, text="x" * 60)))
    assert f"“{'x' * 60}”" in said("COE162", exact)[0]


def chain(*kinds: str) -> Snapshot:
    """Causes of these kinds, each explaining the one before."""
    return because(
        *(cause(n, kind, explains=[n - 1] if n > 1 else []) for n, kind in enumerate(kinds, 1))
    )


def test_a_grave_incident_has_more_than_one_chain() -> None:
    (finding,) = found("COE163", chain("trigger", "latent", "latent"))
    assert finding.sentence == (
        "There are 3 causes in one chain. What else had to be so for this to happen?"
    )
    assert finding.mend is not None
    assert finding.mend.data == (("answers", "happened"),)
    assert said("COE163", chain("trigger")) == [
        "There is one cause. What else had to be so for this to happen?"
    ]


def test_a_second_root_or_a_branch_is_enough() -> None:
    assert said("COE163", because(cause(1), cause(2))) == []
    assert said("COE163", because(cause(1), cause(2, explains=[1]), cause(3, explains=[1]))) == []
    assert said("COE163", because(cause(1), cause(2, explains=[1]), cause(3, explains=[2])))


def test_a_small_incident_may_have_one_chain() -> None:
    for severity, count in ((1, 1), (2, 1), (3, 0), (4, 0)):
        assert len(said("COE163", replace(chain("trigger", "latent"), severity=severity))) == count


def test_luck_is_no_second_chain() -> None:
    assert len(said("COE163", because(cause(1), cause(2, "luck")))) == 1
    assert said("COE163", because(cause(2, "luck"))) == []
    assert said("COE163", replace(SOUND, causes=())) == []


@pytest.mark.parametrize(
    ("confidence", "evidence", "count"),
    [("hypothesis", "", 1), ("hypothesis", "https://x.example/", 0), ("likely", "", 0)],
)
def test_a_hypothesis_has_evidence(confidence: str, evidence: str, count: int) -> None:
    guess = replace(cause(1), confidence=confidence, evidence=evidence)
    findings = found("COE164", because(guess, cause(2)))
    assert [each.sentence for each in findings] == [
        "C1 “The reason with the number 1 in the test.” is a hypothesis without evidence."
    ] * count
    assert all(each.place.field == "evidence" for each in findings)


def test_a_trigger_is_not_the_end_of_the_why() -> None:
    (finding,) = found("COE165", because(cause(1, "trigger"), cause(2)))
    assert finding.sentence == (
        "C1 “The reason with the number 1 in the test.” is a trigger that nothing explains. Why "
        "was it possible?"
    )
    assert finding.mend is not None
    assert finding.mend.data == (("effect", str(uid(201))),)


@pytest.mark.parametrize(
    "causes",
    [
        (cause(1, "trigger"), cause(2, explains=[1])),
        (cause(1, "latent"),),
        (cause(1, "trigger", answers="mitigation"),),
        (cause(1, "trigger", risk_reason="Rare.", risk_approver=MANAGER),),
        (cause(2), cause(1, "trigger", explains=[2])),
    ],
)
def test_other_ends_are_no_bare_trigger(causes: tuple[CauseValue, ...]) -> None:
    assert said("COE165", because(*causes)) == []


def test_each_cause_has_a_kind() -> None:
    assert rows("COE166", because(cause(1, ""), cause(2))) == [str(uid(201))]
    assert said("COE166", because(cause(1, ""))) == [
        "C1 “The reason with the number 1 in the test.” has no kind."
    ]


def test_a_light_coe_is_not_asked_for_kinds() -> None:
    assert said("COE166", replace(because(cause(1, "")), form="light")) == []


def test_an_accepted_risk_has_somebody_who_accepts_it() -> None:
    (finding,) = found("COE167", because(cause(1, risk_reason="Too dear."), cause(2)))
    assert finding.sentence == (
        "The risk of C1 “The reason with the number 1 in the test.” is accepted by nobody. Say who "
        "accepts it."
    )
    assert (finding.level, finding.place.field) == ("blocks", "risk_approver")
    signed = cause(1, risk_reason="Too dear.", risk_approver=MANAGER)
    assert said("COE167", because(signed)) == []
    assert said("COE167", because(cause(1, risk_reason="  "))) == []


def test_the_owner_does_not_accept_their_own_risks() -> None:
    own = cause(1, risk_reason="Too dear.", risk_approver=OWNER)
    assert said("COE168", because(own)) == [
        "Robin Owner owns this COE and accepts the risk of C1 “The reason with the number 1 in the "
        "test.”."
    ]
    other = replace(own, risk_approver=MANAGER)
    assert said("COE168", because(other)) == []
    namesake = replace(own, risk_approver=replace(OWNER, role="Leadership"))
    assert said("COE168", because(namesake)) == []

"""The checks as a whole: what they say of themselves, and how a guide weighs them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import pytest

from coe.editor.panels import STOPS
from coe.guidance.findings import Check
from coe.guidance.registry import BY_SUBJECT, CHECKS
from coe.policies.rules import DEFAULT_RULES, Level
from coe.snapshots.snapshot import Snapshot
from tests.guidance.samples import (
    OWNER,
    PEER,
    SOUND,
    action,
    answered,
    cause,
    findings,
    found,
    moments,
    written,
)

EVERY = pytest.mark.parametrize("each", CHECKS, ids=lambda each: each.id)


def test_in_a_sound_coe_nothing_is_found() -> None:
    assert findings(SOUND) == ()


def test_ids_are_there_once_and_in_order() -> None:
    ids = [each.id for each in CHECKS]
    assert len(ids) == len(set(ids)) == 57
    assert all(re.fullmatch(r"COE1\d\d", each) for each in ids)
    for checks in BY_SUBJECT.values():
        assert [each.id for each in checks] == sorted(each.id for each in checks)


@EVERY
def test_each_says_why_it_matters_where_that_comes_from_and_gives_an_example(each: Check) -> None:
    assert each.title
    assert not each.title.endswith(".")
    assert each.why.endswith(".")
    assert len(each.why) < 200
    assert each.source
    assert each.before
    assert each.after
    assert each.before != each.after
    assert each.level in (Level.BLOCKS, Level.REASON, Level.HINT)


def test_what_blocks_review_cannot_be_explained_away() -> None:
    assert [each.id for each in CHECKS if each.level == Level.BLOCKS] == [
        "COE101",
        "COE121",
        "COE131",
        "COE161",
        "COE167",
        "COE171",
        "COE191",
        "COE192",
    ]


def test_a_guide_changes_the_level_of_a_check_and_switches_it_off() -> None:
    empty = written(summary="")
    assert [each.level for each in found("COE101", empty)] == ["blocks"]
    for level, expected in ((Level.HINT, ["hint"]), (Level.OFF, [])):
        rules = replace(DEFAULT_RULES, levels=MappingProxyType({"COE101": level}))
        assert [each.level for each in found("COE101", empty, rules=rules)] == expected


def test_where_there_may_be_nothing_to_mend_a_guide_cannot_block_review() -> None:
    """Else a COE that says the truth could never be submitted."""
    assert [each.id for each in CHECKS if each.heaviest != Level.BLOCKS] == [
        *("COE122", "COE132", "COE133", "COE134", "COE142", "COE146", "COE163"),
        *("COE178", "COE179", "COE180", "COE181", "COE182", "COE195"),
    ]
    blocking = replace(DEFAULT_RULES, levels=MappingProxyType({"COE134": Level.BLOCKS}))
    copied = moments(impact_started="14:10")
    assert [each.level for each in found("COE134", copied, rules=blocking)] == ["reason"]
    off = replace(DEFAULT_RULES, levels=MappingProxyType({"COE134": Level.OFF}))
    assert found("COE134", copied, rules=off) == []


def keys(identity: str, snapshot: Snapshot) -> dict[str, str]:
    """By sentence, what the findings of a check are known by."""
    return {each.sentence: each.key for each in found(identity, snapshot)}


NEW = (cause(9, text="Another one."), action(9))
"""A cause and an item that come first from now on."""


@pytest.mark.parametrize(
    ("identity", "weak", "changed"),
    [
        ("COE172", {"actions": [action(1, owner=None)]}, {"actions": [NEW[1]]}),
        ("COE176", {"actions": [action(1, due_on=date(2025, 9, 1))]}, {"actions": [NEW[1]]}),
        ("COE178", {"actions": [action(n, owner=PEER) for n in (1, 2, 3)]},
         {"actions": [action(9, owner=PEER)]}),
        ("COE166", {"causes": [cause(1, "")]}, {"causes": [NEW[0]]}),
        ("COE168", {"causes": [cause(1, risk_reason="Rare.", risk_approver=OWNER)]},
         {"causes": [NEW[0]]}),
        ("COE147", {"causes": [cause(1, text="Kim Peer typed it.")]}, {"causes": [NEW[0]]}),
    ],
)  # fmt: skip
def test_an_answer_is_not_lost_by_what_other_rows_are_numbered(
    identity: str, weak: dict[str, list[Any]], changed: dict[str, list[Any]]
) -> None:
    before = keys(identity, replace(SOUND, **_as_tuples(weak)))
    ((name, first),) = changed.items()
    after = keys(identity, replace(SOUND, **_as_tuples({name: [*first, *weak[name]]})))
    assert len(before) == len(after) == 1
    assert before.keys() != after.keys()
    assert list(before.values()) == list(after.values())


def _as_tuples(rows: dict[str, list[Any]]) -> dict[str, Any]:
    return {name: tuple(each) for name, each in rows.items()}


def test_an_answer_is_lost_with_the_words_it_is_for() -> None:
    one, other = (
        keys("COE172", replace(SOUND, actions=(action(1, owner=None, title=title),)))
        for title in ("Refuse long files", "Page earlier")
    )
    assert not set(one.values()) & set(other.values())


def test_counts_that_are_not_meant_do_not_lose_an_answer() -> None:
    chain = [cause(1), cause(2, explains=[1]), cause(3, explains=[2])]
    two, three = (keys("COE163", replace(SOUND, causes=tuple(chain[:n]))) for n in (2, 3))
    assert "2 causes" in next(iter(two))
    assert "3 causes" in next(iter(three))
    assert list(two.values()) == list(three.values())
    four, five = (
        keys("COE115", replace(written(summary="Six action items follow."), actions=items))
        for items in (tuple(map(action, range(1, 5))), tuple(map(action, range(1, 6))))
    )
    assert four.keys() != five.keys()
    assert list(four.values()) == list(five.values())


def test_a_light_coe_is_not_asked_for_what_it_does_not_have() -> None:
    bare = replace(
        SOUND, form="light", entries=(), answers=(), figures=(), safeguards=(), lessons=()
    )
    assert findings(written(base=bare, metrics="")) == ()


def test_every_finding_says_what_it_is_about() -> None:
    weak = replace(SOUND, causes=(), actions=(), safeguards=(), figures=())
    assert [each.check for each in findings(weak) if not each.about] == []


def test_every_place_is_one_of_the_workspace() -> None:
    """So that a page can link to it."""
    panels = {panel for stop in STOPS for panel in stop.panels}
    empty = replace(
        SOUND,
        milestones=tuple(replace(each, state="pending", instant=None) for each in SOUND.milestones),
        sections=(),
        entries=(),
        causes=(),
        actions=(),
        figures=(),
        safeguards=(),
    )
    seen = [
        *findings(answered(base=empty, detection="", impact="")),
        *findings(replace(SOUND, actions=(action(1, owner=None, cause=None),)), as_of=LATER),
    ]
    assert len(seen) > 15
    assert {each.place.panel for each in seen} <= panels


LATER = datetime(2025, 6, 1, tzinfo=UTC)

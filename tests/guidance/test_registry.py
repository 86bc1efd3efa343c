"""The checks as a whole: what they say of themselves, and how a guide weighs them."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from coe.editor.panels import STOPS
from coe.guidance.findings import Check
from coe.guidance.registry import BY_SUBJECT, CHECKS
from coe.policies.rules import DEFAULT_RULES, Level
from tests.guidance.samples import SOUND, action, answered, findings, found, moments, written

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


def test_a_light_coe_is_not_asked_for_what_it_does_not_have() -> None:
    bare = replace(
        SOUND, form="light", entries=(), answers=(), figures=(), safeguards=(), lessons=()
    )
    assert findings(written(base=bare, metrics="")) == ()


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

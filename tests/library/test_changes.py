"""What a reader is told of a comparison."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest

from coe.library.changes import ToldField, ToldPart, told
from coe.snapshots.comparison import NOT_CONTENT, compare
from coe.snapshots.snapshot import SectionValue, Snapshot
from coe.text.difference import Piece
from tests.exports.samples import SNAPSHOT, at
from tests.snapshots.test_comparison import another, filled

MARKS = {"kept": "{}", "removed": "[{}]", "added": "<{}>"}


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(MARKS[each.change].format(each.text) for each in pieces)


def what_is_told(before: Snapshot, after: Snapshot) -> tuple[ToldPart, ...]:
    return told(compare(before, after), before, after)


def versions() -> Iterator[Any]:
    """Two snapshots that differ in one field, for every field of a snapshot and of its rows."""
    for each in fields(Snapshot):
        value = getattr(SNAPSHOT, each.name)
        if each.name not in NOT_CONTENT | {"zone"}:
            yield pytest.param(SNAPSHOT, _with(each.name, another(value)), id=each.name)
        if isinstance(value, tuple):
            row = filled(value[0])
            for part in fields(row):
                changed = replace(row, **{part.name: another(getattr(row, part.name))})
                sides = [_with(each.name, (one,)) for one in (row, changed)]
                yield pytest.param(*sides, id=f"{each.name}.{part.name}")


def _with(name: str, value: Any) -> Snapshot:
    return replace(SNAPSHOT, **{name: value})


@pytest.mark.parametrize(("before", "after"), list(versions()))
def test_whatever_was_changed_is_told_in_words(before: Snapshot, after: Snapshot) -> None:
    parts = what_is_told(before, after)
    rows = [row for part in parts for row in part.rows]
    said = [fact for part in parts for fact in part.facts]
    said += [ToldField(row.done, row.head) for row in rows]
    said += [field for row in rows for field in row.fields]
    assert said
    assert all(each.title for each in parts)
    assert all(each.label and each.pieces for each in said)
    assert any(piece.change != "kept" for each in said for piece in each.pieces)


def test_a_value_is_told_as_it_is_called() -> None:
    entry, cause, action = SNAPSHOT.entries[0], SNAPSHOT.causes[1], SNAPSHOT.actions[0]
    after = replace(
        SNAPSHOT,
        severity=2,
        category="data_loss",
        service="",
        entries=(replace(entry, instant=at("10:02"), kind="change"), *SNAPSHOT.entries[1:]),
        causes=(SNAPSHOT.causes[0], replace(cause, explains=()), *SNAPSHOT.causes[2:]),
        actions=(replace(action, due_on=None, priority=2), *SNAPSHOT.actions[1:]),
    )
    facts, timeline, causes, actions = what_is_told(SNAPSHOT, after)
    assert [(each.label, shown(each.pieces)) for each in facts.facts] == [
        (
            "Severity",
            "[Sev 1: customers cannot use the service]"
            "<Sev 2: an important function is broken for many>",
        ),
        ("Kind of incident", "[Outage]<Data loss>"),
        ("Service", "[Simple Storage Service]"),
    ]
    (row,) = timeline.rows
    assert shown(row.fields[0].pieces).endswith("<28 Feb 2017, 10:02 PST (UTC−08:00)>")
    (row,) = causes.rows
    assert shown(row.fields[0].pieces) == f"[“{SNAPSHOT.causes[0].text}”]<The impact>"
    (row,) = actions.rows
    assert [(each.label, shown(each.pieces)) for each in row.fields] == [
        ("Due", "[7 Mar 2017]"),
        ("Priority", "[P0]<P2>"),
    ]


def test_what_was_added_is_told_whole() -> None:
    before = replace(SNAPSHOT, safeguards=SNAPSHOT.safeguards[:1])
    (part,) = what_is_told(before, replace(SNAPSHOT, safeguards=SNAPSHOT.safeguards[:2]))
    (row,) = part.rows
    assert (row.done, row.noun, shown(row.head)) == ("Added", "Check", "<Playbook>")
    assert [(each.label, shown(each.pieces)) for each in row.fields] == [
        ("Kind", "<Runbook>"),
        ("Outcome", "<Failed>"),
        ("Why", "<It took any number.>"),
    ]


def test_long_text_is_told_with_what_stands_next_to_the_change() -> None:
    start, end = ("word " * 400, " other" * 400)
    before = replace(SNAPSHOT, sections=(SectionValue("summary", f"{start}ten{end}"),))
    after = replace(SNAPSHOT, sections=(SectionValue("summary", f"{start}nine{end}"),))
    (part,) = what_is_told(before, after)
    text = shown(part.rows[0].head)
    assert "word [ten]<nine> other" in text
    assert text.startswith("[…]")
    assert text.endswith("[…]")
    assert len(text) < 600


def test_a_change_that_cannot_be_seen_gets_a_sign() -> None:
    before = replace(SNAPSHOT, sections=(SectionValue("summary", "one two"),))
    after = replace(SNAPSHOT, sections=(SectionValue("summary", "one\ntwo"),))
    (part,) = what_is_told(before, after)
    assert shown(part.rows[0].head) == "one[·]<¶\n>two"

"""What was changed between two snapshots."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import field, fields, is_dataclass, make_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coe.snapshots.comparison import (
    NOT_CONTENT,
    Comparison,
    FieldChange,
    Part,
    PartChange,
    RowChange,
    compare,
)
from coe.snapshots.snapshot import LessonValue, Person, Snapshot
from coe.text.difference import Change
from coe.text.instants import Instant
from tests.exports.samples import SNAPSHOT, at, uid
from tests.snapshots.strategies import SNAPSHOTS

few = settings(max_examples=25)
"""Each of them is two whole COEs."""


def rows_of(comparison: Comparison, part: Part) -> tuple[RowChange, ...]:
    (found,) = (each for each in comparison.parts if each.part is part)
    return found.rows


def with_entries(numbers: list[int]) -> Snapshot:
    entries = tuple(replace(SNAPSHOT.entries[0], uid=uid(number)) for number in numbers)
    return replace(SNAPSHOT, entries=entries)


def another(value: Any) -> Any:
    """A value of the same type that says something else."""
    if isinstance(value, tuple):
        return value[1:] if value else (uid(9),)
    if is_dataclass(value):
        return at("23:59") if isinstance(value, Instant) else Person("Somebody", "else")
    made: dict[type, Any] = {int: 97, str: "something else", UUID: uid(98), date: date(1999, 1, 1)}
    made |= {Decimal: Decimal(97), type(None): None}
    return made[type(value)]


def _values(name: str) -> st.SearchStrategy[Any]:
    """For a fact two values, for rows any of some in any order: twice, and with other words.

    Answers say something: an empty one is as none.
    """
    value = getattr(SNAPSHOT, name)
    if not isinstance(value, tuple):
        return st.sampled_from([value, value if name in NOT_CONTENT else another(value)])
    if name == "answers":
        value = tuple(each for each in value if each.text)
    pool = [*value[:4], *(_rewritten(row, value[-1]) for row in value[:3])]
    return st.lists(st.sampled_from(pool), max_size=5).map(tuple)


def _rewritten(row: Any, other: Any) -> Any:
    """`row` with the words of `other`."""
    return replace(other, uid=row.uid) if hasattr(row, "uid") else row


VERSIONS: st.SearchStrategy[Snapshot] = st.builds(
    Snapshot, **{each.name: _values(each.name) for each in fields(Snapshot)}
)
TWO_VERSIONS = st.tuples(VERSIONS, VERSIONS)


@few
@given(SNAPSHOTS)
def test_a_snapshot_does_not_differ_from_itself(snapshot: Snapshot) -> None:
    assert compare(snapshot, snapshot).is_empty


@few
@given(TWO_VERSIONS)
def test_the_comparison_is_empty_only_where_the_two_say_the_same(
    versions: tuple[Snapshot, Snapshot],
) -> None:
    before, after = versions
    assert compare(before, after).is_empty == (before == after)


@few
@given(TWO_VERSIONS)
def test_the_new_version_can_be_made_from_the_old_one_and_what_was_changed(
    versions: tuple[Snapshot, Snapshot],
) -> None:
    before, after = versions
    comparison = compare(before, after)
    rebuilt = replace(before, **{each.name: each.after for each in facts_of(comparison)})
    rebuilt = replace(rebuilt, **contents(rebuilt, after, comparison))
    assert rebuilt == after
    said = [each for row in all_rows(comparison) for each in row.fields]
    for change in (*facts_of(comparison), *said):
        if change.pieces:
            assert joined(change, without=Change.ADDED) == change.before
            assert joined(change, without=Change.REMOVED) == change.after


def facts_of(comparison: Comparison) -> list[FieldChange]:
    return [fact for part in comparison.parts for fact in part.facts]


def all_rows(comparison: Comparison) -> list[RowChange]:
    return [row for part in comparison.parts for row in part.rows]


def joined(change: FieldChange, *, without: Change) -> str:
    return "".join(piece.text for piece in change.pieces if piece.change is not without)


def contents(before: Snapshot, after: Snapshot, comparison: Comparison) -> dict[str, Any]:
    """The rows of each kind: those of `before` without what was removed, rewritten field by
    field, with what was added; the order is the new one, which the moves have to explain."""
    made: dict[str, Any] = {}
    for each in fields(Snapshot):
        rows = getattr(before, each.name)
        if not isinstance(rows, tuple):
            continue
        changes = [row for row in all_rows(comparison) if row.kind == each.name]
        gone = Counter(row.before for row in changes if row.before is not None)
        stay = list((Counter(rows) - gone).elements())
        stay += [
            replace(row.before, **{one.name: one.after for one in row.fields})
            for row in changes
            if not row.is_added and not row.is_removed
        ]
        stay += [row.after for row in changes if row.is_added]
        order = getattr(after, each.name)
        assert Counter(stay) == Counter(order), each.name
        made[each.name] = order
    return made


@few
@given(TWO_VERSIONS)
def test_the_other_way_round_added_and_removed_are_exchanged(
    versions: tuple[Snapshot, Snapshot],
) -> None:
    there, back = compare(*versions), compare(*reversed(versions))
    assert [each.part for each in there.parts] == [each.part for each in back.parts]
    for forth, other in zip(there.parts, back.parts, strict=True):
        assert Counter(map(_told, forth.rows)) == Counter(map(_told_backwards, other.rows))
        assert [(each.name, each.before, each.after) for each in forth.facts] == [
            (each.name, each.after, each.before) for each in other.facts
        ]


def _told(row: RowChange) -> Any:
    said = tuple((each.name, each.before, each.after) for each in row.fields)
    return row.kind, row.before, row.after, said, row.is_moved


def _told_backwards(row: RowChange) -> Any:
    said = tuple((each.name, each.after, each.before) for each in row.fields)
    return row.kind, row.after, row.before, said, row.is_moved


def test_what_was_changed_is_told_in_the_order_in_which_the_coe_is_read() -> None:
    """By hand: one thing in every part."""
    entries = (replace(SNAPSHOT.entries[0], text="An engineer typed a wrong input."),)
    after = replace(
        SNAPSHOT,
        title="Amazon S3 unavailable in one region",
        severity=2,
        contributors=(*SNAPSHOT.contributors[:1], Person("Ada", "Storage")),
        milestones=(
            replace(SNAPSHOT.milestones[0], instant=at("09:35")),
            *SNAPSHOT.milestones[1:],
        ),
        sections=tuple(replace(each, text=each.text + " Once.") for each in SNAPSHOT.sections),
        entries=(*entries, *SNAPSHOT.entries[1:]),
        causes=tuple(replace(each, risk_reason="") for each in SNAPSHOT.causes),
        actions=tuple(
            replace(each, due_on=date(2017, 12, 24)) if number == 3 else each
            for number, each in enumerate(SNAPSHOT.actions)
        ),
        answers=tuple(
            replace(each, text="All.") if each.slug in ("who", "sooner") else each
            for each in SNAPSHOT.answers
        ),
        figures=(replace(SNAPSHOT.figures[0], amount=Decimal(7)), *SNAPSHOT.figures[1:]),
        safeguards=(replace(SNAPSHOT.safeguards[0], outcome="failed"), *SNAPSHOT.safeguards[1:]),
        lessons=(*SNAPSHOT.lessons, LessonValue(uid(609), "badly", "It took hours.")),
        related=SNAPSHOT.related[1:],
    )
    comparison = compare(SNAPSHOT, after)
    assert [
        (each.part.value, [fact.name for fact in each.facts], [row.kind for row in each.rows])
        for each in comparison.parts
    ] == [
        ("facts", ["title", "severity"], []),
        ("milestones", [], ["milestones"]),
        ("summary", [], ["sections"]),
        ("impact", [], ["sections", "figures", "answers"]),
        ("metrics", [], ["sections"]),
        ("timeline", [], ["entries"]),
        ("questions", [], ["answers"]),
        ("safeguards", [], ["safeguards"]),
        ("causes", [], ["causes"]),
        ("lessons", [], ["lessons"]),
        ("actions", [], ["actions"]),
        ("related", [], ["related"]),
        ("people", [], ["contributors", "contributors"]),
    ]
    (action,) = rows_of(comparison, Part.ACTIONS)
    (due,) = action.fields
    expected = ("due_on", date(2017, 9, 29), date(2017, 12, 24))
    assert (due.name, due.before, due.after) == expected
    gone, come = rows_of(comparison, Part.PEOPLE)
    assert (gone.before, gone.after) == (SNAPSHOT.contributors[1], None)
    assert (come.before, come.after) == (None, Person("Ada", "Storage"))
    (lesson,) = rows_of(comparison, Part.LESSONS)
    assert lesson.is_added
    (related,) = rows_of(comparison, Part.RELATED)
    assert related.is_removed


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], []),
        ([1, 2, 3, 4, 5], [2, 3, 4, 5, 1], [1]),
        ([1, 2, 3, 4, 5], [5, 1, 2, 3, 4], [5]),
        ([1, 2, 3, 4, 5], [1, 4, 2, 3, 5], [4]),
        ([1, 2, 3, 4, 5, 6], [6, 7, 1, 3, 4, 5], [6]),
        ([1, 2, 3], [7, 2, 8, 3], []),
    ],
)
def test_the_fewest_rows_are_said_to_be_moved(
    before: list[int], after: list[int], moved: list[int]
) -> None:
    rows = all_rows(compare(with_entries(before), with_entries(after)))
    assert [each.after.uid for each in rows if each.is_moved] == [uid(each) for each in moved]


def test_what_was_removed_is_told_where_it_stood() -> None:
    rows = all_rows(compare(with_entries([1, 2, 3, 4]), with_entries([5, 1, 4, 6])))
    said = [
        ("added", each.after.uid) if each.is_added else ("removed", each.before.uid)
        for each in rows
    ]
    assert said == [
        ("added", uid(5)),
        ("removed", uid(2)),
        ("removed", uid(3)),
        ("added", uid(6)),
    ]


def test_a_text_is_compared_by_word_and_a_value_is_not() -> None:
    entry = SNAPSHOT.entries[0]
    after = replace(entry, text=entry.text + " Twice.", evidence="https://example.com/other")
    (row,) = all_rows(compare(SNAPSHOT, replace(SNAPSHOT, entries=(after, *SNAPSHOT.entries[1:]))))
    text, evidence = row.fields
    assert [piece.text for piece in text.pieces if piece.change is Change.ADDED] == [" Twice."]
    assert evidence.pieces == ()


def filled(row: Any) -> Any:
    """`row` with something in every field that may be empty."""
    given: dict[str, Any] = {
        "instant": at("09:00"), "risk_approver": Person("A", "B"), "owner": Person("A", "B"),
        "due_on": date(2020, 1, 1), "cause": uid(1), "amount": Decimal(1), "explains": (uid(1),),
    }  # fmt: skip
    return replace(row, **{name: value for name, value in given.items() if hasattr(row, name)})


Compare = Callable[[Any, Any], Comparison]


def uncompared(snapshot: Any, *, by: Compare = compare) -> Iterator[str]:
    """The fields of a snapshot and of its rows that can be changed without being told."""
    for each in fields(snapshot):
        value = getattr(snapshot, each.name)
        if each.name in NOT_CONTENT:
            continue
        if by(snapshot, replace(snapshot, **{each.name: another(value)})).is_empty:
            yield each.name
        if isinstance(value, tuple) and value:
            yield from _uncompared_of_rows(snapshot, each.name, by)


def _uncompared_of_rows(snapshot: Any, name: str, by: Compare) -> Iterator[str]:
    row = filled(getattr(snapshot, name)[0])
    before = replace(snapshot, **{name: (row,)})
    for each in fields(row):
        changed = replace(row, **{each.name: another(getattr(row, each.name))})
        if by(before, replace(snapshot, **{name: (changed,)})).is_empty:
            yield f"{name}.{each.name}"


def test_every_field_of_a_snapshot_is_compared() -> None:
    assert all(getattr(SNAPSHOT, each.name) for each in fields(Snapshot)), "nothing to change"
    assert list(uncompared(SNAPSHOT)) == []


def test_a_field_that_is_not_compared_is_noticed() -> None:
    """Planted: a fact and a kind of rows of which the comparison has not heard."""
    planted = make_dataclass(
        "Planted", [("mood", str), ("jokes", tuple)], bases=(_Open,), frozen=True, kw_only=True
    )
    values = {each.name: getattr(SNAPSHOT, each.name) for each in fields(Snapshot)}
    assert list(uncompared(planted(**values, mood="calm", jokes=(SNAPSHOT.lessons[0],)))) == [
        "mood", "jokes", "jokes.uid", "jokes.kind", "jokes.text",
    ]  # fmt: skip


_Open = make_dataclass(
    "_Open", [(each.name, Any, field()) for each in fields(Snapshot)], frozen=True
)


def test_a_field_of_a_row_that_is_not_compared_is_noticed() -> None:
    def careless(before: Any, after: Any) -> Comparison:
        found = compare(before, after)
        told = all_rows(found)
        rows = [row for row in told if [each.name for each in row.fields] != ["why"]]
        facts = facts_of(found)
        part = PartChange(Part.FACTS, tuple(facts), tuple(rows))
        return Comparison((part,) if facts or rows else ())

    assert list(uncompared(SNAPSHOT, by=careless)) == ["safeguards.why"]


def test_an_empty_answer_is_as_none() -> None:
    empty, written = (replace(SNAPSHOT.answers[0], text=text) for text in ("", "All."))
    for other, expected in ((empty, []), (written, ["All."])):
        before, after = (replace(SNAPSHOT, answers=rows) for rows in ((), (other,)))
        added, removed = (all_rows(compare(*each)) for each in ((before, after), (after, before)))
        assert [each.after.text for each in added] == expected
        assert [each.before.text for each in removed] == expected


def rewritten(rows: int, words: int) -> tuple[Snapshot, Snapshot]:
    """Two versions of which no row has a word of the other at the same place."""
    chance = random.Random(7)
    uids = [uid(number) for number in range(rows)]
    before, after = (
        tuple(
            replace(SNAPSHOT.entries[0], uid=each, text=" ".join(chance.choices(WORDS, k=words)))
            for each in uids
        )
        for _ in range(2)
    )
    return replace(SNAPSHOT, entries=before), replace(SNAPSHOT, entries=after)


WORDS = [f"word{number}" for number in range(50)]


@pytest.mark.parametrize(("rows", "words"), [(300, 500), (300, 200), (40, 1500)])
def test_many_rewritten_rows_are_compared_in_the_time_of_one(rows: int, words: int) -> None:
    """In CPU time; the other way round the same texts are shown whole."""
    before, after = rewritten(rows, words)
    start = time.process_time()
    there = all_rows(compare(before, after))
    assert time.process_time() - start < 1.5
    back = all_rows(compare(after, before))
    assert len(there) == rows
    for row, other in zip(there, back, strict=True):
        ((text,), (same,)) = row.fields, other.fields
        assert joined(text, without=Change.ADDED) == row.before.text
        assert joined(text, without=Change.REMOVED) == row.after.text
        assert len(text.pieces) == len(same.pieces)


def test_few_changes_among_many_rows_are_still_told_by_word() -> None:
    before, _ = rewritten(100, 100)
    entries = tuple(replace(each, text=f"{each.text} Twice.") for each in before.entries)
    for row in all_rows(compare(before, replace(before, entries=entries))):
        assert [piece.text for piece in row.fields[0].pieces[1:]] == [" Twice."]

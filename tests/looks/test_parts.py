"""What was changed as parts that are ticked off: a tick never hides a later change."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings

from coe.looks.parts import Changes, changes_between, progress_between
from coe.snapshots.snapshot import Person, Snapshot
from tests.exports.samples import SNAPSHOT
from tests.snapshots.test_comparison import VERSIONS, with_entries

READABLE = VERSIONS.map(lambda each: replace(each, zone=SNAPSHOT.zone))
"""Told in words, which takes a zone that there is."""
few = settings(max_examples=40, deadline=None)
"""Each of them is three whole COEs."""


def ticks(changes: Changes) -> dict[str, str]:
    """As whoever ticks all of it."""
    return {part.key: part.digest for part in changes.parts}


def seen(changes: Changes) -> set[str]:
    return {part.key for part in changes.parts if part.is_seen}


def with_lessons(*texts: str) -> Snapshot:
    rows = zip(SNAPSHOT.lessons, texts, strict=False)
    return replace(SNAPSHOT, lessons=tuple(replace(row, text=text) for row, text in rows))


@few
@given(READABLE, READABLE, READABLE)
def test_what_changed_behind_a_tick_is_never_seen(
    before: Snapshot, read: Snapshot, after: Snapshot
) -> None:
    ticked = ticks(changes_between(before, read, {}))

    now = changes_between(before, after, ticked)

    later = changes_between(read, after, {})
    changed = {part.key for part in later.parts if not is_only_moved(part)}
    assert not seen(now) & changed


def is_only_moved(part: Any) -> bool:
    """Which of two rows that changed places is the one that moved, depends on the comparison."""
    return bool(part.row and part.row.done == "Moved")


@few
@given(READABLE, READABLE)
def test_what_was_ticked_stays_seen_while_nothing_changes(
    before: Snapshot, after: Snapshot
) -> None:
    changes = changes_between(before, after, {})
    assert len(ticks(changes)) == len(changes.parts), "each part has a name of its own"

    again = changes_between(before, after, ticks(changes))

    assert again.progress.is_all
    assert progress_between(before, after, ticks(changes)) == again.progress
    assert progress_between(before, after, {}).seen == 0


def test_a_row_that_is_moved_once_more_is_told_once_more() -> None:
    before, read = with_entries([1, 2, 3, 4]), with_entries([4, 1, 2, 3])
    ticked = ticks(changes_between(before, read, {}))

    assert seen(changes_between(before, read, ticked))
    assert not seen(changes_between(before, with_entries([1, 4, 2, 3]), ticked))


def test_what_was_removed_and_ticked_is_told_when_it_is_there_again() -> None:
    before, read = with_entries([1, 2]), with_entries([1])
    ticked = ticks(changes_between(before, read, {}))
    changed = replace(before.entries[1], text="Something else")
    after = replace(before, entries=(before.entries[0], changed))

    assert not seen(changes_between(before, after, ticked))


def test_what_stays_as_it_was_is_counted_and_not_shown() -> None:
    before = with_lessons("One", "Two")
    lessons = (before.lessons[0], replace(before.lessons[1], text="Three"))

    changes = changes_between(before, replace(before, lessons=lessons, title="Another"), {})

    assert [(each.title, len(each.parts), each.unchanged) for each in changes.chapters] == [
        ("Facts", 1, 9),
        ("Lessons", 1, 1),
    ]
    assert ("Timeline", len(SNAPSHOT.entries)) in changes.still
    assert ("Lessons", 1) not in changes.still


def test_two_people_of_the_same_name_are_two_parts() -> None:
    kim = Person("Kim", "Storage")
    after = replace(SNAPSHOT, contributors=(*SNAPSHOT.contributors, kim, kim))

    changes = changes_between(SNAPSHOT, after, {})

    assert len({part.key for part in changes.parts}) == 2

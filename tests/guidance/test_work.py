"""What the checks cost, counted in calls of functions: the same on every machine, however busy.

How a pattern looks through a long text is no call; `test_cost.py` measures that.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid5

import pytest

from coe.demo.seeding import demo_coes
from coe.guidance.case import ROWS, Case
from coe.guidance.findings import Found, Place, check
from coe.guidance.registry import check as check_all
from coe.policies.rules import DEFAULT_RULES, Level
from coe.snapshots.serialise import to_bytes
from coe.snapshots.snapshot import EntryValue, Snapshot

TODAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOST_CALLS = 20_000
"""About twice what the largest COE of the demo takes."""
MOST_GROWTH = 2.2
"""Between twice what is added and four times: what is linear costs twice, a square four times."""


@pytest.fixture(scope="module")
def largest() -> Snapshot:
    return max((each.snapshot for each in demo_coes()), key=lambda each: len(to_bytes(each)))


def run_checks(snapshot: Snapshot) -> None:
    check_all(snapshot, DEFAULT_RULES, TODAY)


def calls_of(run: Callable[[Snapshot], None], snapshot: Snapshot) -> int:
    """How many functions are called; what is remembered from one time to the next is by then."""
    calls = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    run(snapshot)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run(snapshot)
    finally:
        sys.setprofile(before)
    return calls


def with_rows(snapshot: Snapshot, times: int) -> Snapshot:
    """With each of its rows so many times: what names a row names the first."""
    more: dict[str, Any] = {}
    for name, _ in ROWS.values():
        rows = getattr(snapshot, name)
        others = (
            replace(each, uid=uuid5(each.uid, str(n))) for n in range(1, times) for each in rows
        )
        more[name] = (*rows, *others)
    return replace(snapshot, **more)


def growth(run: Callable[[Snapshot], None], snapshot: Snapshot) -> float:
    """What the second step adds to the calls for each that the first adds: from twice the rows to
    four times, and from there to eight times."""
    two, four, eight = (calls_of(run, with_rows(snapshot, times)) for times in (2, 4, 8))
    return (eight - four) / (four - two)


def is_same(one: EntryValue, other: EntryValue) -> bool:
    return one is not other and one.text == other.text


@check(
    "COE999",
    Level.HINT,
    title="No entry says what another says",
    why="It is here to be caught.",
    source="ours",
    before="Alarm. Alarm.",
    after="Alarm.",
)
def each_with_each(case: Case) -> Iterator[Found]:
    """As slow as the square of the entries."""
    entries = case.snapshot.entries
    for one in entries:
        if same := [other for other in entries if is_same(one, other)]:
            yield Found(Place("timeline"), f"{len(same)} other entries say “{one.text}”.")


def run_with_a_square(snapshot: Snapshot) -> None:
    run_checks(snapshot)
    list(each_with_each.findings(Case(snapshot, DEFAULT_RULES, TODAY)))


def test_the_largest_coe_of_the_demo_is_looked_through_in_few_calls(largest: Snapshot) -> None:
    assert calls_of(run_checks, largest) < MOST_CALLS


def test_more_rows_take_as_many_more_calls_and_not_their_square(largest: Snapshot) -> None:
    assert growth(run_checks, largest) < MOST_GROWTH


def test_a_check_that_compares_each_entry_with_each_is_noticed(largest: Snapshot) -> None:
    assert growth(run_with_a_square, largest) > MOST_GROWTH

"""Snapshots of every shape, for property tests. Each field is named, none left to a default."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from coe.snapshots.snapshot import (
    ActionValue,
    CauseValue,
    EntryValue,
    MilestoneValue,
    Person,
    SectionValue,
    Snapshot,
)
from coe.text.instants import Instant, Precision

TEXT = st.text(max_size=40)
"""Any text that UTF-8 can hold: NUL, quotes, line separators, emoji; no lone surrogates."""


@st.composite
def instants(draw: st.DrawFn) -> Instant:
    """Moments and spans as exact as their precision allows."""
    precision = draw(st.sampled_from(Precision))
    step = 60 if precision is Precision.MINUTE else 1
    start = step * draw(st.integers(0, 4_000_000_000 // step))
    length = draw(st.none() | st.integers(1, 100_000))
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=start)
    return Instant(at, precision, None if length is None else at + timedelta(seconds=step * length))


def several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3).map(tuple)


UIDS: st.SearchStrategy[UUID] = st.uuids()
PEOPLE = st.builds(Person, name=TEXT, role=TEXT)
MILESTONES = st.builds(MilestoneValue, kind=TEXT, state=TEXT, instant=st.none() | instants())
SECTIONS = st.builds(SectionValue, slug=TEXT, text=TEXT)
ENTRIES = st.builds(EntryValue, uid=UIDS, instant=instants(), text=TEXT, evidence=TEXT)
CAUSES = st.builds(
    CauseValue,
    uid=UIDS,
    text=TEXT,
    kind=TEXT,
    confidence=TEXT,
    evidence=TEXT,
    explains=several(UIDS),
)
ACTIONS = st.builds(
    ActionValue,
    uid=UIDS,
    title=TEXT,
    done_when=TEXT,
    owner=st.none() | PEOPLE,
    due_on=st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
    priority=st.integers(0, 3),
    kind=TEXT,
    cause=st.none() | UIDS,
    tracker=TEXT,
)
SNAPSHOTS = st.builds(
    Snapshot,
    title=TEXT,
    severity=st.integers(1, 4),
    service=TEXT,
    team=TEXT,
    zone=st.sampled_from(["UTC", "America/Los_Angeles", "Asia/Kolkata"]),
    owner=PEOPLE,
    contributors=several(PEOPLE),
    milestones=several(MILESTONES),
    sections=several(SECTIONS),
    entries=several(ENTRIES),
    causes=several(CAUSES),
    actions=several(ACTIONS),
)

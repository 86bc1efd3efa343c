"""Snapshots of every shape, for property tests. Each field is named, none left to a default."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from coe.snapshots.snapshot import (
    ActionValue,
    AnswerValue,
    CauseValue,
    EntryValue,
    FigureValue,
    LessonValue,
    MilestoneValue,
    Person,
    RelatedValue,
    SafeguardValue,
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
ENTRIES = st.builds(
    EntryValue,
    uid=UIDS,
    instant=instants(),
    text=TEXT,
    evidence=TEXT,
    kind=TEXT,
    milestone=TEXT,
)
CAUSES = st.builds(
    CauseValue,
    uid=UIDS,
    text=TEXT,
    kind=TEXT,
    confidence=TEXT,
    evidence=TEXT,
    explains=several(UIDS),
    answers=TEXT,
    risk_reason=TEXT,
    risk_approver=st.none() | PEOPLE,
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
ANSWERS = st.builds(AnswerValue, part=TEXT, slug=TEXT, question=TEXT, text=TEXT)
AMOUNTS: st.SearchStrategy[Decimal] = st.decimals(
    min_value=-(10**15), max_value=10**15, places=4
) | st.sampled_from([Decimal(each) for each in ("1", "1.0", "1.0000", "-0", "1E+3", "0E-4")])
"""Every number that the column holds, and several ways to write the same one."""
FIGURES = st.builds(
    FigureValue,
    uid=UIDS,
    what=TEXT,
    amount=st.none() | AMOUNTS,
    unit=TEXT,
    source=TEXT,
    basis=TEXT,
)
SAFEGUARDS = st.builds(SafeguardValue, uid=UIDS, name=TEXT, kind=TEXT, outcome=TEXT, why=TEXT)
LESSONS = st.builds(LessonValue, uid=UIDS, kind=TEXT, text=TEXT)
RELATED = st.builds(RelatedValue, uid=UIDS, kind=TEXT, title=TEXT, url=TEXT, note=TEXT)
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
    form=TEXT,
    classification=TEXT,
    guide=st.integers(1, 99),
    answers=several(ANSWERS),
    figures=several(FIGURES),
    safeguards=several(SAFEGUARDS),
    lessons=several(LESSONS),
    related=several(RELATED),
)

"""Snapshots for property tests. Each field is named, none left to a default.

`SNAPSHOTS` are of every shape that the types allow, `AUTHORED` those that people can have written:
their names are known, what they refer to is there, and their texts are as hard as texts get.
"""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from coe.actions.models import ActionItem, Priority
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Classification, Form, SectionSlug
from coe.incidents.models import Category, Milestone
from coe.policies.models import Part
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
from coe.text.plain import storable_line, storable_text
from coe.timeline.models import Entry
from coe.whys.models import Cause, Safeguard

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
    category=st.just("outage") | TEXT,
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


# What people can have written

HARD = (
    "# A heading", "## Summary <!-- coe: section summary -->", "---", "***", "```", "~~~\n# no",
    "<!-- coe: entry 3f2a -->", "<!--coe:lt-->", "<!--coe:edge-->", "<!--coe:cr-->", "<!-- open",
    "- Kind: trigger", "- **C1** · kind: trigger", "  two spaces  ", "\ttab\t", "", " ", "\r\n",
    "\r", "| a | b |", "> quoted", "1. one", "    code", "&#10;&amp;", "\\", "\\<", "**x** · y",
    "snake_case _x_", "مرحبا بالعالم", "👩‍🚒🙂", "e\u0301 é", "\u2028", "\u00a0", "=1+1", "(a) (b)",
    "-->",
)  # fmt: skip
PLAIN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffd"), max_size=12
)
BESIDE_EACH_OTHER = ["\n".join((HARD + HARD)[at : at + 3]) for at in range(len(HARD))]
BLOCKS = (st.sampled_from([*BESIDE_EACH_OTHER, *HARD]) | PLAIN).map(storable_text)
WRITTEN_BLOCKS = BLOCKS.filter(bool)
LINES = st.sampled_from([each for each in HARD if each and not set(each) & set("\r\n")]) | PLAIN
LINES = LINES.map(storable_line).filter(bool)
ADDRESSES = st.sampled_from(
    ["", "https://x.org/a?b=1&c=2#d", "https://x.org/(a_b)*~<>`|", "http://localhost/&#38;-->;é"]
)
ZONES = st.sampled_from(
    ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Africa/Monrovia", "Australia/Lord_Howe"]
)
FOLDED = (
    Instant(datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
    Instant(datetime(2026, 11, 1, 9, 30, tzinfo=UTC)),
    Instant(datetime(1971, 3, 1, 8, 30, tzinfo=UTC), Precision.ABOUT),
)
"""01:30 twice in Los Angeles; a year in which Monrovia was 44 min 30 s from UTC."""
MOMENTS = st.sampled_from(FOLDED) | instants()
SOMEBODY = st.builds(Person, name=LINES, role=st.just("") | LINES)


def distinct(values: st.SearchStrategy[Any], key: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3, unique_by=key).map(tuple)


def by_uid(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return distinct(values, lambda row: row.uid)


def word(choices: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([each.value for each in choices])


@st.composite
def milestones_as_recorded(draw: st.DrawFn) -> tuple[MilestoneValue, ...]:
    made = []
    for kind in draw(st.permutations([each.value for each in Milestone.Kind]))[:4]:
        state = draw(word(Milestone.State))
        made.append(MilestoneValue(kind, state, draw(MOMENTS) if state == "recorded" else None))
    return tuple(made)


@st.composite
def entries_that_mark(draw: st.DrawFn, recorded: dict[str, Instant]) -> tuple[EntryValue, ...]:
    free = list(recorded)
    made = []
    for uid in draw(st.lists(UIDS, max_size=4, unique=True)):
        is_mark = draw(st.booleans())
        mark = free.pop() if free and is_mark else ""
        made.append(
            EntryValue(
                uid=uid,
                instant=recorded[mark] if mark else draw(MOMENTS),
                text=draw(WRITTEN_BLOCKS),
                evidence=draw(ADDRESSES),
                kind=draw(st.just("") | word(Entry.Kind)),
                milestone=mark,
            )
        )
    return tuple(made)


@st.composite
def causes_without_circles(draw: st.DrawFn) -> tuple[CauseValue, ...]:
    """Each explains some of those that were made before it, and stands anywhere among them."""
    made: list[CauseValue] = []
    for uid in draw(st.lists(UIDS, max_size=5, unique=True)):
        above = [each.uid for each in made]
        effects = (
            st.lists(st.sampled_from(above), max_size=3, unique=True) if above else st.just([])
        )
        made.append(
            CauseValue(
                uid=uid,
                text=draw(WRITTEN_BLOCKS),
                kind=draw(st.just("") | word(Cause.Kind)),
                confidence=draw(word(Cause.Confidence)),
                evidence=draw(ADDRESSES),
                explains=tuple(draw(effects)),
                answers=draw(word(Cause.Asks)),
                risk_reason=draw(BLOCKS),
                risk_approver=draw(st.none() | SOMEBODY),
            )
        )
    return tuple(draw(st.permutations(made)))


@st.composite
def authored(draw: st.DrawFn) -> Snapshot:
    milestones = draw(milestones_as_recorded())
    recorded = {each.kind: each.instant for each in milestones if each.instant}
    causes = draw(causes_without_circles())
    slugs = draw(st.permutations([each.value for each in SectionSlug]))
    whole = Snapshot(
        title=draw(LINES),
        severity=draw(st.integers(1, 4)),
        category=draw(word(Category)),
        service=draw(st.just("") | LINES),
        team=draw(LINES),
        zone=draw(ZONES),
        owner=draw(SOMEBODY),
        contributors=draw(several(SOMEBODY)),
        milestones=milestones,
        sections=tuple(
            SectionValue(slug, draw(BLOCKS)) for slug in slugs[: draw(st.integers(0, 3))]
        ),
        entries=draw(entries_that_mark(recorded)),
        causes=causes,
        actions=draw(by_uid(corrections([each.uid for each in causes]))),
        form=draw(word(Form)),
        classification=draw(word(Classification)),
        guide=draw(st.integers(1, 99)),
        answers=draw(distinct(ANSWERED, lambda each: (each.part, each.slug))),
        figures=draw(by_uid(COUNTED)),
        safeguards=draw(by_uid(CHECKS)),
        lessons=draw(by_uid(LEARNED)),
        related=draw(by_uid(ELSEWHERE)),
        schema=2,
    )
    return draw(st.sampled_from([whole, whole, whole, first_schema(whole)]))


def corrections(causes: list[UUID]) -> st.SearchStrategy[ActionValue]:
    return st.builds(
        ActionValue,
        uid=UIDS,
        title=LINES,
        done_when=BLOCKS,
        owner=st.none() | SOMEBODY,
        due_on=st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)),
        priority=word(Priority),
        kind=st.just("") | word(ActionItem.Kind),
        cause=st.none() | st.sampled_from(causes) if causes else st.none(),
        tracker=ADDRESSES | LINES,
    )


SLUGS = st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8})?", fullmatch=True)
ANSWERED = st.builds(AnswerValue, part=word(Part), slug=SLUGS, question=LINES, text=BLOCKS)
COUNTED = st.builds(
    FigureValue,
    uid=UIDS,
    what=LINES,
    amount=st.none() | AMOUNTS,
    unit=st.just("") | LINES,
    source=word(ImpactFigure.Source),
    basis=BLOCKS,
)
CHECKS = st.builds(
    SafeguardValue,
    uid=UIDS,
    name=LINES,
    kind=word(Safeguard.Kind),
    outcome=word(Safeguard.Outcome),
    why=BLOCKS,
)
LEARNED = st.builds(LessonValue, uid=UIDS, kind=word(Lesson.Kind), text=WRITTEN_BLOCKS)
ELSEWHERE = st.builds(
    RelatedValue, uid=UIDS, kind=word(RelatedItem.Kind), title=LINES, url=ADDRESSES, note=BLOCKS
)
AUTHORED = authored()


def first_schema(snapshot: Snapshot) -> Snapshot:
    """What the first schema could say of `snapshot`."""
    first: Snapshot = replace(_as_of_first(snapshot), schema=1)
    return first


def _as_of_first(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_as_of_first(each) for each in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(
        value,
        **{
            each.name: each.default
            if each.metadata.get("since")
            else _as_of_first(getattr(value, each.name))
            for each in fields(value)
            if each.init
        },
    )

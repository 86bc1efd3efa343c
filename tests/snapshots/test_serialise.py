"""A snapshot as bytes: one canonical form, written down here by hand, and back without loss."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any, get_args, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings

from coe.snapshots.serialise import UnknownSchema, Unreadable, digest_of, from_bytes, to_bytes
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
from tests.snapshots.strategies import SNAPSHOTS

ROW = UUID("00000000-0000-4000-8000-00000000000a")
WHY = UUID("00000000-0000-4000-8000-00000000000b")
DEEPER = UUID("00000000-0000-4000-8000-00000000000c")
TODO = UUID("00000000-0000-4000-8000-00000000000d")


def row(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number:012x}")


SMALL = Snapshot(
    title="Größe €3 — 你好",
    severity=2,
    service="",
    team="Storage",
    zone="Europe/Berlin",
    owner=Person("Zoë", "Storage"),
    contributors=(Person("adam", ""),),
    milestones=(
        MilestoneValue(
            "detected",
            "recorded",
            Instant(datetime(2026, 11, 14, 9, 30, tzinfo=UTC), Precision.ABOUT, None),
        ),
        MilestoneValue("resolved", "pending", None),
    ),
    sections=(SectionValue("summary", 'One "line"\nand </script>'),),
    entries=(
        EntryValue(
            ROW,
            Instant(
                datetime(2026, 11, 14, 9, 37, 13, tzinfo=UTC),
                Precision.SECOND,
                datetime(2026, 11, 14, 9, 55, tzinfo=UTC),
            ),
            "Errors rise",
            "https://graphs.example.org/7",
            "change",
        ),
    ),
    causes=(
        CauseValue(WHY, "Why", "", "hypothesis", "", ()),
        CauseValue(
            DEEPER,
            "Deeper",
            "latent",
            "likely",
            "",
            (WHY,),
            "detection",
            "Rare.",
            Person("eve", "Platform"),
        ),
    ),
    actions=(
        ActionValue(
            TODO,
            "Add an alarm",
            "It rang.",
            Person("adam", ""),
            date(2026, 12, 1),
            0,
            "detect",
            DEEPER,
            "",
        ),
    ),
    form="light",
    classification="confidential",
    guide=3,
    answers=(AnswerValue("detection", "found-by", "How was it found?", "By an *alarm*."),),
    figures=(FigureValue(row(1), "Requests", Decimal("12.5"), "%", "measured", "Logs"),),
    safeguards=(SafeguardValue(row(4), "Canary", "canary", "missing", "None"),),
    lessons=(LessonValue(row(2), "lucky", "It was night."),),
    related=(RelatedValue(row(3), "ticket", "T-1", "", "The first"),),
)

WRITTEN = (
    '{"actions":[{"cause":"00000000-0000-4000-8000-00000000000c","done_when":"It rang.",'
    '"due_on":"2026-12-01","kind":"detect","owner":{"name":"adam","role":""},"priority":0,'
    '"title":"Add an alarm","tracker":"","uid":"00000000-0000-4000-8000-00000000000d"}],'
    '"answers":[{"part":"detection","question":"How was it found?","slug":"found-by",'
    '"text":"By an *alarm*."}],'
    '"causes":[{"answers":"happened","confidence":"hypothesis","evidence":"","explains":[],'
    '"kind":"","risk_approver":null,"risk_reason":"","text":"Why",'
    '"uid":"00000000-0000-4000-8000-00000000000b"},'
    '{"answers":"detection","confidence":"likely","evidence":"",'
    '"explains":["00000000-0000-4000-8000-00000000000b"],"kind":"latent",'
    '"risk_approver":{"name":"eve","role":"Platform"},"risk_reason":"Rare.","text":"Deeper",'
    '"uid":"00000000-0000-4000-8000-00000000000c"}],'
    '"classification":"confidential","contributors":[{"name":"adam","role":""}],'
    '"entries":[{"evidence":"https://graphs.example.org/7",'
    '"instant":{"at":"2026-11-14T09:37:13Z","end":"2026-11-14T09:55:00Z","precision":"second"},'
    '"kind":"change","milestone":"","text":"Errors rise",'
    '"uid":"00000000-0000-4000-8000-00000000000a"}],'
    '"figures":[{"amount":"12.5","basis":"Logs","source":"measured","uid":'
    '"00000000-0000-4000-8000-000000000001","unit":"%","what":"Requests"}],'
    '"form":"light","guide":3,'
    '"lessons":[{"kind":"lucky","text":"It was night.",'
    '"uid":"00000000-0000-4000-8000-000000000002"}],'
    '"milestones":[{"instant":{"at":"2026-11-14T09:30:00Z","end":null,"precision":"about"},'
    '"kind":"detected","state":"recorded"},'
    '{"instant":null,"kind":"resolved","state":"pending"}],'
    '"owner":{"name":"Zoë","role":"Storage"},'
    '"related":[{"kind":"ticket","note":"The first","title":"T-1","uid":'
    '"00000000-0000-4000-8000-000000000003","url":""}],'
    '"safeguards":[{"kind":"canary","name":"Canary","outcome":"missing","uid":'
    '"00000000-0000-4000-8000-000000000004","why":"None"}],"schema":2,'
    '"sections":[{"slug":"summary","text":"One \\"line\\"\\nand </script>"}],'
    '"service":"","severity":2,"team":"Storage","title":"Größe €3 — 你好","zone":"Europe/Berlin"}'
)
DIGEST = "f0a85efe9490815f244065b946e03fac6c3547ed7808bb082518a357ba93b425"

DIGEST_OF_FIRST = "739d9c6013b5e39aacf32fa489cdf68c76d6aa7d16a6cbaedfbf743450db0c49"
FIRST_SCHEMA = (
    '{"actions":[{"cause":"00000000-0000-4000-8000-00000000000c","done_when":"It rang.",'
    '"due_on":"2026-12-01","kind":"detect","owner":{"name":"adam","role":""},"priority":0,'
    '"title":"Add an alarm","tracker":"","uid":"00000000-0000-4000-8000-00000000000d"}],'
    '"causes":[{"confidence":"hypothesis","evidence":"","explains":[],"kind":"","text":"Why",'
    '"uid":"00000000-0000-4000-8000-00000000000b"},'
    '{"confidence":"likely","evidence":"",'
    '"explains":["00000000-0000-4000-8000-00000000000b"],"kind":"latent","text":"Deeper",'
    '"uid":"00000000-0000-4000-8000-00000000000c"}],'
    '"contributors":[{"name":"adam","role":""}],'
    '"entries":[{"evidence":"https://graphs.example.org/7",'
    '"instant":{"at":"2026-11-14T09:37:13Z","end":"2026-11-14T09:55:00Z","precision":"second"},'
    '"text":"Errors rise","uid":"00000000-0000-4000-8000-00000000000a"}],'
    '"milestones":[{"instant":{"at":"2026-11-14T09:30:00Z","end":null,"precision":"about"},'
    '"kind":"detected","state":"recorded"},'
    '{"instant":null,"kind":"resolved","state":"pending"}],'
    '"owner":{"name":"Zoë","role":"Storage"},"schema":1,'
    '"sections":[{"slug":"summary","text":"One \\"line\\"\\nand </script>"}],'
    '"service":"","severity":2,"team":"Storage","title":"Größe €3 — 你好","zone":"Europe/Berlin"}'
)


def test_the_bytes_of_a_snapshot_are_these() -> None:
    assert to_bytes(SMALL).decode() == WRITTEN


def test_the_digest_of_these_bytes_is_this() -> None:
    """If this fails, every stored approval means something else than what was signed."""
    assert digest_of(to_bytes(SMALL)) == DIGEST


def test_these_bytes_are_read_back_as_the_snapshot() -> None:
    assert from_bytes(WRITTEN.encode()) == SMALL


def test_the_kind_of_incident_is_written_only_where_it_is_no_outage() -> None:
    """What says nothing of it is an outage, and keeps the bytes that it had before."""
    breach = replace(SMALL, category="security")
    written = WRITTEN.replace('"causes":[', '"category":"security","causes":[', 1)

    assert to_bytes(replace(SMALL, category="outage")).decode() == WRITTEN
    assert to_bytes(breach).decode() == written
    assert from_bytes(written.encode()) == breach
    with pytest.raises(ValueError, match="Schema 1 cannot hold “category”"):
        to_bytes(replace(from_bytes(FIRST_SCHEMA.encode()), category="security"))
    with pytest.raises(Unreadable, match="Nothing is called “category” here"):
        from_bytes(FIRST_SCHEMA.replace('"causes":[', '"category":"outage","causes":[', 1).encode())


def test_keys_come_in_alphabetical_order_at_every_level() -> None:
    def check(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        assert names == sorted(names)

    json.loads(to_bytes(SMALL), object_pairs_hook=check)


def test_text_beyond_ascii_stands_as_itself_and_composed_differently_is_different() -> None:
    composed, decomposed = (replace(SMALL, title=text) for text in ("\u00e9", "e\u0301"))

    assert '"title":"é"'.encode() in to_bytes(composed)
    assert b"\\u" not in to_bytes(SMALL)
    assert to_bytes(composed) != to_bytes(decomposed)
    assert from_bytes(to_bytes(decomposed)).title == "e\u0301"


def test_the_same_moment_is_the_same_bytes_in_whatever_zone_it_was_given() -> None:
    pacific = timezone(timedelta(hours=-8))
    here, there = (
        replace(
            SMALL,
            milestones=(
                MilestoneValue("detected", "recorded", Instant(at, Precision.MINUTE, None)),
            ),
        )
        for at in (
            datetime(2026, 12, 31, 23, 30, tzinfo=pacific),
            datetime(2027, 1, 1, 7, 30, tzinfo=UTC),
        )
    )

    assert to_bytes(here) == to_bytes(there)
    assert b'"at":"2027-01-01T07:30:00Z"' in to_bytes(here)


@pytest.mark.parametrize(
    "schema", [0, 3, -1, True, 1.0, 2.0, "2", "1", None, [2], {"2": 2}], ids=repr
)
def test_bytes_of_another_schema_are_refused(schema: object) -> None:
    plain = json.loads(WRITTEN) | {"schema": schema}

    with pytest.raises(UnknownSchema, match=r"is none of \(1, 2\)"):
        from_bytes(json.dumps(plain).encode())


def test_bytes_without_a_schema_are_refused() -> None:
    plain = json.loads(WRITTEN)
    del plain["schema"]

    with pytest.raises(UnknownSchema, match="Schema None is none of"):
        from_bytes(json.dumps(plain).encode())


def test_what_was_signed_in_the_first_schema_is_still_read() -> None:
    """What it did not know has the default that says nothing was written."""
    first = replace(
        SMALL,
        entries=(replace(SMALL.entries[0], kind="", milestone=""),),
        causes=tuple(
            replace(each, answers="happened", risk_reason="", risk_approver=None)
            for each in SMALL.causes
        ),
        form="full",
        classification="internal",
        guide=1,
        answers=(),
        figures=(),
        safeguards=(),
        lessons=(),
        related=(),
        schema=1,
    )

    assert from_bytes(FIRST_SCHEMA.encode()) == first
    assert digest_of(FIRST_SCHEMA.encode()) == DIGEST_OF_FIRST


@pytest.mark.parametrize("name", ["title", "causes", "zone", "owner", "sections"])
def test_what_every_schema_holds_has_no_default(name: str) -> None:
    for written in (FIRST_SCHEMA, WRITTEN):
        plain = json.loads(written)
        del plain[name]
        with pytest.raises(Unreadable, match=f"“{name}” is missing"):
            from_bytes(json.dumps(plain).encode())


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        (("1", "1.0", "1.0000", "1E0", "10E-1"), "1"),
        (("1200", "1.2E+3", "1200.0000"), "1200"),
        (("0", "0.0000", "-0", "-0.0", "0E-4", "0E+9"), "0"),
        (("-12.50", "-12.5"), "-12.5"),
        (("0.0001", "1E-4"), "0.0001"),
        (("999999999999999.9999",), "999999999999999.9999"),
        (("1000000000000000",), "1000000000000000"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_equal_amounts_are_the_same_bytes_and_never_an_exponent(
    texts: tuple[str, ...], written: str
) -> None:
    for text in texts:
        figure = replace(SMALL.figures[0], amount=Decimal(text))
        assert f'"amount":"{written}"'.encode() in to_bytes(replace(SMALL, figures=(figure,)))


def test_an_amount_is_written_whole_however_coarsely_the_process_computes() -> None:
    figure = replace(SMALL.figures[0], amount=Decimal("123456789012345.6789"))
    with localcontext() as context:
        context.prec = 3
        content = to_bytes(replace(SMALL, figures=(figure,)))

    assert b'"amount":"123456789012345.6789"' in content


@settings(deadline=None, max_examples=70)
@given(SNAPSHOTS)
def test_every_snapshot_comes_back_equal_and_its_bytes_are_the_same_again(
    snapshot: Snapshot,
) -> None:
    content = to_bytes(snapshot)

    assert from_bytes(content) == snapshot
    assert to_bytes(from_bytes(content)) == content


@settings(deadline=None, max_examples=25)
@given(SNAPSHOTS, SNAPSHOTS)
def test_two_snapshots_have_equal_bytes_exactly_when_they_are_equal(
    left: Snapshot, right: Snapshot
) -> None:
    assert (to_bytes(left) == to_bytes(right)) == (left == right)


def kinds_in(kind: Any) -> Iterator[type]:
    """Every dataclass that a snapshot is made of."""
    if is_dataclass(kind) and isinstance(kind, type):
        yield kind
        for hint in get_type_hints(kind).values():
            yield from kinds_in(hint)
    for argument in get_args(kind):
        yield from kinds_in(argument)


def values_in(value: Any) -> Iterator[tuple[type, str, Any]]:
    """Every field of every dataclass in `value`, with what it holds."""
    if isinstance(value, tuple):
        for each in value:
            yield from values_in(each)
    elif is_dataclass(value):
        for field in fields(value):
            held = getattr(value, field.name)
            yield type(value), field.name, held
            yield from values_in(held)


def test_the_strategies_vary_every_field_there_is_so_that_a_new_one_is_not_forgotten() -> None:
    seen: dict[tuple[type, str], set[Any]] = {
        (kind, field.name): set() for kind in kinds_in(Snapshot) for field in fields(kind)
    }

    @settings(deadline=None, max_examples=100, derandomize=True, database=None)
    @given(SNAPSHOTS)
    def look(snapshot: Snapshot) -> None:
        for kind, name, held in values_in(snapshot):
            seen[kind, name].add(held)

    look()

    always_the_same = {place for place, held in seen.items() if len(held) < 2}
    assert always_the_same == {(Snapshot, "schema")}
    optional = {
        (kind, name)
        for kind in kinds_in(Snapshot)
        for name, hint in get_type_hints(kind).items()
        if type(None) in get_args(hint)
    }
    assert all(None in seen[place] for place in optional)
    assert len(optional) == 7


def test_the_look_at_the_strategies_would_see_a_field_that_they_forget() -> None:
    """`schema` is such a field: it has a default, and nobody generates it."""
    names = {(type_, name) for type_, name, _ in values_in(SMALL)}

    assert (Snapshot, "schema") in names
    assert {kind.__name__ for kind in kinds_in(Snapshot)} == {
        "Snapshot",
        "Person",
        "MilestoneValue",
        "SectionValue",
        "EntryValue",
        "CauseValue",
        "ActionValue",
        "AnswerValue",
        "FigureValue",
        "SafeguardValue",
        "LessonValue",
        "RelatedValue",
        "Instant",
    }


def test_a_section_and_the_recorded_milestones_are_found_by_name() -> None:
    assert SMALL.section("summary").startswith("One")
    assert SMALL.section("impact") == ""
    assert list(SMALL.instants()) == ["detected"]

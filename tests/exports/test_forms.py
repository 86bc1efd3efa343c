"""The JSON and the Markdown form: what is written is read back, byte for byte."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import fields, is_dataclass, make_dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Model
from hypothesis import HealthCheck, given, settings

from coe.exports.form import MOST_BYTES, Form, UnreadableForm
from coe.exports.json_form import read_json, write_json
from coe.exports.markdown_reader import read_markdown
from coe.exports.markdown_writer import write_markdown
from coe.exports.texts import read_text
from coe.snapshots.printable import Printable
from coe.snapshots.serialise import digest_of, from_bytes, to_bytes
from coe.snapshots.snapshot import CauseValue, EntryValue, Snapshot
from coe.text.instants import Instant, Precision
from tests.exports import samples
from tests.snapshots.strategies import AUTHORED
from tests.snapshots.test_build import HELD
from tests.snapshots.test_serialise import (
    DIGEST_OF_FIRST,
    FIRST_SCHEMA,
    kinds_in,
    values_in,
)

SAMPLES = {
    "published": samples.PUBLISHED,
    "empty": samples.EMPTY,
    "light": samples.LIGHT,
    "hard": samples.hard(),
}
DIGESTS = {
    "published": "1869c2d201a21f329d19f73ed01eec0cab0331199b85d9c59488c51c143398ba",
    "empty": "33d465aee7e33364a7f4e66d86d446c44e7bffe50f7a50eaa963e5c4c8e102f3",
    "light": "507595b1ba4269c442f1fc29d797f517c54aa89eac0732eb8da8533b80a7735a",
    "hard": "5a8ccad0c2630d69fa1ba1d8bb33b325f4a9330ae1d24aeaf0d3a00eefa980cc",
}
"""Literals: on every machine and every Python the same text is the same digest."""

Writer = Callable[[Printable], bytes]
BOTH: list[Any] = [
    pytest.param(write_json, read_json, id="json"),
    pytest.param(write_markdown, read_markdown, id="markdown"),
]


def around(snapshot: Snapshot) -> Printable:
    digest = digest_of(to_bytes(snapshot))
    return replace(samples.PUBLISHED, snapshot=snapshot, digest=digest)


@pytest.mark.parametrize(("write", "read"), BOTH)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_comes_back_with_the_digest_that_is_written_here(
    name: str, write: Writer, read: Callable[[bytes], Form]
) -> None:
    printable = around(SAMPLES[name].snapshot)
    form = read(write(printable))

    assert form.snapshot == printable.snapshot
    assert digest_of(to_bytes(form.snapshot)) == DIGESTS[name] == form.digest
    assert form.reference == "COE-2017-0007"


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(AUTHORED)
def test_whatever_people_write_comes_back_from_both_forms_with_equal_bytes(
    snapshot: Snapshot,
) -> None:
    content = to_bytes(snapshot)
    written = write_markdown(around(snapshot))

    assert to_bytes(read_json(write_json(around(snapshot))).snapshot) == content
    assert to_bytes(read_markdown(written).snapshot) == content
    assert read_markdown(written.replace(b"\n", b"\r\n")).snapshot == snapshot


@pytest.mark.parametrize(("write", "read"), BOTH)
def test_what_was_signed_in_the_first_schema_keeps_its_digest(
    write: Writer, read: Callable[[bytes], Form]
) -> None:
    """The bytes were written down by hand when there was no other schema."""
    first = from_bytes(FIRST_SCHEMA.encode())
    read_back = read(write(around(first))).snapshot

    assert to_bytes(first).decode() == FIRST_SCHEMA
    assert to_bytes(read_back).decode() == FIRST_SCHEMA
    assert digest_of(to_bytes(read_back)) == DIGEST_OF_FIRST


def test_a_snapshot_of_the_first_schema_cannot_hold_what_only_the_second_says() -> None:
    first = from_bytes(FIRST_SCHEMA.encode())

    with pytest.raises(ValueError, match="Schema 1 cannot hold “classification”"):
        to_bytes(replace(first, classification="strict"))


def test_which_form_a_file_is_in_is_seen_in_the_file() -> None:
    written = write_json(around(samples.SNAPSHOT)), write_markdown(around(samples.SNAPSHOT))

    assert [read_text(b"\xef\xbb\xbf" + each).snapshot for each in written] == [
        samples.SNAPSHOT,
        samples.SNAPSHOT,
    ]


# No field is forgotten


def varied() -> set[tuple[type, str]]:
    """The fields that the generator gives several values."""
    seen: dict[tuple[type, str], set[Any]] = {}

    @settings(
        deadline=None,
        max_examples=70,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(AUTHORED)
    def look(snapshot: Snapshot) -> None:
        for kind, name, held in values_in(snapshot):
            seen.setdefault((kind, name), set()).add(held)

    look()
    return {place for place, held in seen.items() if len(held) > 1}


def forgotten(kinds: set[type], known: set[tuple[type, str]]) -> list[str]:
    return sorted(
        f"{kind.__name__}.{each.name}"
        for kind in kinds
        for each in fields(kind)
        if (kind, each.name) not in known
    )


def test_the_generator_of_the_round_trips_varies_every_field_of_a_snapshot() -> None:
    """What the models behind it hold is compared with these fields below."""
    known, kinds = varied(), set(kinds_in(Snapshot))
    planted = make_dataclass("Planted", [("colour", str)])

    assert forgotten(kinds, known) == []
    assert "Planted.colour" in forgotten({*kinds, planted}, known)


HELD_OTHERWISE = {
    "at": "with precision and end_at it is the instant",
    "precision": "see at",
    "end_at": "see at",
    "position": "the order of the rows",
    "document": "whose row it is",
    "incident": "whose row it is",
    "guide": "its version is a fact of the COE",
    "user": "a person by name and role",
    "role": "which people are contributors",
    "cause": "the row of causes that explains",
    "effect": "explains",
    "is_primary": "the first of explains",
}
"""Columns that stand in a snapshot under another name or as the place of something."""


def unheld(value: type, columns: str) -> list[str]:
    """The columns that no field of `value`, and so nothing that comes back, holds."""
    held = {each.name for each in fields(value)} | HELD_OTHERWISE.keys()
    return [name for name in columns.split() if name not in held]


@pytest.mark.parametrize("model", HELD, ids=lambda model: model.__name__)
def test_every_column_of_what_people_write_is_in_what_comes_back(model: type[Model]) -> None:
    """A column that is new stands in neither list of HELD, and so fails."""
    value, held, left_out = HELD[model]
    there = [column.name for column in model._meta.concrete_fields]
    named = held.split() + left_out.split()
    planted = [*there, "colour"]

    assert unheld(value, held) == []
    assert [name for name in there if name not in named] == []
    assert [name for name in planted if name not in named] == ["colour"]
    assert unheld(value, f"{held} colour") == ["colour"]


# The Markdown is for people


EXPECTED = r"""---
coe: 1
reference: "COE-2017-0007"
digest: "5d1f0c9e7ab344825d1f0c9e7ab344825d1f0c9e7ab344825d1f0c9e7ab34482"
state: "draft"
version: null
published_at: null
schema: 2
severity: 1
service: ""
team: "Storage"
zone: "America/Los_Angeles"
form: "light"
classification: "internal"
guide: 1
owner: "Maren Holt (Storage engineering)"
contributors: []
---

# A \*new\* title_of 7 \<pod>

## Summary <!-- coe: section summary -->

A disk filled up.

## Impact <!-- coe: section impact -->

None.

## Timeline (America/Los_Angeles) <!-- coe: entries -->

- **2026-11-01 01:30 -07:00** · kind: change <!-- coe: entry …01 -->

  # My heading

  <!--coe:lt-->!-- coe: entry 9 -->

  <!--coe:edge-->

- **~2026-11-01 01:30 -08:00 - 2026-11-01 01:45 -08:00** <!-- coe: entry …02 -->

  Later

## Causes <!-- coe: causes -->

- **C2** · confidence: likely <!-- coe: cause …04 -->

  Below both

  - **C1** · confidence: likely · also explains: C3 <!-- coe: cause …03 -->

    Shared

- **C3** · confidence: likely <!-- coe: cause …05 -->

  Beside
""".replace("…", "00000000-0000-0000-0000-0000000000")


def small() -> Printable:
    first = Instant(datetime(2026, 11, 1, 8, 30, tzinfo=UTC))
    second = Instant(
        datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
        Precision.ABOUT,
        datetime(2026, 11, 1, 9, 45, tzinfo=UTC),
    )
    uids = [UUID(int=number) for number in range(6)]
    snapshot = replace(
        samples.LIGHT.snapshot,
        title="A *new* title_of 7 <pod>",
        milestones=(),
        entries=(
            EntryValue(uids[1], first, "# My heading\n\n<!-- coe: entry 9 -->\n", "", "change"),
            EntryValue(uids[2], second, "Later", ""),
        ),
        causes=(
            CauseValue(uids[3], "Shared", "", "likely", "", (uids[4], uids[5])),
            CauseValue(uids[4], "Below both", "", "likely", "", ()),
            CauseValue(uids[5], "Beside", "", "likely", "", ()),
        ),
        answers=(),
    )
    return replace(samples.DRAFT, snapshot=snapshot)


def test_the_markdown_is_this() -> None:
    """Both half past ones of the night the clocks went back; a cause that explains two."""
    assert write_markdown(small()).decode() == EXPECTED
    assert read_markdown(write_markdown(small())).snapshot == small().snapshot


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("A disk filled up.", "Two disks\n\nfilled up.", {"sections"}),
        ("severity: 1", "severity: 3", {"severity"}),
        ("# A \\*new\\* title_of 7 \\<pod>", "# Another title", {"title"}),
        ("01:30 -07:00", "01:40:30 -07:00", {"entries"}),
        ("kind: change", "kind: note · evidence: https://x.org", {"entries"}),
        (" · also explains: C3", "", {"causes"}),
        ('owner: "Maren Holt (Storage engineering)"', 'owner: "Eve"', {"owner"}),
        ("## Summary <!--", "## In short <!--", set()),
    ],
)
def test_what_somebody_changes_by_hand_is_changed(old: str, new: str, changed: set[str]) -> None:
    written = write_markdown(small()).decode()
    assert old in written
    after = read_markdown(written.replace(old, new).encode()).snapshot

    before = small().snapshot
    names = [each.name for each in fields(Snapshot)]
    assert {name for name in names if getattr(after, name) != getattr(before, name)} == changed


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("---\ncoe: 1", "coe: 1", "line 1: A COE begins with a line of three hyphens"),
        ("coe: 1", "coe: 2", "line 2: “coe: 1” is missing"),
        ("coe: 1", "coe: true", "line 2: “coe: 1” is missing"),
        ("severity: 1", "severity: 9", "line 9: “9” is none of 1, 2, 3, 4"),
        ("severity: 1", "severity one", "line 9: A fact is expected"),
        ("severity: 1", "severity: one", "line 9: A number or a text in double quotes"),
        ("severity: 1\n", "", "line 1: “severity” is missing"),
        ("severity: 1", "severity: 1\nseverity: 1", "line 10: “severity” is here twice"),
        ("schema: 2", "schema: 3", "line 8: Schema 3 is none of (1, 2)"),
        ("schema: 2", "schema: 1", "is called “form” here"),
        ("America/Los_Angeles", "America/Nowhere", "line 12: A time zone is expected"),
        ("# A \\*", "A \\*", "line 20: The title is expected"),
        ("kind: change", "kind: chance", "line 32: “chance” is none of change, impact"),
        ("kind: change", "colour: red", "line 32: “colour” is not known here"),
        ("01:30 -07:00", "01:30", "line 32: 01:30 happened twice on 1 Nov 2026"),
        ("01:30 -07:00", "half past one", "line 32: “2026-11-01 half past one” is not a time"),
        ("section impact", "section summary", "line 26: “summary” is here twice"),
        ("section impact", "sections impact", "line 26: “sections impact” is no mark"),
        ("<!--coe:lt-->", "<!--coe:gt-->", "<!--coe:gt--> is no comment of this form"),
        ("**C1**", "**C2**", "line 50: Another cause is called C2 already"),
        ("**C1**", "**Cause**", "line 50: A cause is called C1, C2"),
        ("also explains: C3", "also explains: C9", "line 50: No cause of this file is called “C9”"),
        ("also explains: C3", "also explains: C1", "line 50: This cause explains itself"),
        ("-000000000004 -->", "-00000000000x -->", "is not an id like"),
        ("<!-- coe: entries -->", "<!-- coe: entries -->\n\nLost", "line 32: This belongs to"),
        ("A disk", "A \x00 disk", "line 22: Line 1 contains a control character (U+0000)"),
        ("A disk", "A � disk", "line 22: Line 1 contains a character that arrived damaged"),
        ("kind: change", "evidence: javascript:alert(1)", "line 32: Enter a valid URL"),
        ("  Later\n", "", "line 40: This field cannot be blank"),
    ],
)
def test_a_broken_file_is_told_by_its_line(old: str, new: str, said: str) -> None:
    written = write_markdown(small()).decode()
    assert old in written
    with pytest.raises(UnreadableForm) as refused:
        read_markdown(written.replace(old, new, 1).encode())

    assert said in str(refused.value)


def test_files_that_somebody_damaged_are_read_or_refused_with_a_line_and_never_crash() -> None:
    written = write_markdown(around(samples.SNAPSHOT)).decode().split("\n")
    chance = random.Random(7)
    refused = 0
    for _ in range(150):
        lines = list(written)
        for _ in range(chance.choice((1, 1, 3))):
            damage(lines, chance)
        refused += is_refused_with_a_line("\n".join(lines).encode())
    assert 30 < refused < 150


def is_refused_with_a_line(content: bytes) -> bool:
    try:
        read_markdown(content)
    except UnreadableForm as error:
        return error.place.startswith("line ") or pytest.fail(f"No line: {error}")
    return False


def damage(lines: list[str], chance: random.Random) -> None:
    place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[place]
        case 1:
            lines.insert(other, lines[place])
        case 2:
            lines[place], lines[other] = lines[other], lines[place]
        case 3:
            line = lines[place]
            cut = chance.randrange(len(line) + 1)
            lines[place] = line[:cut] + chance.choice("<-:·*#\x00é(") + line[cut + 1 :]


# The JSON is for programs


def plain() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(write_json(around(samples.SNAPSHOT)))
    return whole


def test_what_stands_around_the_snapshot_is_told_beside_it() -> None:
    whole = plain()

    assert list(whole) == [
        "coe",
        "reference",
        "digest",
        "as_of",
        "envelope",
        "promises",
        "snapshot",
    ]
    assert whole["coe"] == 1
    assert whole["as_of"] == "2017-03-09"
    assert whole["envelope"]["state"] == "approved"
    assert whole["envelope"]["version"] == 1
    assert whole["envelope"]["published_at"] == "2017-03-02T17:00:00Z"
    assert whole["envelope"]["signatures"][0]["person"]["name"] == "Adaeze Obi"
    assert whole["promises"][0]["is_late"] is True
    assert whole["snapshot"] == json.loads(to_bytes(samples.SNAPSHOT))


def test_reading_asks_for_no_more_than_the_snapshot() -> None:
    bare = {"coe": 1, "snapshot": plain()["snapshot"]}

    assert read_json(json.dumps(bare).encode()) == Form(samples.SNAPSHOT, "", "")


def put(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(whole: Any) -> None:
        for step in path[:-1]:
            whole = whole[step]
        whole[path[-1]] = value

    return change


def take(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(whole: Any) -> None:
        for step in path[:-1]:
            whole = whole[step]
        del whole[path[-1]]

    return change


LESSON = {"uid": str(UUID(int=601)), "kind": "well", "text": "x"}
ELSEWHERE = str(UUID(int=99))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put("coe", value=2), "coe: This product reads version 1"),
        (take("coe"), "the whole file: This is not a COE"),
        (take("snapshot"), "the whole file: “snapshot” is missing"),
        (put("snapshot", value=[]), "snapshot.schema: Schema None is none of (1, 2)"),
        (put("snapshot", "schema", value=3), "snapshot.schema: Schema 3 is none of (1, 2)"),
        (put("snapshot", "title", value=7), "snapshot.title: This has to be a text, and is 7"),
        (put("snapshot", "severity", value=True), "snapshot.severity: This has to be a whole"),
        (put("snapshot", "colour", value="red"), "snapshot: Nothing is called “colour” here"),
        (take("snapshot", "lessons"), "snapshot: “lessons” is missing"),
        (take("snapshot", "entries", 2, "kind"), "snapshot.entries[2]: “kind” is missing"),
        (put("snapshot", "entries", 2, "kind", value="x"), "snapshot.entries[2].kind: “x” is none"),
        (put("snapshot", "entries", 0, "text", value=""), "snapshot.entries[0].text: This field"),
        (
            put("snapshot", "entries", 1, "uid", value=str(UUID(int=100))),
            "snapshot.entries[1].uid: “00000000-0000-0000-0000-000000000064” is here twice",
        ),
        (
            put("snapshot", "entries", 0, "instant", "at", value="yesterday"),
            "snapshot.entries[0].instant.at: “yesterday” is not a moment",
        ),
        (
            put("snapshot", "entries", 0, "instant", "at", value="0001-01-01T00:00:00+14:00"),
            "snapshot.entries[0].instant: ",
        ),
        (
            put("snapshot", "entries", 0, "instant", "at", value="2017-02-28T17:38:00Z"),
            "snapshot.entries[0].milestone: The entry marks “impact started”",
        ),
        (put("snapshot", "zone", value="Mars"), "snapshot.zone: “Mars” is no time zone"),
        (
            put("snapshot", "causes", 1, "explains", value=[ELSEWHERE]),
            "snapshot.causes[1].explains: There is no cause 00000000",
        ),
        (
            put("snapshot", "causes", 0, "explains", value=[str(UUID(int=203))]),
            "snapshot.causes[0].explains: This cause explains itself",
        ),
        (
            put("snapshot", "actions", 0, "cause", value=ELSEWHERE),
            "snapshot.actions[0].cause: There is no cause",
        ),
        (
            put("snapshot", "figures", 0, "amount", value="1E+999999999"),
            "snapshot.figures[0].amount: “1E+999999999” is not a number",
        ),
        (put("snapshot", "figures", 0, "amount", value=1.5), "amount: This has to be a text"),
        (
            put("snapshot", "related", 0, "url", value="javascript:alert(1)"),
            "snapshot.related[0].url: Enter a valid URL",
        ),
        (put("snapshot", "title", value="a\x00b"), "snapshot.title: Line 1 contains a control"),
        (put("snapshot", "title", value="a\ud800b"), "snapshot.title: Line 1 contains a char"),
        (put("snapshot", "title", value="a\nb"), "snapshot.title: This has to fit on one line"),
        (put("snapshot", "title", value="a" * 201), "snapshot.title: Ensure this value has at"),
        (put("snapshot", "owner", "name", value=""), "snapshot.owner.name: This field cannot"),
        (put("reference", value="COE\ud800"), "reference: This has to be a short text"),
        (put("snapshot", "lessons", value=[LESSON] * 5001), "snapshot.lessons: More than 5000"),
        (put("reference", value=7), "reference: This has to be a short text"),
    ],
)
def test_a_wrong_value_is_told_by_its_place(
    change: Callable[[dict[str, Any]], None], said: str
) -> None:
    whole = plain()
    change(whole)
    with pytest.raises(UnreadableForm) as refused:
        read_json(json.dumps(whole).encode())

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: This is not JSON"),
        (b'{"coe": 1,\n "coe": 1}', "coe: This key is here twice"),
        (b"[" * 200_000, "Values are nested too deeply"),
        (b'{"coe": 1, "snapshot": ' + b'{"a":' * 100_000, "Values are nested too deeply"),
        (b'{"coe": NaN}', "NaN is not a number of JSON"),
        (b'{"coe": ' + b"9" * 5000 + b"}", "A number has too many digits"),
        (b'{"coe":\n"\xff"}', "line 2: This is not UTF-8"),
        (b"{" + b" " * MOST_BYTES, "This has more than 20 MB"),
    ],
    ids=["empty", "twice", "lists", "objects", "nan", "digits", "bytes", "size"],
)
def test_what_is_no_json_of_ours_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableForm) as refused:
        read_json(content)

    assert said in str(refused.value)


def test_values_of_any_other_type_anywhere_are_refused_and_never_crash() -> None:
    written = json.dumps(plain())
    for place in places(plain()["snapshot"]):
        wrong: tuple[Any, ...] = (None, 7, "x", [{}])
        for value in wrong:
            whole = json.loads(written)
            put("snapshot", *place, value=value)(whole)
            try:
                form = read_json(json.dumps(whole).encode())
            except UnreadableForm:
                continue
            assert is_dataclass(form.snapshot)


def places(value: Any, *path: str | int) -> list[tuple[str | int, ...]]:
    """Every place in it; of a list the first."""
    steps: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value[:1]))
    found = [(*path, step) for step, _ in steps]
    return found + [place for step, each in steps for place in places(each, *path, step)]


# What takes long


LINE = "- **2017-02-28 09:37 -08:00** <!-- coe: entry 00000000-0000-0000-0000-000000000001 -->\n"


@pytest.mark.parametrize(
    "flood",
    [
        " " * 500_000,
        "<!-- coe: " * 50_000,
        "<!-- coe: x -->" * 30_000 + "y",
        "<!-- coe: x -->" + " " * 500_000 + "y",
        "- **" + "*" * 500_000,
        "- " + "a" * 500_000,
        LINE * 1_000,
        "- **C1** <!-- coe: cause x -->\n" * 10_000,
        "<!--coe:lt-->" * 30_000,
        "\\" * 500_001,
        "&#" * 200_000,
    ],
    ids=["spaces", "open", "marks", "tail", "stars", "point", "entries", "causes", "tokens",
         "slashes", "references"],
)  # fmt: skip
def test_a_flood_is_read_or_refused_in_no_time(flood: str) -> None:
    """A second is a hundred times what a file of this size takes, and far below a hang."""
    written = write_markdown(small()).decode()
    for file in (written + flood, written.replace("A \\*new\\*", flood.split("\n")[0], 1)):
        started = time.process_time()
        is_refused_with_a_line(file.encode())
        assert time.process_time() - started < 1


def test_an_object_of_many_keys_is_refused_in_no_time() -> None:
    keys = ",".join(f'"k{number}":1' for number in range(100_000))
    started = time.process_time()
    with pytest.raises(UnreadableForm, match="twice"):
        read_json(f'{{{keys},"k7":2}}'.encode())
    assert time.process_time() - started < 1

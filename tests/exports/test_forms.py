"""The JSON and the Markdown form: what is written is read back, byte for byte."""

from collections.abc import Callable
from dataclasses import fields, make_dataclass, replace
from typing import Any

import pytest
from django.db.models import Model
from hypothesis import HealthCheck, given, settings

from coe.exports.form import Form
from coe.exports.json_form import read_json, write_json
from coe.exports.markdown_reader import read_markdown
from coe.exports.markdown_writer import write_markdown
from coe.exports.texts import read_text
from coe.snapshots.printable import Printable
from coe.snapshots.serialise import digest_of, from_bytes, to_bytes
from coe.snapshots.snapshot import Snapshot
from tests.exports import samples
from tests.exports.exchanged import around
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
    "published": "1d614b4d93b905e84b800324d98f43d49eb7dc04d9a978622b768fabfb03d896",
    "empty": "33d465aee7e33364a7f4e66d86d446c44e7bffe50f7a50eaa963e5c4c8e102f3",
    "light": "507595b1ba4269c442f1fc29d797f517c54aa89eac0732eb8da8533b80a7735a",
    "hard": "fcd124f5c484d02612ad0c13c5a73fd8568b02e5dcdf594a63f4a96653d50eea",
}
"""Literals: on every machine and every Python the same text is the same digest."""

Writer = Callable[[Printable], bytes]
BOTH: list[Any] = [
    pytest.param(write_json, read_json, id="json"),
    pytest.param(write_markdown, read_markdown, id="markdown"),
]


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

"""The JSON form: what is in it, and the place that is told where it is wrong."""

import json
import time
from collections.abc import Callable
from dataclasses import is_dataclass
from typing import Any
from uuid import UUID

import pytest

from coe.exports.form import MOST_BYTES, Form, UnreadableForm
from coe.exports.json_form import read_json, write_json
from coe.snapshots.serialise import to_bytes
from tests.exports import samples
from tests.exports.exchanged import around


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
        (
            put("snapshot", "category", value="fire"),
            "snapshot.category: “fire” is none of outage, security, data_loss, near_miss",
        ),
        (put("snapshot", "category", value=None), "snapshot.category: This has to be a text"),
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
        (put("snapshot", "title", value=" a"), "snapshot.title: White space around this"),
        (
            put("snapshot", "sections", 0, "text", value="a\r\nb"),
            "snapshot.sections[0].text: White space around this or the line ends of another",
        ),
        (
            put("snapshot", "sections", 0, "text", value="\n    code"),
            "snapshot.sections[0].text: White space around this",
        ),
        (
            put("snapshot", "contributors", value=[{"name": "A", "role": ""}] * 301),
            "snapshot.contributors: More than 300 are more than a COE holds",
        ),
        (
            put("snapshot", "causes", 1, "explains", value=[str(UUID(int=200))] * 5001),
            "snapshot.causes: More than 5000 are more than a COE holds",
        ),
        (put("snapshot", "title", value="a\nb"), "snapshot.title: This has to fit on one line"),
        (put("snapshot", "title", value="a" * 201), "snapshot.title: This has 201 characters"),
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


def test_an_object_of_many_keys_is_refused_in_no_time() -> None:
    keys = ",".join(f'"k{number}":1' for number in range(100_000))
    started = time.process_time()
    with pytest.raises(UnreadableForm, match="twice"):
        read_json(f'{{{keys},"k7":2}}'.encode())
    assert time.process_time() - started < 1

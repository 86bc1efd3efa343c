"""A snapshot as bytes and back.

The form is canonical JSON: keys sorted, no insignificant space, UTF-8. Equal snapshots are equal
bytes on every machine, and reading the bytes gives an equal snapshot. A snapshot is written in its
own schema, so that what was read from an older one keeps its bytes and its digest.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from coe.snapshots.snapshot import READABLE, SCHEMA, Snapshot

Value = TypeVar("Value")
Path = tuple[str | int, ...]
"""Where in nested values something stands: `("entries", 3, "instant", "at")`."""

_AMOUNT = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,4})?")
_MOMENT = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}){2}T[0-9]{2}(?::[0-9]{2}){2}(?:\.[0-9]{6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Unreadable(ValueError):
    """Values are not what they should be. `path` is where, the message a sentence that says how."""

    def __init__(self, sentence: str, path: Path = ()) -> None:
        super().__init__(sentence)
        self.path = path


class UnknownSchema(Unreadable):
    """The bytes were written in a schema that this version of the product does not read."""


def to_bytes(snapshot: Snapshot) -> bytes:
    """The canonical bytes of `snapshot`, in its own schema.

    Raises `ValueError` where it holds something that its schema cannot say.
    """
    return json.dumps(
        to_plain(snapshot, schema=snapshot.schema),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def from_bytes(content: bytes) -> Snapshot:
    """The snapshot that `content` was made from; raises `UnknownSchema` for another schema."""
    return snapshot_from_plain(json.loads(content))


def snapshot_from_plain(plain: Any) -> Snapshot:
    """The snapshot that `plain` says in the types of JSON.

    It has to hold exactly what its schema knows: a missing key, an unknown one and a value of
    another type raise `Unreadable`, another schema `UnknownSchema`. What an older schema did not
    know, and what is rare and missing, has its default.
    """
    schema = plain.get("schema") if isinstance(plain, Mapping) else None
    if type(schema) is not int or schema not in READABLE:
        raise UnknownSchema(f"Schema {_shown(schema)} is none of {READABLE}.", ("schema",))
    return from_plain(Snapshot, plain, schema=schema)


def digest_of(content: bytes) -> str:
    """SHA-256 of stored bytes, in hexadecimal: what a sign-off is bound to."""
    return hashlib.sha256(content).hexdigest()


def to_plain(value: Any, *, schema: int = SCHEMA) -> Any:
    """`value` in the types of JSON; times in UTC with microseconds only where there are any.

    Fields that `schema` did not know are left out, and rare ones that hold their default; raises
    `ValueError` where one that `schema` did not know holds more than its default.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: to_plain(getattr(value, each.name), schema=schema)
            for each in fields(value)
            if _is_written(value, each, schema)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [to_plain(each, schema=schema) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return shortest(value)
    return str(value) if isinstance(value, UUID) else value


def shortest(number: Decimal) -> str:
    """Its digits without exponent or idle zeros, so that equal numbers are the same text."""
    digits = format(number, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def from_plain(kind: type[Value], plain: Any, *, schema: int = SCHEMA) -> Value:
    """The inverse of `to_plain` for a type made of the types that it writes.

    Raises `Unreadable` where `plain` says no such value.
    """
    return _read(kind, plain, (), schema)  # type: ignore[no-any-return]


def _read(kind: Any, plain: Any, path: Path, schema: int) -> Any:
    if get_origin(kind) is UnionType:
        return None if plain is None else _read(_only(kind), plain, path, schema)
    if get_origin(kind) is tuple:
        of = get_args(kind)[0]
        rows = _expect(list, plain, path)
        return tuple(_read(of, each, (*path, place), schema) for place, each in enumerate(rows))
    if is_dataclass(kind):
        return _read_dataclass(kind, _expect(dict, plain, path), path, schema)
    if kind in (int, bool):
        return _expect(kind, plain, path)
    return _read_text(kind, _expect(str, plain, path), path)


_NAMES = {
    dict: "an object",
    list: "a list",
    int: "a whole number",
    bool: "true or false",
    str: "a text",
}


def _expect(kind: type, plain: Any, path: Path) -> Any:
    if type(plain) is not kind:
        raise Unreadable(f"This has to be {_NAMES[kind]}, and is {_shown(plain)}.", path)
    return plain


def _read_text(kind: Any, text: str, path: Path) -> Any:
    """A value that is written as text. Its form is checked first: `Decimal("1E+999999999")` is a
    number whose digits fill the memory, and a week is a day to Python."""
    forms = {datetime: _MOMENT, date: _DAY, Decimal: _AMOUNT, UUID: _UID}
    if kind is str:
        return text
    if kind in forms and not forms[kind].fullmatch(text):
        raise Unreadable(f"{_shown(text)} is not {_EXAMPLES[kind]}.", path)
    try:
        return kind.fromisoformat(text) if kind in (datetime, date) else kind(text)
    except ValueError as error:
        expected = _EXAMPLES.get(kind) or f"one of {', '.join(each.value for each in kind)}"
        raise Unreadable(f"{_shown(text)} is not {expected}.", path) from error


_EXAMPLES = {
    datetime: "a moment like 2017-02-28T17:37:00Z",
    date: "a day like 2017-02-28",
    Decimal: "a number like 1250.5, with at most four places",
    UUID: "an id like 3f2a1c9e-9d2b-4a53-8d43-2f0d1c3a2017",
}


def _read_dataclass(kind: Any, plain: Mapping[str, Any], path: Path, schema: int) -> Any:
    hints = _hints(kind)
    known = {each.name: each for each in fields(kind) if _is_known(each, schema)}
    for name in plain:
        if name not in known:
            raise Unreadable(f"Nothing is called {_shown(name)} here.", path)
    for name, each in known.items():
        is_needed = each.default is MISSING or "since" in each.metadata
        if name not in plain and is_needed and not _is_rare(each):
            raise Unreadable(f"“{name}” is missing.", path)
    values = {name: _read(hints[name], plain[name], (*path, name), schema) for name in plain}
    try:
        return kind(**values)
    except (ValueError, OverflowError) as error:
        raise Unreadable(str(error), path) from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _is_known(field: Field[Any], schema: int) -> bool:
    return bool(field.metadata.get("since", 1) <= schema)


def _is_rare(field: Field[Any]) -> bool:
    return bool(field.metadata.get("is_rare"))


def _is_written(value: Any, field: Field[Any], schema: int) -> bool:
    is_known = _is_known(field, schema)
    if is_known and not _is_rare(field):
        return True
    says_more = bool(getattr(value, field.name) != field.default)
    if says_more and not is_known:
        raise ValueError(f"Schema {schema} cannot hold “{field.name}”.")
    return says_more


def _only(optional: Any) -> Any:
    (kind,) = (each for each in get_args(optional) if each is not NoneType)
    return kind


def _shown(plain: Any) -> str:
    """What was found, as short as a sentence bears."""
    if isinstance(plain, list | dict):
        return _NAMES[type(plain)]
    text = plain if isinstance(plain, str) else json.dumps(plain, default=str)
    text = f"{text[:40]}…" if len(text) > 40 else text
    text = text.encode("utf-8", "replace").decode()
    return f"“{text}”" if isinstance(plain, str) else text.replace("null", "None")

"""A snapshot as bytes and back.

The form is canonical JSON: keys sorted, no insignificant space, UTF-8. Equal snapshots are equal
bytes on every machine, and reading the bytes gives an equal snapshot.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from coe.snapshots.snapshot import READABLE, Snapshot

Value = TypeVar("Value")


class UnknownSchema(ValueError):
    """The bytes were written in a schema that this version of the product does not read."""


def to_bytes(snapshot: Snapshot) -> bytes:
    """The canonical bytes of `snapshot`."""
    return json.dumps(
        to_plain(snapshot), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def from_bytes(content: bytes) -> Snapshot:
    """The snapshot that `content` was made from; raises `UnknownSchema` for another schema.

    What an older schema did not know has its default.
    """
    plain = json.loads(content)
    schema = plain.get("schema")
    if type(schema) is not int or schema not in READABLE:
        raise UnknownSchema(f"Schema {schema!r} is none of {READABLE}.")
    return from_plain(Snapshot, plain)


def digest_of(content: bytes) -> str:
    """SHA-256 of stored bytes, in hexadecimal: what a sign-off is bound to."""
    return hashlib.sha256(content).hexdigest()


def to_plain(value: Any) -> Any:
    """`value` in the types of JSON; times in UTC with microseconds only where there are any."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _shortest(value)
    return str(value) if isinstance(value, UUID) else value


def _shortest(number: Decimal) -> str:
    """Its digits without exponent or idle zeros, so that equal numbers are the same text."""
    digits = format(number, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def from_plain(kind: type[Value], plain: Any) -> Value:
    """The inverse of `to_plain` for a type made of the types that it writes."""
    return _read(kind, plain)  # type: ignore[no-any-return]


def _read(kind: Any, plain: Any) -> Any:
    if get_origin(kind) is UnionType:
        return None if plain is None else _read(_only(kind), plain)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], each) for each in plain)
    if is_dataclass(kind):
        return _read_dataclass(kind, plain)
    if kind in (datetime, date):
        return kind.fromisoformat(plain)
    return kind(plain)


def _read_dataclass(kind: Any, plain: Mapping[str, Any]) -> Any:
    hints = get_type_hints(kind)
    return kind(
        **{
            each.name: _read(hints[each.name], plain[each.name])
            for each in fields(kind)
            if each.name in plain or _is_required(each)
        }
    )


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING


def _only(optional: Any) -> Any:
    (kind,) = (each for each in get_args(optional) if each is not NoneType)
    return kind

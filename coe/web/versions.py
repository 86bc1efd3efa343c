"""Optimistic versions: a save names the version that it was typed over."""

from typing import Any, TypeVar

from django.db.models import F, Model

from coe.web.errors import StaleAnswer

Row = TypeVar("Row", bound=Model)


class Conflict(StaleAnswer):
    """Somebody saved the row, or removed it, since it was read. Nothing was written."""

    def __init__(self) -> None:
        super().__init__("Somebody else saved this since you opened it.")


def held_at(row: Row, version: int) -> Row:
    """The stored row, locked until the transaction ends, if it still has `version`.

    What is to be told of the row is read from it, since a copy in memory may be older. Raises
    `Conflict` if somebody saved or removed the row since.
    """
    stored = type(row)._default_manager.select_for_update(of=("self",), no_key=True)
    found = stored.filter(pk=row.pk, version=version).first()
    if found is None:
        raise Conflict
    return found


def save_over(row: Model, *, version: int, values: dict[str, Any]) -> int:
    """Write `values` into the stored row if it still has `version`; return its new version.

    One compare-and-swap statement, so that of two saves over one version exactly one succeeds.
    `row` in memory is brought up to date. Raises `Conflict` if the stored version differs.
    """
    stored = type(row)._default_manager.filter(pk=row.pk, version=version)
    if not stored.update(**values, version=F("version") + 1):
        raise Conflict
    for name, value in (values | {"version": version + 1}).items():
        setattr(row, name, value)
    return version + 1

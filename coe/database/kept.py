"""Queries whose SQL Django writes once, and PostgreSQL reads once for each connection.

To write down a query takes Django longer than the server takes to answer it. It is the same SQL
each time but for the values, so it is kept with places for them.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=Model)
Columns = tuple[Any, ...]

KEY = -(2**53) + 1
"""A key that no row has: it stands where a key will stand."""
LASTING = (int, str, UUID, timedelta)
"""What no clock gives: numbers, texts, identities, lengths of time."""


def prepared_cursor() -> CursorWrapper:
    """For a statement that is asked all the time in the same words: it is read once."""
    connection: Any = connections[DEFAULT_DB_ALIAS]
    return connection.prepared_cursor()  # type: ignore[no-any-return]


class Written:
    """The SQL of a query that was built with stand-ins. Raises `ValueError` if a moment is in it,
    or anything that is not of `LASTING`.

    It gives model rows with what was selected with them, without what is fetched beside them.
    """

    def __init__(self, query: QuerySet[Any]) -> None:
        self._compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, self._params = self._compiler.as_sql()
        self._compiler.connection = None  # of the thread that came first; it may end
        if not all(each is None or isinstance(each, LASTING) for each in self._params):
            raise ValueError("What changes would stand still here, as a clock does.")

    def fetch(self, values: Mapping[Any, Any]) -> list[Columns]:
        """What is found, as the driver gives it, with `values` in the places of the stand-ins."""
        with prepared_cursor() as cursor:
            cursor.execute(self._sql, [values.get(each, each) for each in self._params])
            return list(cursor.fetchall())

    def instances(self, rows: Sequence[Columns]) -> list[Any]:
        """The models of these rows, by Django's own reading of them."""
        compiler: Any = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.execute_sql = lambda **_: [rows]
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        asked: Any = SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})
        return list(ModelIterable(asked))


class Kept(Generic[Row]):
    """The rows that belong to something, which is named by its key.

    `build` gives the query for a key; it is called once, and must not look at a clock.
    """

    def __init__(self, build: Callable[[int], QuerySet[Row]]) -> None:
        self._build = build
        self._written: Written | None = None

    def of(self, key: int) -> list[Row]:
        if self._written is None:
            self._written = Written(self._build(KEY))
        return self._written.instances(self._written.fetch({KEY: key}))

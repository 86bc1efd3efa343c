"""Queries that people ask all the time: Django writes their SQL once, for everybody.

To write down who may see what takes Django longer than the server takes to answer. It is the same
SQL each time but for the values, so it is kept with places for them.
"""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

from coe.accounts.models import User

Row = TypeVar("Row", bound=Model)
Texts = tuple[str, ...]

_PERSON, _TEAM = -(2**53) + 1, -(2**53) + 2
"""Keys that nobody and no team has, in the places of theirs."""
_TEXT = "\x00 {}"
"""No text that is asked for: PostgreSQL has no such character."""


class Asking(Generic[Row]):
    """A query that a person asks, with some texts.

    `build` gives it for a stand-in of the person and one for each text; once for people with a
    team, once for those without. Of the person it may look at the key and at the team's alone
    (Django raises `ConnectionDoesNotExist` for the rest), and at no text and no clock.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        self._build = build
        self._written: dict[bool, _Written] = {}

    def first(self, asker: User, *texts: str) -> Row | None:
        """The first that is found."""
        row = self.columns(asker, *texts)
        return None if row is None else self._for(asker, texts).instance(row)

    def columns(self, asker: User, *texts: str) -> tuple[Any, ...] | None:
        """The first that is found, as the driver gives its columns."""
        return self._for(asker, texts).fetch(asker, texts)

    def _for(self, asker: User, texts: Texts) -> "_Written":
        has_team = asker.team_id is not None
        if has_team not in self._written:
            stand_ins = [_TEXT.format(place) for place in range(len(texts))]
            self._written[has_team] = _Written(self._build(_stand_in(has_team), *stand_ins))
        return self._written[has_team]


def _stand_in(has_team: bool) -> User:
    """Nobody, of whom nothing can be read but two keys."""
    return User.from_db("nowhere", ["id", "team_id"], [_PERSON, _TEAM if has_team else None])


class _Written:
    """The SQL of a query, with what stands in each place of it."""

    def __init__(self, query: QuerySet[Any]) -> None:
        self._compiler = query[:1].query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, self._params = self._compiler.as_sql()
        if any(isinstance(each, datetime) for each in self._params):
            raise ValueError("A clock would stand still here: let the database read its own.")

    def fetch(self, asker: User, texts: Texts) -> tuple[Any, ...] | None:
        values: dict[Any, Any] = {_PERSON: asker.pk, _TEAM: asker.team_id}
        values |= {_TEXT.format(place): text for place, text in enumerate(texts)}
        connection: Any = connections[DEFAULT_DB_ALIAS]
        with connection.prepared_cursor() as cursor:
            cursor.execute(self._sql, [values.get(each, each) for each in self._params])
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row

    def instance(self, row: tuple[Any, ...]) -> Any:
        """The model of a row with what was selected with it, by Django's own reading of rows."""
        compiler: Any = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.execute_sql = lambda **_: [[row]]
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        asked: Any = SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})
        return next(iter(ModelIterable(asked)))

"""Queries that people ask all the time, with who may see what in them (`coe.database.kept`)."""

from collections.abc import Callable, Collection
from functools import cached_property
from inspect import signature
from typing import Any, Generic

from django.db.models import QuerySet

from coe.accounts.models import User
from coe.database.kept import KEY, Columns, Row, Written, prepared_cursor

Texts = tuple[str, ...]

_PERSON, _TEAM = KEY, KEY + 1
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
        self._texts = len(signature(build).parameters) - 1
        self._written: dict[bool, Written] = {}

    def first(self, asker: User, *texts: str) -> Row | None:
        """The first that is found."""
        found = self._for(asker).instances(self._fetched(asker, texts))
        return found[0] if found else None

    def columns(self, asker: User, *texts: str) -> Columns | None:
        """The first that is found, as the driver gives its columns."""
        found = self._fetched(asker, texts)
        return found[0] if found else None

    def _fetched(self, asker: User, texts: Texts) -> list[Columns]:
        if len(texts) != self._texts:
            raise TypeError(f"This query takes {self._texts} texts, not {len(texts)}.")
        values = {_TEXT.format(place): text for place, text in enumerate(texts)}
        people = {_PERSON: asker.pk, _TEAM: asker.team_id}
        return self._for(asker).fetch(people | values)

    def _for(self, asker: User) -> Written:
        has_team = asker.team_id is not None
        if has_team not in self._written:
            stand_ins = [_TEXT.format(place) for place in range(self._texts)]
            query = self._build(_stand_in(has_team), *stand_ins)
            self._written[has_team] = Written(query[:1])
        return self._written[has_team]


def _stand_in(has_team: bool) -> User:
    """Nobody, of whom nothing can be read but two keys."""
    return User.from_db("nowhere", ["id", "team_id"], [_PERSON, _TEAM if has_team else None])


class Askers:
    """Those among many people for whom a query finds something, asked for all of them at once.

    `build` gives the query for a stand-in of the person and one for a text, as in `Asking`. So it
    is the rule itself that is asked, and no second wording of it.
    """

    def __init__(self, build: Callable[[User, str], QuerySet[Any]]) -> None:
        self._build = build

    def among(self, people: Collection[int], text: str) -> set[int]:
        """The keys of those of `people` who can sign in and find something."""
        return {person for person, _ in self.pairs(people, [text])}

    def pairs(self, people: Collection[int], texts: Collection[str]) -> set[tuple[int, str]]:
        """`among` for many texts in the same query: each of the keys with the text that something
        is found for."""
        if not people or not texts:
            return set()
        sql, params = self._written
        with prepared_cursor() as cursor:
            cursor.execute(sql, [sorted(texts), sorted(people), *params])
            return {(person, text) for person, text in cursor.fetchall()}

    @cached_property
    def _written(self) -> tuple[str, list[Any]]:
        """The query of everybody, with columns in the places of the stand-in's keys and text."""
        found = self._build(_stand_in(has_team=True), _TEXT.format(0)).order_by().values("pk")
        sql, params = found.query.sql_with_params()
        columns = {_PERSON: "asker.id", _TEAM: "asker.team_id", _TEXT.format(0): "asked.text"}
        places = [columns.get(each, "%s") for each in params]
        parts = [*map("".join, zip(sql.split("%s"), [*places, ""], strict=True))]
        values = [each for each in params if each not in columns]
        return _EVERYBODY.format("".join(parts)), values


_EVERYBODY = """
SELECT asker.id, asked.text FROM coe_user asker CROSS JOIN unnest(%s::text[]) AS asked(text)
WHERE asker.id = ANY(%s) AND asker.is_active AND EXISTS ({})"""

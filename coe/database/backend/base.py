"""Django's backend for PostgreSQL, except that a server which says nothing is given up.

The server itself ends statements that take too long (`statement_timeout`). One that stands still,
with its machine or its storage, ends nothing: without this, every thread of ours would wait with
it, and nobody would be told anything.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from psycopg._preparing import PrepareManager
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8

USABLE_SECONDS = 2
"""How long a connection that was kept may take to prove that it still works."""


class Connection(psycopg.Connection[Any]):
    """`patience` is how many seconds an answer may take; None is for ever."""

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Raises `OperationalError` when patience ends; the connection is closed then."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


class PreparedCursor(psycopg.Cursor[Any]):
    """Has the server read a statement once, until the next rollback, and not each time."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """A table that was changed meanwhile makes what is prepared unusable: prepare it anew.

        Raises `FeatureNotSupported` inside a transaction, which such an error ends.
        """
        # Numbers of another size would make it another statement.
        given = params and [Int8(each) if type(each) is int else each for each in params]
        try:
            return super().execute(query, given, prepare=True, **options)
        except psycopg.errors.FeatureNotSupported:
            self.connection._prepared.clear()
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                raise
            return super().execute(query, given, prepare=True, **options)


class OnlyWhatIsAsked(PrepareManager):
    """Prepares what is asked to be. Others are not remembered: their values are written in them."""

    def maybe_add_to_cache(self, *statement: Any) -> Any:
        key = super().maybe_add_to_cache(*statement)
        self._counts.clear()
        return key


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """The statement with its values, for tests that count and for logs."""
        if isinstance(cursor, PreparedCursor):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


def driver() -> ModuleType:
    """psycopg, whose connections are ours."""
    module = ModuleType(psycopg.__name__)
    vars(module).update(vars(psycopg), connect=Connection.connect)
    return module


class DatabaseWrapper(base.DatabaseWrapper):
    """Its settings take one more of OPTIONS: `patience`, see `Connection`."""

    Database = driver()
    ops_class = DatabaseOperations
    patience: float | None = None

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        self.patience = params.pop("patience", None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.patience = self.patience
        connection._prepared = OnlyWhatIsAsked()
        connection.prepare_threshold = sys.maxsize
        return connection

    def prepared_cursor(self) -> CursorWrapper:
        """For a statement that is asked all the time in the same words, whatever its values."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = PreparedCursor(self.connection)
            return self._prepare_cursor(cursor)  # type: ignore[attr-defined, no-any-return]

    def is_usable(self) -> bool:
        """Whether a connection that was kept answers, and soon."""
        if self.connection is None:
            return False
        with self._patience(USABLE_SECONDS):
            return super().is_usable()

    @contextmanager
    def _patience(self, seconds: float) -> Iterator[None]:
        connection = self.connection
        connection.patience = seconds
        try:
            yield
        finally:
            connection.patience = self.patience

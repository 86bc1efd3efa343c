"""A server that stands still is given up, by what waits for it and by what would wait next."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError
from pytest_django import DjangoDbBlocker

from coe.database import embedded
from coe.database.backend import base
from coe.database.backend.base import DatabaseWrapper


@pytest.fixture
def wrapper(checkout: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    """Django's connection to a server of its own, with little patience."""
    with embedded.running(checkout) as conninfo, django_db_blocker.unblock():
        settings = embedded.connection_settings(conninfo)
        options = settings["OPTIONS"]
        assert isinstance(options, dict)
        options["patience"] = 0.3
        defaults = {"TIME_ZONE": None, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False}
        wrapper = DatabaseWrapper(settings | defaults, "of a test")
        yield wrapper
        wrapper.close()


def standing_still(wrapper: DatabaseWrapper) -> int:
    """The process of the server that serves `wrapper`, stopped."""
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = int(cursor.fetchone()[0])
    os.kill(process, signal.SIGSTOP)
    return process


def test_an_answer_that_does_not_come_is_given_up_and_the_next_one_comes(
    wrapper: DatabaseWrapper,
) -> None:
    began = time.monotonic()
    with wrapper.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_sleep(5)")
    assert time.monotonic() - began < 2
    assert wrapper.connection.closed
    wrapper.close()
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_a_transaction_in_a_server_that_stands_still_ends_once_patience_does(
    wrapper: DatabaseWrapper,
) -> None:
    wrapper.set_autocommit(False)
    process = standing_still(wrapper)
    began = time.monotonic()
    try:
        with wrapper.cursor() as cursor, pytest.raises(OperationalError):
            cursor.execute("SELECT 1")
        with pytest.raises(psycopg.Error):
            wrapper.connection.rollback()
        assert time.monotonic() - began < 2
    finally:
        os.kill(process, signal.SIGCONT)


def test_a_kept_connection_whose_server_stands_still_is_no_longer_usable(
    wrapper: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "USABLE_SECONDS", 0.2)
    wrapper.ensure_connection()
    assert wrapper.is_usable()
    process = standing_still(wrapper)
    began = time.monotonic()
    try:
        assert not wrapper.is_usable()
        assert time.monotonic() - began < 2
    finally:
        os.kill(process, signal.SIGCONT)


SQUARE = "SELECT %s * %s, pg_backend_pid()"


def square(wrapper: DatabaseWrapper, number: int) -> int:
    with wrapper.prepared_cursor() as cursor:
        cursor.execute(SQUARE, [number, number])
        return int(cursor.fetchone()[0])


def prepared(wrapper: DatabaseWrapper) -> int:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql")
        return int(cursor.fetchone()[0])


def test_a_prepared_statement_is_read_once_for_all_values(wrapper: DatabaseWrapper) -> None:
    assert [square(wrapper, number) for number in range(7)] == [0, 1, 4, 9, 16, 25, 36]
    assert prepared(wrapper) == 1
    with wrapper.cursor() as cursor:
        for number in range(20):
            cursor.execute("SELECT %s", [number])
    assert prepared(wrapper) == 1


def test_a_prepared_statement_outlives_a_rollback_and_the_end_of_its_connection(
    wrapper: DatabaseWrapper,
) -> None:
    assert square(wrapper, 2) == 4
    wrapper.set_autocommit(False)
    assert square(wrapper, 3) == 9
    wrapper.rollback()
    assert square(wrapper, 4) == 16
    wrapper.rollback()
    wrapper.set_autocommit(True)
    assert square(wrapper, 5) == 25
    wrapper.close()
    assert square(wrapper, 6) == 36
    assert prepared(wrapper) == 1


def test_numbers_of_every_size_are_one_statement(wrapper: DatabaseWrapper) -> None:
    assert [square(wrapper, number) for number in (1, 40_000, 3_000_000)] == [
        1,
        1_600_000_000,
        9_000_000_000_000,
    ]
    assert prepared(wrapper) == 1


def test_a_table_that_was_changed_meanwhile_is_asked_anew(wrapper: DatabaseWrapper) -> None:
    def ask() -> object:
        with wrapper.prepared_cursor() as cursor:
            cursor.execute("SELECT * FROM changing WHERE number = %s", [1])
            return cursor.fetchone()[1]

    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE changing (number bigint, told varchar(3))")
        cursor.execute("INSERT INTO changing VALUES (1, '12')")
    assert ask() == "12"
    # As another connection would: what is prepared here stays.
    wrapper.connection.pgconn.exec_(b"ALTER TABLE changing ALTER told TYPE int USING told::int")
    assert ask() == 12


def test_what_a_statement_was_told_is_not_kept_beside_it(wrapper: DatabaseWrapper) -> None:
    square(wrapper, 2)
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT %s", ["a secret that was removed"])
    assert "a secret" not in repr(vars(wrapper.connection._prepared))


def test_a_prepared_statement_is_told_with_its_values(wrapper: DatabaseWrapper) -> None:
    wrapper.force_debug_cursor = True
    square(wrapper, 12)
    assert wrapper.queries[-1]["sql"] == "SELECT 12 * 12, pg_backend_pid()"

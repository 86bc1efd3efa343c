"""What is said where the database is away, or can be read and not written."""

import logging
import sys

import psycopg
import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg.errors import AdminShutdown, DiskFull, QueryCanceled

from coe.web.errors import server_error
from coe.web.logs import ShortOutage


def answer_to(cause: Exception) -> HttpResponse:
    """The answer to a request that ended with what Django makes of `cause`."""
    try:
        raise OperationalError from cause
    except OperationalError:
        return server_error(RequestFactory().get("/"))


def logged(cause: Exception) -> str:
    """What the log says of it."""
    try:
        raise OperationalError(f"{cause}\nand a second line") from cause
    except OperationalError:
        message, reason = "%s: %s", ("Service Unavailable", "/coes/")
        record = logging.LogRecord(
            "django.request", logging.ERROR, "", 0, message, reason, sys.exc_info()
        )
    assert ShortOutage().filter(record)
    return logging.Formatter().format(record)


def test_a_full_disk_is_named_and_what_was_sent_is_not_called_saved() -> None:
    answer = answer_to(DiskFull("could not extend file"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    text = answer.content.decode()
    assert "The disk of the database is full" in text
    assert "what you sent just now is not saved" in text
    assert "could not extend file" not in text


@pytest.mark.parametrize("kind", [psycopg.OperationalError, AdminShutdown, DiskFull])
def test_an_outage_is_one_line_in_the_log(kind: type[psycopg.Error]) -> None:
    assert logged(kind("no server")) == "Service Unavailable: /coes/: no server"


def test_a_statement_that_takes_too_long_is_logged_with_its_place() -> None:
    said = logged(QueryCanceled("canceling statement due to statement timeout"))
    assert "Traceback" in said

"""What is said where the database can be read and not written."""

from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from psycopg.errors import DiskFull

from coe.web.errors import server_error


def answer_to(cause: Exception) -> HttpResponse:
    """The answer to a request that ended with what Django makes of `cause`."""
    try:
        raise OperationalError from cause
    except OperationalError:
        return server_error(RequestFactory().get("/"))


def test_a_full_disk_is_named_and_what_was_sent_is_not_called_saved() -> None:
    answer = answer_to(DiskFull("could not extend file"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    text = answer.content.decode()
    assert "The disk of the database is full" in text
    assert "what you sent just now is not saved" in text
    assert "could not extend file" not in text

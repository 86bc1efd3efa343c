"""What the log never says."""

import logging

import pytest

from coe.web.logs import SecretAddresses


def logged(message: str, *args: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, args, None)
    assert SecretAddresses().filter(record)
    return logging.Formatter().format(record)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/feeds/dEaD-beef_1/actions.ics", "/feeds/…/actions.ics"),
        ("/invitation/dEaD-beef_1/", "/invitation/…/"),
        ("/password/reset/MQ/dEaD-beef_1/", "/password/reset/MQ/…/"),
        ("/coes/COE-2026-0001/", "/coes/COE-2026-0001/"),
        ("/password/reset/sent/", "/password/reset/sent/"),
    ],
)
def test_of_an_address_that_lets_somebody_in_only_its_kind_is_logged(path: str, told: str) -> None:
    assert logged("%s (%s): %s", "Method Not Allowed", "PROPFIND", path) == (
        f"Method Not Allowed (PROPFIND): {told}"
    )
    assert logged(f"It went wrong at {path} today.") == f"It went wrong at {told} today."

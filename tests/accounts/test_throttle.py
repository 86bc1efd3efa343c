from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings

from coe.accounts.models import SignInFailure
from coe.accounts.throttle import (
    SignInPaused,
    client_address,
    count_try,
    forgive,
    forgive_everywhere,
)

pytestmark = pytest.mark.django_db

HERE, THERE = "192.0.2.1", "198.51.100.7"


def failures(count: int, *, email: str, address: str | None, minutes_ago: float) -> None:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    SignInFailure.objects.bulk_create(
        SignInFailure(email=email, address=address, failed_at=at) for _ in range(count)
    )


@pytest.mark.parametrize(
    ("count", "minutes_ago", "is_paused"),
    [(4, 1, False), (5, 1, True), (5, 14.9, True), (5, 15.1, False)],
)
def test_five_failures_for_one_address_from_one_place_in_15_minutes_pause(
    count: int, minutes_ago: float, is_paused: bool
) -> None:
    failures(count, email="ada@example.org", address=HERE, minutes_ago=minutes_ago)
    if not is_paused:
        count_try("Ada@Example.org", HERE)
        return
    with pytest.raises(SignInPaused):
        count_try("Ada@Example.org", HERE)


def test_another_place_and_another_person_are_not_paused_with_it() -> None:
    failures(5, email="ada@example.org", address=HERE, minutes_ago=1)
    count_try("ada@example.org", THERE)
    count_try("bob@example.org", HERE)


@pytest.mark.parametrize(("count", "is_paused"), [(19, False), (20, True)])
def test_twenty_failures_for_one_address_from_anywhere_in_an_hour_pause(
    count: int, is_paused: bool
) -> None:
    for number in range(count):
        failures(1, email="ada@example.org", address=f"203.0.113.{number}", minutes_ago=59)
    if not is_paused:
        count_try("ada@example.org", HERE)
        return
    with pytest.raises(SignInPaused, match=r"^Too many tries went wrong. Try again in a minute.$"):
        count_try("ada@example.org", HERE)


@pytest.mark.parametrize(("count", "is_paused"), [(99, False), (100, True)])
def test_a_hundred_failures_from_one_place_in_an_hour_pause_everybody_there(
    count: int, is_paused: bool
) -> None:
    for number in range(count):
        failures(1, email=f"person{number}@example.org", address=HERE, minutes_ago=30)
    if not is_paused:
        count_try("ada@example.org", HERE)
        return
    with pytest.raises(SignInPaused, match="30 minutes"):
        count_try("ada@example.org", HERE)


def test_a_place_that_is_not_known_never_pauses_everybody() -> None:
    for number in range(100):
        failures(1, email=f"person{number}@example.org", address=None, minutes_ago=30)
    count_try("ada@example.org", None)


def test_the_pause_ends_when_the_first_of_the_five_is_15_minutes_old() -> None:
    failures(1, email="ada@example.org", address=HERE, minutes_ago=10)
    failures(4, email="ada@example.org", address=HERE, minutes_ago=1)
    with pytest.raises(SignInPaused) as pause:
        count_try("ada@example.org", HERE)
    assert 290 < pause.value.seconds <= 300
    assert str(pause.value) == "Too many tries went wrong. Try again in 5 minutes."


def test_a_try_during_the_pause_does_not_lengthen_it() -> None:
    failures(5, email="ada@example.org", address=HERE, minutes_ago=1)
    for _ in range(3):
        with pytest.raises(SignInPaused):
            count_try("ada@example.org", HERE)
    assert SignInFailure.objects.count() == 5


def test_rows_older_than_an_hour_are_removed_with_the_next_try() -> None:
    failures(30, email="ada@example.org", address=HERE, minutes_ago=61)
    count_try("bob@example.org", THERE)
    assert list(SignInFailure.objects.values_list("email", flat=True)) == ["bob@example.org"]


def test_a_right_password_forgives_this_place_only() -> None:
    failures(3, email="ada@example.org", address=HERE, minutes_ago=1)
    failures(3, email="ada@example.org", address=THERE, minutes_ago=1)
    forgive(count_try("ada@example.org", HERE))
    assert SignInFailure.objects.filter(address=HERE).count() == 0
    assert SignInFailure.objects.filter(address=THERE).count() == 3


def test_a_new_password_by_mail_forgives_every_place() -> None:
    failures(5, email="ada@example.org", address=HERE, minutes_ago=1)
    forgive_everywhere("Ada@example.org")
    count_try("ada@example.org", HERE)


@pytest.mark.django_db(transaction=True)
def test_twelve_tries_at_once_do_not_get_more_than_five_guesses() -> None:
    start = Barrier(12)

    def guess(_: int) -> bool:
        try:
            start.wait(timeout=30)
            count_try("ada@example.org", HERE)
        except SignInPaused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as pool:
        guesses = sum(pool.map(guess, range(12)))
    assert guesses <= 5


def request(remote: str, forwarded: str | None = None) -> HttpRequest:
    made = RequestFactory().get("/", REMOTE_ADDR=remote)
    if forwarded is not None:
        made.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return made


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", None),
        ("unix:", None),
    ],
)
def test_an_ipv4_address_counts_alone_and_an_ipv6_address_with_its_network(
    remote: str, counted: str | None
) -> None:
    assert client_address(request(remote)) == counted


def test_without_proxies_what_the_client_claims_counts_for_nothing() -> None:
    assert client_address(request(HERE, forwarded=THERE)) == HERE


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "9.9.9.9, 198.51.100.7", "198.51.100.7"),
        (2, "9.9.9.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "198.51.100.7", None),
        (1, "", None),
        (1, None, None),
        (1, "nonsense", None),
    ],
)
def test_behind_proxies_the_outermost_one_says_where_a_request_comes_from(
    settings: Settings, proxies: int, forwarded: str | None, counted: str | None
) -> None:
    settings.PROXIES = proxies
    assert client_address(request("10.0.0.1", forwarded)) == counted

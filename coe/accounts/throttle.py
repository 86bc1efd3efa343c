"""Slows down the guessing of passwords.

Three counts, each closing one way of guessing:

- 5 failures for one e-mail address from one place within 15 minutes: somebody tries passwords.
  A person who mistypes rarely needs five tries; a program gets 480 a day and place.
- 20 failures for one e-mail address from anywhere within an hour: many places together.
- 100 failures from one place within an hour: one password tried on many addresses. An office
  behind one address comes nowhere near.

A try is counted before the password is looked at and taken back when it was right, so that many
tries at once do not slip through together. Addresses that nobody has are counted the same way,
so the pause tells nothing about who is here. The price: somebody can keep another person from
signing in by failing on purpose. A new password by mail lifts the pause.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from coe.accounts.models import SignInFailure


@dataclass(frozen=True, slots=True)
class Limit:
    failures: int
    within: timedelta


PERSON_FROM_ONE_PLACE = Limit(5, timedelta(minutes=15))
PERSON_FROM_ANYWHERE = Limit(20, timedelta(hours=1))
ONE_PLACE = Limit(100, timedelta(hours=1))

KEPT_FOR = timedelta(hours=1)


class SignInPaused(Exception):
    """Too many failures; tries are refused until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.seconds = max(1, math.ceil((until - timezone.now()).total_seconds()))

    def __str__(self) -> str:
        minutes = math.ceil(self.seconds / 60)
        when = "in a minute" if minutes == 1 else f"in {minutes} minutes"
        return f"Too many tries went wrong. Try again {when}."


def count_try(email: str, address: str | None) -> SignInFailure:
    """Count a try as failed until it proves right (see `forgive`). Removes rows of no more use.

    Raises `SignInPaused` if there were too many before; a refused try is not counted, so trying
    on does not lengthen the pause.
    """
    now = timezone.now()
    SignInFailure.objects.filter(failed_at__lt=now - KEPT_FOR).delete()
    this = SignInFailure.objects.create(email=email.lower(), address=address, failed_at=now)
    if until := _paused_until(this):
        this.delete()
        raise SignInPaused(until)
    return this


def forgive(right: SignInFailure) -> None:
    """Forget what went wrong for this e-mail address from this place: the person is in."""
    SignInFailure.objects.filter(email=right.email, address=right.address).delete()


def forgive_everywhere(email: str) -> None:
    """Forget every failure of an e-mail address: its owner has just proved to be the owner."""
    SignInFailure.objects.filter(email=email.lower()).delete()


def client_address(request: HttpRequest) -> str | None:
    """Where a request comes from, as it is counted: an IPv4 address or an IPv6 network of 64 bits.

    Behind `settings.PROXIES` proxies it is the entry of X-Forwarded-For that the outermost of
    them added; what stands to the left of it was written by the client and proves nothing.
    None where it is not known (a socket file, a header that a proxy did not write).
    """
    claimed = str(request.META.get("REMOTE_ADDR", ""))
    if proxies := settings.PROXIES:
        hops = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        claimed = hops[-proxies].strip() if len(hops) >= proxies else ""
    try:
        return str(_place(ip_address(claimed)))
    except (AddressValueError, ValueError):
        return None


def _place(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    network = IPv6Network((int(address), 64), strict=False)
    return address.ipv4_mapped or network.network_address


def _paused_until(this: SignInFailure) -> datetime | None:
    """The end of the longest pause that holds against `this` try, if one does."""
    of_person = SignInFailure.objects.filter(email=this.email)
    counts = [
        (of_person.filter(address=this.address), PERSON_FROM_ONE_PLACE),
        (of_person, PERSON_FROM_ANYWHERE),
    ]
    if this.address is not None:
        counts.append((SignInFailure.objects.filter(address=this.address), ONE_PLACE))
    ends = [
        _end_of_pause(rows.exclude(pk=this.pk), limit, this.failed_at) for rows, limit in counts
    ]
    return max((end for end in ends if end), default=None)


def _end_of_pause(others: QuerySet[SignInFailure], limit: Limit, now: datetime) -> datetime | None:
    """When the failure that fills the limit grows too old to count; None if it is not filled."""
    recent = others.filter(failed_at__gt=now - limit.within).order_by("-failed_at")
    times = list(recent.values_list("failed_at", flat=True)[: limit.failures])
    return times[-1] + limit.within if len(times) == limit.failures else None

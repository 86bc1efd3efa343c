"""Webhooks of the tests, and what they were sent."""

import json
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any

import pytest
from pytest_django import Settings

from coe.accounts.models import User
from coe.integrations.models import Delivery, Webhook
from coe.integrations.services import add_webhook
from coe.jobs.services import run_waiting_jobs
from coe.notices.events import Event
from tests.integrations.serving import Served


@pytest.fixture
def here_is_allowed(settings: Settings) -> None:
    """Servers on this machine may be called."""
    settings.ALLOWED_NETWORKS = (ip_network("127.0.0.0/8"),)


def listen(
    served: Served, *, by: User, events: Sequence[Event] = tuple(Event), **values: Any
) -> tuple[Webhook, str]:
    """A webhook to this server, and its secret."""
    given = {"name": f"Hook at {served.address}", "tells_restricted": False, **values}
    return add_webhook(
        address=f"{served.address}/hook", events=[each.value for each in events], by=by, **given
    )


def work() -> None:
    """What a worker does, until nothing is due."""
    run_waiting_jobs()


def heads(served: Served) -> list[dict[str, str]]:
    """The headers of what was sent, by name in lower case."""
    found = []
    for request in served.requests:
        head, _, _ = request.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")[1:]
        pairs = [each.split(": ", 1) for each in lines]
        found.append({name.lower(): value for name, value in pairs})
    return found


def raw_bodies(served: Served) -> list[bytes]:
    return [request.partition(b"\r\n\r\n")[2] for request in served.requests]


def bodies(served: Served) -> list[dict[str, Any]]:
    return [json.loads(body) for body in raw_bodies(served)]


def states(webhook: Webhook) -> list[str]:
    found = Delivery.objects.filter(webhook=webhook).order_by("pk")
    return list(found.values_list("state", flat=True))

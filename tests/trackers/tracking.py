"""Trackers of the tests: real servers on this machine, with issues in them."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.actions.models import Promise
from coe.jobs.kinds import Lane
from coe.jobs.services import run_waiting_jobs
from coe.trackers.following import read_back
from coe.trackers.models import NewTicket, Ticket, Tracker
from coe.trackers.services import Stated, add_tracker
from tests.integrations.serving import Behaviour, Served, answers, serving
from tests.promises.promising import fresh
from tests.trackers.samples import github_issue, jira_created, jira_found, jira_issue

TOKEN = "t0ken-of-a-test"
Treat = Callable[[str, str, Any], tuple[int, Any]]


def http(status: int, body: Any, kind: str = "application/json") -> bytes:
    """The bytes of an answer; what is no bytes is written as JSON."""
    said = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\nContent-Length: {len(said)}\r\n\r\n"
    return head.encode() + said


def asked(request: bytes) -> tuple[str, str, Any]:
    """Method, path and JSON of a request."""
    head, _, body = request.partition(b"\r\n\r\n")
    method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
    return method, path, json.loads(body) if body else None


def treating(treat: Treat) -> Behaviour:
    """Answers each request with what `treat` says of its method, path and JSON."""

    def behave(line: socket.socket, served: Served) -> None:
        told = Served(ending=served.ending)

        class Line:
            """Reads the request by the ordinary way, then answers it."""

            recv = staticmethod(line.recv)

            def sendall(self, what: bytes) -> None:
                served.requests.extend(told.requests)
                line.sendall(http(*treat(*asked(told.requests[-1]))))

        answers(b"")(Line(), told)  # type: ignore[arg-type]

    return behave


@dataclass
class Jira:
    """A project PRC with issues by key; it finds what bears a label at once, or `is_slow`."""

    issues: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    opened: list[dict[str, Any]] = field(default_factory=list)
    is_slow: bool = False
    search: str = "/rest/api/2/search"

    def __call__(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(path)
        if method == "POST" and parts.path == "/rest/api/2/issue":
            return self.create(body["fields"])
        if parts.path == "/rest/api/2/project/PRC":
            return 200, {"id": "10000", "key": "PRC", "name": "Precision"}
        if parts.path == self.search:
            (label,) = re.findall(r'labels = "([^"]+)"', parse_qs(parts.query)["jql"][0])
            known = self.labels.get(label) if not self.is_slow else None
            return 200, jira_found(*filter(None, [known]))
        key = parts.path.removeprefix("/rest/api/2/issue/")
        missing = {"errorMessages": ["Issue does not exist"], "errors": {}}
        return (200, self.issues[key]) if key in self.issues else (404, missing)

    def create(self, fields: dict[str, Any]) -> tuple[int, Any]:
        self.opened.append(fields)
        key = f"PRC-{899 + len(self.opened)}"
        self.issues[key] = jira_issue(key)
        self.labels.setdefault(fields["labels"][0], key)
        return 201, jira_created(key)


@dataclass
class GitHub:
    """The repository octo/shop below the address of an installation of one's own."""

    issues: dict[int, Any] = field(default_factory=dict)
    opened: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        parts = urlsplit(unquote(path))
        ours = "/api/v3/repos/octo/shop"
        if parts.path == ours:
            return 200, {"id": 1, "name": "shop", "full_name": "octo/shop"}
        if parts.path == f"{ours}/issues":
            return self.create(body) if method == "POST" else (200, self.page(parts.query))
        number = parts.path.removeprefix(f"{ours}/issues/")
        known = self.issues.get(int(number)) if number.isdigit() else None
        return (200, known) if known else (404, {"message": "Not Found", "status": "404"})

    def create(self, given: dict[str, Any]) -> tuple[int, Any]:
        self.opened.append(given)
        number = max(self.issues, default=0) + 1
        made = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        self.issues[number] = github_issue(number, body=given["body"], created_at=made)
        return 201, self.issues[number]

    def page(self, query: str) -> list[Any]:
        asked_for = {
            name: int(said[0]) for name, said in parse_qs(query).items() if said[0].isdigit()
        }
        size = asked_for["per_page"]
        start = (asked_for["page"] - 1) * size
        return [self.issues[each] for each in sorted(self.issues, reverse=True)][start:][:size]


@contextmanager
def tracker_at(
    behave: Behaviour | Treat, *, by: User, port: int = 0, **values: Any
) -> Iterator[tuple[Tracker, Served]]:
    """A tracker that is kept here, and the server behind it."""
    is_bytes = getattr(behave, "__module__", "") == "tests.integrations.serving"
    with serving(behave if is_bytes else treating(behave), port=port) as served:  # type: ignore[arg-type]
        yield keep(served.address, by=by, **values), served


def keep(address: str, *, by: User, token: str = TOKEN, **values: Any) -> Tracker:
    given = {"kind": "jira", "name": "Board", "project": "PRC", **values}
    return add_tracker(stated=Stated(address=address, **given), token=token, by=by)


def name_ticket(promise: Promise, link: str) -> Promise:
    Promise.objects.filter(pk=promise.pk).update(tracker=link)
    return fresh(promise)


def beside(promise: Promise, link: str) -> Promise:
    """Another promise of the same COE, which names this ticket."""
    made = Promise.objects.create(
        document=promise.document,
        uid=uuid4(),
        title=f"See to {link}",
        team=promise.team,
        owner=promise.owner,
        priority=1,
        tracker=link,
    )
    return fresh(made)


def again(tracker: Tracker) -> Tracker:
    return Tracker.objects.get(pk=tracker.pk)


def wish(promise: Promise) -> NewTicket:
    return NewTicket.objects.get(promise=promise)


def work() -> None:
    """What a worker asks of trackers, until nothing is due."""
    run_waiting_jobs(lane=Lane.TRACK)


def read(promise: Promise, *, at: datetime | None = None) -> Ticket | None:
    """Read its ticket as a job does, at that moment, and return what is known of it."""
    with transaction.atomic():
        read_back(promise.pk, as_of=at or now())
    return Ticket.objects.filter(promise=promise).first()


def paths(served: Served) -> list[str]:
    """What was asked for, without the questions about the project that each change puts."""
    found = [" ".join(asked(each)[:2]) for each in served.requests]
    return [each for each in found if "/project/" not in each and not each.endswith("/octo/shop")]

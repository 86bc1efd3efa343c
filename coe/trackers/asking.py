"""One question to a tracker, and its answer as JSON, without believing it."""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from coe.integrations.calling import Answer, CallFailed, NotCalled, call
from coe.trackers.models import Tracker
from coe.web.sealing import Unsealable

SECONDS: Final = 10.0
"""How long one call may take."""

LOCKED_UP = (
    "The COE_SECRET_KEY of this installation is another since the token was typed. Type it again."
)
NO_TOKEN = "It has no token, so nothing is asked of it."  # noqa: S105  (a sentence)
NOT_JSON = "The tracker answered something that cannot be read."
REFUSALS: Final = {
    401: "The tracker does not take the token (401).",
    403: "The token may not do this (403).",
    404: "The tracker has no such project, or the token may not see it (404).",
    429: "The tracker was asked too often (429).",
}


class TrackerFails(Exception):
    """The tracker itself cannot be asked now, whatever one asks; the message says why."""


class Refused(Exception):
    """The tracker answers, and not what was asked for; the message says so in a sentence of ours.

    `is_for_good` where it would say the same to the same question.
    """

    def __init__(self, sentence: str, *, status: int = 0, is_for_good: bool = False) -> None:
        super().__init__(sentence)
        self.status = status
        self.is_for_good = is_for_good


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, at a path behind the address of the tracker's interface."""

    path: str
    method: str = "GET"
    body: dict[str, Any] | None = None


def ask(tracker: Tracker, question: Question) -> Any:
    """The JSON that the tracker answers. Raises `TrackerFails` and `Refused`."""
    answer = _called(tracker, question)
    if answer.is_good:
        return read_json(answer.body)
    if answer.status == 429 or answer.status == 401 or answer.status >= 500 or _is_limit(answer):
        raise TrackerFails(_sentence(answer.status))
    raise Refused(
        _sentence(answer.status),
        status=answer.status,
        is_for_good=400 <= answer.status < 500,
    )


def read_json(body: bytes) -> Any:
    """What the bytes say; raises `Refused` where they are no JSON that can be read."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(NOT_JSON) from error


def _called(tracker: Tracker, question: Question) -> Answer:
    body = b"" if question.body is None else json.dumps(question.body).encode()
    try:
        return call(
            question.method,
            _interface(tracker) + question.path,
            body=body,
            headers=_headers(tracker, has_body=bool(body)),
            allowed=settings.ALLOWED_NETWORKS,
            seconds=SECONDS,
        )
    except Unsealable as error:
        raise TrackerFails(LOCKED_UP) from error
    except (NotCalled, CallFailed) as error:
        raise TrackerFails(str(error)) from error


def _interface(tracker: Tracker) -> str:
    if tracker.kind == Tracker.Kind.JIRA:
        return f"{tracker.address}/rest/api/2"
    if tracker.address == "https://github.com":
        return "https://api.github.com"
    return f"{tracker.address}/api/v3"


def _headers(tracker: Tracker, *, has_body: bool) -> dict[str, str]:
    if not tracker.is_asked:
        raise TrackerFails(NO_TOKEN)
    given = {"User-Agent": "COE", "Accept": "application/json"}
    if tracker.kind == Tracker.Kind.GITHUB:
        given |= {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    if tracker.account and tracker.kind == Tracker.Kind.JIRA:
        pair = f"{tracker.account}:{tracker.token}".encode()
        given["Authorization"] = f"Basic {b64encode(pair).decode()}"
    else:
        given["Authorization"] = f"Bearer {tracker.token}"
    return given | ({"Content-Type": "application/json"} if has_body else {})


def _is_limit(answer: Answer) -> bool:
    """GitHub says 403 both to who may not and to who asked too often."""
    is_spent = answer.headers.get("x-ratelimit-remaining") == "0"
    return answer.status == 403 and (is_spent or "retry-after" in answer.headers)


def _sentence(status: int) -> str:
    """What the tracker said is not repeated: it may be anything."""
    if 300 <= status < 400:
        return f"The tracker leads elsewhere ({status}), and nobody is followed."
    return REFUSALS.get(status, f"The tracker answered {status}.")

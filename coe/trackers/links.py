"""Which ticket a link names: of which tracker, under which key. Pure."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qs, urlsplit

from coe.integrations.calling import PORTS
from coe.trackers.models import Tracker

JIRA_KEY: Final = re.compile(r"([A-Z][A-Z0-9_]{1,49})-([1-9][0-9]{0,8})", re.ASCII | re.IGNORECASE)
GITHUB_KEY: Final = re.compile(r"([\w.-]{1,100}/[\w.-]{1,100})#([1-9][0-9]{0,8})", re.ASCII)
GITHUB_PATH: Final = re.compile(
    r"/([\w.-]{1,100}/[\w.-]{1,100})/issues/([1-9][0-9]{0,8})/?", re.ASCII
)
JIRA_PATHS: Final = re.compile(r"/(?:browse|(?:[^?#]*/)?issues)/([^/?#]+)/?", re.ASCII)


def ticket_named(link: str, trackers: Iterable[Tracker]) -> tuple[Tracker, str] | None:
    """The tracker and the key that `link` names, None where it is of none of these trackers, or a
    bare key that two of them have."""
    found = [(each, key) for each in trackers if (key := key_in(link, each))]
    return found[0] if len(found) == 1 else None


def key_in(link: str, tracker: Tracker) -> str:
    """The key of the ticket that `link` names in this very project; empty where it names none."""
    if not link.isascii():
        return ""
    is_jira = tracker.kind == Tracker.Kind.JIRA
    said = _in_jira(link, tracker) if is_jira else _in_github(link, tracker)
    if said is None or said[0].casefold() != tracker.project.casefold():
        return ""
    return f"{tracker.project}{'-' if is_jira else '#'}{said[1]}"


def link_to(tracker: Tracker, key: str) -> str:
    """Where people open the ticket of this key."""
    if tracker.kind == Tracker.Kind.JIRA:
        return f"{tracker.address}/browse/{key}"
    return f"{tracker.address}/{tracker.project}/issues/{number_of(key)}"


def number_of(key: str) -> str:
    """The number of a key of GitHub's."""
    return key.rpartition("#")[2]


def _in_jira(link: str, tracker: Tracker) -> tuple[str, str] | None:
    if bare := JIRA_KEY.fullmatch(link):
        return bare[1], bare[2]
    path, query = _below(link, tracker.address)
    named = JIRA_PATHS.fullmatch(path)
    selected = parse_qs(query).get("selectedIssue", [""])[0]
    key = JIRA_KEY.fullmatch(named[1] if named else selected)
    return (key[1], key[2]) if key else None


def _in_github(link: str, tracker: Tracker) -> tuple[str, str] | None:
    path, _ = _below(link, tracker.address)
    found = GITHUB_KEY.fullmatch(link) or GITHUB_PATH.fullmatch(path)
    return (found[1], found[2]) if found else None


def _below(link: str, base: str) -> tuple[str, str]:
    """The path of `link` below the address `base`, and its query; empty where it is elsewhere."""
    try:
        here, there = urlsplit(base), urlsplit(link)
        is_there = _origin(here.scheme, here.hostname, here.port) == _origin(
            there.scheme, there.hostname, there.port
        )
    except ValueError:
        return "", ""
    if not is_there or there.username or not there.path.startswith(f"{here.path}/"):
        return "", ""
    return there.path.removeprefix(here.path), there.query


def _origin(scheme: str, host: str | None, port: int | None) -> tuple[str, str, int | None]:
    return scheme, (host or "").lower(), port or PORTS.get(scheme)

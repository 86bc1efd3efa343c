"""What is asked of Jira and of GitHub: the state of a ticket, whether one is there, a new one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from django.utils.dateparse import parse_datetime

from coe.trackers.asking import Question, Refused, ask
from coe.trackers.links import number_of
from coe.trackers.models import Tracker
from coe.trackers.reading import (
    GONE,
    Reading,
    github_key,
    github_reading,
    items,
    jira_key,
    jira_reading,
    part_of,
    text,
)

AT_ONCE: Final = 50
MOST_PAGES: Final = 6
"""How far back one's own ticket is looked for in GitHub: so many pages of `AT_ONCE` issues."""
CLOCKS_APART: Final = timedelta(hours=1)
OTHER_PROJECT = "The tracker answered about another project."
NO_KEY = "The tracker says that it opened a ticket, and not which."


def read_ticket(tracker: Tracker, key: str) -> Reading:
    """What the tracker says of the ticket. Raises `TrackerFails` and `Refused`."""
    try:
        if tracker.kind == Tracker.Kind.JIRA:
            return jira_reading(ask(tracker, Question(f"/issue/{key}?fields=status,resolution")))
        number = number_of(key)
        return github_reading(ask(tracker, Question(f"{_repository(tracker)}/{number}")), number)
    except Refused as error:
        if error.status in (404, 410):
            return GONE
        raise


def check(tracker: Tracker) -> None:
    """Ask for the project itself. Raises `TrackerFails` and `Refused`."""
    if tracker.kind == Tracker.Kind.JIRA:
        found = text(ask(tracker, Question(f"/project/{tracker.project}")), "key")
    else:
        found = text(ask(tracker, Question(f"/repos/{tracker.project}")), "full_name")
    if found.casefold() != tracker.project.casefold():
        raise Refused(OTHER_PROJECT)


def find_ticket(tracker: Tracker, marker: str, *, since: datetime) -> str:
    """The key of the ticket that bears `marker` and was opened after `since`; empty where there is
    none. Raises `TrackerFails` and `Refused`."""
    if tracker.kind == Tracker.Kind.JIRA:
        return _marked_in_jira(tracker, marker)
    for issue in _latest_in_github(tracker, since - CLOCKS_APART):
        if marker in text(issue, "body") and (key := github_key(issue, tracker.project)):
            return key
    return ""


def open_ticket(tracker: Tracker, *, title: str, body: str, marker: str) -> str:
    """Open a ticket that bears `marker`, and return its key. Raises `TrackerFails` and `Refused`,
    also where it may have been opened."""
    if tracker.kind == Tracker.Kind.JIRA:
        fields: dict[str, Any] = {
            "project": {"key": tracker.project},
            "issuetype": {"name": tracker.issue_type},
            "summary": title,
            "description": body,
            "labels": [marker],
        }
        answer = ask(tracker, Question("/issue", "POST", {"fields": fields}))
        key = jira_key(answer, tracker.project)
    else:
        given = {"title": title, "body": f"{body}\n\n{marker}"}
        answer = ask(tracker, Question(_repository(tracker), "POST", given))
        key = github_key(answer, tracker.project)
    if not key:
        raise Refused(NO_KEY)
    return key


def _repository(tracker: Tracker) -> str:
    return f"/repos/{tracker.project}/issues"


def _marked_in_jira(tracker: Tracker, marker: str) -> str:
    """Jira finds a label a moment after it was given. Its cloud has the search elsewhere."""
    wanted = f'project = "{tracker.project}" AND labels = "{marker}" ORDER BY created ASC'
    query = urlencode({"jql": wanted, "fields": "labels", "maxResults": 5}, quote_via=quote)
    try:
        answer = ask(tracker, Question(f"/search?{query}"))
    except Refused as error:
        if error.status not in (404, 410):
            raise
        answer = ask(tracker, Question(f"/search/jql?{query}"))
    keys = (jira_key(each, tracker.project) for each in items(part_of(answer, "issues")))
    return next(filter(None, keys), "")


def _latest_in_github(tracker: Tracker, since: datetime) -> Iterator[Any]:
    """The issues opened after `since`, the last first. GitHub's list knows at once what was opened;
    its search does not."""
    for page in range(1, MOST_PAGES + 1):
        order = {"state": "all", "sort": "created", "direction": "desc"}
        query = urlencode({**order, "per_page": AT_ONCE, "page": page})
        found = items(ask(tracker, Question(f"{_repository(tracker)}?{query}")))
        for issue in found:
            if (at := _opened_at(issue)) and at < since:
                return
            yield issue
        if len(found) < AT_ONCE:
            return


def _opened_at(issue: Any) -> datetime | None:
    try:
        at = parse_datetime(text(issue, "created_at"))
    except ValueError:
        return None
    return at if at and at.tzinfo else None

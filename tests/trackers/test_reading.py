"""What an answer says, whatever somebody sends."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe.trackers.asking import Refused, read_json
from coe.trackers.models import TicketState
from coe.trackers.reading import (
    MOST_TOLD,
    Reading,
    github_key,
    github_reading,
    jira_key,
    jira_reading,
    told,
)
from tests.trackers.samples import github_issue, jira_created, jira_issue

S = TicketState


@pytest.mark.parametrize(
    ("name", "category", "resolution", "state", "said"),
    [
        ("To Do", "new", None, S.OPEN, "To Do"),
        ("Zu erledigen", "new", None, S.OPEN, "Zu erledigen"),
        ("In Arbeit", "indeterminate", None, S.IN_PROGRESS, "In Arbeit"),
        ("Waiting for a part", "indeterminate", None, S.IN_PROGRESS, "Waiting for a part"),
        ("Done", "done", "Done", S.DONE, "Done"),
        ("Fertig", "done", "Erledigt", S.DONE, "Fertig"),
        ("Closed", "done", None, S.DONE, "Closed"),
        ("Done", "done", "Won't Do", S.UNKNOWN, "Done: Won't Do"),
        ("Closed", "done", "Won’t Fix", S.UNKNOWN, "Closed: Won’t Fix"),
        ("Closed", "done", "Duplicate", S.UNKNOWN, "Closed: Duplicate"),
        ("Open", None, None, S.OPEN, "Open"),
        ("In Progress", None, None, S.IN_PROGRESS, "In Progress"),
        ("Resolved", None, "Fixed", S.DONE, "Resolved"),
        ("Parked", None, None, S.UNKNOWN, "Parked"),
        ("Parked", "undefined", None, S.UNKNOWN, "Parked"),
        ("", "done", None, S.DONE, ""),
    ],
)
def test_the_state_of_an_issue_in_jira(
    name: str, category: str | None, resolution: str | None, state: S, said: str
) -> None:
    issue = jira_issue(name=name, category=category, resolution=resolution)
    assert jira_reading(issue) == Reading(state, said)


@pytest.mark.parametrize(
    ("state", "reason", "read", "said"),
    [
        ("open", None, S.OPEN, "Open"),
        ("open", "reopened", S.OPEN, "Open"),
        ("closed", "completed", S.DONE, "Closed"),
        ("closed", None, S.DONE, "Closed"),
        ("closed", "not_planned", S.UNKNOWN, "Closed, not planned"),
        ("closed", "duplicate", S.UNKNOWN, "Closed, a duplicate"),
        ("closed", "a reason of next year", S.DONE, "Closed"),
    ],
)
def test_the_state_of_an_issue_in_github(
    state: str, reason: str | None, read: S, said: str
) -> None:
    assert github_reading(github_issue(12, state, reason), "12") == Reading(read, said)


@pytest.mark.parametrize(
    "lie",
    [
        None,
        True,
        [],
        {},
        "done",
        {"fields": None},
        {"fields": {"status": "done"}},
        {"fields": {"status": {"name": 7, "statusCategory": {"key": 8}}}},
        {"fields": {"status": {"name": " \x00\x07 "}}},
        {"number": 12, "state": None},
        {"number": 12, "state": "half open"},
        {"number": 13, "state": "open"},
        {"number": "12.0", "state": "open"},
        {"state": "open"},
    ],
)
def test_an_answer_that_says_no_state_is_refused(lie: Any) -> None:
    for read in (jira_reading, lambda answer: github_reading(answer, "12")):
        with pytest.raises(Refused):
            read(lie)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Sign in</html>", b"\xff\xfe", b'{"a":', b"[" * 100_000, b"1" * 5000],
    ids=["nothing", "html", "bytes", "cut", "deep", "long"],
)
def test_what_is_no_json_that_can_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_json(body)


NAMES = ["fields", "status", "name", "statusCategory", "key", "resolution", "number", "state"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=20,
)


@given(answer=JSON)
def test_whatever_is_answered_is_a_state_or_refused(answer: Any) -> None:
    for read in (jira_reading, lambda answer: github_reading(answer, "12")):
        try:
            reading = read(answer)
        except Refused:
            continue
        assert reading.state in S
        assert len(reading.told) <= MOST_TOLD
        assert reading.told.isprintable()
        reading.told.encode()
    for key in (jira_key(answer, "PRC"), github_key(answer, "octo/shop")):
        assert key == "" or key.startswith(("PRC-", "octo/shop#"))


@given(words=st.text(st.characters(codec=None), max_size=400))
def test_words_of_a_tracker_become_one_line_that_can_be_kept_and_shown(words: str) -> None:
    line = told(words)
    assert line == " ".join(line.split())
    assert len(line) <= MOST_TOLD
    assert line.isprintable()
    line.encode()
    assert told(line) == line


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (jira_created("PRC-900"), "PRC-900"),
        (jira_created("prc-900"), "PRC-900"),
        (jira_created("OPS-900"), ""),
        (jira_created("PRC-900/../../x"), ""),
        (jira_created("PRC-0"), ""),
        ({"key": ["PRC-900"]}, ""),
        ("PRC-900", ""),
    ],
)
def test_the_key_of_a_new_ticket_is_one_of_this_project(answer: Any, key: str) -> None:
    assert jira_key(answer, "PRC") == key


@pytest.mark.parametrize(
    ("number", "key"),
    [(12, "octo/shop#12"), (0, ""), (-1, ""), (True, ""), ("12", ""), (10**9, ""), (1.5, "")],
)
def test_the_number_of_a_new_issue_is_a_number(number: Any, key: str) -> None:
    assert github_key({"number": number}, "octo/shop") == key

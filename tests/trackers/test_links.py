"""Which ticket a link names."""

import pytest

from coe.trackers.links import key_in, link_to, ticket_named
from coe.trackers.models import Tracker

JIRA = Tracker(pk=1, kind="jira", address="https://example.org/jira", project="PRC")
SHOP = Tracker(pk=2, kind="github", address="https://github.com", project="octo/shop")


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("PRC-881", "PRC-881"),
        ("prc-881", "PRC-881"),
        ("https://example.org/jira/browse/PRC-881", "PRC-881"),
        ("https://EXAMPLE.org:443/jira/browse/prc-881/", "PRC-881"),
        ("https://example.org/jira/browse/PRC-881?focusedId=7#comment-7", "PRC-881"),
        ("https://example.org/jira/projects/PRC/issues/PRC-881", "PRC-881"),
        ("https://example.org/jira/boards/3?selectedIssue=PRC-881", "PRC-881"),
        ("OPS-881", ""),
        ("PRC-0", ""),
        ("PRC-", ""),
        ("PRC-881 and more", ""),
        ("PRC-٣", ""),
        ("http://example.org/jira/browse/PRC-881", ""),
        ("https://example.org:8443/jira/browse/PRC-881", ""),
        ("https://example.org/browse/PRC-881", ""),
        ("https://example.org/jirabrowse/PRC-881", ""),
        ("https://example.org.evil.net/jira/browse/PRC-881", ""),
        ("https://example.org@evil.net/jira/browse/PRC-881", ""),
        ("https://me:secret@example.org/jira/browse/PRC-881", ""),
        ("https://example.org/jira/browse/OPS-881", ""),
        ("https://example.org/jira/browse/PRC-881/../../admin", ""),
        ("https://[::1/jira/browse/PRC-881", ""),
        ("https://example.org:99999/jira/browse/PRC-881", ""),
        ("", ""),
    ],
)
def test_a_ticket_of_jira(link: str, key: str) -> None:
    assert key_in(link, JIRA) == key


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("octo/shop#12", "octo/shop#12"),
        ("Octo/Shop#12", "octo/shop#12"),
        ("https://github.com/octo/shop/issues/12", "octo/shop#12"),
        ("https://github.com/octo/shop/issues/12#issuecomment-7", "octo/shop#12"),
        ("https://github.com/octo/shop/pull/12", ""),
        ("https://github.com/octo/other/issues/12", ""),
        ("https://github.com/octo/shop/issues/new", ""),
        ("https://github.com/octo/shop/issues/12/../../other", ""),
        ("https://gist.github.com/octo/shop/issues/12", ""),
        ("#12", ""),
        ("PRC-881", ""),
    ],
)
def test_an_issue_of_github(link: str, key: str) -> None:
    assert key_in(link, SHOP) == key


def test_a_bare_key_that_two_trackers_have_is_of_neither() -> None:
    other = Tracker(pk=3, kind="jira", address="https://other.example.org", project="PRC")
    assert ticket_named("PRC-881", [JIRA, SHOP]) == (JIRA, "PRC-881")
    assert ticket_named("PRC-881", [JIRA, SHOP, other]) is None
    there = "https://other.example.org/browse/PRC-881"
    assert ticket_named(there, [JIRA, SHOP, other]) == (other, "PRC-881")
    assert ticket_named("https://wiki.example.org/PRC-881", [JIRA, SHOP]) is None


@pytest.mark.parametrize(("tracker", "key"), [(JIRA, "PRC-881"), (SHOP, "octo/shop#12")])
def test_where_a_ticket_opens_names_that_ticket(tracker: Tracker, key: str) -> None:
    assert key_in(link_to(tracker, key), tracker) == key

"""The versions of a COE, and what each of them changed."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from coe.actions.models import ActionItem
from coe.documents.models import Document
from coe.documents.rows import move_row, remove_row, save_row
from coe.timeline.services import add_entry
from tests.library.pages import body, get, words
from tests.people import People
from tests.reviews.steps import (
    fresh,
    instant,
    propose,
    publish_draft,
    reopen,
    state_facts,
    submit,
    write,
)


@pytest.fixture
def twice(document: Document, people: People) -> Document:
    """Published, corrected and published again."""
    owner = people.owner
    write(document, "Uploads failed for one customer in ten, for an hour.", by=owner)
    first = propose(document, "Alarm at 80 % full", by=owner, priority=1)
    second = propose(document, "Write the runbook", by=owner)
    propose(document, "Practise it", by=owner)
    at = instant("2026-11-14 02:20")
    add_entry(document, uid=uuid4(), instant=at, text="Traffic was moved", by=owner)
    publish_draft(document, people)
    reopen(document, by=owner)
    write(document, "Uploads failed for one customer in nine, for an hour.", by=owner)
    state_facts(document, severity=1, by=owner)
    save_row(
        first,
        version=1,
        values={**first.content(), "due_on": date(2026, 12, 24), "title": "Alarm at 70 % full"},
        by=owner,
    )
    remove_row(second, version=1, by=owner)
    propose(document, "Refuse to fill up", by=owner)
    publish_draft(fresh(document), people)
    return fresh(document)


def test_each_version_is_read_as_it_was_published(
    twice: Document, people: People, client: Client
) -> None:
    for person in (people.owner, people.stranger):
        first = get(client, person, f"/coes/{twice.reference}/v/1/")
        assert "for one customer in ten, for an hour" in words(first)
        assert "customer in nine" not in words(first)
        assert "Superseded by version 2. This is version 1 as it was published." in words(first)
        second = get(client, person, f"/coes/{twice.reference}/v/2/")
        assert "for one customer in nine, for an hour" in words(second)
        assert "Superseded by" not in words(second)


def test_a_superseded_version_makes_no_promises(
    twice: Document, people: People, client: Client
) -> None:
    assert 'id="promises"' not in body(get(client, people.owner, f"/coes/{twice.reference}/v/1/"))
    assert 'id="promises"' in body(get(client, people.owner, f"/coes/{twice.reference}/v/2/"))


def test_the_readers_page_lists_the_versions_where_there_are_several(
    twice: Document, people: People, client: Client
) -> None:
    page = body(get(client, people.stranger, f"/coes/{twice.reference}/"))
    assert f'href="/coes/{twice.reference}/v/1/"' in page
    assert f'href="/coes/{twice.reference}/v/2/changes/"' in page
    assert f'href="/coes/{twice.reference}/v/1/changes/"' not in page


def test_one_version_is_no_list(document: Document, people: People, client: Client) -> None:
    publish_draft(document, people)
    assert "/v/" not in body(get(client, people.stranger, f"/coes/{document.reference}/"))


def test_what_a_version_changed_is_told_by_word_and_by_row(
    twice: Document, people: People, client: Client
) -> None:
    page = body(get(client, people.stranger, f"/coes/{twice.reference}/v/2/changes/"))
    assert "Uploads failed for one customer in <del>ten</del><ins>nine</ins>, for an hour." in page
    assert "Alarm at <del>80</del><ins>70</ins> % full" in page
    assert "<ins>24 Dec 2026</ins>" in page
    assert "<del>Write the runbook</del>" in page
    assert "<ins>Refuse to fill up</ins>" in page
    assert "Practise it" not in page, "it is as it was"
    assert "Traffic was moved" not in page
    assert "<del>Sev 2: an important function is broken for many</del>" in page
    headings = [each.split("<")[0] for each in page.split('-changes">')[2::2]]
    assert headings == ["Facts", "Summary", "Action items"]


def test_what_was_only_moved_is_said_to_be(
    document: Document, people: People, client: Client
) -> None:
    items = [propose(document, title, by=people.owner) for title in ("One", "Two", "Three")]
    publish_draft(document, people)
    reopen(document, by=people.owner)
    among = ActionItem.objects.filter(document=document)
    move_row(items[2], steps=-2, among=among, by=people.owner)
    publish_draft(fresh(document), people)
    page = words(get(client, people.stranger, f"/coes/{document.reference}/v/2/changes/"))
    assert "Action items Moved Action item Three" in page
    assert "Two" not in page


def test_the_first_version_has_nothing_before_it(
    twice: Document, people: People, client: Client
) -> None:
    page = get(client, people.stranger, f"/coes/{twice.reference}/v/1/changes/")
    assert page.status_code == 200
    assert "Version 1 is the first one" in words(page)


@pytest.mark.parametrize("version", ["0", "3", "99999999999999999999", "-1", "x", "1.0"])
@pytest.mark.parametrize("rest", ["", "changes/"])
def test_a_version_that_is_not_there_is_not_there(
    version: str, rest: str, twice: Document, people: People, client: Client
) -> None:
    answer = get(client, people.owner, f"/coes/{twice.reference}/v/{version}/{rest}")
    assert answer.status_code == 404


def test_no_word_of_a_later_draft_is_on_any_page_of_a_version(
    twice: Document, people: People, client: Client
) -> None:
    reopen(twice, by=people.owner)
    write(twice, "Secretword in the summary.", by=people.owner)
    submit(twice, by=people.owner)
    for rest in ("v/1/", "v/2/", "v/2/changes/", ""):
        page = get(client, people.stranger, f"/coes/{twice.reference}/{rest}")
        assert page.status_code == 200
        assert "Secretword" not in body(page)
    assert get(client, people.owner, f"/coes/{twice.reference}/v/3/").status_code == 404


def test_text_in_a_difference_is_text(document: Document, people: People, client: Client) -> None:
    write(document, "A <b>bold</b> word", by=people.owner)
    publish_draft(document, people)
    reopen(document, by=people.owner)
    write(document, "A <i>bold</i> word", by=people.owner)
    publish_draft(fresh(document), people)
    page = body(get(client, people.owner, f"/coes/{document.reference}/v/2/changes/"))
    assert "&lt;<del>b</del><ins>i</ins>&gt;bold" in page
    assert "<i>" not in page

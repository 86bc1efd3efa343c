"""Home: what somebody should know, until they have seen it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coe.accounts.models import User
from coe.documents.models import Document
from coe.notices.models import Kind, Notice
from coe.notices.services import tell
from tests.library.pages import forms, get, words
from tests.people import People
from tests.reviews.steps import open_another, publish_draft, reopen, state_facts, write

pytestmark = pytest.mark.django_db

HEADING = "What you should know"


def mention(document: Document, person: User, people: People, text: str = "", **more: Any) -> None:
    tell(Kind.MENTIONED, people=[person], document=document, by=people.owner, text=text, **more)


def unseen(person: User) -> int:
    return Notice.objects.unseen_by(person).count()


def test_it_stands_by_coe_with_what_came_last_first(
    document: Document, people: People, client: Client
) -> None:
    other = open_another(people, "Cards were refused")
    mention(document, people.colleague, people, "Ninety?")
    mention(other, people.colleague, people)
    mention(document, people.colleague, people, "Or nine in <b>ten</b>?", anchor="thread-9")
    page = get(client, people.colleague, "/")
    told = words(page).split(HEADING)[1]
    order = ("Uploads failed", "Or nine in", "Ninety?", "Cards were refused")
    assert [told.index(each) for each in order] == sorted(told.index(each) for each in order)
    assert "nine in <b>ten</b>?" in told
    assert f'href="/coes/{document.reference}/draft/#thread-9"' in page.content.decode()
    assert "3 Opening a COE marks" in told
    assert HEADING not in words(get(client, people.manager, "/"))


def test_opening_the_working_copy_marks_it_as_seen_and_no_other_coe(
    document: Document, people: People, client: Client
) -> None:
    other = open_another(people, "Cards were refused")
    for coe in (document, other):
        mention(coe, people.colleague, people)
        mention(coe, people.manager, people)
    get(client, people.colleague, f"/coes/{document.reference}/draft/")
    assert (unseen(people.colleague), unseen(people.manager)) == (1, 2)
    get(client, people.colleague, f"/coes/{other.reference}/")
    assert unseen(people.colleague) == 0


def test_reading_what_is_published_leaves_what_is_said_of_the_correction(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    reopen(document, by=people.owner)
    mention(document, people.manager, people)
    kinds = Notice.objects.unseen_by(people.manager).values_list("kind", flat=True)
    assert set(kinds) == {Kind.PUBLISHED, Kind.MENTIONED, Kind.APPROVAL_DROPPED}
    get(client, people.manager, f"/coes/{document.reference}/")
    assert set(kinds.all()) == {Kind.MENTIONED, Kind.APPROVAL_DROPPED}


def test_a_page_that_the_browser_has_already_is_not_told_to_be_the_same(
    document: Document, people: People, client: Client
) -> None:
    """What is said in the history of a COE makes its page another; then it is drawn, and seen."""
    address = f"/coes/{document.reference}/draft/"
    client.force_login(people.colleague)
    client.get(address)
    tag = client.get(address)["ETag"]
    write(document, "One in ten.", by=people.owner)
    mention(document, people.colleague, people)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert unseen(people.colleague) == 0


def test_one_button_marks_all_of_it_but_not_what_came_since(
    document: Document, people: People, client: Client
) -> None:
    mention(document, people.colleague, people)
    page = get(client, people.colleague, "/")
    mention(open_another(people, "Cards were refused"), people.colleague, people)
    assert list(forms(page)) == ["/notices/seen/"]
    answer = client.post("/notices/seen/", {"until": page.context["unseen"].until})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    (left,) = Notice.objects.unseen_by(people.colleague)
    assert left.title == "Cards were refused"


def test_one_notice_has_one_button_and_two_have_one_for_both_as_well(
    document: Document, people: People, client: Client
) -> None:
    mention(document, people.colleague, people)
    told = words(get(client, people.colleague, "/"))
    assert f"Mark as seen : what is said of {document.reference}" in told
    assert "Mark all as seen" not in told
    mention(open_another(people, "Cards were refused"), people.colleague, people)
    assert "Mark all as seen" in words(get(client, people.colleague, "/"))


def test_a_button_marks_what_is_said_of_one_coe(
    document: Document, people: People, client: Client
) -> None:
    mention(open_another(people, "Cards were refused"), people.colleague, people)
    mention(document, people.colleague, people)
    client.force_login(people.colleague)
    until = Notice.objects.latest("pk").pk
    client.post("/notices/seen/", {"until": until, "reference": document.reference})
    (left,) = Notice.objects.unseen_by(people.colleague)
    assert left.title == "Cards were refused"


@pytest.mark.parametrize("until", ["", "all", "99999999999999999999", "-1"])
def test_a_button_that_nobody_drew_marks_nothing(
    until: str, document: Document, people: People, client: Client
) -> None:
    mention(document, people.colleague, people)
    client.force_login(people.colleague)
    assert client.post("/notices/seen/", {"until": until}).status_code == 303
    assert unseen(people.colleague) == 1


def test_nobody_marks_what_others_should_know(
    document: Document, people: People, client: Client
) -> None:
    mention(document, people.colleague, people)
    client.force_login(people.manager)
    client.post("/notices/seen/", {"until": 2**62})
    assert unseen(people.colleague) == 1


def test_what_became_restricted_is_told_no_more(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    tell(Kind.PUBLISHED, people=[people.stranger], document=document, by=people.owner)
    assert "Owner published it." in words(get(client, people.stranger, "/"))
    reopen(document, by=people.owner)
    state_facts(document, is_restricted=True, by=people.owner)
    page = words(get(client, people.stranger, "/"))
    assert HEADING not in page
    assert document.reference not in page


def test_the_title_of_a_correction_is_not_told_to_readers(
    document: Document, people: People, client: Client
) -> None:
    publish_draft(document, people)
    tell(Kind.PUBLISHED, people=[people.stranger], document=document, by=people.owner)
    reopen(document, by=people.owner)
    state_facts(document, title="The key was in the log", by=people.owner)
    page = words(get(client, people.stranger, "/"))
    assert "Uploads failed for one customer in ten Owner published it." in page
    assert "The key" not in page


def test_three_hundred_are_paged_by_coe_and_counted(
    document: Document, people: People, client: Client
) -> None:
    others = [open_another(people, f"Outage {number}") for number in range(6)]
    for coe in (document, *others):
        mention(coe, people.colleague, people)
    many = [
        Notice(person=people.colleague, document=document, kind=Kind.ANSWERED, by=people.owner)
        for _ in range(293)
    ]
    Notice.objects.bulk_create(many)
    first = words(get(client, people.colleague, "/"))
    assert f"{HEADING} 300 Opening a COE" in first
    assert "And 291 earlier." in first
    assert "1 to 5 of 7" in first
    second = words(client.get("/?page=2"))
    assert "Outage 1" in second
    assert "Outage 0" in second
    assert "Uploads failed" not in second.split(HEADING)[1].split("Previous")[0]


@pytest.mark.parametrize("each", [1, 8])
def test_it_takes_three_queries_however_much_there_is(
    each: int, document: Document, people: People, client: Client
) -> None:
    """Two beside the one that finds nothing to know; what home takes itself is tested there."""
    client.force_login(people.stranger)
    with CaptureQueriesContext(connection) as without:
        client.get("/")
    for number in range(each):
        coe = open_another(people, f"Outage {number}")
        Document.objects.filter(pk=coe.pk).update(current_version=1)
        for _ in range(each):
            tell(Kind.PUBLISHED, people=[people.stranger], document=coe, by=people.owner)
    with CaptureQueriesContext(connection) as asked:
        assert f"Outage {each - 1}" in words(client.get("/"))
    assert len(asked) - len(without) == 2

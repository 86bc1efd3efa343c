"""Those who have one workspace open know of each other."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from coe.accounts.models import User
from coe.documents.models import Document
from coe.documents.services import add_contributor, remove_contributor
from coe.editor.panels import PANELS, title_of
from coe.editor.presence import Presence, name_some
from tests.editor.conftest import new_entry
from tests.editor.page import Page
from tests.editor.writer import signed_in
from tests.people import People, make_person
from tests.reviews.steps import open_another


@pytest.fixture
def page(people: People, document: Document) -> Page:
    """The owner's."""
    return Page(signed_in(people.owner), document)


@pytest.fixture
def other(people: People, document: Document) -> Page:
    """The contributor's."""
    return Page(signed_in(people.contributor), document)


def wait(seconds: int) -> None:
    """Let what was seen so far have been seen that much earlier."""
    for each in Presence.objects.all():
        each.seen_at -= timedelta(seconds=seconds)
        each.save(update_fields=["seen_at"])


def test_two_people_see_each_other_and_where_they_are(page: Page, other: Page) -> None:
    assert page.ping("summary").others == []
    assert other.ping("").others == ["Owner (Summary)"]
    seen = page.ping("timeline")
    assert seen.others == ["Contributor"]
    assert seen.marks == {}
    seen = other.ping("causes")
    assert seen.others == ["Owner (Timeline)"]
    assert seen.marks == {"timeline": "Owner is here"}


def test_a_page_shows_without_script_who_was_here_when_it_was_loaded(
    page: Page, other: Page
) -> None:
    assert page.load().others == []
    other.ping("summary")
    seen = page.load()
    assert (seen.others, seen.marks) == (
        ["Contributor (Summary)"],
        {"summary": "Contributor is here"},
    )


def test_loading_a_page_writes_nothing(page: Page, other: Page) -> None:
    page.load()
    assert other.ping().others == []
    assert [str(each) for each in Presence.objects.all()] == ["Contributor at nothing"]


@pytest.mark.parametrize(("seconds", "others"), [(44, ["Owner (Summary)"]), (46, [])])
def test_who_gives_no_sign_for_45_seconds_is_gone(
    page: Page, other: Page, seconds: int, others: list[str]
) -> None:
    page.ping("summary")
    wait(seconds)
    assert other.ping().others == others
    assert other.load().others == others


def test_several_tabs_of_one_person_are_one_presence_where_they_were_last(
    page: Page, other: Page, people: People, document: Document
) -> None:
    page.ping("summary")
    Page(signed_in(people.owner), document).ping("causes")
    assert other.ping().others == ["Owner (Causes)"]
    assert page.ping("summary").others == ["Contributor"]


def test_who_signs_out_is_gone_after_45_seconds_like_who_closes_the_page(
    page: Page, other: Page
) -> None:
    page.ping("summary")
    page.client.post("/accounts/logout/")
    assert other.ping().others == ["Owner (Summary)"]
    wait(46)
    assert other.ping().others == []


def test_who_was_deactivated_is_gone_at_once(page: Page, other: Page, people: People) -> None:
    other.ping("summary")
    assert page.ping().others == ["Contributor (Summary)"]
    User.objects.filter(pk=people.contributor.pk).update(is_active=False)
    assert page.ping().others == []


def test_who_was_removed_from_the_authors_is_gone_at_once_and_refused(
    page: Page, other: Page, people: People, document: Document
) -> None:
    other.ping("summary")
    remove_contributor(document, person=people.contributor, by=people.owner)
    assert page.ping().others == []
    assert other.send("here/", {"place": "summary"}).status == 404
    add_contributor(document, person=people.contributor, by=people.owner)
    assert page.ping().others == ["Contributor (Summary)"]


def test_another_coe_knows_nothing_of_it(page: Page, people: People) -> None:
    elsewhere = Page(signed_in(people.owner), open_another(people, "Another"))
    add_contributor(elsewhere.document, person=people.contributor, by=people.owner)
    Page(signed_in(people.contributor), elsewhere.document).ping("summary")
    assert elsewhere.ping().others == ["Contributor (Summary)"]
    assert page.ping().others == []


def test_many_others_are_named_in_short_and_folded(page: Page, document: Document) -> None:
    for number in range(5):
        person = make_person(f"person {number}")
        add_contributor(document, person=person, by=document.owner)
        Presence.objects.create(document=document, user=person, place="causes", seen_at=now())
        seen = page.ping()
        assert seen.others == [f"Person {each} (Causes)" for each in range(number + 1)]
        assert seen.more == {4: "and 2 more"}.get(number, "")
    assert seen.marks == {"causes": "Person 0 and 4 others are here"}


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Kim"], "Kim"),
        (["Kim", "Sam"], "Kim and Sam"),
        (["Kim", "Sam", "Robin"], "Kim and 2 others"),
    ],
)
def test_people_are_named_in_short(names: list[str], words: str) -> None:
    assert name_some(names) == words


@pytest.mark.parametrize("place", ["nowhere", "<script>", "x" * 5000, "summary "])
def test_a_place_that_is_none_is_none(page: Page, other: Page, place: str) -> None:
    page.ping(place)
    assert other.ping().others == ["Owner"]


def test_a_name_is_never_more_than_text(page: Page, other: Page, people: People) -> None:
    name = '<img src=x> "Kim"'
    User.objects.filter(pk=people.contributor.pk).update(name=name)
    other.ping("summary")
    answer = page.send("here/", {})
    assert "<img" not in answer.text
    assert '"Kim"' not in answer.text
    assert "&lt;img src=x&gt; &quot;Kim&quot; (Summary)" in answer.text


def test_every_panel_is_called_what_its_heading_says(page: Page) -> None:
    headings = re.findall(r'<h2 id="([\w-]+)-heading">\s*(.*?)\s*</h2>', page.open().text)
    assert dict(headings) == {panel: title_of(panel) for panel in PANELS}


@pytest.mark.parametrize("is_owner", [True, False])
def test_a_sign_of_life_costs_few_statements_however_much_happened(
    page: Page, other: Page, people: People, document: Document, is_owner: bool
) -> None:
    """Session, person, COE with what they are to it; the sign; who is here; what happened."""
    asker, writer = (page, people.contributor) if is_owner else (other, people.owner)
    asker.load()
    for number in range(20):
        new_entry(document, writer, f"Entry {number}", number)
        person = make_person(f"person{number}")
        add_contributor(document, person=person, by=people.owner)
        Presence.objects.create(document=document, user=person, place="causes", seen_at=now())
    with CaptureQueriesContext(connection) as captured:
        seen = asker.ping("summary")
    assert len(captured) == 6
    assert len(seen.others) == 20

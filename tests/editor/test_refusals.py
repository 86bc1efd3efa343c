"""The pages that say why somebody gets nothing, and give back what they had typed."""

from uuid import uuid4

import pytest
from django.test import Client

from coe.documents.models import Document, Participant, Section
from tests.editor.writer import signed_in
from tests.people import People

pytestmark = pytest.mark.django_db

TEXT = "Uploads failed for an hour.\r\nThe disk was full & <b>nobody</b> knew."


def lose_access(document: Document) -> None:
    Participant.objects.filter(document=document).delete()


def test_the_page_for_nothing_says_in_general_why_and_what_to_do(
    document: Document, people: People
) -> None:
    page = signed_in(people.stranger).get(f"/coes/{document.reference}/").content.decode()
    for said in (
        "No COE has this number",
        "a gap means nothing",
        "It is the draft of another team",
        "It is restricted",
        "Its owner discarded it.",
        "the owner lets people read it",
    ):
        assert said in page
    assert document.incident.title not in page


def test_who_lost_access_while_typing_gets_back_what_they_typed(
    document: Document, people: People
) -> None:
    browser = signed_in(people.contributor)
    lose_access(document)
    section = Section.objects.get(document=document, slug="summary")
    form = {"text": TEXT, "version": section.version}
    answer = browser.post(f"/coes/{document.reference}/edit/sections/summary/", form)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "What you wrote" in page
    assert "The disk was full &amp; &lt;b&gt;nobody&lt;/b&gt; knew." in page
    assert Section.objects.get(pk=section.pk).text == ""


def test_who_lost_access_while_commenting_gets_back_their_words_and_nothing_of_the_coe(
    document: Document, people: People
) -> None:
    browser = signed_in(people.contributor)
    lose_access(document)
    form = {"kind": "question", "on": "section:summary", "back": "draft", "uid": str(uuid4())}
    form |= {"before": "one of the ", "after": " of its pages", "text": "Which **ones**?"}
    answer = browser.post(f"/coes/{document.reference}/review/threads/open/", form)
    page = answer.content.decode()
    assert answer.status_code == 404
    told = page.split("What you wrote")[1].split("</section>")[0]
    assert "Which **ones**?" in told
    assert "section:summary" not in told
    assert "one of the" not in told


def test_who_may_only_read_by_now_gets_back_what_they_typed_and_is_told_why(
    document: Document, people: People
) -> None:
    form = {"text": TEXT, "version": 1}
    browser = signed_in(people.colleague)
    answer = browser.post(f"/coes/{document.reference}/edit/sections/summary/", form)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Its owner can add you as a contributor." in page
    assert "Uploads failed for an hour." in page


def test_what_a_form_carries_along_by_itself_is_not_told_back(
    document: Document, people: People
) -> None:
    """Nobody typed a version, an identity, a digest or the token."""
    form = {
        "uid": "7f9c24e8-3b12-4fef-91e0-5d2b4f0a8c11",
        "digest": "0123456789abcdef" * 4,
        "version": "3",
        "is_restricted": "on",
        "csrfmiddlewaretoken": "t" * 64,
        "done_when": "No upload fails",
    }
    address = f"/coes/{document.reference}/edit/timeline/add/"
    answer = signed_in(people.stranger).post(address, form)
    told = [(each.name, each.text) for each in answer.context["typed"]]
    assert told == [("Done when", "No upload fails")]


def test_a_missing_page_that_another_site_sends_to_shows_nothing_of_it(people: People) -> None:
    """Where there is no view, nobody has asked for the token."""
    answer = signed_in(people.owner).post("/nowhere/", {"text": "Call this number"})
    assert answer.status_code == 404
    assert "Call this number" not in answer.content.decode()


def test_a_form_without_its_token_shows_nothing_of_it(document: Document, people: People) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.stranger)
    address = f"/coes/{document.reference}/edit/sections/summary/"
    answer = browser.post(address, {"text": "Call this number", "version": "1"})
    assert answer.status_code == 403
    assert "Call this number" not in answer.content.decode()

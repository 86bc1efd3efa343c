import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coe.discussion.models import Subject, Thread
from coe.discussion.places import CHAPTERS, Place
from coe.discussion.services import add_message, resolve_thread
from coe.documents.models import Document, State
from coe.exports.report import CHAPTERS as CHAPTERS_OF_REPORT
from tests.discussion.talk import SUMMARY, ask, asked_to_review, demand, suggest, text_of
from tests.library.pages import body, get, words
from tests.people import People
from tests.reviews.steps import bring_to, fresh, propose, publish_draft, state_facts, write


def draft(document: Document) -> str:
    return reverse("coe_draft", args=[document.reference])


def page_of(thread: Thread, what: str = "") -> str:
    name = f"coe_thread_{what}" if what else "coe_thread"
    return reverse(name, args=[thread.document.reference, thread.uid])


def send(client: Client, document: Document, **typed: Any) -> Any:
    given = {"uid": str(uuid4()), "on": str(SUMMARY), "back": "draft", "kind": "question"}
    address = reverse("coe_thread_open", args=[document.reference])
    return client.post(address, {**given, **typed})


def test_every_chapter_of_the_page_can_be_spoken_about() -> None:
    assert {**CHAPTERS, "promises": "Promises"} == {"summary": "Summary", **CHAPTERS_OF_REPORT}


def test_a_comment_stands_beside_the_words_it_is_about(
    document: Document, people: People, client: Client
) -> None:
    write(document, "It failed for one in ten.", by=people.owner)
    client.force_login(people.colleague)
    answer = send(client, document, quote="one in ten", text="Which **ones**?")
    thread = Thread.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{draft(document)}#thread-{thread.uid}",
    )
    page = body(get(client, people.owner, draft(document)))
    here = page.split('id="talk-section-summary"', 1)[1].split('class="talk__say"', 1)[0]
    assert "1 comment" in here
    assert "one in ten</span>" in here
    assert "Which <strong>ones</strong>?" in here


def test_the_page_to_comment_on_shows_the_text_as_it_is_read(
    document: Document, people: People, client: Client
) -> None:
    write(document, "It failed for **one in ten**.", by=people.owner)
    item = propose(document, "Alarm at *80* % full", by=people.owner)
    address = reverse("coe_thread_new", args=[document.reference])
    page = get(client, people.colleague, f"{address}?on={SUMMARY}")
    assert "It failed for <strong>one in ten</strong>." in body(page)
    assert f"Comment Summary {document.incident.title}" in words(page)
    assert "Alarm at *80* % full" in body(
        get(client, people.colleague, f"{address}?on={Place(Subject.ACTION, str(item.uid))}")
    )


def test_what_was_typed_is_kept_where_the_quote_is_not_found(
    document: Document, people: People, client: Client
) -> None:
    write(document, "It failed.", by=people.owner)
    client.force_login(people.colleague)
    answer = send(client, document, quote="it burned", text="Why?")
    assert answer.status_code == 422
    page = body(answer)
    assert "These words do not stand here" in page
    assert re.search(r"<textarea name=\"text\"[^>]*>\s*Why\?</textarea>", page)
    assert not Thread.objects.exists()


def test_a_page_that_was_sent_before_keeps_the_other_words_for_a_comment_of_their_own(
    document: Document, people: People, client: Client
) -> None:
    client.force_login(people.colleague)
    uid = str(uuid4())
    assert send(client, document, uid=uid, text="First.").status_code == 303
    answer = send(client, document, uid=uid, text="Second.")
    assert answer.status_code == 409
    again = re.search(r'name="uid" value="([\w-]+)"', body(answer))
    assert again is not None
    assert send(client, document, uid=again[1], text="Second.").status_code == 303
    assert Thread.objects.count() == 2


def test_a_must_is_offered_to_those_who_were_asked_to_review_alone(
    document: Document, people: People, client: Client
) -> None:
    asked_to_review(document, people.stranger)
    for person, offers in ((people.stranger, True), (people.colleague, False)):
        page = body(get(client, person, draft(document)))
        assert ('value="must"' in page) is offers
        answer = send(client, document, kind="must", text="Say how many.")
        assert answer.status_code == (303 if offers else 422)
    page = words(get(client, people.owner, draft(document)))
    assert "1 must holds approval back." in page


def test_a_suggestion_shows_what_it_changes_and_is_taken_with_one_click_by_authors(
    document: Document, people: People, client: Client
) -> None:
    write(document, "It failed for one in ten.", by=people.owner)
    thread = suggest(document, "one in ten", "two in ten", by=people.colleague)
    shown = body(get(client, people.owner, page_of(thread)))
    assert "<del>one</del><ins>two</ins> in ten" in shown
    assert page_of(thread, "take") in shown
    assert page_of(thread, "take") not in body(get(client, people.colleague, page_of(thread)))
    assert client.post(page_of(thread, "take")).status_code == 403
    client.force_login(people.owner)
    answer = client.post(page_of(thread, "take"), {"back": "draft"})
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{draft(document)}#thread-{thread.uid}",
    )
    assert text_of(document) == "It failed for two in ten."
    assert "Taken over by Owner" in words(client.get(page_of(thread)))
    page = body(client.get(draft(document)))
    settled = page.split(f'id="thread-{thread.uid}"', 1)[1].split("</li>", 1)[0]
    assert "taken over by Owner" in settled


def test_a_suggestion_whose_words_changed_answers_409_and_changes_nothing(
    document: Document, people: People, client: Client
) -> None:
    write(document, "It failed.", by=people.owner)
    thread = suggest(document, "failed", "was slow", by=people.colleague)
    write(document, "It burned.", by=people.contributor)
    client.force_login(people.owner)
    answer = client.post(page_of(thread, "take"))
    assert answer.status_code == 409
    assert "do not stand there any more" in words(answer)
    assert text_of(document) == "It burned."
    assert "cannot be taken over any more" in words(client.get(page_of(thread)))


def test_who_settles_what_is_settled_is_told_by_whom_and_keeps_what_they_typed(
    document: Document, people: People, client: Client
) -> None:
    thread = ask(document, by=people.colleague)
    client.force_login(people.owner)
    assert client.post(page_of(thread, "resolve"), {"note": ""}).status_code == 422
    resolve_thread(thread, by=people.colleague)
    answer = client.post(page_of(thread, "resolve"), {"note": "Said so above."})
    assert answer.status_code == 409
    assert "Colleague has settled this meanwhile." in words(answer)
    assert "Said so above." in words(answer)
    reply = client.post(page_of(thread, "reply"), {"uid": uuid4(), "text": "Thanks."})
    assert reply.status_code == 303
    assert "The thread stays settled." in words(client.get(reply["Location"]))


def test_the_list_shows_what_is_open_what_must_be_and_what_is_mine(
    document: Document, people: People, client: Client
) -> None:
    asked_to_review(document, people.stranger)
    demand(document, "Say how many.", by=people.stranger)
    question = ask(document, by=people.colleague, text="Which ones?")
    done = ask(document, by=people.colleague, text="Who noticed?")
    resolve_thread(done, by=people.colleague)
    add_message(question, uid=uuid4(), text="Those in Oregon.", by=people.owner)
    said = {"Say how many.", "Which ones?", "Who noticed?"}
    for show, expected in {
        "open": {"Say how many.", "Which ones?"},
        "musts": {"Say how many."},
        "mine": {"Which ones?"},
        "all": said,
        "nonsense": {"Say how many.", "Which ones?"},
    }.items():
        address = f"{reverse('coe_threads', args=[document.reference])}?show={show}"
        page = words(get(client, people.owner, address))
        assert {each for each in said if each in page} == expected, show


def test_an_approved_coe_shows_what_was_said_and_takes_no_more(
    document: Document, people: People, client: Client
) -> None:
    thread = ask(document, by=people.colleague, text="Which ones?")
    bring_to(document, State.APPROVED, people)
    for address in (draft(document), page_of(thread)):
        page = get(client, people.colleague, address)
        assert "Which ones?" in words(page)
        assert "/review/threads/open/" not in body(page)
        assert "/reply/" not in body(page)
    assert "so what was said about it stands as well" in words(client.get(page_of(thread)))
    late = {"kind": "suggestion", "quote": "failed", "replacement": "was slow", "text": ""}
    answer = send(client, document, **late)
    assert answer.status_code == 409
    assert "was slow" in words(answer)
    reply = client.post(page_of(thread, "reply"), {"uid": uuid4(), "text": "Those."})
    assert reply.status_code == 409
    assert "Those." in words(reply)


def test_nothing_that_was_said_is_published_or_printed(
    document: Document, people: People, client: Client
) -> None:
    ask(document, by=people.colleague, text="Between us")
    publish_draft(document, people)
    for ending in ("", "md", "json"):
        address = f"/coes/{document.reference}{'.' if ending else '/'}{ending}"
        for person in (people.owner, people.stranger):
            assert "Between us" not in body(get(client, person, address))


def test_in_a_restricted_coe_who_takes_no_part_learns_of_nothing(
    document: Document, people: People, client: Client
) -> None:
    thread = ask(document, by=people.colleague)
    state_facts(document, by=people.owner, is_restricted=True)
    for address in (page_of(thread), reverse("coe_threads", args=[document.reference])):
        assert get(client, people.colleague, address).status_code == 404
        assert get(client, people.contributor, address).status_code == 200


def test_a_thread_of_another_coe_is_not_found_in_this_one(
    document: Document, people: People, client: Client
) -> None:
    assert (
        get(
            client, people.owner, reverse("coe_thread", args=[document.reference, uuid4()])
        ).status_code
        == 404
    )


NO_CAUSE = "cause:0b5f1c9e-54f4-4d0c-8a4b-6c9f0a7d1e22"


@pytest.mark.parametrize(
    "on", ["chapter:impact", "section:secrets", "entry:none", "whole:a", NO_CAUSE, ""]
)
def test_what_is_no_place_of_the_coe_is_not_found(
    document: Document, people: People, client: Client, on: str
) -> None:
    address = reverse("coe_thread_new", args=[document.reference])
    assert get(client, people.owner, f"{address}?on={on}").status_code == 404


def test_the_form_of_a_row_comes_alone_for_htmx_and_as_a_page_without_it(
    document: Document, people: People, client: Client
) -> None:
    item = propose(document, "Add an alarm", by=people.owner)
    address = f"{reverse('coe_thread_new', args=[document.reference])}?on=action:{item.uid}"
    assert address in body(get(client, people.colleague, draft(document)))
    assert "<html" in body(client.get(address))
    fragment = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in body(fragment)
    assert 'name="back" value="draft"' in body(fragment)


def test_the_page_is_read_in_as_many_queries_whatever_is_said(
    document: Document, people: People, client: Client
) -> None:
    write(document, "It failed for one in ten.", by=people.owner)
    item = propose(document, "Add an alarm", by=people.owner)
    row = Place(Subject.ACTION, str(item.uid))
    client.force_login(people.colleague)
    for _ in range(2):
        ask(document, by=people.colleague, quote="one in ten")
        ask(document, by=people.owner, place=row)
    client.get(draft(document))
    few = _counted(client, draft(document))
    for _ in range(148):
        ask(document, by=people.colleague, quote="one in ten")
        ask(document, by=people.owner, place=row)
    assert _counted(client, draft(document)) == few
    assert fresh(document).threads.count() == 300


def _counted(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)

from uuid import uuid4

import pytest

from coe.discussion.models import Message, Thread
from coe.discussion.queries import open_musts
from coe.discussion.services import Rests, add_message, resolve_thread
from coe.discussion.suggestions import QuoteGone, take_suggestion
from coe.documents.models import Document
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict
from tests.discussion.talk import ask, asked_to_review, demand, suggest, text_of
from tests.documents.rivals import at_once
from tests.people import People
from tests.reviews.racing import overtaken
from tests.reviews.steps import approve, fresh, submit, write

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_settle_at_once_the_second_is_told_who_was_first(
    document: Document, people: People
) -> None:
    thread = ask(document, by=people.colleague)
    late = overtaken(
        lambda: resolve_thread(thread, by=people.colleague),
        then=lambda: resolve_thread(thread, note="Said so in the summary.", by=people.owner),
    )
    assert isinstance(late.error, StaleAnswer)
    assert late.error.reason == "Colleague has settled this meanwhile."
    assert Thread.objects.get().resolution_note == ""


def test_a_suggestion_that_two_take_at_once_is_taken_once(
    document: Document, people: People
) -> None:
    write(document, "It failed.", by=people.owner)
    thread = suggest(document, "failed", "failed twice", by=people.colleague)
    both = at_once(
        lambda: take_suggestion(thread, by=people.owner),
        lambda: take_suggestion(thread, by=people.contributor),
    )
    assert [each.error for each in both] == [None, None]
    assert text_of(document) == "It failed twice."


def test_who_takes_while_the_text_is_saved_overwrites_nothing(
    document: Document, people: People
) -> None:
    write(document, "It failed.", by=people.owner)
    thread = suggest(document, "failed", "was slow", by=people.colleague)
    late = overtaken(
        lambda: write(document, "It failed for one in ten.", by=people.contributor),
        then=lambda: take_suggestion(thread, by=people.owner),
    )
    assert isinstance(late.error, Conflict | QuoteGone)
    assert text_of(document) == "It failed for one in ten."
    assert Thread.objects.get().is_open


def test_who_saves_while_a_suggestion_is_taken_clashes_with_it(
    document: Document, people: People
) -> None:
    write(document, "It failed.", by=people.owner)
    thread = suggest(document, "failed", "was slow", by=people.colleague)
    late = overtaken(
        lambda: take_suggestion(thread, by=people.owner),
        then=lambda: write(document, "It burned.", by=people.contributor),
    )
    assert isinstance(late.error, Conflict)
    assert text_of(document) == "It was slow."


def test_a_reply_to_what_is_settled_at_this_moment_is_kept_and_it_stays_settled(
    document: Document, people: People
) -> None:
    thread = ask(document, by=people.colleague)
    both = at_once(
        lambda: resolve_thread(thread, by=people.colleague),
        lambda: add_message(thread, uid=uuid4(), text="One more thing.", by=people.owner),
    )
    assert [each.error for each in both] == [None, None]
    assert (Thread.objects.get().is_open, Message.objects.count()) == (False, 2)


def test_a_must_is_either_seen_by_who_approves_or_shut_out(
    document: Document, people: People
) -> None:
    reviewer = asked_to_review(document, people.stranger)
    submit(document, by=people.owner)
    late = overtaken(
        lambda: approve(document, by=people.manager), then=lambda: demand(document, by=reviewer)
    )
    assert isinstance(late.error, Rests)
    assert not open_musts(fresh(document))

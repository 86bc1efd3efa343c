from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from coe.accounts.models import User
from coe.discussion.models import Message, Subject, Thread
from coe.discussion.places import WHOLE, Place
from coe.discussion.queries import open_musts, threads_of
from coe.discussion.services import (
    PlaceGone,
    Rests,
    Said,
    add_message,
    open_thread,
    reopen_thread,
    resolve_thread,
)
from coe.discussion.suggestions import QuoteGone, take_suggestion
from coe.documents.models import Document, Participant, State
from coe.documents.rows import remove_row
from coe.documents.services import remove_participant
from coe.history.models import Action, HistoryEvent
from coe.notices.models import Kind, Notice
from coe.reviews.services import discard_draft
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict
from tests.discussion.talk import SUMMARY, ask, asked_to_review, demand, suggest, text_of
from tests.people import People
from tests.reviews.steps import bring_to, digest_on_screen, propose, reopen, state_facts, write


def test_a_thread_keeps_the_words_it_is_about_and_who_said_what(
    document: Document, people: People
) -> None:
    write(document, "It **failed** for one in ten.", by=people.owner)
    thread = ask(document, by=people.colleague, quote="failed for one", text="Which ones?")
    add_message(thread, uid=uuid4(), text="Those in Oregon.", by=people.contributor)
    (told,) = threads_of(document)
    assert (told.thread.quote, told.is_gone, told.held.called) == (
        "**failed** for one",
        False,
        "Summary",
    )
    assert [(each.author, each.text) for each in told.messages] == [
        (people.colleague, "Which ones?"),
        (people.contributor, "Those in Oregon."),
    ]


def test_a_quote_stays_where_it_is_and_says_so_when_it_is_gone(
    document: Document, people: People
) -> None:
    write(document, "It failed for one in ten.", by=people.owner)
    ask(document, by=people.colleague, quote="one in ten")
    write(document, "At nine it failed, we think, for one in ten customers.", by=people.owner)
    assert [each.is_gone for each in threads_of(document)] == [False]
    write(document, "At nine it failed for many.", by=people.owner)
    assert [each.is_gone for each in threads_of(document)] == [True]


def test_a_thread_outlives_the_row_it_is_about(document: Document, people: People) -> None:
    item = propose(document, "Add an alarm", by=people.owner)
    place = Place(Subject.ACTION, str(item.uid))
    ask(document, by=people.colleague, place=place, quote="alarm")
    assert threads_of(document)[0].held.called == "Action item “Add an alarm”"
    remove_row(item, version=item.version, by=people.owner)
    (told,) = threads_of(document)
    assert (told.held.called, told.is_gone) == ("Action item, which was removed", True)
    with pytest.raises(PlaceGone):
        ask(document, by=people.colleague, place=place)


def test_quoted_words_have_to_stand_there_and_in_one_place(
    document: Document, people: People
) -> None:
    write(document, "It failed. Then it failed again.", by=people.owner)
    with pytest.raises(ValidationError, match="do not stand here"):
        ask(document, by=people.owner, quote="it burned")
    with pytest.raises(ValidationError, match="stand here 2 times"):
        ask(document, by=people.owner, quote="failed")
    thread = ask(document, by=people.owner, quote="failed", before="Then it ", after=" again")
    assert thread.before == "It failed. Then it "


def test_opening_the_same_thread_twice_opens_it_once(document: Document, people: People) -> None:
    uid, said = uuid4(), Said(kind="question", text="Why?")
    first = open_thread(document, uid=uid, place=WHOLE, said=said, by=people.colleague)
    again = open_thread(document, uid=uid, place=WHOLE, said=said, by=people.colleague)
    assert (again.pk, Message.objects.count()) == (first.pk, 1)
    other = Said(kind="question", text="Why not?")
    with pytest.raises(Conflict):
        open_thread(document, uid=uid, place=WHOLE, said=other, by=people.colleague)
    message = uuid4()
    add_message(first, uid=message, text="Because.", by=people.owner)
    add_message(first, uid=message, text="Because.", by=people.owner)
    assert Message.objects.count() == 2
    with pytest.raises(Conflict):
        add_message(first, uid=message, text="No.", by=people.owner)


def test_what_is_said_is_no_part_of_what_is_judged(document: Document, people: People) -> None:
    write(document, "It failed.", by=people.owner)
    before = digest_on_screen(document)
    ask(document, by=people.colleague, quote="failed")
    assert digest_on_screen(document) == before


def test_the_history_says_that_something_was_said_and_none_of_its_words(
    document: Document, people: People
) -> None:
    thread = ask(document, by=people.colleague, text="hunter2")
    resolve_thread(thread, note="hunter2", by=people.owner)
    told = HistoryEvent.objects.filter(document=document, subject="thread").select_related("text")
    assert [each.action for each in told] == [Action.ADDED, Action.CHANGED]
    assert not any("hunter2" in str(each.text.content) for each in told)


def test_musts_are_opened_by_those_who_were_asked_to_review_and_hold_until_settled(
    document: Document, people: People
) -> None:
    for person in (people.owner, people.contributor, people.colleague, people.director):
        with pytest.raises(PermissionDenied):
            demand(document, by=person)
    must = demand(document, by=asked_to_review(document, people.stranger))
    question = ask(document, by=people.stranger)
    assert list(open_musts(document)) == [must]
    resolve_thread(must, note="It is said now.", by=people.owner)
    assert not open_musts(document)
    reopen_thread(must, by=people.stranger)
    assert list(open_musts(document)) == [must]
    assert question.is_open


def test_a_thread_is_settled_by_who_opened_it_or_by_the_owner_who_says_why(
    document: Document, people: People
) -> None:
    thread = ask(document, by=people.colleague)
    for person in (people.contributor, people.manager):
        with pytest.raises(PermissionDenied):
            resolve_thread(thread, note="Settled.", by=person)
    with pytest.raises(ValidationError, match="Colleague can agree"):
        resolve_thread(thread, note=" ", by=people.owner)
    settled = resolve_thread(thread, by=people.colleague)
    assert (settled.resolved_by, settled.resolution_note) == (people.colleague, "")
    assert resolve_thread(thread, by=people.colleague).resolved_at == settled.resolved_at
    with pytest.raises(StaleAnswer, match="Colleague has settled"):
        resolve_thread(thread, note="Mine.", by=people.owner)


def test_a_reply_to_what_was_settled_is_kept_and_leaves_it_settled(
    document: Document, people: People
) -> None:
    thread = ask(document, by=people.colleague)
    resolve_thread(thread, by=people.colleague)
    add_message(thread, uid=uuid4(), text="One more thing.", by=people.contributor)
    (told,) = threads_of(document)
    assert (told.thread.is_open, len(told.messages)) == (False, 2)


def test_strangers_say_nothing_and_who_lost_sight_says_no_more(
    document: Document, people: People
) -> None:
    thread = ask(document, by=asked_to_review(document, people.stranger))
    remove_participant(
        document, user=people.stranger, role=Participant.Role.REVIEWER, by=people.owner
    )
    for act in (
        lambda: ask(document, by=people.stranger),
        lambda: add_message(thread, uid=uuid4(), text="And?", by=people.stranger),
        lambda: resolve_thread(thread, by=people.stranger),
        lambda: reopen_thread(thread, by=people.stranger),
        lambda: take_suggestion(thread, by=people.stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_what_was_said_about_an_approved_coe_stands_until_it_is_reopened(
    document: Document, people: People
) -> None:
    write(document, "It failed.", by=people.owner)
    thread = suggest(document, "failed", "was slow", by=people.colleague)
    bring_to(document, State.APPROVED, people)
    for act in (
        lambda: ask(document, by=people.colleague),
        lambda: add_message(thread, uid=uuid4(), text="And?", by=people.colleague),
        lambda: resolve_thread(thread, by=people.colleague),
        lambda: take_suggestion(thread, by=people.owner),
    ):
        with pytest.raises(Rests):
            act()
    reopen(document, by=people.owner)
    take_suggestion(thread, by=people.owner)
    assert text_of(document) == "It was slow."


def test_nothing_is_said_about_a_draft_that_was_thrown_away(
    document: Document, people: People
) -> None:
    thread = ask(document, by=people.colleague)
    discard_draft(document, by=people.owner)
    with pytest.raises(Http404):
        add_message(thread, uid=uuid4(), text="And?", by=people.owner)


def test_only_who_may_read_it_is_mentioned_and_told(document: Document, people: People) -> None:
    thread = ask(document, by=people.owner, text="@Colleague, @Stranger, @Director: which?")
    assert told_of(Kind.MENTIONED) == {people.colleague, people.director}
    state_facts(document, by=people.owner, is_restricted=True)
    Notice.objects.all().delete()
    add_message(thread, uid=uuid4(), text="@Colleague @Contributor?", by=people.owner)
    assert told_of(Kind.MENTIONED) == {people.contributor}


def test_who_spoke_is_told_once_of_what_is_said_until_they_look(
    document: Document, people: People
) -> None:
    thread = ask(document, by=people.colleague)
    assert told_of(Kind.ANSWERED) == {people.owner}
    for _ in range(3):
        add_message(thread, uid=uuid4(), text="Hm.", by=people.contributor)
    add_message(thread, uid=uuid4(), text="Yes.", by=people.owner)
    mine = Notice.objects.filter(kind=Kind.ANSWERED)
    assert sorted(each.person.name for each in mine) == ["Colleague", "Contributor", "Owner"]
    assert {each.text for each in mine} == {"Question: Summary"}


def told_of(kind: Kind) -> set[User]:
    return {each.person for each in Notice.objects.filter(kind=kind).select_related("person")}


def test_the_database_keeps_what_was_said(document: Document, people: People) -> None:
    write(document, "It failed.", by=people.owner)
    thread = suggest(document, "failed", "was slow", by=people.colleague)
    add_message(thread, uid=uuid4(), text="Better.", by=people.colleague)
    for statement in (
        "UPDATE coe_thread SET quote = 'burned'",
        "UPDATE coe_thread SET kind = 'question'",
        "DELETE FROM coe_message",
        "UPDATE coe_message SET text = 'Worse.'",
    ):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_suggestion_that_is_taken_stands_in_the_text_under_a_new_version(
    document: Document, people: People
) -> None:
    write(document, "It failed twice. It failed for one in ten.", by=people.owner)
    thread = suggest(document, "failed for one", "was slow for two", by=people.colleague)
    with pytest.raises(PermissionDenied):
        take_suggestion(thread, by=people.colleague)
    take_suggestion(thread, by=people.contributor)
    assert text_of(document) == "It failed twice. It was slow for two in ten."
    last = HistoryEvent.objects.filter(document=document, subject="section").last()
    assert last is not None
    assert (last.actor, last.version) == (people.contributor, 3)
    taken = Thread.objects.get(pk=thread.pk)
    assert (taken.resolved_by, taken.taken_at is not None) == (people.contributor, True)
    take_suggestion(thread, by=people.owner)
    assert text_of(document) == "It failed twice. It was slow for two in ten."
    with pytest.raises(StaleAnswer, match="was taken"):
        reopen_thread(thread, by=people.colleague)


def test_a_suggestion_for_a_row_is_taken_into_the_field_it_quotes(
    document: Document, people: People
) -> None:
    item = propose(document, "Add an alarm", done_when="It rang once", by=people.owner)
    place = Place(Subject.ACTION, str(item.uid))
    thread = suggest(document, "once", "in a drill", by=people.colleague, place=place)
    take_suggestion(thread, by=people.owner)
    item.refresh_from_db()
    assert (item.title, item.done_when, item.version) == ("Add an alarm", "It rang in a drill", 2)


def test_a_suggestion_whose_words_are_gone_is_not_taken(document: Document, people: People) -> None:
    write(document, "It failed.", by=people.owner)
    thread = suggest(document, "failed", "was slow", by=people.colleague)
    write(document, "It was slow.", by=people.owner)
    with pytest.raises(QuoteGone):
        take_suggestion(thread, by=people.owner)
    assert Thread.objects.get(pk=thread.pk).is_open


def test_a_suggestion_needs_words_to_replace_and_others_that_can_be_saved(
    document: Document, people: People
) -> None:
    item = propose(document, "Add an alarm", by=people.owner)
    place = Place(Subject.ACTION, str(item.uid))
    for quote, replacement, said in (
        ("", "More", "Quote the words"),
        ("Add an alarm", "", "nothing would stand here"),
        ("alarm", "alarm", "words that stand there"),
        ("alarm", "alarm\nand more", "one line"),
        ("alarm", "a" * 201, "200 fit"),
    ):
        with pytest.raises(ValidationError, match=said):
            suggest(document, quote, replacement, by=people.colleague, place=place)


def test_three_hundred_threads_are_read_in_as_many_queries_as_three(
    document: Document, people: People, django_assert_num_queries: object
) -> None:
    write(document, "It failed for one in ten.", by=people.owner)
    item = propose(document, "Add an alarm", by=people.owner)
    for number in range(150):
        ask(document, by=people.colleague, quote="one in ten", text=f"Which {number}?")
        ask(document, by=people.owner, place=Place(Subject.ACTION, str(item.uid)))
    with django_assert_num_queries(4):  # type: ignore[operator]
        told = threads_of(document)
        assert sum(len(each.messages) for each in told) == 300
    assert told[0].place == SUMMARY

"""What was said in the history: told in words that hold none of its own."""

from uuid import uuid4

from django.test import Client

from coe.chronicle.replay import snapshot_at
from coe.discussion.services import add_message, reopen_thread, resolve_thread
from coe.discussion.suggestions import take_suggestion
from coe.documents.models import Document
from coe.history.models import HistoryEvent
from coe.snapshots.build import build_snapshot
from tests.discussion.talk import ask, suggest
from tests.library.pages import get, words
from tests.people import People
from tests.reviews.steps import write


def test_a_sitting_says_how_much_was_said_and_settled(
    document: Document, people: People, client: Client
) -> None:
    thread = ask(document, by=people.colleague, text="hunter2")
    add_message(thread, uid=uuid4(), text="hunter3", by=people.colleague)
    ask(document, by=people.colleague, text="hunter4")
    resolve_thread(thread, by=people.colleague)
    reopen_thread(thread, by=people.colleague)
    page = words(get(client, people.owner, f"/coes/{document.reference}/history/"))
    assert "Colleague spoke in 2 threads, settled or reopened 1 thread" in page
    assert "hunter" not in page


def test_a_replay_minds_nothing_that_was_said(document: Document, people: People) -> None:
    write(document, "It failed.", by=people.owner)
    thread = suggest(document, "failed", "was slow", by=people.colleague)
    take_suggestion(thread, by=people.owner)
    last = HistoryEvent.objects.filter(document=document).latest("pk").pk
    assert snapshot_at(document, last) == build_snapshot(document)
    assert snapshot_at(document, last).section("summary") == "It was slow."

"""A secret that was pasted into a discussion is removed there as well."""

from uuid import uuid4

from django.test import Client

from coe.administration.redaction import find_secret, remove_secret
from coe.discussion.models import Message, Thread
from coe.discussion.queries import threads_of
from coe.discussion.services import add_message, resolve_thread
from coe.documents.models import Document
from coe.history.models import Action, HistoryEvent
from tests.discussion.talk import ask, suggest
from tests.library.pages import body, get, words
from tests.people import People
from tests.reviews.steps import write

SECRET = "hunter2"


def test_what_was_said_quoted_or_suggested_with_it_is_emptied_and_nothing_else(
    document: Document, people: People, client: Client
) -> None:
    write(document, f"The password {SECRET} failed for one in ten.", by=people.owner)
    quoting = ask(document, by=people.colleague, quote="for one in ten", text="Which ones?")
    suggest(document, SECRET, "was known and", by=people.colleague)
    other = ask(document, by=people.colleague, text="Who noticed?")
    add_message(other, uid=uuid4(), text=f"Try {SECRET}.", by=people.contributor)
    resolve_thread(other, note=f"It is {SECRET}.", by=people.owner)
    assert find_secret(document, SECRET).said == 4
    remove_secret(document, secret=SECRET, reason="A password", by=people.admin)
    found = find_secret(document, SECRET)
    assert (found.said, found.events, found.parts) == (0, (), ("Summary",))
    assert Thread.objects.get(pk=quoting.pk).before == ""
    said = [each.text for each in Message.objects.order_by("pk")]
    assert said == ["Which ones?", "Who noticed?", ""]
    for told in threads_of(document):
        page = body(get(client, people.owner, f"/coes/{document.reference}/review/threads/"))
        assert SECRET not in page
        address = f"/coes/{document.reference}/review/threads/{told.thread.uid}/"
        assert SECRET not in body(get(client, people.owner, address))


def test_where_no_save_holds_it_what_was_said_is_emptied_and_written_down(
    document: Document, people: People, client: Client
) -> None:
    ask(document, by=people.colleague, text=f"Is {SECRET} still in use?")
    client.force_login(people.admin)
    typed = {"reference": document.reference, "secret": SECRET}
    shown = words(client.post("/administration/redact/", {**typed, "step": "look"}))
    assert "In 1 place of its discussion" in shown
    answer = client.post(
        "/administration/redact/", {**typed, "step": "remove", "reason": "A password"}
    )
    assert answer.status_code == 303
    assert Message.objects.get().text == ""
    event = HistoryEvent.objects.filter(action=Action.REDACTED).latest("pk")
    told = (event.text.content or {})["after"]
    assert told == {"reason": "A password", "events": [], "said": 1}
    page = get(client, people.owner, f"/coes/{document.reference}/history/")
    assert page.status_code == 200

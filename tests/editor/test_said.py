"""In the workspace: how much is said about what one writes, and the way there."""

from django.test import Client

from coe.discussion.models import Subject
from coe.discussion.places import Place
from coe.discussion.services import resolve_thread
from coe.documents.models import Document
from tests.discussion.talk import ask
from tests.editor.conftest import new_cause, new_entry
from tests.library.pages import body, get
from tests.people import People
from tests.reviews.steps import propose


def test_each_panel_and_row_says_how_many_threads_are_open_there(
    document: Document, people: People, client: Client
) -> None:
    by = people.owner
    rows = {
        Subject.ENTRY: new_entry(document, by, "The alarm rang", 1),
        Subject.CAUSE: new_cause(document, by, "The disk was full"),
        Subject.ACTION: propose(document, "Add an alarm", by=by),
    }
    for subject, row in rows.items():
        ask(document, by=people.colleague, place=Place(subject, str(row.uid)))
    ask(document, by=people.colleague, place=Place(Subject.ANSWER, "found-by"))
    settled = ask(document, by=people.colleague)
    first = ask(document, by=people.colleague)
    ask(document, by=people.colleague)
    resolve_thread(settled, by=people.colleague)
    page = body(get(client, by, f"/coes/{document.reference}/edit/"))
    for panel, number in {
        "summary": "2 comments",
        "timeline": "1 comment",
        "causes": "1 comment",
        "actions": "1 comment",
        "questions-detection": "1 comment",
        "lessons": "",
    }.items():
        head = page.split(f'id="{panel}-heading"', 1)[1].split("</header>", 1)[0]
        assert (f">{number}<" in head) if number else ("talk-count" not in head), panel
    for row in rows.values():
        here = page.split(f'id="row-{row.uid}"', 1)[1].split("</li>", 1)[0]
        assert ">1 comment<" in here
    assert f'href="/coes/{document.reference}/draft/#thread-{first.uid}"' in page

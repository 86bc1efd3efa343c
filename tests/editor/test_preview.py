"""The preview of a text that is being written, and the sheet of help, without JavaScript."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coe.documents.contents import Answer
from coe.documents.models import Document, Section, State
from coe.history.models import HistoryEvent
from tests.editor.writer import HTMX, PLAIN, Writer
from tests.editor.writer import Answer as Response

SECTION, DETECTION = "preview/summary/", "preview/questions-detection/"


def typed_section(owner: Writer, text: str, **more: object) -> dict[str, object]:
    return owner.form("sections/summary/") | {"text": text, "preview": "text", **more}


def prose_of(answer: Response) -> str:
    """What stands in the preview, which is the only prose of the page."""
    _, _, rest = answer.text.partition('<section class="preview"')
    _, _, rest = rest.partition('<div class="prose" hx-disable hx-ignore>')
    return rest.partition("</div>")[0].strip()


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_a_preview_shows_the_text_as_readers_will_see_it(owner: Writer, by_htmx: bool) -> None:
    answer = owner.send(SECTION, typed_section(owner, "## Out\r\n\r\n- **one**"), by_htmx=by_htmx)
    assert answer.status == 200
    assert prose_of(answer) == "<h3>Out</h3>\n<ul>\n<li><strong>one</strong></li>\n</ul>"
    assert ("<html" in answer.text) is not by_htmx


def test_the_button_sends_the_form_that_it_stands_in(owner: Writer) -> None:
    buttons = [
        attributes
        for tag, attributes in owner.open().reader.tags
        if tag == "button" and attributes.get("name") == "preview"
    ]
    summary = next(each for each in buttons if each["form"] == "summary-form")
    assert summary["formaction"] == summary["hx-post"] == owner.address(SECTION)
    assert (summary["type"], summary["value"]) == ("submit", "text")


def test_without_javascript_everything_typed_stays_in_its_field(owner: Writer) -> None:
    sent = typed_section(owner, "  kept *as* typed\r\n\r\n> & all")
    answer = owner.send(SECTION, sent)
    fields = answer.form(owner.address("sections/summary/")).fields
    assert fields["text"] == [sent["text"]]
    assert fields["version"] == sent["version"]
    assert "error-summary" not in answer.text


def test_all_answers_of_a_part_stay_and_one_is_shown(owner: Writer, document: Document) -> None:
    first, second = Answer.objects.filter(
        document=document, question__part="detection"
    ).select_related("question")[:2]
    sent = owner.form("questions/detection/")
    sent |= {f"{first.question.slug}-text": "The *first*", f"{second.question.slug}-text": "Two"}
    answer = owner.send(DETECTION, sent | {"preview": f"{first.question.slug}-text"})
    assert (answer.status, prose_of(answer)) == (200, "<p>The <em>first</em></p>")
    again = answer.form(owner.address("questions/detection/")).fields
    assert again[f"{second.question.slug}-text"] == ["Two"]
    assert owner.send("questions/detection/", again).status == 303
    second.refresh_from_db()
    assert second.text == "Two"


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_looking_saves_nothing(owner: Writer, document: Document, by_htmx: bool) -> None:
    before = HistoryEvent.objects.count()
    owner.send(SECTION, typed_section(owner, "Only a look"), by_htmx=by_htmx)
    section = Section.objects.get(document=document, slug="summary")
    assert (section.text, HistoryEvent.objects.count()) == ("", before)


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x" * 100_001, "This has 100,001 characters and 100,000 fit."),
        ("a\nb\x00c", "Line 2 contains a control character (U+0000)"),
    ],
    ids=["too long", "a control character"],
)
def test_what_could_not_be_saved_gets_the_sentence_of_its_field(
    owner: Writer, text: str, sentence: str, by_htmx: bool
) -> None:
    answer = owner.send(SECTION, typed_section(owner, text), by_htmx=by_htmx)
    assert answer.status == 422
    assert sentence in answer.text
    assert prose_of(answer) == ""


def test_nothing_typed_is_said_to_be_nothing(owner: Writer) -> None:
    answer = owner.send(SECTION, typed_section(owner, " \n"), by_htmx=HTMX)
    assert answer.status == 200
    assert "There is nothing to show yet." in answer.text


def test_a_preview_is_no_way_to_run_anything(owner: Writer) -> None:
    text = "<script>a</script> [x](javascript:a) <img src=x onerror=a> ![x](//evil.example/x)"
    answer = owner.send(SECTION, typed_section(owner, text), by_htmx=HTMX)
    assert {tag for tag, _ in answer.reader.tags} == {"section", "p", "div", "a"}
    assert [attributes for tag, attributes in answer.reader.tags if tag == "a"] == [
        {"rel": "noopener noreferrer"}
    ] * 2


@pytest.mark.parametrize(
    "path", ["preview/timeline/", "preview/nothing/", "preview/questions-nothing/"]
)
def test_a_panel_without_such_a_text_has_no_preview(owner: Writer, path: str) -> None:
    assert owner.send(path, {"preview": "text"}).status == 404


def test_a_field_that_is_not_there_has_no_preview(owner: Writer) -> None:
    assert owner.send(SECTION, {"preview": "version"}).status == 404
    assert owner.send(SECTION, {}).status == 404


def test_what_is_approved_can_still_be_looked_at(owner: Writer, document: Document) -> None:
    sent = typed_section(owner, "As it *would* be")
    Document.objects.filter(pk=document.pk).update(state=State.APPROVED)
    assert owner.send(SECTION, sent, by_htmx=HTMX).status == 200


@pytest.mark.parametrize(("path", "name"), [(SECTION, "text"), (DETECTION, "")])
def test_a_preview_asks_the_database_as_often_however_long_the_text(
    owner: Writer, document: Document, path: str, name: str
) -> None:
    found = Answer.objects.filter(document=document, question__part="detection")
    name = name or f"{found.select_related('question')[0].question.slug}-text"
    counts = []
    for text in ("one", "- line\n" * 5_000):
        with CaptureQueriesContext(connection) as captured:
            owner.send(path, {name: text, "preview": name}, by_htmx=HTMX)
        counts.append(len(captured))
    assert counts == [4, 4], "session, person, COE, the texts"


def test_the_sheet_of_help_shows_each_example_as_typed_and_as_read(owner: Writer) -> None:
    page = owner.client.get(reverse("markdown_help")).content.decode()
    assert "<code>**Bold**, *italic* and ~~struck through~~.</code>" in page
    assert "<p><strong>Bold</strong>, <em>italic</em> and <del>struck through</del>.</p>" in page
    assert "<p>2 * 3, # no heading, snake_case</p>" in page


def test_the_sheet_opens_over_a_page_without_a_page_around_it(owner: Writer) -> None:
    answer = owner.client.get(reverse("markdown_help"), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert 'id="markdown-help"' in text

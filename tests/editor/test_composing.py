"""A first draft in the workspace: laid out, marked, refreshed, and never over what was typed."""

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coe.administration.redaction import remove_secret
from coe.documents.contents import ImpactFigure
from coe.documents.models import Document, Form, Section
from coe.documents.rows import add_row, save_row
from coe.documents.services import save_section
from coe.editor.composing import (
    CHANGED_AGAIN,
    NOTHING_TO_SAY,
    SAVED_SINCE,
    THERE_IS_TEXT,
    TYPED_SINCE,
    Draft,
)
from coe.guidance.composer import Composition
from coe.guidance.parts import Mark
from tests.documents.making import approve
from tests.editor.conftest import new_action, new_cause
from tests.editor.test_drafts import aside
from tests.editor.writer import HTMX, PLAIN, Answer, Writer
from tests.history.reading import Told, latest, told
from tests.library.pages import words
from tests.people import People

LAY_OUT = "Lay out a first draft from what is written"
FIRST = """\
Uploads failed for one customer in ten. Uploads that failed: 1,200.

One action item follows:

- Add an alarm (Owner)"""
LATER = FIRST.replace("1,200", "1,300")


@pytest.fixture
def figure(document: Document, people: People) -> ImpactFigure:
    new_action(document, people.owner, "Add an alarm")
    values = {"what": "Uploads that failed", "amount": Decimal(1200), "unit": "uploads"}
    values |= {"source": "measured"}
    return add_row(ImpactFigure, document=document, uid=uuid4(), values=values, by=people.owner)


def set_amount(figure: ImpactFigure, amount: int, people: People) -> None:
    fresh = ImpactFigure.objects.get(pk=figure.pk)
    save_row(fresh, version=fresh.version, values={"amount": Decimal(amount)}, by=people.owner)


def summary(document: Document) -> Section:
    return Section.objects.get(document=document, slug="summary")


def write(document: Document, text: str, people: People) -> None:
    section = summary(document)
    save_section(section, version=section.version, text=text, by=people.contributor)


def form_of(owner: Writer) -> dict[str, Any]:
    return owner.form("sections/summary/")


def look(owner: Writer, *, by_htmx: bool = True) -> Answer:
    headers = {"HX-Request": "true"} if by_htmx else {}
    return Answer(owner.client.get(owner.address("composed/"), headers=headers))  # type: ignore[arg-type]


def offered(owner: Writer) -> dict[str, Any]:
    """What the button of the offer sends, with the form that it belongs to."""
    text = look(owner).text
    assert 'form="summary-form"' in text
    assert f'formaction="{owner.address("lay-out/")}"' in text
    (digest,) = re.findall(r'name="offered"\s+value="(\w{64})"', text)
    return {"offered": digest}


def lay_out(owner: Writer, **more: Any) -> Answer:
    return owner.send("lay-out/", form_of(owner) | more)


@pytest.mark.usefixtures("figure")
@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_an_empty_summary_is_laid_out_with_one_button_and_recorded(
    document: Document, owner: Writer, by_htmx: bool
) -> None:
    assert LAY_OUT in words(owner.open().response)
    since = latest(document)
    answer = owner.send("lay-out/", form_of(owner) | {"offered": ""}, by_htmx=by_htmx)
    assert answer.status == (200 if by_htmx else 303)
    if by_htmx:
        assert answer.is_panel("summary")
        assert "saved" in answer.response["HX-Trigger"]
    section = summary(document)
    assert (section.text, section.composed, section.version) == (FIRST, FIRST, 2)
    before, after = {"text": ""}, {"text": FIRST}
    assert told(document, since=since) == [Told("changed", "section", "summary", 2, before, after)]
    page = owner.open()
    assert LAY_OUT not in words(page.response)
    assert form_of(owner)["text"] == [FIRST]


@pytest.mark.usefixtures("figure")
def test_its_numbers_are_marked_until_somebody_touches_it(
    document: Document, owner: Writer, people: People
) -> None:
    lay_out(owner)
    for by_htmx in (HTMX, PLAIN):
        said = words(look(owner, by_htmx=by_htmx).response)
        assert "1,200 the figure “Uploads that failed”" in said
        assert "One action item counted" in said
    write(document, FIRST.replace("Uploads failed", "Many uploads failed"), people)
    assert "the figure" not in words(look(owner).response)


def test_there_has_to_be_something_to_lay_out(owner: Writer, document: Document) -> None:
    assert LAY_OUT not in words(owner.open().response)
    assert LAY_OUT not in words(look(owner).response)
    answer = lay_out(owner)
    assert answer.status == 409
    assert NOTHING_TO_SAY in words(answer.response)
    assert summary(document).text == ""


def test_the_button_comes_as_soon_as_something_is_written(
    owner: Writer, document: Document, people: People
) -> None:
    assert 'hx-trigger="saved from:body"' in look(owner).text
    new_cause(document, people.owner, "It was full")
    assert LAY_OUT in words(look(owner).response)
    write(document, "Mine.", people)
    assert "hx-trigger" not in look(owner).text
    assert LAY_OUT not in words(owner.open().response)


@pytest.mark.usefixtures("figure")
@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_text_that_is_there_by_now_is_never_written_over(
    owner: Writer, document: Document, people: People, by_htmx: bool
) -> None:
    form = form_of(owner)
    typed = owner.send("lay-out/", form | {"text": "Typed, not saved"}, by_htmx=by_htmx)
    assert typed.status == 409
    assert THERE_IS_TEXT in words(typed.response)
    assert typed.form(owner.address("sections/summary/")).fields["text"] == ["Typed, not saved"]
    assert summary(document).text == ""
    write(document, "Theirs.", people)
    saved = owner.send("lay-out/", form, by_htmx=by_htmx)
    assert saved.status == 409
    assert THERE_IS_TEXT in words(saved.response)
    assert saved.form(owner.address("sections/summary/")).fields["text"] == ["Theirs."]
    assert summary(document).text == "Theirs."


@pytest.mark.usefixtures("figure")
def test_pressing_twice_is_once(owner: Writer, document: Document) -> None:
    form = form_of(owner)
    assert [owner.send("lay-out/", form).status for _ in range(2)] == [303, 303]
    assert summary(document).version == 2


@pytest.mark.usefixtures("figure")
@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_what_was_typed_while_another_author_laid_it_out_meets_it(
    owner: Writer, contributor: Writer, document: Document, by_htmx: bool
) -> None:
    form = form_of(owner)
    lay_out(contributor)
    answer = owner.send("lay-out/", form | {"text": "Typed, not saved"}, by_htmx=by_htmx)
    assert answer.status == 409
    assert "Contributor saved this on" in words(answer.response)
    assert "Typed, not saved" in words(answer.response)
    assert aside(document) == [("Owner", {"text": "Typed, not saved"})]
    mine = answer.reader.way("mine")
    assert mine.attributes["action"] == owner.address("sections/summary/")
    assert summary(document).text == FIRST
    assert owner.send("sections/summary/", mine.fields).status == 303
    assert summary(document).text == "Typed, not saved"


def test_a_refresh_pressed_twice_is_once_and_takes_nothing_that_was_typed(
    owner: Writer, contributor: Writer, document: Document, people: People, figure: ImpactFigure
) -> None:
    lay_out(owner)
    mine = FIRST.replace("in ten.", "in ten, all of them in Europe.")
    write(document, mine, people)
    set_amount(figure, 1300, people)
    sent = form_of(owner) | offered(owner)
    assert [each.send("lay-out/", sent).status for each in (contributor, owner)] == [303, 303]
    assert summary(document).version == 4
    more = {"text": f"{mine} And more."}
    answer = owner.send("lay-out/", sent | more)
    assert answer.status == 409
    assert aside(document) == [("Owner", more)]
    assert summary(document).text == mine.replace("1,200", "1,300")


def test_what_is_approved_is_not_laid_out(
    owner: Writer, document: Document, figure: ImpactFigure
) -> None:
    form = form_of(owner)
    approve(document)
    assert owner.send("lay-out/", form).status == 409
    assert LAY_OUT not in words(look(owner).response)
    assert summary(document).text == ""


def test_what_cannot_be_stored_is_refused_at_its_field(
    owner: Writer, document: Document, figure: ImpactFigure
) -> None:
    answer = lay_out(owner, text="half of a \ufffd")
    assert answer.status == 422
    assert summary(document).text == ""


def test_a_refresh_is_offered_when_a_field_changes_and_shows_what_it_would_do(
    owner: Writer, document: Document, people: People, figure: ImpactFigure
) -> None:
    lay_out(owner)
    assert "The facts changed" not in words(look(owner).response)
    set_amount(figure, 1300, people)
    answer = look(owner)
    assert "The facts changed since this was laid out" in words(answer.response)
    assert "<del>1,200</del><ins>1,300</ins>" in answer.text
    assert lay_out(owner, **offered(owner)).status == 303
    section = summary(document)
    assert (section.text, section.composed) == (LATER, LATER)
    assert "The facts changed" not in words(look(owner).response)


def test_what_was_typed_survives_a_refresh(
    owner: Writer, document: Document, people: People, figure: ImpactFigure
) -> None:
    lay_out(owner)
    mine = FIRST.replace("in ten.", "in ten, all of them in Europe.")
    write(document, mine, people)
    assert "The facts changed" not in words(look(owner).response)
    set_amount(figure, 1300, people)
    said = words(look(owner).response)
    assert "What you wrote stays." in said
    assert "Take these changes over" in said
    lay_out(owner, **offered(owner))
    section = summary(document)
    assert section.text == mine.replace("1,200", "1,300")
    assert section.composed == LATER
    set_amount(figure, 1400, people)
    lay_out(owner, **offered(owner))
    assert summary(document).text == mine.replace("1,200", "1,400")


def test_where_both_changed_the_same_it_is_said_and_nothing_is_offered(
    owner: Writer, document: Document, people: People, figure: ImpactFigure
) -> None:
    lay_out(owner)
    write(document, FIRST.replace("1,200", "about 1,000"), people)
    set_amount(figure, 1300, people)
    seen = look(owner)
    assert "The facts changed since it was laid out" in words(seen.response)
    assert "<del>1,200</del><ins>1,300</ins>" in seen.text
    assert "offered" not in seen.text


def test_what_is_taken_is_what_was_shown(
    owner: Writer, document: Document, people: People, figure: ImpactFigure
) -> None:
    lay_out(owner)
    set_amount(figure, 1300, people)
    shown = offered(owner)
    set_amount(figure, 1400, people)
    answer = lay_out(owner, **shown)
    assert answer.status == 409
    assert CHANGED_AGAIN in words(answer.response)
    set_amount(figure, 1200, people)
    assert CHANGED_AGAIN in words(lay_out(owner, **shown).response)
    assert summary(document).text == FIRST


def test_what_was_typed_or_saved_since_the_offer_is_never_lost(
    owner: Writer, document: Document, people: People, figure: ImpactFigure
) -> None:
    lay_out(owner)
    set_amount(figure, 1300, people)
    shown, form = offered(owner), form_of(owner)
    typed = owner.send("lay-out/", form | shown | {"text": FIRST + " And more."})
    assert typed.status == 409
    assert TYPED_SINCE in words(typed.response)
    kept = typed.form(owner.address("sections/summary/")).fields["text"]
    assert kept == [FIRST + " And more."]
    write(document, "Theirs.", people)
    late = owner.send("lay-out/", form | shown)
    assert SAVED_SINCE in words(late.response)
    assert summary(document).text == "Theirs."


@pytest.mark.usefixtures("figure")
def test_next_proposes_it_in_a_light_coe(owner: Writer, document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(form=Form.LIGHT)
    page = words(owner.open().response)
    assert "Lay out the summary from what is written" in page
    assert "Write the summary last: it will be read first" not in page
    lay_out(owner)
    assert "Lay out the summary" not in words(owner.open().response)


@pytest.mark.usefixtures("figure")
def test_the_page_asks_no_more_for_it_and_the_look_beside_it_a_fixed_number(
    owner: Writer, document: Document
) -> None:
    """The page as tests/editor/test_query_counts.py counts it, without causes and so without their
    action items. The look: session, person, COE and its sections; 1 for the limits of the guide,
    12 for the snapshot."""
    owner.open()
    with CaptureQueriesContext(connection) as empty:
        owner.open()
    lay_out(owner)
    with CaptureQueriesContext(connection) as laid_out:
        owner.open()
    assert len(laid_out) == len(empty) == 28
    with CaptureQueriesContext(connection) as asked:
        look(owner)
    assert len(asked) == 17


def test_a_secret_that_is_removed_is_removed_from_what_was_laid_out_as_well(
    owner: Writer, document: Document, people: People
) -> None:
    section = Section.objects.get(document=document, slug="impact")
    save_section(section, version=1, text="Log in with hunter2.", by=people.owner)
    lay_out(owner)
    assert "hunter2" in summary(document).composed
    remove_secret(document, secret="hunter2", reason="A password", by=people.admin)
    assert summary(document).composed == ""


def draft(text: str, composed: str, now: str) -> Draft:
    return Draft(text, composed, Composition(now, (Mark("2", "the title", "facts"),)))


@pytest.mark.parametrize(
    ("text", "composed", "now", "offer"),
    [
        ("", "", "Now.", "Now."),
        (" ", "", "Now.", "Now."),
        ("", "", "", None),
        ("", "Then.", "Now.", "Now."),
        ("Mine.", "", "Now.", None),
        ("Now.", "Now.", "Now.", None),
        ("Then.", "Then.", "Now.", "Now."),
        ("Then.", "Then.", "", None),
        ("Mine, of then.", "Then.", "", None),
        ("One two. I say so.", "One two.", "One three.", None),
        ("I say: one two three four.", "one two three four.", "one two three five.",
         "I say: one two three five."),
        ("one two mine four.", "one two three four.", "one two other four.", None),
        ("Mine alone.", "one two three four.", "one two three four.", None),
    ],
)  # fmt: skip
def test_what_is_offered(text: str, composed: str, now: str, offer: str | None) -> None:
    assert draft(text, composed, now).offer == offer


@pytest.mark.parametrize(
    ("text", "composed", "now", "is_news"),
    [
        ("one two mine four.", "one two three four.", "one two other four.", True),
        ("one two other four.", "one two three four.", "one two other four.", False),
        ("one two mine four.", "one two three four.", "one two three four.", False),
        ("one two three four.", "one two three four.", "one two other four.", False),
        ("one two mine four.", "", "one two other four.", False),
        ("one two mine four.", "one two three four.", "", False),
        (" ", "one two three four.", "one two other four.", False),
    ],
)
def test_what_is_told_where_it_would_be_in_the_way(
    text: str, composed: str, now: str, is_news: bool
) -> None:
    assert bool(draft(text, composed, now).news) == is_news


def test_marks_are_those_of_the_numbers_that_stand_there_untouched() -> None:
    assert [each.words for each in draft("It took 2 h.", "It took 2 h.", "It took 2 h.").marks] == [
        "2"
    ]
    assert draft("It took 3 h.", "It took 3 h.", "It took 2 h.").marks == ()
    assert draft("It took 2 h, I say.", "It took 2 h.", "It took 2 h.").marks == ()
    assert draft("", "", "It took 2 h.").marks == ()

"""What others save is told to those who have the workspace open, once, and nothing that is not."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils.timezone import now

from coe.documents.models import Document, Form, State
from coe.documents.services import add_contributor, grow_document
from coe.history.known import Known, known_now, read_known
from coe.history.models import Action, HistoryEvent
from coe.history.services import record
from coe.reviews.services import hand_over_document
from coe.reviews.workflow import make_transition
from tests.editor.conftest import new_entry
from tests.editor.kinds import ADDS, EDITS, Kind
from tests.editor.page import Page
from tests.editor.writer import signed_in
from tests.people import People
from tests.reviews.steps import make_submittable, write

CLOCK = r"\d\d:\d\d\."


@pytest.fixture
def page(people: People, document: Document) -> Page:
    """The owner's, just loaded."""
    page = Page(signed_in(people.owner), document)
    page.load()
    return page


@pytest.fixture
def other(people: People, document: Document) -> Page:
    """The contributor's."""
    return Page(signed_in(people.contributor), document)


def told(page: Page) -> dict[str, str]:
    """The news without their times."""
    return {panel: re.sub(rf" {CLOCK}$", "", words) for panel, words in page.ping().news.items()}


TITLES = {
    "facts": "Facts",
    "milestones": "Milestones",
    "summary": "Summary",
    "impact": "Impact",
    "metrics": "Metrics",
    "questions-detection": "Detection",
    "figures": "Figures",
    "safeguards": "Safeguards",
    "lessons": "Lessons",
    "related": "Related items",
    "timeline": "Timeline",
    "causes": "Causes",
    "actions": "Action items",
}


@pytest.mark.parametrize("kind", [*EDITS, *ADDS], ids=str)
def test_what_one_saves_is_news_to_the_other_at_its_panel_and_only_once(
    other: Page, people: People, document: Document, rows: dict[str, Any], kind: Kind
) -> None:
    page = Page(signed_in(people.owner), document)
    page.load()
    kind = kind.on(rows)
    assert other.save(kind.path, kind.query, **kind.typed).status == 303
    assert told(page) == {kind.panel: f"Contributor changed {TITLES[kind.panel]}"}
    assert told(page) == {}


def test_the_news_say_when_in_the_zone_of_the_coe_and_lead_to_the_panel(
    page: Page, people: People, document: Document
) -> None:
    event = record_at(document, people, "2026-11-14 22:03:40")
    answer = page.send("here/", {"since": f"{event.pk - 1}"})
    reference = document.reference
    assert '<time datetime="2026-11-14T22:03:00Z">14:03</time>.' in answer.text
    assert f'href="/coes/{reference}/edit/?section=summary#summary"' in answer.text
    assert f'hx-get="/coes/{reference}/edit/?close=summary"' in answer.text


def record_at(
    document: Document, people: People, at: str = "", pk: int | None = None
) -> HistoryEvent:
    """An event of the contributor's, as if it had happened then (UTC) and been numbered so."""
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC) if at else now()
    return HistoryEvent.objects.create(
        pk=pk,
        at=moment,
        actor=people.contributor,
        action=Action.CHANGED,
        document=document,
        subject="section",
        subject_key="summary",
        content_hash="",
    )


@pytest.mark.parametrize("panel", ["facts", "people", "summary", "questions-impact", "timeline"])
def test_any_panel_can_be_read_again_alone(page: Page, panel: str) -> None:
    address = f"{page.page_address}?close={panel}"
    answer = page.client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert re.match(rf'\s*<section class="section"\s+id="{panel}"', answer)
    assert "<html" not in answer


def test_ones_own_saves_are_no_news_in_whichever_tab_they_were_made(
    page: Page, people: People, document: Document
) -> None:
    second = Page(signed_in(people.owner), document)
    second.load()
    assert page.save("sections/summary/", text="Mine").status == 303
    assert (told(page), told(second)) == ({}, {})


def test_a_sign_between_the_commit_and_the_answer_of_ones_own_save_says_nothing(
    page: Page, people: People, document: Document
) -> None:
    """The page does not know of its save yet, and asks with what it knew before."""
    before = page.since
    write(document, "Mine", by=people.owner)
    assert told(page) == {}
    page.since = before
    assert told(page) == {}


def test_several_changes_of_one_panel_are_one_piece_of_news(
    page: Page, people: People, document: Document
) -> None:
    add_contributor(document, person=people.colleague, by=people.owner)
    write(document, "First", by=people.contributor)
    new_entry(document, people.contributor)
    write(document, "Second", by=people.colleague)
    assert told(page) == {
        "timeline": "Contributor changed Timeline",
        "summary": "Colleague and Contributor changed Summary",
    }


def test_a_save_that_was_numbered_early_and_committed_late_is_told_all_the_same(
    page: Page, people: People, document: Document
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('coe_historyevent', 'id'))")
        (late,) = cursor.fetchone()
    new_entry(document, people.contributor)
    assert told(page) == {"timeline": "Contributor changed Timeline"}
    record_at(document, people, pk=late)
    assert told(page) == {"summary": "Contributor changed Summary"}
    assert told(page) == {}


def test_a_page_knows_what_was_saved_before_it_was_made(
    page: Page, people: People, document: Document
) -> None:
    new_entry(document, people.contributor)
    page.load()
    assert told(page) == {}


def test_what_is_known_grows_with_the_last_minute_alone(people: People, document: Document) -> None:
    """The COE of the test was opened, and its contributor added, within this minute."""
    opened = HistoryEvent.objects.filter(document=document).values_list("pk", flat=True)
    old = record_at(document, people, "2026-11-14 10:00").pk
    recent = record_at(document, people).pk
    known = known_now(document)
    assert known == Known(old, frozenset(set(opened) - {old}))
    assert (old in known, recent in known, recent + 1 in known) == (True, True, False)


@pytest.mark.parametrize("known", [Known(), Known(7), Known(7, frozenset({9, 12}))], ids=str)
def test_what_a_page_knows_can_be_read_again(known: Known) -> None:
    assert read_known(str(known)) == known


@pytest.mark.parametrize("since", ["", "x", "-1", "1.", "1.x", "1" * 19, "٣", "1." * 6000, "\0"])
def test_what_makes_no_sense_is_answered_without_news(
    page: Page, people: People, document: Document, since: str
) -> None:
    new_entry(document, people.contributor)
    page.since = since
    assert told(page) == {}
    write(document, "Later", by=people.contributor)
    assert told(page) == {"summary": "Contributor changed Summary"}


def test_what_no_page_shows_is_no_news(page: Page, people: People, document: Document) -> None:
    with transaction.atomic():
        for action in (Action.SET_ASIDE, Action.REDACTED):
            record(
                action,
                by=people.contributor,
                subject="section",
                key="summary",
                document_id=document.pk,
                after={"text": "Kept"},
                token=uuid4(),
            )
    assert told(page) == {}


def test_a_turn_of_the_whole_coe_is_told_for_the_page(
    page: Page, other: Page, people: People, document: Document
) -> None:
    write(document, "Uploads failed.", by=people.owner)
    make_submittable(document)
    make_transition(document, to=State.IN_REVIEW, by=people.contributor)
    news = told(page)
    assert news.pop("") == "Contributor submitted this COE for review"
    assert set(news) <= {"people"}
    other.load()
    hand_over_document(Document.objects.get(pk=document.pk), to=people.contributor, by=people.owner)
    assert told(other)[""] == "Owner handed this COE over"


def test_growing_a_light_coe_is_a_turn_of_the_whole_page(
    page: Page, people: People, document: Document
) -> None:
    Document.objects.filter(pk=document.pk).update(form=Form.LIGHT)
    grow_document(document, by=people.contributor)
    assert told(page) == {"": "Contributor made this a full COE"}


def test_news_carry_their_age_so_that_no_clock_has_to_agree(
    page: Page, people: People, document: Document
) -> None:
    moment = now() - timedelta(seconds=30)
    event = record_at(document, people, moment.replace(tzinfo=None).isoformat())
    text = page.send("here/", {"since": f"{event.pk - 1}"}).text
    assert re.findall(r'data-age="(\d+)"', text) in (["30"], ["31"])

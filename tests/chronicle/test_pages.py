"""The page of the history: who wrote what when, and the changes of a sitting word by word."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coe.chronicle.sittings import page_of_sittings
from coe.documents.models import Document, Section, State
from coe.documents.rows import move_row, remove_row, save_row
from coe.documents.services import facts, save_facts, save_section
from coe.history.models import Action, HistoryEvent, HistoryText
from coe.history.services import redact_content
from coe.jobs.services import run_waiting_jobs
from coe.reviews.reviewers import ask_reviewer
from coe.reviews.signing import sign_text
from coe.reviews.workflow import make_transition
from coe.snapshots.services import take_snapshot
from coe.timeline.models import Entry
from tests.chronicle.pages import Reader
from tests.chronicle.saves import saved, saved_often
from tests.documents.making import make_cause, make_line
from tests.history.reading import latest
from tests.people import People
from tests.reviews.steps import make_submittable

pytestmark = pytest.mark.django_db

QUERIES = 5
"""Session, person, COE; everybody who wrote; the sittings with what was touched in them."""
QUERIES_OPEN = 13
"""And for what was changed: its events, milestones, questions, rows and texts until then, people,
team, and what was removed from the history."""


@pytest.fixture
def owner(people: People, document: Document) -> Reader:
    return Reader(people.owner, document)


def write(document: Document, text: str, people: People, slug: str = "summary") -> int:
    section = Section.objects.get(document=document, slug=slug)
    save_section(section, version=section.version, text=text, by=people.owner)
    return latest(document)


def newest(document: Document) -> int:
    """By what the newest sitting is opened."""
    return page_of_sittings(document).sittings[0].first


def test_the_page_tells_who_did_what_and_is_linked_from_the_draft_and_the_workspace(
    owner: Reader, document: Document, people: People
) -> None:
    write(document, "Uploads failed.", people)
    make_line(document, "Alarm")

    told = owner.history()

    assert "Owner opened the COE, wrote Summary, added 1 timeline entry, let 1 person write" in told
    address = reverse("coe_history", args=[document.reference])
    for route in ("coe_draft", "coe_edit"):
        assert f'href="{address}"' in owner.get(route).content.decode()


def test_an_opened_sitting_shows_each_change_word_by_word_and_saves_in_a_row_as_one(
    owner: Reader, document: Document, people: People
) -> None:
    for text in ("Uploads", "Uploads failed", "Uploads failed for one in ten"):
        write(document, text, people)
    write(document, "Uploads failed for two in ten", people)
    line = make_line(document, "Alarm")
    save_row(line, version=1, values={"text": "The alarm rang"}, by=people.owner)

    told = owner.history(open=newest(document))
    page = owner.get("coe_history", open=newest(document), saves="each").content.decode()

    assert "Changed Summary Uploads failed for two in ten" in told
    assert "4 saves" in told
    assert "Added Entry The alarm rang" in told
    assert "<del>one</del><ins>two</ins>" in page


def test_changes_to_facts_moves_and_removals_are_told(
    owner: Reader, document: Document, people: People
) -> None:
    lines = [make_line(document, text) for text in ("first", "second")]
    make_cause(document, "passing")
    saved(document, people.manager, 0)
    fresh = Document.objects.with_readers_fields().get(pk=document.pk)
    values = facts(fresh) | {"severity": 1, "is_restricted": True}
    save_facts(fresh, version=1, values=values, by=people.owner)
    move_row(
        lines[1], steps=-1, among=Entry.objects.filter(document=document), by=people.contributor
    )
    remove_row(lines[0], version=1, by=people.contributor)

    told = owner.history(open=newest(document))
    assert "Moved Entry second" in told
    assert "Removed Entry first" in told
    sittings = page_of_sittings(document, by=people.owner.pk).sittings
    told = owner.history(open=sittings[0].first)
    assert "Sev 2: an important function is broken for many" in told
    assert "Restricted NoYes" in told.replace("No Yes", "NoYes")


def test_what_somebody_else_wrote_in_between_is_not_told_as_theirs(
    owner: Reader, document: Document, people: People
) -> None:
    write(document, "mine", people)
    section = Section.objects.get(document=document, slug="summary")
    save_section(section, version=section.version, text="mine theirs", by=people.contributor)
    write(document, "mine theirs again", people)

    page = owner.get("coe_history", by=people.owner.pk, open=1, before="").content.decode()
    first = page_of_sittings(document, by=people.owner.pk).sittings[0].first
    page = owner.get("coe_history", by=people.owner.pk, open=first).content.decode()

    assert "<ins>mine</ins>" in page
    assert "<ins> again</ins>" in page
    assert "theirs</ins>" not in page


def test_what_was_kept_beside_is_shown_with_its_text(
    owner: Reader, document: Document, people: People
) -> None:
    values = {"text": "What I typed <script>", "version": 3}
    saved(document, people.owner, 0, action=Action.SET_ASIDE, after=values)

    page = owner.get("coe_history", open=newest(document)).content.decode()

    assert "Kept beside" in page
    assert "What I typed &lt;script&gt;" in page


def test_landmarks_are_told_with_what_was_said_at_them(
    owner: Reader, document: Document, people: People
) -> None:
    make_submittable(document)
    fresh = make_transition(document, to=State.IN_REVIEW, by=people.owner)
    digest = take_snapshot(fresh).digest
    make_transition(
        fresh, to=State.CHANGES_REQUESTED, by=people.manager, digest=digest, note="Say more"
    )

    told = owner.history()

    assert "Owner submitted it for review" in told
    assert "asked 1 person to review" in told
    assert "Manager asked for changes Say more" in told


def test_signatures_and_why_they_fell_are_told(
    owner: Reader, document: Document, people: People
) -> None:
    make_submittable(document)
    fresh = make_transition(document, to=State.IN_REVIEW, by=people.owner)
    ask_reviewer(fresh, person=people.stranger, by=people.owner)
    digest = take_snapshot(fresh).digest
    sign_text(fresh, digest=digest, dissent="Too early", by=people.stranger)
    write(document, "One in nine.", people)
    run_waiting_jobs()

    told = owner.history()

    assert "Stranger signed it, without agreeing Disagrees and commits: Too early" in told
    assert "Owner changed what Stranger had signed, so those signatures fell" in told


def test_what_was_removed_from_the_history_is_said_with_who_and_why(
    owner: Reader, document: Document, people: People
) -> None:
    event = write(document, "hunter2", people)
    redact_content(
        [event],
        document_id=document.pk,
        key=document.reference,
        reason="A password was pasted",
        by=people.admin,
    )
    first = page_of_sittings(document).sittings[-1].first

    told = owner.history(open=first)

    assert "by Admin: A password was pasted" in told
    assert "Admin removed from this history what 1 save held A password was pasted" in told
    assert "hunter2" not in told


def test_a_reader_finds_no_way_to_bring_something_back(
    document: Document, people: People, owner: Reader
) -> None:
    write(document, "Uploads failed.", people)
    first = newest(document)

    assert "Bring this back" in owner.history(open=first)
    assert "Bring this back" not in Reader(people.colleague, document).history(open=first)


NONSENSE = ["", "0", "-1", "now", "1e3", "٣", "9" * 30, "\x00", "' OR 1=1", "COE-2026-0001"]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_in_the_address_is_an_answer(owner: Reader, text: str) -> None:
    answer = owner.get("coe_history", before=text, open=text, behind=text, saves=text)
    assert answer.status_code == 200
    assert owner.get("coe_history", by=text).status_code == (422 if text else 200)


def test_somebody_who_wrote_nothing_here_is_said_to_have(owner: Reader, people: People) -> None:
    answer = owner.get("coe_history", by=people.stranger.pk)

    assert answer.status_code == 422
    assert "Nobody of that kind wrote in this COE" in answer.content.decode()


def queries(reader: Reader, **query: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        reader.history(**query)
    return len(captured)


def test_five_thousand_saves_are_a_page_with_as_many_queries_as_few_are(
    owner: Reader, document: Document, people: People
) -> None:
    saved(document, people.owner, 0)
    assert queries(owner) == QUERIES
    assert queries(owner, open=newest(document)) == QUERIES_OPEN
    saved_often(document, people.owner, 5_000)
    for number in range(100):
        uid = uuid4()
        values = {"kind": "well", "text": f"lesson {number}"}
        saved(
            document,
            people.owner,
            1250,
            subject="lesson",
            key=uid,
            action=Action.ADDED,
            after=values | {"place": number},
        )

    assert queries(owner) == QUERIES
    first = newest(document)
    assert queries(owner, open=first) == QUERIES_OPEN
    assert "The next changes of this sitting" in owner.history(open=first)


def test_many_emptied_saves_cost_as_many_queries_as_one(
    owner: Reader, document: Document, people: People
) -> None:
    saved_often(document, people.owner, 100)
    first = newest(document)
    events = HistoryEvent.objects.filter(document=document, version__gt=1).order_by("pk")
    keys = list(events.values_list("pk", flat=True))
    HistoryText.objects.filter(pk=keys[50]).update(content=None)
    one = queries(owner, open=first)
    HistoryText.objects.filter(pk__in=keys[::2]).update(content=None)

    assert queries(owner, open=first) == one == QUERIES_OPEN
    assert owner.history(open=first).count("What this save held was removed.") == 30

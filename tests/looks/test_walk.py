"""The page on which what changed is walked, part by part: with links and forms alone."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, State
from coe.documents.rows import add_row, move_row, remove_row, save_row
from coe.documents.services import AnswerChange, save_answers
from coe.history.services import redact_content
from coe.incidents.models import Milestone
from coe.looks.models import Tick
from coe.reviews.services import discard_draft
from coe.timeline.models import Entry
from coe.timeline.services import MilestoneChange, NewEntry, add_entries, save_milestones
from coe.whys.models import Cause, Safeguard
from coe.whys.services import save_cause
from tests.documents.making import make_action, make_cause, make_line, moment
from tests.history.reading import latest
from tests.looks.walker import Walker
from tests.people import People
from tests.reviews.steps import bring_to, propose, state_facts, write

pytestmark = pytest.mark.django_db

QUERIES, QUERIES_OF_NEWS = 31, 54


def everything(document: Document, people: People) -> None:
    """A change of each kind, in no order."""
    by = people.owner
    effect, cause = make_cause(document, "Disks filled up"), make_cause(document, "Nobody looked")
    save_cause(cause, version=1, values={"text": "Nobody looked"}, explains=[effect], by=by)
    make_line(document, "Alarm rang")
    propose(document, "Watch the disks", by=by)
    write(document, "One in ten.", by=by)
    state_facts(document, title="Another title", by=by)
    answer = document.answers.get(question__slug="found-by")
    save_answers(document, changes=[AnswerChange(answer, 1, "By an alarm.")], by=by)
    detected = document.incident.milestones.get(kind="detected")
    known = MilestoneChange(detected, 1, Milestone.State.RECORDED, moment("09:30"))
    save_milestones(document, changes=[known], by=by)
    rows: list[tuple[Any, dict[str, Any]]] = [
        (ImpactFigure, {"what": "Requests"}),
        (Safeguard, {"name": "Canary", "kind": "canary", "outcome": "missing"}),
        (Lesson, {"kind": "lucky", "text": "It was night."}),
        (RelatedItem, {"kind": "change", "title": "Rollout 9"}),
    ]
    for kind, values in rows:
        add_row(kind, document=document, uid=uuid4(), values=values, by=by)


def test_every_kind_of_change_is_told_in_the_order_of_the_document(
    manager: Walker, document: Document, people: People
) -> None:
    everything(document, people)

    told = manager.walk()

    order = [
        "Facts 9 unchanged",
        "Uploads failed for one customer in tenAnother title",
        "Milestones 5 unchanged",
        "Detected",
        "Summary",
        "One in ten.",
        "Impact",
        "Requests",
        "Timeline",
        "Alarm rang",
        "Incident questions",
        "By an alarm.",
        "Safeguards",
        "Canary",
        "Causes",
        "Disks filled up",
        "Nobody looked",
        "Explains “Disks filled up”",
        "Lessons",
        "It was night.",
        "Action items",
        "Watch the disks",
        "Related items",
        "Rollout 9",
        "Unchanged and not shown: People (1).",
    ]
    places = [told.index(words) for words in order]
    assert places == sorted(places)
    assert "0 of 12 seen" in told


def test_parts_are_ticked_off_one_by_one_without_any_script(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    propose(document, "Alarm", by=people.owner)
    first, second = manager.forms("coe_tick")

    answer = manager.tick(first)

    assert answer.status_code == 303
    part = second.fields["part"][0]
    assert answer["Location"].endswith(f"until=now#{part}"), "on to the next part"
    assert "1 of 2 seen" in manager.walk()
    assert "1 seen" in manager.news()

    first, second = manager.forms("coe_tick")
    manager.tick(first)

    assert "0 of 2 seen" in manager.walk(), "the same button takes it back"


def test_htmx_gets_the_tick_and_how_far_one_has_come(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    propose(document, "Alarm", by=people.owner)

    answer = manager.tick(manager.forms("coe_tick")[1], **{"HX-Request": "true"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'aria-pressed="true"' in page
    assert "1 of 2 seen" in page
    assert page.count("hx-swap-oob") == 1
    assert "<html" not in page


def test_a_later_change_takes_its_tick_away_and_no_other(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    item = propose(document, "Alarm", by=people.owner)
    for form in manager.forms("coe_tick"):
        manager.tick(form)
    assert "2 of 2 seen" in manager.walk()

    save_row(item, version=1, values={"title": "Alarm at 80 %"}, by=people.owner)

    assert "1 of 2 seen" in manager.walk()


def test_what_changed_while_one_read_is_not_ticked_by_the_button_of_the_old_page(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    (one,), (all_of_it,) = manager.forms("coe_tick"), manager.forms("coe_tick_all")
    write(document, "Two in ten.", by=people.owner)
    propose(document, "Alarm", by=people.owner)

    manager.tick(one)
    assert "0 of 2 seen" in manager.walk()
    manager.tick(all_of_it)

    told = manager.walk()
    assert "One Two in ten." in told.replace("OneTwo", "One Two"), "compared with what was ticked"
    assert "0 of 2 seen" in told


def test_after_all_was_ticked_what_changes_next_is_told_alone(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)

    answer = manager.tick_all()

    assert answer.status_code == 303
    there = manager.client.get(answer["Location"]).content.decode()
    assert "1 of 1 seen" in there
    assert "Nothing changed" in manager.walk()
    assert manager.news() == ""
    propose(document, "Alarm", by=people.owner)
    told = manager.walk()
    assert "Alarm" in told
    assert "One in ten." not in told


def test_ticks_are_ones_own(manager: Walker, document: Document, people: People) -> None:
    director = Walker(people.director, document)
    director.read()
    write(document, "One in ten.", by=people.owner)
    manager.tick_all()

    assert "0 of 1 seen" in director.walk()


def test_who_never_looked_is_told_everything_since_the_opening(
    document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)

    told = Walker(people.director, document).walk()

    assert "You have not looked at this COE before" in told
    assert "One in ten." in told
    assert "0 of 2 seen" in told, "the contributor was added as well"


@pytest.mark.parametrize(
    "wrong",
    [{"part": "<b>"}, {"digest": "x"}, {"since": "0"}, {"until": "never"}, {"then": "//evil"}],
    ids=str,
)
def test_what_the_page_never_sends_is_refused(
    wrong: dict[str, str], manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    (form,) = manager.forms("coe_tick")
    form.fields |= {name: [value] for name, value in wrong.items()}

    assert manager.tick(form).status_code == 400
    assert not Tick.objects.exists()


@pytest.mark.parametrize("known", ["", "x", "999999999999999999", "0.999999999999999999"])
def test_nobody_has_seen_what_was_not_saved_yet(
    known: str, manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    (form,) = manager.forms("coe_tick_all")
    form.fields["known"] = [known]

    assert manager.tick(form).status_code == 400
    assert "0 of 1 seen" in manager.walk()


def test_what_is_approved_can_be_walked_as_well(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    bring_to(document, State.APPROVED, people)

    assert "One in ten." in manager.walk()
    assert manager.tick_all().status_code == 303


def test_what_was_discarded_is_not_there(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "One in ten.", by=people.owner)
    (form,) = manager.forms("coe_tick")
    discard_draft(document, by=people.owner)

    assert manager.get().status_code == 404
    assert manager.tick(form).status_code == 404


def test_what_was_removed_from_the_history_is_said(
    manager: Walker, document: Document, people: People
) -> None:
    write(document, "My password is hunter2.", by=people.owner)
    secret = latest(document)
    write(document, "One in ten.", by=people.owner)
    redact_content(
        [secret, secret + 1],
        document_id=document.pk,
        key=document.reference,
        reason="A password was pasted.",
        by=people.admin,
    )

    told = manager.walk(since=secret)

    assert "Something was removed from this history." in told
    assert "Admin: A password was pasted." in told
    assert "hunter2" not in told
    assert "One in ten." in manager.walk()


def test_moved_and_removed_rows_are_parts_as_well(
    manager: Walker, document: Document, people: People
) -> None:
    lines = [make_line(document, text) for text in ("Alarm rang", "Traffic moved", "All good")]
    item = make_action(document, "Watch the disks")
    manager.tick_all()
    move_row(lines[2], steps=-2, among=Entry.objects.filter(document=document), by=people.owner)
    remove_row(item, version=1, by=people.owner)

    told = manager.walk()

    assert "Moved Entry All good" in told
    assert "Removed Action item Watch the disks" in told
    assert "0 of 2 seen" in told


@pytest.mark.parametrize("rows", [1, 300])
def test_the_page_takes_the_same_queries_whatever_changed(
    rows: int,
    manager: Walker,
    document: Document,
    people: People,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_cause(document, "Disks filled up")
    manager.tick_all()
    new = [NewEntry(uuid4(), moment("09:30"), f"Entry {number}") for number in range(rows)]
    for start in range(0, rows, 100):
        add_entries(document, entries=new[start : start + 100], by=people.owner)
    (cause,) = Cause.objects.filter(document=document)
    save_cause(cause, version=1, values={"text": "Full disks"}, explains=[], by=people.owner)
    for form in manager.forms("coe_tick")[:5]:
        manager.tick(form)
    manager.read()

    with django_assert_num_queries(QUERIES):
        manager.walk()
    with django_assert_num_queries(QUERIES_OF_NEWS):
        assert manager.news().startswith(f"{rows + 1} changes ")

"""What was can be brought back: over what is there now, by the services that people write with."""

from datetime import date
from typing import Any

import pytest

from coe.actions.models import ActionItem
from coe.actions.services import add_action
from coe.chronicle.plans import plan_to_bring_back
from coe.chronicle.replay import Replay
from coe.chronicle.services import bring_back
from coe.documents.contents import Answer, ImpactFigure, Lesson
from coe.documents.models import Document, DocumentRow, Form, Section
from coe.documents.rows import add_row, remove_row, save_row
from coe.documents.services import AnswerChange, save_answers, save_section
from coe.history.models import Action, HistoryEvent, HistoryText
from coe.timeline.models import Entry
from coe.timeline.services import Mark, add_entry, save_entry
from coe.web.errors import StaleAnswer
from coe.web.versions import Conflict
from coe.whys.models import Cause
from coe.whys.services import remove_cause, save_cause
from tests.chronicle.pages import Reader, seen_on, words
from tests.chronicle.saves import saved
from tests.chronicle.test_replay import now
from tests.documents.making import (
    approve,
    make_action,
    make_cause,
    make_document,
    make_line,
    moment,
)
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(people: People, document: Document) -> Reader:
    return Reader(people.owner, document)


def summary(document: Document) -> Section:
    return Section.objects.get(document=document, slug="summary")


def write(document: Document, text: str) -> int:
    section = summary(document)
    save_section(section, version=section.version, text=text, by=document.owner)
    return latest(document)


def test_a_section_says_again_what_it_said_and_that_is_a_change_like_any_other(
    owner: Reader, document: Document, people: People
) -> None:
    first = write(document, "Uploads failed for one in ten.")
    write(document, "Rubbish")

    answer = owner.bring_back(first, "after")

    assert answer.status_code == 303
    assert summary(document).text == "Uploads failed for one in ten."
    save, mark = told(document)[-2:]
    assert save[:4] == ("changed", "section", "summary", 4)
    assert save.before == {"text": "Rubbish"}
    assert mark == ("restored", "section", "summary", None, {}, {"moment": first})
    assert "It is back" in owner.history()
    assert "brought back Summary" in owner.history()


def test_an_answer_says_again_what_it_said_before_an_event(
    owner: Reader, document: Document
) -> None:
    answer = Answer.objects.filter(document=document).select_related("question")[0]
    for version, text in enumerate(("A customer called.", ""), start=1):
        change = AnswerChange(answer, version, text)
        save_answers(document, changes=[change], by=document.owner)

    assert owner.bring_back(latest(document), "before").status_code == 303

    answer.refresh_from_db()
    assert answer.text == "A customer called."


def test_the_page_that_asks_says_word_by_word_what_will_change(
    owner: Reader, document: Document
) -> None:
    first = write(document, "Uploads failed for one in ten.")
    write(document, "Uploads failed for two in ten.")
    address = f"/coes/{document.reference}/history/{first}/bring-back/"

    page = owner.client.get(address, {"side": "after"})

    assert "<del>two</del><ins>one</ins>" in page.content.decode()
    assert "Changed Summary" in words(page)  # type: ignore[arg-type]
    address = f"/coes/{document.reference}/history/{latest(document)}/bring-back/"
    same = words(owner.client.get(address))  # type: ignore[arg-type]
    assert "There is nothing to bring back" in same
    assert "It says this already" in same


ROWS: list[tuple[type[DocumentRow], dict[str, Any]]] = [
    (ImpactFigure, {"what": "customers", "amount": 12, "unit": "people", "basis": "ledger"}),
    (Lesson, {"kind": "badly", "text": "Nobody was paged."}),
    (ActionItem, {"title": "Add an alarm", "due_on": date(2030, 1, 1), "priority": 0}),
]


@pytest.mark.parametrize(("kind", "values"), ROWS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_removed_row_is_there_again_with_its_identity_and_all_it_said(
    owner: Reader, document: Document, kind: type[DocumentRow], values: dict[str, Any]
) -> None:
    row = add_row(
        kind, document=document, uid=make_line(document, "x").uid, values=values, by=document.owner
    )
    was = now(document)
    remove_row(row, version=1, by=document.owner)
    removed = latest(document)

    assert owner.bring_back(removed, "before").status_code == 303

    assert now(document) == was
    assert told(document)[-2][:3] == ("added", kind.kind_of_row, str(row.uid))


@pytest.mark.parametrize(("kind", "values"), ROWS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_changed_row_is_again_what_it_was_and_counts_on(
    owner: Reader, document: Document, kind: type[DocumentRow], values: dict[str, Any]
) -> None:
    row = add_row(
        kind, document=document, uid=make_line(document, "x").uid, values=values, by=document.owner
    )
    was, added = now(document), latest(document)
    name = next(name for name in ("text", "title", "what") if name in values)
    save_row(row, version=1, values={name: "Rubbish"}, by=document.owner)

    assert owner.bring_back(added, "after").status_code == 303

    assert now(document) == was
    assert kind._default_manager.get(pk=row.pk).version == 3


def test_an_entry_marks_its_milestone_again_where_nothing_else_does(
    owner: Reader, document: Document, people: People
) -> None:
    detected = document.incident.milestones.get(kind="detected")
    entry = add_entry(
        document,
        uid=make_cause(document, "x").uid,
        instant=moment("09:30"),
        text="Alarm",
        mark=Mark(detected, 1),
        by=people.owner,
    )
    was = now(document)
    remove_row(entry, version=1, by=people.owner)
    removed = latest(document)
    assert owner.bring_back(removed, "before").status_code == 303
    assert now(document) == was

    entry = Entry.objects.get(document=document)
    save_entry(entry, version=1, instant=moment("09:40"), text="No mark", by=people.owner)
    other = make_line(document, "Another")
    detected.refresh_from_db()
    mark = Mark(detected, detected.version)
    save_entry(
        other, version=1, instant=moment("10:00"), text="Another", mark=mark, by=people.owner
    )
    assert owner.bring_back(removed, "before").status_code == 303

    again = Entry.objects.get(uid=entry.uid)
    assert (again.text, again.instant, again.milestone) == ("Alarm", moment("09:30"), None)
    assert Entry.objects.get(pk=other.pk).milestone == detected


def test_a_cause_explains_again_what_of_it_is_still_there(
    owner: Reader, document: Document, people: People
) -> None:
    first, second = make_cause(document, "first"), make_cause(document, "second")
    cause = make_cause(document, "why of both", explains=[first, second])
    added = latest(document)
    save_cause(cause, version=1, values={"text": "Rubbish"}, explains=[], by=people.owner)
    remove_cause(first, version=1, by=people.owner)

    assert owner.bring_back(added, "after").status_code == 303

    again = Cause.objects.get(pk=cause.pk)
    assert again.text == "why of both"
    assert again.effects() == [second]


def test_a_cause_does_not_explain_again_what_explains_it_by_now_and_the_page_says_so(
    owner: Reader, document: Document, people: People
) -> None:
    first = make_cause(document, "first")
    cause = make_cause(document, "second", explains=[first])
    added = latest(document)
    save_cause(cause, version=1, values={}, explains=[], by=people.owner)
    save_cause(first, version=1, values={}, explains=[cause], by=people.owner)

    address = f"/coes/{document.reference}/history/{added}/bring-back/"
    page = words(owner.client.get(address, {"side": "after"}))  # type: ignore[arg-type]

    assert "“first” explains it by now, so it does not explain that again." in page
    assert "So it answers “Why did it happen?” itself." in page
    assert owner.bring_back(added, "after").status_code == 303
    assert Cause.objects.get(pk=cause.pk).effects() == []
    assert Cause.objects.get(pk=first.pk).effects() == [cause]


def test_an_action_item_whose_cause_is_gone_answers_none_and_the_page_says_so(
    owner: Reader, document: Document, people: People
) -> None:
    cause = make_cause(document, "why")
    item = make_action(document, "Add an alarm", cause_id=cause.pk)
    added = latest(document)
    remove_cause(cause, version=1, by=people.owner)
    address = f"/coes/{document.reference}/history/{added}/bring-back/"

    page = owner.client.get(address, {"side": "after"})
    assert "The cause that it answered is not there" in words(page)  # type: ignore[arg-type]
    remove_row(ActionItem.objects.get(pk=item.pk), version=2, by=people.owner)
    assert owner.bring_back(added, "after").status_code == 303
    assert ActionItem.objects.get(uid=item.uid).cause is None


def test_less_than_the_page_said_does_not_come_back(
    owner: Reader, document: Document, people: People
) -> None:
    cause = make_cause(document, "why")
    item = make_action(document, "Add an alarm", cause_id=cause.pk)
    remove_row(ActionItem.objects.get(pk=item.pk), version=1, by=people.owner)
    removed = latest(document)
    make_action(document, "Page somebody")
    address = f"/coes/{document.reference}/history/{removed}/bring-back/"
    seen = seen_on(owner.client.get(address, {"side": "before"}))
    remove_cause(cause, version=1, by=people.owner)
    press = {"side": "before", "version": "", "seen": seen}

    answer = owner.client.post(address, press)

    assert answer.status_code == 409
    assert "Nothing was brought back." in words(answer)  # type: ignore[arg-type]
    assert "The cause that it answered is not there" in words(answer)  # type: ignore[arg-type]
    assert not ActionItem.objects.filter(uid=item.uid).exists()
    assert owner.client.post(address, {**press, "seen": seen_on(answer)}).status_code == 303
    assert ActionItem.objects.get(uid=item.uid).cause is None


def test_what_was_saved_since_the_page_was_opened_is_not_written_over(
    owner: Reader, document: Document
) -> None:
    first = write(document, "old")
    stale = summary(document).version
    write(document, "somebody's new words")

    answer = owner.bring_back(first, "after", version=stale)

    assert answer.status_code == 409
    assert "Somebody else saved this since you opened it." in words(answer)
    assert summary(document).text == "somebody's new words"


def test_a_row_that_somebody_brought_back_first_is_not_there_twice(
    owner: Reader, document: Document
) -> None:
    line = make_line(document, "Alarm")
    remove_row(line, version=1, by=document.owner)
    removed = latest(document)
    assert owner.bring_back(removed, "before").status_code == 303

    assert owner.bring_back(removed, "before", version="").status_code == 409
    assert Entry.objects.filter(document=document).count() == 1


def test_what_is_approved_stands(owner: Reader, document: Document) -> None:
    first = write(document, "old")
    write(document, "approved words")
    approve(document)

    for version in (None, 3):
        answer = owner.bring_back(first, "after", version=version)
        assert answer.status_code == 409
        assert "This COE has been approved" in words(answer)
    assert summary(document).text == "approved words"


def test_a_light_coe_takes_no_fourth_action_item_back(owner: Reader, document: Document) -> None:
    items = [make_action(document, f"Do {number}") for number in range(4)]
    remove_row(items[0], version=1, by=document.owner)
    removed = latest(document)
    Document.objects.filter(pk=document.pk).update(form=Form.LIGHT)

    answer = owner.bring_back(removed, "before")

    assert answer.status_code == 409
    assert "A light COE has at most 3" in words(answer)


def test_what_was_emptied_cannot_be_brought_back(owner: Reader, document: Document) -> None:
    event = write(document, "hunter2")
    write(document, "clean")
    HistoryText.objects.filter(pk__gte=event).update(content=None)

    answer = owner.bring_back(event, "after")

    assert answer.status_code == 409
    assert "Its text was removed from the history" in words(answer)


@pytest.mark.parametrize("side", ["before", "after", "sideways", ""])
def test_an_event_of_another_coe_or_of_no_text_is_not_found(
    owner: Reader, document: Document, people: People, side: str
) -> None:
    other = make_document(people.owner)
    foreign = write(other, "other words")
    landmark = saved(document, people.owner, 0, subject="document", action=Action.SUBMITTED)
    person = HistoryEvent.objects.filter(document=document, subject="participant")[0]

    for event in (foreign, landmark.pk, person.pk, 10**25):
        assert owner.bring_back(event, side).status_code == 404


def test_the_service_checks_the_version_again(document: Document, people: People) -> None:
    first = write(document, "old")
    plan = plan_to_bring_back(Replay(document, first), ("section", "summary"))
    assert plan is not None
    write(document, "new")

    with pytest.raises(Conflict):
        bring_back(document, plan, version=plan.version, by=people.owner)
    approve(document)
    with pytest.raises(StaleAnswer):
        bring_back(document, plan, version=3, by=people.owner)


def test_an_added_action_item_is_what_the_same_service_makes(
    owner: Reader, document: Document, people: People
) -> None:
    uid = make_line(document, "x").uid
    values = {"title": "Add an alarm", "owner_id": people.colleague.pk, "tracker": "PRC-1"}
    item = add_action(document, uid=uid, values=values, by=people.owner)
    remove_row(item, version=1, by=people.owner)

    assert owner.bring_back(latest(document), "before").status_code == 303

    again = ActionItem.objects.get(uid=uid)
    assert (again.title, again.owner, again.tracker) == (
        "Add an alarm",
        people.colleague,
        "PRC-1",
    )

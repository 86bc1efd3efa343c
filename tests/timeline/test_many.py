"""Many entries at once: all or none, once, each where its time belongs."""

from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from coe.documents.models import Document
from coe.documents.rows import move_row
from coe.timeline.models import Entry
from coe.timeline.places import deal_positions
from coe.timeline.services import NewEntry, add_entries, add_entry, put_in_place
from coe.web.versions import Conflict
from tests.documents.making import moment, texts
from tests.documents.rivals import at_once, kinds_of_errors
from tests.history.reading import latest, told
from tests.people import People


def line(clock: str, text: str = "") -> NewEntry:
    text = text or clock
    return NewEntry(uuid5(NAMESPACE_URL, f"{clock} {text}"), moment(clock), text)


def add(document: Document, *clocks: str) -> int:
    return add_entries(document, entries=[line(each) for each in clocks], by=document.owner)


@pytest.mark.django_db
def test_they_stand_in_the_order_of_their_times_among_those_that_are_there(
    document: Document,
) -> None:
    for clock in ("09:30", "11:00"):
        add_entry(document, uid=uuid4(), instant=moment(clock), text=clock, by=document.owner)

    assert add(document, "10:00", "09:00", "12:00", "10:30") == 4

    assert texts(document) == ["09:00", "09:30", "10:00", "10:30", "11:00", "12:00"]


@pytest.mark.django_db
def test_each_is_told_in_the_history_and_those_that_were_there_keep_their_version(
    document: Document,
) -> None:
    add(document, "09:30")
    since = latest(document)
    add(document, "09:00", "10:00")
    assert [(each.action, each.after["text"]) for each in told(document, since=since)] == [
        ("added", "09:00"),
        ("added", "10:00"),
    ]
    assert set(Entry.objects.values_list("version", flat=True)) == {1}


@pytest.mark.django_db
def test_sending_them_again_adds_nothing_and_other_words_under_one_uid_undo_all(
    document: Document,
) -> None:
    assert add(document, "09:00", "10:00") == 2
    assert add(document, "09:00", "10:00") == 0
    other = NewEntry(line("10:00").uid, moment("10:00"), "other words")
    with pytest.raises(Conflict):
        add_entries(document, entries=[line("11:00"), other], by=document.owner)
    assert texts(document) == ["09:00", "10:00"]


@pytest.mark.django_db
def test_what_was_moved_by_hand_stays_where_it_was_put(document: Document) -> None:
    add(document, "09:00", "10:00", "11:00")
    last = Entry.objects.filter(document=document).get(text="11:00")
    move_row(last, steps=-2, among=Entry.objects.filter(document=document), by=document.owner)
    add(document, "10:30")
    assert texts(document) == ["10:30", "11:00", "09:00", "10:00"]


@pytest.mark.django_db
def test_four_hundred_take_as_many_reads_as_four(document: Document) -> None:
    def reads(entries: list[NewEntry]) -> int:
        with CaptureQueriesContext(connection) as captured:
            add_entries(document, entries=entries, by=document.owner)
        return len([each for each in captured if "coe_history" not in each["sql"]])

    few = [line("09:30", str(number)) for number in range(4)]
    many = [line("09:00", str(number)) for number in range(400)]
    assert reads(few) == reads(many)
    assert len(texts(document)) == 404


@pytest.mark.django_db(transaction=True)
def test_the_same_lines_sent_twice_at_once_are_there_once(
    document: Document, people: People
) -> None:
    entries = [line("09:00"), line("10:00")]
    rivals = at_once(
        *[lambda: add_entries(document, entries=entries, by=people.owner) for _ in range(2)]
    )
    assert kinds_of_errors(rivals) == []
    assert sorted([rival.result for rival in rivals], key=str) == [0, 2]
    assert texts(document) == ["09:00", "10:00"]


@pytest.mark.django_db
def test_an_entry_out_of_order_is_put_in_its_place_and_that_is_told(document: Document) -> None:
    add(document, "09:00", "10:00", "11:00")
    last = Entry.objects.get(text="11:00")
    move_row(last, steps=-2, among=Entry.objects.filter(document=document), by=document.owner)
    since = latest(document)

    put_in_place(last, by=document.owner)
    put_in_place(last, by=document.owner)

    assert texts(document) == ["09:00", "10:00", "11:00"]
    assert [each.action for each in told(document, since=since)] == ["moved"]
    assert set(Entry.objects.values_list("version", flat=True)) == {1}


@pytest.mark.django_db
def test_an_entry_that_was_removed_is_put_nowhere(document: Document) -> None:
    add(document, "09:00")
    gone = Entry.objects.get(text="09:00")
    Entry.objects.all().delete()
    with pytest.raises(Conflict):
        put_in_place(gone, by=document.owner)


@given(st.lists(st.none() | st.integers(1, 3000), max_size=12))
def test_positions_grow_and_only_those_that_have_to_are_changed(gaps: list[int | None]) -> None:
    """A number is the distance of an entry that is there, None a new one."""
    order, position = [], 0
    for number, gap in enumerate(gaps):
        position += gap or 0
        pk = number + 1 if gap else None
        order.append(Entry(pk=pk, uid=UUID(int=number), position=position if gap else 0))
    before = [each.position for each in order]

    changed = deal_positions(order)

    positions = [each.position for each in order]
    assert positions == sorted(set(positions))
    assert changed == [
        each for each, old in zip(order, before, strict=True) if each.position != old
    ]

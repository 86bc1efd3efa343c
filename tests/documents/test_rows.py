"""Rows of a COE, one person at a time."""

from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from coe.documents.models import Document
from coe.documents.rows import add_row, move_row, remove_row, save_row
from coe.timeline.models import Entry
from coe.web.versions import Conflict
from tests.documents.making import make_document, make_line, moment, texts
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db

UID = UUID("11111111-2222-3333-4444-555555555555")


def stored_positions(document: Document) -> list[int]:
    return list(Entry.objects.filter(document=document).values_list("position", flat=True))


def test_adding_the_same_uid_again_returns_the_first_row_and_changes_nothing(
    document: Document, people: People
) -> None:
    first = make_line(document, "The alarm went off", uid=UID)
    since = latest(document)
    second = make_line(document, "The alarm went off", uid=UID, by=people.contributor)

    assert second.pk == first.pk
    assert texts(document) == ["The alarm went off"]
    assert told(document, since=since) == []


def test_adding_the_same_uid_with_other_words_is_a_conflict_and_changes_nothing(
    document: Document, people: People
) -> None:
    """The first answer got lost and the person wrote on: the words must not be swallowed."""
    make_line(document, "The alarm went off", uid=UID)
    since = latest(document)

    with pytest.raises(Conflict):
        make_line(document, "The alarm went off at last", uid=UID, by=people.owner)

    assert texts(document) == ["The alarm went off"]
    assert told(document, since=since) == []


def test_the_same_uid_in_another_document_is_another_row(
    document: Document, people: People
) -> None:
    other = make_document(people.owner)
    here = make_line(document, "Here", uid=UID)
    there = make_line(other, "There", uid=UID)

    save_row(there, version=1, values={"text": "There, edited"}, by=people.owner)
    remove_row(here, version=1, by=people.owner)

    assert texts(document) == []
    assert texts(other) == ["There, edited"]


def test_rows_stand_in_the_order_in_which_they_were_added(document: Document) -> None:
    for text in ("one", "two", "three"):
        make_line(document, text)

    assert texts(document) == ["one", "two", "three"]
    assert stored_positions(document) == [1024, 2048, 3072]


def test_a_row_added_before_another_takes_the_middle_of_the_gap(document: Document) -> None:
    first = make_line(document, "first")
    third = make_line(document, "third")
    make_line(document, "second", before=third)
    make_line(document, "zeroth", before=first)

    assert texts(document) == ["zeroth", "first", "second", "third"]
    assert stored_positions(document) == [0, 1024, 1536, 2048]


def test_rows_can_always_be_added_before_another_also_when_there_is_no_gap_left(
    document: Document,
) -> None:
    make_line(document, "first")
    last = make_line(document, "last")
    Entry.objects.filter(pk=last.pk).update(position=1025)
    last.refresh_from_db()
    since = latest(document)

    make_line(document, "between", before=last)

    assert texts(document) == ["first", "between", "last"]
    assert stored_positions(document) == [1024, 1536, 2048]
    assert [event.action for event in told(document, since=since)] == ["added"]
    assert set(Entry.objects.values_list("version", flat=True)) == {1}


def test_thirty_rows_put_at_one_place_keep_their_order(document: Document) -> None:
    make_line(document, "first")
    last = make_line(document, "last")
    for number in range(30):
        last.refresh_from_db()
        make_line(document, f"{number:02}", before=last)

    expected = ["first", *(f"{number:02}" for number in range(30)), "last"]
    assert texts(document) == expected
    assert len(set(stored_positions(document))) == 32


def test_a_place_before_a_row_without_a_gap_that_was_removed_meanwhile_is_still_a_place(
    document: Document, people: People
) -> None:
    """Whoever adds may have looked at the neighbour before it went."""
    make_line(document, "first")
    gone = make_line(document, "gone")
    Entry.objects.filter(pk=gone.pk).update(position=1025)
    gone.refresh_from_db()
    remove_row(Entry.objects.get(pk=gone.pk), version=1, by=people.owner)

    make_line(document, "new", before=gone)

    assert texts(document) == ["first", "new"]


def test_a_save_counts_the_version_up_and_brings_the_row_in_memory_up_to_date(
    document: Document, people: People
) -> None:
    line = make_line(document, "before")

    save_row(line, version=1, values={"text": "after"}, by=people.contributor)

    assert (line.version, line.text) == (2, "after")
    stored = Entry.objects.get(pk=line.pk)
    assert (stored.version, stored.text) == (2, "after")


def test_a_save_that_changes_nothing_writes_no_history_and_no_version(
    document: Document, people: People
) -> None:
    line = make_line(document, "the same")
    since = latest(document)

    save_row(line, version=1, values={"text": "the same", "evidence": ""}, by=people.owner)

    assert Entry.objects.get(pk=line.pk).version == 1
    assert told(document, since=since) == []


def test_a_save_over_a_version_that_is_gone_is_refused_and_writes_nothing(
    document: Document, people: People
) -> None:
    line = make_line(document, "one")
    mine = Entry.objects.get(pk=line.pk)
    save_row(line, version=1, values={"text": "two"}, by=people.owner)
    since = latest(document)

    with pytest.raises(Conflict):
        save_row(mine, version=1, values={"text": "mine"}, by=people.contributor)

    assert texts(document) == ["two"]
    assert told(document, since=since) == []


def test_a_save_of_what_is_there_over_a_version_that_is_gone_is_refused_all_the_same(
    document: Document, people: People
) -> None:
    line = make_line(document, "one")
    save_row(line, version=1, values={"text": "two"}, by=people.owner)

    with pytest.raises(Conflict):
        save_row(line, version=1, values={"text": "two"}, by=people.contributor)


def test_a_save_of_a_removed_row_is_a_conflict(document: Document, people: People) -> None:
    line = make_line(document, "one")
    mine = Entry.objects.get(pk=line.pk)
    remove_row(line, version=1, by=people.owner)

    with pytest.raises(Conflict):
        save_row(mine, version=1, values={"text": "mine"}, by=people.contributor)

    assert texts(document) == []


def test_history_leads_from_each_text_to_the_next_whatever_copy_the_writer_held(
    document: Document, people: People
) -> None:
    """A service is given a version to write over; an old copy in memory must not be believed."""
    line = make_line(document, "one")
    old_copy = Entry.objects.get(pk=line.pk)
    save_row(line, version=1, values={"text": "two"}, by=people.owner)
    with suppress(Conflict):
        save_row(old_copy, version=2, values={"text": "one"}, by=people.contributor)

    texts_told = [
        (event.before.get("text"), event.after.get("text")) for event in told(document)[2:]
    ]
    assert texts_told[:2] == [(None, "one"), ("one", "two")]
    assert texts_told[2:] in ([], [("two", "one")])


def test_what_a_removed_row_said_is_told_as_it_was_stored_whatever_copy_the_remover_held(
    document: Document, people: People
) -> None:
    line = make_line(document, "one")
    old_copy = Entry.objects.get(pk=line.pk)
    save_row(line, version=1, values={"text": "two"}, by=people.owner)
    with suppress(Conflict):
        remove_row(old_copy, version=2, by=people.contributor)

    removed = [event.before["text"] for event in told(document) if event.action == "removed"]
    assert removed in ([], ["two"])


def test_a_removed_row_is_gone_and_what_it_said_stays_in_history(
    document: Document, people: People
) -> None:
    line = make_line(document, "a secret worth keeping", uid=UID)
    since = latest(document)

    remove_row(line, version=1, by=people.owner)

    assert texts(document) == []
    assert told(document, since=since) == [
        (
            "removed",
            "entry",
            str(UID),
            1,
            {
                "at": "2026-11-14T09:30:00Z",
                "precision": "minute",
                "end_at": None,
                "milestone_id": None,
                "kind": "",
                "text": "a secret worth keeping",
                "evidence": "",
            },
            {},
        )
    ]


def test_removing_a_version_that_is_gone_is_refused(document: Document, people: People) -> None:
    line = make_line(document, "one")
    mine = Entry.objects.get(pk=line.pk)
    save_row(line, version=1, values={"text": "two"}, by=people.owner)
    since = latest(document)

    with pytest.raises(Conflict):
        remove_row(mine, version=1, by=people.contributor)

    assert texts(document) == ["two"]
    assert told(document, since=since) == []


def test_removing_twice_is_refused_the_second_time(document: Document, people: People) -> None:
    line = make_line(document, "one")
    again = Entry.objects.get(pk=line.pk)
    remove_row(line, version=1, by=people.owner)

    with pytest.raises(Conflict):
        remove_row(again, version=1, by=people.owner)


def test_a_move_changes_places_keeps_versions_and_is_told_once(
    document: Document, people: People
) -> None:
    rows = {text: make_line(document, text) for text in ("a", "b", "c")}
    since = latest(document)

    move_row(
        rows["c"], steps=-1, among=Entry.objects.filter(document=document), by=people.contributor
    )

    assert texts(document) == ["a", "c", "b"]
    assert stored_positions(document) == [1024, 2048, 3072]
    assert set(Entry.objects.values_list("version", flat=True)) == {1}
    uid = str(rows["c"].uid)
    assert told(document, since=since) == [
        ("moved", "entry", uid, 1, {"place": 2}, {"place": 1}),
    ]


@pytest.mark.parametrize(("text", "steps"), [("a", -1), ("c", 1)])
def test_a_move_over_the_edge_does_nothing(
    document: Document, people: People, text: str, steps: int
) -> None:
    rows = {name: make_line(document, name) for name in ("a", "b", "c")}
    since = latest(document)

    among = Entry.objects.filter(document=document)
    move_row(rows[text], steps=steps, among=among, by=people.owner)

    assert texts(document) == ["a", "b", "c"]
    assert told(document, since=since) == []


def test_a_row_that_was_moved_can_be_saved_over_the_version_it_was_read_in(
    document: Document, people: People
) -> None:
    first, second = make_line(document, "a"), make_line(document, "b")
    writing = Entry.objects.get(pk=first.pk)
    move_row(second, steps=-1, among=Entry.objects.filter(document=document), by=people.owner)

    save_row(writing, version=1, values={"text": "a, edited"}, by=people.contributor)

    assert texts(document) == ["b", "a, edited"]


def test_a_removed_row_cannot_be_moved(document: Document, people: People) -> None:
    line = make_line(document, "a")
    gone = Entry.objects.get(pk=line.pk)
    remove_row(line, version=1, by=people.owner)

    with pytest.raises(Conflict):
        move_row(gone, steps=1, among=Entry.objects.filter(document=document), by=people.owner)


def test_moving_in_one_document_leaves_another_alone(document: Document, people: People) -> None:
    other = make_document(people.owner)
    for text in ("a", "b"):
        make_line(other, text)
    mine = [make_line(document, text) for text in ("x", "y")]

    move_row(mine[1], steps=-1, among=Entry.objects.filter(document=document), by=people.owner)

    assert (texts(document), texts(other)) == (["y", "x"], ["a", "b"])


def test_adding_costs_the_same_queries_in_a_short_and_in_a_long_document(
    document: Document, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def add() -> None:
        add_row(
            Entry,
            document=document,
            uid=uuid4(),
            values={"at": moment("10:00").at, "text": "more"},
            by=people.owner,
        )

    # Two savepoints and their releases, two locks, is it there, the end, the row, the event.
    with django_assert_num_queries(10):
        add()
    Entry.objects.bulk_create(
        Entry(document=document, position=n * 1024, at=moment("10:00").at, text="x")
        for n in range(2, 100)
    )
    with django_assert_num_queries(10):
        add()

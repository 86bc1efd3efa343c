"""The timeline: entries find their place by their time, and keep it when they are edited."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from coe.documents.models import Document
from coe.documents.rows import move_row
from coe.text.instants import Instant, Precision
from coe.timeline.models import Entry
from coe.timeline.services import add_entry, save_entry
from coe.web.versions import Conflict
from tests.documents.making import make_document, moment, texts
from tests.documents.rivals import Rival, at_once, kinds_of_errors
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db

UID = UUID("22222222-2222-4222-8222-222222222222")


def add(document: Document, clock: str, *, uid: UUID | None = None) -> Entry:
    return add_entry(
        document, uid=uid or uuid4(), instant=moment(clock), text=clock, by=document.owner
    )


def test_entries_stand_in_the_order_of_their_times_however_they_are_added(
    document: Document,
) -> None:
    for clock in ("09:30", "11:00", "09:00", "10:00", "12:00"):
        add(document, clock)

    assert texts(document) == ["09:00", "09:30", "10:00", "11:00", "12:00"]


def test_entries_of_one_minute_stand_in_the_order_in_which_they_were_added(
    document: Document, people: People
) -> None:
    add(document, "10:00")
    for text in ("one", "two"):
        add_entry(document, uid=uuid4(), instant=moment("09:30"), text=text, by=people.owner)

    assert texts(document) == ["one", "two", "10:00"]


def test_the_times_of_another_document_do_not_matter(document: Document, people: People) -> None:
    other = make_document(people.owner)
    add(other, "12:00")

    add(document, "09:30")
    add(document, "10:00")

    assert texts(document) == ["09:30", "10:00"]
    assert texts(other) == ["12:00"]


def test_an_entry_added_again_under_its_uid_is_the_first_one(document: Document) -> None:
    first = add(document, "09:30", uid=UID)
    since = latest(document)
    again = add(document, "09:30", uid=UID)

    assert again.pk == first.pk
    assert texts(document) == ["09:30"]
    assert told(document, since=since) == []


def test_an_entry_keeps_the_instant_as_it_was_given_precision_end_and_all(
    document: Document, people: People
) -> None:
    span = moment("09:37", precision=Precision.ABOUT, end="09:55")
    entry = add_entry(
        document,
        uid=UID,
        instant=span,
        text="Errors rise",
        evidence="https://graphs.example.org/7",
        by=people.owner,
    )

    stored = Entry.objects.get(pk=entry.pk)
    assert stored.instant == span
    assert told(document)[-1] == (
        "added",
        "entry",
        str(UID),
        1,
        {},
        {
            "at": "2026-11-14T09:37:00Z",
            "precision": "about",
            "end_at": "2026-11-14T09:55:00Z",
            "milestone_id": None,
            "kind": "",
            "text": "Errors rise",
            "evidence": "https://graphs.example.org/7",
            "place": 0,
        },
    )


def test_an_entry_that_gets_another_time_keeps_its_place_until_somebody_moves_it(
    document: Document, people: People
) -> None:
    first = add(document, "09:00")
    add(document, "10:00")
    since = latest(document)

    save_entry(first, version=1, instant=moment("11:00"), text="09:00", by=people.owner)

    assert texts(document) == ["09:00", "10:00"]
    assert told(document, since=since) == [
        (
            "changed",
            "entry",
            str(first.uid),
            2,
            {"at": "2026-11-14T09:00:00Z"},
            {"at": "2026-11-14T11:00:00Z"},
        )
    ]


def test_after_a_move_by_hand_a_new_entry_still_stands_before_the_first_that_is_later(
    document: Document, people: People
) -> None:
    for clock in ("09:00", "10:00", "11:00"):
        last = add(document, clock)
    move_row(last, steps=-2, among=Entry.objects.filter(document=document), by=people.owner)
    assert texts(document) == ["11:00", "09:00", "10:00"]

    add(document, "09:30")

    assert texts(document) == ["09:30", "11:00", "09:00", "10:00"]


def test_a_save_with_nothing_new_counts_no_version_also_with_the_time_in_another_zone(
    document: Document, people: People
) -> None:
    entry = add(document, "09:30")
    since = latest(document)
    same = Instant(datetime.fromisoformat("2026-11-14T01:30:00-08:00"), Precision.MINUTE, None)

    save_entry(entry, version=1, instant=same, text="09:30", by=people.owner)

    assert Entry.objects.get(pk=entry.pk).version == 1
    assert told(document, since=since) == []


def test_a_save_over_a_version_that_is_gone_is_a_conflict(
    document: Document, people: People
) -> None:
    entry = add(document, "09:30")
    mine = Entry.objects.get(pk=entry.pk)
    save_entry(entry, version=1, instant=moment("09:31"), text="theirs", by=people.contributor)

    with pytest.raises(Conflict):
        save_entry(mine, version=1, instant=moment("09:32"), text="mine", by=people.owner)


@pytest.mark.parametrize("end", ["09:30", "09:29"])
def test_the_database_refuses_a_span_that_does_not_end_after_its_start(
    document: Document, end: str
) -> None:
    entry = add(document, "09:30")
    end_at = moment(end).at

    with pytest.raises(IntegrityError, match="entry_ends_after_start"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(end_at=end_at)


@pytest.mark.django_db(transaction=True)
def test_an_entry_added_while_another_is_in_flight_still_finds_its_place_by_its_time(
    document: Document, people: People
) -> None:
    """The place is looked for after waiting, not before: 09:00 belongs in front of 09:30."""
    add(document, "10:00")

    with transaction.atomic():
        add(document, "09:30")
        rival = Rival(lambda: add(document, "09:00"))
        assert rival.is_held_up()

    rival.finish()
    assert texts(document) == ["09:00", "09:30", "10:00"]


@pytest.mark.django_db(transaction=True)
def test_one_entry_sent_twice_at_once_is_one(document: Document) -> None:
    add(document, "10:00")
    rivals = at_once(
        lambda: add(document, "09:30", uid=UID).pk, lambda: add(document, "09:30", uid=UID).pk
    )

    assert kinds_of_errors(rivals) == []
    assert rivals[0].result == rivals[1].result
    assert texts(document) == ["09:30", "10:00"]

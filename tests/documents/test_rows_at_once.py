"""Rows of a COE, two people at the same moment, each with a database connection of their own."""

import random
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import transaction

from coe.documents.models import Document
from coe.documents.rows import move_row, remove_row, save_row
from coe.timeline.models import Entry
from coe.web.versions import Conflict
from tests.documents.making import make_line, texts
from tests.documents.rivals import Rival, at_once, kinds_of_errors
from tests.history.reading import Told, latest, told
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)

UID = UUID("11111111-2222-3333-4444-555555555555")


def test_one_uid_added_by_two_requests_at_once_is_one_row_told_once(
    document: Document, people: People
) -> None:
    since = latest(document)

    rivals = at_once(
        lambda: make_line(document, "sent", uid=UID).pk,
        lambda: make_line(document, "sent", uid=UID, by=people.contributor).pk,
    )

    assert kinds_of_errors(rivals) == []
    assert rivals[0].result == rivals[1].result
    assert len(texts(document)) == 1
    assert [event.action for event in told(document, since=since)] == ["added"]


def test_different_rows_added_at_once_get_different_places(
    document: Document, people: People
) -> None:
    rivals = at_once(*[lambda n=n: make_line(document, f"line {n}") for n in range(6)])

    assert kinds_of_errors(rivals) == []
    positions = list(Entry.objects.values_list("position", flat=True))
    assert positions == [1024, 2048, 3072, 4096, 5120, 6144]


def test_of_two_saves_over_one_version_exactly_one_wins_and_history_tells_that_one(
    document: Document, people: People
) -> None:
    line = make_line(document, "as both of them read it")
    since = latest(document)

    def save(text: str) -> Callable[[], None]:
        mine = Entry.objects.get(pk=line.pk)
        return lambda: save_row(mine, version=1, values={"text": text}, by=people.owner)

    rivals = at_once(save("left"), save("right"))

    assert kinds_of_errors(rivals) == ["Conflict"]
    (stored,) = texts(document)
    assert stored == ("left" if rivals[0].error is None else "right")
    assert Entry.objects.get(pk=line.pk).version == 2
    before = {"text": "as both of them read it"}
    assert told(document, since=since) == [
        ("changed", "entry", str(line.uid), 2, before, {"text": stored})
    ]


def test_a_save_waits_for_the_one_before_it_and_is_then_a_conflict(
    document: Document, people: People
) -> None:
    line = make_line(document, "one")
    theirs = Entry.objects.get(pk=line.pk)

    with transaction.atomic():
        save_row(line, version=1, values={"text": "two"}, by=people.owner)
        rival = Rival(
            lambda: save_row(theirs, version=1, values={"text": "three"}, by=people.contributor)
        )
        assert rival.is_held_up()

    with pytest.raises(Conflict):
        rival.finish()
    assert texts(document) == ["two"]


def test_a_save_that_is_rolled_back_leaves_the_way_free_for_the_one_that_waits(
    document: Document, people: People
) -> None:
    line = make_line(document, "one")
    theirs = Entry.objects.get(pk=line.pk)
    since = latest(document)

    with transaction.atomic():
        save_row(line, version=1, values={"text": "two"}, by=people.owner)
        rival = Rival(
            lambda: save_row(theirs, version=1, values={"text": "three"}, by=people.contributor)
        )
        assert rival.is_held_up()
        transaction.set_rollback(True)

    rival.finish()
    assert texts(document) == ["three"]
    assert [(event.before, event.after) for event in told(document, since=since)] == [
        ({"text": "one"}, {"text": "three"})
    ]


def test_two_people_who_write_in_two_rows_do_not_wait_for_each_other(
    document: Document, people: People
) -> None:
    mine, theirs = make_line(document, "mine"), make_line(document, "theirs")

    with transaction.atomic():
        save_row(mine, version=1, values={"text": "mine, edited"}, by=people.owner)
        rival = Rival(
            lambda: save_row(
                theirs, version=1, values={"text": "edited too"}, by=people.contributor
            )
        )
        assert not rival.is_held_up()

    rival.finish()
    assert texts(document) == ["mine, edited", "edited too"]


def test_a_removal_waits_for_a_save_in_flight_and_is_then_refused(
    document: Document, people: People
) -> None:
    line = make_line(document, "one")
    theirs = Entry.objects.get(pk=line.pk)

    with transaction.atomic():
        save_row(line, version=1, values={"text": "a word they have not read"}, by=people.owner)
        rival = Rival(lambda: remove_row(theirs, version=1, by=people.contributor))
        assert rival.is_held_up()

    with pytest.raises(Conflict):
        rival.finish()
    assert texts(document) == ["a word they have not read"]


def test_a_save_waits_for_a_removal_in_flight_and_is_then_refused(
    document: Document, people: People
) -> None:
    line = make_line(document, "one")
    theirs = Entry.objects.get(pk=line.pk)

    with transaction.atomic():
        remove_row(line, version=1, by=people.owner)
        rival = Rival(
            lambda: save_row(theirs, version=1, values={"text": "two"}, by=people.contributor)
        )
        assert rival.is_held_up()

    with pytest.raises(Conflict):
        rival.finish()
    assert [event.action for event in told(document)[2:]] == ["added", "removed"]


def test_moves_at_once_keep_every_row_and_their_history_replays_to_the_order_there_is(
    document: Document, people: People
) -> None:
    names = ["a", "b", "c", "d", "e"]
    rows = {name: make_line(document, name) for name in names}
    since = latest(document)
    among = Entry.objects.filter(document=document)

    def mover(seed: int) -> Callable[[], None]:
        choice = random.Random(seed)
        plan = [(choice.choice(names), choice.choice((-1, 1))) for _ in range(12)]

        def move() -> None:
            for name, steps in plan:
                move_row(rows[name], steps=steps, among=among, by=people.owner)

        return move

    rivals = at_once(mover(1), mover(2), mover(3))

    assert kinds_of_errors(rivals) == []
    assert sorted(texts(document)) == names
    positions = list(Entry.objects.values_list("position", flat=True))
    assert positions == [1024, 2048, 3072, 4096, 5120]
    assert set(Entry.objects.values_list("version", flat=True)) == {1}
    by_uid = {str(row.uid): name for name, row in rows.items()}
    assert texts(document) == replayed(names, told(document, since=since), by_uid)


def replayed(start: list[str], moves: list[Told], names: dict[str, str]) -> list[str]:
    """The order that `moves`, as history tells them one after the other, lead to."""
    order = list(start)
    for move in moves:
        assert order.pop(move.before["place"]) == names[move.key]
        order.insert(move.after["place"], names[move.key])
    return order


def test_a_move_and_a_row_added_at_once_both_happen(document: Document, people: People) -> None:
    make_line(document, "a")
    second = make_line(document, "b")
    among = Entry.objects.filter(document=document)

    with transaction.atomic():
        move_row(second, steps=-1, among=among, by=people.owner)
        rival = Rival(lambda: make_line(document, "c", by=people.contributor))
        assert rival.is_held_up()

    rival.finish()
    assert texts(document) == ["b", "a", "c"]

"""A row that was removed comes back to where it stood, and what hung on it and on what is said."""

from collections.abc import Iterable

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coe.accounts.models import User
from coe.actions.models import ActionItem
from coe.actions.services import save_action
from coe.chronicle.events import Thing
from coe.chronicle.plans import ROWS_OF, plan_to_bring_back
from coe.chronicle.replay import Replay, snapshot_at
from coe.chronicle.services import bring_back
from coe.chronicle.state import DOCUMENT, ROW_MODELS
from coe.documents.contents import ImpactFigure, Lesson
from coe.documents.models import Document, DocumentRow
from coe.documents.rows import add_row, move_row, remove_row
from coe.incidents.models import Service
from coe.snapshots.snapshot import Snapshot
from coe.text.instants import zone_choices
from coe.timeline.models import Entry
from coe.timeline.services import add_entry, save_entry
from coe.whys.models import Cause
from coe.whys.services import remove_cause, save_cause
from tests.chronicle.pages import Reader, words
from tests.chronicle.sessions import Session
from tests.chronicle.test_replay import now
from tests.documents.making import make_action, make_cause, make_line, moment, texts
from tests.history.reading import latest
from tests.people import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(people: People, document: Document) -> Reader:
    return Reader(people.owner, document)


def figure(document: Document, what: str) -> ImpactFigure:
    uid = make_line(document, "x").uid
    return add_row(
        ImpactFigure, document=document, uid=uid, values={"what": what}, by=document.owner
    )


def lesson(document: Document, text: str, kind: str) -> Lesson:
    uid = make_line(document, "x").uid
    values = {"text": text, "kind": kind}
    return add_row(Lesson, document=document, uid=uid, values=values, by=document.owner)


def remove(row: DocumentRow) -> int:
    remove_row(row, version=1, by=row.document.owner)
    return latest(row.document)


def page_of(reader: Reader, event: int, side: str = "before") -> str:
    address = f"/coes/{reader.document.reference}/history/{event}/bring-back/"
    return words(reader.client.get(address, {"side": side}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gone", "sentence"),
    [
        ("a", "It comes back before “b”."),
        ("b", "It comes back between “a” and “c”."),
        ("c", "It comes back behind “b”."),
    ],
)
def test_it_stands_between_its_neighbours_again_and_the_page_says_so(
    owner: Reader, document: Document, gone: str, sentence: str
) -> None:
    rows = {what: figure(document, what) for what in "abc"}
    removed = remove(rows[gone])

    assert sentence in page_of(owner, removed)
    assert owner.bring_back(removed, "before").status_code == 303

    assert texts(document, ImpactFigure) == ["a", "b", "c"]


def test_where_a_neighbour_is_gone_the_next_one_that_is_there_counts(
    owner: Reader, document: Document
) -> None:
    rows = {what: figure(document, what) for what in "abcd"}
    removed = remove(rows["c"])
    for other in "bd":
        remove(rows[other])
    figure(document, "new")

    assert owner.bring_back(removed, "before").status_code == 303

    assert texts(document, ImpactFigure) == ["a", "c", "new"]


def test_among_lessons_those_of_its_kind_count_first(owner: Reader, document: Document) -> None:
    lesson(document, "w1", "well")
    bad = lesson(document, "b1", "badly")
    rows = [lesson(document, text, "well") for text in ("w2", "w3")]
    lesson(document, "b2", "badly")
    removed = remove(rows[0])
    among = Lesson.objects.filter(document=document, kind="badly")
    move_row(bad, steps=1, among=among, by=document.owner)

    assert "It comes back between “w1” and “w3”." in page_of(owner, removed)
    assert owner.bring_back(removed, "before").status_code == 303

    well = Lesson.objects.filter(document=document, kind="well")
    assert [each.text for each in well] == ["w1", "w2", "w3"]


def test_an_entry_stands_by_its_time_among_what_is_new_and_else_where_it_stood(
    owner: Reader, document: Document
) -> None:
    first, second, _ = (make_line(document, text) for text in ("first", "second", "third"))
    removed = remove(second)
    uid = make_cause(document, "x").uid
    add_entry(document, uid=uid, instant=moment("08:00"), text="early", by=document.owner)
    uid = make_cause(document, "y").uid
    add_entry(document, uid=uid, instant=moment("10:00"), text="late", by=document.owner)

    assert owner.bring_back(removed, "before").status_code == 303
    assert texts(document) == ["early", "first", "second", "third", "late"]

    again = remove(Entry.objects.get(uid=second.uid))
    save_entry(first, version=1, instant=moment("09:45"), text="first", by=document.owner)
    assert owner.bring_back(again, "before").status_code == 303
    assert texts(document) == ["early", "second", "first", "third", "late"]


def test_a_cause_stands_below_what_it_explained_and_what_hung_on_it_is_named(
    owner: Reader, document: Document, people: People
) -> None:
    top = make_cause(document, "top")
    make_cause(document, "left", explains=[top])
    cause = make_cause(document, "middle", explains=[top])
    make_cause(document, "right", explains=[top])
    below = make_cause(document, "below", explains=[cause])
    item = make_action(document, "Add an alarm", cause_id=cause.pk)
    was, then = now(document), latest(document)
    remove_cause(cause, version=1, by=people.owner)

    event = document.history.filter(subject="cause", action="removed").latest("pk").pk
    page = page_of(owner, event)
    assert "It comes back between “left” and “right”." in page
    assert "1 cause that explained it and 1 action item that answered it" in page
    assert owner.bring_back(event, "before").status_code == 303
    assert Cause.objects.get(uid=cause.uid).effects() == [top]

    for thing in (("cause", str(below.uid)), ("action", str(item.uid))):
        back(document, then, thing, people.owner)
    assert now(document) == was


def test_a_cause_whose_effects_are_gone_answers_the_question_of_its_chain(
    owner: Reader, document: Document, people: People
) -> None:
    top = make_cause(document, "top")
    save_cause(top, version=1, values={"answers": "detection"}, explains=[], by=people.owner)
    cause = make_cause(document, "below", explains=[top])
    remove_cause(cause, version=1, by=people.owner)
    removed = latest(document)
    remove_cause(top, version=2, by=people.owner)

    page = page_of(owner, removed)
    assert "it answers “Why did detection take so long?” itself" in page
    assert owner.bring_back(removed, "before").status_code == 303

    again = Cause.objects.get(uid=cause.uid)
    assert (again.effects(), again.answers) == ([], "detection")


def test_who_has_left_is_given_nothing_and_the_page_says_so(
    owner: Reader, document: Document, people: People
) -> None:
    item = make_action(document, "Add an alarm", owner_id=people.colleague.pk)
    added = latest(document)
    save_action(item, version=1, values={"owner_id": people.manager.pk}, by=people.owner)
    User.objects.filter(pk=people.colleague.pk).update(is_active=False)

    assert "Colleague has left, so its owner stays as it is." in page_of(owner, added, "after")
    assert owner.bring_back(added, "after").status_code == 303
    assert ActionItem.objects.get(pk=item.pk).owner == people.manager

    remove_row(ActionItem.objects.get(pk=item.pk), version=2, by=people.owner)
    assert "Colleague has left, so nobody owns it yet." in page_of(owner, added, "after")
    assert owner.bring_back(added, "after").status_code == 303
    assert ActionItem.objects.get(uid=item.uid).owner is None


STAYING = {"move_row", "place_entry", "move_cause", "arrange_cause", "change_people", "hand_over"}
"""Deeds that bringing things back does not undo: a row that is there stays where it stands, and who
takes part is no text. Growing neither, which is one way."""


def back(document: Document, pk: int, thing: Thing, by: User) -> None:
    fresh = Document.objects.with_readers_fields().get(pk=document.pk)
    plan = plan_to_bring_back(Replay(fresh, pk), thing)
    assert plan
    bring_back(fresh, plan, version=plan.version, by=by)


def things(document: Document, snapshot: Snapshot) -> Iterable[Thing]:
    """Everything that can be brought back: what is there before what was removed, and what marks
    and answers something behind that."""
    yield DOCUMENT
    yield from (("milestone", each.kind) for each in snapshot.milestones)
    yield from (("section", each.slug) for each in snapshot.sections)
    yield from (("answer", each.slug) for each in snapshot.answers)
    for subject, rows in ROWS_OF.items():
        held = [str(each.uid) for each in getattr(snapshot, rows)]
        there = {str(uid) for uid in rows_of(subject, document).values_list("uid", flat=True)}
        yield from ((subject, key) for key in sorted(held, key=lambda key: key not in there))


def rows_of(subject: str, document: Document) -> QuerySet[DocumentRow]:
    return ROW_MODELS[subject]._default_manager.filter(document=document)


def remove_what_is_new(document: Document, was: Snapshot, by: User) -> None:
    for subject, rows in ROWS_OF.items():
        held = [each.uid for each in getattr(was, rows)]
        while row := rows_of(subject, document).exclude(uid__in=held).first():
            if isinstance(row, Cause):
                remove_cause(row, version=row.version, by=by)
            else:
                remove_row(row, version=row.version, by=by)


def there_and_back(document: Document, people: People, seed: int) -> tuple[Snapshot, Snapshot]:
    """A moment of a random session, and the COE after everything was brought back to it: twice,
    since a cause may have to wait for another one to let go."""
    session = Session(document, [people.owner, people.contributor], seed)
    for _ in range(25):
        session.step()
    was, pk = now(document), latest(document)
    for _ in range(20):
        session.step(without=STAYING | {"grow"})
    remove_what_is_new(document, was, people.owner)
    for _ in range(2):
        for thing in things(document, was) if now(document) != was else ():
            back(document, pk, thing, people.owner)
    return was, now(document)


@settings(
    deadline=None,
    max_examples=2,
    phases=[Phase.generate],  # No seed is simpler than another.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.integers(0, 10_000))
def test_after_a_random_session_everything_is_brought_back_to_the_moment(
    document: Document, people: People, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("coe.documents.forms.zone_choices", zone_choices)
    with transaction.atomic():
        assert people.owner.team
        Service.objects.create(name="Uploads", team=people.owner.team)
        was, is_now = there_and_back(document, people, seed)
        assert is_now == was
        assert snapshot_at(document, latest(document)) == is_now
        transaction.set_rollback(True)


def test_a_place_that_is_forgotten_would_be_noticed(
    document: Document, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        figure(document, name)
    was, pk = now(document), latest(document)
    remove(ImpactFigure.objects.get(document=document, what="a"))
    monkeypatch.setattr("coe.chronicle.places._side", lambda *args: -1)

    for thing in things(document, was):
        back(document, pk, thing, people.owner)

    assert now(document) != was
    assert set(now(document).figures) == set(was.figures)

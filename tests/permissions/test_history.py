"""The history of one COE holds nothing of another, also where both have rows of one identity."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from coe.actions.models import ActionItem
from coe.administration.redaction import find_secret, look_for_secret, remove_secret
from coe.chronicle.replay import snapshot_at
from coe.documents.contents import Lesson
from coe.documents.models import Document
from coe.documents.rows import add_row, remove_row
from coe.exports.form import Form
from coe.history.models import HistoryEvent, HistoryText
from coe.importers.services import import_coe
from coe.snapshots.build import build_snapshot
from coe.timeline.models import Entry
from coe.whys.models import Cause
from coe.whys.services import remove_cause
from tests.chronicle.pages import seen_on
from tests.permissions.test_every_address import ask
from tests.permissions.world import World, undone

pytestmark = pytest.mark.django_db


def events(document: Document) -> list[int]:
    found = HistoryEvent.objects.filter(document=document).order_by("pk")
    return list(found.values_list("pk", flat=True))


@pytest.fixture
def twin(world: World) -> Iterator[Document]:
    """A younger COE with the rows of the draft, under the same identities."""
    with undone():
        snapshot = build_snapshot(world.cases["draft"].document)
        yield import_coe(Form(snapshot, "", ""), owner=world.people["owner"]).document


@pytest.mark.parametrize("route", ["coe_history", "coe_compare"])
def test_a_page_shows_who_and_what_is_in_this_coe_alone(world: World, route: str) -> None:
    case = world.cases["in_review"]
    page = world.client("owner").get(reverse(route, args=[case.reference])).content.decode()

    assert page.count("Manager") == 0
    for other in world.cases.values():
        assert other is case or f" {other.word}" not in page
    assert f'value="{events(case.document)[0]}" selected' in page or route == "coe_history"


def test_a_moment_and_a_change_of_another_coe_are_not_there(world: World) -> None:
    client, case = world.client("owner"), world.cases["draft"]
    for other in ("published", "restricted_draft"):
        section = HistoryEvent.objects.filter(
            document=world.cases[other].document, subject="section"
        )[0]
        compare = reverse("coe_compare", args=[case.reference])
        assert ask(client, "GET", f"{compare}?from={section.pk}").status_code == 422
        address = reverse("coe_bring_back_change", args=[case.reference, section.pk])
        for method in ("GET", "POST"):
            assert ask(client, method, address, {"version": 1}).status_code == 404


def test_every_moment_is_of_this_coe_alone(world: World, twin: Document) -> None:
    for document in (world.cases["draft"].document, twin):
        fresh = Document.objects.with_readers_fields().get(pk=document.pk)
        assert snapshot_at(fresh, events(fresh)[-1]) == build_snapshot(fresh)


def test_what_was_emptied_is_filled_from_this_coe_alone(world: World, twin: Document) -> None:
    with undone():
        document = world.cases["draft"].document
        lesson = Lesson.objects.get(document=twin)
        Lesson.objects.filter(pk=lesson.pk).update(text="Another lesson")
        twin.sections.exclude(text="").update(text="Another summary")
        twin.answers.exclude(text="").update(text="Another answer")
        held = HistoryText.objects.filter(event__document=document)
        held.filter(event__subject__in=("section", "answer", "lesson")).update(content=None)

        told = snapshot_at(document, events(document)[-1])

        assert told == build_snapshot(document)
        before = build_snapshot(twin)
        texts = HistoryText.objects.filter(event__document=twin)
        texts.filter(event__subject__in=("section", "answer", "lesson")).update(content=None)
        assert snapshot_at(twin, events(twin)[-1]) == before


def bring_back_page(world: World, document: Document, event: int) -> str:
    address = reverse("coe_bring_back_change", args=[document.reference, event])
    return world.client("owner").get(address, {"side": "before"}).content.decode()


def press(world: World, document: Document, event: int, side: str, version: str) -> int:
    address = reverse("coe_bring_back_change", args=[document.reference, event])
    client = world.client("owner")
    seen = seen_on(client.get(address, {"side": side}))
    data = {"side": side, "version": version, "seen": seen}
    return client.post(address, data).status_code


def test_what_is_brought_back_is_brought_back_in_this_coe_alone(
    world: World, twin: Document
) -> None:
    by, older = world.people["owner"], world.cases["draft"].document
    was, untouched = build_snapshot(twin), build_snapshot(older)
    deepest = Cause.objects.get(document=twin, text__startswith="Deepest")
    uids: list[UUID] = []
    for row in (
        Lesson.objects.get(document=twin),
        Entry.objects.get(document=twin),
        ActionItem.objects.get(document=twin),
    ):
        uids.append(row.uid)
        remove_row(row, version=1, by=by)
        assert "It comes back" not in bring_back_page(world, twin, events(twin)[-1])
        assert press(world, twin, events(twin)[-1], "before", "") == 303
    remove_cause(deepest, version=1, by=by)
    removed = HistoryEvent.objects.filter(document=twin, action="removed").latest("pk").pk
    assert press(world, twin, removed, "before", "") == 303

    now = build_snapshot(twin)
    assert set(now.causes) == set(was.causes)
    assert (now.lessons, now.entries, now.actions) == (was.lessons, was.entries, was.actions)
    assert build_snapshot(older) == untouched


def test_a_row_comes_back_where_it_was_whatever_others_hold(world: World, twin: Document) -> None:
    by, uid = world.people["owner"], UUID(int=7)
    values = {"kind": "well", "text": "The last of two"}
    add_row(Lesson, document=twin, uid=uid, values=values, by=by)
    was = build_snapshot(twin).lessons
    remove_row(Lesson.objects.get(document=twin, uid=uid), version=1, by=by)
    assert press(world, twin, events(twin)[-1], "before", "") == 303
    assert build_snapshot(twin).lessons == was


def test_what_hung_on_a_cause_is_counted_in_this_coe_alone(world: World, twin: Document) -> None:
    for document in (world.cases["draft"].document, twin):
        cause = ActionItem.objects.get(document=document).cause
        assert cause
        remove_cause(cause, version=cause.version, by=world.people["owner"])
    removed = HistoryEvent.objects.filter(document=twin, action="removed").latest("pk").pk
    assert "1 action item that answered it" in bring_back_page(world, twin, removed)


def test_the_moment_before_a_change_is_one_of_this_coe(world: World, twin: Document) -> None:
    older = world.cases["draft"].document
    far = datetime(2031, 5, 6, tzinfo=UTC)
    of_twin = HistoryEvent.objects.filter(document=twin).latest("pk")
    of_twin.pk, of_twin.at = None, far
    of_twin.save()
    remove_row(Lesson.objects.get(document=older), version=1, by=world.people["owner"])
    assert "2031" not in bring_back_page(world, older, events(older)[-1])


def test_it_is_brought_back_in_the_older_of_two_as_well(world: World, twin: Document) -> None:
    by, older = world.people["owner"], world.cases["draft"].document
    was, untouched = build_snapshot(older), build_snapshot(twin)
    remove_cause(Cause.objects.get(document=older, text__startswith="Deepest"), version=1, by=by)
    assert press(world, older, events(older)[-1], "before", "") == 303
    assert set(build_snapshot(older).causes) == set(was.causes)

    answer = older.answers.exclude(text="").get()
    given = HistoryEvent.objects.filter(document=older, subject="answer").latest("pk").pk
    assert press(world, older, given, "before", str(answer.version)) == 303
    assert not older.answers.exclude(text="").exists()
    for section in older.sections.exclude(text=""):
        written = HistoryEvent.objects.filter(document=older, subject_key=section.slug).latest("pk")
        assert press(world, older, written.pk, "before", str(section.version)) == 303
    assert not older.sections.exclude(text="").exists()
    assert build_snapshot(twin) == untouched


def test_only_administrators_remove_a_secret_and_find_it_in_one_coe_alone(world: World) -> None:
    case = world.cases["draft"]
    assert find_secret(case.document, "Action X").promises == 0
    assert find_secret(world.cases["published"].document, "Action X").promises == 1
    for person in ("owner", "manager", "leader"):
        with undone(), pytest.raises(PermissionDenied):
            look_for_secret(case.document, secret=case.word, by=world.people[person])
        with undone(), pytest.raises(PermissionDenied):
            remove_secret(
                case.document, secret=case.word, reason="Because", by=world.people[person]
            )

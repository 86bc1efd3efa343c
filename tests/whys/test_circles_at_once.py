"""Two people who save at once cannot close a circle; and the tests would see it if they could."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction

from coe.actions.models import ActionItem
from coe.actions.services import add_action, save_action
from coe.documents.models import Document, DocumentRow
from coe.web.versions import Conflict
from coe.whys.models import Cause
from coe.whys.services import ExplainsItself, remove_cause, save_cause
from tests.documents.making import edges, make_action, make_cause, texts
from tests.documents.rivals import Rival, at_once, kinds_of_errors
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)

CIRCLE = [("a", "b", True), ("b", "a", True)]


def connecting(cause: Cause, effect: Cause) -> Callable[[], None]:
    """A save of `cause` by somebody who read it, and `effect`, before anything happened."""
    copy = Cause.objects.select_related("document__owner").get(pk=cause.pk)

    def save() -> None:
        values = {"text": copy.text}
        save_cause(copy, version=1, values=values, explains=[effect], by=copy.document.owner)

    return save


def cross(document: Document) -> Rival:
    """Save “a explains b”; before that is done, let somebody else save “b explains a”."""
    a, b = make_cause(document, "a"), make_cause(document, "b")
    mine, theirs = connecting(a, b), connecting(b, a)
    with transaction.atomic():
        mine()
        rival = Rival(theirs)
        rival.is_held_up()
    rival.wait()
    return rival


def test_the_second_of_two_who_would_close_a_circle_waits_and_is_refused(
    document: Document,
) -> None:
    rival = cross(document)

    assert isinstance(rival.error, ExplainsItself)
    assert edges(document) == [("a", "b", True)]
    assert Cause.objects.get(text="b").version == 1


def test_without_the_lock_the_circle_gets_in_so_the_test_above_sees_what_it_is_for(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_lock(document: Document, kind: type[DocumentRow]) -> None:
        """The planted fault."""

    monkeypatch.setattr("coe.whys.services.lock_order", no_lock)

    rival = cross(document)

    assert rival.error is None
    assert edges(document) == CIRCLE


def test_of_two_who_start_at_the_same_moment_exactly_one_is_refused(document: Document) -> None:
    a, b = make_cause(document, "a"), make_cause(document, "b")

    rivals = at_once(connecting(a, b), connecting(b, a))

    assert kinds_of_errors(rivals) == ["ExplainsItself"]
    assert len(edges(document)) == 1


def test_of_three_who_would_close_a_longer_circle_exactly_one_is_refused(
    document: Document,
) -> None:
    a, b, c = (make_cause(document, text) for text in "abc")

    rivals = at_once(connecting(a, b), connecting(b, c), connecting(c, a))

    assert kinds_of_errors(rivals) == ["ExplainsItself"]
    assert len(edges(document)) == 2


def test_nobody_can_explain_a_cause_whose_removal_is_in_flight(
    document: Document, people: People
) -> None:
    gone = make_cause(document, "gone")

    with transaction.atomic():
        remove_cause(Cause.objects.get(pk=gone.pk), version=1, by=people.owner)
        rival = Rival(lambda: make_cause(document, "why", explains=[gone]))
        assert rival.is_held_up()

    with pytest.raises(Conflict):
        rival.finish()
    assert texts(document, Cause) == []


def test_a_removal_waits_for_a_new_child_in_flight_and_then_moves_it_up(
    document: Document, people: People
) -> None:
    top = make_cause(document, "top")
    middle = make_cause(document, "middle", explains=[top])
    copy = Cause.objects.get(pk=middle.pk)

    with transaction.atomic():
        make_cause(document, "late child", explains=[middle])
        rival = Rival(lambda: remove_cause(copy, version=1, by=people.owner))
        assert rival.is_held_up()

    rival.finish()
    assert edges(document) == [("late child", "top", True)]


def test_a_removal_waits_for_a_new_item_in_flight_and_takes_the_cause_off_it(
    document: Document, people: People
) -> None:
    gone = make_cause(document, "gone")
    copy = Cause.objects.get(pk=gone.pk)
    values = {"title": "Late item", "cause_id": gone.pk}

    with transaction.atomic():
        add_action(document, uid=uuid4(), values=values, by=people.owner)
        rival = Rival(lambda: remove_cause(copy, version=1, by=people.contributor))
        assert rival.is_held_up()

    rival.finish()
    (item,) = ActionItem.objects.all()
    assert (item.title, item.cause) == ("Late item", None)


def test_a_removal_and_a_save_of_an_item_that_answers_the_cause_do_not_wait_for_each_other(
    document: Document, people: People
) -> None:
    for number in range(5):
        gone = make_cause(document, "gone")
        item = make_action(document, "Typed", cause_id=gone.pk)
        values = {"title": f"Typed {number}", "cause_id": gone.pk}

        rivals = at_once(
            partial(save_action, item, version=1, values=values, by=people.owner),
            partial(remove_cause, gone, version=1, by=people.contributor),
        )

        assert kinds_of_errors(rivals) in ([], ["Conflict"])
        assert ActionItem.objects.get(pk=item.pk).cause_id is None
    assert texts(document, Cause) == []

"""Causes and what they explain, one person at a time."""

from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from coe.documents.models import Document
from coe.documents.rows import move_row
from coe.web.versions import Conflict
from coe.whys.models import Cause, Explanation
from coe.whys.queries import siblings
from coe.whys.services import ExplainsItself, add_cause, remove_cause, save_cause
from tests.documents.making import (
    edges,
    make_action,
    make_cause,
    make_document,
    run_and_check,
    texts,
)
from tests.history.reading import latest, told
from tests.people import People

pytestmark = pytest.mark.django_db

UID = UUID("33333333-3333-4333-8333-333333333333")


def stored(cause: Cause) -> Cause:
    return Cause.objects.get(pk=cause.pk)


def connect(cause: Cause, *effects: Cause) -> None:
    fresh = stored(cause)
    save_cause(
        fresh,
        version=fresh.version,
        values={"text": fresh.text},
        explains=effects,
        by=cause.document.owner,
    )


def test_a_cause_explains_two_effects_and_is_drawn_under_the_first(document: Document) -> None:
    first, second = make_cause(document, "first"), make_cause(document, "second")
    make_cause(document, "why of both", explains=[second, first])

    assert edges(document) == [("why of both", "second", True), ("why of both", "first", False)]


def test_a_cause_is_told_with_what_it_explains_the_primary_effect_first(
    document: Document, people: People
) -> None:
    first, second = make_cause(document, "first"), make_cause(document, "second")
    values = {"text": "why", "kind": "latent", "confidence": "likely"}
    cause = add_cause(
        document, uid=UID, values=values, explains=[second, first], by=people.contributor
    )

    assert told(document)[-1] == (
        "added",
        "cause",
        str(UID),
        1,
        {},
        {
            "text": "why",
            "kind": "latent",
            "confidence": "likely",
            "evidence": "",
            "answers": "happened",
            "risk_reason": "",
            "risk_approver_id": None,
            "explains": [str(second.uid), str(first.uid)],
            "id": cause.pk,
            "place": 2,
        },
    )


def test_adding_the_same_uid_again_changes_neither_the_cause_nor_its_effects(
    document: Document, people: People
) -> None:
    effect = make_cause(document, "effect")
    first = add_cause(document, uid=UID, values={"text": "why"}, explains=[effect], by=people.owner)
    since = latest(document)
    again = add_cause(document, uid=UID, values={"text": "why"}, explains=[effect], by=people.owner)
    for other in ({"text": "x"}, [effect]), ({"text": "why"}, []):
        with pytest.raises(Conflict):
            add_cause(document, uid=UID, values=other[0], explains=other[1], by=people.owner)

    assert again.pk == first.pk
    assert edges(document) == [("why", "effect", True)]
    assert told(document, since=since) == []


def test_an_effect_of_another_document_is_refused_and_nothing_is_added(
    document: Document, people: People
) -> None:
    foreign = make_cause(make_document(people.owner), "foreign")

    with pytest.raises(Conflict):
        make_cause(document, "why", explains=[foreign])

    assert texts(document, Cause) == []


def test_an_effect_that_was_removed_meanwhile_is_a_conflict(
    document: Document, people: People
) -> None:
    gone = make_cause(document, "gone")
    kept = make_cause(document, "kept")
    remove_cause(stored(gone), version=1, by=people.owner)

    with pytest.raises(Conflict):
        make_cause(document, "why", explains=[gone])
    with pytest.raises(Conflict):
        connect(kept, gone)

    assert stored(kept).version == 1
    assert texts(document, Cause) == ["kept"]


def test_new_effects_count_one_version_and_are_told_in_one_event(
    document: Document, people: People
) -> None:
    first, second = make_cause(document, "first"), make_cause(document, "second")
    why = make_cause(document, "why", explains=[first])
    since = latest(document)

    save_cause(
        stored(why),
        version=1,
        values={"text": "why indeed"},
        explains=[second, first],
        by=people.owner,
    )

    assert stored(why).version == 2
    assert edges(document) == [
        ("why indeed", "second", True),
        ("why indeed", "first", False),
    ]
    (event,) = told(document, since=since)
    assert (event.action, event.key, event.version) == ("changed", str(why.uid), 2)
    assert (event.before["text"], event.after["text"]) == ("why", "why indeed")
    assert event.before["explains"] == [str(first.uid)]
    assert event.after["explains"] == [str(second.uid), str(first.uid)]


def test_a_save_with_nothing_new_counts_no_version_and_tells_nothing(
    document: Document, people: People
) -> None:
    first, second = make_cause(document, "first"), make_cause(document, "second")
    why = make_cause(document, "why", explains=[first, second])
    since = latest(document)

    connect(why, first, second)

    assert stored(why).version == 1
    assert told(document, since=since) == []


def test_further_effects_in_another_order_are_nothing_new(document: Document) -> None:
    first, second, third = (make_cause(document, text) for text in ("first", "second", "third"))
    why = make_cause(document, "why", explains=[first, second, third])
    since = latest(document)

    connect(why, first, third, second)

    assert stored(why).version == 1
    assert told(document, since=since) == []


def test_a_save_of_text_alone_leaves_the_edges_and_tells_only_the_text(
    document: Document, people: People
) -> None:
    effect = make_cause(document, "effect")
    why = make_cause(document, "why", explains=[effect])
    since = latest(document)

    save_cause(
        stored(why), version=1, values={"text": "better"}, explains=[effect], by=people.owner
    )

    assert told(document, since=since) == [
        ("changed", "cause", str(why.uid), 2, {"text": "why"}, {"text": "better"})
    ]


def test_new_effects_over_a_version_that_is_gone_are_a_conflict_and_the_edges_stay(
    document: Document, people: People
) -> None:
    effect, why = make_cause(document, "effect"), make_cause(document, "why")
    mine = stored(why)
    save_cause(stored(why), version=1, values={"text": "theirs"}, explains=[], by=people.owner)
    since = latest(document)

    with pytest.raises(Conflict):
        save_cause(mine, version=1, values={"text": "mine"}, explains=[effect], by=people.owner)

    assert edges(document) == []
    assert told(document, since=since) == []


def test_a_cause_cannot_explain_itself(document: Document) -> None:
    why = make_cause(document, "why")

    with pytest.raises(ExplainsItself, match="“why” is already explained by this cause"):
        connect(why, why)

    assert edges(document) == []


def test_two_causes_cannot_explain_each_other(document: Document) -> None:
    effect = make_cause(document, "effect")
    why = make_cause(document, "why", explains=[effect])
    since = latest(document)

    with pytest.raises(ExplainsItself):
        connect(effect, why)

    assert edges(document) == [("why", "effect", True)]
    assert stored(effect).version == 1
    assert told(document, since=since) == []


def test_a_circle_through_others_is_refused_also_by_way_of_a_further_effect(
    document: Document,
) -> None:
    top, beside = make_cause(document, "top"), make_cause(document, "beside")
    middle = make_cause(document, "middle", explains=[beside, top])
    bottom = make_cause(document, "bottom", explains=[middle])

    with pytest.raises(ExplainsItself):
        connect(top, bottom)
    with pytest.raises(ExplainsItself):
        connect(top, beside, bottom)

    connect(beside, top)  # two ways from middle to top are no circle
    assert len(edges(document)) == 4


def test_an_edge_may_be_turned_round_once_the_old_one_is_gone(document: Document) -> None:
    first = make_cause(document, "first")
    second = make_cause(document, "second", explains=[first])

    connect(second)
    connect(first, second)

    assert edges(document) == [("first", "second", True)]


def test_removing_a_cause_moves_those_that_explained_it_up_and_tells_both(
    document: Document, people: People
) -> None:
    top = make_cause(document, "top")
    middle = make_cause(document, "middle", explains=[top])
    bottom = make_cause(document, "bottom", explains=[middle])
    since = latest(document)

    remove_cause(stored(middle), version=1, by=people.owner)

    assert edges(document) == [("bottom", "top", True)]
    events = {event.key: event for event in told(document, since=since)}
    removed, moved = events.pop(str(middle.uid)), events.pop(str(bottom.uid))
    assert events == {}
    assert (removed.action, removed.before["explains"]) == ("removed", [str(top.uid)])
    assert (moved.action, moved.after["explains"]) == ("changed", [str(top.uid)])


def test_what_moved_up_is_told_from_what_it_explained_before(
    document: Document, people: People
) -> None:
    top = make_cause(document, "top")
    middle = make_cause(document, "middle", explains=[top])
    bottom = make_cause(document, "bottom", explains=[middle])
    since = latest(document)

    remove_cause(stored(middle), version=1, by=people.owner)

    (moved,) = [event for event in told(document, since=since) if event.key == str(bottom.uid)]
    assert moved.before["explains"] == [str(middle.uid)]


def test_removing_a_cause_of_the_impact_leaves_those_that_explained_it_explaining_the_impact(
    document: Document, people: People
) -> None:
    top = make_cause(document, "top")
    make_cause(document, "bottom", explains=[top])

    remove_cause(stored(top), version=1, by=people.owner)

    assert edges(document) == []
    assert texts(document, Cause) == ["bottom"]


def test_a_child_with_a_further_effect_is_drawn_under_that_when_there_is_nothing_above(
    document: Document, people: People
) -> None:
    top, other = make_cause(document, "top"), make_cause(document, "other")
    make_cause(document, "bottom", explains=[top, other])

    remove_cause(stored(top), version=1, by=people.owner)

    assert edges(document) == [("bottom", "other", True)]


def test_a_child_that_already_explains_what_it_moves_up_to_has_one_edge_there(
    document: Document, people: People
) -> None:
    top = make_cause(document, "top")
    middle = make_cause(document, "middle", explains=[top])
    make_cause(document, "bottom", explains=[middle, top])

    remove_cause(stored(middle), version=1, by=people.owner)

    assert edges(document) == [("bottom", "top", True)]


def test_a_cause_drawn_elsewhere_stays_there_when_only_a_further_effect_is_removed(
    document: Document, people: People
) -> None:
    top, home = make_cause(document, "top"), make_cause(document, "home")
    middle = make_cause(document, "middle", explains=[top])
    make_cause(document, "bottom", explains=[home, middle])

    remove_cause(stored(middle), version=1, by=people.owner)

    assert edges(document) == [("bottom", "home", True), ("bottom", "top", False)]


def test_removing_a_version_that_is_gone_is_refused_and_every_edge_stays(
    document: Document, people: People
) -> None:
    top = make_cause(document, "top")
    middle = make_cause(document, "middle", explains=[top])
    make_cause(document, "bottom", explains=[middle])
    mine = stored(middle)
    save_cause(
        stored(middle), version=1, values={"text": "edited"}, explains=[top], by=people.owner
    )

    with pytest.raises(Conflict):
        remove_cause(mine, version=1, by=people.owner)

    assert edges(document) == [("bottom", "edited", True), ("edited", "top", True)]


def test_removing_a_cause_takes_it_off_its_action_items_and_their_history_says_so(
    document: Document, people: People
) -> None:
    why = make_cause(document, "why")
    item = make_action(document, "Add an alarm", cause_id=why.pk)
    since = latest(document)

    remove_cause(stored(why), version=1, by=people.owner)

    item.refresh_from_db()
    assert item.cause is None
    events = [event for event in told(document, since=since) if event.subject == "action"]
    assert [(event.action, event.key, event.before, event.after) for event in events] == [
        ("changed", str(item.uid), {"cause_id": why.pk}, {"cause_id": None})
    ]


def test_moving_changes_places_among_the_causes_of_one_effect_and_nothing_else(
    document: Document, people: People
) -> None:
    effect = make_cause(document, "effect")
    other = make_cause(document, "other")
    make_cause(document, "a", explains=[effect])
    make_cause(document, "x", explains=[other])
    second = make_cause(document, "b", explains=[effect])

    move_row(second, steps=-1, among=siblings(second), by=people.owner)

    assert texts(document, Cause) == ["effect", "other", "b", "x", "a"]


def test_siblings_are_those_under_the_same_primary_effect_or_those_of_the_impact(
    document: Document,
) -> None:
    top, beside = make_cause(document, "top"), make_cause(document, "beside")
    one = make_cause(document, "one", explains=[top])
    two = make_cause(document, "two", explains=[top, beside])
    make_cause(document, "three", explains=[beside, top])

    assert list(siblings(one)) == list(siblings(two)) == [one, two]
    assert list(siblings(top)) == [top, beside]


# What the database refuses, whoever asks.


def insert_edge(document: int, cause: int, effect: int, *, is_primary: bool = True) -> None:
    run_and_check(
        "INSERT INTO coe_explanation (document_id, cause_id, effect_id, is_primary) "
        "VALUES (%s, %s, %s, %s)",
        [document, cause, effect, is_primary],
    )


def test_the_database_refuses_an_edge_whose_ends_are_in_two_documents(
    document: Document, people: People
) -> None:
    other = make_document(people.owner)
    here, there = make_cause(document, "here"), make_cause(other, "there")

    with pytest.raises(IntegrityError, match="explanation_effect_in_document"):
        insert_edge(document.pk, here.pk, there.pk)
    with pytest.raises(IntegrityError, match="explanation_cause_in_document"):
        insert_edge(document.pk, there.pk, here.pk)
    with pytest.raises(IntegrityError, match="explanation_cause_in_document"):
        insert_edge(other.pk, here.pk, there.pk)

    insert_edge(document.pk, here.pk, make_cause(document, "here too").pk)
    assert Explanation.objects.count() == 1


def test_the_database_refuses_an_edge_to_itself_a_double_one_and_two_primary_ones(
    document: Document,
) -> None:
    why, effect, other = (make_cause(document, text) for text in ("why", "effect", "other"))
    insert_edge(document.pk, why.pk, effect.pk)

    with pytest.raises(IntegrityError, match="explanation_not_of_itself"):
        insert_edge(document.pk, other.pk, other.pk)
    with pytest.raises(IntegrityError, match="explanation_once"):
        insert_edge(document.pk, why.pk, effect.pk, is_primary=False)
    with pytest.raises(IntegrityError, match="explanation_one_primary"):
        insert_edge(document.pk, why.pk, other.pk)


def test_the_database_refuses_to_move_a_connected_cause_to_another_document(
    document: Document, people: People
) -> None:
    other = make_document(people.owner)
    effect = make_cause(document, "effect")
    make_cause(document, "why", explains=[effect])

    statement = "UPDATE coe_cause SET document_id = %s WHERE id = %s"
    with pytest.raises(IntegrityError, match="explanation_effect_in_document"):
        run_and_check(statement, [other.pk, effect.pk])


def test_the_same_uid_in_two_documents_is_two_causes(document: Document, people: People) -> None:
    other = make_document(people.owner)
    for where in (document, other):
        add_cause(where, uid=UID, values={"text": "why"}, explains=[], by=people.owner)

    assert Cause.objects.filter(uid=UID).count() == 2
    with pytest.raises(IntegrityError, match="cause_uid_once"), transaction.atomic():
        Cause.objects.create(document=document, uid=UID, position=1, text="twice")


def test_every_cause_with_effects_has_one_that_it_is_drawn_under_after_any_removal(
    document: Document, people: People
) -> None:
    top, beside = make_cause(document, "top"), make_cause(document, "beside")
    left = make_cause(document, "left", explains=[top, beside])
    right = make_cause(document, "right", explains=[beside])
    add_cause(
        document,
        uid=uuid4(),
        values={"text": "bottom"},
        explains=[left, right, top],
        by=people.owner,
    )

    for cause in (left, top, right):
        remove_cause(stored(cause), version=stored(cause).version, by=people.owner)
        with_effects = set(Explanation.objects.values_list("cause", flat=True))
        drawn = Explanation.objects.filter(is_primary=True).values_list("cause", flat=True)
        assert sorted(drawn) == sorted(with_effects)

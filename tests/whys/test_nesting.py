"""Nesting a cause below the one before it, and taking it out again."""

from typing import Any

import pytest

from coe.documents.locks import ReadOnly
from coe.documents.models import Document
from coe.documents.rows import move_row
from coe.web.versions import Conflict
from coe.whys.models import Cause
from coe.whys.queries import siblings
from coe.whys.services import (
    CannotNest,
    ExplainsItself,
    nest_cause,
    remove_cause,
    save_cause,
    unnest_cause,
)
from tests.documents.making import approve, edges, make_cause
from tests.history.reading import latest, told
from tests.whys.drawing import drawn

pytestmark = pytest.mark.django_db


def nest(cause: Cause, *, version: int | None = None) -> None:
    stored = Cause.objects.get(pk=cause.pk)
    nest_cause(stored, version=version or stored.version, by=cause.document.owner)


def unnest(cause: Cause, *, version: int | None = None) -> None:
    stored = Cause.objects.get(pk=cause.pk)
    unnest_cause(stored, version=version or stored.version, by=cause.document.owner)


def answering(cause: Cause, question: str) -> Cause:
    Cause.objects.filter(pk=cause.pk).update(answers=question)
    return cause


def test_a_nested_cause_is_the_last_that_explains_the_one_before_it(document: Document) -> None:
    top = make_cause(document, "top")
    nested = make_cause(document, "nested")
    make_cause(document, "older", explains=[top])
    make_cause(document, "below", explains=[nested])

    nest(nested)

    assert drawn(document) == ["top", "- older", "- nested", "- - below"]


def test_a_cause_taken_out_stands_right_behind_what_it_explained(document: Document) -> None:
    top = make_cause(document, "top")
    make_cause(document, "other top")
    middle = make_cause(document, "middle", explains=[top])
    make_cause(document, "beside", explains=[top])
    deep = make_cause(document, "deep", explains=[middle])
    make_cause(document, "deepest", explains=[deep])

    unnest(deep)
    assert drawn(document) == [
        "top",
        "- middle",
        "- deep",
        "- - deepest",
        "- beside",
        "other top",
    ]

    unnest(deep)
    assert drawn(document) == [
        "top",
        "- middle",
        "- beside",
        "deep",
        "- deepest",
        "other top",
    ]


def test_out_and_in_again_is_where_it_was(document: Document) -> None:
    top = make_cause(document, "top")
    make_cause(document, "first", explains=[top])
    last = make_cause(document, "last", explains=[top])
    before = drawn(document)

    unnest(last)
    nest(last)

    assert drawn(document) == before


def test_the_first_of_those_that_explain_the_same_cannot_be_nested(document: Document) -> None:
    top = make_cause(document, "top")
    make_cause(document, "other")
    first = make_cause(document, "first", explains=[top])
    since = latest(document)

    for cause in (top, first):
        with pytest.raises(CannotNest, match="It stands first here"):
            nest(cause)

    assert edges(document) == [("first", "top", True)]
    assert told(document, since=since) == []


def test_what_answers_another_question_does_not_stand_before_it(document: Document) -> None:
    make_cause(document, "happened")
    late = answering(make_cause(document, "late"), "detection")

    with pytest.raises(CannotNest):
        nest(late)


def test_a_cause_that_answers_a_question_itself_cannot_be_taken_out(document: Document) -> None:
    top = make_cause(document, "top")
    since = latest(document)

    with pytest.raises(CannotNest, match="It answers the question itself"):
        unnest(top)

    assert told(document, since=since) == []


def test_a_cause_taken_out_answers_the_question_of_its_branch(document: Document) -> None:
    top = answering(make_cause(document, "top"), "mitigation")
    deep = make_cause(document, "deep", explains=[top])
    since = latest(document)

    unnest(deep)

    assert Cause.objects.get(pk=deep.pk).answers == "mitigation"
    assert drawn(document) == ["top", "deep"]
    (event,) = told(document, since=since)
    assert (event.before, event.after) == (
        {"answers": "happened", "explains": [str(top.uid)]},
        {"answers": "mitigation", "explains": []},
    )


def test_what_is_left_by_a_removal_answers_the_question_of_its_branch(document: Document) -> None:
    top = answering(make_cause(document, "top"), "detection")
    deep = make_cause(document, "deep", explains=[top])

    remove_cause(Cause.objects.get(pk=top.pk), version=1, by=document.owner)

    assert Cause.objects.get(pk=deep.pk).answers == "detection"


def test_further_effects_stay_when_a_cause_is_nested(document: Document) -> None:
    elsewhere = make_cause(document, "elsewhere")
    before = make_cause(document, "before")
    top = make_cause(document, "top")
    make_cause(document, "first", explains=[top])
    shared = make_cause(document, "shared", explains=[top, elsewhere, before])

    nest(shared)

    assert set(edges(document)) == {
        ("first", "top", True),
        ("shared", "first", True),
        ("shared", "elsewhere", False),
        ("shared", "before", False),
    }


def test_nesting_below_a_further_effect_makes_that_the_first_one(document: Document) -> None:
    top = make_cause(document, "top")
    first = make_cause(document, "first", explains=[top])
    shared = make_cause(document, "shared", explains=[top, first])

    nest(shared)

    assert edges(document) == [("first", "top", True), ("shared", "first", True)]


def test_further_effects_stay_when_a_cause_is_taken_out(document: Document) -> None:
    top = make_cause(document, "top")
    other = make_cause(document, "other")
    middle = make_cause(document, "middle", explains=[top])
    shared = make_cause(document, "shared", explains=[middle, other, top])

    unnest(shared)

    assert edges(document) == [
        ("middle", "top", True),
        ("shared", "top", True),
        ("shared", "other", False),
    ]


def test_a_shared_cause_taken_out_of_the_top_is_drawn_below_its_further_effect(
    document: Document,
) -> None:
    top, other = make_cause(document, "top"), make_cause(document, "other")
    shared = make_cause(document, "shared", explains=[top, other])

    unnest(shared)

    assert edges(document) == [("shared", "other", True)]
    assert drawn(document) == ["top", "other", "- shared"]


def test_nesting_below_what_it_explains_already_would_be_a_circle(document: Document) -> None:
    top = make_cause(document, "top")
    one = make_cause(document, "one", explains=[top])
    two = make_cause(document, "two", explains=[top])
    save_cause(
        Cause.objects.get(pk=one.pk),
        version=1,
        values={},
        explains=[top, two],
        by=document.owner,
    )
    since, before = latest(document), edges(document)

    with pytest.raises(ExplainsItself, match="“one” is already explained by this cause"):
        nest(two)

    assert edges(document) == before
    assert told(document, since=since) == []


@pytest.mark.parametrize("change", [nest, unnest])
def test_a_version_that_is_gone_is_a_conflict_and_nothing_moves(
    document: Document, change: Any
) -> None:
    top = make_cause(document, "top")
    make_cause(document, "one", explains=[top])
    two = make_cause(document, "two", explains=[top])
    save_cause(
        Cause.objects.get(pk=two.pk),
        version=1,
        values={"text": "edited"},
        explains=[top],
        by=document.owner,
    )
    before, since = drawn(document), latest(document)

    with pytest.raises(Conflict):
        change(two, version=1)

    assert drawn(document) == before
    assert told(document, since=since) == []


@pytest.mark.parametrize("change", [nest_cause, unnest_cause])
def test_a_cause_that_was_removed_is_a_conflict(document: Document, change: Any) -> None:
    top = make_cause(document, "top")
    gone = make_cause(document, "gone", explains=[top])
    copy = Cause.objects.get(pk=gone.pk)
    remove_cause(gone, version=1, by=document.owner)

    with pytest.raises(Conflict):
        change(copy, version=1, by=document.owner)


@pytest.mark.parametrize("change", [nest, unnest])
def test_nothing_moves_in_what_is_approved(document: Document, change: Any) -> None:
    top = make_cause(document, "top")
    make_cause(document, "one", explains=[top])
    two = make_cause(document, "two", explains=[top])
    approve(document)

    with pytest.raises(ReadOnly):
        change(two)


def test_it_counts_one_version_and_is_told_with_what_it_explained_before(
    document: Document,
) -> None:
    one, two = make_cause(document, "one"), make_cause(document, "two")
    since = latest(document)

    nest(two)

    assert Cause.objects.get(pk=two.pk).version == 2
    assert told(document, since=since) == [
        ("changed", "cause", str(two.uid), 2, {"explains": []}, {"explains": [str(one.uid)]})
    ]


def test_roots_move_among_those_that_answer_the_same_question(document: Document) -> None:
    make_cause(document, "happened")
    late = answering(make_cause(document, "late"), "detection")
    again = make_cause(document, "happened too")
    later = answering(make_cause(document, "later"), "detection")
    for cause in (late, later, again):
        cause.refresh_from_db()

    assert list(siblings(again).values_list("text", flat=True)) == ["happened", "happened too"]
    move_row(later, steps=-1, among=siblings(later), by=document.owner)

    assert drawn(document) == ["happened", "happened too", "later", "late"]

"""What a version of the guide changes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coe.policies.comparison import (
    GuideValue,
    QuestionValue,
    RulingValue,
    compare_guides,
    digest_of_guide,
)
from coe.policies.scope import Audience, Scope


def question(slug: str, text: str = "Who was hit?") -> QuestionValue:
    return QuestionValue(slug, "impact", text, "", Audience())


def guide(*slugs: str) -> GuideValue:
    return GuideValue(tuple(question(each) for each in slugs), frozenset())


RULING = RulingValue("levels", "COE125", Scope(1), "hint")
values = st.builds(
    GuideValue,
    st.lists(
        st.builds(question, st.sampled_from("abcde"), st.sampled_from(["Who?", "Who was hit?"])),
        unique_by=lambda each: each.slug,
    ).map(tuple),
    st.frozensets(
        st.builds(
            replace,
            st.just(RULING),
            scope=st.builds(
                Scope, st.sampled_from([None, 1]), category=st.sampled_from(["", "security"])
            ),
        )
    ),
)


@given(values, values)
def test_nothing_changes_exactly_where_both_say_the_same(
    before: GuideValue, after: GuideValue
) -> None:
    assert compare_guides(before, after).is_empty is (before == after)
    assert (digest_of_guide(before) == digest_of_guide(after)) is (before == after)


@given(values, values)
def test_the_pieces_of_a_question_are_its_texts(before: GuideValue, after: GuideValue) -> None:
    for change in compare_guides(before, after).questions:
        old = "".join(piece.text for piece in change.text if piece.change != "added")
        new = "".join(piece.text for piece in change.text if piece.change != "removed")
        assert old == (change.before.text if change.before else "")
        assert new == (change.after.text if change.after else "")


def test_one_that_was_moved_is_told_alone() -> None:
    found = compare_guides(guide("a", "b", "c", "d"), guide("d", "a", "b", "c"))
    moved = [(each.after and each.after.slug, each.is_moved) for each in found.questions]
    assert moved == [("d", True)]


def test_added_and_removed_questions_have_one_side() -> None:
    found = compare_guides(guide("a", "b"), guide("b", "c"))
    sides = [
        (each.before and each.before.slug, each.after and each.after.slug)
        for each in found.questions
    ]
    assert sides == [(None, "c"), ("a", None)]


def test_a_ruling_is_told_with_what_was_said_before() -> None:
    before = GuideValue((), frozenset({RULING}))
    after = GuideValue((), frozenset({replace(RULING, value="off")}))
    (change,) = compare_guides(before, after).rulings
    assert (change.name, change.scope, change.before, change.after) == (
        "COE125",
        Scope(1),
        "hint",
        "off",
    )
    (gone,) = compare_guides(after, GuideValue((), frozenset())).rulings
    assert (gone.before, gone.after) == ("off", None)

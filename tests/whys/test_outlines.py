"""Causes under their questions, as pure functions: examples by hand."""

import pytest

from coe.incidents.durations import SPANS, Duration
from coe.whys.models import Cause, Explanation
from coe.whys.outlines import Place, chains, draw_causes, find_room, question_texts

SPAN = {span.abbreviation: span for span in SPANS}


def cause(key: int, answers: str = "happened") -> Cause:
    return Cause(pk=key, text=f"cause {key}", answers=answers)


def edge(cause: int, effect: int, *, is_primary: bool = True) -> Explanation:
    return Explanation(cause_id=cause, effect_id=effect, is_primary=is_primary)


def numbers(places: list[Place]) -> list[str]:
    return [f"{place.branch.number} {place.cause.pk}" for place in places]


def test_roots_stand_below_their_questions_and_numbers_run_on() -> None:
    causes = [cause(1, "mitigation"), cause(2, "detection"), cause(3), cause(4), cause(5)]
    places = draw_causes(causes, [edge(4, 1), edge(5, 4)])

    assert numbers(places) == ["C1 3", "C2 2", "C3 1", "C4 4", "C5 5"]
    found = [(each.question, numbers(list(each.places))) for each in chains(places, ())]
    assert found == [
        ("happened", ["C1 3"]),
        ("detection", ["C2 2"]),
        ("mitigation", ["C3 1", "C4 4", "C5 5"]),
    ]


def test_the_question_of_a_cause_that_explains_another_does_not_count() -> None:
    causes = [cause(1), cause(2, "mitigation"), cause(3, "detection"), cause(4)]
    places = draw_causes(causes, [edge(2, 1), edge(3, 1), edge(4, 1)])

    assert numbers(places) == ["C1 1", "C2 2", "C3 3", "C4 4"]


def test_what_stands_first_and_what_ends_a_branch() -> None:
    causes = [cause(1), cause(2), cause(3, "detection"), cause(4), cause(5)]
    edges = [edge(4, 1), edge(5, 1), edge(5, 2, is_primary=False)]
    places = {place.cause.pk: place for place in draw_causes(causes, edges)}

    assert {key for key, place in places.items() if place.is_first} == {1, 3, 4}
    assert {key for key, place in places.items() if place.is_end} == {3, 4, 5}
    assert {key for key, place in places.items() if place.is_root} == {1, 2, 3}
    assert [branch.number for branch in places[5].also] == ["C4"]


def test_an_edge_to_a_cause_that_was_added_meanwhile_does_not_count() -> None:
    assert numbers(draw_causes([cause(1)], [edge(1, 9), edge(9, 1)])) == ["C1 1"]


@pytest.mark.parametrize(
    ("duration", "question", "text"),
    [
        (Duration(SPAN["TTD"], 1680, False), "detection", "Why did detection take 28 min?"),
        (Duration(SPAN["TTD"], 1680, True), "detection", "Why did detection take about 28 min?"),
        (Duration(SPAN["TTM"], 10_140, False), "mitigation", "Why did mitigation take 2 h 49 min?"),
        (Duration(SPAN["TTD"], None, False), "detection", "Why did detection take so long?"),
        (Duration(SPAN["TTM"], -60, False), "mitigation", "Why did mitigation take so long?"),
        (Duration(SPAN["TTD"], 0, False), "detection", "Why did detection take so long?"),
        (Duration(SPAN["TTR"], 60, False), "happened", "Why did it happen?"),
        (Duration(SPAN["TTA"], 60, False), "detection", "Why did detection take so long?"),
    ],
    ids=[
        "known",
        "about",
        "to mitigate",
        "not known",
        "reversed",
        "at once",
        "to resolve",
        "to engage",
    ],
)
def test_a_question_says_how_long_it_took_where_that_is_known(
    duration: Duration, question: str, text: str
) -> None:
    assert question_texts([duration])[Cause.Asks(question)] == text


@pytest.mark.parametrize(
    ("detect", "mitigate", "text"),
    [
        (
            Duration(SPAN["TTD"], 722_400, False),
            Duration(SPAN["TTM"], 728_100, False),
            "Why did mitigation take 8 d 10 h 15 min, 1 h 35 min of it after detection?",
        ),
        (
            Duration(SPAN["TTD"], 1800, True),
            Duration(SPAN["TTM"], 3600, False),
            "Why did mitigation take 1 h, about 30 min of it after detection?",
        ),
        (
            Duration(SPAN["TTD"], 1740, False),
            Duration(SPAN["TTM"], 3600, False),
            "Why did mitigation take 1 h?",
        ),
        (
            Duration(SPAN["TTD"], 3600, False),
            Duration(SPAN["TTM"], 3600, False),
            "Why did mitigation take 1 h?",
        ),
        (
            Duration(SPAN["TTD"], 7200, False),
            Duration(SPAN["TTM"], 3600, False),
            "Why did mitigation take 1 h?",
        ),
        (
            Duration(SPAN["TTD"], None, False),
            Duration(SPAN["TTM"], 3600, False),
            "Why did mitigation take 1 h?",
        ),
    ],
    ids=["most of it unnoticed", "half, about", "less than half", "at once", "before", "not known"],
)
def test_a_mitigation_that_waited_for_detection_says_how_much_was_left(
    detect: Duration, mitigate: Duration, text: str
) -> None:
    for both in ([detect, mitigate], [mitigate, detect]):
        assert question_texts(both)[Cause.Asks.MITIGATION] == text


def test_room_is_found_behind_everything_that_is_drawn_below() -> None:
    causes = [cause(1), cause(2), cause(3), cause(4), cause(5, "mitigation")]
    drawn = chains(draw_causes(causes, [edge(2, 1), edge(3, 2)]), ())
    uid = {each.pk: each.uid for each in causes}

    def room(under: object) -> tuple[str, object, int] | None:
        found = find_room(drawn, str(under))
        return (found.question, found.behind, found.shown_depth) if found else None

    assert room(uid[1]) == ("happened", uid[3], 1)
    assert room(uid[2]) == ("happened", uid[3], 2)
    assert room(uid[5]) == ("mitigation", uid[5], 1)
    assert room("happened") == ("happened", uid[4], 0)
    assert room("detection") == ("detection", None, 0)
    assert room("nothing like this") is None

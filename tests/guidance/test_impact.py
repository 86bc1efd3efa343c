"""The impact: told, counted, bounded and shown."""

from dataclasses import replace
from decimal import Decimal

import pytest

from coe.snapshots.snapshot import FigureValue, RelatedValue
from tests.guidance.samples import FIGURES, SOUND, answered, found, said, uid, written

UNCOUNTED = replace(written(impact="Lots of customers saw errors.", summary="x"), figures=())


def test_an_impact_that_is_nowhere_told_is_missing() -> None:
    nothing = answered(base=replace(written(impact=" "), figures=()), impact="")
    (finding,) = found("COE121", nothing)
    assert (finding.place.panel, finding.level) == ("impact", "blocks")


def test_a_section_an_answer_or_a_figure_tells_it() -> None:
    nothing = answered(base=replace(written(impact=""), figures=()), impact="")
    assert said("COE121", written(base=nothing, impact="Errors.")) == []
    assert said("COE121", answered(base=nothing, impact="Everybody.")) == []
    assert said("COE121", replace(nothing, figures=FIGURES)) == []


def test_an_impact_without_a_number() -> None:
    assert said("COE122", UNCOUNTED) == [
        "Nothing says how many were hit, or how much failed. An estimate will do."
    ]


def test_a_figure_that_is_not_known_yet_is_no_number() -> None:
    unknown = (replace(FIGURES[0], amount=None),)
    assert said("COE122", replace(UNCOUNTED, figures=unknown))
    assert said("COE122", replace(UNCOUNTED, figures=FIGURES)) == []
    bare = answered(base=written(base=UNCOUNTED, impact=""), impact="")
    assert said("COE122", replace(bare, figures=unknown))


def test_a_number_in_the_text_or_in_an_answer_counts() -> None:
    assert said("COE122", written(base=UNCOUNTED, impact="41 cards were spent twice.")) == []
    assert said("COE122", answered(base=UNCOUNTED, impact="Of 3 customers.")) == []


def test_a_near_miss_has_no_impact_to_count_and_a_missing_one_is_found_once() -> None:
    assert said("COE122", replace(UNCOUNTED, severity=4)) == []
    assert said("COE122", replace(UNCOUNTED, severity=3))
    nothing = answered(base=written(base=UNCOUNTED, impact=""), impact="")
    assert said("COE122", nothing) == []


def figure(amount: int | None, source: str, basis: str) -> FigureValue:
    number = None if amount is None else Decimal(amount)
    return FigureValue(uid(402), "Lost orders", number, "orders", source, basis)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (figure(6100, "estimated", ""), "“Lost orders” is an estimate. Say what it rests on."),
        (
            figure(None, "estimated", " "),
            "“Lost orders” has no number, and nothing says why it is not known.",
        ),
        (
            figure(None, "measured", ""),
            "“Lost orders” has no number, and nothing says why it is not known.",
        ),
        (figure(6100, "estimated", "38 minutes at 160 a minute"), None),
        (figure(6100, "measured", ""), None),
        (figure(None, "estimated", "Nobody counts them."), None),
        (figure(0, "estimated", ""), "“Lost orders” is an estimate. Say what it rests on."),
    ],
)
def test_an_estimate_and_a_gap_need_a_basis(given: FigureValue, expected: str | None) -> None:
    findings = found("COE123", replace(SOUND, figures=(*FIGURES, given)))
    assert [each.sentence for each in findings] == ([expected] if expected else [])
    assert all(each.place.row == str(uid(402)) for each in findings)
    assert all(each.place.field == "basis" for each in findings)


UNBOUNDED = answered(base=written(impact="Payments failed."), impact="")


def test_what_was_not_affected_is_said() -> None:
    (finding,) = found("COE124", UNBOUNDED)
    assert finding.sentence == "Nothing says what was not affected."
    assert (finding.place.panel, finding.place.row) == ("questions-impact", "unaffected")


def test_where_the_guide_does_not_ask_it_belongs_to_the_impact() -> None:
    unasked = replace(
        UNBOUNDED, answers=tuple(each for each in SOUND.answers if each.slug != "unaffected")
    )
    other = answered(base=unasked, impact="Everybody saw errors.")
    (finding,) = found("COE124", other)
    assert (finding.place.panel, finding.place.row) == ("impact", "")


@pytest.mark.parametrize(
    "text",
    [
        "Other regions were not affected.",
        "Invoices kept working.",
        "Reading and writing worked throughout.",
        "No customer lost anything.",
        "Everything that reads other tables worked.",
        "Their baskets were kept.",
    ],
)
def test_prose_may_say_it_as_well(text: str) -> None:
    assert said("COE124", written(base=UNBOUNDED, impact=text)) == []
    assert said("COE124", written(base=UNBOUNDED, summary=text)) == []


def test_an_answer_to_another_question_does_not_bound_it() -> None:
    asked = tuple(
        replace(each, text="Everybody." if each.slug == "who" else "") for each in SOUND.answers
    )
    assert said("COE124", replace(UNBOUNDED, answers=asked))
    bounded = tuple(
        replace(each, text="Invoices." if each.slug == "unaffected" else "")
        for each in SOUND.answers
    )
    assert said("COE124", replace(UNBOUNDED, answers=bounded)) == []


def test_an_empty_coe_is_not_asked_for_bounds() -> None:
    assert said("COE124", written(base=UNBOUNDED, impact="", summary="")) == []


def test_graphs_are_there_or_the_reason_why_not() -> None:
    assert said("COE125", written(metrics="  ")) == [
        "There is no graph of the impact. Link one, or say why there is none."
    ]
    assert said("COE125", written(metrics="Nothing counts them.")) == []


def test_a_related_graph_counts_and_a_related_ticket_does_not() -> None:
    graph = RelatedValue(uid(701), "metric", "Refused payments", "https://x.example/", "")
    assert said("COE125", replace(written(metrics=""), related=(graph,))) == []
    ticket = replace(graph, kind="ticket")
    assert len(said("COE125", replace(written(metrics=""), related=(ticket,)))) == 1

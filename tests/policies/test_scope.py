"""Whom a line of a guide is for, and which of several holds: the narrowest."""

from hypothesis import given
from hypothesis import strategies as st

from coe.incidents.models import Category
from coe.policies.scope import CATEGORIES, Audience, Line, Scope, Situation, prevailing

COMPANY, PLATFORM, STORAGE, PAYMENTS = 1, 2, 3, 4
SITUATION = Situation(2, (STORAGE, PLATFORM, COMPANY), "security")
"""A COE of severity 2 about a security incident of Storage, which is part of Platform, which is
part of the company."""

ORDER = [
    Scope(2, STORAGE, "security"),
    Scope(None, STORAGE, "security"),
    Scope(2, STORAGE),
    Scope(None, STORAGE),
    Scope(2, PLATFORM, "security"),
    Scope(None, PLATFORM, "security"),
    Scope(2, PLATFORM),
    Scope(None, PLATFORM),
    Scope(2, COMPANY, "security"),
    Scope(None, COMPANY, "security"),
    Scope(2, COMPANY),
    Scope(None, COMPANY),
    Scope(2, category="security"),
    Scope(category="security"),
    Scope(2),
    Scope(),
]
"""Every scope that fits it, the narrowest first."""
OTHERS = [
    *(Scope(1), Scope(None, PAYMENTS), Scope(2, PAYMENTS), Scope(1, STORAGE), Scope(4, COMPANY)),
    *(Scope(category="outage"), Scope(2, category="near_miss"), Scope(1, category="security")),
    *(Scope(None, STORAGE, "data_loss"), Scope(2, STORAGE, "outage")),
    Scope(None, PAYMENTS, "security"),
]


@given(scopes=st.lists(st.sampled_from(ORDER + OTHERS), unique=True), data=st.data())
def test_the_narrowest_that_fits_holds_in_whatever_order_they_stand(
    scopes: list[Scope], data: st.DataObject
) -> None:
    lines = [Line("COE125", each, str(each)) for each in data.draw(st.permutations(scopes))]
    narrowest = [each for each in ORDER if each in scopes]
    expected = {"COE125": str(narrowest[0])} if narrowest else {}
    assert prevailing(lines, SITUATION) == expected


@given(st.permutations(range(4)))
def test_lines_of_several_names_do_not_meet(order: list[int]) -> None:
    lines = [
        Line("COE125", Scope(), "hint"),
        Line("COE151", Scope(), "reason"),
        Line("COE151", Scope(2), "blocks"),
        Line("COE101", Scope(3), "off"),
    ]
    held = prevailing([lines[each] for each in order], SITUATION)
    assert held == {"COE125": "hint", "COE151": "blocks"}


def test_the_kinds_of_incidents_are_those_that_an_incident_can_be_of() -> None:
    assert list(CATEGORIES) == Category.values == ["outage", "security", "data_loss", "near_miss"]


def test_what_is_said_of_one_does_not_hold_where_nothing_is_known_of_a_coe() -> None:
    lines = [Line("COE125", each, str(each)) for each in ORDER]
    assert prevailing(lines, Situation()) == {"COE125": str(Scope())}


def test_a_question_is_asked_of_its_severities_its_kinds_and_its_team() -> None:
    asked = {
        Audience(): True,
        Audience((1, 2)): True,
        Audience((3, 4)): False,
        Audience(team=STORAGE): True,
        Audience(team=COMPANY): True,
        Audience(team=PAYMENTS): False,
        Audience((2,), PLATFORM): True,
        Audience((1,), PLATFORM): False,
        Audience(categories=("security", "data_loss")): True,
        Audience(categories=("outage",)): False,
        Audience((2,), PLATFORM, ("security",)): True,
        Audience((1,), None, ("security",)): False,
        Audience((2,), PAYMENTS, ("security",)): False,
    }
    assert {each: each.holds(SITUATION) for each in asked} == asked
    assert Audience().holds(Situation())
    assert not Audience((1,)).holds(Situation())
    assert not Audience(categories=("outage",)).holds(Situation())

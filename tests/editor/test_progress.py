"""How far each stop has come, and the one next thing, by what has been written."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from coe.actions.models import ActionItem
from coe.documents.contents import ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, DocumentRow
from coe.editor.missing import MISSING
from coe.editor.panels import STOPS
from coe.editor.progress import RULES
from coe.editor.workspace import Workspace
from coe.timeline.models import Entry
from coe.whys.models import Cause, Explanation, Safeguard
from tests.people import People

PLACES = count(1)
Step = Callable[[Document], object]


def texts(**texts_by_slug: str) -> Step:
    def write(document: Document) -> None:
        for slug, text in texts_by_slug.items():
            document.sections.filter(slug=slug).update(text=text)

    return write


def answers(part: str, *, but: int = 0) -> Step:
    """Every question of a part answered, but so many of them."""

    def write(document: Document) -> None:
        found = list(document.answers.filter(question__part=part))
        keys = [each.pk for each in found[but:]]
        document.answers.filter(pk__in=keys).update(text="Said")

    return write


def milestones(*, but: int = 0) -> Step:
    """Every milestone said to be not applicable, but so many of them."""

    def write(document: Document) -> None:
        keys = list(document.incident.milestones.values_list("pk", flat=True))[but:]
        document.incident.milestones.filter(pk__in=keys).update(state="not_applicable")

    return write


def known(*kinds: str) -> Step:
    """These milestones said to be not applicable, and no others."""

    def write(document: Document) -> None:
        document.incident.milestones.filter(kind__in=kinds).update(state="not_applicable")

    return write


def row(model: type[DocumentRow], times: int = 1, **values: Any) -> Step:
    def write(document: Document) -> None:
        for _ in range(times):
            model._default_manager.create(document=document, position=next(PLACES), **values)

    return write


def entries(times: int) -> Step:
    return row(Entry, times, at=datetime(2026, 11, 14, 10, tzinfo=UTC), text="Alarm")


def new_cause(document: Document, text: str = "Why", **values: Any) -> Cause:
    return Cause.objects.create(document=document, position=next(PLACES), text=text, **values)


def action(**left_out: str | None) -> Step:
    """An action item somebody could be held to, or without some of what that takes."""

    def write(document: Document) -> None:
        cause = document.cause_rows.first() or new_cause(document)
        values: dict[str, Any] = {
            "title": "Add an alarm",
            "owner": document.owner,
            "due_on": date(2027, 1, 31),
            "done_when": "It rang in a drill.",
            "cause": cause,
        }
        row(ActionItem, **values | left_out)(document)

    return write


def chain(document: Document) -> None:
    """Two causes, the second of which explains the first: one end of a branch."""
    effect, cause = (new_cause(document, text=text) for text in "ab")
    Explanation.objects.create(document=document, cause=cause, effect=effect, is_primary=True)


def action_for(text: str) -> Step:
    def write(document: Document) -> None:
        cause = Cause.objects.get(document=document, text=text)
        row(ActionItem, title="Do", cause=cause)(document)

    return write


def accepted_risk(document: Document) -> None:
    new_cause(document, risk_reason="It ends in May.", risk_approver=document.owner)


def fields(**values: str) -> Step:
    return lambda document: Document.objects.filter(pk=document.pk).update(**values)


FIGURE = row(ImpactFigure, what="Uploads", amount=Decimal(3))
HELD = row(Safeguard, name="Review", kind="review", outcome="held")
TOLD = row(Safeguard, name="Canary", kind="canary", outcome="missing", why="Too new")
UNTOLD = row(Safeguard, name="Canary", kind="canary", outcome="failed")
WELL, BADLY, LUCKY = (row(Lesson, kind=kind, text="x") for kind in ("well", "badly", "lucky"))
GRAPH = row(RelatedItem, kind="metric", title="Errors")
PAGE = row(RelatedItem, kind="page", title="Status")
LIGHT = fields(form="light")

# By hand: the stop, what was done, how far the stop has come.
STANDINGS: list[tuple[str, list[Step], str]] = [
    ("facts", [], "complete"),
    ("milestones", [], "empty"),
    ("milestones", [milestones(but=5)], "begun"),
    ("milestones", [milestones(but=1)], "begun"),
    ("milestones", [milestones()], "complete"),
    ("milestones", [LIGHT, known("impact_started", "detected")], "begun"),
    ("milestones", [LIGHT, known("impact_started", "mitigated", "resolved")], "begun"),
    ("milestones", [LIGHT, known("acknowledged", "diagnosed")], "begun"),
    ("milestones", [LIGHT, known("impact_started", "detected", "mitigated")], "complete"),
    ("milestones", [LIGHT, known("impact_started", "detected", "resolved")], "complete"),
    ("timeline", [], "empty"),
    ("timeline", [entries(1)], "begun"),
    ("timeline", [entries(2)], "begun"),
    ("timeline", [entries(3)], "complete"),
    ("impact", [], "empty"),
    ("impact", [texts(impact="Uploads failed.")], "begun"),
    ("impact", [FIGURE], "begun"),
    ("impact", [answers("impact", but=4)], "begun"),
    ("impact", [answers("impact")], "begun"),
    ("impact", [answers("impact", but=1), FIGURE], "begun"),
    ("impact", [answers("impact"), FIGURE], "complete"),
    ("impact", [answers("detection")], "empty"),
    ("impact", [LIGHT], "empty"),
    ("impact", [LIGHT, FIGURE], "empty"),
    ("impact", [LIGHT, texts(impact="Uploads failed.")], "complete"),
    ("metrics", [], "empty"),
    ("metrics", [PAGE], "empty"),
    ("metrics", [GRAPH], "complete"),
    ("metrics", [texts(metrics="There was none.")], "complete"),
    ("detection", [], "empty"),
    ("detection", [answers("diagnosis")], "empty"),
    ("detection", [answers("detection", but=1)], "begun"),
    ("detection", [answers("detection")], "complete"),
    ("diagnosis", [], "empty"),
    ("diagnosis", [answers("diagnosis", but=2)], "begun"),
    ("diagnosis", [answers("diagnosis")], "complete"),
    ("mitigation", [], "empty"),
    ("mitigation", [answers("mitigation", but=3)], "begun"),
    ("mitigation", [answers("mitigation")], "complete"),
    ("prevention", [], "empty"),
    ("prevention", [answers("prevention", but=1)], "begun"),
    ("prevention", [answers("prevention")], "complete"),
    ("safeguards", [], "empty"),
    ("safeguards", [UNTOLD], "empty"),
    ("safeguards", [HELD, UNTOLD], "begun"),
    ("safeguards", [HELD], "complete"),
    ("safeguards", [HELD, TOLD], "complete"),
    ("causes", [], "empty"),
    ("causes", [chain], "begun"),
    ("causes", [chain, action_for("a")], "begun"),
    ("causes", [chain, action_for("b")], "complete"),
    ("causes", [chain, accepted_risk], "begun"),
    ("causes", [accepted_risk], "complete"),
    ("causes", [chain, action_for("b"), accepted_risk], "complete"),
    ("actions", [], "empty"),
    ("actions", [action(owner=None)], "begun"),
    ("actions", [action(due_on=None)], "begun"),
    ("actions", [action(cause=None)], "begun"),
    ("actions", [action(), action(owner=None)], "begun"),
    ("actions", [action()], "complete"),
    ("lessons", [], "empty"),
    ("lessons", [WELL], "begun"),
    ("lessons", [LUCKY], "begun"),
    ("lessons", [BADLY, LUCKY], "begun"),
    ("lessons", [WELL, BADLY], "complete"),
    ("related", [], "empty"),
    ("related", [PAGE], "complete"),
    ("summary", [], "empty"),
    ("summary", [texts(summary="It failed.")], "complete"),
    ("submit", [], "empty"),
    ("submit", [fields(state="changes_requested")], "empty"),
    ("submit", [fields(state="in_review")], "complete"),
    ("submit", [fields(state="approved")], "complete"),
]


def workspace(document: Document, people: People, *steps: Step) -> Workspace:
    for step in steps:
        step(document)
    return Workspace(Document.objects.with_readers_fields().get(pk=document.pk), people.owner)


@pytest.mark.parametrize(
    ("stop", "steps", "standing"),
    STANDINGS,
    ids=[f"{number}-{stop}-{standing}" for number, (stop, _, standing) in enumerate(STANDINGS)],
)
def test_a_stop_stands_where_what_was_written_brought_it(
    people: People, document: Document, stop: str, steps: list[Step], standing: str
) -> None:
    views = workspace(document, people, *steps).stops
    assert [view.standing.value for view in views if view.stop.slug == stop] == [standing]


def test_an_action_item_without_a_way_to_tell_that_it_is_done_binds_nobody(
    people: People, document: Document
) -> None:
    action()(document)
    document.actionitem_rows.update(done_when="")
    views = workspace(document, people).stops
    assert [view.standing.value for view in views if view.stop.slug == "actions"] == ["begun"]
    LIGHT(document)
    views = workspace(document, people).stops
    assert [view.standing.value for view in views if view.stop.slug == "actions"] == ["complete"]


def test_the_table_reaches_every_rule_and_every_standing_there_is() -> None:
    told = {(stop, standing) for stop, _, standing in STANDINGS}
    without_begun = {"facts", "metrics", "related", "summary", "submit"}
    expected = {(stop, "complete") for stop in RULES}
    expected |= {(stop, "empty") for stop in RULES if stop != "facts"}
    expected |= {(stop, "begun") for stop in RULES if stop not in without_begun}
    assert told == expected
    assert [stop.slug for stop in STOPS] == list(RULES)


# By hand, in the order of the craft: what brings it forward, and what is asked before that.
FULL: list[tuple[str, list[Step]]] = [
    ("Say when it started, was noticed, and was over", [milestones()]),
    ("Put down what happened, line by line", [entries(3)]),
    ("Say who was hit, how many, and what they experienced", [answers("impact"), FIGURE]),
    ("Point to the graphs that show it", [GRAPH]),
    ("Answer how it was found", [answers("detection")]),
    ("Answer how you got to know what to do", [answers("diagnosis")]),
    ("Answer how it was brought to an end", [answers("mitigation")]),
    ("Answer why it could happen at all", [answers("prevention")]),
    ("Name the checks that should have caught it", [HELD]),
    ("Ask why, and why again", [accepted_risk]),
    ("Decide what will be corrected, by whom and by when", [action()]),
    ("Keep what went well, badly, or by luck", [WELL, BADLY]),
    ("Lay out the summary from what is written", [texts(summary="It failed.")]),
    ("Read it once as a stranger, and submit", [fields(state="in_review")]),
]
IN_LIGHT: list[tuple[str, list[Step]]] = [
    ("Say when it started, was noticed, and was over", [milestones()]),
    ("Say who was hit, how many, and what they experienced", [texts(impact="Uploads failed.")]),
    ("Ask why, and why again", [accepted_risk]),
    ("Decide what will be corrected, by whom and by when", [action()]),
    ("Lay out the summary from what is written", [texts(summary="It failed.")]),
    ("Read it once as a stranger, and submit", [fields(state="in_review")]),
]


@pytest.mark.parametrize(("form", "course"), [("full", FULL), ("light", IN_LIGHT)])
def test_next_proposes_one_thing_after_the_other_in_the_order_of_the_craft(
    people: People, document: Document, form: str, course: list[tuple[str, list[Step]]]
) -> None:
    fields(form=form)(document)
    proposed = []
    for _, steps in course:
        following = workspace(document, people).next_stop
        proposed.append(following.ask if following else "")
        workspace(document, people, *steps)
    assert proposed == [ask for ask, _ in course]
    assert workspace(document, people).next_stop is None


def test_next_goes_back_to_what_was_left_open(people: People, document: Document) -> None:
    steps = [entries(3), milestones(but=1)]
    following = workspace(document, people, *steps).next_stop
    assert following is not None
    assert following.stop.slug == "milestones"


# By hand: the stop, what was done, and all that it then lacks, in the words of the page.
LACKING: list[tuple[str, list[Step], list[str]]] = [
    ("milestones", [], ["Say when it started, was noticed, and was over"]),
    (
        "milestones",
        [known("impact_started", "detected", "acknowledged", "mitigated", "resolved")],
        ["Say when it was diagnosed, or that it does not apply"],
    ),
    (
        "milestones",
        [known("detected", "diagnosed")],
        [
            "Say when impact started and when it was acknowledged, mitigated and resolved, or that "
            "it does not apply"
        ],
    ),
    (
        "milestones",
        [LIGHT, known("impact_started", "detected")],
        ["Say when it was mitigated or resolved, or that it does not apply"],
    ),
    (
        "milestones",
        [LIGHT, known("impact_started")],
        ["Say when it was detected and mitigated or resolved, or that it does not apply"],
    ),
    ("milestones", [LIGHT, known("impact_started", "detected", "mitigated")], []),
    ("timeline", [entries(2)], ["Put down 1 more line of what happened"]),
    ("timeline", [entries(1)], ["Put down 2 more lines of what happened"]),
    ("impact", [answers("impact")], ["Put a number on the impact"]),
    ("impact", [answers("impact", but=1), FIGURE], ["Answer 1 more question on the impact"]),
    (
        "diagnosis",
        [answers("diagnosis", but=2)],
        ["Answer 2 more questions on how you got to know what to do"],
    ),
    ("safeguards", [HELD, UNTOLD], ["Say why “Canary” did not hold"]),
    ("causes", [chain], ["Ask why again, or say what is done about C2"]),
    ("causes", [chain, accepted_risk, LIGHT], ["Say what is done about C2"]),
    ("causes", [chain, accepted_risk], ["Ask why again, or say what is done about C2"]),
    ("actions", [action(owner=None, due_on=None)], ["Give A1 an owner and a due date"]),
    (
        "actions",
        [action(due_on=None), action(cause=None), action(due_on=None), action()],
        ["Give A1 and A3 a due date", "Give A2 a cause"],
    ),
    ("actions", [action(done_when="")], ["Give A1 a way to tell that it is done"]),
    ("actions", [action(done_when=""), LIGHT], []),
    ("lessons", [LUCKY], ["Say what went well", "Say what went badly"]),
    ("lessons", [BADLY], ["Say what went well"]),
    ("summary", [], ["Write the summary last: it will be read first"]),
]


@pytest.mark.parametrize(("stop", "steps", "lacking"), LACKING)
def test_a_stop_says_exactly_what_completes_it(
    people: People, document: Document, stop: str, steps: list[Step], lacking: list[str]
) -> None:
    views = workspace(document, people, *steps).stops
    assert [view.missing for view in views if view.stop.slug == stop] == [lacking]


def test_each_stop_that_is_begun_says_more_than_at_first() -> None:
    begun = {stop for stop, _, standing in STANDINGS if standing == "begun"}
    assert begun == set(MISSING)

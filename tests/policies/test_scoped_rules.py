"""What a guide says of single severities, teams and kinds of incidents, as a COE is asked it."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from coe.accounts.models import Team
from coe.chronicle.names import Names
from coe.documents.contents import Answer
from coe.documents.guiding import rules_for
from coe.documents.models import Document
from coe.editor.workspace import Workspace
from coe.guidance.registry import check
from coe.policies.models import CheckLevel, GuideLimit, Question, Ruling, SectionAsking
from coe.policies.rules import Asking, Level, Limit
from coe.policies.services import asked_of
from coe.snapshots.build import build_snapshot
from coe.whys.models import Safeguard
from tests.documents.making import make_document
from tests.guidance.samples import AS_OF
from tests.people import People

pytestmark = pytest.mark.django_db


def team(name: str) -> Team:
    return Team.objects.get(name=name)


def fresh(document: Document) -> Document:
    return Document.objects.with_readers_fields().get(pk=document.pk)


def of_severity(document: Document, severity: int) -> Document:
    document.incident.severity = severity
    document.incident.save(update_fields=["severity"])
    return fresh(document)


def of_kind(document: Document, category: str) -> Document:
    document.incident.category = category
    document.incident.save(update_fields=["category"])
    return fresh(document)


def slugs(document: Document) -> set[str]:
    return {each.slug for each in build_snapshot(document).answers}


def test_the_nearest_team_holds_before_the_severity(document: Document) -> None:
    guide = document.guide
    for where, level in (
        ({}, Level.HINT),
        ({"severity": 2}, Level.BLOCKS),
        ({"team": team("Company")}, Level.REASON),
        ({"team": team("Storage")}, Level.OFF),
        ({"team": team("Payments"), "severity": 2}, Level.BLOCKS),
    ):
        CheckLevel.objects.create(guide=guide, check_id="COE125", level=level, **where)
    held = {
        name: asked_of(guide.pk, severity=2, team=team(name).pk).rules.levels["COE125"]
        for name in ("Storage", "Platform", "Company", "Payments")
    }
    assert held == {
        "Storage": Level.OFF,
        "Platform": Level.REASON,
        "Company": Level.REASON,
        "Payments": Level.BLOCKS,
    }
    assert asked_of(guide.pk, severity=2).rules.levels["COE125"] == Level.BLOCKS
    assert asked_of(guide.pk, severity=3).rules.levels["COE125"] == Level.HINT


def test_a_team_holds_before_a_kind_and_a_kind_before_a_severity(document: Document) -> None:
    """Of a COE of severity 2; by hand, by the kind of its incident."""
    guide = document.guide
    for where, level in (
        ({}, Level.HINT),
        ({"severity": 2}, Level.REASON),
        ({"category": "security"}, Level.BLOCKS),
        ({"category": "security", "severity": 2}, Level.OFF),
        ({"category": "near_miss", "team": team("Payments")}, Level.OFF),
    ):
        CheckLevel.objects.create(guide=guide, check_id="COE125", level=level, **where)
    SectionAsking.objects.create(
        guide=guide, name="metrics", asking=Asking.HIDDEN, category="security"
    )
    GuideLimit.objects.create(
        guide=guide, name=Limit.SLOW_DETECTION, of=2, value=5, category="security"
    )
    held = {
        category: rules_for(of_kind(document, category)).levels["COE125"]
        for category in ("outage", "security", "data_loss", "near_miss")
    }
    assert held == {
        "outage": Level.REASON,
        "security": Level.OFF,
        "data_loss": Level.REASON,
        "near_miss": Level.REASON,
    }
    assert asked_of(guide.pk, severity=1, category="security").rules.levels["COE125"] == "blocks"
    secure = rules_for(of_kind(document, "security"))
    assert (secure.asking_of("metrics"), secure.slow_detection[2]) == (Asking.HIDDEN, 5)
    lost = rules_for(of_kind(document, "data_loss"))
    assert (lost.asking_of("metrics"), lost.slow_detection[2]) == (Asking.ASKED, 15)


@pytest.mark.parametrize(
    "ruling",
    [
        CheckLevel(check_id="COE125", level=Level.HINT),
        GuideLimit(name=Limit.GAP_MINUTES, value=5),
        SectionAsking(name="lessons", asking=Asking.HIDDEN),
    ],
    ids=lambda ruling: type(ruling).__name__,
)
def test_the_database_knows_four_kinds_and_says_something_of_each_once(
    document: Document, ruling: Ruling
) -> None:
    given = {**vars(ruling), "guide_id": document.guide_id, "category": "security"}
    del given["_state"], given["id"]
    model = type(ruling)._default_manager
    model.create(**given)
    model.create(**{**given, "category": "data_loss"})
    with pytest.raises(IntegrityError, match="_once"), transaction.atomic():
        model.create(**given)
    with pytest.raises(IntegrityError, match="_of_a_category"), transaction.atomic():
        model.create(**{**given, "category": "fire"})


def test_a_question_names_kinds_that_there_are(document: Document) -> None:
    questions = document.guide.questions.filter(slug="who")
    with pytest.raises(IntegrityError, match="question_of_categories"), transaction.atomic():
        questions.update(categories=["security", "fire"])


def test_a_question_of_a_kind_comes_with_the_kind_and_stays_once_it_is_answered(
    document: Document, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    document.guide.questions.filter(slug="security").update(categories=["security", "data_loss"])
    document.guide.questions.filter(slug="runbook").update(
        categories=["security"], team=team("Company")
    )
    document = fresh(document)
    assert not {"security", "runbook"} & slugs(document)
    document = of_kind(document, "security")
    assert {"security", "runbook"} <= slugs(document)
    Answer.objects.filter(document=document, question__slug="security").update(text="A key.")
    document = of_kind(document, "near_miss")
    assert {"security", "runbook"} & slugs(document) == {"security"}
    shown = [each.question.slug for each in Workspace(document, document.owner).answers["impact"]]
    assert "security" in shown
    asked = Names(document).asked(2, "near_miss", document.incident.team_id)
    assert {each.slug for each in asked} == slugs(document) - {"security"}
    with django_assert_num_queries(1):
        rules_for(document)


def test_limits_hold_for_their_severity_or_priority_and_scope(document: Document) -> None:
    guide = document.guide
    GuideLimit.objects.create(guide=guide, name=Limit.DUE_DAYS, of=0, value=10)
    GuideLimit.objects.create(guide=guide, name=Limit.DUE_DAYS, of=0, value=7, severity=2)
    company = team("Company")
    GuideLimit.objects.create(guide=guide, name=Limit.DUE_DAYS, of=1, value=20, team=company)
    GuideLimit.objects.create(guide=guide, name=Limit.GAP_MINUTES, value=30, severity=3)
    rules = rules_for(document)
    assert dict(rules.due_days) == {0: 7, 1: 20, 2: 60, 3: 90}
    assert rules.gap_minutes == 15


def test_a_limit_by_severity_has_no_severity_beside_it(document: Document) -> None:
    with pytest.raises(IntegrityError, match="guide_limit_of_a_severity"), transaction.atomic():
        GuideLimit.objects.create(
            guide=document.guide, name=Limit.SLOW_DETECTION, of=1, value=5, severity=1
        )


def test_the_rules_of_a_coe_are_read_in_one_query(
    document: Document, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    SectionAsking.objects.create(
        guide=document.guide, name="metrics", asking=Asking.HIDDEN, team=team("Company")
    )
    with django_assert_num_queries(1):
        assert rules_for(document).asking_of("metrics") == Asking.HIDDEN


def test_a_question_is_asked_of_those_it_is_for_and_stays_once_it_is_answered(
    document: Document,
) -> None:
    questions = document.guide.questions
    questions.filter(slug="business").update(severities=[1, 2])
    questions.filter(slug="security").update(severities=[1])
    questions.filter(slug="runbook").update(team=team("Company"))
    questions.filter(slug="known").update(team=team("Payments"))
    document = fresh(document)
    assert {"business", "runbook"} <= slugs(document)
    assert not {"security", "known"} & slugs(document)
    document = of_severity(document, 1)
    assert {"business", "security"} <= slugs(document)
    Answer.objects.filter(document=document, question__slug="security").update(text="Nothing.")
    document = of_severity(document, 4)
    assert "security" in slugs(document)
    assert "business" not in slugs(document)
    workspace = Workspace(document, document.owner)
    assert [each.question.slug for each in workspace.answers["impact"]] == [
        "who",
        "experience",
        "security",
        "unaffected",
    ]
    asked = Names(document).asked(4, "outage", document.incident.team_id)
    assert {each.slug for each in asked} == slugs(document) - {"security"}


def test_a_part_that_asks_nothing_is_no_stop(document: Document) -> None:
    Question.objects.filter(part="diagnosis").update(severities=[1])
    workspace = Workspace(fresh(document), document.owner)
    assert "diagnosis" not in [each.stop.slug for each in workspace.stops]
    workspace = Workspace(of_severity(document, 1), document.owner)
    assert "diagnosis" in [each.stop.slug for each in workspace.stops]


def test_a_section_is_offered_or_left_out_and_what_was_written_is_shown(
    document: Document,
) -> None:
    for name, asking in (("lessons", Asking.OFFERED), ("metrics", Asking.HIDDEN)):
        SectionAsking.objects.create(guide=document.guide, name=name, asking=asking)
    workspace = Workspace(fresh(document), document.owner)
    stops = {each.stop.slug: each for each in workspace.stops}
    assert "metrics" not in stops
    assert stops["lessons"].stop.is_optional
    assert stops["related"].stop.is_optional
    assert not stops["safeguards"].stop.is_optional
    assert "lessons" not in [each.stop.slug for each in workspace.unfinished]
    document.sections.filter(slug="metrics").update(text="Orders a minute")
    workspace = Workspace(fresh(document), document.owner)
    assert "metrics" in [each.stop.slug for each in workspace.stops]


def test_what_is_not_asked_for_is_not_missed_and_what_is_there_is_checked(
    people: People,
) -> None:
    document = make_document(people.owner)

    def found(identity: str) -> list[str]:
        findings = check(build_snapshot(fresh(document)), rules_for(fresh(document)), AS_OF)
        return [each.place.panel for each in findings if each.check == identity]

    assert found("COE155") == ["safeguards"]
    SectionAsking.objects.create(guide=document.guide, name="safeguards", asking=Asking.OFFERED)
    assert found("COE155") == []
    Safeguard.objects.create(document=document, position=1, name="The canary", outcome="failed")
    assert found("COE156") == ["safeguards"]

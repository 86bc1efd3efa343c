"""The first guide: laid once, whoever comes first, also below the COEs that were there before."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection

from coe.documents.contents import Answer
from coe.documents.models import Document, Section
from coe.documents.services import open_coe
from coe.incidents.models import Severity
from coe.policies.models import Guide, Question
from coe.policies.services import current_guide
from tests.documents.rivals import at_once
from tests.people import People

migration = import_module("coe.migrations.0004_first_guide")

SLUGS = {
    "impact": ["who", "experience", "business", "security", "unaffected"],
    "detection": ["found-by", "sooner", "halve-detection"],
    "diagnosis": ["knew-what", "slowed", "halve-diagnosis"],
    "mitigation": ["failed-attempts", "confirmed", "escalation", "runbook"],
    "prevention": ["change", "checks-passed", "known", "impossible"],
}
"""The questions of the first guide by part, in the order they are asked."""


def asked(guide: Guide) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for question in guide.questions.all():
        found.setdefault(question.part, []).append(question.slug)
    return found


def opened(people: People) -> Document:
    team = people.owner.team
    assert team is not None
    return open_coe(
        uid=uuid4(),
        title="Uploads failed",
        severity=Severity.TWO,
        team=team,
        zone="UTC",
        by=people.owner,
    )


@pytest.mark.django_db
def test_where_there_is_none_the_first_is_laid_down() -> None:
    guide = current_guide()
    assert guide.version == 1
    assert asked(guide) == SLUGS
    assert current_guide() == guide


@pytest.mark.django_db
def test_the_newest_one_counts_and_nothing_is_added_to_it() -> None:
    current_guide()
    newer = Guide.objects.create(version=2)
    assert current_guide() == newer
    assert asked(newer) == {}


@pytest.mark.django_db(transaction=True)
def test_two_who_come_first_at_once_get_the_same() -> None:
    first, second = (rival.finish() for rival in at_once(current_guide, current_guide))
    assert first == second
    assert Guide.objects.count() == 1
    assert Question.objects.count() == 19


@pytest.mark.django_db
def test_a_coe_keeps_the_guide_it_was_opened_with(people: People) -> None:
    before = opened(people)
    Guide.objects.create(version=2)
    after = opened(people)
    before.refresh_from_db()
    assert (before.guide.version, after.guide.version) == (1, 2)
    assert before.answers.count() == 19
    assert after.answers.count() == 0


@pytest.mark.django_db
def test_coes_that_were_there_get_the_guide_empty_answers_and_the_new_section(
    people: People,
) -> None:
    documents = [opened(people), opened(people)]
    Section.objects.filter(slug="summary").update(text="Written before")
    as_they_were_before()
    migration.lay_first_guide(apps, None)
    guide = Guide.objects.get()
    assert guide.version == 1
    assert asked(guide) == SLUGS
    for document in Document.objects.all():
        assert document.guide == guide
        answers = Answer.objects.filter(document=document).select_related("question")
        assert [each.question.slug for each in answers] == [
            slug for slugs in SLUGS.values() for slug in slugs
        ]
        assert {each.text for each in answers} == {""}
        texts = dict(document.sections.values_list("slug", "text"))
        assert texts == {"summary": "Written before", "impact": "", "metrics": ""}
    assert Document.objects.count() == len(documents)


@pytest.mark.django_db
def test_where_no_coe_is_the_guide_is_left_to_the_first_that_is_opened() -> None:
    migration.lay_first_guide(apps, None)
    assert Guide.objects.count() == 0


def as_they_were_before() -> None:
    """Take away what the migration gives."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE coe_document ALTER COLUMN guide_id DROP NOT NULL")
    Answer.objects.all().delete()
    Section.objects.filter(slug="metrics").delete()
    Document.objects.update(guide=None)
    Question.objects.all().delete()
    Guide.objects.all().delete()

"""A COE that is published is checked as it is published, whatever its correction says by now."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from coe.accounts.models import Team
from coe.administration.guide_preview import Preview, preview
from coe.documents.models import Document
from coe.guidance.registry import CHECKS
from coe.incidents.models import Incident, Milestone
from coe.policies.models import CheckLevel, Guide
from coe.policies.rules import Level
from tests.people import People
from tests.reviews.steps import open_another, propose, publish_draft, reopen

pytestmark = pytest.mark.django_db

AGAIN = "Restore the backup of orders once a month"


@pytest.fixture
def tried() -> Guide:
    return Guide.objects.create(version=9)


def only(guide: Guide, check: str, level: Level, **scope: object) -> None:
    """Let `guide` look with this check alone, at this level in a scope."""
    CheckLevel.objects.filter(guide=guide).delete()
    for each in CHECKS:
        CheckLevel.objects.create(guide=guide, check_id=each.id, level=Level.OFF)
    CheckLevel.objects.filter(guide=guide, check_id=check).delete()
    CheckLevel.objects.create(guide=guide, check_id=check, level=level, **scope)


def in_preview(found: Preview) -> list[tuple[str, Level | None, Level | None]]:
    return [(each.finding.check, each.now, each.then) for each in (*found.changed, *found.same)]


def by_command(document: Document) -> str:
    said = StringIO()
    call_command("check_coe", document.reference, stdout=said)
    return said.getvalue()


def test_the_team_and_the_severity_are_those_of_the_publication(
    document: Document, people: People, tried: Guide
) -> None:
    publication = publish_draft(document, people)
    reopen(document, by=people.owner)
    Incident.objects.update(team=Team.objects.get(name="Payments"), severity=4)
    storage = Team.objects.get(name="Storage")
    for guide in (tried, document.guide):
        only(guide, "COE125", Level.HINT, team=storage, severity=publication.severity)
    fresh = Document.objects.with_readers_fields().get(pk=document.pk)
    assert in_preview(preview(fresh, tried, reader=people.owner)) == [("COE125", "hint", "hint")]
    assert "COE125" in by_command(fresh)


def test_what_other_coes_promised_is_known(
    document: Document, people: People, tried: Guide
) -> None:
    other = open_another(people, "Orders were lost")
    propose(other, AGAIN, by=people.owner, due_on=date(2024, 1, 5))
    publish_draft(other, people)
    began = datetime(2025, 3, 3, 14, tzinfo=UTC)
    start = Milestone.objects.filter(incident=document.incident, kind="impact_started")
    start.update(state="recorded", at=began, precision="minute")
    propose(document, AGAIN, by=people.owner)
    publish_draft(document, people)
    for guide in (tried, document.guide):
        only(guide, "COE182", Level.HINT)
    fresh = Document.objects.with_readers_fields().get(pk=document.pk)
    assert in_preview(preview(fresh, tried, reader=people.owner)) == [("COE182", "hint", "hint")]
    assert "COE182" in by_command(fresh)

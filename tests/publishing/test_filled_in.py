"""What was published before lists and search is filled in as it would be published today."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from coe.accounts.models import Team
from coe.documents.models import Document
from coe.incidents.models import Service
from coe.publishing.models import Publication, PublishedText
from tests.people import People
from tests.reviews.steps import publish_draft, reopen, state_facts, write

pytestmark = pytest.mark.django_db

migration = import_module("coe.migrations.0010_lists_and_search")

FILLED = (
    "owning_team",
    "service",
    "zone",
    "impact_started_at",
    "resolved_in",
    "is_resolved_about",
)


@pytest.fixture
def published(document: Document, people: People) -> Publication:
    service = Service.objects.create(name="Uploads", team=Team.objects.get(name="Storage"))
    state_facts(document, by=people.owner, service_id=service.pk)
    write(document, "\n".join(["discs tapes"] * 8_000), by=people.owner)
    return publish_draft(document, people)


Refill = Callable[[], tuple[Any, list[str]]]


def stand() -> tuple[Any, list[str]]:
    words = PublishedText.objects.order_by("pk").values_list("words", flat=True)
    return Publication.objects.values(*FILLED).get(), list(words)


@pytest.fixture
def refill() -> Refill:
    """Make it as it was before the migration, and fill it in; return what is filled in."""

    def refilled() -> tuple[Any, list[str]]:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("publication", "publishedtext"):
                cursor.execute(f"ALTER TABLE coe_{table} DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM coe_publishedtext")
            Publication.objects.update(
                owning_team=None, service=None, zone="UTC", impact_started_at=None, resolved_in=None
            )
            migration.fill(apps, None)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("publication", "publishedtext"):
                cursor.execute(f"ALTER TABLE coe_{table} ENABLE TRIGGER USER")
        return stand()

    return refilled


def test_it_stands_as_if_it_were_published_today(published: Publication, refill: Refill) -> None:
    before = stand()
    assert before[0]["owning_team"] == published.document.incident.team_id
    assert refill() == before


def test_while_it_is_approved_the_team_and_service_are_found_under_new_names(
    published: Publication, refill: Refill
) -> None:
    before = stand()
    Team.objects.filter(name="Storage").update(name="Discs")
    Service.objects.update(name="Tapes")
    assert refill() == before


def test_in_a_correction_the_names_count_and_else_the_incident(
    published: Publication, people: People, refill: Refill
) -> None:
    storage, payments = Team.objects.get(name="Storage"), Team.objects.get(name="Payments")
    reopen(published.document, by=people.owner)
    state_facts(published.document, by=people.owner, team_id=payments.pk, service_id=None)
    assert refill()[0]["owning_team"] == storage.pk
    Team.objects.filter(pk=storage.pk).update(name="Discs")
    assert refill()[0]["owning_team"] == payments.pk


def test_what_took_longer_than_a_century_has_a_place(published: Publication) -> None:
    column = Publication._meta.get_field("resolved_in")
    assert column.db_type(connection) == "bigint"

"""What was submitted before there were rounds has them, from the history."""

from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from coe.documents.models import Document, State
from coe.reviews.models import Reviewer, Round, SignOff
from coe.reviews.workflow import make_transition
from tests.people import People
from tests.reviews.steps import approve, ask_for_changes, fresh, reopen, submit, write

pytestmark = pytest.mark.django_db

migration = import_module("coe.migrations.0022_rounds")


def stand() -> dict[str, Any]:
    rounds = Round.objects.order_by("document", "number")
    told = ("document", "number", "snapshot", "opened_by", "opened_at", "outcome")
    return {
        "rounds": list(rounds.values_list(*told)),
        "open": [each.number for each in rounds if each.closed_at is None],
        "sign-offs": list(SignOff.objects.order_by("pk").values_list("pk", "round__number")),
        "asked": sorted(Reviewer.objects.values_list("round__number", "user__name", "role", "why")),
    }


def fill_in() -> None:
    """Make it as it was before the migration, and do what the migration does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("round", "reviewer", "signoff"):
            cursor.execute(f"ALTER TABLE coe_{table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE coe_signoff SET round_id = NULL")
        cursor.execute("DELETE FROM coe_reviewer")
        cursor.execute("DELETE FROM coe_round")
        for table in ("round", "reviewer", "signoff"):
            cursor.execute(f"ALTER TABLE coe_{table} ENABLE TRIGGER USER")
        for statement in (
            migration.GETS_ITS_ROUND,
            migration.ROUNDS_OF_BEFORE,
            migration.STANDS_AGAIN,
        ):
            cursor.execute(statement)


def test_rounds_are_filled_in_as_they_would_have_been(document: Document, people: People) -> None:
    submit(document, by=people.contributor)
    make_transition(document, to=State.DRAFT, by=people.owner)
    write(document, "One customer in ten.", by=people.owner)
    submit(document, by=people.owner)
    ask_for_changes(document, by=people.manager)
    submit(document, by=people.owner)
    approve(document, by=people.manager)
    reopen(document, by=people.owner)
    submit(document, by=people.owner)
    before = stand()
    assert before["open"] == [4]
    fill_in()
    assert stand() == before
    approve(fresh(document), by=people.manager)
    assert stand()["open"] == []


def test_a_draft_gets_none(document: Document, people: People) -> None:
    fill_in()
    assert not Round.objects.exists()
